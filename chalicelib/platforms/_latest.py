"""Reading on in a list that a network gives newest first, page by page backwards.

A reading goes from the newest entry back to what was read before; then the newest is where the next
one ends. Where that is further than a few pages, it says so and goes on from there the next time, so
that nothing between is lost however much came.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.mention import Found
from chalicelib.errors import Rejected, Unauthorized
from chalicelib.platforms._http_json import JsonApi, moment
from chalicelib.ports import Page

PAGES = 5
IDS = 100
"""Of entries at the end of a reading so many are remembered; what is beyond is read again."""


NEVER_LATE = timedelta(0)


class Latest(NamedTuple):
    """One page, newest first, and the network's name for the next older one ("" at the end)."""

    entries: list[tuple[datetime, str, dict[str, Any]]]
    """(when, id, the item itself)."""
    older: str


@dataclass(frozen=True, slots=True)
class Mark:
    """All before this moment was read, and of what is not before it these. `at` is None at first."""

    at: datetime | None = None
    ids: tuple[str, ...] = ()

    def knows(self, at: datetime, id: str) -> bool:
        return self.at is not None and (at < self.at or id in self.ids)

    def after(self, entries: list[tuple[datetime, str, dict[str, Any]]], late: timedelta) -> "Mark":
        """The newest entry's moment, less the time by which others may come `late`."""
        newest = max((at for at, _, _ in entries), default=None)
        if newest is None or (self.at and newest - late <= self.at):
            return Mark(self.at, (*(id for _, id, _ in entries), *self.ids)[:IDS])
        end = newest - late
        before = self.ids if late else ()
        return Mark(end, (*(id for at, id, _ in entries if at >= end), *before)[:IDS])

    def __str__(self) -> str:
        return " ".join((self.at.isoformat(), *self.ids)) if self.at else ""

    @classmethod
    def of(cls, text: str) -> "Mark":
        at, *ids = text.split(" ")
        return cls(moment(at), tuple(ids))


@dataclass(frozen=True, slots=True)
class Reading:
    """`end` is where it stops; `top`, where it began, and `page`, where it goes on, while it is under way.

    As a cursor: `end`, or `end|top|page`.
    """

    end: Mark
    top: Mark = Mark()
    page: str = ""

    @classmethod
    def of(cls, cursor: str) -> "Reading":
        end, _, rest = cursor.partition("|")
        top, _, page = rest.partition("|")
        return cls(Mark.of(end), Mark.of(top), page)

    def __str__(self) -> str:
        return f"{self.end}|{self.top}|{self.page}" if self.page else str(self.end)

    def through(
        self, ask: Callable[[str], Latest], late: timedelta = NEVER_LATE
    ) -> tuple[list[dict[str, Any]], "Reading"]:
        """What is new, newest first, and the reading to go on with. An entry may show up so `late`, behind
        newer ones, and is read then."""
        fresh: list[tuple[datetime, str, dict[str, Any]]] = []
        page = self.page
        for _ in range(PAGES):
            entries, older = _asked(ask, page)
            seen = {id for _, id, _ in fresh}
            fresh += [entry for entry in entries if entry[1] not in seen and not self.end.knows(*entry[:2])]
            done = self.end.at is None or (entries and self._behind(*entries[-1][:2], late))
            if done or older in ("", page):
                page = ""
                break
            page = older
        top = self.top if self.top.at else self.end.after(fresh, late)
        return [item for _, _, item in fresh], Reading(self.end, top, page) if page else Reading(top)

    def _behind(self, at: datetime, id: str, late: timedelta) -> bool:
        """Was all that is older read?"""
        return self.end.knows(at, id) and (not late or (self.end.at is not None and at < self.end.at))


def page(
    cursor: str,
    ask: Callable[[str], Latest],
    read: Callable[[dict[str, Any]], Found | None],
    api: JsonApi,
    late: timedelta = NEVER_LATE,
) -> Page:
    """One poll of a source that is such a list: what is new and can be `read`, oldest first."""
    heard, following = Reading.of(cursor).through(ask, late)
    found = tuple(each for each in map(read, reversed(heard)) if each)
    return Page(found=found, cursor=str(following), more=bool(following.page), quota=api.quota)


def _asked(ask: Callable[[str], Latest], page: str) -> Latest:
    """A network that refuses to go further back has no more to give."""
    try:
        return ask(page)
    except Unauthorized:
        raise
    except Rejected:
        if not page:
            raise
        return Latest([], "")
