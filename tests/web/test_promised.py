"""What an answer promises: read and mended before it goes; afterwards kept, moved or dropped, from the list
or the case."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseKey, EventKind
from chalicelib.domain.promise import Promise, PromiseState
from tests.web.access import grant, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.fakes_people import SAM
from tests.web.test_pages import COMPLAINT
from tests.web.world import NOW, World

KEY = CaseKey.from_slug(COMPLAINT)
PATH = f"/cases/{COMPLAINT}"
SAID = "We bellen u vrijdag voor 12 uur."
VAGUE = "We zoeken het uit."
TEXT = f"{SAID} {VAGUE} Groet, Sam van Bibliotheek Veldermeer"
FIELD = re.compile(r'<input type="hidden" name="((?:said|found)\.\d)" value="([^"]*)">')
WALL = re.compile(r'name="(by\.\d)" type="datetime-local" step="60" value="([^"]*)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')


def fields(page: str) -> dict[str, str]:
    """What the page's form would send of promises and doubts."""
    return {**dict(FIELD.findall(page)), **dict(WALL.findall(page)), "seen": SEEN.findall(page)[0]}


def read(browser: Browser) -> dict[str, str]:
    """The form as it is shown beside the text, before anything is sent."""
    refused = browser.post(f"{PATH}/reply", {"text": TEXT, "rev": "1", "do": "send", "seen": ""})
    assert refused.status_code == 422
    assert faults(refused.body.decode()) == []
    return fields(refused.body.decode())


def send(browser: Browser, form: dict[str, str]) -> tuple[int, str]:
    answer = browser.post(f"{PATH}/reply", {"text": TEXT, "rev": "1", "do": "send", **form})
    return answer.status_code, answer.body.decode()


def promises(world: World) -> list[Promise]:
    return world.cases.dossier(KEY).promises


def made(browser: Browser, world: World) -> list[Promise]:
    assert send(browser, read(browser))[0] == 303
    return promises(world)


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", ("Je belooft", "dit is onze schatting")), ("en", ("You promise", "this is our guess"))],
)
def test_what_is_promised_is_read_before_it_goes(
    browser: Browser, world: World, language: str, said: tuple[str, str]
) -> None:
    browser.language = language
    form = read(browser)
    assert (form["said.0"], form["by.0"]) == (SAID, "2026-11-27T12:00")
    assert (form["said.1"], form["by.1"]) == (VAGUE, "2026-11-25T17:30")
    page = browser.post(f"{PATH}/reply", {"text": TEXT, "rev": "1", "do": "send", "seen": ""}).body.decode()
    assert all(each in text_of(page) for each in said)
    assert world.tasks.sent == []

    assert send(browser, form)[0] == 303
    first, second = promises(world)
    assert (first.passage, first.dated, second.passage, second.dated) == (SAID, True, VAGUE, False)
    assert (first.by, first.by_id, first.author) == ("Sam de Wit", SAM, "regenjas42")
    assert first.due.isoformat() == "2026-11-27T11:00:00+00:00"
    (delivery,) = world.cases.deliveries[KEY]
    assert delivery.promises == 2


def test_two_promises_of_one_sentence_are_each_read_made_and_kept_by_itself(
    browser: Browser, world: World
) -> None:
    text = "Morgen bellen we u en donderdag sturen we het formulier. Groet, Sam van Bibliotheek Veldermeer"
    given = {"text": text, "rev": "1", "do": "send"}
    page = browser.post(f"{PATH}/reply", {**given, "seen": ""}).body.decode()
    assert faults(page) == []
    form = fields(page)
    assert (form["said.0"], form["by.0"]) == ("Morgen bellen we u", "2026-11-24T17:30")
    assert (form["said.1"], form["by.1"]) == ("donderdag sturen we het formulier.", "2026-11-26T17:30")
    changed = {**form, "by.1": "2026-11-26T12:00"}
    assert browser.post(f"{PATH}/reply", {**given, **changed}).status_code == 303
    first, second = promises(world)
    assert [first.passage, second.passage] == [form["said.0"], form["said.1"]]
    assert second.due.isoformat() == "2026-11-26T11:00:00+00:00"
    browser.post(f"/promises/{first.key.slug}", {"rev": "1", "do": "keep"})
    assert [each.state for each in promises(world)] == [PromiseState.KEPT, PromiseState.OPEN]


def test_a_person_changes_the_date_or_strikes_what_is_none(browser: Browser, world: World) -> None:
    form = read(browser)
    status, page = send(browser, {**form, "by.0": "2026-11-22T12:00"})
    assert (status, world.tasks.sent) == (422, [])
    assert 'href="#by-0"' in page
    assert 'value="2026-11-22T12:00"' in page
    assert faults(page) == []
    assert send(browser, {**form, "by.0": "2026-11-26T16:00", "none.1": "1"})[0] == 303
    (only,) = promises(world)
    assert (only.passage, only.due.isoformat()) == (SAID, "2026-11-26T15:00:00+00:00")


def test_a_promise_is_on_the_list_from_the_yes_until_it_is_kept(browser: Browser, world: World) -> None:
    (first, second) = made(browser, world)
    for start in ("/", "/cases"):
        assert 'href="/promises"' in browser.get(start).body.decode()
    page = browser.get("/promises").body.decode()
    assert faults(page) == []
    assert "2 beloften staan open." in text_of(page).replace("Twee", "2")
    assert page.index(second.key.slug) < page.index(first.key.slug), "what is due first comes first"
    world.now = NOW + timedelta(days=3)
    late = text_of(browser.get("/promises").body.decode())
    assert "is te laat" in late
    assert "Te laat: het zou klaar zijn" in late

    kept = browser.post(f"/promises/{second.key.slug}", {"rev": "1", "do": "keep"})
    assert kept.headers["Location"] == "/promises?done=kept"
    after = browser.get(kept.headers["Location"]).body.decode()
    assert VAGUE not in text_of(after)
    assert promises(world)[1].state is PromiseState.KEPT


def test_it_is_moved_with_a_reason_that_the_history_keeps(browser: Browser, world: World) -> None:
    first, _ = made(browser, world)
    path = f"/promises/{first.key.slug}"
    form = {"rev": "1", "do": "move", "due": "2026-11-30T10:00", "reason": "Ziek", "back": "case"}
    wrongs = (("due", "", "due"), ("due", "2026-11-20T10:00", "due"), ("reason", " ", "moved"))
    for name, wrong, field in wrongs:
        refused = browser.post(path, {**form, name: wrong})
        page = refused.body.decode()
        assert refused.status_code == 422
        assert f'id="{field}-' in page
        assert 'aria-invalid="true"' in page
        assert faults(page) == []
    moved = browser.post(path, form)
    assert moved.headers["Location"] == f"{PATH}?done=moved"
    page = browser.get(moved.headers["Location"]).body.decode()
    assert faults(page) == []
    assert "Sam de Wit verzette een belofte naar ma 30 nov 10:00: Ziek" in text_of(page)
    assert promises(world)[0].due.isoformat() == "2026-11-30T09:00:00+00:00"


def test_it_is_dropped_with_a_reason_and_the_second_is_told(browser: Browser, world: World) -> None:
    first, _ = made(browser, world)
    path = f"/promises/{first.key.slug}"
    assert browser.post(path, {"rev": "1", "do": "drop", "reason": ""}).status_code == 422
    assert browser.post(path, {"rev": "1", "do": "drop", "reason": "Was geen belofte"}).status_code == 303
    late = browser.post(path, {"rev": "1", "do": "keep"})
    assert late.status_code == 409
    assert "Een collega was eerder" in text_of(late.body.decode())
    assert faults(late.body.decode()) == []
    kinds = [event.kind for event in world.cases.events[KEY]]
    assert kinds.count(EventKind.DROPPED) == 1
    assert EventKind.KEPT not in kinds


def test_only_the_work_of_ones_departments_is_seen_and_done(browser: Browser, world: World) -> None:
    first, _ = made(browser, world)
    in_role(browser, world, ())
    world.team.kept["veldermeer", SAM] = grant(world, "agent", "jeugd")
    assert SAID not in browser.get("/promises").body.decode()
    assert browser.post(f"/promises/{first.key.slug}", {"rev": "1", "do": "keep"}).status_code == 404


def test_nothing_promised_says_how_it_comes_there(browser: Browser) -> None:
    page = browser.get("/promises").body.decode()
    assert faults(page) == []
    assert "Wat een antwoord belooft staat hier" in text_of(page)


@pytest.mark.parametrize("slug", ["x", COMPLAINT])
def test_what_no_page_of_ours_made_is_not_there(browser: Browser, slug: str) -> None:
    assert browser.post(f"/promises/{slug}", {"rev": "1", "do": "keep"}).status_code == 404


def test_a_form_that_is_none_of_ours_does_nothing(browser: Browser, world: World) -> None:
    first, _ = made(browser, world)
    assert browser.post(f"/promises/{first.key.slug}", {"rev": "1", "do": "burn"}).status_code == 400
    assert browser.get("/promises?department=nergens").status_code == 404
