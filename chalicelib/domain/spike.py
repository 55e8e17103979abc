"""Is more said of us than usual at this hour of this weekday?

Counts of whole hours, UTC, for eight weeks. The habit of an hour is what the same hour of the week brought,
and the hours next to it, on the clock of the wall there: their median, and their median distance from it.
Neither is moved by the storms of the past, as a mean and its deviation would be. News is what lies so far
above that an ordinary hour practically never does; what is little in itself is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from chalicelib.domain.shape import stamp

WEEKS = 8
HOUR = timedelta(hours=1)
LEAST_KNOWN = 9
"""Hours of a habit: three weeks of three."""
FEWEST, FEWEST_NEGATIVE = 10, 6
"""Messages of an hour under which there is no spike."""
FAR = 5.0
"""Spreads above the middle. A normal spread is 1.4826 median distances; a count's at least its root."""
REST = timedelta(hours=6)
"""After one was told of, only one twice as high is told of so soon."""

Counts = tuple[int, int]
"""Of an hour: messages, and negative ones among them."""


@dataclass(frozen=True, slots=True)
class Surge:
    """`count` messages in the hour up to `at`, where `usual` are; `negative` of them, where `usual_negative`
    are."""

    brand: str
    at: datetime
    count: int
    usual: int
    negative: int
    usual_negative: int

    def __str__(self) -> str:
        """As an alert's set holds it; `read` reads it."""
        numbers = (self.count, self.usual, self.negative, self.usual_negative)
        return "/".join((self.brand, "", stamp(self.at), *map(str, numbers)))


def read(text: str) -> Surge:
    brand, _, at, *numbers = text.split("/")
    return Surge(brand, datetime.fromisoformat(at), *map(int, numbers))


def surge(
    brand: str, known: Mapping[datetime, Counts], last: Counts, at: datetime, zone: str
) -> Surge | None:
    """What the hour up to `at` brought (`last`), if that is news; None where too little is known.

    `known`: whole hours by their beginning, UTC; those that are not there were not counted.
    """
    habit = [known[hour] for hour in _alike(at, zone) if hour in known]
    if len(habit) < LEAST_KNOWN:
        return None
    usual, above = _above([each[0] for each in habit], last[0], FEWEST)
    usual_negative, more_negative = _above([each[1] for each in habit], last[1], FEWEST_NEGATIVE)
    if not above and not more_negative:
        return None
    return Surge(brand, at, last[0], usual, last[1], usual_negative)


def _above(habit: Sequence[int], count: int, fewest: int) -> tuple[int, bool]:
    """The middle, and whether this count lies far above it."""
    middle = _median(habit)
    distance = _median([abs(each - middle) for each in habit])
    spread = max(1.4826 * distance, sqrt(max(middle, 1)))
    return round(middle), count >= fewest and count > middle + FAR * spread


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _alike(at: datetime, zone: str) -> list[datetime]:
    """The beginnings of the same hour of earlier weeks and of those beside it."""
    there = ZoneInfo(zone)
    wall = (at - HOUR).astimezone(there).replace(minute=0, second=0, microsecond=0)
    found = []
    for weeks in range(1, WEEKS + 1):
        middle = (wall.replace(tzinfo=None) - timedelta(weeks=weeks)).replace(tzinfo=there).astimezone(UTC)
        found += [middle - HOUR, middle, middle + HOUR]
    return found


def news(found: Surge, told: Surge | None) -> bool:
    """Is it to be told, after what was told last?"""
    return told is None or found.at - told.at >= REST or found.count >= 2 * told.count


def forget(known: Mapping[datetime, Counts], at: datetime) -> dict[datetime, Counts]:
    """Without what no habit asks for any more."""
    first = at - timedelta(weeks=WEEKS) - 3 * HOUR
    return {hour: counts for hour, counts in known.items() if hour >= first}
