"""A brand's calendar elsewhere: its days count in due times; the last ones stand while it is silent."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.brand import ClosedDays
from chalicelib.domain.holidays import off
from chalicelib.stages import closing
from tests.harness.poller import Context
from tests.platforms.test_calendar import calendar
from tests.servers.base import Reply
from tests.stages.planning import BRAND
from tests.stages.town import COMPLAINT, TICK, Town, brand

TODAY = "DTSTART;VALUE=DATE:20261116\nSUMMARY:Studiedag"


def relate() -> None:
    app.relate_to_people(TICK, Context())


def test_a_day_of_the_calendar_moves_the_due_time(town: Town) -> None:
    address = town.feeds.misbehave("/dicht.ics", Reply(200, calendar(TODAY)))
    wiring.brands().put(replace(brand(), closed=ClosedDays(feed=address)))
    relate()
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    assert town.case().due.isoformat() == "2026-11-17T09:00:00+00:00", "an hour into Tuesday"


def test_it_is_read_once_a_day_and_keeps_what_it_knew(town: Town) -> None:
    address = town.feeds.misbehave("/dicht.ics", Reply(200, calendar(TODAY)))
    wiring.brands().put(replace(brand(), closed=ClosedDays(feed=address)))

    def asked() -> int:
        return [request.path for request in town.feeds.requests].count("/dicht.ics")

    for _ in range(3):
        relate()
        town.wait(hours=1)
    assert asked() == 1
    town.feeds.misbehave("/dicht.ics", Reply(503))
    town.wait(hours=20)
    relate()
    found = wiring.brands().latest(BRAND)[0]
    assert asked() == 2
    assert (found.fed.days, found.fed.fault) == (("2026-11-16 Studiedag",), "HTTP 503")
    assert "2026-11-16" in map(str, off(found, found.departments[0]))
    town.feeds.misbehave("/dicht.ics", Reply(200, calendar()))
    town.wait(hours=1)
    relate()
    assert asked() == 2
    town.wait(hours=1)
    relate()
    assert wiring.brands().latest(BRAND)[0].fed.days == ()


def test_another_address_takes_the_place_of_the_first_at_once(town: Town) -> None:
    first = town.feeds.misbehave("/een.ics", Reply(200, calendar(TODAY)))
    wiring.brands().put(replace(brand(), closed=ClosedDays(feed=first)))
    relate()
    second = town.feeds.misbehave("/twee.ics", Reply(404))
    found, rev = wiring.brands().latest(BRAND)
    wiring.brands().change(replace(found, closed=ClosedDays(feed=second)), rev)
    found, rev = wiring.brands().latest(BRAND)
    assert off(found, found.departments[0]) == {}, "the days of an address that it has no more"
    town.wait(hours=1)
    relate()
    found = wiring.brands().latest(BRAND)[0]
    assert (found.fed.address, found.fed.days, found.fed.fault) == (second, (), "HTTP 404")
    wiring.brands().change(replace(found, closed=ClosedDays()), rev)
    town.wait(days=2)
    before = len(town.feeds.requests)
    relate()
    assert len(town.feeds.requests) == before


def test_one_calendar_keeps_neither_other_brands_days_nor_the_morning_letters_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its file does: what is read last, when the letters are out, can only break itself."""
    letters = replace(brand().departments[0], digest="daily")
    first = replace(brand(), departments=(letters,), closed=ClosedDays(feed="https://a.example/dicht.ics"))
    second = replace(brand(), id="zz", closed=ClosedDays(feed="https://b.example/dicht.ics"))
    wiring.brands().put(first)
    wiring.brands().put(second)
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    town.now = datetime(2026, 11, 17, 7, tzinfo=UTC)
    before, letters_out = len(town.world.mails()), []

    def read(address: str, first: date, last: date) -> tuple[str, ...]:
        letters_out.append(len(town.world.mails()) - before)
        if "a.example" in address:
            raise RuntimeError("what nobody thought of")
        return ("2026-12-24 Kerstavond",)

    monkeypatch.setattr(wiring, "read_calendar", read)
    relate()
    assert letters_out == [1, 1], "sent before any calendar was opened"
    assert wiring.brands().latest("zz")[0].fed.days == ("2026-12-24 Kerstavond",)


def test_no_calendar_is_begun_with_when_the_call_is_nearly_over(town: Town) -> None:
    address = town.feeds.misbehave("/dicht.ics", Reply(200, calendar(TODAY)))
    wiring.brands().put(replace(brand(), closed=ClosedDays(feed=address)))
    app.relate_to_people(TICK, Context(left=closing.ROOM_MS - 1))
    assert not town.feeds.requests
    relate()
    assert wiring.brands().latest(BRAND)[0].fed.days == ("2026-11-16 Studiedag",)
