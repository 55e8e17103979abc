"""Every page, in both languages: valid, whole without JavaScript, and kept to be looked at."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.stages import answer as stage
from chalicelib.web.pages.case import ON_ITS_WAY
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

OUTPUT = Path(__file__).parent.parent / "output"
COMPLAINT = CaseKey("veldermeer", "mastodon", "1").slug
PRESS = CaseKey("veldermeer", "feed", "4").slug
PAGES = {
    "today": "/",
    "mentions": "/mentions",
    "mentions-filtered": "/mentions?label=negative&day=2026-11-22",
    "mentions-none": "/mentions?label=negative&platform=feed",
    "cases": "/cases",
    "case": f"/cases/{COMPLAINT}",
    "case-elsewhere": f"/cases/{PRESS}",
    "sources": "/sources",
    "sandbox": "/sandbox/proefkanaal",
    "calendar": "/calendar",
    "calendar-list": "/calendar?view=list",
    "post-new": "/calendar/new",
    "import": "/calendar/import",
    "brake": "/brake",
    "not-found": "/cases/bm90aGluZw",
}


POSTS_ONLY = (DeliveryState.REMOVING, DeliveryState.REMOVED, DeliveryState.EDITING)
REPLIED = [each for each in DeliveryState if each not in POSTS_ONLY]
"""No reply is taken away."""


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_valid_and_whole(browser: Browser, name: str, language: str) -> None:
    browser.language = language
    answer = browser.get(PAGES[name])
    assert answer.status_code == (404 if name == "not-found" else 200)
    keep(f"{name}-{language}", answer.body)
    assert faults(answer.body.decode()) == []
    assert f'<html lang="{language}">' in answer.body.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("state", REPLIED)
def test_an_answer_shows_where_it_is(
    browser: Browser, world: World, state: DeliveryState, language: str
) -> None:
    browser.language = language
    case = world.cases.get(CaseKey("veldermeer", "mastodon", "1"))
    world.sent(case, state, "The network refused: text too rude" if state is DeliveryState.FAILED else "")
    answer = browser.get(f"/cases/{COMPLAINT}")
    page = answer.body.decode()
    keep(f"case-{state.value}-{language}", answer.body)
    assert faults(page) == []
    words = {
        "planned": ("Wordt verstuurd", "Being sent"),
        "claimed": ("Wordt verstuurd", "Being sent"),
        "sent": ("nog niet gezien", "not yet seen"),
        "confirmed": ("Bevestigd", "Confirmed"),
        "failed": ("Niet verstuurd", "Not sent"),
        "unknown": ("niets dubbel", "Nothing is sent twice"),
        "held": ("Vastgehouden", "Held back"),
        "cancelled": ("Geannuleerd", "Cancelled"),
    }[state.value]
    assert words[language == "en"] in text_of(page)
    waits = state in ON_ITS_WAY
    assert ('http-equiv="refresh"' in page) is waits
    assert ('<textarea id="text"' in page) is (state is DeliveryState.FAILED)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_first_hour_has_pages_too(browser: Browser, world: World, language: str) -> None:
    browser.language = language
    world.cases.kept.clear()
    world.mentions.kept.clear()
    world.sources.kept.clear()
    world.lines.clear()
    for name in ("today", "mentions", "cases", "sources", "sandbox"):
        answer = browser.get(PAGES[name])
        assert answer.status_code == 200
        keep(f"{name}-empty-{language}", answer.body)
        assert faults(answer.body.decode()) == []


def test_several_brands_can_be_switched_between(browser: Browser, world: World) -> None:
    other = replace(BRAND, id="camping", name="Camping Veldermeer", channels=())
    world.brands.put(other)
    page = browser.get("/?brand=camping").body.decode()
    assert faults(page) == []
    assert "Camping Veldermeer" in page
    assert 'aria-current="true">Camping Veldermeer' in browser.get("/").body.decode()
    assert "regenjas42" in browser.get(f"/cases/{COMPLAINT}").body.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_signing_in_has_pages_for_every_step(visitor: Browser, language: str) -> None:
    visitor.language = language
    steps = {
        "signin": visitor.get("/sign-in"),
        "signin-refused": visitor.post("/sign-in", {"email": "sam@veldermeer.example", "password": "nope"}),
        "new-password": visitor.post(
            "/sign-in", {"email": "noor@veldermeer.example", "password": "plainly a fake password"}
        ),
        "new-password-refused": visitor.post(
            "/sign-in/new-password",
            {"email": "noor@veldermeer.example", "session": "step-1", "password": "kort"},
        ),
        "signed-out": visitor.post(f"/cases/{COMPLAINT}/reply", {"text": "Beste @regenjas42,", "do": "save"}),
    }
    for name, answer in steps.items():
        keep(f"{name}-{language}", answer.body)
        assert faults(answer.body.decode()) == [], name


def keep(name: str, body: bytes) -> None:
    """For looking at: `tests/output/*.html`, with the files they need beside them."""
    from chalicelib.web import static

    OUTPUT.mkdir(exist_ok=True)
    folder = OUTPUT / "static"
    folder.mkdir(exist_ok=True)
    for hashed in static.names().values():
        found = static.find(hashed)
        assert found
        (folder / hashed).write_bytes(found.body)
    (OUTPUT / f"{name}.html").write_bytes(body.replace(b'"/static/', b'"static/'))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_was_second_gets_a_page_of_its_own(browser: Browser, world: World, language: str) -> None:
    browser.language = language
    key = CaseKey("veldermeer", "mastodon", "1")
    stage.save_draft(key, 1, "@regenjas42 Het boek is terug. Noor", "Noor", cases=world.cases, now=world.now)
    given = {"text": "@regenjas42 We bellen je vandaag. Sam", "rev": "1", "do": "send"}
    page = browser.post(f"/cases/{COMPLAINT}/reply", given)
    keep(f"conflict-{language}", page.body)
    assert page.status_code == 409
    assert faults(page.body.decode()) == []
