"""When a channel publishes next: wall times through clock changes, each a single moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.brand import Brand, Channel, Department
from chalicelib.domain.clock import DAYS
from chalicelib.domain.post import Slot
from chalicelib.domain.slots import free, next_slots, slot_of, slots

AMSTERDAM, NEW_YORK = "Europe/Amsterdam", "America/New_York"


def channel(id: str = "wall", **week: tuple[str, ...]) -> Channel:
    return Channel(id=id, platform="sandbox", name=id.title(), slots=week)


def brand(*channels: Channel, zone: str = AMSTERDAM) -> Brand:
    desk = Department(id="desk", name="Balie")
    return Brand(
        id="lindebieb", name="L", zone=zone, languages=("nl",), departments=(desk,), channels=channels
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        (AMSTERDAM, "2026-11-28T10:00", "2026-11-28T09:00"),
        (AMSTERDAM, "2026-03-28T10:00", "2026-03-28T09:00"),
        (AMSTERDAM, "2026-03-29T01:59", "2026-03-29T00:59"),
        (AMSTERDAM, "2026-03-29T02:30", "2026-03-29T01:30"),  # skipped: 03:30 on the wall
        (AMSTERDAM, "2026-03-29T03:00", "2026-03-29T01:00"),
        (AMSTERDAM, "2026-03-29T10:00", "2026-03-29T08:00"),
        (AMSTERDAM, "2026-10-25T02:30", "2026-10-25T00:30"),  # twice: the first
        (AMSTERDAM, "2026-10-25T03:00", "2026-10-25T02:00"),
        (AMSTERDAM, "2026-10-25T10:00", "2026-10-25T09:00"),
        (NEW_YORK, "2026-03-08T02:30", "2026-03-08T07:30"),
        (NEW_YORK, "2026-03-08T10:00", "2026-03-08T14:00"),
        (NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30"),
        (NEW_YORK, "2026-11-01T10:00", "2026-11-01T15:00"),
        ("UTC", "2026-03-29T02:30", "2026-03-29T02:30"),
    ],
)
def test_a_slot_is_one_moment(zone: str, wall: str, moment: str) -> None:
    assert Slot(wall, zone).at() == utc(moment)


@pytest.mark.parametrize(
    "bad", ["2026-11-28 10", "2026-11-28T10:00Z", "2026-11-28T10:00:00", "2026-13-01T10:00"]
)
def test_what_is_no_wall_time_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Slot(bad, AMSTERDAM)


def test_the_weekend_has_slots_of_its_own_through_the_change_of_the_clocks() -> None:
    wall = channel(fri=("17:00",), sat=("10:00", "20:00"), sun=("02:30", "10:00"), mon=("08:30",))
    found = islice(slots(wall, AMSTERDAM, utc("2026-10-23T16:00")), 6)
    assert [(slot.wall, f"{slot.at():%dT%H:%M}") for slot in found] == [
        ("2026-10-24T10:00", "24T08:00"),
        ("2026-10-24T20:00", "24T18:00"),
        ("2026-10-25T02:30", "25T00:30"),
        ("2026-10-25T10:00", "25T09:00"),
        ("2026-10-26T08:30", "26T07:30"),
        ("2026-10-30T17:00", "30T16:00"),
    ]


def test_a_skipped_time_comes_when_the_wall_shows_it_late() -> None:
    wall = channel(sun=("02:30", "03:15", "03:30"))
    found = [slot.wall[11:] for slot in islice(slots(wall, AMSTERDAM, utc("2026-03-28T12:00")), 3)]
    assert found == ["03:15", "02:30", "03:30"]


def test_the_next_free_slots_of_several_channels() -> None:
    two = brand(channel("wall", sat=("10:00", "14:00")), channel("masto", sat=("10:00",), sun=("12:00",)))
    since = utc("2026-11-20T12:00")
    taken = {("wall", utc("2026-11-21T09:00"))}
    assert [slot.wall for slot in next_slots(two, ["wall"], taken, since, 2)] == [
        "2026-11-21T14:00", "2026-11-28T10:00",
    ]  # fmt: skip
    assert [slot.wall for slot in next_slots(two, ["wall", "masto"], taken, since, 3)] == [
        "2026-11-21T10:00", "2026-11-21T14:00", "2026-11-22T12:00",
    ]  # fmt: skip
    assert (
        next_slots(two, ["gone"], taken, since, 3)
        == next_slots(brand(channel()), ["wall"], [], since, 3)
        == []
    )


def test_the_empty_places_of_a_calendar() -> None:
    two = brand(channel("wall", sat=("10:00", "14:00")), channel("masto", sat=("10:00",), sun=("12:00",)))
    found = free(two, {("wall", utc("2026-11-21T13:00"))}, utc("2026-11-21T09:00"), utc("2026-11-22T11:00"))
    assert found == [("2026-11-21T10:00", ("wall", "masto"))]


def test_a_time_that_the_clocks_skip_is_one_moment_with_the_later_one() -> None:
    night = brand(channel("wall", sun=("02:30", "03:30")))
    since, until = utc("2027-03-27T12:00"), utc("2027-03-28T12:00")
    assert [slot.at() for slot in next_slots(night, ["wall"], (), since, 2)] == [
        utc("2027-03-28T01:30"), utc("2027-04-04T00:30"),
    ]  # fmt: skip
    taken = {("wall", Slot("2027-03-28T02:30", AMSTERDAM).at())}
    assert free(night, taken, since, until) == []
    assert next_slots(night, ["wall"], taken, since, 1)[0].wall == "2027-04-04T02:30"


@pytest.mark.parametrize("since", ["2026-10-25T00:30", "2026-10-25T01:30", "2026-03-29T01:10"])
def test_any_minute_can_be_told_as_a_slot(since: str) -> None:
    at = utc(since)
    assert slot_of(at + timedelta(seconds=42), AMSTERDAM).at() == at


TIMES = st.times().map(lambda time: f"{time:%H:%M}")
ZONES = st.sampled_from([AMSTERDAM, NEW_YORK, "UTC", "Australia/Lord_Howe", "Asia/Kathmandu"])


@given(
    times=st.lists(TIMES, min_size=1, max_size=5, unique=True),
    zone=ZONES,
    minute=st.integers(0, 2 * 365 * 24 * 60),
)
def test_each_slot_of_a_day_comes_once_and_in_order(times: list[str], zone: str, minute: int) -> None:
    every_day = replace(channel(), slots=dict.fromkeys(DAYS, tuple(times)))
    since = utc("2026-01-01T00:00") + timedelta(minutes=minute)
    found = list(islice(slots(every_day, zone, since), 10 * len(times)))
    moments = [slot.at() for slot in found]
    assert len(set(found)) == len(found)
    assert all(moment >= since for moment in moments)
    days = [slot.wall[:10] for slot in found]
    for day in dict.fromkeys(days):
        of_day = [slot.at() for slot in found if slot.wall[:10] == day]
        assert of_day == sorted(of_day)
    assert days == sorted(days)
    whole = [day for day in dict.fromkeys(days) if day not in (days[0], days[-1])]
    for day in whole:
        assert sorted(slot.wall[11:] for slot in found if slot.wall[:10] == day) == sorted(times)
