"""Closed days from a calendar elsewhere: what closes, what does not, and files that are none."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.holidays import own
from chalicelib.errors import BadInput, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import _calendar, _repeats
from chalicelib.platforms._calendar import closed_days, read
from tests.servers.base import Reply
from tests.servers.feeds import Feeds

FIRST, LAST = date(2026, 11, 1), date(2027, 12, 31)


def calendar(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{inside}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20261224\nSUMMARY:Kerstavond", ["2026-12-24 Kerstavond"]),
        (
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225\nSUMMARY:Kerstavond",
            ["2026-12-24 Kerstavond"],
        ),
        (
            "DTSTART;VALUE=DATE:20261228\nDTEND;VALUE=DATE:20270102\nSUMMARY:Dicht",
            ["2026-12-28/2027-01-01 Dicht"],
        ),
        ("DTSTART;VALUE=DATE:20261224", ["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224\nSUMMARY:Fe\n est\\, met taart", ["2026-12-24 Feest, met taart"]),
        ("DTSTART:20261224T090000Z\nDTEND:20261224T170000Z\nSUMMARY:Vergadering", []),
        ("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED\nSUMMARY:Toch niet", []),
        ("DTSTART;VALUE=DATE:20101224\nSUMMARY:Lang geleden", []),
        (
            "DTSTART;VALUE=DATE:20200427\nRRULE:FREQ=YEARLY\nSUMMARY:Koningsdag",
            ["2027-04-27 Koningsdag"],
        ),
        (
            "DTSTART;VALUE=DATE:20240427\nRRULE:FREQ=YEARLY;UNTIL=20250501T000000Z\nSUMMARY:Voorbij",
            [],
        ),
        (
            "DTSTART;VALUE=DATE:20261224\nRDATE;VALUE=DATE:20270105\nSUMMARY:Vrij",
            ["2026-12-24 Vrij", "2027-01-05 Vrij"],
        ),
        (
            "DTSTART;VALUE=DATE:20261030\nDTEND;VALUE=DATE:20261103\nSUMMARY:Over",
            ["2026-10-30/2026-11-02 Over"],
        ),
        (
            "DTSTART;VALUE=DATE:20261204\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20261211\nSUMMARY:Vrij",
            ["2026-12-04 Vrij", "2026-12-18 Vrij"],
        ),
    ],
)
def test_what_closes(event: str, days: list[str]) -> None:
    found = read(calendar(event), FIRST, LAST)
    assert list(found) == days
    for line in found:
        assert own(line)


def test_many_events_are_in_order_and_each_once() -> None:
    twice = "DTSTART;VALUE=DATE:20261224\nSUMMARY:Kerstavond"
    found = read(calendar(twice, "DTSTART;VALUE=DATE:20261201\nSUMMARY:Eerder", twice), FIRST, LAST)
    assert found == ("2026-12-01 Eerder", "2026-12-24 Kerstavond")


def repeating(rule: str, start: str = "20200101") -> str:
    return f"DTSTART;VALUE=DATE:{start}\nRRULE:{rule}\nSUMMARY:Vrij"


@pytest.mark.parametrize(
    ("rule", "start", "days"),
    [
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=3",
            "20261201",
            ["2026-12-01", "2026-12-07", "2027-01-04", "2027-02-01"],
        ),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "19990531", ["2027-05-31"]),
        ("FREQ=YEARLY;BYDAY=2TU", "20200114", ["2027-01-12"]),
        ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1", "20200131", ["2027-01-31", "2027-07-31"]),
        (
            "FREQ=WEEKLY;INTERVAL=20;BYDAY=MO,FR;WKST=SU",
            "20261207",
            ["2026-12-07", "2026-12-11", "2027-04-26", "2027-04-30", "2027-09-13", "2027-09-17"],
        ),
        ("FREQ=DAILY;INTERVAL=200", "20261101", ["2026-11-01", "2027-05-20", "2027-12-06"]),
        ("FREQ=YEARLY;INTERVAL=4", "20240229", []),
        ("FREQ=YEARLY", "20240229", []),
        (
            "FREQ=MONTHLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "20201231",
            ["2026-12-31", "2027-12-31"],
        ),
        ("FREQ=YEARLY;COUNT=7", "20201224", ["2026-12-24"]),
        ("FREQ=YEARLY;COUNT=6", "20201224", []),
        ("FREQ=YEARLY;COUNT=8", "20201224", ["2026-12-24", "2027-12-24"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "20200130", []),
    ],
)
def test_what_repeats_closes_each_time(rule: str, start: str, days: list[str]) -> None:
    found = read(calendar(repeating(rule, start)), FIRST, LAST)
    assert [line.partition(" ")[0] for line in found] == days


HOURS = ",".join(map(str, range(24)))
SIXTY = ",".join(map(str, range(60)))


@pytest.mark.parametrize(
    "events",
    [
        [repeating(f"FREQ=DAILY;BYHOUR={HOURS};BYMINUTE={SIXTY};BYSECOND={SIXTY}")],
        [repeating(f"FREQ=YEARLY;BYSECOND={SIXTY}")],
        [repeating("FREQ=MINUTELY")],
        [repeating("FREQ=YEARLY;BYWEEKNO=1")],
        [repeating("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "00010101")] * 40,
        [repeating("FREQ=DAILY;COUNT=9999999", "00010101")],
        [repeating("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "00010130")],
        [repeating("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")] * 2_000,
        [repeating("FREQ=YEARLY;BYDAY=MO,TU;BYSETPOS=400")] * 50,
        ["DTSTART;VALUE=DATE:20261224\n" + "X-A:1\n" * 40_000],
    ],
)
def test_a_file_that_would_take_long_is_refused(events: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """By what it would cost, not by a clock: so many days are held against its rules and no more."""
    spent = 0
    spend = _repeats.Budget.spend

    def counted(self: _repeats.Budget, days: int = 1) -> None:
        nonlocal spent
        spent += days
        spend(self, days)

    monkeypatch.setattr(_repeats.Budget, "spend", counted)
    with pytest.raises(BadInput) as raised:
        read(calendar(*events), FIRST, LAST)
    assert raised.value.field == "feed"
    assert spent <= _calendar.DAYS + 366


def test_a_rule_that_began_long_ago_costs_the_days_asked_for() -> None:
    rule = _repeats.read({"FREQ": ["WEEKLY"], "BYDAY": ["MO"]}, date(1, 1, 1))
    days = (LAST - FIRST).days + 1
    assert len(list(rule.days(FIRST, LAST, _repeats.Budget(days)))) == 61


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in</html>",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:tomorrow\r\nEND:VEVENT\r\nEND:VCALENDAR",
        calendar("DTSTART;VALUE=DATE:20261101\nRRULE:FREQ=DAILY\nSUMMARY:Elke dag"),
        calendar("DTSTART;VALUE=DATE:20261101\nRRULE:FREQ=SECONDLY\nSUMMARY:Steeds"),
    ],
)
def test_what_is_no_calendar_of_closed_days(body: bytes) -> None:
    with pytest.raises(BadInput) as raised:
        read(body, FIRST, LAST)
    assert raised.value.field == "feed"


@given(st.binary(max_size=300))
def test_a_strangers_file_is_read_or_refused(rest: bytes) -> None:
    try:
        found = read(b"BEGIN:VCALENDAR\r\n" + rest + b"\r\nEND:VCALENDAR\r\n", FIRST, LAST)
    except BadInput:
        return
    assert all(own(line) for line in found)


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    with Feeds() as server:
        yield server


def asked(feeds: Feeds, address: str) -> tuple[str, ...]:
    return closed_days(Http(frozenset({(feeds.host, feeds.port)})), address, FIRST, LAST)


def test_it_is_asked_over_http(feeds: Feeds) -> None:
    body = calendar("DTSTART;VALUE=DATE:20261224\nSUMMARY:Kerstavond")
    assert asked(feeds, feeds.misbehave("/a.ics", Reply(200, body))) == ("2026-12-24 Kerstavond",)
    with pytest.raises(Unavailable):
        asked(feeds, feeds.misbehave("/b.ics", Reply(503)))
    with pytest.raises(Rejected):
        asked(feeds, feeds.misbehave("/c.ics", Reply(404)))
    with pytest.raises(Unavailable):
        closed_days(Http(), feeds.misbehave("/d.ics", Reply(200, body)), FIRST, LAST)
