"""S24, S25, S27: what nobody is told. Not by the log, not by a page that fails, not by a page that works."""

import json

import pytest

from chalicelib.web import session
from tests.security.routes import API, CLOSED, place
from tests.web.access import FORM, FORMS, ROUTES, in_role
from tests.web.addresses import PAGES, THERE, opened
from tests.web.browser import HOST, Browser, console
from tests.web.checks import faults
from tests.web.fakes_people import PASSWORD
from tests.web.furnished import furnished
from tests.web.world import World

CANARIES = [
    "canary-7f3a9",
    "kees@post.example",
    "06-12345678",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmYWtlIn0.ZmFrZQ",
]


@pytest.mark.parametrize(("method", "route"), sorted(ROUTES))
def test_s24_what_was_sent_is_not_in_the_log(
    browser: Browser,
    world: World,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    method: str,
    route: str,
) -> None:
    """In the body, the query, a header, a cookie and the address."""
    there = place(world, method, route)
    in_role(browser, world, ("administrator",))
    carried = " ".join(CANARIES)
    browser.cookies["more"] = CANARIES[0]
    headers = {"x-more": carried, "user-agent": carried, "referer": f"http://{HOST}/?{CANARIES[0]}"}
    form = {name: f"{value} {carried}" for name, value in FORMS.get(route, FORM).items()}
    if (method, route) in API:
        headers |= {"authorization": f"Bearer {carried}", "content-type": "application/json"}
        browser.send(method, f"{there.path}?q={CANARIES[0]}", headers, json.dumps({"text": carried}).encode())
    elif method == "GET":
        browser.get(f"{there.path}?q={CANARIES[0]}&as={CANARIES[1]}", **headers)
        browser.get(f"{there.path}-{CANARIES[0]}", **headers)
    else:
        browser.post(there.path, form | {"password": carried}, **headers)
    said = "".join(capfd.readouterr()) + caplog.text
    assert [each for each in CANARIES if each in said] == []
    assert '"message": "answered"' in said, "it was listened to"


@pytest.mark.parametrize(("method", "route"), CLOSED)
def test_s25_a_route_that_fails_tells_nothing(
    browser: Browser,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    route: str,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"{CANARIES[0]} in /var/task/chalicelib/secret.py")

    there = place(world, method, route)
    in_role(browser, world, ("administrator",))
    monkeypatch.setattr(session, "of", broken)
    status, page = there.ask(browser)
    assert status == 500
    assert faults(page) == []
    for told in (CANARIES[0], "Traceback", "RuntimeError", ".py", "/var/task"):
        assert told not in page
    assert CANARIES[0] not in caplog.text
    assert "RuntimeError" in caplog.text


def test_s27_no_page_holds_a_key_of_its_visitor() -> None:
    """Who reads a page over a shoulder, or a copy of it, is not signed in by it."""
    with console(furnished()) as browser:
        browser.signed_in()
        for address in opened(PAGES):
            page = browser.get(address.format_map(THERE)).body.decode()
            for key in (browser.cookies["webspin-id"], browser.cookies["webspin-refresh"], PASSWORD):
                assert key not in page, address
