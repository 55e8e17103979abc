"""When the example's people speak: from the month before the first start, and every day from then on.

All of it follows from the moments kept in `world.json`: the first start, and each day's opening. So
whatever was said keeps its id and its time when the world is started again.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2s
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from infra.local.world import HOME

ZONE = ZoneInfo("Europe/Amsterdam")
OPENING = time(8)
"""When a day begins in a world that runs on through the night."""
WEEK = (0.9, 0.8, 1.2, 0.8, 0.9, 1.7, 1.6)
"""How much is said from Monday to Sunday: people have time at the weekend, children on Wednesday."""
HOURS = {7: 2, 8: 3, 9: 4, 10: 4, 11: 4, 12: 5, 13: 4, 14: 4, 15: 5, 16: 6, 17: 5, 18: 5, 19: 7, 20: 8, 21: 6}
MORNING = {7: 9, 8: 7, 9: 5, 10: 4, 11: 3, 12: 3, 13: 1}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a content file. `when` is "any" except in the history."""

    when: str
    language: str
    kind: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line with its moment (UTC, whole seconds) and an id that no restart changes."""

    id: str
    at: datetime
    line: Line


def lines(name: str) -> tuple[Line, ...]:
    """The rows of a content file of this folder, in order."""
    rows = (HOME / name).read_text("utf-8").splitlines()
    cells = [row.split("\t") for row in rows if not row.startswith("#")]
    return tuple(Line(*(row if len(row) == 5 else ("any", *row))) for row in cells)


# kept moments ----------------------------------------------------------------------------------------


class Calendar:
    """The moments that everything else is reckoned from, kept in `world.json` of a folder."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """Opens this day at `now`, if it was not open before."""
        self._path = folder / "world.json"
        kept = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        self._lock = threading.Lock()
        now = now.astimezone(UTC).replace(microsecond=0)
        self.first_start = datetime.fromisoformat(kept.get("first_start", now.isoformat()))
        self._openings = {
            date.fromisoformat(day): datetime.fromisoformat(at)
            for day, at in kept.get("openings", {}).items()
        }
        folder.mkdir(parents=True, exist_ok=True)
        self._open(now.astimezone(ZONE).date(), now)

    def openings(self, now: datetime) -> list[tuple[date, datetime]]:
        """The last two days that were opened by `now`, and when. Opens a new day at `OPENING`."""
        today = now.astimezone(ZONE).date()
        opening = datetime.combine(today, OPENING, ZONE).astimezone(UTC)
        with self._lock:
            if now >= opening:
                self._open(today, opening)
            return sorted(self._openings.items())

    def _open(self, day: date, at: datetime) -> None:
        if day in self._openings:
            return
        self._openings = dict(sorted({**self._openings, day: at}.items())[-2:])
        kept = {
            "first_start": self.first_start.isoformat(),
            "openings": {day.isoformat(): at.isoformat() for day, at in self._openings.items()},
        }
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(kept, indent=1), "utf-8")
        draft.replace(self._path)


# every day ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stream:
    """Lines that appear through the day. `offsets` are seconds after its opening, one a line."""

    lines: tuple[Line, ...]
    offsets: tuple[int, ...]

    def said(self, calendar: Calendar, now: datetime) -> list[Said]:
        """What was said by `now`, oldest first. A new day goes on where the last one stopped."""
        found = []
        for day, opening in calendar.openings(now):
            began = calendar.first_start.astimezone(ZONE).date()
            start = (day - began).days * len(self.offsets)
            for number, offset in enumerate(self.offsets):
                line = self.lines[(start + number) % len(self.lines)]
                at = opening + timedelta(seconds=offset)
                if at <= now:
                    found.append(Said(f"{day}-{_mark(line)}", at, line))
        return found


def square() -> Stream:
    """The town square's feed: three at once, one every two minutes for half an hour, then slower."""
    return Stream(lines("square.tsv"), _offsets((0, 1, 2), (12, 120), (15, 600)))


def reviews() -> Stream:
    """Three within twenty seconds, one every four minutes for half an hour, then slower."""
    return Stream(lines("reviews.tsv"), _offsets((2, 8, 14), (7, 240), (10, 1200)))


def _offsets(first: Sequence[int], *runs: tuple[int, int]) -> tuple[int, ...]:
    """`first`, then runs of so many, each so many seconds after the one before."""
    found = list(first)
    for count, step in runs:
        found += [found[-1] + step * number for number in range(1, count + 1)]
    return tuple(found)


# the days before ------------------------------------------------------------------------------------


def past_days(calendar: Calendar) -> list[date]:
    """The whole calendar month before the first start, and the days of this one until then."""
    until = calendar.first_start.astimezone(ZONE).date()
    first = (until.replace(day=1) - timedelta(days=1)).replace(day=1)
    return [first + timedelta(days=number) for number in range((until - first).days)]


def last_month(calendar: Calendar) -> list[date]:
    """The days of the month before the first start: the one that the example's report is about."""
    days = past_days(calendar)
    return [day for day in days if day.month == days[0].month]


def boiler(calendar: Calendar) -> date:
    """The morning on which it broke: the third Tuesday of last month."""
    return [day for day in last_month(calendar) if day.weekday() == 1][2]


def history(calendar: Calendar) -> list[Said]:
    """The guest book of the days before the first start, newest first: something on each of them.

    The lines marked `spike` are of the boiler's morning, `after` of the days since.
    """
    until = calendar.first_start.astimezone(ZONE).date()
    days = past_days(calendar)
    broke = boiler(calendar)
    fits = {
        "any": days,
        "weekend": [day for day in days if day.weekday() >= 5],
        "weekday": [day for day in days if day.weekday() < 5],
        "spike": [broke],
        "after": [day for day in days if 1 <= (day - broke).days <= 6],
    }
    chance = Random(f"guest book of {until}")  # noqa: S311 - the same month at every start is the point
    quiet = iter(days)
    found = []
    for line in lines("history.tsv"):
        choice = fits[line.when]
        day = chance.choices(choice, [WEEK[day.weekday()] for day in choice])[0]
        if line.when == "any":
            day = next(quiet, day)
        at = some_time(day, chance, MORNING if line.when == "spike" else HOURS)
        found.append(Said(f"{until}-{_mark(line)}", at, line))
    return sorted(found, key=lambda said: (said.at, said.id), reverse=True)


def some_time(day: date, chance: Random, hours: dict[int, int] = HOURS) -> datetime:
    """A moment of a day, in UTC; `hours` says how much is said in each."""
    hour = chance.choices(list(hours), list(hours.values()))[0]
    return datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), ZONE).astimezone(UTC)


def _mark(line: Line) -> str:
    return blake2s(f"{line.author}\n{line.text}".encode(), digest_size=6).hexdigest()
