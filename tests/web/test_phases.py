"""How a case stands is read at the case and in the list, and asked for by the filter."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.stages import answer
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
LATER = NOW + timedelta(hours=1)


def put(world: World, **changes: Any) -> None:
    world.cases.kept = {KEY: replace(world.cases.get(KEY), **changes)}


@pytest.mark.parametrize(
    ("state", "changes", "told"),
    [
        ("new", {"draft": None}, "Nieuw"),
        ("reopened", {"reopened": True}, "Weer geopend"),
        ("claimed", {"taken_by": "Noor", "taken_until": LATER}, "Opgepakt"),
        ("drafted", {}, "Concept klaar"),
        ("stuck", {"state": CaseState.STUCK, "reason": "refused"}, "Niet verstuurd"),
        ("asleep", {"snoozed_until": LATER}, "Sluimert"),
        ("customer", {"state": CaseState.ANSWERED, "answered_at": NOW}, "Beantwoord, wacht op de klant"),
        ("solved", {"state": CaseState.SOLVED, "answered_at": NOW}, "Gesloten"),
    ],
)
def test_a_state_is_told_and_filtered_by(
    browser: Browser, world: World, state: str, changes: dict[str, Any], told: str
) -> None:
    put(world, **changes)
    page = browser.get(f"/cases/{COMPLAINT}").body.decode()
    assert faults(page) == []
    assert told in text_of(page)
    found = browser.get(f"/cases?state={state}").body.decode()
    assert faults(found) == []
    assert COMPLAINT in found
    for other in {"new", "reopened", "claimed", "stuck", "asleep", "customer", "solved"} - {state}:
        if (state, other) != ("drafted", "new"):
            assert COMPLAINT not in browser.get(f"/cases?state={other}").body.decode(), other


def test_a_draft_of_a_person_waits_for_approval(browser: Browser, world: World) -> None:
    text = "@regenjas42 Het boek ligt klaar. Groet, Sam van Bibliotheek Veldermeer"
    browser.post(f"/cases/{COMPLAINT}/reply", {"text": text, "do": "save", "rev": "1"})
    row = text_of(browser.get("/cases?state=approval").body.decode())
    assert "Wacht op goedkeuring" in row
    assert COMPLAINT not in browser.get("/cases?state=drafted").body.decode()


def test_what_is_opened_again_says_so(browser: Browser, world: World) -> None:
    answer.solve(KEY, 1, "Sam", by_id=SAM, cases=world.cases, now=NOW)
    answer.reopen(KEY, 2, "Sam", by_id=SAM, brand=BRAND, cases=world.cases, now=NOW)
    found = browser.get("/cases?state=reopened").body.decode()
    assert COMPLAINT in found
    assert "Weer geopend" in text_of(found)


def test_a_department_has_its_own_list(browser: Browser, world: World) -> None:
    case = world.cases.get(KEY)
    world.cases.kept = {}
    for number in range(60):
        key = replace(KEY, root=f"j{number}")
        due = NOW + timedelta(minutes=number)
        world.cases.kept[key] = replace(case, key=key, department="jeugd", due=due)
    world.cases.kept[KEY] = case
    page = browser.get("/cases?department=jeugd").body.decode()
    assert faults(page) == []
    assert page.count('<li class="row" id="c-') == 50
    assert "60 zaken wachten" in text_of(page)
    assert COMPLAINT not in page
    assert COMPLAINT in browser.get("/cases?department=uitlening").body.decode()
