"""A brand's calendar elsewhere: its days count in due times; the last ones stand while it is silent."""

from dataclasses import replace

import app
from chalicelib import wiring
from chalicelib.domain.brand import ClosedDays
from chalicelib.domain.holidays import off
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
