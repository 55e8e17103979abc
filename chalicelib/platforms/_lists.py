"""Reading on in several lists at once, each newest first and given page by page: the comments below our
newest posts.

A reading goes back in every list to what was read before. Where that is further than a few pages it says so
and goes on from there the next time, so that nothing between is lost however much came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.platforms._latest import Mark

PAGES = 10
LATE = timedelta(seconds=60)
"""An entry may show up so late, behind newer ones of another list."""

Entry = tuple[datetime, str, dict[str, Any]]
"""When, its id, the item itself."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of one list, and the name of the next older one ("" at its end; else without a line end)."""

    entries: Sequence[Entry]
    older: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What is new, oldest first, and the cursor to go on with."""

    items: list[dict[str, Any]]
    cursor: str
    more: bool


def news(cursor: str, ask: Callable[[str], Sequence[Listed]]) -> News:
    """`ask("")` gives the first page of each list, `ask(older)` what follows. The cursor is the mark of what
    was read; while a reading is under way also where it began, and the pages that wait."""
    ends, _, rest = cursor.partition("|")
    began, _, waiting = rest.partition("|")
    end, top, pages = Mark.of(ends), Mark.of(began), [""]
    if waiting:
        pages = waiting.split("\n")
    fresh: dict[str, Entry] = {}
    for _ in range(PAGES):
        if not pages:
            break
        for listed in ask(pages.pop(0)):
            fresh |= {entry[1]: entry for entry in listed.entries if not end.knows(*entry[:2])}
            if listed.older and end.at and not any(entry[0] < end.at for entry in listed.entries):
                pages.append(listed.older)
    found = sorted(fresh.values(), key=lambda entry: entry[:2])
    top = top if top.at else end.after(found, LATE)
    items = [item for _, _, item in found]
    if pages:
        return News(items, "|".join((str(end), str(top), "\n".join(pages))), more=True)
    return News(items, str(top), more=False)
