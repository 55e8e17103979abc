"""Solved by the customer's word beside closed by us: on the case, in the list, in files and for programs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, EventKind, Helped
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT
from tests.web.world import NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"


def becomes(world: World, state: CaseState, helped: Helped | None = None, days: int = 0) -> Case:
    case = world.cases.get(KEY)
    at = NOW - timedelta(days=days, hours=1)
    world.cases.kept[KEY] = replace(case, state=state, helped=helped, answered_at=at, draft=None)
    return world.cases.kept[KEY]


@pytest.mark.parametrize(
    ("state", "helped", "days", "said"),
    [
        (CaseState.SOLVED, Helped.THANKS, 0, "Opgelost, zegt de klant zelf. Uitlening."),
        (CaseState.SOLVED, None, 0, "Door ons gesloten. Uitlening."),
        (CaseState.ANSWERED, None, 0, "Beantwoord. Uitlening."),
        (CaseState.ANSWERED, None, 7, "Beantwoord, en sindsdien niets meer gehoord. Uitlening."),
        (CaseState.OPEN, Helped.AGAIN, 0, "Ze klagen opnieuw: het antwoord hielp niet."),
    ],
)
def test_the_case_says_whether_the_answer_helped(
    browser: Browser, world: World, state: CaseState, helped: Helped | None, days: int, said: str
) -> None:
    becomes(world, state, helped, days)
    page = browser.get(PATH).body.decode()
    assert said in text_of(page)
    assert faults(page) == []


def test_what_is_done_tells_theirs_from_ours(browser: Browser, world: World) -> None:
    becomes(world, CaseState.SOLVED, Helped.THANKS)
    theirs = browser.get("/cases?state=done").body.decode()
    assert "Opgelost, zeggen ze" in text_of(theirs)
    assert faults(theirs) == []
    assert '"solved",True' in browser.get("/cases?state=done&as=csv").body.decode()
    becomes(world, CaseState.SOLVED)
    assert "Door ons gesloten" in text_of(browser.get("/cases?state=done").body.decode())


def test_who_complains_again_stands_out_in_the_list(browser: Browser, world: World) -> None:
    assert "Klaagt opnieuw" not in text_of(browser.get("/cases").body.decode())
    becomes(world, CaseState.OPEN, Helped.AGAIN)
    page = browser.get("/cases").body.decode()
    assert text_of(page).count("Klaagt opnieuw") == 1
    assert faults(page) == []


def test_the_history_says_by_whose_word_it_was_solved(browser: Browser, world: World) -> None:
    becomes(world, CaseState.SOLVED, Helped.THANKS)
    world.cases.note(KEY, CaseEvent(at=NOW, id="solved-2", kind=EventKind.SOLVED, text=Helped.THANKS.value))
    page = text_of(browser.get(PATH).body.decode())
    assert "Opgelost, zegt de klant zelf" in page.partition("Geschiedenis")[2]
    assert "thanks" not in page
