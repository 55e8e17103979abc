"""Where four eyes are set nobody approves a text of their own: told by who they are, not by their name."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import answer
from chalicelib.stages.owners import OfCase
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

KEY = CaseKey("veldermeer", "mastodon", "1")
PATH = f"/cases/{KEY.slug}/reply"
TEXT = "@regenjas42 Het boek ligt klaar. Groet, Noor van Bibliotheek Veldermeer"


@pytest.fixture
def four(world: World) -> World:
    """Uitlening wants four eyes."""
    desk, youth = BRAND.departments
    world.brands.put(replace(BRAND, departments=(replace(desk, four_eyes=True), youth)))
    return world


def write(world: World, by: str, id: str, text: str = TEXT) -> None:
    case = world.cases.get(KEY)
    answer.save_draft(KEY, case.rev, text, by, by_id=id, cases=world.cases, now=world.now)


def send(browser: Browser, world: World, text: str) -> int:
    form = {"text": text, "rev": str(world.cases.get(KEY).rev), "do": "send"}
    return browser.post(PATH, form).status_code


def test_ones_own_text_is_not_approved(browser: Browser, four: World) -> None:
    write(four, "Sam de Wit", "1")
    page = browser.get(f"/cases/{KEY.slug}").body.decode()
    assert "Jij schreef dit. Een collega keurt goed." in text_of(page)
    assert 'value="send"' not in page
    assert faults(page) == []
    answer = browser.post(PATH, {"text": TEXT, "rev": "2", "do": "send"})
    assert answer.status_code == 422
    assert "Een collega keurt het goed" in text_of(answer.body.decode())
    assert four.tasks.sent == []
    assert four.cases.get(KEY).state is CaseState.OPEN


def test_a_colleagues_text_is_approved_as_it_stands_and_with_no_word_changed(
    browser: Browser, four: World
) -> None:
    write(four, "Noor", "2")
    assert send(browser, four, TEXT + " Tot dan.") == 422
    assert send(browser, four, TEXT.replace("\n", "\r\n")) == 303
    (delivery,) = four.cases.deliveries[KEY]
    assert (delivery.approved_by, delivery.written_by, delivery.written_by_id) == ("Sam de Wit", "Noor", "2")


def test_the_systems_draft_has_no_eyes_of_ours_yet(browser: Browser, four: World) -> None:
    draft = four.cases.get(KEY).draft
    assert draft
    assert send(browser, four, draft.text.replace("{agent}", "Sam de Wit")) == 303


def test_a_name_is_not_who_somebody_is(browser: Browser, four: World) -> None:
    write(four, "Sam de Wit", "2")  # another Sam
    assert send(browser, four, TEXT) == 303


def test_one_is_ones_own_under_another_name(browser: Browser, four: World) -> None:
    write(four, "S. de Wit", "1")
    assert send(browser, four, TEXT) == 422


def test_keeping_a_text_unchanged_does_not_make_it_somebody_elses(browser: Browser, four: World) -> None:
    write(four, "Sam de Wit", "1")
    write(four, "Noor", "2")
    draft = four.cases.get(KEY).draft
    assert draft
    assert (draft.by, draft.by_id) == ("Sam de Wit", "1")
    assert send(browser, four, TEXT) == 422


def test_a_text_that_came_back_is_still_its_writers(browser: Browser, four: World) -> None:
    write(four, "Noor", "2")
    assert send(browser, four, TEXT) == 303
    (delivery,) = four.cases.deliveries[KEY]
    failed = replace(delivery, state=DeliveryState.FAILED, reason="refused")
    OfCase(KEY, cases=four.cases, deliveries=four.deliveries).conclude(failed, four.now)
    case = four.cases.get(KEY)
    assert case.draft
    assert (case.state, case.draft.by, case.draft.by_id) == (CaseState.STUCK, "Noor", "2")
    assert send(browser, four, TEXT) == 303, "Sam approves once more"


def test_elsewhere_one_signs_for_oneself(browser: Browser, world: World) -> None:
    write(world, "Sam de Wit", "1")
    assert send(browser, world, TEXT) == 303


def test_handing_it_over_does_not_take_the_second_pair_of_eyes_away(browser: Browser, four: World) -> None:
    write(four, "Sam de Wit", "1")
    form = {"department": "jeugd", "reason": "Voor jullie", "rev": str(four.cases.get(KEY).rev)}
    assert browser.post(f"/cases/{KEY.slug}/hand", form).status_code == 303
    assert four.cases.get(KEY).department == "jeugd"
    assert send(browser, four, TEXT) == 422
    assert four.tasks.sent == []


@pytest.mark.parametrize(
    ("department", "case", "refused"),
    [
        ({"four_eyes_unhappy": True}, {"sentiment": Sentiment.NEGATIVE}, True),
        ({"four_eyes_unhappy": True}, {"sentiment": Sentiment.MIXED}, True),
        ({"four_eyes_unhappy": True}, {"sentiment": Sentiment.NEUTRAL}, False),
        ({"four_eyes_reach": 5000}, {"reach": 5000}, True),
        ({"four_eyes_reach": 5000}, {"reach": 4999}, False),
        ({"four_eyes_reach": 0}, {"reach": 1_000_000}, False),
    ],
)
def test_eyes_are_asked_for_by_tone_and_by_reach(
    browser: Browser, world: World, department: dict[str, Any], case: dict[str, Any], refused: bool
) -> None:
    first, *rest = BRAND.departments
    world.brands.put(replace(BRAND, departments=(replace(first, **department), *rest)))
    world.cases.kept[KEY] = replace(world.cases.kept[KEY], **{"sentiment": Sentiment.NEUTRAL, **case})
    write(world, "Sam de Wit", "1")
    assert send(browser, world, TEXT) == (422 if refused else 303)
    assert bool(world.tasks.sent) is not refused
