"""Hacker News: what is said there, by the search that Algolia keeps of it; polled, without an account.

API: https://hn.algolia.com/api, read 2026-11-30. It takes 10,000 requests an hour from one address.

Settings:
* `kind`: `search` (default) or `site`
* `query`: for a search, what to look for; "with quotes" it is one phrase
* `site`: for links to a site, its name, such as lindebieb.example
* `account`: our own name there, so that our own messages are not heard

The search shows a message up to some minutes after newer ones, so each look goes back `LATE`.
Nobody writes there by program: an answer is a person's, in the browser.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, Unavailable
from chalicelib.platforms._http_json import JsonApi, count, link, words
from chalicelib.platforms._latest import Latest, page
from chalicelib.platforms._text import links, one_line, plain, tidy
from chalicelib.ports import N_, Ear, Kit, Page, Setting

NAME = "hackernews"
ANSWERS = "browser"
CAN = frozenset[str]()
KEYLESS = True
WHY_NOT = N_("Hacker News takes messages from people only, and no advertisement: write as yourself")
OURS = Setting("account", "account", N_("Your own account"), N_("Whose messages are yours."), needed=False)
MISSES = N_("What is older than your first look, and what its search does not find.")
SOURCES = {
    "search": Ear(
        label=N_("Hacker News: a search"),
        settings=(
            Setting("query", "text", N_("What to look for"), N_('With quotes it is one phrase: "open dag".')),
            OURS,
        ),
        leaves_out=(MISSES,),
    ),
    "site": Ear(
        label=N_("Hacker News: links to your site"),
        settings=(Setting("site", "text", N_("Site"), N_("Such as lindebieb.example.")), OURS),
        leaves_out=(N_("Comments below such a link, unless they name your site."), MISSES),
    ),
}

API = "https://hn.algolia.com"
PAGE = 100
LATE = timedelta(minutes=10)
_HOME = "https://news.ycombinator.com"


LIMIT = Limit(10_000, timedelta(hours=1))
"""Of an address it asks from, as the service says at https://hn.algolia.com/api, read 2026-11-30."""


def account(settings: Mapping[str, str]) -> str:
    """All that we look for there is asked by one stranger."""
    return "search"


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "HackerNews":
    """Raises BadInput for a wrong setting."""
    kind = settings.get("kind", "search")
    if kind not in ("search", "site"):
        raise BadInput("kind", "search or site")
    wanted = settings.get("query" if kind == "search" else "site", "").strip()
    if not wanted:
        raise BadInput("query", "what to look for")
    asked = [("query", wanted), ("advancedSyntax", "true"), ("typoTolerance", "false")]
    if kind == "site":
        asked.append(("restrictSearchableAttributes", "url"))
    account = settings.get("account", "").casefold()
    return HackerNews(JsonApi(kit.http, NAME, API, {}), asked, account)


class HackerNews:
    """Listens of `ports.py`. `asked` is what every request asks for."""

    def __init__(self, api: JsonApi, asked: list[tuple[str, str]], account: str) -> None:
        self._api = api
        self._asked = asked
        self._account = account

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest page; from then on everything since `cursor`."""
        return page(cursor, self._latest, self._heard, self._api, LATE)

    def _latest(self, page: str) -> Latest:
        """One page, newest first. `page`, such as `1763719200.2`, is the second (Unix) from which it looks
        back and the page of what it finds there: the search goes a thousand hits deep and no further, so
        each page looks back from where the last one ended."""
        second, _, number = page.partition(".")
        window = [("numericFilters", f"created_at_i<={second}"), ("page", number)] if page else []
        value = self._api.get(
            "/api/v1/search_by_date",
            [*self._asked, ("tags", "(story,comment)"), ("hitsPerPage", str(PAGE)), *window],
        )
        hits = value.get("hits") if isinstance(value, dict) else None
        if not isinstance(hits, list):
            raise Unavailable(NAME, "the answer is not a list")
        usable = ((_at(hit), _id(hit), hit) for hit in hits if isinstance(hit, dict))
        entries = [(at, id, hit) for at, id, hit in usable if at and id]
        if len(hits) < PAGE or not entries:
            return Latest(entries, "")
        oldest = str(int(entries[-1][0].timestamp()))
        return Latest(entries, f"{oldest}.{int(number) + 1 if oldest == second else 0}")

    def _heard(self, hit: Mapping[str, Any]) -> Found | None:
        id, name = _id(hit), one_line(words(hit.get("author"), 200))
        text = _text(hit)
        if not (name and text) or name.casefold() == self._account:
            return None
        above = _number(hit.get("parent_id"))
        return Found(
            id=native_id(id),
            author=Author(id=name, handle=name, url=f"{_HOME}/user?id={quote(name, safe='')}"),
            text=text,
            posted_at=_at(hit),
            url=f"{_HOME}/item?id={quote(id, safe='')}",
            reply_to=native_id(above) if above else "",
            links=links(words(hit.get("comment_text") or hit.get("story_text"), 200_000)),
        )


def _text(hit: Mapping[str, Any]) -> str:
    """A story's title, the page it leads to and what its author said; a comment's words."""
    if said := words(hit.get("comment_text"), 200_000):
        return plain(said)
    told = plain(words(hit.get("story_text"), 200_000))
    return "\n".join(filter(None, (tidy(words(hit.get("title"), 1000)), link(hit.get("url")), told)))


def _at(hit: Mapping[str, Any]) -> datetime | None:
    seconds = count(hit.get("created_at_i"))
    return datetime.fromtimestamp(seconds, UTC) if seconds and seconds < 2**35 else None


def _id(hit: Mapping[str, Any]) -> str:
    return _number(hit.get("objectID"))


def _number(given: Any) -> str:
    return str(given) if isinstance(given, int) and given > 0 else words(given, 40)
