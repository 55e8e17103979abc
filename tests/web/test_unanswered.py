"""Where a network takes no answer of ours to one message: a person answers there, and nothing leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.ports import Answering
from tests.web import access
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_by_mail import asked, nothing_left  # noqa: F401  (a fixture)
from tests.web.test_standing import closed  # noqa: F401  (a fixture)
from tests.web.world import BRAND, World

KEY = CaseKey(BRAND.id, "mastodon", "1")
PATH = f"/cases/{KEY.slug}"
WHY = "they did not name our account"
DAY = timedelta(hours=24)


def only_direct(platform: str, *, direct: bool = True, age: timedelta = timedelta()) -> Answering:
    return Answering("api", "") if direct else Answering("browser", WHY)


def for_a_day(platform: str, *, direct: bool = True, age: timedelta = timedelta()) -> Answering:
    return Answering("api", "") if age <= DAY else Answering("browser", WHY)


@pytest.fixture
def unsummoned(world: World) -> World:
    world.answering = only_direct
    world.cases.kept[KEY] = replace(world.cases.kept[KEY], direct=False)
    return world


def test_the_case_says_why_and_gives_text_and_link(browser: Browser, unsummoned: World) -> None:
    page = browser.get(PATH).body.decode()
    assert f"Door een mens, in de browser: {WHY}" in text_of(page)
    assert 'value="send"' not in page
    assert "Kopieer de tekst" in text_of(page)
    assert faults(page) == []
    form = {"rev": "1", "do": "answered", "url": "https://social.example/@bieb/1"}
    assert browser.post(f"{PATH}/solve", form).status_code == 303


def test_what_is_posted_all_the_same_leaves_nothing(browser: Browser, unsummoned: World) -> None:
    answer = browser.post(f"{PATH}/reply", {"text": "@regenjas42 Sorry! Sam", "rev": "1", "do": "send"})
    assert answer.status_code == 422
    assert "Beantwoord het bij het netwerk" in text_of(answer.body.decode())
    assert nothing_left(unsummoned)


def test_who_names_us_is_answered_as_ever(browser: Browser, world: World) -> None:
    world.answering = only_direct
    form = {"text": "@regenjas42 Sorry! Sam", "rev": "1", "do": "send", "messages": "1"}
    assert browser.post(f"{PATH}/reply", form).status_code == 303


def test_what_was_open_for_a_day_is_closed_after_it(browser: Browser, world: World) -> None:
    world.answering = for_a_day
    received = world.cases.kept[KEY].received_at
    world.now = received + DAY
    assert 'value="send"' in browser.get(PATH).body.decode()
    world.now = received + DAY + timedelta(seconds=1)
    assert 'value="send"' not in browser.get(PATH).body.decode()
    assert browser.post(f"{PATH}/reply", {"text": "Te laat", "rev": "1", "do": "send"}).status_code == 422
    assert nothing_left(world)


def test_a_colleagues_link_sends_nothing_then(
    browser: Browser,
    world: World,
    asked: str,  # noqa: F811
) -> None:
    world.answering = lambda platform, **of: Answering("browser", WHY)
    answer = browser.post(asked, {})
    assert answer.status_code == 410
    assert "Geen kanaal van ons bereikt dit bericht" in text_of(answer.body.decode())
    assert nothing_left(world)


def test_no_holding_reply_goes_there(browser: Browser, closed: World) -> None:  # noqa: F811
    closed.answering = only_direct
    closed.cases.kept[KEY] = replace(closed.cases.kept[KEY], direct=False)
    assert "Wachtbericht goedkeuren" not in text_of(browser.get(PATH).body.decode())
    answer = browser.post(f"{PATH}/holding", {"rev": "1", "text": access.HOLDING})
    assert answer.status_code == 422
    assert "Beantwoord het bij het netwerk" in text_of(answer.body.decode())
    assert nothing_left(closed)


def test_a_platform_that_takes_answers_and_no_posts_is_answered(browser: Browser, world: World) -> None:
    """Reviews, comments and chats: there is an account, and nothing to publish on it."""
    world.cannot = {*world.cannot, ("mastodon", "publish")}
    assert "Door Webspin, na een ja van een mens" in text_of(browser.get(PATH).body.decode())


@pytest.mark.parametrize("path", ["/", "/cases"])
def test_a_list_does_not_offer_what_the_case_cannot_do(
    browser: Browser, unsummoned: World, path: str
) -> None:
    browser.language = "en"
    row = _row(browser.get(path).body.decode())
    assert "Answer there" in row
    unsummoned.answering = only_mastodon
    assert "Answer there" not in _row(browser.get(path).body.decode())


def only_mastodon(platform: str, *, direct: bool = True, age: timedelta = timedelta()) -> Answering:
    return Answering("api", "")


def _row(page: str) -> str:
    """What the list offers to do with the case."""
    rows = (part.partition("</li>")[0] for part in page.split("<li"))
    return next(text_of(row) for row in rows if f'href="{PATH}"' in row and 'class="deed"' in row)
