"""How well is a source heard: what it brought, beside what it usually brings.

Days are UTC, as the tally's are. What was not counted is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.rate import LEAST, by_day, expected
from chalicelib.domain.source import SourceState

WEEK, MONTH = 7, 28
SURE = 5.0
"""Silence is news where at least so many messages were to be expected: less than one in a hundred such
silences would come by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`days` are the last seven, today last; `week` and `month` what was counted in them, and `week_days`
    and `month_days` of how many days that is. `usual` is what is to be expected of each day of the week,
    Monday first, an unusual silence left out; `expects` the same of `days`. `quiet` is the number of whole
    days without a message, where that is unusual, else 0."""

    days: tuple[int | None, ...]
    week: int
    week_days: int
    month: int
    month_days: int
    usual: tuple[float, ...] | None = None
    expects: tuple[float, ...] | None = None
    quiet: int = 0


def coverage(state: SourceState, now: datetime) -> Coverage:
    today = now.astimezone(UTC).date()
    counted = by_day(state)
    month = [counted.get(today - timedelta(days=back)) for back in range(MONTH - 1, -1, -1)]
    week = month[-WEEK:]
    whole = [
        count
        for back in range(1, MONTH + 1)
        if (count := counted.get(today - timedelta(days=back))) is not None
    ]
    quiet = _quiet(whole, counted.get(today)) if len(whole) >= LEAST else 0
    usual = _usual(counted, today - timedelta(days=quiet)) if len(whole) >= LEAST else None
    days = [today - timedelta(days=back) for back in range(WEEK - 1, -1, -1)]
    return Coverage(
        days=tuple(week),
        week=sum(filter(None, week)),
        week_days=sum(count is not None for count in week),
        month=sum(filter(None, month)),
        month_days=sum(count is not None for count in month),
        usual=usual,
        expects=tuple(usual[day.weekday()] for day in days) if usual else None,
        quiet=quiet,
    )


def _usual(counted: Mapping[date, int], before: date) -> tuple[float, ...]:
    return expected({day: count for day, count in counted.items() if day < before})


def _quiet(whole: list[int], today: int | None) -> int:
    """`whole` has yesterday first."""
    if today:
        return 0
    silent = next((at for at, count in enumerate(whole) if count), len(whole))
    before = whole[silent:]
    if len(before) < LEAST // 2 or not silent:
        return 0
    return silent if silent * sum(before) / len(before) >= SURE else 0
