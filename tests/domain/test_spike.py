"""More than usual at this hour of this weekday: told when it is so, and practically never when it is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.spike import HOUR, Counts, Surge, forget, news, read, surge

ZONE = "Europe/Amsterdam"
AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Monday, 15:00 there: the hour from 14:00 is looked at."""

Rate = Callable[[datetime], float]


def office(wall: datetime) -> float:
    """By day and in the week."""
    return (12.0 if wall.weekday() < 5 else 5.0) if 8 <= wall.hour < 22 else 0.5


def drawn(random: Random, mean: float) -> int:
    """As people come: in bursts, so more spread than chance alone would give."""
    mean *= random.gammavariate(4, 1 / 4)
    count, left = 0, random.expovariate(1)
    while left < mean:
        count += 1
        left += random.expovariate(1)
    return count


def habit(rate: Rate, until: datetime, weeks: int = 8, seed: int = 1) -> dict[datetime, Counts]:
    random, found = Random(seed), {}
    hour = until - timedelta(weeks=weeks)
    while hour < until:
        count = drawn(random, rate(hour.astimezone(ZoneInfo(ZONE))))
        found[hour] = (count, round(count * 0.2))
        hour += HOUR
    return found


@pytest.mark.parametrize(
    ("last", "is_news"),
    [
        ((12, 2), False),
        ((25, 5), False),
        ((60, 30), True),
        ((14, 14), True),
        ((14, 3), False),
        ((9, 5), False),
    ],
)
def test_what_lies_far_above_the_habit_of_the_hour_is_news(last: Counts, is_news: bool) -> None:
    assert (surge("b", habit(office, AT), last, AT, ZONE) is not None) is is_news


def test_the_night_has_a_habit_of_its_own() -> None:
    known, night = habit(office, AT), datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert surge("b", known, (14, 2), night, ZONE)
    assert not surge("b", known, (14, 2), AT, ZONE)


def test_storms_of_the_past_do_not_deafen() -> None:
    known = habit(office, AT)
    for week in (1, 3):
        known[AT - HOUR - timedelta(weeks=week)] = (900, 800)
    assert surge("b", known, (60, 30), AT, ZONE)


def test_without_three_weeks_nothing_is_usual() -> None:
    assert surge("b", habit(office, AT, weeks=2), (500, 400), AT, ZONE) is None
    assert surge("b", {}, (500, 400), AT, ZONE) is None


def test_it_tells_what_is_usual_and_reads_back() -> None:
    found = surge("b", habit(lambda _: 4.0, AT), (40, 31), AT, ZONE)
    assert found
    assert (found.count, found.negative, found.at) == (40, 31, AT)
    assert 2 <= found.usual <= 6
    assert read(str(found)) == found


def test_one_that_was_told_is_told_again_only_if_it_doubles_or_after_hours() -> None:
    told = Surge("b", AT, 40, 4, 30, 1)
    soon = AT + timedelta(minutes=15)
    assert not news(Surge("b", soon, 55, 4, 40, 1), told)
    assert news(Surge("b", soon, 80, 4, 40, 1), told)
    assert news(Surge("b", AT + timedelta(hours=6), 41, 4, 30, 1), told)
    assert news(told, None)


def test_the_hour_of_the_wall_holds_over_the_clock_change() -> None:
    """A paper whose readers write at eight in the evening, on both sides of 25 October."""
    at = datetime(2026, 10, 26, 20, 0, tzinfo=UTC)  # 21:00 there, by winter time
    known = habit(lambda wall: 30.0 if wall.hour == 20 else 1.0, at)
    assert surge("b", known, (32, 6), at, ZONE) is None


def test_ordinary_weeks_are_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    """A year of bursty days by day and night: how often it would have told of nothing."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    known = habit(office, start)
    random, alarms, hours = Random(7), 0, 0
    hour = start
    while hour < start + timedelta(weeks=52):
        count = drawn(random, office(hour.astimezone(ZoneInfo(ZONE))))
        counts = (count, round(count * 0.2))
        alarms += surge("b", known, counts, hour + HOUR, ZONE) is not None
        known[hour] = counts
        if hour.hour == 0:
            known = forget(known, hour)
        hour += HOUR
        hours += 1
    with capsys.disabled():
        print(f"\nspikes: {alarms} told in {hours} ordinary hours")
    assert alarms <= 12, "one a month at most"
