"""A reader changes nothing, a department sees its own, one brand never sees another's: over all routes and
roles."""

from dataclasses import replace

import pytest

from app import app
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.roles import Role
from chalicelib.web import routes
from tests.web import access
from tests.web.access import ELSEWHERE, FORMS, HERE, KEY, OPEN, ROUTES, granted, in_role
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.test_pages import COMPLAINT
from tests.web.world import BRAND, World

ROLES = ("", *(role.value for role in Role))
CLOSED = sorted(row for row, lowest in ROUTES.items() if lowest in ROLES)
READ = [route for method, route in CLOSED if method == "GET"]
DEEDS = [route for method, route in CLOSED if method == "POST"]
READ_ONLY = "Je mag hier lezen, niet wijzigen."
NOT_YOURS = "Jouw rol mag dit niet."
NOT_LET_IN = "Je hebt hier nog geen toegang"
REFUSED = {(404, "/{unknown}"), (400, "/connect/back/{where}")}
"""What is not there, and what comes back that was not begun."""
YOUTH = CaseKey(HERE, "mastodon", "5").slug
"""A case of the department Jeugd; COMPLAINT is one of Uitlening."""


@pytest.fixture
def two(world: World) -> World:
    """With a second brand beside it, of which Sam is no part."""
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    return world


def be(browser: Browser, world: World, how: str, role: str) -> Browser:
    if how == "grant" and role not in ("", "administrator"):
        return granted(browser, world, role)
    return in_role(browser, world, (role,) if role else ())


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    there = {(method, path) for path, ways in app.routes.items() for method in ways}
    assert there - ROUTES.keys() == set(), "add their rows to tests/web/access.py"
    assert ROUTES.keys() - there == set()
    assert {row for row, lowest in ROUTES.items() if lowest == OPEN} == set(routes.OPEN)
    known = {OPEN, access.ANYBODY, *ROLES[1:]}
    assert {lowest for lowest in ROUTES.values() if not lowest.startswith(KEY)} <= known


@pytest.mark.parametrize("route", READ)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("how", ["group", "grant"])
def test_a_page_opens_for_its_lowest_role_and_for_none_below(
    browser: Browser, world: World, how: str, role: str, route: str
) -> None:
    place = access.place(world, "GET", route)
    be(browser, world, how, role)
    before = access.state(world)
    status, page = place.ask(browser)
    if access.allowed(role, ROUTES["GET", route]):
        assert status in (200, 303) or (status, route) in REFUSED
    else:
        assert status == 403
        assert (NOT_LET_IN if not role else NOT_YOURS if role != "reader" else READ_ONLY) in text_of(page)
        assert faults(page) == []
    assert access.state(world) == before


@pytest.mark.parametrize("route", DEEDS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("how", ["group", "grant"])
def test_a_deed_is_done_by_its_lowest_role_and_by_none_below(
    browser: Browser, world: World, how: str, role: str, route: str
) -> None:
    place, may = access.place(world, "POST", route), access.allowed(role, ROUTES["POST", route])
    be(browser, world, how, role)
    before = access.state(world)
    status, page = place.ask(browser)
    asks = route in access.UNCHANGED
    assert status == ((200 if route in access.SHOWS | access.TOLD else 303) if may else 403)
    assert (access.state(world) != before) is (may and not asks)
    said = text_of(page)
    assert (NOT_LET_IN in said) is (not role)
    assert (READ_ONLY in said) is (role == "reader" and not may)
    assert (NOT_YOURS in said) is (role not in ("", "reader") and not may)


@pytest.mark.parametrize(
    ("method", "route"),
    [row for row in CLOSED if ROUTES[row] == "manager" and row not in access.DEPARTMENTS_TOO],
)
def test_a_manager_of_a_department_changes_nothing_of_the_whole_brand(
    browser: Browser, world: World, method: str, route: str
) -> None:
    place = access.place(world, method, route)
    granted(browser, world, "manager", "jeugd")
    before = access.state(world)
    status, page = place.ask(browser)
    assert (status, NOT_YOURS in text_of(page)) == (403, True)
    assert access.state(world) == before


@pytest.mark.parametrize("path", ["/", "/team", "/brand", "/sources", "/status", "/reports", "/brake"])
def test_a_manager_of_a_department_is_not_offered_it(browser: Browser, world: World, path: str) -> None:
    page = granted(browser, world, "manager", "jeugd").get(path).body.decode()
    assert ("GET", path) in ROUTES
    for offered in ("/team/keys", "/audit", "/brand/webhooks", "/sources/new", "/brand/import"):
        assert f'href="{offered}"' not in page, offered
    assert 'href="/team"' in page


@pytest.mark.parametrize(("method", "route"), CLOSED)
def test_s21_one_brand_never_sees_anothers(browser: Browser, two: World, method: str, route: str) -> None:
    """A manager elsewhere asks for it by name, and by the key of what is there while being at their own."""
    place = access.place(two, method, route)
    stranger = granted(browser, two, "manager", brand=ELSEWHERE)
    before = access.state(two)
    status, page = place.ask(stranger, HERE)
    assert status == 404
    assert "Bibliotheek Veldermeer" not in page
    if any(name in place.route for name in ("{slug}", "{id}")):
        assert place.ask(stranger)[0] == (404 if access.allowed("manager", ROUTES[method, route]) else 403)
    assert access.state(two) == before
    assert "Bibliotheek Veldermeer" not in stranger.get("/sources").body.decode(), "nor in the switch"


def test_s21_a_role_at_one_brand_is_none_at_another(browser: Browser, two: World) -> None:
    """A reader here and a manager there; the form says there, the case is of here."""
    granted(browser, two, "manager", brand=ELSEWHERE)
    sam = granted(browser, two, "reader")
    before = access.state(two)
    for form in ({"brand": ELSEWHERE}, {"brand": HERE}, {}):
        sam.get(f"/?brand={ELSEWHERE}")
        answer = sam.post(f"/cases/{COMPLAINT}/reply", {**access.FORM, "do": "send", **form})
        assert answer.status_code == 403
    assert access.state(two) == before
    page = sam.get(f"/cases/{COMPLAINT}").body.decode()
    assert READ_ONLY in text_of(page)
    assert 'name="do"' not in page
    assert "Bibliotheek Overveen" in sam.get("/").body.decode()


def test_s21_the_brake_lets_nothing_go_at_another_brand(browser: Browser, two: World) -> None:
    in_role(browser, two, ("manager",)).get(f"/?brand={ELSEWHERE}")
    form = {f"C.{COMPLAINT}.mastodon.1": "release"}
    assert browser.post("/brake/release", form).status_code == 404


def test_a_department_sees_its_own(browser: Browser, world: World) -> None:
    jip = granted(browser, world, "agent", "jeugd")
    for path in ("/", "/cases"):
        page = jip.get(path).body.decode()
        assert YOUTH in page
        assert COMPLAINT not in page
    assert COMPLAINT not in jip.get("/mentions").body.decode()
    assert jip.get("/cases?department=uitlening").status_code == 404
    assert jip.get(f"/cases/{YOUTH}").status_code == 200
    assert jip.get(f"/cases/{COMPLAINT}").status_code == 404
    before = access.state(world)
    for deed in ("reply", "solve"):
        assert jip.post(f"/cases/{COMPLAINT}/{deed}", access.FORM).status_code == 404
    assert access.state(world) == before
    assert jip.post(f"/cases/{YOUTH}/reply", {**access.FORM, "do": "save"}).status_code == 303


def test_what_goes_out_for_one_department_is_not_anothers(browser: Browser, world: World) -> None:
    world.sent(world.cases.get(CaseKey.from_slug(COMPLAINT)), DeliveryState.HELD, "held")
    for path in ("/", "/brake"):
        assert "regenjas42 Het boek" in in_role(browser, world, ("manager",)).get(path).body.decode()
        assert (
            "regenjas42 Het boek" not in granted(browser, world, "manager", "jeugd").get(path).body.decode()
        )
    world.team.kept.clear()
    granted(browser, world, "manager", "jeugd")
    assert browser.post("/brake/release", {f"C.{COMPLAINT}.mastodon.1": "release"}).status_code == 404


def test_the_higher_of_group_and_grant_counts(browser: Browser, world: World) -> None:
    granted(browser, world, "agent", "jeugd", also=("editor",))
    assert browser.get(f"/cases/{COMPLAINT}").status_code == 200, "everywhere an editor"
    granted(browser, world, "manager", also=("reader",))
    assert browser.post("/status/deliver", {}).status_code == 303


def test_everybody_may_leave(browser: Browser, world: World) -> None:
    for role in ROLES:
        assert (
            in_role(browser.signed_in(), world, (role,) * bool(role)).post("/sign-out", {}).status_code == 303
        )
    assert len(world.users.ended) == len(ROLES)


def test_rows_say_what_their_forms_hold() -> None:
    assert FORMS.keys() <= {route for method, route in ROUTES if method == "POST"}
