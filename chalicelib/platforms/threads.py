"""Threads: answers to our posts, who names us and a search; posts with images, answers, quotes, figures.

API: https://developers.facebook.com/docs/threads (v1.0), read 2026-11-21.

Settings:
* `user`: the account's number
* `account`: its name
* `kind`: `replies` (default), `mentions` or `search`
* `query`: for a search, the words
* `client_id`: the app's number, where Threads itself asks whose account we are given

Secrets: `token`, with threads_basic, threads_content_publish, threads_manage_replies, threads_read_replies,
threads_manage_mentions, for figures threads_manage_insights and for a search threads_keyword_search;
`client_secret` of the app.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Rejected, Unauthorized, Unavailable
from chalicelib.platforms._containers import Containers
from chalicelib.platforms._graph import Graph, after, at, exchanged, folded, rows
from chalicelib.platforms._http_json import words
from chalicelib.platforms._lists import Listed, news
from chalicelib.platforms._text import tidy
from chalicelib.platforms._threads_views import above, as_sent, figure, found, heard as heard, listed
from chalicelib.ports import N_, Allowance, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Shelf, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

NAME = "threads"
HOST = "https://graph.threads.com"
API = f"{HOST}/v1.0"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "measure", "check", "quote"})
NOT_BUILT = (
    "Videos.",
    "Hiding answers.",
    "Topics, and long texts as an attachment: a long text goes in several parts.",
)
WHY_NOT = ""
ACCOUNT = Setting("account", "account", N_("Account"), N_("Without the @."))
USER = Setting("user", "text", N_("Account number"), N_("Digits, as your app at Meta shows it."))
QUERY = Setting("query", "text", N_("Search for"), N_("Words, as you would type them there."))
APP = Setting("client_id", "text", N_("App number"), N_("Of your app at Meta."), needed=False)
TOKEN = Setting("token", "secret", N_("Access token"))
APP_SECRET = Setting(
    "client_secret", "secret", N_("App secret"), N_("Under App settings, Basic."), needed=False
)
CHANNEL = (ACCOUNT, USER, APP, TOKEN, APP_SECRET)
PRIVATE = N_("Private accounts and private messages.")
SOURCES = {
    "replies": Ear(
        label=N_("Threads: answers to your posts"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(N_("Answers to your older posts, unless Threads calls us too."), PRIVATE),
    ),
    "mentions": Ear(
        label=N_("Threads: who names our account"),
        settings=CHANNEL,
        addressed=True,
        leaves_out=(N_("Who speaks of you without naming your account."), PRIVATE),
    ),
    "search": Ear(
        label=N_("Threads: a search"),
        settings=(QUERY, *CHANNEL),
        leaves_out=(
            N_("What the network's search does not find."),
            PRIVATE,
        ),
        every=15,
    ),
}
TERMS = Terms(
    allowances=(Allowance(1_000, timedelta(days=1)),),
    checked=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/threads/overview/",
)
LIMIT = Limit(48_000, timedelta(days=1))
"""4,800 a day for each view of what the account wrote, and at least for ten: developers.facebook.com/docs/
threads/overview, read 2026-11-21."""
IMAGES = Images(
    most=20,
    types=("image/jpeg", "image/png"),
    size=8_000_000,
    alt=1_000,
    checked=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/threads/posts",
)
GIVES = "https://graph.threads.net/oauth/access_token"
OAUTH = OAuth(
    authorize="https://threads.net/oauth/authorize",
    token=GIVES,
    scopes=(
        "threads_basic",
        "threads_content_publish",
        "threads_manage_replies",
        "threads_read_replies",
        "threads_manage_mentions",
        "threads_manage_insights",
    ),
    separator=",",
    refreshes=False,
)

ROOM, LINKS = 500, 5
"""Characters, and different links, of one message."""
POSTS, READ, OURS, LOOKS = 10, 100, 100, 5
"""Of our newest posts the answers are read; of one page messages, and messages of ours; and pages that are
looked through for one."""
CLOCKS = timedelta(seconds=60)
"""How far the clock of Threads may be behind ours."""
FIELDS = "id,text,username,timestamp,permalink,replied_to"

_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]]")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("user", "")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Threads":
    """Raises BadInput for a wrong setting."""
    user, name = settings.get("user", ""), settings.get("account", "").removeprefix("@")
    kind, query = settings.get("kind", "replies"), settings.get("query", "")
    if not re.fullmatch(r"[0-9]{1,30}", user):
        raise BadInput("user", "the number of the account, digits only")
    if kind not in SOURCES:
        raise BadInput("kind", "replies, mentions or search")
    if (kind == "search") != bool(query):
        raise BadInput("query", "for a search, and only then")
    return Threads(Graph(kit.http, NAME, API, secrets.get("token", "")), user, name, kind, query, kit.shelf)


def lasting(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """For the token of an hour that the code brings one of sixty days."""
    given = [
        ("grant_type", "th_exchange_token"),
        ("client_secret", secrets.get("client_secret", "")),
        ("access_token", secrets.get("token", "")),
    ]
    return exchanged(kit, NAME, HOST, "/access_token", given)


def renewed(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """Sixty days more for a token that is a day old at least and has not ended."""
    given = [("grant_type", "th_refresh_token"), ("access_token", secrets.get("token", ""))]
    return exchanged(kit, NAME, HOST, "/refresh_access_token", given)


class Threads:
    """Listens, Shows, Quotes, Measures, Checks and Counts."""

    threads = True
    comments = True
    once = False

    def __init__(self, api: Graph, user: str, account: str, kind: str, query: str, shelf: Shelf) -> None:
        self._api = api
        self._user = user
        self._account = account.casefold()
        self._kind = kind
        self._query = query
        self._containers = Containers(
            api,
            shelf,
            NAME,
            user,
            make="threads",
            show="threads_publish",
            status="status",
            why="error_message",
        )

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        ask = {"replies": self._replies, "mentions": self._mentions, "search": self._search}[self._kind]
        read = news(cursor, ask)
        each = (found(item) for item in read.items)
        kept = tuple(
            replace(one, direct=self._kind != "search")
            for one in each
            if one and one.author.handle.casefold() != self._account
        )
        return Page(found=kept, cursor=read.cursor, more=read.more)

    def _replies(self, older: str) -> list[Listed]:
        """What answers each of our newest posts, however deep; or the next page of one, `<post> <after>`."""
        media, _, further = older.partition(" ")
        if media:
            return [self._conversation(media, further)]
        value = self._api.get(
            f"{at(self._user)}/threads", [("fields", "id,has_replies"), ("limit", str(POSTS))]
        )
        posts = (words(each.get("id"), 100) for each in rows(value) if each.get("has_replies") is not False)
        return [self._conversation(each, "") for each in posts if each]

    def _conversation(self, media: str, further: str) -> Listed:
        query = [("fields", FIELDS), ("reverse", "true"), ("limit", str(READ))]
        value = self._api.get(
            f"{at(media)}/conversation", [*query, *([("after", further)] if further else [])]
        )
        return listed(value, f"{media} ")

    def _mentions(self, older: str) -> list[Listed]:
        query = [("fields", FIELDS), ("limit", str(READ)), *([("after", older)] if older else [])]
        return [listed(self._api.get(f"{at(self._user)}/mentions", query), "")]

    def _search(self, older: str) -> list[Listed]:
        query = [("q", self._query), ("search_type", "RECENT"), ("fields", FIELDS), ("limit", str(READ))]
        if older:
            query.append(("after", older))
        return [listed(self._api.get("/keyword_search", query), "")]

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """A post or an answer, with its images. What this token wrote is not written again."""
        if why := IMAGES.wrong(images) or _too_many(text):
            raise Rejected(NAME, why)
        return self._written({"reply_to_id": to.id} if to else {}, token, text, images)

    def quote(self, of: ReplyTo, text: str, token: str, language: str) -> Sent:
        """A post of ours that shows theirs."""
        if why := _too_many(text):
            raise Rejected(NAME, why)
        return self._written({"quote_post_id": of.id}, token, text, ())

    def _written(self, more: dict[str, str], token: str, text: str, images: Sequence[Image]) -> Sent:
        id = self._containers.once(token, lambda: self._container({**more, "text": text}, images))
        try:
            seen = self.read_back(id)
        except (Unavailable, Rejected):
            seen = None
        return seen or Sent(remote_id=native_id(id), url="", text=tidy(text))

    def _container(self, value: dict[str, str], images: Sequence[Image]) -> str:
        if not images:
            return self._containers.made({"media_type": "TEXT", **value})
        if len(images) == 1:
            return self._containers.made({**_picture(images[0]), **value})
        parts = [self._containers.made({**_picture(each), "is_carousel_item": True}) for each in images]
        for part in parts:
            self._containers.wait(part)
        return self._containers.made({"media_type": "CAROUSEL", "children": parts, **value})

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post or our answer to this message with these words, posted since then less a minute, and not
        another delivery's; what its container says counts first. Raises Unavailable where there is too much
        to look through."""
        return self._containers.found(
            token, self.read_back, lambda: self._ours(to, text, since - CLOCKS, free)
        )

    def _ours(self, to: ReplyTo | None, text: str, since: datetime, free: Free) -> Sent | None:
        """Posts and answers are in lists of their own, each newest first."""
        path, wanted, further = f"{at(self._user)}/{'replies' if to else 'threads'}", folded(text), ""
        query = [("fields", FIELDS), ("limit", str(OURS)), ("since", str(int(since.timestamp())))]
        for _ in range(LOOKS):
            page = self._api.get(path, [*query, *([("after", further)] if further else [])])
            for each in rows(page):
                sent = as_sent(each)
                if sent is None or folded(sent.text) != wanted or (to and above(each) != to.id):
                    continue
                if (sent.at is None or sent.at >= since) and (free is None or free(sent.remote_id)):
                    return sent
            if not (further := after(page)):
                return None
        raise Unavailable(NAME, f"more than {LOOKS * OURS} messages to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        return as_sent(self._api.seen(at(remote_id), [("fields", FIELDS)]))

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """What it calls views is how often, not by how many."""
        query = [("metric", "likes,replies,reposts,quotes")]
        value = self._api.seen(f"{at(remote_id)}/insights", query)
        if value is None:
            return None
        told = {words(each.get("name"), 30): figure(each) for each in rows(value)}
        if not told:
            raise Unavailable(NAME, "the answer holds no figures")
        passed = [told.get("reposts"), told.get("quotes")]
        return Numbers(
            reactions=told.get("likes"),
            replies=told.get("replies"),
            shares=None if None in passed else sum(each or 0 for each in passed),
        )

    def following(self) -> tuple[int | None, int | None]:
        value = self._api.get(f"{at(self._user)}/threads_insights", [("metric", "followers_count")])
        told = (figure(each) for each in rows(value) if each.get("name") == "followers_count")
        return next(told, None), None

    # checks ----------------------------------------------------------------------------------------

    def check(self) -> datetime | None:
        """When it ends Threads says only as it is made."""
        us = self._api.get(at(self._user), [("fields", "username")])
        if not isinstance(us, dict) or words(us.get("username"), 200).casefold() != self._account:
            raise Unauthorized(NAME, N_("the key is not of this account"))
        return None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Characters; what is an emoji counts as its bytes in UTF-8."""
        import regex

        emoji = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}]|\p{Emoji}\uFE0F?\u20E3")
        signs = regex.findall(r"\X", text.strip())
        return sum(len(sign.encode()) if emoji.search(sign) else len(sign) for sign in signs)


def _picture(image: Image) -> dict[str, str]:
    alt = {"alt_text": image.alt} if image.alt else {}
    return {"media_type": "IMAGE", "image_url": image.address(), **alt}


def _too_many(text: str) -> str:
    several = len(set(_LINK.findall(text))) > LINKS
    return N_("it takes no more than five different links in one message") if several else ""
