"""Mentions from a file: everything wrong is named by its row and column, what would come is shown, then kept.

A message that is there already stays as it is: the same file twice brings nothing twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.mention import MentionKey
from chalicelib.domain.response import STALE
from chalicelib.stages import bring_in
from chalicelib.web import mentions_file
from chalicelib.web.i18n import Words
from chalicelib.web.mention_cells import FACTS
from chalicelib.web.mentions_file import Reader, Row
from chalicelib.web.noting import noted
from chalicelib.web.request import LONGEST
from chalicelib.web.sheet import Wrong
from chalicelib.web.visit import Go, Outcome, Page, Visit

SHOWN = 20
"""Rows of the preview."""
NAMED = 100
"""Rows of which the faults are named at once."""
MOST_DAYS = STALE.days
"""Older ones ask for no answer, whoever brings them."""
EXAMPLE = """posted;network;author;text;url
2026-11-23 09:12;mastodon;regenjas42;Wanneer is de bieb weer open?;https://mastodon.example/@regenjas42/1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is in a file, and which rows of it are there already, by place."""

    found: mentions_file.Read
    known: frozenset[int] = field(default_factory=frozenset)

    @property
    def fresh(self) -> list[Row]:
        return [row for row in self.found.rows if row.place not in self.known]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview."""

    posted: datetime
    network: str
    author: str
    text: str
    known: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """`where` and `said` in words, `field` as it is called in the file."""

    where: str
    field: str
    said: str


def show(visit: Visit) -> Page:
    done = tuple(_number(visit.query.get(name, ""), 4) for name in ("kept", "known"))
    return _page(visit, "", done=done if any(done) else ())


def take(visit: Visit) -> Outcome:
    """Look through the file; with `do=keep`, and nothing wrong, keep what is new in it."""
    text = visit.form.get("table", "") or visit.form.get("text", "")
    looked = look(visit, text)
    if looked.found.wrong:
        return _page(visit, text, wrong=looked.found.wrong, is_csv=looked.found.is_csv)
    if visit.form.get("do") != "keep":
        return _page(visit, text, looked=looked)
    keep(visit, looked, min(_number(visit.form.get("days", ""), 1), MOST_DAYS))
    return Go(f"/mentions/import?kept={len(looked.fresh)}&known={len(looked.known)}")


def look(visit: Visit, text: str) -> Looked:
    """Read the file, and look which of it is there; nothing is written."""
    found = Reader(visit.words.zone, visit.now, visit.desk.tidy).read(text)
    if found.wrong:
        return Looked(found=found)
    keys = {row.place: MentionKey(visit.brand.id, row.found.platform, row.found.id) for row in found.rows}
    there = visit.desk.mentions.get_many(list(keys.values()))
    return Looked(found=found, known=frozenset(place for place, key in keys.items() if key in there))


def keep(visit: Visit, looked: Looked, days: int) -> None:
    """All of it, in the log with how many were new. What of it is there stays as it is, and is judged if it
    still waits for that; of the last so many `days` cases may come."""
    line = visit.line("mention.import", after=json.dumps({"number": len(looked.fresh), "days": days}))
    with noted(visit.desk, line):
        bring_in.run(
            visit.brand,
            ((row.found, row.edit) for row in looked.found.rows),
            work_since=visit.now - timedelta(days=days),
            mentions=visit.desk.mentions,
            tasks=visit.desk.tasks,
            now=visit.now,
        )


def _number(given: str, digits: int) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= digits else 0


def _fault(wrong: Wrong, is_csv: bool, words: Words) -> Fault:
    row = words.gettext("Row %(number)s") if is_csv else words.gettext("Line %(number)s")
    where = row % {"number": wrong.place} if wrong.place else ""
    return Fault(where, wrong.name, words.gettext(wrong.said, **wrong.values))


def _line(row: Row, looked: Looked, words: Words) -> Line:
    found = row.found
    return Line(
        row.posted_at,
        words.network(found.platform),
        found.author.handle,
        found.text,
        row.place in looked.known,
    )


def _page(
    visit: Visit,
    text: str,
    *,
    wrong: Sequence[Wrong] = (),
    is_csv: bool = True,
    looked: Looked | None = None,
    done: tuple[int, ...] = (),
) -> Page:
    rows = list(dict.fromkeys(each.place for each in wrong if each.place))
    named = {0, *rows[:NAMED]}
    found = looked.found.rows if looked else []
    values = {
        "text": text.removeprefix("\ufeff").replace("\r\n", "\n"),
        "faults": [_fault(each, is_csv, visit.words) for each in wrong if each.place in named],
        "wrong": len(wrong),
        "rows_left": len(rows[NAMED:]),
        "preview": [_line(row, looked, visit.words) for row in found[:SHOWN]] if looked else [],
        "more": len(found[SHOWN:]),
        "fresh": len(looked.fresh) if looked else 0,
        "known": len(looked.known) if looked else 0,
        "finished": done,
        "names": FACTS,
        "needed": (*mentions_file.NEEDED, "native_id"),
        "example": EXAMPLE,
        "most": mentions_file.MOST,
        "longest": LONGEST,
        "days": range(1, MOST_DAYS + 1),
    }
    return Page(template="mention_import.html", place="mentions", values=values, status=422 if wrong else 200)
