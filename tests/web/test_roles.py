"""Who may only read sees everything, changes nothing, and is offered nothing to change it with."""

import re
from copy import deepcopy
from dataclasses import replace

import pytest

from app import app
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.hook import KINDS, Hook
from chalicelib.web.routes import OPEN
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.test_people import FOLLOW, morning
from tests.web.world import NOW, World

ROLES = {
    (): False,
    ("reader",): False,
    ("agent",): True,
    ("editor",): True,
    ("manager",): True,
    ("administrator",): True,
}
"""Who may answer."""
UPKEEP = {**ROLES, ("agent",): False, ("editor",): False}
PUBLISH = {**ROLES, ("agent",): False}
COUNT = "/calendar/count"
"""Changes nothing."""
NEEDS = {
    "/calendar/new": PUBLISH,
    COUNT: PUBLISH,
    "/calendar/import": PUBLISH,
    "/posts/{id}/change": PUBLISH,
    "/posts/{id}/cancel": PUBLISH,
    "/posts/{id}/release": PUBLISH,
    "/posts/{id}/remove": PUBLISH,
    "/brake/release": UPKEEP,
    "/reports/{month}": UPKEEP,
    "/status/{queue}": UPKEEP,
    "/brand/webhooks": UPKEEP,
    "/brand/webhooks/{id}": UPKEEP,
}
"""Who may do what of which an answer is not enough; all other deeds go with answering."""
POST = {
    "id": "p-1",
    "title": "Zaterdag open",
    "text": "Kom langs",
    "to.mastodon": "1",
    "when": "2026-11-28T10:00",
    "language": "nl",
    "rev": "1",
}
FORMS = {
    "/calendar/new": POST,
    "/posts/{id}/change": POST,
    "/calendar/import": {"text": "title,when,text\nZaterdag open,2026-11-28 10:00,Kom langs", "do": "plan"},
    "/posts/{id}/release": {"channel": "mastodon", "n": "1", "do": "now"},
    "/posts/{id}/remove": {"channel": "mastodon", "n": "1"},
    "/brand/webhooks": {"id": "w-2", "address": "https://example.org/", "event.case": "1"},
    "/brand/webhooks/{id}": {"do": "pause"},
}
"""What a deed asks for beside `FORM`."""
STATES = {"/posts/{id}/release": DeliveryState.HELD, "/posts/{id}/remove": DeliveryState.CONFIRMED}
"""In which a post must be for it; planned for all others."""
REAL = {
    "/people/{id}": "/people/follow-1",
    "/reports/{month}": "/reports/2026-09",
    "/status/{queue}": "/status/deliver",
    "/brand/webhooks/{id}": "/brand/webhooks/w-1",
}
SHOWS = {"/brand/webhooks", COUNT}
"""Deeds whose answer is a page."""
LEAVE = "/sign-out"
DEEDS = sorted(
    path
    for path, ways in app.routes.items()
    if "POST" in ways and path != LEAVE and ("POST", path) not in OPEN
)
FORM = {"text": "Wat vervelend", "author": "veldkijker", "mood": "down", "rev": "1", "do": "done"}
OFFERS = re.compile(r'action="/(?:cases|sandbox)/[^"]+/(\w+)"')
READ_ONLY = "Je mag hier lezen, niet wijzigen."
NOT_YOURS = "Jouw rol mag dit niet."


def in_role(browser: Browser, world: World, groups: tuple[str, ...]) -> Browser:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    return browser


def state(world: World) -> object:
    cases = (world.cases.kept, world.cases.events, world.lines, world.mood, world.tasks.sent)
    posts = (world.posts.kept, world.posts.deliveries, world.brakes.kept)
    return deepcopy((cases, posts, world.mornings.kept, world.asked, world.pipes.redriven, world.hooks.kept))


@pytest.mark.parametrize("path", DEEDS)
@pytest.mark.parametrize("groups", ROLES)
def test_every_deed_asks_for_a_role(
    browser: Browser, world: World, path: str, groups: tuple[str, ...]
) -> None:
    allowed = NEEDS.get(path, ROLES)[groups]
    real = REAL.get(path, path).replace("{slug}", COMPLAINT).replace("{channel}", "proefkanaal")
    world.mornings.add(morning(FOLLOW))
    key = world.post("Voorlezen", "2026-11-28T15:00", STATES.get(path, DeliveryState.PLANNED))
    if path == "/brake/release":
        world.posts.deliveries.clear()
        world.brakes.pull(key.brand, "Noor", world.now)
    world.hooks.add(
        Hook(brand=key.brand, id="w-1", url="https://example.org/x", kinds=KINDS, made_at=NOW, made_by="Noor")
    )
    before = state(world)
    answer = in_role(browser, world, groups).post(real.replace("{id}", key.id), FORMS.get(path, FORM))
    assert answer.status_code == ((200 if path in SHOWS else 303) if allowed else 403)
    assert (state(world) != before) is (allowed and path != COUNT)
    said = text_of(answer.body.decode())
    assert (READ_ONLY in said) is not ROLES[groups]
    assert (NOT_YOURS in said) is (ROLES[groups] and not allowed)


@pytest.mark.parametrize("groups", ROLES)
def test_everybody_may_leave(browser: Browser, world: World, groups: tuple[str, ...]) -> None:
    assert in_role(browser, world, groups).post(LEAVE, {}).status_code == 303
    assert world.users.ended == ["refresh-sam"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_may_not_is_told_in_plain_words_and_loses_no_word(
    browser: Browser, world: World, language: str
) -> None:
    browser.language = language
    page = in_role(browser, world, ("reader",)).post(f"/cases/{COMPLAINT}/reply", FORM).body.decode()
    told = {"nl": "Vraag een beheerder.", "en": "You may read here, not change."}
    assert told[language] in text_of(page)
    assert "Wat vervelend</textarea>" in page
    assert faults(page) == []


@pytest.mark.parametrize(
    ("path", "deeds"),
    [
        (f"/cases/{COMPLAINT}", {"reply", "solve"}),
        (f"/cases/{PRESS}", {"reply", "solve"}),
        ("/sandbox/proefkanaal", {"say", "mood"}),
    ],
)
@pytest.mark.parametrize(("groups", "allowed"), ROLES.items())
def test_a_page_offers_only_what_its_reader_may_do(
    browser: Browser, world: World, path: str, deeds: set[str], groups: tuple[str, ...], allowed: bool
) -> None:
    page = in_role(browser, world, groups).get(path).body.decode()
    assert set(OFFERS.findall(page)) == (deeds if allowed else set())
    assert ('form="reply"' in page) is (allowed and path.endswith(COMPLAINT))
    assert (READ_ONLY in text_of(page)) is not allowed
    assert faults(page) == []


def test_who_may_only_read_reads_the_draft(browser: Browser, world: World) -> None:
    page = text_of(in_role(browser, world, ("reader",)).get(f"/cases/{COMPLAINT}").body.decode())
    assert "We zoeken het uit" in page
    assert "Sam de Wit van" not in page, "who does not answer is not signed for"
