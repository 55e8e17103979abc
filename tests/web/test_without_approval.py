"""Every way to have an answer sent without a named person's yes to it, tried at the console: each is
refused, and nothing leaves. The API's are in tests/web/api/test_work.py, the mail's in test_by_mail.py,
the queue's in tests/stages/test_without_approval.py."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.stages import answer, claim
from tests.web import access
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}/reply"
TEXT = "@regenjas42 Het boek ligt klaar. Sam van Bibliotheek Veldermeer"
FORM = {"do": "send", "rev": "1", "text": TEXT, "seen": ""}


def another_site(browser: Browser, world: World) -> int:
    return browser.post(PATH, FORM, origin="https://evil.example").status_code


def a_token_of_nobody(browser: Browser, world: World) -> int:
    browser.get("/")
    return browser.post(PATH, {**FORM, "csrf": "guessed"}).status_code


def without_a_session(browser: Browser, world: World) -> int:
    browser.cookies.clear()
    return browser.post(PATH, FORM).status_code


def a_reader(browser: Browser, world: World) -> int:
    return in_role(browser, world, ("reader",)).post(PATH, FORM).status_code


def a_role_that_was_taken_midway(browser: Browser, world: World) -> int:
    assert browser.get(f"/cases/{COMPLAINT}").status_code == 200
    return in_role(browser, world, ("reader",)).post(PATH, FORM).status_code


def a_session_that_was_ended_midway(browser: Browser, world: World) -> int:
    assert browser.get(f"/cases/{COMPLAINT}").status_code == 200
    world.team.renew(SAM, NOW + timedelta(minutes=1))
    world.users.refreshed.clear()  # as the user pool does
    return browser.post(PATH, FORM).status_code


def another_department(browser: Browser, world: World) -> int:
    return access.granted(browser, world, "agent", "jeugd").post(PATH, FORM).status_code


def a_case_that_changed(browser: Browser, world: World) -> int:
    answer.save_draft(KEY, 1, "Iets anders", "Noor", by_id="noor", cases=world.cases, now=NOW)
    return browser.post(PATH, FORM).status_code


def a_case_that_a_colleague_has(browser: Browser, world: World) -> int:
    claim.take(KEY, 1, "Noor", by_id="noor", cases=world.cases, now=NOW)
    return browser.post(PATH, {**FORM, "rev": "2"}).status_code


def a_closed_case(browser: Browser, world: World) -> int:
    answer.solve(KEY, 1, "Noor", cases=world.cases, now=NOW)
    return browser.post(PATH, {**FORM, "rev": "2"}).status_code


def ones_own_words_under_four_eyes(browser: Browser, world: World) -> int:
    desk, *rest = BRAND.departments
    world.brands.put(replace(BRAND, departments=(replace(desk, four_eyes=True), *rest)))
    answer.save_draft(KEY, 1, TEXT, "Sam de Wit", by_id=SAM, cases=world.cases, now=NOW)
    return browser.post(PATH, {**FORM, "rev": "2"}).status_code


def a_word_changed_under_four_eyes(browser: Browser, world: World) -> int:
    desk, *rest = BRAND.departments
    world.brands.put(replace(BRAND, departments=(replace(desk, four_eyes=True), *rest)))
    answer.save_draft(KEY, 1, TEXT, "Noor", by_id="noor", cases=world.cases, now=NOW)
    return browser.post(PATH, {**FORM, "rev": "2", "text": f"{TEXT}!"}).status_code


def an_open_place(browser: Browser, world: World) -> int:
    return browser.post(PATH, {**FORM, "text": f"{TEXT} [dag]"}).status_code


def nothing_at_all(browser: Browser, world: World) -> int:
    return browser.post(PATH, {**FORM, "text": " \u200b "}).status_code


def a_text_that_the_check_stops(browser: Browser, world: World) -> int:
    text = f"{TEXT} Wil je je klacht verwijderen?"
    first = browser.post(PATH, {**FORM, "text": text}).status_code
    assert first == 422
    return browser.post(PATH, {**FORM, "text": text, "seen": "removal"}).status_code


def a_merged_case(browser: Browser, world: World) -> int:
    other = CaseKey(BRAND.id, "mastodon", "elders")
    kept = world.cases.kept[KEY]
    world.cases.kept[other] = replace(kept, key=other, joined=(KEY,))
    world.cases.kept[KEY] = replace(kept, into=other)
    return browser.post(PATH, FORM).status_code


WAYS: list[tuple[Callable[[Browser, World], int], set[int]]] = [
    (another_site, {403}),
    (a_token_of_nobody, {403}),
    (without_a_session, {401}),
    (a_reader, {403}),
    (a_role_that_was_taken_midway, {403}),
    (a_session_that_was_ended_midway, {401}),
    (another_department, {404}),
    (a_case_that_changed, {409}),
    (a_case_that_a_colleague_has, {422}),
    (a_closed_case, {409}),
    (ones_own_words_under_four_eyes, {422}),
    (a_word_changed_under_four_eyes, {422}),
    (an_open_place, {422}),
    (nothing_at_all, {422}),
    (a_text_that_the_check_stops, {422}),
    (a_merged_case, {303, 409}),
]


@pytest.mark.parametrize(("way", "refused"), WAYS, ids=[way.__name__ for way, _ in WAYS])
def test_nothing_leaves(
    browser: Browser, world: World, way: Callable[[Browser, World], int], refused: set[int]
) -> None:
    assert way(browser, world) in refused
    assert world.tasks.sent == []
    assert world.cases.deliveries == {}
    assert world.cases.kept[KEY].state is not CaseState.SENDING


def test_a_form_sent_again_sends_nothing_more(browser: Browser, world: World) -> None:
    """The one yes there was counts once, however often its form comes."""
    assert browser.post(PATH, FORM).status_code == 303
    for _ in range(3):
        assert browser.post(PATH, FORM).status_code == 409
    assert len(world.tasks.sent) == 1
    assert [len(sent) for sent in world.cases.deliveries.values()] == [1]
