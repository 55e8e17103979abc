"""S21 to S23: a form does what it says, is ours, and no other site is let in. Over every route there is."""

import pytest

from app import app
from tests.security.routes import CONSOLE, DEEDS, place
from tests.web import access
from tests.web.access import ANYBODY, FORM, FORMS, ROUTES, in_role
from tests.web.browser import HOST, Browser
from tests.web.checks import faults
from tests.web.world import World

WITH_A_ROLE = [route for route in DEEDS if ROUTES["POST", route] not in (ANYBODY, "reader")]
LOOKS = [route for method, route in CONSOLE if method == "GET"]
TYPED = {"GET": {}, "POST": {"content-type": "application/x-www-form-urlencoded"}}
STRANGE = {
    "brand_id": "overveen",
    "tenant": "overveen",
    "role": "administrator",
    "groups": "administrator",
    "cognito:groups": "administrator",
    "member": "Mallory",
    "by": "Mallory",
    "by_id": "666",
    "approved_by": "Mallory",
    "planned_by": "Mallory",
    "state": "confirmed",
    "token": "x",
    "v": "99",
    "pk": "B#overveen",
    "__class__": "x",
}
"""What no form of ours asks for."""


@pytest.mark.parametrize("route", WITH_A_ROLE)
def test_s21_what_a_form_does_not_ask_for_is_not_taken(browser: Browser, world: World, route: str) -> None:
    there = place(world, "POST", route)
    in_role(browser, world, ("administrator",))
    answer = browser.post(there.path, STRANGE | FORMS.get(route, FORM))
    assert answer.status_code in (200, 303)
    kept = repr(access.state(world))
    for planted in ("Mallory", "overveen", "'666'"):
        assert planted not in kept


@pytest.mark.parametrize("route", DEEDS)
def test_s22_no_form_from_elsewhere_is_taken(browser: Browser, world: World, route: str) -> None:
    there = place(world, "POST", route)
    in_role(browser, world, ("administrator",)).get("/")
    before, ended, form = access.state(world), list(world.users.ended), FORMS.get(route, FORM)
    attacks = [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": "", "referer": "https://evil.example/"},
        {"origin": ""},
    ]
    for headers in attacks:
        answer = browser.post(there.path, form, **headers)
        assert (answer.status_code, headers) == (403, headers)
        assert faults(answer.body.decode()) == []
    for token in ("", "guessed", "x" * 43):
        assert browser.post(there.path, {**form, "csrf": token}).status_code == 403
    assert (access.state(world), world.users.ended) == (before, ended)


@pytest.mark.parametrize("route", DEEDS)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml", ""])
def test_s22_a_form_of_another_kind_is_not_read(
    browser: Browser, world: World, route: str, kind: str
) -> None:
    """What a page elsewhere can send without asking first, and what it cannot."""
    there = place(world, "POST", route)
    in_role(browser, world, ("administrator",)).get("/")
    before = access.state(world)
    token = browser.cookies["webspin-csrf"]
    body = f'{{"csrf": "{token}", "do": "send", "text": "x"}}'.encode()
    answer = browser.send("POST", there.path, {"origin": f"http://{HOST}", "content-type": kind}, body)
    assert answer.status_code in (400, 403, 413, 415)
    assert access.state(world) == before


@pytest.mark.parametrize("route", LOOKS)
def test_s22_nothing_is_done_by_looking(browser: Browser, world: World, route: str) -> None:
    """The cookie goes with every link from elsewhere: so no link may do anything."""
    there = place(world, "GET", route)
    in_role(browser, world, ("administrator",))
    before = access.state(world)
    for query in ("", "?do=send&text=x&rev=1", "?do=release&mood=down&author=x"):
        browser.get(there.path + query)
    assert access.state(world) == before
    assert world.tasks.sent == []


@pytest.mark.parametrize(("method", "route"), sorted(ROUTES))
def test_s23_no_other_site_is_let_in(browser: Browser, world: World, method: str, route: str) -> None:
    there = place(world, method, route)
    for origin in ("null", "https://evil.example"):
        headers = {"origin": origin, "access-control-request-method": method}
        answer = browser.send(method, there.path, headers, b"")
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_s23_no_route_answers_when_a_browser_asks_for_another_site() -> None:
    """Chalice makes an OPTIONS route where a route says `cors`."""
    assert not [path for path, ways in app.routes.items() if "OPTIONS" in ways]
    assert not [path for path, ways in app.routes.items() for each in ways.values() if each.cors]


@pytest.mark.parametrize(("method", "route"), [row for row in CONSOLE if row != ("GET", "/healthz")])
def test_every_answer_is_locked_down(browser: Browser, world: World, method: str, route: str) -> None:
    """Also one that is no page, or refuses."""
    there = place(world, method, route)
    in_role(browser, world, ("administrator",))
    for origin in (f"http://{HOST}", "https://evil.example"):
        answer = browser.send(method, there.path, {"origin": origin} | TYPED[method], b"")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
