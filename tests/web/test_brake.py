"""The brake in the console: one press, seen on every page, let go message by message."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import BRAKED, DeliveryKey, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.ports import Brake
from tests.web.access import in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import PAGES, keep
from tests.web.world import BRAND, NOW, World

FIELD = re.compile(r'<select id="([^"]+)" name="\1">')


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    browser.language = "en"
    return in_role(browser, world, ("manager",))


def pulled(world: World) -> None:
    world.brakes.kept[BRAND.id] = Brake(NOW, "Noor")


def state(world: World, key: PostKey, channel: str) -> DeliveryState:
    return world.posts.deliveries[DeliveryKey(key, channel, 1)].state


def test_one_press_stops_everything_and_a_second_changes_nothing(manager: Browser, world: World) -> None:
    assert manager.post("/brake", {}).status_code == 303
    first = world.brakes.get(BRAND.id)
    assert first == Brake(NOW, "Sam de Wit")
    world.now = NOW.replace(hour=11)
    manager.post("/brake", {})
    assert world.brakes.get(BRAND.id) == first


@pytest.mark.parametrize("name", [name for name in PAGES if name != "not-found"])
def test_every_page_has_the_brake_and_says_when_it_is_on(manager: Browser, world: World, name: str) -> None:
    page = manager.get(PAGES[name]).body.decode()
    assert page.count('action="/brake"') == 1
    pulled(world)
    page = manager.get(PAGES[name]).body.decode()
    assert faults(page) == []
    assert "Everything stands still since 09:12. Noor pulled the emergency brake." in text_of(page)
    assert 'action="/brake"' not in page


def test_it_is_seen_where_there_is_no_page_too(manager: Browser, world: World) -> None:
    pulled(world)
    for path in ("/posts/none", "/nowhere"):
        assert "Everything stands still" in manager.get(path).body.decode()


def test_each_brand_has_a_brake_of_its_own(manager: Browser, world: World) -> None:
    world.brands.put(replace(BRAND, id="camping", name="Camping Veldermeer"))
    pulled(world)
    assert "Everything stands still" not in manager.get("/?brand=camping").body.decode()
    case = next(iter(world.cases.kept))
    assert "Everything stands still" in manager.get(f"/cases/{case.slug}").body.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_that_waits_is_decided_on_and_nothing_is_by_default(
    manager: Browser, world: World, language: str
) -> None:
    manager.language = language
    key = world.post("Voorlezen", "2026-11-28T15:00")
    held = world.post("Te laat", "2026-11-22T15:00", DeliveryState.HELD, ("mastodon",), reason=BRAKED)
    world.sent(world.cases.get(CaseKey(BRAND.id, "mastodon", "1")), DeliveryState.PLANNED)
    pulled(world)
    answer = manager.get("/brake")
    keep(f"brake-on-{language}", answer.body)
    page = answer.body.decode()
    assert faults(page) == []
    fields = FIELD.findall(page)
    assert len(fields) == 4
    assert "selected" not in page
    assert page.count('<option value="">') == 4

    answer = manager.post("/brake/release", dict.fromkeys(fields, ""))
    assert answer.headers["Location"] == "/brake?done=some"
    assert world.brakes.get(BRAND.id)

    mine = {name: "cancel" for name in fields if name.startswith("C.")}
    mine |= {f"P.{key.id}.mastodon.1": "release", f"P.{key.id}.proefkanaal.1": "cancel"}
    mine |= {f"P.{held.id}.mastodon.1": "keep"}
    assert set(mine) == set(fields)
    assert manager.post("/brake/release", mine).headers["Location"] == "/brake?done=all"
    assert world.brakes.get(BRAND.id) is None
    assert state(world, key, "mastodon") is DeliveryState.PLANNED
    assert state(world, key, "proefkanaal") is DeliveryState.CANCELLED
    assert state(world, held, "mastodon") is DeliveryState.HELD


def test_what_is_held_is_decided_on_after_the_brake_too(manager: Browser, world: World) -> None:
    held = world.post("Te laat", "2026-11-22T15:00", DeliveryState.HELD, reason=BRAKED)
    world.post("Voorlezen", "2026-11-28T15:00")
    page = manager.get("/brake").body.decode()
    assert faults(page) == []
    assert len(FIELD.findall(page)) == 2, "what is planned waits for nobody"
    manager.post("/brake/release", {f"P.{held.id}.mastodon.1": "release"})
    assert state(world, held, "mastodon") is DeliveryState.PLANNED


def test_more_than_a_page_follows_on_the_next(manager: Browser, world: World) -> None:
    for number in range(30):
        world.post(f"Bericht {number}", f"2026-11-28T{number % 12 + 8:02}:{number:02}")
    pulled(world)
    page = manager.get("/brake").body.decode()
    fields = FIELD.findall(page)
    assert len(fields) == 40
    assert "20 more follow after these." in text_of(page)
    answer = manager.post("/brake/release", dict.fromkeys(fields, "cancel"))
    assert answer.headers["Location"] == "/brake?done=some"
    assert len(FIELD.findall(manager.get("/brake").body.decode())) == 20


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("P.none", "release"),
        ("P.A.b.1", "release"),
        ("C.!.b.1", "keep"),
        ("P.p-1.b.x", "keep"),
        ("P.p-1.b.1", "all"),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    manager: Browser, world: World, name: str, value: str
) -> None:
    pulled(world)
    assert manager.post("/brake/release", {name: value}).status_code == 400
    assert world.brakes.get(BRAND.id)


@pytest.mark.parametrize(
    ("groups", "pulls", "releases"),
    [(("reader",), False, False), (("agent",), True, False), (("editor",), True, False)],
)
def test_who_may_not_sees_the_state_and_no_button(
    manager: Browser, world: World, groups: tuple[str, ...], pulls: bool, releases: bool
) -> None:
    person = in_role(manager, world, groups)
    assert ('action="/brake"' in person.get("/").body.decode()) is pulls
    world.post("Voorlezen", "2026-11-28T15:00")
    pulled(world)
    page = person.get("/brake").body.decode()
    assert faults(page) == []
    assert "Everything stands still" in page
    assert ('action="/brake/release"' in page) is releases
