"""The calendar: the past counted, the coming shown, empty slots that lead to the composer."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.domain import slots
from chalicelib.domain.brand import Channel
from chalicelib.domain.delivery import DeliveryKey, DeliveryState
from chalicelib.domain.post import Slot
from chalicelib.ports import Brake
from tests.web import november
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import keep
from tests.web.world import BRAND, NOW, World

EMPTY = re.compile(r'data-state="empty" href="/calendar/new\?when=([\dT:-]+)"')


@pytest.fixture
def editor(browser: Browser, world: World) -> Browser:
    november.fill(world)
    browser.language = "en"
    return in_role(browser, world, ("editor",))


def html(browser: Browser, path: str = "/calendar") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    page: str = answer.body.decode()
    assert faults(page) == []
    return page


def day(page: str, title: str) -> str:
    """The cell of a day, as text."""
    cell = page.partition(f'<span class="unseen">{title}</span>')[2].partition("</li>")[0]
    assert cell, f"no {title}"
    return text_of(cell)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_month_is_kept_to_be_looked_at(editor: Browser, world: World, language: str) -> None:
    editor.language = language
    keep(f"calendar-full-{language}", html(editor).encode())
    keep(f"calendar-full-list-{language}", html(editor, "/calendar?view=list").encode())
    world.brakes.kept[BRAND.id] = Brake(NOW, "Sam")
    keep(f"calendar-brake-{language}", html(editor).encode())


def test_what_was_is_counted_and_what_failed_keeps_its_words(editor: Browser) -> None:
    page = html(editor)
    assert "2 confirmed" in day(page, "Mon 16 November")
    assert "1 confirmed" in day(page, "Wed 18 November")
    assert "1 not sent" in day(page, "Wed 18 November")
    assert "Leestip" not in day(page, "Wed 18 November")


def test_what_comes_is_shown_by_time_channels_and_title(editor: Browser) -> None:
    page = html(editor)
    assert "10:00 2 channels Leestip voor de regen" in day(page, "Sat 28 November")
    assert "Today" in day(page, "Mon 23 November")
    assert "<h1>November 2026</h1>" in page


def test_the_weeks_are_whole_and_begin_on_monday(editor: Browser) -> None:
    page = html(editor)
    assert page.count('<li class="day') == 42
    assert page.index("Mon 26 October") < page.index("Sun 6 December")
    assert html(editor, "/calendar?month=2027-02").count('<li class="day') == 28


def test_empty_slots_lead_to_the_composer(editor: Browser) -> None:
    page = html(editor)
    empty = EMPTY.findall(page)
    assert empty[0] == "2026-11-29T20:00"
    assert "2026-11-28T10:00" not in empty, "a post leaves then"
    assert "5 empty slots in the weekend. Fill the first: Sun 29 Nov 20:00" in text_of(page)
    form = editor.get("/calendar/new?when=2026-11-29T20:00").body.decode()
    assert 'type="datetime-local" step="60" value="2026-11-29T20:00"' in form


def test_a_slot_of_a_cancelled_post_is_empty_again(editor: Browser, world: World) -> None:
    world.post("Toch niet", "2026-11-29T20:00", DeliveryState.CANCELLED)
    assert EMPTY.findall(html(editor))[0] == "2026-11-29T20:00"
    world.post("Toch wel", "2026-11-29T20:00")
    assert EMPTY.findall(html(editor))[0] != "2026-11-29T20:00"


def test_under_the_brake_what_is_planned_is_shown_as_held(editor: Browser, world: World) -> None:
    assert 'class="entry" data-state="planned"' in html(editor)
    world.brakes.kept[BRAND.id] = Brake(NOW, "Sam")
    page = html(editor)
    assert 'class="entry" data-state="planned"' not in page
    assert "Everything stands still since 09:12" in text_of(page)


def test_a_full_day_says_how_many_more(editor: Browser, world: World) -> None:
    for hour in range(6):
        world.post(f"Bericht {hour}", f"2026-12-02T1{hour}:05")
    assert "+ 2 more" in day(html(editor), "Wed 2 December")
    assert "Bericht 5" in html(editor, "/calendar?view=list")


def test_days_are_the_brands_own(editor: Browser, world: World) -> None:
    world.post("Nachtbraker", "2026-11-25T00:10")  # by UTC still the day before
    assert "00:10" in day(html(editor), "Wed 25 November")


def test_who_may_not_publish_sees_the_state_and_no_button(editor: Browser, world: World) -> None:
    page = html(in_role(editor, world, ("reader",)))
    assert "Empty slot" in text_of(page)
    assert "/calendar/new" not in page
    assert "/calendar/import" not in page
    assert 'action="/brake"' not in page


def test_beyond_a_year_no_slot_asks_for_a_post(editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """As nothing can be planned there; and nobody waits for what a far month would take to walk to."""
    walked: list[Slot] = []

    def looked(channel: Channel, zone: str, since: datetime) -> Iterator[Slot]:
        for slot in every(channel, zone, since):
            walked.append(slot)
            yield slot

    every = slots.slots
    monkeypatch.setattr(slots, "slots", looked)
    assert max(EMPTY.findall(html(editor, "/calendar?month=2027-11"))) < "2027-11-25"
    walked.clear()
    assert EMPTY.findall(html(editor, "/calendar?month=2199-12")) == []
    assert len(walked) <= len(BRAND.channels)


@pytest.mark.parametrize("month", ["2026-13", "x", "1999-12", "9999-12", "2026-1", "2026-11-01", "%00"])
def test_a_month_that_is_none_is_not_found(editor: Browser, month: str) -> None:
    assert editor.get(f"/calendar?month={month}").status_code in (200, 404)
    if month != "2026-11-01":
        assert editor.get(f"/calendar?month={month}").status_code == 404


def test_what_failed_and_was_sent_anew_counts_as_it_stands_now(editor: Browser, world: World) -> None:
    key = world.post("Tweede poging", "2026-11-24T12:05", DeliveryState.CANCELLED, ("mastodon",))
    first = world.posts.deliveries[DeliveryKey(key, "mastodon", 1)]
    again = DeliveryKey(key, "mastodon", 2)
    world.posts.deliveries[again] = replace(first, key=again, state=DeliveryState.PLANNED)
    row = html(editor, "/calendar?view=list").partition("Tweede poging")[2].partition("</li>")[0]
    assert 'data-state="planned"' in row
