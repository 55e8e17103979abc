"""Instagram: comments below our posts, who names us; posts with images, answers, figures.

API: https://developers.facebook.com/docs/instagram-platform (Graph API v26.0), read 2026-11-21. Of
professional accounts only.

Settings:
* `user`: the account's number
* `account`: its name
* `by_page`: `yes` where the key is one of Facebook, for an account that belongs to a Page
* `client_id`: the app's number, where Instagram itself asks whose account we are given

Secrets: `token`, with instagram_business_basic, instagram_business_content_publish and
instagram_business_manage_comments (of Facebook: instagram_basic, instagram_content_publish,
instagram_manage_comments, pages_read_engagement); `client_secret` of the app.

A message is known by its number; one elsewhere that names us by `m/<post>`, or `m/<post>/<comment>`, as what
answers it names both. Who names us only the webhook tells, by numbers; the words are then asked for, which
takes a key of Facebook. A post is known by its container too, which shows once and is noted before that: so
the same words twice on purpose are two posts, and a lost answer never makes a second.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms import _meta
from chalicelib.platforms._containers import Containers
from chalicelib.platforms._graph import FACEBOOK, VERSION, Graph, after, at, exchanged, folded, rows
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._ig_views import (
    as_sent,
    found,
    heard as heard,
    listed,
    mentioned,
    named as named,
)
from chalicelib.platforms._lists import Listed, news
from chalicelib.platforms._text import tidy
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Shelf, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

NAME = "instagram"
HOST = "https://graph.instagram.com"
API = f"{HOST}/{VERSION}"
BY_PAGE = FACEBOOK
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "measure", "check"})
NOT_BUILT = (
    "Videos, Reels and stories.",
    "Hiding comments.",
    "Searches for a hashtag.",
)
WHY_NOT = ""
ACCOUNT = Setting("account", "account", N_("Account"), N_("Without the @."))
USER = Setting("user", "text", N_("Account number"), N_("Digits, as your app at Meta shows it."))
THROUGH = Setting(
    "by_page",
    "yes",
    N_("The key is one of Facebook"),
    N_("For an account that belongs to a Page: only such a key hears who names you elsewhere."),
    needed=False,
)
APP = Setting("client_id", "text", N_("App number"), N_("Of your app at Meta."), needed=False)
TOKEN = Setting("token", "secret", N_("Access token"))
APP_SECRET = Setting(
    "client_secret", "secret", N_("App secret"), N_("Under App settings, Basic."), needed=False
)
CHANNEL = (ACCOUNT, USER, THROUGH, APP, TOKEN, APP_SECRET)
SOURCES = {
    "": Ear(
        label=N_("Instagram: comments below your posts"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(
            N_("Comments below your older posts, unless Instagram calls us too."),
            N_("Who names you elsewhere, unless Instagram calls us too and the key is one of Facebook."),
            N_("Stories, private accounts and private messages."),
        ),
    ),
}
TERMS = Terms(
    checked=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/instagram-platform/content-publishing",
)
LIMIT = Limit(4_800, timedelta(days=1))
"""Of an account and each time that it was seen that day, which is one at least: Meta's rule for
business use cases, read 2026-11-21 at https://developers.facebook.com/docs/graph-api/overview/rate-limiting."""
IMAGES = Images(
    most=10,
    types=("image/jpeg",),
    size=8_000_000,
    alt=1_000,
    needed=True,
    checked=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/instagram-platform/content-publishing",
)
GIVES = "https://api.instagram.com/oauth/access_token"
OAUTH = OAuth(
    authorize="https://www.instagram.com/oauth/authorize",
    token=GIVES,
    scopes=(
        "instagram_business_basic",
        "instagram_business_content_publish",
        "instagram_business_manage_comments",
    ),
    separator=",",
    refreshes=False,
)

ROOM, ANSWER_ROOM = 2_200, 300
"""Of a post, and of an answer, which Instagram itself refuses where it is longer."""
TAGS, NAMES = 30, 20
"""Most # and @ in the words of a post."""
POSTS, COMMENTS, OURS, LOOKS = 25, 50, 50, 5
"""Of one page: posts, comments below each, messages of ours; and pages that are looked through for one."""
CLOCKS = timedelta(seconds=60)
"""How far Instagram's clock may be behind ours."""
MEDIA = "id,caption,permalink,timestamp,username"
COMMENT = "id,text,timestamp,username,from,parent_id"
ANSWER = f"{COMMENT},media{{id,permalink}}"

_TAG = re.compile(r"(?<!\w)#\w+")
_NAME = re.compile(r"(?<![\w.])@[\w.]+")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("user", "")


def only(value: Any, account: str) -> Any:
    """A call of its webhook without what it tells of other accounts."""
    return _meta.only(value, account, _meta.by_entry)


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Instagram":
    """Raises BadInput for a wrong setting."""
    user, name = settings.get("user", ""), settings.get("account", "").removeprefix("@")
    if not re.fullmatch(r"[0-9]{1,30}", user):
        raise BadInput("user", "the number of the account, digits only")
    by_page, token = settings.get("by_page") == "yes", secrets.get("token", "")
    secret = secrets.get("client_secret", "") if by_page else ""
    api = Graph(kit.http, NAME, BY_PAGE if by_page else API, token, secret)
    return Instagram(api, user, name, by_page, kit.shelf)


def lasting(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """For the token of an hour that the code brings one of sixty days."""
    given = [
        ("grant_type", "ig_exchange_token"),
        ("client_secret", secrets.get("client_secret", "")),
        ("access_token", secrets.get("token", "")),
    ]
    return exchanged(kit, NAME, HOST, "/access_token", given)


def renewed(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """Sixty days more for a token that is a day old at least and has not ended; one of Facebook has no
    such way."""
    if settings.get("by_page") == "yes":
        raise Unauthorized(NAME, N_("a key of Facebook is not renewed: make a new one"))
    given = [("grant_type", "ig_refresh_token"), ("access_token", secrets.get("token", ""))]
    return exchanged(kit, NAME, HOST, "/refresh_access_token", given)


class Instagram:
    """Listens, Shows, Measures, Checks and Counts."""

    threads = False  # a comment cannot be gone on with below itself
    comments = True
    comment_room = ANSWER_ROOM
    once = False

    def __init__(self, api: Graph, user: str, account: str, by_page: bool, shelf: Shelf) -> None:
        self._api = api
        self._user = user
        self._account = account.casefold()
        self._by_page = by_page
        self._containers = Containers(
            api, shelf, NAME, user, make="media", show="media_publish", status="status_code", why="status"
        )

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings what stands below the newest posts; from then on all that is new there."""
        read = news(cursor, self._lists)
        each = (found(item, self._user, self._account) for item in read.items)
        return Page(found=tuple(one for one in each if one), cursor=read.cursor, more=read.more)

    def _lists(self, older: str) -> list[Listed]:
        """What stands below each of our newest posts; or the next page of one, `<post> <after>`."""
        answers = f"{COMMENT},replies.limit({COMMENTS}){{{COMMENT}}}"
        media, _, further = older.partition(" ")
        if media:
            query = [
                ("fields", f"{answers},media{{id,permalink}}"),
                ("limit", str(COMMENTS)),
                ("after", further),
            ]
            return listed(self._api.get(f"{at(media)}/comments", query), media, "")
        below = f"comments.limit({COMMENTS}){{{answers}}}"
        value = self._api.get(
            f"{at(self._user)}/media", [("fields", f"{MEDIA},{below}"), ("limit", str(POSTS))]
        )
        posts = (each for each in rows(value) if "comments" in each)
        return [
            one
            for each in posts
            for one in listed(
                each["comments"], words(each.get("id"), 100), words(each.get("permalink"), 2000)
            )
        ]

    def told(self, ids: Iterable[tuple[str, str]]) -> tuple[Found, ...]:
        """Posts and comments elsewhere that name us, by (post, comment or ""): a call of the webhook tells no
        words of them. One that we may not see is passed over. Raises Unauthorized, RateLimited,
        Unavailable."""
        if not self._by_page:
            return ()
        each = (self._mentioned(media, comment) for media, comment in ids)
        return tuple(one for one in each if one)

    def _mentioned(self, media: str, comment: str) -> Found | None:
        of = "id,permalink,owner"
        if comment:
            field = f"mentioned_comment.comment_id({comment}){{id,text,timestamp,username,media{{{of}}}}}"
        else:
            field = f"mentioned_media.media_id({media}){{{of},caption,timestamp,username}}"
        try:
            value = self._api.get(at(self._user), [("fields", field)])
        except Unauthorized:
            raise
        except Rejected:
            return None
        return mentioned(value, media, comment, self._user, self._account)

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer below the comment, or a post with its images; what this token posted is not posted
        again. Answers in one thread are all in one list, so that the words alone do not say whom one of
        ours is for: whether it stands there is for `find`, which knows since when, and what is another's."""
        if to:
            if images:
                raise Rejected(NAME, N_("images go with a post only"))
            return self._answer(to, text)
        if why := IMAGES.wrong(images) or _too_many(text):
            raise Rejected(NAME, why)
        return self._seen(self._containers.once(token, lambda: self._container(text, images)), text)

    def _container(self, text: str, images: Sequence[Image]) -> str:
        """One with an image, or with several that are containers too."""
        if len(images) == 1:
            return self._containers.made({**_picture(images[0]), "caption": text})
        parts = [self._containers.made({**_picture(each), "is_carousel_item": True}) for each in images]
        for part in parts:
            self._containers.wait(part)
        return self._containers.made({"media_type": "CAROUSEL", "children": parts, "caption": text})

    def _answer(self, to: ReplyTo, text: str) -> Sent:
        if where := _elsewhere(to.id):
            value = {"media_id": where[0], **({"comment_id": where[1]} if where[1] else {}), "message": text}
            answer = self._api.post(f"{at(self._user)}/mentions", value, {})
        else:
            below = "comments" if to.post else "replies"
            answer = self._api.post(f"{at(to.id)}/{below}", {"message": text}, {})
        id = words(answer.get("id"), 100) if isinstance(answer, dict) else ""
        if not id:
            raise Unknown(NAME, "the answer is not a message")
        return self._seen(id, text, to.url)

    def _seen(self, id: str, text: str, url: str = "") -> Sent:
        """What was just made, as Instagram shows it; where it does not yet, what we know."""
        try:
            seen = self.read_back(id)
        except (Unavailable, Rejected):
            seen = None
        return seen or Sent(remote_id=native_id(id), url=url, text=tidy(text))

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post or our answer to this comment with these words, posted since then less a minute, and not
        another delivery's. Of a post its container says whether it was posted. Raises Unavailable for an
        answer elsewhere, which Instagram does not list."""
        if to is None:
            return self._containers.found(
                token, self.read_back, lambda: self._posted(text, since - CLOCKS, free)
            )
        if _elsewhere(to.id):
            raise Unavailable(NAME, N_("answers below the posts of others are not listed: look there"))
        return self._below(to, text, since - CLOCKS, free)

    def _posted(self, text: str, since: datetime, free: Free) -> Sent | None:
        query = [("since", str(int(since.timestamp()))), ("fields", MEDIA)]
        return self._ours(f"{at(self._user)}/media", query, text, since, free)

    def _below(self, to: ReplyTo, text: str, since: datetime, free: Free) -> Sent | None:
        """What answers an answer stands beside that."""
        if to.post:
            return self._ours(f"{at(to.id)}/comments", [("fields", ANSWER)], text, since, free)
        above = self._api.seen(at(to.id), [("fields", "id,parent_id")])
        if not isinstance(above, dict):
            return None
        id = words(above.get("parent_id"), 100) or to.id
        return self._ours(f"{at(id)}/replies", [("fields", ANSWER)], text, since, free)

    def _ours(
        self,
        path: str,
        query: Sequence[tuple[str, str]],
        text: str,
        since: datetime,
        free: Free,
    ) -> Sent | None:
        wanted, further = folded(text), ""
        for _ in range(LOOKS):
            asked = [*query, ("limit", str(OURS)), *([("after", further)] if further else [])]
            page = self._api.seen(path, asked)
            for each in rows(page):
                sent, by = as_sent(each), words(each.get("username"), 200).casefold()
                if sent is None or by != self._account or folded(sent.text) != wanted:
                    continue
                if (sent.at is None or sent.at >= since) and (free is None or free(sent.remote_id)):
                    return sent
            if not (further := after(page)):
                return None
        raise Unavailable(NAME, f"more than {LOOKS * OURS} messages to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        """A number alone does not say whether it is a comment or a post: each has words of its own."""
        return as_sent(self._either(remote_id, ANSWER, MEDIA))

    def _either(self, id: str, comment: str, media: str) -> Any:
        try:
            return self._api.seen(at(id), [("fields", comment)])
        except Unauthorized:
            raise
        except Rejected:
            return self._api.seen(at(id), [("fields", media)])

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """How many saw it is not asked for; what answers a comment stands beside it."""
        value = self._either(remote_id, "id,text,like_count", "id,like_count,comments_count")
        if value is None:
            return None
        if not isinstance(value, dict) or not value.get("id"):
            raise Unavailable(NAME, "the answer is not a message")
        return Numbers(reactions=count(value.get("like_count")), replies=count(value.get("comments_count")))

    def following(self) -> tuple[int | None, int | None]:
        us = self._api.get(at(self._user), [("fields", "followers_count,follows_count")])
        us = us if isinstance(us, dict) else {}
        return count(us.get("followers_count")), count(us.get("follows_count"))

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """When it ends Instagram says only as it is made."""
        us = self._api.get(at(self._user), [("fields", "username")])
        if not isinstance(us, dict) or words(us.get("username"), 200).casefold() != self._account:
            raise Unauthorized(NAME, N_("the key is not of this account"))
        return None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Characters; an answer of more than 300 counts as one for which there is no room."""
        seen = len(text.strip())
        return ROOM - ANSWER_ROOM + seen if to and seen > ANSWER_ROOM else seen


def _picture(image: Image) -> dict[str, Any]:
    return {"image_url": image.address(), **({"alt_text": image.alt} if image.alt else {})}


def _elsewhere(id: str) -> tuple[str, str] | None:
    """Post and comment ("" for the post itself) of others, below which we answer."""
    parts = re.fullmatch(r"m/([0-9]+)(?:/([0-9]+))?", id)
    return (parts[1], parts[2] or "") if parts else None


def _too_many(text: str) -> str:
    if len(_TAG.findall(text)) > TAGS:
        return N_("it takes no more than 30 hashtags with one post")
    return N_("it takes no more than 20 names with @ in one post") if len(_NAME.findall(text)) > NAMES else ""
