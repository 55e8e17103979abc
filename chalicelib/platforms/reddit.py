"""Reddit: who names or answers our account, a search, and the comments of communities; polled.

API: https://www.reddit.com/dev/api, read 2026-11-21. Since November 2025 every app needs Reddit's approval,
which brands seldom get; without one, add a community as a feed (r/name), which brings its posts.

Settings:
* `account`: our own name there, without u/
* `kind`: `mentions` (default), `search` or `comments`
* `query`: for a search, what to look for
* `communities`: for comments, whose: such as bakery or bakery+soup, without r/
* `client_id`: of the app that was approved

Secrets: `token`, with identity, read and privatemessages, good for a day; `refresh_token`, which does not
end; `client_secret`.

Nobody writes there by program: an answer is a person's, in the browser.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Unauthorized, Unavailable
from chalicelib.platforms._http_json import JsonApi, link, words
from chalicelib.platforms._latest import Latest, Reading
from chalicelib.platforms._text import links, one_line, plain, tidy
from chalicelib.ports import N_, Ear, Kit, Page, Setting
from chalicelib.ports.connecting import OAuth

API = "https://oauth.reddit.com"
SITE = "https://www.reddit.com"
NAME = "reddit"
ANSWERS = "browser"
CAN = frozenset({"check"})
NOT_BUILT = ("Posts and comments by program: a person writes them.",)
WHY_NOT = N_(
    "Reddit lets hardly any brand's program write: answer there as a person, by the community's rules"
)
READ = date(2026, 11, 21)
OURS = Setting("account", "account", N_("Your own account"), N_("Without u/."))
KEYS = (
    Setting("client_id", "text", N_("Client ID"), N_("Of the app that Reddit approved."), needed=False),
    Setting("client_secret", "secret", N_("Client secret"), N_("Of the same app."), needed=False),
    Setting("token", "secret", N_("Access token"), needed=False),
)
DEEP = N_("More than the latest thousand at once, private messages and chats.")
SOURCES = {
    "mentions": Ear(
        label=N_("Reddit: who names or answers your account"),
        settings=(OURS, *KEYS),
        addressed=True,
        leaves_out=(N_("Who speaks of you without naming your account."), DEEP),
    ),
    "search": Ear(
        label=N_("Reddit: a search"),
        settings=(Setting("query", "text", N_("What to look for")), OURS, *KEYS),
        leaves_out=(N_("Comments: Reddit searches posts only."), DEEP),
        every=15,
    ),
    "comments": Ear(
        label=N_("Reddit: comments in communities"),
        settings=(
            Setting("communities", "text", N_("Communities"), N_("Without r/, with + between several.")),
            OURS,
            *KEYS,
        ),
        leaves_out=(N_("The posts themselves: add the community as a feed, or a search."), DEEP),
    ),
}
LIMIT = Limit(100, timedelta(minutes=1))
"""Of an app, over ten minutes; read 2026-11-21 at https://www.reddit.com/dev/api."""
OAUTH = OAuth(
    authorize="https://www.reddit.com/api/v1/authorize",
    token="https://www.reddit.com/api/v1/access_token",  # noqa: S106 (an address)
    scopes=("identity", "read", "privatemessages"),
    basic=True,
    extra={"duration": "permanent"},
)
PAGE = 100

_COMMUNITIES = re.compile(r"[A-Za-z0-9_]{2,32}(?:\+[A-Za-z0-9_]{2,32})*")
_FULLNAME = re.compile(r"t[13]_[a-z0-9]{1,20}")
_GONE = ("[deleted]", "[removed]")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("account", "").removeprefix("u/").casefold()


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Reddit":
    """Raises BadInput for a wrong setting."""
    kind, query = settings.get("kind", "mentions"), settings.get("query", "").strip()
    communities = settings.get("communities", "").removeprefix("r/").strip()
    if kind not in SOURCES:
        raise BadInput("kind", "mentions, search or comments")
    if kind == "search" and not query:
        raise BadInput("query", "what to look for")
    if kind == "comments" and not _COMMUNITIES.fullmatch(communities):
        raise BadInput("communities", "their names without r/, with + between several")
    us = account(settings)
    if not us:
        raise BadInput("account", "our own name there, without u/")
    asked = {
        "mentions": ("/message/inbox", []),
        "search": ("/search", [("q", query), ("sort", "new"), ("type", "link")]),
        "comments": (f"/r/{communities}/comments", []),
    }[kind]
    headers = {
        "Authorization": f"Bearer {secrets.get('token', '')}",
        "user-agent": f"web:{settings.get('client_id') or 'webspin'}:0.1 (by /u/{us})",
    }
    return Reddit(JsonApi(kit.http, NAME, API, headers), asked, us, addressed=kind == "mentions")


class Reddit:
    """Listens and Checks. `asked` is the list and what it is asked for."""

    def __init__(
        self, api: JsonApi, asked: tuple[str, list[tuple[str, str]]], account: str, *, addressed: bool
    ) -> None:
        self._api = api
        self._path, self._query = asked
        self._account = account
        self._addressed = addressed

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest page; from then on everything since `cursor`."""
        heard, following = Reading.of(cursor).through(self._latest)
        listed = (found(each, self._account, self._addressed) for each in reversed(heard))
        return Page(
            found=tuple(each for each in listed if each),
            cursor=str(following),
            more=bool(following.page),
            quota=self._api.quota,
        )

    def _latest(self, page: str) -> Latest:
        """One page, newest first."""
        older = [("after", page)] if page else []
        value = self._api.get(self._path, [*self._query, ("limit", str(PAGE)), ("raw_json", "1"), *older])
        data = value.get("data") if isinstance(value, dict) else None
        rows = data.get("children") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(rows, list):
            raise Unavailable(NAME, "the answer is not a list")
        things = [
            each["data"] for each in rows if isinstance(each, dict) and isinstance(each.get("data"), dict)
        ]
        usable = ((_at(each.get("created_utc")), words(each.get("name"), 30), each) for each in things)
        return Latest([(at, id, each) for at, id, each in usable if at and id], words(data.get("after"), 30))

    def check(self) -> datetime | None:
        """Whose key it is. Reddit does not say until when one holds: that is kept with it."""
        value = self._api.get("/api/v1/me")
        name = words(value.get("name"), 100).casefold() if isinstance(value, dict) else ""
        if not name:
            raise Unavailable(NAME, "the server does not say who we are")
        if name != self._account:
            raise Unauthorized(NAME, "the key is of another account")
        return None


def found(thing: Mapping[str, Any], account: str, addressed: bool) -> Found | None:
    """A post or a comment; None for a private message, for what was removed, and for what we wrote."""
    id, by = words(thing.get("name"), 30), one_line(words(thing.get("author"), 100))
    if not _FULLNAME.fullmatch(id) or not by or by in _GONE or by.casefold() == account:
        return None
    html = words(thing.get("body_html") or thing.get("selftext_html"), 200_000)
    said = plain(html) or tidy(words(thing.get("body") or thing.get("selftext"), 100_000))
    if said in _GONE:
        return None
    text = tidy(f"{one_line(words(thing.get('title'), 1000))}\n{said}") if id.startswith("t3") else said
    place = words(thing.get("permalink") or thing.get("context"), 500)
    edited = _at(thing.get("edited"))
    above = words(thing.get("parent_id"), 30)
    address = link(SITE + place) if place.startswith("/r/") else ""
    if not text:
        return None
    return Found(
        id=native_id(id),
        author=Author(
            id=words(thing.get("author_fullname"), 30) or by,
            handle=by,
            url=f"{SITE}/user/{quote(by, safe='')}",
        ),
        text=text,
        posted_at=_at(thing.get("created_utc")),
        url=address,
        reply_to=native_id(above) if id.startswith("t1") and _FULLNAME.fullmatch(above) else "",
        links=links(html, address),
        direct=addressed
        or re.search(rf"(?<!\w)u/{re.escape(account)}(?!\w)", text, re.IGNORECASE) is not None,
        edited=edited is not None,
        as_of=edited,
    )


def _at(seconds: Any) -> datetime | None:
    """Seconds since 1970, as Reddit writes them; None for anything else, `false` too."""
    given = type(seconds) in (int, float) and 0 < seconds < 1 << 33
    return datetime.fromtimestamp(seconds, UTC) if given else None
