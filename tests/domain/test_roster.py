"""Who is on duty, who stands by and who is next: on the wall, also where clocks skip or repeat an hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as some

from chalicelib.domain import roster
from chalicelib.domain.roster import Shift, duty
from chalicelib.errors import BadInput

HERE = "Europe/Amsterdam"


def shift(start: str, end: str, user: str = "noor", *, standby: bool = False, of: str = "desk") -> Shift:
    return Shift(
        department=of,
        user=user,
        name=user.title(),
        mail=f"{user}@x.nl",
        start=start,
        end=end,
        standby=standby,
    )


DAY = shift("2026-11-23T09:00", "2026-11-23T17:00")
EVENING = shift("2026-11-23T17:00", "2026-11-23T23:00", "sam")
NIGHT = shift("2026-11-23T23:00", "2026-11-24T07:00", "ada")
BACKUP = shift("2026-11-20T17:00", "2026-11-24T09:00", "jip", standby=True)
ALL = (DAY, EVENING, NIGHT, BACKUP, shift("2026-11-23T09:00", "2026-11-23T17:00", "kim", of="youth"))


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(HERE)).astimezone(UTC)


@pytest.mark.parametrize(
    ("wall", "on", "until", "following"),
    [
        ("2026-11-23T08:59", "", "", "noor"),
        ("2026-11-23T09:00", "noor", "2026-11-23T17:00", "sam"),
        ("2026-11-23T16:59", "noor", "2026-11-23T17:00", "sam"),
        ("2026-11-23T17:00", "sam", "2026-11-23T23:00", "ada"),
        ("2026-11-24T02:00", "ada", "2026-11-24T07:00", ""),
        ("2026-11-24T07:00", "", "", ""),
    ],
)
def test_who_is_on_duty_until_when_and_who_is_next(wall: str, on: str, until: str, following: str) -> None:
    found = duty(ALL, "desk", HERE, at(wall))
    assert [each.user for each in found.on] == [on] * bool(on)
    assert found.until == (at(until) if until else None)
    assert (found.next.user if found.next else "") == following
    assert [each.user for each in found.standby] == ["jip"]


def test_a_shift_over_midnight_is_as_long_as_the_night_is() -> None:
    lengths = {
        day: shift(f"{day}T23:00", f"{after}T07:00")
        for day, after in (
            ("2026-03-27", "2026-03-28"),
            ("2026-03-28", "2026-03-29"),
            ("2026-10-24", "2026-10-25"),
        )
    }
    hours = [(each.ends(HERE) - each.begins(HERE)) / timedelta(hours=1) for each in lengths.values()]
    assert hours == [8, 7, 9]


@given(
    some.sampled_from(["2026-03-28", "2026-10-24"]),
    some.lists(some.integers(1, 47 * 4), min_size=1, max_size=8, unique=True),
    some.integers(0, 48 * 60 - 1),
)
def test_where_one_shift_begins_as_another_ends_no_minute_is_nobodys(
    day: str, cuts: list[int], minute: int
) -> None:
    start = datetime.fromisoformat(f"{day}T00:00")
    walls = [start + timedelta(minutes=15 * n) for n in (0, *sorted(cuts), 48 * 4)]
    names = [f"{wall:%Y-%m-%dT%H:%M}" for wall in walls]
    shifts = [shift(one, other) for one, other in pairwise(names)]
    moment = shifts[0].begins(HERE) + timedelta(minutes=minute)
    if moment < shifts[-1].ends(HERE):
        assert duty(shifts, "desk", HERE, moment).on


@given(some.integers(0, 365 * 24 * 60), some.integers(1, 7 * 24 * 4))
def test_whoever_is_on_a_shift_now_is_in_the_weeks_that_are_read(minutes: int, quarters: int) -> None:
    start = datetime.fromisoformat("2026-01-01T00:00") + timedelta(minutes=minutes)
    end = start + timedelta(minutes=15 * quarters)
    one = shift(f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}")
    roster.must_fit(one.start, one.end)
    begins, ends = one.begins(HERE), one.ends(HERE)
    for moment in (begins, begins + (ends - begins) / 2, ends - timedelta(microseconds=1)):
        if one.covers(moment, HERE):
            first, last = roster.around(moment, HERE)
            assert first <= roster.week_of(one.start) <= last


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00", ""),
        ("2026-11-23T09:00", "2026-11-30T09:00", ""),
        ("2026-11-23T09:00", "2026-11-30T09:01", "end"),
        ("2026-11-23T09:00", "2026-11-23T09:00", "end"),
        ("2026-11-23T09:00", "2026-11-23T08:00", "end"),
        ("2026-11-31T09:00", "2026-12-01T09:00", "start"),
        ("2026-11-23T09:00", "", "end"),
        ("2026-11-23T9:00", "2026-11-23T17:00", "start"),
        ("2026-11-23 09:00Z", "2026-11-23T17:00", "start"),
        ("1000-11-23T09:00", "1000-11-23T17:00", "start"),
    ],
)
def test_what_is_no_shift_says_at_which_field(start: str, end: str, field: str) -> None:
    if not field:
        return roster.must_fit(start, end)
    with pytest.raises(BadInput) as refused:
        roster.must_fit(start, end)
    assert refused.value.field == field
    return None


def test_who_ended_a_shift_keeps_only_what_another_shift_of_theirs_covers() -> None:
    moment = at("2026-11-23T17:00")
    assert roster.is_gone(ALL, DAY, "desk", HERE, moment)
    assert roster.is_gone(ALL, DAY, "youth", HERE, moment)
    goes_on = replace(EVENING, user="noor")
    assert not roster.is_gone((DAY, goes_on), DAY, "desk", HERE, moment)
    elsewhere = replace(goes_on, department="youth")
    assert roster.is_gone((DAY, elsewhere), DAY, "desk", HERE, moment)
    assert not roster.is_gone((DAY, elsewhere), DAY, "youth", HERE, moment)
    assert not roster.is_gone((DAY, elsewhere), DAY, "press", HERE, moment), "they did not go home"


def test_what_ended_is_told_once_in_order() -> None:
    found = roster.ended(ALL, HERE, at("2026-11-23T17:00"), at("2026-11-24T09:00"))
    assert [each.user for each in found] == ["sam", "ada", "jip"]


def test_a_week_is_copied_on_the_wall_and_nothing_stands_there_twice() -> None:
    before = (shift("2026-03-23T02:30", "2026-03-23T09:00"), shift("2026-03-28T23:00", "2026-03-29T07:00"))
    copied = roster.moved(before, 7)
    assert [(each.start, each.end) for each in copied] == [
        ("2026-03-30T02:30", "2026-03-30T09:00"),
        ("2026-04-04T23:00", "2026-04-05T07:00"),
    ]
    assert roster.together(copied, copied[:1]) == copied
