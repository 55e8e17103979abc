"""Mentions: the timeline, newest first, with filters that are an address.

The table lists by UTC day; the page shows the brand's days. So it reads backwards from the end of the
day that is asked for, and its place (`from`) is a UTC day with the table's own cursor in it.
A page looks at as much as a few requests can show, and says how far back that was.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from urllib.parse import urlencode

from chalicelib.errors import BadInput
from chalicelib.ports import Listing, Wanted
from chalicelib.web import cells, export, listening, mention_cells, mention_rows
from chalicelib.web.i18n import N_, SPOKEN
from chalicelib.web.listening import Ear
from chalicelib.web.mention_rows import Row
from chalicelib.web.places import INDEXED, sound
from chalicelib.web.reading import LABELS
from chalicelib.web.visit import Outcome, Page, Visit

ROWS = 20
THROUGH = 1_000
"""Mentions looked through at once for those that a filter leaves."""
READS, IN_VAIN = 4, 2
"""Reads of the day index for one page, and how many where they find nothing; what lies further back is behind
the link."""
QUIET = 31
"""Days in a row without a mention, after which a page looks no further by itself."""
AT_LEAST = timedelta(hours=3)
"""Of a day: how fast it goes is not told by a few mentions in its first hours."""
BUSY = 10 * ROWS
"""Mentions a day, by which the day before is for pages of its own."""
YEAR = 400
"""The same where all are asked for: what was heard is kept for a year."""
FILTERS = ("label", "platform", "language", "watch", "author", "state", "copies")
COPIES = {"none": N_("Each story once"), "only": N_("Copies only")}
STATES = {
    "answer": N_("To answer"),
    "thank": N_("To thank"),
    "ignore": N_("Nothing asked"),
    "capped": N_("Over the cap"),
    "noise": N_("Held as noise"),
}
AT_ONCE = 100
"""Mentions read whole together, for a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`end` is the first moment after the last day; `start` the first of the first day, None: all before."""

    day: date
    since: date | None
    end: datetime
    start: datetime | None
    chosen: dict[str, str]

    @property
    def wanted(self) -> Wanted:
        author = self.chosen["author"].strip().removeprefix("@")
        return Wanted(**{**self.chosen, "author": author})

    @property
    def address(self) -> dict[str, str]:
        """As the query of an address."""
        kept = {name: value for name, value in self.chosen.items() if value}
        return {**kept, **({"since": self.since.isoformat()} if self.since else {})}


def show(visit: Visit) -> Outcome:
    """`since` and `day` (yyyy-mm-dd, the brand's days) and the filters come from the address."""
    asked = asked_for(visit)
    if export.asked(visit):
        return export.download(visit, "mentions", mention_cells.COLUMNS, _cells(visit, asked))
    found, older, silent = read(visit, asked)
    known = visit.desk.mentions.get_many([listing.key for listing in found]) if found else {}
    rows = [mention_rows.of_listing(visit, each, *known.get(each.key, (None, None))) for each in found]
    by_day = groupby(rows, key=lambda row: visit.words.local(row.at).date())
    kept = {**asked.address, **({"day": asked.day.isoformat()} if visit.query.get("day") else {})}
    values = {
        "ears": [] if found else _ears(visit),
        "days": [(visit.words.day_title(each), list(group)) for each, group in by_day],
        "day": asked.day.isoformat(),
        "since": asked.since.isoformat() if asked.since else "",
        "today": visit.words.today().isoformat(),
        "chosen": asked.chosen,
        "choices": _choices(visit, {each.key.platform for each in found} | {asked.chosen["platform"]} - {""}),
        "tally": _tally(visit, rows, kept),
        "filtered": bool(asked.address),
        "older": "/mentions?" + urlencode({**kept, "from": older}) if older else "",
        "file": "/mentions?" + urlencode({**kept, "as": ""}),
        "back": "/mentions?" + urlencode({**kept, **_from(visit)}),
        "reached": _reached(visit, older) if older and len(found) < ROWS else "",
        "quiet": QUIET if silent else 0,
        "further": "/mentions?" + urlencode({**asked.address, "day": silent.isoformat()}) if silent else "",
        "continued": bool(visit.query.get("from")),
        "toast": mention_rows.toast(visit),
    }
    return Page(template="mentions.html", place="mentions", values=values)


def _ears(visit: Visit) -> list[Ear]:
    """Sources that fail, are silent or are stopped: where nothing is shown, that may be why."""
    sources = visit.desk.sources.of(visit.brand.id)
    return [ear for ear in listening.ears(sources, visit.brand, visit.words) if ear.trouble]


def asked_for(visit: Visit) -> Asked:
    chosen = {name: visit.query.get(name, "")[:80] for name in FILTERS}
    if chosen["copies"] and chosen["copies"] not in COPIES:
        raise BadInput("copies", "none or only")
    expected = "a date such as 2026-11-23"
    given, first = visit.query.get("day", ""), visit.query.get("since", "")
    day = _date(given, "day", expected) if given else visit.words.today()
    since = _date(first, "since", expected) if first else None
    if since and since > day:
        raise BadInput("since", "a day before the last one")
    zone = visit.words.zone
    return Asked(
        day=day,
        since=since,
        end=datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC),
        start=datetime.combine(since, time(), zone).astimezone(UTC) if since else None,
        chosen=chosen,
    )


def _date(given: str, field: str, expected: str) -> date:
    """A day with days and time zones around it: neither the year 1 nor 9999 has those."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        raise BadInput(field, expected) from None
    if not 1900 <= found.year < 3000:
        raise BadInput(field, expected)
    return found


def read(
    visit: Visit,
    asked: Asked,
    *,
    most: int = READS,
    in_vain: int = IN_VAIN,
    silence: int = QUIET,
    rows: int = ROWS,
) -> tuple[list[Listing], str, date | None]:
    """The `rows` of one page; the place where the next begins ("" where nothing is looked for any more:
    before the first day asked for, or where none is, after `silence` quiet days); and the day that it then
    came to.

    It reads on only where little was looked through: then the days are quiet, and reading on costs little.
    """
    utc_day, cursor, quiet = _place(visit, asked.end)
    found: list[Listing] = []
    through = 0
    for reads in range(1, most + 1):
        looked = visit.desk.mentions.look(
            visit.brand.id,
            utc_day.isoformat(),
            limit=rows - len(found),
            through=THROUGH,
            before=cursor,
            wanted=asked.wanted,
        )
        found += [each for each in looked.found if _within(each, asked)]
        through += looked.through
        quiet = 0 if looked.through or "#" in cursor or asked.start else quiet + 1
        busy = bool(found) and _busy(through, utc_day, visit.now)
        cursor = looked.place
        if not cursor:
            utc_day -= timedelta(days=1)
        if _passed(utc_day, asked):
            return found, "", None
        if quiet >= silence:
            return found, "", utc_day
        if through >= rows or busy or (reads == in_vain and not found):
            break
    return found, f"{utc_day.isoformat()}{f'.{quiet}' if quiet else ''}~{cursor}", None


def _busy(through: int, utc_day: date, now: datetime) -> bool:
    """Does a day that has just begun go so fast that the one before is for pages of its own?"""
    gone = now - datetime.combine(utc_day, time(), UTC)
    day = timedelta(days=1)
    return timedelta() < gone < day and through * day >= BUSY * max(gone, AT_LEAST)


def _reached(visit: Visit, older: str) -> str:
    """How far back was looked to come to this place, in words."""
    at, _, cursor = older.partition("~")
    day = date.fromisoformat(at.partition(".")[0])
    first = cursor.partition("#")[0]
    reached = (
        datetime.fromisoformat(f"{day}T{first}+00:00")
        if first
        else datetime.combine(day + timedelta(days=1), time(), UTC)
    )
    return visit.words.moment(reached)


def _within(listing: Listing, asked: Asked) -> bool:
    return listing.posted_at < asked.end and (asked.start is None or listing.posted_at >= asked.start)


def _passed(utc_day: date, asked: Asked) -> bool:
    """Does this day, and every one before it, lie before the first that is asked for?"""
    return asked.start is not None and utc_day < asked.start.date()


def _place(visit: Visit, end: datetime) -> tuple[date, str, int]:
    """The UTC day, the cursor in it, and how many days without any mention lie behind it: `2026-11-23.4~`."""
    given = visit.query.get("from", "")
    if not given:
        return (end - timedelta(seconds=1)).date(), f"{end:%H:%M}" if end.time() != time() else "", 0
    expected = "a place that a page of ours gave"
    at, _, cursor = given.partition("~")
    day, _, quiet = at.partition(".")
    sound(INDEXED, cursor, "from")
    if quiet and not re.fullmatch("[1-9][0-9]?|[1-3][0-9]{2}", quiet):
        raise BadInput("from", expected)
    return _date(day, "from", expected), cursor, int(quiet or 0)


def _from(visit: Visit) -> dict[str, str]:
    given = visit.query.get("from", "")
    return {"from": given} if given else {}


def _tally(visit: Visit, rows: Sequence[Row], asked: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """The feelings on this page: (mood, word, count, address of those rows)."""
    counts = Counter(row.mood for row in rows)
    return [
        (mood, visit.words.gettext(said), counts[mood], "/mentions?" + urlencode({**asked, "label": mood}))
        for mood, said in LABELS.items()
    ]


def _choices(visit: Visit, seen: set[str]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, word). `seen` are platforms of this page's rows."""
    words, brand = visit.words, visit.brand
    platforms = {channel.platform for channel in brand.channels} | seen
    return {
        "label": [(mood, words.gettext(said)) for mood, said in LABELS.items()],
        "platform": [(each, words.network(each)) for each in sorted(platforms)],
        "language": [(code, words.gettext(said)) for code, said in SPOKEN.items()],
        "watch": [(watch.id, watch.name) for watch in brand.watches],
        "state": [(state, words.gettext(said)) for state, said in STATES.items()],
        "copies": [(value, words.gettext(said)) for value, said in COPIES.items()],
    }


# as a file ------------------------------------------------------------------------------------------


def _cells(visit: Visit, asked: Asked) -> Iterator[cells.Row]:
    """Of every mention that fits, newest first, read whole in batches as they are asked for."""
    batch: list[Listing] = []
    for listing in _all(visit, asked):
        batch.append(listing)
        if len(batch) == AT_ONCE:
            yield from _whole(visit, batch)
            batch = []
    yield from _whole(visit, batch)


def _all(visit: Visit, asked: Asked) -> Iterator[Listing]:
    """Past quiet days too: it ends at the first day asked for, and where none is, after a month without."""
    utc_day, cursor = (asked.end - timedelta(seconds=1)).date(), ""
    quiet, silence = 0, YEAR if asked.start else QUIET
    while quiet < silence and not _passed(utc_day, asked):
        looked = visit.desk.mentions.look(
            visit.brand.id,
            utc_day.isoformat(),
            limit=THROUGH,
            through=THROUGH,
            before=cursor,
            wanted=asked.wanted,
        )
        yield from (each for each in looked.found if _within(each, asked))
        quiet = 0 if looked.through or "#" in cursor else quiet + 1
        cursor = looked.place
        if not cursor:
            utc_day -= timedelta(days=1)


def _whole(visit: Visit, batch: Sequence[Listing]) -> Iterator[cells.Row]:
    known = visit.desk.mentions.get_many([each.key for each in batch])
    for listing in batch:
        yield mention_cells.cells(listing, *known.get(listing.key, (None, None)))
