"""How well is a source heard: what it brought, beside what it usually brings.

Days are UTC, as the tally's are. What was not counted is None, never 0.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.source import SourceState

WEEK, MONTH = 7, 28
LEAST = 14
"""Whole days that were counted, before anything is called usual."""
SURE = 5.0
"""Silence is news where at least so many messages were to be expected: less than one in a hundred such
silences would come by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`days` are the last seven, today last; `week` and `month` what was counted in them, and `week_days`
    and `month_days` of how many days that is. `usual` are the fewest and most of an ordinary day: eight of
    ten lie between them, an unusual silence left out. `quiet` is the number of whole days without a message,
    where that is unusual, else 0."""

    days: tuple[int | None, ...]
    week: int
    week_days: int
    month: int
    month_days: int
    usual: tuple[int, int] | None = None
    quiet: int = 0


def coverage(state: SourceState, now: datetime) -> Coverage:
    today = now.astimezone(UTC).date()
    counted = _by_day(state)
    month = [counted.get(today - timedelta(days=back)) for back in range(MONTH - 1, -1, -1)]
    week = month[-WEEK:]
    whole = [
        count
        for back in range(1, MONTH + 1)
        if (count := counted.get(today - timedelta(days=back))) is not None
    ]
    quiet = _quiet(whole, counted.get(today)) if len(whole) >= LEAST else 0
    return Coverage(
        days=tuple(week),
        week=sum(filter(None, week)),
        week_days=sum(count is not None for count in week),
        month=sum(filter(None, month)),
        month_days=sum(count is not None for count in month),
        usual=_usual(whole[quiet:]) if len(whole) >= LEAST else None,
        quiet=quiet,
    )


def _by_day(state: SourceState) -> dict[date, int]:
    """A day of which nothing was written brought nothing, as long as the source answered."""
    if not state.tally:
        return {}
    newest = date.fromisoformat(state.tally_day)
    found = {newest - timedelta(days=back): count for back, count in enumerate(reversed(state.tally))}
    answered = state.last_success.astimezone(UTC).date() if state.last_success else newest
    for ahead in range(1, (answered - newest).days + 1):
        found[newest + timedelta(days=ahead)] = 0
    return found


def _usual(whole: list[int]) -> tuple[int, int]:
    ordered = sorted(whole)
    cut = len(ordered) // 10
    return ordered[cut], ordered[-1 - cut]


def _quiet(whole: list[int], today: int | None) -> int:
    """`whole` has yesterday first."""
    if today:
        return 0
    silent = next((at for at, count in enumerate(whole) if count), len(whole))
    before = whole[silent:]
    if len(before) < LEAST // 2 or not silent:
        return 0
    return silent if silent * sum(before) / len(before) >= SURE else 0
