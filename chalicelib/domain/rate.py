"""How much a source brings: what is to be expected of each day of the week, learned from what it brought on
days like it, and whether what it brings now lies far below that.

Days are UTC, as the tally's are; 0 is Monday.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import log, sqrt
from statistics import median

from chalicelib.domain.source import HABIT_HOURS, Meter, Source, SourceState

LEAST = 14
"""Whole days that were counted, before anything is called usual."""
LENGTHS = (3, 5, 7, 10, 14, 21)
"""Of so many of the last days is asked whether they brought far less."""
FAR = 0.25
"""Less than this part of what was to be expected is far less."""
SURE, STILL = 8.0, 4.0
"""Chance alone brings so little once in e to this power; less is enough to go on saying what was said."""
REGULAR = 0.4
"""Of what keeps time the days differ less than by chance: so much less at most is believed, and half of it
where as few days as `LEAST` are known."""
OUTLIER = 3
"""A day with more than so many times the middle of the days that brought anything counts for that: one storm
makes no habit."""


def by_day(state: SourceState) -> dict[date, int]:
    """A day of which nothing was written brought nothing, as long as the source answered."""
    if not state.tally:
        return {}
    newest = date.fromisoformat(state.tally_day)
    found = {newest - timedelta(days=back): count for back, count in enumerate(reversed(state.tally))}
    answered = state.last_success.astimezone(UTC).date() if state.last_success else newest
    for ahead in range(1, (answered - newest).days + 1):
        found[newest + timedelta(days=ahead)] = 0
    return found


def hours_by_day(meter: Meter, now: datetime) -> dict[date, int]:
    """Of what calls us nothing is counted: hours of each day in which something came, in four weeks."""
    this = int(now.timestamp()) // 3600
    first = max(meter.began, this - HABIT_HOURS + 1)
    found: dict[date, int] = {}
    for hour in range(first, this + 1):
        day = datetime.fromtimestamp(hour * 3600, UTC).date()
        came = hour <= meter.at and meter.hours >> (meter.at - hour) & 1
        found[day] = found.get(day, 0) + came
    return found


def expected(counts: Mapping[date, int]) -> tuple[float, ...]:
    """Of each day of the week."""
    most = OUTLIER * median([count for count in counts.values() if count] or [0])
    days: list[list[float]] = [[] for _ in range(7)]
    for day, count in counts.items():
        days[day.weekday()].append(min(count, most))
    return tuple(sum(each) / len(each) if each else 0.0 for each in days)


def by_hour(usual: Sequence[float], week: Sequence[Sequence[int]]) -> tuple[tuple[float, ...], ...]:
    """What is to be expected of each day, laid over its hours by how often each brought something."""
    return tuple(
        tuple(round(day * often / max(1, sum(hours)), 2) for often in hours)
        for day, hours in zip(usual, week, strict=True)
    )


def falls(
    source: Source, state: SourceState, closed: Collection[date], now: datetime, *, told: bool = False
) -> bool:
    """Does it bring something, and far less than is to be expected of it, or on far fewer days? `told`: it
    was said before, and goes on until it is over. Days on which it did not answer, was paused or the brand is
    closed say nothing."""
    if source.interval <= 0:
        counts = hours_by_day(state.meter, now) if state.meter else {}
    else:
        counts = by_day(state)
    begins, today = source.listens_since.astimezone(UTC).date(), now.astimezone(UTC).date()
    days = [
        day
        for day in sorted(counts)
        if begins < day < today and day not in closed and not _was_out(state, day)
    ]
    sure = STILL if told else SURE
    some = {day: min(count, 1) for day, count in counts.items()}
    return any(
        _far_less(of, days[:-length], days[-length:], sure)
        for length in LENGTHS
        if len(days) >= LEAST + length
        for of in (counts, some)
    )


def _was_out(state: SourceState, day: date) -> bool:
    return any(
        each.since.astimezone(UTC).date() <= day <= each.until.astimezone(UTC).date()
        for each in state.outages
    )


def _far_less(
    counts: Mapping[date, int], before: Sequence[date], lately: Sequence[date], sure: float
) -> bool:
    """How unlikely is it, where its days differ as they did before? A source that brings much at once and
    then nothing for days has days that differ a lot."""
    usual = expected({day: counts[day] for day in before})
    wanted, got = sum(usual[day.weekday()] for day in lately), sum(counts[day] for day in lately)
    if not 0 < got <= FAR * wanted:
        return False  # what brings nothing is silent (`habit.py`)
    surprise = wanted - got + got * log(got / wanted)
    least = REGULAR * (1 + LEAST / len(before))
    return surprise >= sure * max(_spread(counts, before, usual), least)


def _spread(counts: Mapping[date, int], days: Sequence[date], usual: Sequence[float]) -> float:
    """By how much its days differ from what was expected of them: 1 where they do so by chance. Of few days
    little is sure: more is believed."""
    off = [(counts[day] - mean) ** 2 / mean for day in days if (mean := usual[day.weekday()])]
    free = max(1, len(off) - sum(mean > 0 for mean in usual))
    return sum(off) / free * (1 + sqrt(2 / free))
