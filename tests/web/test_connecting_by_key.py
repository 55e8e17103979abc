"""Connecting an account that a program began: it gets the way and no token; whoever made its key goes it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain import apikey
from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.web.connecting import LASTS
from tests.servers.oauth import OAuth
from tests.web.access import ELSEWHERE, granted
from tests.web.browser import Browser
from tests.web.checks import text_of
from tests.web.fakes_people import SAM
from tests.web.test_connecting import BESIDE, KEPT, PAGE, asked_of, back, leave, network, refused
from tests.web.world import BRAND, NOW, World

__all__ = ["network"]
ENTRY = f"/api/v1/brands/{BRAND.id}/settings/channels/mastodon"
SECRET = "s" * 43
NOT_OURS = "Dit is niet hier door jou begonnen"


@pytest.fixture(autouse=True)
def key(world: World) -> ApiKey:
    """Sam made it."""
    made = ApiKey(
        brand=BRAND.id,
        id="k7",
        name="Inrichter",
        scope=Scope.ADMIN,
        hash=apikey.digest(SECRET),
        by="Sam de Wit",
        by_id=SAM,
        made_at=NOW,
    )
    world.api_keys.kept[BRAND.id, made.id] = made
    return made


def ask(browser: Browser, method: str, path: str, body: Any = None, **more: str) -> HTTPResponse:
    """Without the browser's cookies: a program asks."""
    sent = {
        "host": browser.host,
        "authorization": f"Bearer {apikey.written(BRAND.id, 'k7', SECRET)}",
        "content-type": "application/json",
        **more,
    }
    raw = b"" if body is None else json.dumps(body).encode()
    return browser.client.http.request(method, path, headers=sent, body=raw)


def start(browser: Browser, entry: str = ENTRY) -> HTTPResponse:
    tag = ask(browser, "GET", entry).headers["ETag"]
    return ask(browser, "POST", f"{entry}/connect", {}, **{"if-match": tag})


def way(browser: Browser) -> str:
    answer = start(browser)
    assert answer.status_code == 200, answer.body
    return str(answer.json_body["address"])


def be(browser: Browser, world: World, id: str) -> None:
    """Another administrator, in the same browser."""
    world.users.valid["id-other"] = replace(world.users.valid["id-sam"], id=id)
    browser.cookies["webspin-id"] = "id-other"


def test_a_program_begins_it_and_who_made_its_key_goes_the_way(
    browser: Browser, world: World, network: OAuth
) -> None:
    answer = start(browser)
    told = answer.json_body
    assert answer.status_code == 200
    assert told["until"] == (world.now + LASTS).isoformat().replace("+00:00", "Z")
    assert answer.headers["ETag"] == ask(browser, "GET", ENTRY).headers["ETag"], "nothing was changed yet"
    assert told["address"].startswith(f"{network.url}/oauth/authorize?")
    assert asked_of(told["address"])["code_challenge_method"] == "S256"
    browser.cookies["webspin-refresh"] = "refresh-of-another-session"
    came = browser.get(back(network.agree(told["address"])))
    assert (came.status_code, came.headers["Location"]) == (303, f"{PAGE}?secret=connected")
    (token,) = network.given
    assert world.secrets.kept[KEPT]["token"] == token
    lines = [(line.what, line.of, line.by, line.by_id) for line in world.audit.lines[-2:]]
    assert lines == [
        ("secret.offer", KEPT, "Sam de Wit via Inrichter", SAM),
        ("secret.connect", KEPT, "Sam de Wit", SAM),
    ]
    assert "vroeg met een sleutel de weg" in text_of(browser.get("/audit").body.decode())
    after = ask(browser, "GET", ENTRY)
    assert after.json_body["secret_since"]
    for secret in (token, world.secrets.kept[BESIDE]["client_secret"]):
        assert secret not in answer.body.decode() + after.body.decode()


def test_they_need_not_be_looking_at_the_brand_of_the_key(
    browser: Browser, world: World, network: OAuth
) -> None:
    there = way(browser)
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    browser.get(f"/?brand={ELSEWHERE}")
    page = refused(browser, back(network.agree(there, error="access_denied")), "niet akkoord ging")
    assert f'href="{PAGE}?brand={BRAND.id}"' in page
    came = browser.get(back(network.agree(way(browser))))
    assert came.headers["Location"] == f"{PAGE}?secret=connected&brand={BRAND.id}"
    assert world.secrets.kept[KEPT]["token"] in network.given
    assert world.audit.lines[-1].brand == BRAND.id


def test_s35_nobody_else_brings_it_back(browser: Browser, world: World, network: OAuth) -> None:
    there = back(network.agree(way(browser)))
    kept = browser.cookies["webspin-id"]
    be(browser, world, "another")
    refused(browser, there, NOT_OURS)
    assert network.given == {}
    browser.cookies["webspin-id"] = kept
    assert browser.get(there).status_code == 303, "whoever made the key still can"


def test_s35_nor_who_may_not_at_the_brand_of_the_key(browser: Browser, world: World, network: OAuth) -> None:
    there = back(network.agree(way(browser)))
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    browser.cookies["webspin-brand"] = ELSEWHERE
    refused(granted(browser, world, "manager", brand=ELSEWHERE), there, NOT_OURS)
    refused(granted(browser, world, "reader"), there, NOT_OURS)
    assert network.given == {}


@pytest.mark.parametrize("how", ["twice", "too late", "another brand", "as if begun here"])
def test_s35_it_comes_back_once_in_time_and_as_it_was_begun(
    browser: Browser, world: World, network: OAuth, how: str
) -> None:
    there = back(network.agree(way(browser)))
    world.brands.put(replace(BRAND, id=ELSEWHERE, name="Bibliotheek Overveen"))
    if how == "twice":
        browser.get(there)
    if how == "too late":
        world.now += LASTS
    if how == "another brand":
        there = there.replace(f".{BRAND.id}", f".{ELSEWHERE}")
    if how == "as if begun here":
        there = there.replace(f".{BRAND.id}", "")
    asked = len(network.requests)
    refused(browser, there, NOT_OURS)
    assert len(network.requests) == asked
    assert (KEPT in world.secrets.kept) == (how == "twice")


def test_s35_what_a_person_began_in_a_session_is_not_finished_as_that_of_a_key(
    browser: Browser, network: OAuth
) -> None:
    there = back(network.agree(leave(browser)))
    state = asked_of(there)["state"]
    browser.cookies["webspin-refresh"] = "refresh-of-another-session"
    refused(browser, there.replace(state, f"{state}.{BRAND.id}"), NOT_OURS)
    assert network.given == {}


def test_it_takes_a_key_of_who_manages_and_the_entry_as_it_is(
    browser: Browser, world: World, network: OAuth, key: ApiKey
) -> None:
    for headers, status in (({}, 428), ({"if-match": '"old"'}, 412)):
        assert ask(browser, "POST", f"{ENTRY}/connect", {}, **headers).status_code == status
    for less in (replace(key, scope=Scope.WRITE), replace(key, departments=("jeugd",))):
        world.api_keys.kept[BRAND.id, key.id] = less
        assert start(browser).status_code == 403
    assert network.requests == []


def test_why_there_is_no_way_is_said(browser: Browser, world: World, network: OAuth) -> None:
    assert start(browser, ENTRY.replace("mastodon", "proefkanaal")).status_code == 404
    network.fails = 503
    answer = start(browser)
    assert answer.status_code == 422
    assert answer.json_body["detail"].startswith("Mastodon could not be asked just now.")
    assert world.audit.lines[-1].what == "secret.offer.failed"
