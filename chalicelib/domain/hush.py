"""Has a source gone silent beyond its own habit?

The habit is read from the hours and days on which it brought anything (`Meter`), and needs no setting. An
hour or day counts for as much as its like usually brings something: the Sunday of a weekday paper for
nothing, a night of a shop for nothing, a day of a monthly blog for a thirtieth. In this count the distances
between what it brought are alike, and silence is news where it is far longer than any of them.

A day on which the brand is closed counts for nothing either. Where no closed days are known, one day more
must be missed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import OverCap
from chalicelib.domain.pace import DOWN
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import HABIT_DAYS, HABIT_HOURS, LIMITS, Meter, Source, SourceState

FAILING = timedelta(hours=3)
"""So long a source must not answer, before somebody is told; where its whole network does not, no longer."""
LEAST_DAYS, LEAST_TIMES = 14, 4
"""Days that are known of, and days on which something came, before anything is called a habit."""
RECENT, RECENT_TIMES = 56, 35
"""Of what came so often in so many days, these alone are its habit; else all that is known."""
LIKE_ALL = 3
"""What is known of one day of the week is mixed with what is known of all, the more so the less that is: a
monthly blog that never happened to write on a Tuesday may do so."""
LONGER, SPREADS, FEW = 1.5, 8, 8
"""The longest distance times this; or the mean and so many times their variance by it, which is nothing for
what keeps time, and so many means for what comes by chance. Of few distances little is sure: their variance
counts `1 + FEW / number` times."""
ALONE, BESIDE = 2, 0.5
"""A single distance so many times the next one, and so much more, was a silence like this, and no habit."""
AWAKE = 28
"""Days in a row with something each, after which hours are looked at too."""
STARK, AT_LEAST, UNKNOWN_DAYS = 3.0, 4.0, 2
"""Of hours: the longest distance times this, and so much more; where no closed days are known, days too."""

FAILS, SILENT, OVER = "fails", "silent", "capped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """A source that is not heard: `FAILS` or `SILENT`, and since when; or that brings more than may open
    cases (`OVER`), of a day. What it is called is no part of the cause."""

    brand: str
    source: str
    kind: str
    since: datetime
    name: str = field(compare=False)

    def __str__(self) -> str:
        """As an alert's set holds it; `read` reads it. A spike has a moment for its kind."""
        return "/".join((self.brand, "", self.kind, self.source, stamp(self.since), self.name))


def read(text: str) -> Hush:
    brand, _, kind, source, since, name = text.split("/", 5)
    return Hush(brand=brand, source=source, kind=kind, since=datetime.fromisoformat(since), name=name)


def hush(
    source: Source, state: SourceState, zone: str, closed: Collection[date], now: datetime
) -> Hush | None:
    """What is to be told of it, None where it is as usual or too little is known. `closed`: days on which
    nothing is expected."""
    if source.paused:
        return None
    if state.failing_since:
        if now - state.failing_since < FAILING and state.reason != DOWN:
            return None
        return _hush(source, FAILS, state.failing_since)
    if state.meter is None or not is_silent(state.meter, zone, closed, _heard_until(source, state, now)):
        return None
    return _hush(source, SILENT, _last(state.meter))


def _hush(source: Source, kind: str, since: datetime) -> Hush:
    whole = since.replace(microsecond=0)
    return Hush(brand=source.brand, source=source.id, kind=kind, since=whole, name=source.name)


def over(source: Source, waits: OverCap) -> Hush:
    """Of a source over its cap: one cause a day, UTC."""
    return _hush(source, OVER, waits.last.astimezone(UTC).replace(hour=0, minute=0, second=0))


def _heard_until(source: Source, state: SourceState, now: datetime) -> datetime:
    """Up to when its silence is its own: what was not asked cannot have answered."""
    return now if source.interval <= 0 or state.last_success is None else min(now, state.last_success)


def _last(meter: Meter) -> datetime:
    """The day on which it last brought something: the same as long as it is silent."""
    return datetime.fromtimestamp(86400 * (meter.at // 24 - _lowest(meter.days)), UTC)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def is_silent(meter: Meter, zone: str, closed: Collection[date], now: datetime) -> bool:
    return _days_silent(meter, closed, now) or _hours_silent(meter, zone, closed, now)


# days --------------------------------------------------------------------------------------------


def _days_silent(meter: Meter, closed: Collection[date], now: datetime) -> bool:
    today, newest = int(now.timestamp()) // 86400, meter.at // 24
    if meter.days and newest - _lowest(meter.days) >= today - 1:
        return False
    first = max(meter.began // 24, newest - HABIT_DAYS + 1)
    came = [day for day in range(first, newest + 1) if meter.days >> (newest - day) & 1]
    if not came or came[-1] - first + 1 < LEAST_DAYS:
        return False
    recent = [day for day in came if day > came[-1] - RECENT]
    if len(recent) >= RECENT_TIMES:
        came, first = recent, max(first, came[-1] - RECENT + 1)
    if len(came) < LEAST_TIMES:
        return False
    shut = {(each - EPOCH).days for each in closed}
    weight = _weights(came, first, shut)
    gaps = [_missed(weight, shut, a, b) for a, b in pairwise(came)]
    spare = max(weight) * (1 if closed else 2)
    return _missed(weight, shut, came[-1], today) > _longest(gaps, max(weight)) + spare


EPOCH = date(1970, 1, 1)


def _weights(came: Sequence[int], first: int, shut: Collection[int]) -> list[float]:
    """How often each day of the week (0: Thursday, as 1 January 1970 was) brings something."""
    open_days, with_it = [0] * 7, [0] * 7
    for day in range(first, came[-1] + 1):
        open_days[day % 7] += day not in shut
    for day in came:
        with_it[day % 7] += day not in shut
    all_ = sum(with_it) / max(1, sum(open_days))
    found = []
    for some, every in zip(with_it, open_days, strict=True):
        expected = max(all_ * every, 0.1)
        mixed = LIKE_ALL / expected
        found.append(min(1.0, all_ * (some + mixed) / (expected + mixed)))
    return found


def _missed(weight: Sequence[float], shut: Collection[int], after: int, before: int) -> float:
    """What the whole days between two days count for."""
    return sum(weight[day % 7] for day in range(after + 1, before) if day not in shut)


# hours -------------------------------------------------------------------------------------------


def _hours_silent(meter: Meter, zone: str, closed: Collection[date], now: datetime) -> bool:
    """Only of what brings something every day: elsewhere a day without is none."""
    if meter.hours and meter.at - _lowest(meter.hours) + AT_LEAST > now.timestamp() / 3600:
        return False
    days_known = meter.at // 24 - meter.began // 24
    last = _lowest(meter.days) if meter.days else HABIT_DAYS
    every = (1 << AWAKE) - 1
    if days_known < AWAKE + last or (meter.days >> last) & every != every:
        return False
    first = max(meter.began, meter.at - HABIT_HOURS + 1)
    came = [hour for hour in range(first, meter.at + 1) if meter.hours >> (meter.at - hour) & 1]
    hours = [_hour_of_week(hour, zone) for hour in range(first, int(now.timestamp()) // 3600 + 1)]
    weight = _hour_weights(came, first, hours[: came[-1] - first + 1])
    counted = [0.0]  # up to each hour, how much the hours before it count for
    for hour in hours:
        counted.append(counted[-1] + (0.0 if hour[0] in closed else weight[hour[1]]))
    places = [counted[hour - first] for hour in came]
    gaps = [b - a for a, b in pairwise(places)]
    spare = AT_LEAST if closed else AT_LEAST + UNKNOWN_DAYS * sum(weight) / 7
    return bool(gaps) and counted[-1] - places[-1] > STARK * max(gaps) + spare


@lru_cache(maxsize=4096)
def _hour_of_week(hour: int, zone: str) -> tuple[date, int]:
    """The day there, and the hour of its week. Many sources ask for the same ones."""
    at = datetime.fromtimestamp(hour * 3600, UTC).astimezone(ZoneInfo(zone))
    return at.date(), at.weekday() * 24 + at.hour


def _hour_weights(came: Sequence[int], first: int, hours: Sequence[tuple[date, int]]) -> list[float]:
    """How often each hour of the week brought something, of these hours from `first` on."""
    every, some = [0] * 168, [0] * 168
    for _, hour in hours:
        every[hour] += 1
    for each in came:
        some[hours[each - first][1]] += 1
    return [with_it / all_ if all_ else 0.0 for with_it, all_ in zip(some, every, strict=True)]


def _longest(gaps: Sequence[float], one: float) -> float:
    """Beyond which a distance is no longer like these. `one`: what its best day counts for."""
    ordered = sorted(gaps)
    if len(ordered) >= 10 and ordered[-1] > ALONE * ordered[-2] + BESIDE:
        ordered.pop()
    number, mean = len(ordered), sum(ordered) / len(ordered)
    longest = LONGER * ordered[-1]
    if mean < one / 2:  # it brings something nearly every day on which it may
        return longest
    variance = sum((each - mean) ** 2 for each in ordered) / number
    return max(longest, mean + SPREADS * (1 + FEW / number) * variance / mean)


# what the pages say --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """`week`: how often, of 100, each hour of each weekday (Monday first, on the wall's clock) brought
    something in the last four weeks; None where fewer than two are known. `median` and `most`: within so
    many minutes of its publication half of what came, and 95 of 100, was here; None: not told, or longer than
    a day (`told` says of how many). `faults`: polls of seven days that were not answered."""

    week: tuple[tuple[int, ...], ...] | None
    median: int | None
    most: int | None
    told: int
    faults: int


def habit(meter: Meter | None, zone: str) -> Habit:
    if meter is None:
        return Habit(week=None, median=None, most=None, told=0, faults=0)
    first = max(meter.began, meter.at - HABIT_HOURS + 1)
    week = None
    if meter.at - first >= LEAST_DAYS * 24:
        hours = [_hour_of_week(hour, zone) for hour in range(first, meter.at + 1)]
        came = [hour for hour in range(first, meter.at + 1) if meter.hours >> (meter.at - hour) & 1]
        weight = _hour_weights(came, first, hours)
        week = tuple(tuple(round(100 * each) for each in weight[d * 24 : d * 24 + 24]) for d in range(7))
    return Habit(
        week=week,
        median=_within(meter.delays, 0.5),
        most=_within(meter.delays, 0.95),
        told=sum(meter.delays),
        faults=sum(meter.faults),
    )


def _within(delays: Sequence[int], part: float) -> int | None:
    """The limit under which this part of them lies."""
    total, so_far = sum(delays), 0
    for limit, count in zip(LIMITS, delays, strict=False):
        so_far += count
        if total and so_far >= part * total:
            return limit
    return None
