"""Closed days from a calendar elsewhere: what closes, what does not, and files that are none."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.holidays import own
from chalicelib.errors import BadInput, Rejected, Unavailable
from chalicelib.http import Http
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
