"""The honesty check beside an answer: said before it goes; what the brand blocks goes with a reason only."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.case import CaseKey, CaseState, EventKind
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

KEY = CaseKey("veldermeer", "mastodon", "1")
MARK = re.compile(r'name="mark" value="([0-9a-f]*)"')
PATH = f"/cases/{KEY.slug}"
SIGNED = " Groet, Sam van Bibliotheek Veldermeer"
SOUND = "Het boek ligt klaar." + SIGNED
VAGUE = "Ik zoek het uit en bel u terug." + SIGNED
FEIGNED = "Ik kom er zelf al jaren met mijn kinderen." + SIGNED


def send(browser: Browser, text: str, **more: str) -> tuple[int, str]:
    answer = browser.post(f"{PATH}/reply", {"text": text, "rev": "1", "do": "send", **more})
    return answer.status_code, answer.body.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "Het belooft iets zonder te zeggen wanneer. Noem een dag, een uur of een termijn."),
        ("en", "It promises something without saying when. Name a day, an hour or a term."),
    ],
)
def test_a_doubt_is_read_before_the_answer_goes_and_then_it_goes(
    browser: Browser, world: World, language: str, said: str
) -> None:
    browser.language = language
    status, page = send(browser, VAGUE, seen="")

    assert status == 422
    assert said in text_of(page)
    assert "Ik zoek het uit en bel u terug." in text_of(page.partition("<q")[2])
    assert 'name="anyway"' not in page, "a warning asks for no reason"
    assert VAGUE in page, "no word is lost"
    assert faults(page) == []
    assert world.tasks.sent == []

    status, _ = send(browser, VAGUE, seen="promise", **{"said.0": "Ik zoek het uit en bel u terug."})
    assert status == 303
    (delivery,) = world.cases.deliveries[KEY]
    assert (delivery.despite, delivery.anyway) == ((), "")


def test_who_comes_too_late_is_told_that_and_not_what_is_doubtful(browser: Browser, world: World) -> None:
    assert send(browser, SOUND, seen="")[0] == 303
    assert send(browser, VAGUE, seen="")[0] == 409


def test_what_is_sound_goes_at_once(browser: Browser, world: World) -> None:
    assert send(browser, SOUND, seen="")[0] == 303
    assert len(world.tasks.sent) == 1


def test_what_the_brand_blocks_goes_only_with_a_reason_which_stays_with_it(
    browser: Browser, world: World
) -> None:
    status, page = send(browser, FEIGNED, seen="experience")
    assert status == 422
    assert "Verander de tekst, of zeg waarom hij zo de deur uit gaat." in text_of(page)
    assert 'name="anyway"' in page
    assert 'href="#anyway"' in page
    assert faults(page) == []
    assert world.cases.get(KEY).state is CaseState.OPEN
    assert send(browser, FEIGNED, seen="experience", anyway=" \n ")[0] == 422

    assert (
        send(browser, FEIGNED, seen="experience", anyway="Sam schrijft als ouder, dat is bekend.")[0] == 303
    )

    (delivery,) = world.cases.deliveries[KEY]
    assert (delivery.despite, delivery.anyway) == (("experience",), "Sam schrijft als ouder, dat is bekend.")
    events, _ = world.cases.history(KEY)
    approved = next(each for each in events if each.kind is EventKind.APPROVED)
    assert (approved.despite, approved.anyway) == (delivery.despite, delivery.anyway)
    history = text_of(browser.get(PATH).body.decode())
    assert (
        "Het doet zich voor als de ervaring van een klant): Sam schrijft als ouder, dat is bekend." in history
    )


def test_a_brand_sets_what_blocks_and_what_warns(browser: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, honesty={"experience": "warn", "promise": "block"}))

    assert send(browser, VAGUE, seen="promise")[0] == 422
    assert send(browser, FEIGNED, seen="experience")[0] == 303


def test_a_draft_shows_its_doubts_when_the_case_is_opened(browser: Browser, world: World) -> None:
    browser.post(f"{PATH}/reply", {"text": VAGUE, "rev": "1", "do": "save"})
    page = browser.get(PATH).body.decode()

    assert "Kijk hier eerst naar" in text_of(page)
    assert '<input type="hidden" name="seen" value="promise">' in page


def test_a_manager_sets_the_check_on_the_page_of_the_brand(browser: Browser, world: World) -> None:
    manager = in_role(browser, world, ("manager",))
    page = manager.get("/brand?edit=honesty").body.decode()
    assert "Eerlijkheidscheck van antwoorden" in text_of(page)
    rules = ("unnamed", "praise", "experience", "removal", "sale", "personal", "promise")
    form = {f"honesty.{rule}": "warn" for rule in rules} | {"honesty.promise": "block"}
    mark = MARK.search(page)
    assert mark

    assert manager.post("/brand/honesty", {**form, "mark": mark[1]}).status_code == 303

    kept, _ = world.brands.latest("veldermeer")
    assert kept.honesty == {
        "experience": "warn",
        "removal": "warn",
        "personal": "warn",
        "promise": "block",
    }, "only what is otherwise than usual"
