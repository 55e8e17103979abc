"""Discourse: a forum and all its public messages, polled or told by its webhook; topics, answers, figures.

API: https://docs.discourse.org/ (posts, topics), read 2026-11-21. An administrator's key takes 60 requests a
minute, unless the forum says otherwise.

Settings:
* `forum`: its address, such as https://forum.example
* `account`: our own name there

Secret: `api_key`, made for that account, with the right to read and to write posts and topics.

A message is known by its forum, topic and number there (`forum.example/42/2`), as what answers it names it
so. A topic of ours is written once for one token, as the forum keeps a name of ours with it; an answer is
known again by its words. The forum refuses what says nearly the same again within five minutes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import blake2s
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._http_json import JsonApi, count, moment, origin, words
from chalicelib.platforms._text import links, one_line, plain, tidy
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting
from chalicelib.ports.showing import Image, Images

NAME = "discourse"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "edit", "check"})
NOT_BUILT = (
    "Private messages.",
    "Notifications: all public messages are read.",
)
WHY_NOT = ""
FORUM = Setting("forum", "server", N_("Forum"), N_("Its address, such as https://forum.example."))
ACCOUNT = Setting("account", "account", N_("Account"), N_("Without the @."))
KEY = Setting("api_key", "secret", N_("API key"), N_("Made under Admin, API, for this account alone."))
CHANNEL = (FORUM, ACCOUNT, KEY)
SOURCES = {
    "": Ear(
        label=N_("Discourse: a forum"),
        settings=CHANNEL,
        leaves_out=(N_("Private messages, and categories that your account may not read."),),
    )
}

IMAGES = Images(
    most=10,
    types=("image/jpeg", "image/png", "image/webp", "image/gif"),
    size=4_000_000,
    alt=1500,
    checked=date(2026, 11, 21),
    source="https://docs.discourse.org/",
)
"""A forum sets its own bounds and tells none: these are ours."""
ROOM = 32_000
TITLE = 255
WINDOW = 50
"""Numbers of messages that one request looks through."""
WINDOWS = 10
"""Requests of one look."""
_IMAGE = re.compile(r"!\[[^\]]*\]\(upload://[^)\s]+\)")
CLOCKS = timedelta(seconds=60)
"""How far the forum's clock may be behind ours."""


LIMIT = Limit(60, timedelta(minutes=1))
"""Of an administrator's key, unless the forum sets another: `max_admin_api_reqs_per_minute`, read
2026-11-21."""


def account(settings: Mapping[str, str]) -> str:
    """`name@host`."""
    host = urlsplit(settings.get("forum", "")).netloc
    return f"{settings.get('account', '').removeprefix('@').casefold()}@{host}"


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Discourse":
    """Raises BadInput for a wrong setting."""
    base = origin(settings.get("forum", ""))
    if not base:
        raise BadInput("forum", "the server's address and nothing behind it, such as https://forum.example")
    name = settings.get("account", "").removeprefix("@")
    headers = {"Api-Key": secrets.get("api_key", ""), "Api-Username": name}
    return Discourse(JsonApi(kit.http, NAME, base, headers), base, name)


class Discourse:
    """Listens, Speaks, Deletes, Checks, Measures and Counts."""

    threads = False  # a message has room for any answer
    comments = True
    once = False  # true for a topic, not for an answer

    def __init__(self, api: JsonApi, base: str, account: str) -> None:
        self._api = api
        self._base = base
        self._account = account.casefold()

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest; from then on every message whose number is beyond `cursor`.

        Numbers are given in order and never again, so a window of them is read once."""
        latest = self._posts("")
        newest = max((number for post in latest if (number := count(post.get("id")))), default=0)
        at = int(cursor) if cursor.isdecimal() else 0
        if not cursor:
            return self._page(latest, newest, newest)
        found: list[dict[str, Any]] = []
        for _ in range(WINDOWS):
            if at >= newest:
                break
            top = min(at + WINDOW, newest)
            found += [post for post in self._posts(str(top)) if at < (count(post.get("id")) or 0) <= top]
            at = top
        return self._page(found, at, newest)

    def _page(self, posts: list[dict[str, Any]], at: int, newest: int) -> Page:
        ordered = sorted(posts, key=lambda post: count(post.get("id")) or 0)
        heard = (found(post, self._base, self._account) for post in ordered)
        return Page(
            found=tuple(each for each in heard if each and each.author.handle.casefold() != self._account),
            cursor=str(at),
            more=at < newest,
            quota=self._api.quota,
        )

    def _posts(self, before: str) -> list[dict[str, Any]]:
        value = self._api.get("/posts.json", [("before", before)] if before else [])
        posts = value.get("latest_posts") if isinstance(value, dict) else None
        if not isinstance(posts, list):
            raise Unavailable(NAME, "the answer is not a list")
        return [post for post in posts if isinstance(post, dict)]

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer below the message, or a topic with the first line as its title. Images are there before
        it; the forum throws away those that no message names."""
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        place = _place(to.id) if to else None
        if to and place is None:
            raise Rejected(NAME, N_("the message to answer is not there"))
        value: dict[str, Any] = {"raw": "\n\n".join([text, *map(self._uploaded, images)])}
        if place:
            value |= {"topic_id": place[0], "reply_to_post_number": place[1]}
        else:
            value |= {"title": _title(text), "external_id": _name(token)}
        try:
            answer = self._api.post("/posts.json", value, {})
        except Unauthorized:
            raise
        except Rejected:
            if sent := self._again(to, text, token):
                return sent
            raise
        if isinstance(answer, dict) and answer.get("action") == "enqueued":
            raise Unknown(NAME, N_("it waits for a moderator of the forum"))
        sent = self._sent(answer)
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _uploaded(self, image: Image) -> str:
        """As it stands in a message."""
        kinds = {"type": "composer", "synchronous": "true"}
        value = self._api.upload_form("/uploads.json", "file", (image.read(), image.type), kinds)
        place = words(value.get("short_url"), 300) if isinstance(value, dict) else ""
        if not place:
            raise Unavailable(NAME, "the answer is not an image")
        alt = one_line(re.sub(r"[\[\]|]", " ", image.alt))
        return f"![{alt}|{image.width}x{image.height}]({place})"

    def _again(self, to: ReplyTo | None, text: str, token: str) -> Sent | None:
        """What an earlier try made, which is why the forum wants no second one."""
        try:
            return self._below(to, text, None, None) if to else self._topic(token)
        except (Unavailable, Rejected):
            return None

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our topic of this `token`; or our answer to this message with these words, posted since then less a
        minute, and not another delivery's."""
        return self._below(to, text, since - CLOCKS, free) if to else self._topic(token)

    def _topic(self, token: str) -> Sent | None:
        value = self._api.get_if_there(f"/t/external_id/{_name(token)}.json")
        topic = count(value.get("id")) if isinstance(value, dict) else None
        return self.read_back(f"{_forum(self._base)}/{topic}/1") if topic else None

    def _below(self, to: ReplyTo, text: str, since: datetime | None, free: Free) -> Sent | None:
        above = self._post(to.id)
        if above is None:
            return None
        replies = self._api.get(f"/posts/{count(above.get('id'))}/replies.json")
        if not isinstance(replies, list):
            raise Unavailable(NAME, "the answer is not a list")
        wanted = _folded(text)
        for post in (each for each in reversed(replies) if isinstance(each, dict)):
            sent = self._sent(post)
            ours = words(post.get("username"), 200).casefold() == self._account
            if not (sent and ours and _folded(sent.text) == wanted):
                continue
            if (since is None or sent.at is None or sent.at >= since) and (
                free is None or free(sent.remote_id)
            ):
                return sent
        return None

    def read_back(self, remote_id: str) -> Sent | None:
        post = self._post(remote_id)
        return self._sent(post) if post else None

    def check(self) -> None:
        """A key does not end by itself; an invalid one is refused whatever it asks."""
        self._posts("")

    def delete(self, remote_id: str) -> None:
        """A topic goes as a whole."""
        post, place = self._post(remote_id), _place(remote_id)
        if post is None or place is None:
            return
        topic, number = place
        self._api.delete(f"/t/{topic}.json" if number == 1 else f"/posts/{count(post.get('id'))}.json")

    def edit(self, remote_id: str, text: str) -> Sent:
        """Its images stay, and the title of its topic. Raises as `publish` does."""
        post = self._post(remote_id)
        if post is None:
            raise Rejected(NAME, "the message is not there any more")
        raw = "\n\n".join([text, *_IMAGE.findall(words(post.get("raw"), 200_000))])
        value = self._api.put(f"/posts/{count(post.get('id'))}.json", {"post": {"raw": raw}})
        sent = self._sent(value.get("post")) if isinstance(value, dict) else None
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _post(self, remote_id: str) -> dict[str, Any] | None:
        """None where it is not there, or was deleted and only moderators see it."""
        if not (place := _place(remote_id)):
            return None
        post = self._api.get_if_there(f"/posts/by_number/{place[0]}/{place[1]}.json")
        if post is None:
            return None
        if not isinstance(post, dict) or not count(post.get("id")):
            raise Unavailable(NAME, "the answer is not a message")
        return None if post.get("deleted_at") else post

    def _sent(self, post: Any) -> Sent | None:
        read = found(post, self._base, self._account) if isinstance(post, dict) else None
        return Sent(remote_id=read.id, url=read.url, text=read.text, at=read.posted_at) if read else None

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        post = self._post(remote_id)
        if post is None:
            return None
        kinds = post.get("actions_summary")
        likes = [each for each in kinds if isinstance(each, dict)] if isinstance(kinds, list) else []
        liked = next((count(each.get("count", 0)) for each in likes if each.get("id") == 2), 0)
        return Numbers(
            reach=count(post.get("reads")), reactions=liked, replies=count(post.get("reply_count"))
        )

    def following(self) -> tuple[int | None, int | None]:
        """Nobody follows an account on a forum."""
        return None, None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: a message that was written, changed or removed; nothing for any other.

    Raises BadInput."""
    event = headers.get("x-discourse-event", "")
    if not event.startswith("post_"):
        return ()
    base = origin(headers.get("x-discourse-instance", ""))
    post = value.get("post") if isinstance(value, dict) else None
    if not base or not isinstance(post, dict):
        raise BadInput("post", "expected a message of a forum that says its address")
    read = found(post, base, "")
    if read is None:
        return ()
    if event == "post_destroyed" or post.get("deleted_at"):
        nobody = Author(id="", handle="")
        at = moment(post.get("deleted_at"))
        return (
            Found(id=read.id, author=nobody, text="", posted_at=None, platform=NAME, gone=True, as_of=at),
        )
    changed = event == "post_edited"
    return (replace(read, platform=NAME, edited=changed, as_of=moment(post.get("updated_at"))),)


def found(post: Mapping[str, Any], base: str, account: str) -> Found | None:
    """A message of the forum at `base`; None for one without words, and for what the forum itself notes."""
    topic, number = count(post.get("topic_id")), count(post.get("post_number"))
    handle = one_line(words(post.get("username"), 200))
    text = plain(words(post.get("cooked"), 200_000)) or tidy(words(post.get("raw"), 200_000))
    if not (topic and number and handle and text) or post.get("post_type", 1) != 1 or post.get("hidden"):
        return None
    title = one_line(words(post.get("topic_title"), 1000))
    if number == 1 and title and not _folded(text).startswith(_folded(title)):
        text = f"{title}\n{text}"
    above = count(post.get("reply_to_post_number")) or 1
    asked = post.get("reply_to_user")
    answers_us = isinstance(asked, dict) and words(asked.get("username"), 200).casefold() == account
    slug = words(post.get("topic_slug"), 300) or "-"
    host = _forum(base)
    address = f"{base}/t/{quote(slug, safe='')}/{topic}/{number}"
    return Found(
        id=native_id(f"{host}/{topic}/{number}"),
        author=Author(
            id=f"{host}/{handle}",
            handle=handle,
            name=one_line(words(post.get("name"), 200)),
            url=f"{base}/u/{quote(handle, safe='')}",
        ),
        text=text,
        posted_at=moment(post.get("created_at")),
        url=address,
        reply_to=native_id(f"{host}/{topic}/{above}") if number > 1 else "",
        links=links(words(post.get("cooked"), 200_000), address),
        direct=bool(account) and (answers_us or f'href="/u/{account}"' in str(post.get("cooked")).casefold()),
    )


def _forum(base: str) -> str:
    """The name it has in ids, which have 64 characters."""
    host = urlsplit(base).netloc
    return host if len(host) <= 40 else blake2s(host.encode(), digest_size=10).hexdigest()


def _place(remote_id: str) -> tuple[int, int] | None:
    """Topic and number of `forum.example/42/2`."""
    _, _, rest = remote_id.partition("/")
    topic, _, number = rest.partition("/")
    fits = topic.isascii() and topic.isdecimal() and number.isascii() and number.isdecimal()
    return (int(topic), int(number)) if fits else None


def _title(text: str) -> str:
    return one_line(text.strip().splitlines()[0] if text.strip() else "")[:TITLE]


def _name(token: str) -> str:
    """What the forum keeps with a topic, so that there is one: letters and digits."""
    return f"webspin-{blake2s(token.encode(), digest_size=12).hexdigest()}"


def _folded(text: str) -> str:
    """What stays the same when the forum makes HTML of our Markdown and we make words of that."""
    return "".join(tidy(text).split())
