"""What a source is used to bring, and when: read from the hours and days on which it brought anything
(`Meter`), it needs no setting. An
hour or day counts for as much as its like usually brings something: the Sunday of a weekday paper for
nothing, a night of a shop for nothing, a day of a monthly blog for a thirtieth. In this count the distances
between what it brought are alike, and silence is news where it is far longer than any of them.

A day on which the brand is closed counts for nothing either. Where no closed days are known, one day more
must be missed. What it brought before it fell silent stays its habit, however long it is silent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.source import HABIT_DAYS, HABIT_HOURS, LIMITS, Meter

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
"""Of hours: the longest distance times this, and so much more; where no closed days are known, days too, or
one for what never sleeps."""
YOUNG_HOURS, YOUNG_TIMES, YOUNG_LEAST = 72, 24, 24
"""Until then: hours that are known of and hours in which something came, before hours of silence say
anything; and so many of them do at least."""
NIGHT = 6
"""Who never was silent for longer hours does not sleep, and so has no weekend or closed days either."""


def knows(meter: Meter, resumed: Sequence[datetime] = ()) -> bool:
    """Is enough known of it to call anything its habit?"""
    came = days_of(meter)
    return (
        len(came) >= LEAST_TIMES
        and came[-1] - _first(meter) + 1 >= LEAST_DAYS
        and any(_pairs(came, [int(at.timestamp()) // 86400 for at in resumed]))
    )


def _first(meter: Meter) -> int:
    return max(meter.began // 24, meter.at // 24 - HABIT_DAYS + 1)


def days_of(meter: Meter) -> list[int]:
    """On which it brought something."""
    newest = meter.at // 24
    return [day for day in range(_first(meter), newest + 1) if meter.days >> (newest - day) & 1]


def _pairs(came: Sequence[int], resumed: Collection[int]) -> list[tuple[int, int]]:
    """What came, with what came next; without those between which it was paused."""
    return [(a, b) for a, b in pairwise(came) if not any(a < at <= b for at in resumed)]


def last_day(meter: Meter) -> datetime:
    """On which it last brought something: the same as long as it is silent."""
    return datetime.fromtimestamp(86400 * (meter.at // 24 - _lowest(meter.days)), UTC)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def is_silent(
    meter: Meter, zone: str, closed: Collection[date], now: datetime, resumed: Sequence[datetime] = ()
) -> bool:
    """False where too little is known of it."""
    hours = [int(at.timestamp()) // 3600 for at in resumed]
    if knows(meter, resumed) and _days_silent(meter, closed, now, [hour // 24 for hour in hours]):
        return True
    return _hours_silent(meter, zone, closed, now, hours) or _young_silent(meter, zone, closed, now, hours)


# days --------------------------------------------------------------------------------------------


def _days_silent(meter: Meter, closed: Collection[date], now: datetime, resumed: Sequence[int]) -> bool:
    came, first, today = days_of(meter), _first(meter), int(now.timestamp()) // 86400
    since = max([came[-1], *resumed])
    if since >= today - 1:
        return False
    recent = [day for day in came if day > came[-1] - RECENT]
    if len(recent) >= RECENT_TIMES:
        came, first = recent, max(first, came[-1] - RECENT + 1)
    shut = {(each - EPOCH).days for each in closed}
    weight = _weights(came, first, shut)
    gaps = [_missed(weight, shut, a, b) for a, b in _pairs(came, resumed)]
    spare = max(weight) * (1 if closed else 2)
    return _missed(weight, shut, since, today) > _longest(gaps, max(weight)) + spare


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


def _hours_silent(
    meter: Meter, zone: str, closed: Collection[date], now: datetime, resumed: Sequence[int]
) -> bool:
    """Only of what brings something every day: elsewhere a day without is none."""
    if not meter.hours:
        return False
    this, last = int(now.timestamp()) // 3600, meter.at - _lowest(meter.hours)
    since = max([last, *resumed])
    if since + AT_LEAST > now.timestamp() / 3600:
        return False
    quiet, every = _lowest(meter.days), (1 << AWAKE) - 1
    if meter.at // 24 - meter.began // 24 < AWAKE + quiet or (meter.days >> quiet) & every != every:
        return False
    first = max(meter.began, meter.at - HABIT_HOURS + 1)
    came = [hour for hour in range(first, last + 1) if meter.hours >> (meter.at - hour) & 1]
    hours = [_hour_of_week(hour, zone) for hour in range(first, last + 1)]
    weight = _hour_weights(came, first, hours)

    def counts(day: date, hour: int) -> float:
        return 0.0 if day in closed else weight[hour]

    counted = [0.0]  # up to each hour, how much the hours before it count for
    for hour in hours:
        counted.append(counted[-1] + counts(*hour))
    gaps = [counted[b - first] - counted[a - first] for a, b in _pairs(came, resumed)]
    missed = sum(counts(*_hour_of_week(hour, zone)) for hour in range(since, this + 1))
    if closed:
        spare = AT_LEAST
    elif any(b - a > NIGHT for a, b in pairwise(came)):
        spare = AT_LEAST + UNKNOWN_DAYS * sum(weight) / 7
    else:
        spare = float(YOUNG_LEAST)
    return bool(gaps) and missed > STARK * max(gaps) + spare


def _young_silent(
    meter: Meter, zone: str, closed: Collection[date], now: datetime, resumed: Sequence[int]
) -> bool:
    """Of what is known of for some days only, and came in many hours of them: is it silent for a day, and for
    far longer than it ever was? Weekends of one that sleeps at night count once something came on one; days
    on which the brand is closed never do."""
    if not meter.hours or meter.at // 24 - meter.began // 24 >= AWAKE:
        return False
    first = max([meter.began, meter.at - HABIT_HOURS + 1, *resumed])
    came = [hour for hour in range(first, meter.at + 1) if meter.hours >> (meter.at - hour) & 1]
    if len(came) < YOUNG_TIMES or came[-1] - came[0] < YOUNG_HOURS:
        return False
    days = [_hour_of_week(hour, zone) for hour in came]
    sleeps = any(b - a > NIGHT for a, b in pairwise(came))
    works = sleeps and all(hour < 5 * 24 for day, hour in days if day not in closed)

    def counts(day: date, hour: int) -> bool:
        return day not in closed and not (works and hour >= 5 * 24)

    gaps = [sum(counts(*_hour_of_week(hour, zone)) for hour in range(a + 1, b)) for a, b in pairwise(came)]
    this = int(now.timestamp()) // 3600
    missed = sum(counts(*_hour_of_week(hour, zone)) for hour in range(came[-1] + 1, this))
    return missed > max(YOUNG_LEAST, STARK * max(gaps) + AT_LEAST)


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
