"""WordPress: what is said below a site's posts, polled; posts with images, and answers as comments.

API: https://developer.wordpress.org/rest-api/reference/ (comments, posts, media, users), read 2026-11-21.
WordPress itself limits nobody; the host of a site may.

Settings:
* `site`: its address, such as https://blog.example, also with a folder behind it
* `account`: the name with which we sign in there

Secret: `app_password`, made in that account's profile. It does not end, and can be revoked there.

A message is known by its site and number (`blog.example/17`, a post `blog.example/p42`). The latest hundred
comments and pingbacks are asked for each time, as they stand: so edits are heard, and what was approved late.
A post bears a name of ours in its address, and is looked for by that before it is written; an answer is known
again by its words, and WordPress refuses the same words twice.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import blake2s
from html import escape
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.mention import native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import count, moment, words
from chalicelib.platforms._text import one_line
from chalicelib.platforms._wordpress import (
    NAME,
    Way,
    WordPressApi,
    comment,
    content,
    folded,
    found,
    html,
    place_of,
    said,
    unrun,
    utc,
)
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.showing import Image, Images

ANSWERS = "api"
CAN = frozenset({"publish", "delete", "check", "edit"})
NOT_BUILT = (
    "Drafts, categories and featured images of posts.",
    "Approving comments that wait.",
)
WHY_NOT = ""
SITE = Setting("site", "address", N_("Site"), N_("Its address, such as https://blog.example."))
ACCOUNT = Setting("account", "text", N_("User name"), N_("With which you sign in there."))
PASSWORD = Setting(
    "app_password",
    "secret",
    N_("Application password"),
    N_("Made in that user's profile, for Webspin alone."),
)
CHANNEL = (SITE, ACCOUNT, PASSWORD)
SOURCES = {
    "": Ear(
        label=N_("WordPress: comments on your site"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(
            N_("Comments that wait for approval in WordPress, and those it took for spam."),
            N_("What is said by a plug-in that keeps comments elsewhere, such as Disqus."),
        ),
    )
}
TERMS = Terms(
    checked=date(2026, 11, 21), source="https://developer.wordpress.org/rest-api/reference/comments/"
)
LIMIT = Limit(150, timedelta(minutes=5), ours=True)
"""WordPress names none, and a site is small: as often as a feed's host."""
IMAGES = Images(
    most=20,
    types=("image/jpeg", "image/png", "image/gif", "image/webp"),
    size=20_000_000,
    alt=1000,
    checked=date(2026, 11, 21),
    source="https://developer.wordpress.org/rest-api/reference/media/",
)
"""How large a file may be the site's host says, and refuses what is larger."""

ROOM = 65_525
"""Bytes of a comment, as its column in the database holds."""
PER_PAGE = 100
FORBIDDEN = "rest_forbidden_param"
CLOCKS = timedelta(seconds=60)


def account(settings: Mapping[str, str]) -> str:
    """`name@host`."""
    return f"{settings.get('account', '').casefold()}@{urlsplit(settings.get('site', '')).netloc}"


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "WordPress":
    """Raises BadInput for a wrong setting."""
    base = place_of(settings.get("site", ""))
    if not base:
        raise BadInput("site", "the site's address, such as https://blog.example")
    pair = f"{settings.get('account', '')}:{secrets.get('app_password', '')}"
    headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    way = Way(kit.http, base)
    return WordPress(WordPressApi(way, NAME, f"{way.start}/wp/v2", headers), base)


class WordPress:
    """Listens, Speaks, Shows, Deletes, Edits, Checks and Counts."""

    threads = False  # a comment has room for any answer
    once = False

    def __init__(self, api: WordPressApi, base: str) -> None:
        self._api = api
        parts = urlsplit(base)
        self._site = parts.netloc + parts.path
        self._name = self._site if len(self._site) <= 40 else native_id(self._site + " ")

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The latest comments, oldest first; where a hundred were not enough, on from there to where the last
        reading began. The cursor is JSON: `end`, the newest of the last reading; `page` and `top` while one
        is under way."""
        known = _known(cursor)
        number = count(known.get("page")) or 1
        asked = [("orderby", "date_gmt"), ("order", "desc"), ("per_page", str(PER_PAGE))]
        comments = self._comments([*asked, ("page", str(number))])
        us = self._us
        heard = (found(each, self._name) for each in reversed(comments) if count(each.get("author")) != us)
        times = [at for each in comments if (at := utc(each.get("date_gmt")))]
        end, newest = moment(known.get("end")), max(times, default=None)
        top = words(known.get("top"), 40) or (newest.isoformat() if newest else words(known.get("end"), 40))
        further = bool(end and len(comments) == PER_PAGE and times and min(times) > end)
        left = {"end": known.get("end"), "top": top, "page": number + 1} if further else {"end": top}
        return Page(
            found=tuple(each for each in heard if each),
            cursor=json.dumps(left, separators=(",", ":")) if top else "",
            more=further,
        )

    def _comments(self, query: Sequence[tuple[str, str]]) -> list[Mapping[str, Any]]:
        """Pingbacks among them, which a user that may not write posts is not shown."""
        try:
            return self._list("/comments", [*query, ("type", "all")])
        except Unauthorized as refused:
            if FORBIDDEN not in refused.reason:
                raise
            return self._list("/comments", query)

    def _list(self, path: str, query: Sequence[tuple[str, str]]) -> list[Mapping[str, Any]]:
        value = self._api.get(path, query)
        if not isinstance(value, list):
            raise Unavailable(NAME, "the answer is not a list")
        return [each for each in value if isinstance(each, dict)]

    @cached_property
    def _us(self) -> int:
        """The number of our user there."""
        us = self._api.get("/users/me")
        id = count(us.get("id")) if isinstance(us, dict) else None
        if not id:
            raise Unavailable(NAME, "the site does not say who we are")
        return id

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """A comment below the one that is answered, or a post with the first line as its title and the images
        at its end."""
        if self.length(text) > ROOM:
            raise Rejected(NAME, N_("it is longer than WordPress takes"))
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        if to is None:
            if wrong := IMAGES.wrong(images):
                raise Rejected(NAME, wrong)
            return self._post(text, token, images)
        if images:
            raise Rejected(NAME, N_("WordPress takes images with posts only"))
        above = self._above(to)
        if above is None:
            raise Rejected(NAME, N_("the message to answer is not there"))
        value = {"post": above.get("post"), "parent": above.get("id"), "content": comment(text)}
        try:
            answer = self._api.post("/comments", value, {})
        except Unauthorized:
            raise
        except Rejected as refused:
            if not refused.reason.startswith("HTTP 409"):
                raise
            if sent := self._earlier(to, text):
                return sent
            raise Unknown(NAME, refused.reason) from refused  # it stands there, or waits for approval
        return self._must_be(self._sent(answer))

    def _earlier(self, to: ReplyTo, text: str) -> Sent | None:
        """What an earlier try made, which is why the site wants no second one."""
        try:
            return self._below(to, text, None, None)
        except (Unavailable, Rejected):
            return None

    def _post(self, text: str, token: str, images: Sequence[Image]) -> Sent:
        if there := self._named(text, token):
            return there
        title, body = _parts(text)
        body += "".join(
            f'\n<figure><img src="{escape(self._api.upload(each))}" alt="{unrun(escape(each.alt))}"></figure>'
            for each in images
        )
        value = {"title": escape(title, quote=False), "content": body, "status": "publish"}
        answer = self._api.post("/posts", {**value, "slug": _slug(text, token)}, {})
        return self._must_be(self._sent(answer))

    @staticmethod
    def _must_be(sent: Sent | None) -> Sent:
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post with the name of this `token`; or our answer to this comment with these words, written
        since then less a minute, and not another delivery's."""
        return self._below(to, text, since - CLOCKS, free) if to else self._named(text, token)

    def _named(self, text: str, token: str) -> Sent | None:
        posts = self._list("/posts", [("slug", _slug(text, token))])
        return self._sent(posts[0]) if posts else None

    def _below(self, to: ReplyTo, text: str, since: datetime | None, free: Free) -> Sent | None:
        number = self._number(to.id)
        if not number:
            return None
        asked = [("parent", number), ("order", "desc"), ("per_page", str(PER_PAGE))]
        listed = self._list("/comments", asked)
        for each in listed:
            sent = self._sent(each) if count(each.get("author")) == self._us else None
            if sent is None or folded(sent.text) != folded(text):
                continue
            if (since is None or sent.at is None or sent.at >= since) and (
                free is None or free(sent.remote_id)
            ):
                return sent
        first = utc(listed[-1].get("date_gmt")) if len(listed) == PER_PAGE else None
        if len(listed) == PER_PAGE and not (since and first and first < since):
            raise Unavailable(NAME, f"more than {PER_PAGE} answers to look through")
        return None

    def _above(self, to: ReplyTo) -> Mapping[str, Any] | None:
        number = self._number(to.id)
        value = self._api.get_if_there(f"/comments/{number}") if number else None
        return value if isinstance(value, dict) and count(value.get("id")) else None

    def _number(self, id: str) -> str:
        """Of a comment, or with a p of a post; "" for what is of no such site."""
        place, _, number = id.rpartition("/")
        fits = number.removeprefix("p").isascii() and number.removeprefix("p").isdigit()
        return number if fits and place == self._name else ""

    def _path(self, remote_id: str) -> str:
        number = self._number(remote_id)
        if not number:
            return ""
        return f"/posts/{number[1:]}" if number.startswith("p") else f"/comments/{number}"

    def _sent(self, value: Any) -> Sent | None:
        id = count(value.get("id")) if isinstance(value, dict) else None
        if not id:
            return None
        is_post = "title" in value
        text = "\n".join(filter(None, (said(value.get("title")), content(value))))
        return Sent(
            remote_id=f"{self._name}/{'p' * is_post}{id}",
            url=words(value.get("link"), 2000),
            text=text,
            at=utc(value.get("date_gmt")),
        )

    def read_back(self, remote_id: str) -> Sent | None:
        path = self._path(remote_id)
        value = self._api.get_if_there(path) if path else None
        hidden = isinstance(value, dict) and value.get("status") not in ("approved", "publish")
        return None if value is None or hidden else self._sent(value)

    def edit(self, remote_id: str, text: str) -> Sent:
        if not (path := self._path(remote_id)):
            raise Rejected(NAME, N_("the message is not there"))
        title, body = _parts(text)
        post = {"title": escape(title, quote=False), "content": body}
        value = post if path.startswith("/posts") else {"content": comment(text)}
        return self._must_be(self._sent(self._api.post(path, value, {})))

    def delete(self, remote_id: str) -> None:
        """For good, past the bin."""
        if path := self._path(remote_id):
            self._api.delete(f"{path}?force=true")

    def check(self) -> datetime | None:
        """An application password has no end. Raises as `Checks` does."""
        _ = self._us
        return None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Bytes, with what stands for the signs of HTML."""
        return len(comment(text).encode())


def _known(cursor: str) -> dict[str, Any]:
    try:
        known = json.loads(cursor) if cursor else {}
    except ValueError:
        known = {}
    return known if isinstance(known, dict) else {}


def _parts(text: str) -> tuple[str, str]:
    """Title and body, as HTML."""
    title, _, body = text.strip().partition("\n")
    return one_line(title), html(body.strip())


def _slug(text: str, token: str) -> str:
    """The end of its address: some words of its title, and what only this token gives."""
    plain = "".join(each if each.isalnum() and each.isascii() else " " for each in _parts(text)[0].lower())
    return "-".join([*plain.split()[:6], blake2s(token.encode(), digest_size=6).hexdigest()])
