"""On which days a whole-day event repeats (RFC 5545, RRULE): asked day by day, so that its cost is known.

A stranger writes the rule. Nothing is expanded: each day of the stretch asked for is held against it, and a
`Budget` counts the days of all the rules of one file. What has to do with hours is refused, and what counts
weeks or days of a year, which no calendar of closed days was seen to use.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = frozenset(
    ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS")
)
DAY = timedelta(days=1)


class Budget:
    """How many days may still be held against rules. `spend` raises ValueError when none is left."""

    def __init__(self, days: int) -> None:
        self._left = days

    def spend(self, days: int = 1) -> None:
        self._left -= days
        if self._left < 0:
            raise ValueError("its rules take too long")


@dataclass(frozen=True, slots=True)
class Rule:
    """`weekdays` are (0 is Monday; the n-th of its month or year, or 0), `positions` those in a period."""

    start: date
    often: str
    interval: int
    count: int
    until: date
    week_begins: int
    weekdays: Sequence[tuple[int, int]]
    months: Sequence[int]
    month_days: Sequence[int]
    positions: Sequence[int]

    def days(self, first: date, last: date, budget: Budget) -> Iterator[date]:
        """The days of this stretch on which it falls, in order."""
        last, n = min(last, self.until), 0
        day = self.start if self.count else max(first, self.start)
        while day <= last and (not self.count or n < self.count):
            budget.spend()
            if self._falls_on(day, budget):
                n += 1
                if day >= first:
                    yield day
            if day == date.max:
                return
            day += DAY

    def _falls_on(self, day: date, budget: Budget) -> bool:
        if self.interval > 1 and (self._period(day) - self._period(self.start)) % self.interval:
            return False
        if not self._fits(day):
            return False
        if not self.positions:
            return True
        budget.spend(366 if self.often == "YEARLY" else 31)
        fitting = [each for each in self._around(day) if self._fits(each)]
        place = fitting.index(day)
        return place + 1 in self.positions or place - len(fitting) in self.positions

    def _fits(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days:
            backwards = day.day - _month_length(day) - 1
            if day.day not in self.month_days and backwards not in self.month_days:
                return False
        return not self.weekdays or any(self._is(day, *each) for each in self.weekdays)

    def _is(self, day: date, weekday: int, nth: int) -> bool:
        if day.weekday() != weekday:
            return False
        if not nth or self.often in ("DAILY", "WEEKLY"):
            return True
        if self.often == "YEARLY" and not self.months:
            place, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
        else:
            place, length = day.day, _month_length(day)
        return nth == ((place - 1) // 7 + 1 if nth > 0 else -((length - place) // 7 + 1))

    def _period(self, day: date) -> int:
        if self.often == "YEARLY":
            return day.year
        if self.often == "MONTHLY":
            return day.year * 12 + day.month
        if self.often == "WEEKLY":
            return (day.toordinal() - 1 - self.week_begins) // 7
        return day.toordinal()

    def _around(self, day: date) -> Iterator[date]:
        """The days of its period."""
        period, each = self._period(day), day
        while each > date.min and self._period(each - DAY) == period:
            each -= DAY
        while self._period(each) == period:
            yield each
            if each == date.max:
                return
            each += DAY


def read(parts: Mapping[str, Sequence[Any]], start: date) -> Rule:
    """The parts as icalendar reads them: each a list. Raises ValueError for what is not followed."""
    said = {name.upper(): [str(each).upper() for each in parts[name]] for name in parts}
    if unknown := said.keys() - _KNOWN:
        raise ValueError(f"repeats by {min(unknown)}")
    often = said["FREQ"][0]
    if often not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError("repeats more often than once a day")
    weekdays = [_weekday(each) for each in said.get("BYDAY", ())]
    months, month_days = _numbers(said, "BYMONTH"), _numbers(said, "BYMONTHDAY")
    if not weekdays and not month_days:
        if often in ("MONTHLY", "YEARLY"):
            month_days = [start.day]
        if often == "YEARLY":
            months = months or [start.month]
        if often == "WEEKLY":
            weekdays = [(start.weekday(), 0)]
    ends = next(iter(parts["UNTIL"]), None) if "UNTIL" in parts else None
    return Rule(
        start=start,
        often=often,
        interval=max((1, *_numbers(said, "INTERVAL"))),
        count=max((0, *_numbers(said, "COUNT"))),
        until=date(ends.year, ends.month, ends.day) if ends else date.max,
        week_begins=_DAYS.index(said.get("WKST", ["MO"])[0]),
        weekdays=weekdays,
        months=months,
        month_days=month_days,
        positions=_numbers(said, "BYSETPOS"),
    )


def _numbers(said: Mapping[str, Sequence[str]], name: str) -> list[int]:
    return [int(each) for each in said.get(name, ())]


def _weekday(said: str) -> tuple[int, int]:
    """Of `MO`, `2TU` or `-1FR`."""
    return _DAYS.index(said[-2:]), int(said[:-2] or 0)


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
