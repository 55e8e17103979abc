"""Is more said of us than usual at this hour of this weekday?

Counts of whole hours, UTC, for eight weeks. The habit of an hour is what the same hour of the week brought on
the clock of the wall there, or the same with the hours next to it, whichever is more: their median, and their
median distance from it. Neither is moved by the storms of the past, as a mean and its deviation would be.
News is what lies so far above that an ordinary hour practically never does; what is little in itself is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from chalicelib.domain.shape import stamp

WEEKS = 8
HOUR = timedelta(hours=1)
LEAST_WEEKS = 3
"""Of which the hour was counted, before anything is called usual."""
FEWEST, FEWEST_NEGATIVE = 10, 6
"""Messages of an hour under which there is no spike."""
FAR = 6.0
"""Spreads above the middle. A spread is 1.4826 median distances; at least the root of the middle, as of what
comes by chance, and at least a third of it, as people come in bursts."""
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
    same, beside = _alike(at, zone)
    habit = [[known[hour] for hour in hours if hour in known] for hours in (same, beside)]
    if len(habit[0]) < LEAST_WEEKS:
        return None
    usual, above = _above([[each[0] for each in hours] for hours in habit], last[0], FEWEST)
    usual_negative, more_negative = _above(
        [[each[1] for each in hours] for hours in habit], last[1], FEWEST_NEGATIVE
    )
    if not above and not more_negative:
        return None
    return Surge(brand, at, last[0], usual, last[1], usual_negative)


def _above(habits: Sequence[Sequence[int]], count: int, fewest: int) -> tuple[int, bool]:
    """The middle of the same hours, and whether this count lies far above all of these habits."""
    return round(_median(habits[0])), count >= fewest and all(count > _most(habit) for habit in habits)


def _most(habit: Sequence[int]) -> float:
    """What an ordinary hour practically never brings more than."""
    middle = _median(habit)
    distance = _median([abs(each - middle) for each in habit])
    return middle + FAR * max(1.4826 * distance, sqrt(max(middle, 1)), middle / 3)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _alike(at: datetime, zone: str) -> tuple[list[datetime], list[datetime]]:
    """The beginnings of the same hour of earlier weeks; and those with the hours beside them."""
    there = ZoneInfo(zone)
    wall = (at - HOUR).astimezone(there).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    same = [
        (wall - timedelta(weeks=weeks)).replace(tzinfo=there).astimezone(UTC) for weeks in range(1, WEEKS + 1)
    ]
    return same, [hour + beside for hour in same for beside in (-HOUR, timedelta(), HOUR)]


def news(found: Surge, told: Surge | None) -> bool:
    """Is it to be told, after what was told last?"""
    return told is None or found.at - told.at >= REST or found.count >= 2 * told.count


def forget(known: Mapping[datetime, Counts], at: datetime) -> dict[datetime, Counts]:
    """Without what no habit asks for any more."""
    first = at - timedelta(weeks=WEEKS) - 3 * HOUR
    return {hour: counts for hour, counts in known.items() if hour >= first}
