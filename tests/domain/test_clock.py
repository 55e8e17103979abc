"""The working-hours clock keeps its promises, also where the clocks change (compare R12)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.clock import DAYS, Part, due, recall, sentence, week

ZONE = "Europe/Amsterdam"
OFFICE = dict.fromkeys(DAYS[:5], ("09:00-17:00",))
LUNCH = dict.fromkeys(DAYS[:5], ("09:00-12:00", "13:00-17:00"))
NIGHT = {"fri": ("22:00-06:00",), "sat": ("22:00-06:00",), "sun": ("18:00-24:00",)}
EARLY = {"sun": ("02:15-02:45", "08:00-09:00")}
MINUTE = timedelta(minutes=1)


def at(text: str, zone: str = ZONE, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("received", "within", "hours", "expected"),
    [
        ("2026-11-23 10:00", 60, OFFICE, "2026-11-23 11:00"),
        ("2026-11-23 16:40", 60, OFFICE, "2026-11-24 09:40"),
        ("2026-11-23 16:40", 20, OFFICE, "2026-11-23 17:00"),
        ("2026-11-23 17:00", 1, OFFICE, "2026-11-24 09:01"),
        ("2026-11-20 16:40", 60, OFFICE, "2026-11-23 09:40"),
        ("2026-11-21 03:10", 60, OFFICE, "2026-11-23 10:00"),
        ("2026-11-23 10:00:59", 60, OFFICE, "2026-11-23 11:00"),
        ("2026-11-23 11:30", 60, LUNCH, "2026-11-23 13:30"),
        ("2026-11-23 12:30", 480, LUNCH, "2026-11-24 14:00"),
        ("2026-11-20 23:00", 480, NIGHT, "2026-11-21 23:00"),
        ("2026-11-22 23:30", 30, NIGHT, "2026-11-23 00:00"),
        ("2026-11-22 23:30", 31, NIGHT, "2026-11-27 22:01"),
        ("2026-11-23 23:30", 60, {"mon": ("00:00-24:00",)}, "2026-11-30 00:30"),
        ("2026-11-23 23:30", 60, dict.fromkeys(DAYS, ("00:00-24:00",)), "2026-11-24 00:30"),
        ("2026-11-23 23:30", 60, {}, "2026-11-24 00:30"),
        ("2026-11-23 23:30", 60, {"mon": ()}, "2026-11-24 00:30"),
        ("2026-11-23 10:00", 0, OFFICE, "2026-11-23 10:00"),
        ("2026-11-23 10:00", 120, {"mon": ("9:00-11:00", "10:30-12:00")}, "2026-11-23 12:00"),
    ],
)
def test_an_answer_is_due_after_so_many_open_minutes(
    received: str, within: int, hours: dict[str, tuple[str, ...]], expected: str
) -> None:
    assert due(at(received), within, hours, ZONE).due == at(expected)


@pytest.mark.parametrize(
    ("zone", "received", "within", "hours", "expected_utc"),
    [
        # Spring, 29 March 2026: 02:00 becomes 03:00; the night shift has an hour less.
        (ZONE, "2026-03-28 23:00", 240, {"sat": ("22:00-06:00",)}, "2026-03-29 02:00"),
        (ZONE, "2026-03-29 01:00", 31, EARLY, "2026-03-29 06:31"),
        (ZONE, "2026-03-27 16:30", 60, OFFICE, "2026-03-30 07:30"),
        # Autumn, 25 October 2026: 02:00 to 03:00 comes twice.
        (ZONE, "2026-10-24 23:00", 240, {"sat": ("22:00-06:00",)}, "2026-10-25 01:00"),
        (ZONE, "2026-10-25 01:00", 31, EARLY, "2026-10-25 01:16"),
        (ZONE, "2026-10-25 01:00", 61, EARLY, "2026-10-25 07:01"),
        (ZONE, "2026-10-23 16:30", 60, OFFICE, "2026-10-26 08:30"),
        ("America/New_York", "2026-03-08 01:30", 60, {"sun": ("00:00-24:00",)}, "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01 00:30", 120, {"sun": ("00:00-24:00",)}, "2026-11-01 06:30"),
        # Midnight itself is skipped here.
        ("America/Santiago", "2026-09-05 23:30", 60, {"sat": ("20:00-24:00",), "sun": ("00:00-02:00",)},
         "2026-09-06 04:30"),
        ("Asia/Kathmandu", "2026-11-23 16:40", 60, OFFICE, "2026-11-24 03:55"),
    ],
)  # fmt: skip
def test_r12_a_changed_clock_neither_adds_nor_loses_a_minute(
    zone: str, received: str, within: int, hours: dict[str, tuple[str, ...]], expected_utc: str
) -> None:
    assert due(at(received, zone), within, hours, zone).due == at(expected_utc, "UTC")


def test_the_sum_adds_up_from_receipt_to_due() -> None:
    found = due(at("2026-11-20 16:40"), 60, OFFICE, ZONE)
    assert found.parts == (
        Part(at("2026-11-20 16:40"), at("2026-11-20 17:00"), 20, True),
        Part(at("2026-11-20 17:00"), at("2026-11-23 09:00"), 64 * 60, False),
        Part(at("2026-11-23 09:00"), at("2026-11-23 09:40"), 40, True),
    )


@pytest.mark.parametrize(
    ("hours", "place"),
    [
        ({"monday": ("09:00-17:00",)}, "hours.monday"),
        ({"mon": ("09:00",)}, "hours.mon"),
        ({"tue": ("9-17",)}, "hours.tue"),
        ({"wed": ("09:00-24:01",)}, "hours.wed"),
        ({"thu": ("09:60-17:00",)}, "hours.thu"),
        ({"fri": ("09:00-09:00",)}, "hours.fri"),
        ({"sat": ("24:00-06:00",)}, "hours.sat"),
        ({"sun": ("-1:00-06:00",)}, "hours.sun"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_by_name(hours: dict[str, tuple[str, ...]], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        week(hours)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(at("2026-11-20 16:40").replace(tzinfo=None), 60, OFFICE, ZONE)


@pytest.mark.parametrize(
    ("received", "within", "hours", "language", "expected"),
    [
        ("2026-11-22 16:40", 60, OFFICE | {"sun": ("12:00-17:00",)}, "nl",
         "Ontvangen zo 16:40, 20 minuten tot sluiting, gesloten tot ma 09:00, plus 40 minuten: ma 09:40."),
        ("2026-11-22 16:40", 60, OFFICE | {"sun": ("12:00-17:00",)}, "en",
         "Received Sun 16:40, 20 minutes to closing, closed until Mon 09:00, plus 40 minutes: Mon 09:40."),
        ("2026-11-23 10:00", 60, OFFICE, "nl", "Ontvangen ma 10:00, plus 60 minuten: ma 11:00."),
        ("2026-11-21 03:10", 1, OFFICE, "nl",
         "Ontvangen za 03:10, gesloten tot ma 09:00, plus 1 minuut: ma 09:01."),
        ("2026-11-23 09:00", 180, {}, "en", "Received Mon 09:00, plus 3 h 00: Mon 12:00."),
        ("2026-11-23 09:00", 0, {}, "fr", "Received Mon 09:00: Mon 09:00."),
        ("2026-11-23 16:00", 120, {"mon": ("09:00-17:00",)}, "nl",
         ("Ontvangen ma 16:00, 60 minuten tot sluiting, gesloten tot ma 30 november 09:00, plus 60 minuten: "
         "ma 30 november 10:00.")),
    ],
)  # fmt: skip
def test_the_sum_reads_as_a_sentence(
    received: str, within: int, hours: dict[str, tuple[str, ...]], language: str, expected: str
) -> None:
    assert sentence(due(at(received), within, hours, ZONE), language, ZONE) == expected


CHRISTMAS = {date(2026, 12, 25): "Eerste kerstdag", date(2026, 12, 28): ""}


@pytest.mark.parametrize(
    ("received", "within", "hours", "expected"),
    [
        ("2026-12-24 16:40", 60, OFFICE, "2026-12-29 09:40"),  # Friday, the weekend, and Monday
        ("2026-12-25 10:00", 5, OFFICE, "2026-12-29 09:05"),
        ("2026-12-24 23:00", 120, {"thu": ("22:00-06:00",), "sat": ("10:00-12:00",)}, "2026-12-26 11:00"),
        ("2026-12-25 10:00", 60, dict.fromkeys(DAYS, ("00:00-24:00",)), "2026-12-26 01:00"),
        ("2026-12-25 10:00", 60, {}, "2026-12-25 11:00"),  # who is always open is not closed
    ],
)
def test_no_minute_of_a_closed_day_counts(
    received: str, within: int, hours: dict[str, tuple[str, ...]], expected: str
) -> None:
    assert due(at(received), within, hours, ZONE, CHRISTMAS).due == at(expected)


def test_the_sum_names_the_closed_days() -> None:
    found = due(at("2026-12-24 16:40"), 60, OFFICE, ZONE, CHRISTMAS)
    assert sentence(found, "nl", ZONE, CHRISTMAS) == (
        "Ontvangen do 16:40, 20 minuten tot sluiting, gesloten tot di 09:00 (Eerste kerstdag), "
        "plus 40 minuten: di 09:40."
    )
    many = {date(2026, 12, day): f"dag {day}" for day in range(25, 32)}
    found = due(at("2026-12-24 16:40"), 60, OFFICE, ZONE, many)
    assert "gesloten tot vr 1 januari 09:00 (dag 25, dag 26, dag 27…)" in sentence(found, "nl", ZONE, many)


# properties ----------------------------------------------------------------------------------------

CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
NEAR_A_CHANGE = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.integers(-3 * 86_400, 3 * 86_400),
)
WALL = st.integers(0, 24 * 12 - 1).map(lambda n: f"{n // 12:02}:{n % 12 * 5:02}")
BLOCK = st.tuples(WALL, WALL | st.just("24:00")).filter(lambda b: b[0] != b[1]).map("-".join)
HOURS = st.dictionaries(st.sampled_from(DAYS), st.lists(BLOCK, max_size=3).map(tuple), max_size=7)
WITHIN = st.integers(0, 1500)
CLOSED = st.sets(st.integers(-4, 12), max_size=8).flatmap(
    lambda days: st.sampled_from(CHANGES).map(lambda at: {at.date() + timedelta(days=n) for n in days})
)


def is_open(moment: datetime, hours: dict[str, tuple[str, ...]], closed: set[date]) -> bool:
    """The promise itself, minute by minute: does the clock on the wall stand inside a block, on a day that is
    not closed?"""
    local = moment.astimezone(ZoneInfo(ZONE))
    if local.date() in closed and any(hours.values()):
        return False
    now, today = f"{local:%H:%M}", local.weekday()
    for block in hours.get(DAYS[today], ()):
        first, last = block.split("-")
        if first <= now and (now < last or last < first):
            return True
    for block in hours.get(DAYS[today - 1], ()):
        first, last = block.split("-")
        if last < first and now < last:
            return True
    return not any(hours.values())


@given(NEAR_A_CHANGE, st.integers(0, 700), HOURS, CLOSED)
def test_exactly_the_promised_open_minutes_lie_before_due(
    received: datetime, within: int, hours: dict[str, tuple[str, ...]], closed: set[date]
) -> None:
    found = due(received, within, hours, ZONE, closed)
    for part in found.parts:
        if part.end - part.start < timedelta(days=2):
            minutes = [part.start + n * MINUTE for n in range(part.minutes)]
            assert all(is_open(minute, hours, closed) is part.open for minute in minutes)
        assert part.minutes == (part.end - part.start) // MINUTE > 0
    assert sum(part.minutes for part in found.parts if part.open) == within
    assert all(one.end == two.start for one, two in zip(found.parts, found.parts[1:], strict=False))
    assert all(one.open is not two.open for one, two in zip(found.parts, found.parts[1:], strict=False))
    assert found.due == (found.parts[-1].end if found.parts else received)


@given(NEAR_A_CHANGE, WITHIN, HOURS, CLOSED)
def test_what_was_promised_can_be_told_again_without_the_hours(
    received: datetime, within: int, hours: dict[str, tuple[str, ...]], closed: set[date]
) -> None:
    found = due(received, within, hours, ZONE, closed)
    again = recall(found.due, found.lengths)
    assert again.parts == found.parts
    assert sentence(again, "nl", ZONE) == sentence(found, "nl", ZONE)


@given(NEAR_A_CHANGE, WITHIN, HOURS, CLOSED)
def test_nothing_is_due_before_it_was_received(
    received: datetime, within: int, hours: dict[str, tuple[str, ...]], closed: set[date]
) -> None:
    assert due(received, within, hours, ZONE, closed).due >= received


@given(NEAR_A_CHANGE, WITHIN, st.integers(0, 86_400), st.integers(0, 300), HOURS, CLOSED)
def test_later_or_longer_is_never_due_earlier(
    received: datetime,
    within: int,
    seconds: int,
    more: int,
    hours: dict[str, tuple[str, ...]],
    closed: set[date],
) -> None:
    first = due(received, within, hours, ZONE, closed).due
    assert due(received + timedelta(seconds=seconds), within, hours, ZONE, closed).due >= first
    assert due(received, within + more, hours, ZONE, closed).due >= first


@given(NEAR_A_CHANGE, WITHIN, WITHIN, HOURS, CLOSED)
def test_a_promise_in_two_halves_is_the_promise(
    received: datetime, one: int, two: int, hours: dict[str, tuple[str, ...]], closed: set[date]
) -> None:
    half = due(received, one, hours, ZONE, closed).due
    assert due(half, two, hours, ZONE, closed).due == due(received, one + two, hours, ZONE, closed).due
