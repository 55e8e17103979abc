"""A long answer is read as it leaves before it leaves; and each case says how it may be answered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.ports import Answering, Terms
from tests.web import fakes
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_by_mail import asked  # noqa: F401  (a fixture)
from tests.web.world import BRAND, NOW, World

KEY = CaseKey(BRAND.id, "mastodon", "1")
FEED = CaseKey(BRAND.id, "feed", "4")
PATH = f"/cases/{KEY.slug}"
LONG = "@regenjas42 " + "Het boek ligt klaar aan de balie van de bibliotheek in het dorp. " * 12 + "Sam"


def test_what_leaves_in_several_messages_is_read_first(browser: Browser, world: World) -> None:
    form = {"text": LONG, "rev": "1", "do": "send", "messages": "1"}
    answer = browser.post(f"{PATH}/reply", form)
    page = answer.body.decode()
    assert answer.status_code == 422
    assert world.tasks.sent == []
    assert "Het is te lang voor één bericht: zo gaat het weg" in text_of(page)
    assert "(1/2)" in page
    assert "gaat in 2 berichten" in text_of(page)
    assert 'name="messages" value="2"' in page
    assert faults(page) == []
    assert browser.post(f"{PATH}/reply", {**form, "messages": "2"}).status_code == 303
    (delivery,) = world.cases.deliveries[KEY]
    assert delivery.text == LONG.strip()
    assert [part[-5:] for part in delivery.parts] == ["(1/2)", "(2/2)"]


@pytest.mark.parametrize("given", ["3", "0", "11", "two", "١", ""])
def test_another_number_than_was_shown_sends_nothing(browser: Browser, world: World, given: str) -> None:
    answer = browser.post(f"{PATH}/reply", {"text": LONG, "rev": "1", "do": "send", "messages": given})
    assert answer.status_code == 422
    assert world.tasks.sent == []


def test_what_stands_half_way_is_said_with_what_is_left(browser: Browser, world: World) -> None:
    browser.post(f"{PATH}/reply", {"text": LONG, "rev": "1", "do": "send", "messages": "2"})
    (sent,) = world.cases.deliveries[KEY]
    failed = replace(sent, state=DeliveryState.FAILED, standing=("77",), reason="HTTP 500")
    world.cases.deliveries[KEY] = [failed]
    case = world.cases.kept[KEY]
    world.cases.kept[KEY] = replace(case, state=type(case.state).STUCK, reason="HTTP 500")
    page = text_of(browser.get(PATH).body.decode())
    assert "1 van de 2 berichten staan op het netwerk" in page
    assert "1 van de 2 berichten zijn verstuurd" in page


def test_by_mail_it_is_shown_as_it_leaves(
    browser: Browser,
    world: World,
    asked: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fakes.Letters, "room", lambda self: 40)
    page = browser.get(asked).body.decode()
    assert "(1/2)" in page
    assert "(2/2)" in page
    assert browser.post(asked, {}).status_code == 200
    (delivery,) = world.cases.deliveries[KEY]
    assert len(delivery.parts) == 2


# how it may be answered --------------------------------------------------------------------------------


def told(browser: Browser, key: CaseKey = KEY) -> str:
    return text_of(browser.get(f"/cases/{key.slug}").body.decode())


def test_by_webspin_with_price_and_what_is_left(browser: Browser, world: World) -> None:
    assert "Door Webspin, na een ja van een mens" in told(browser)
    assert "Kost daar niets" in told(browser)
    assert "Nog 300 van 300 berichten in 3 u 00" in told(browser)
    case = world.cases.kept[CaseKey(BRAND.id, "mastodon", "5")]
    world.sent(case, DeliveryState.CONFIRMED)
    assert "Nog 299 van 300 berichten in 3 u 00" in told(browser)
    world.now = NOW + timedelta(hours=4)
    assert "Nog 300 van 300 berichten in 3 u 00" in told(browser)


def test_a_link_that_costs_more_says_so_before_the_yes(browser: Browser, world: World) -> None:
    terms = Terms(price=0.015, linked=0.2, checked=date(2026, 11, 21), source="https://docs.x.com/x-api")
    world.answering = lambda platform, **of: Answering("api", "", terms)
    said = "Kost daar zoals het er staat {} Amerikaanse dollar: 0,015 per bericht, 0,20 met een link erin"
    assert said.format("0,015") in told(browser)
    browser.post(f"{PATH}/reply", {"text": "Zie https://bieb.example Sam", "rev": "1", "do": "save"})
    assert said.format("0,20") in told(browser)


@pytest.mark.parametrize(
    ("how", "why", "said"),
    [
        (
            "browser",
            "Webspin does not write on this network",
            "Door een mens, in de browser: Webspin schrijft niet",
        ),
        ("person", "a network's own words", "Door een mens die hen kan bereiken: a network's own words"),
        ("never", "a network's own words", "Niet te beantwoorden: a network's own words"),
        ("api", "", "Door een mens, in de browser: daar is geen account van ons verbonden"),
    ],
)
def test_where_webspin_does_not_send_it_says_why(
    how: str, why: str, said: str, browser: Browser, world: World
) -> None:
    world.answering = lambda platform, **of: Answering(how, why)
    assert said in told(browser, FEED)
    assert ("Een account verbinden" in told(browser, FEED)) == (how == "api")


def test_what_has_no_address_is_for_who_can_reach_them(browser: Browser, world: World) -> None:
    world.cases.kept[FEED] = replace(world.cases.kept[FEED], url="")
    assert "Door een mens die hen kan bereiken" in told(browser, FEED)


def test_what_is_never_answered_has_no_place_to_write(browser: Browser, world: World) -> None:
    world.answering = lambda platform, **of: Answering("never", "they asked us not to")
    page = browser.get(f"/cases/{FEED.slug}").body.decode()
    assert '<textarea id="text"' not in page
    assert "Sluit" in text_of(page)
