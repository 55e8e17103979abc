"""Reading on in X's lists, which are newest first, and charged by the message.

A turn goes from the newest back to what was read before; then the newest is where the next one ends. Where
that is more than may be paid for at once, it says so and goes on from there, so that nothing between is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import Rejected, Unauthorized, Unavailable
from chalicelib.platforms._http_json import words
from chalicelib.platforms._x_api import Api
from chalicelib.platforms._x_posts import FIELDS, begun, dated, found, names, number, people
from chalicelib.ports import Page

LEAST, WHOLE = {False: 5, True: 10}, 100
"""Posts of one request, fewest by whether it is a search."""
WEEK = timedelta(days=7, minutes=-10)
"""So far back a search goes, less what a request takes."""
PAGES = 3
"""Of our own posts, that one look goes through."""
LAPSED = {"meta": {"lapsed": True}}


@dataclass(frozen=True, slots=True)
class Turn:
    """`us` is our number, asked once; all up to `end` was read. `top`, where it began, and `page`, where it
    goes on, while it is under way."""

    us: str = ""
    end: str = ""
    top: str = ""
    page: str = ""

    @classmethod
    def of(cls, cursor: str) -> "Turn":
        us, end, top, page = (cursor.split("|", 3) + [""] * 4)[:4]
        return cls(us, number(end), number(top), page)

    def __str__(self) -> str:
        return "|".join((self.us, self.end, self.top, self.page) if self.page else (self.us, self.end))

    def after(self, ids: Sequence[str], meta: Mapping[str, Any], now: datetime) -> "Turn":
        """After a page with these; the first look has but one, and begins a minute ago where nothing is."""
        if "lapsed" in meta:
            return Turn(self.us, self.end)
        newest = str(max((int(id) for id in ids if id), default=0))
        if not self.end:
            return Turn(self.us, newest if newest != "0" else begun(now - timedelta(minutes=1)))
        top = self.top or str(max(int(newest), int(self.end)))
        page = words(meta.get("next_token"), 500)
        return Turn(self.us, self.end, top, page) if page else Turn(self.us, top)


def listen(api: Api, account: str, query: str, cursor: str, most: int) -> Page:
    """What is new since `cursor` of who names the account, or of a search; at most `most` posts, and never
    fewer than X gives at least."""
    turn, now, least = Turn.of(cursor), datetime.now(UTC), LEAST[bool(query)]
    if not turn.us and not query:
        turn = Turn(number(api.user().get("id")))
    posts: list[Mapping[str, Any]] = []
    users: dict[str, Mapping[str, Any]] = {}
    while True:
        asked = max(least, min(WHOLE, most - len(posts))) if turn.end else least
        value = _page(api, query, turn, asked, now)
        got = [post for post in value.get("data", []) if isinstance(post, dict)]
        posts += got
        users |= people(value.get("includes"))
        turn = turn.after([number(post.get("id")) for post in got], value["meta"], now)
        if not turn.page or len(posts) + least > most:
            break
    ours = {id for id, user in users.items() if words(user.get("username"), 50).casefold() == account}
    heard = (
        found(post, users, direct=not query or names(post, turn.us, account))
        for post in sorted(posts, key=lambda post: int(number(post.get("id")) or 0))
        if number(post.get("author_id")) not in {*ours, turn.us}
    )
    return Page(
        found=tuple(each for each in heard if each),
        cursor=str(turn),
        more=bool(turn.page),
        quota=api.quota,
        read=len(posts),
    )


def _page(api: Api, query: str, turn: Turn, most: int, now: datetime) -> dict[str, Any]:
    """One answer; `LAPSED` where X does not know the page any more, and we begin anew where we were."""
    asked = [("max_results", str(most)), *FIELDS]
    if query:
        path, page = "/2/tweets/search/recent", "next_token"
        asked.append(("query", query))
    else:
        path, page = f"/2/users/{turn.us}/mentions", "pagination_token"
    if turn.end and query and dated(turn.end) < now - WEEK:  # a search refuses numbers older than that
        asked.append(("start_time", (now - WEEK).strftime("%Y-%m-%dT%H:%M:%SZ")))
    elif turn.end:
        asked.append(("since_id", turn.end))
    if turn.page:
        asked.append((page, turn.page))
    try:
        value = api.get(path, asked)
    except Unauthorized:
        raise
    except Rejected:
        if not turn.page:
            raise
        return dict(LAPSED)
    return _listed(value)


def latest(api: Api, fields: tuple[str, str], since: datetime) -> Iterator[Mapping[str, Any]]:
    """Our own posts since then, newest first. Raises Unavailable after so many that it does not go on."""
    us, page = number(api.user().get("id")), ""
    asked = [("max_results", "100"), fields, ("start_time", since.strftime("%Y-%m-%dT%H:%M:%SZ"))]
    for _ in range(PAGES):
        further = [("pagination_token", page)] if page else []
        value = _listed(api.get(f"/2/users/{us}/tweets", [*asked, *further]))
        yield from (post for post in value.get("data", []) if isinstance(post, dict))
        if not (page := words(value["meta"].get("next_token"), 500)):
            return
    raise Unavailable("x", "too much was posted since then to look through")


def _listed(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("meta"), dict):
        raise Unavailable("x", "the answer is not a list")
    if not isinstance(value.get("data", []), list):
        raise Unavailable("x", "the answer is not a list")
    return value
