"""The page of the API's keys, and the API's own page."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain import apikey
from chalicelib.domain.apikey import Scope
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, World

PAGE = "/team/keys"
FORM = {"name": "Planner van de site", "scope": "write", "id": "0123456789abcdef", "in.jeugd": "1"}


@pytest.fixture
def manager(browser: Browser, world: World) -> Browser:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=("manager",))
    return browser


def made(page: str) -> str:
    return "".join(re.findall(r'value="(wsp_[^"]+)"', page))


def test_a_key_is_made_shown_once_and_kept_as_a_hash(manager: Browser, world: World) -> None:
    answer = manager.post(PAGE, FORM)
    text = made(answer.body.decode())
    assert answer.headers["Cache-Control"] == "no-store"
    brand, id, secret = apikey.read(text) or ("", "", "")
    kept = world.api_keys.get(brand, id)
    assert (kept.name, kept.scope, kept.by, kept.by_id) == (FORM["name"], Scope.WRITE, "Sam de Wit", "1")
    assert kept.departments == ("jeugd",)
    assert kept.opens_with(secret)
    assert secret not in str(kept)
    assert made(manager.get(PAGE).body.decode()) == ""
    assert FORM["name"] in text_of(manager.get(PAGE).body.decode())
    (line,) = world.api_keys.lines
    assert (line.what, line.by, line.after) == ("key.make", "Sam de Wit", "write jeugd")
    assert secret not in str(line)


def test_the_same_form_twice_makes_one_key(manager: Browser, world: World) -> None:
    manager.post(PAGE, FORM)
    answer = manager.post(PAGE, FORM)
    assert made(answer.body.decode()) == ""
    assert "Hij was al gemaakt" in text_of(answer.body.decode())
    assert len(world.api_keys.kept) == 1


def test_a_key_is_taken_back(manager: Browser, world: World) -> None:
    manager.post(PAGE, FORM)
    answer = manager.post(f"{PAGE}/{FORM['id']}/revoke", {})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?done=revoked")
    assert world.api_keys.get(BRAND.id, FORM["id"]).revoked_at == world.now
    assert [line.what for line in world.api_keys.lines] == ["key.make", "key.revoke"]
    manager.post(f"{PAGE}/{FORM['id']}/revoke", {})
    assert len(world.api_keys.lines) == 2, "once is enough"
    assert manager.post(f"{PAGE}/nosuch/revoke", {}).status_code == 404
    assert "ingetrokken" in text_of(manager.get(PAGE).body.decode())


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", " "),
        ("name", "x" * 61),
        ("name", "a\u202eb"),
        ("scope", "administrator"),
        ("until", "2020-01-01"),
        ("until", "2030-01-01"),
        ("until", "soon"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(manager: Browser, world: World, field: str, given: str) -> None:
    answer = manager.post(PAGE, {**FORM, field: given})
    page = answer.body.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid', page)
    assert faults(page) == []
    assert not world.api_keys.kept


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_are_whole(manager: Browser, world: World, language: str) -> None:
    manager.language = language
    assert faults(manager.get(PAGE).body.decode()) == []
    page = manager.post(PAGE, {**FORM, "until": "2026-12-31"}).body.decode()
    assert faults(page) == []
    world.now = world.now.replace(year=2027)
    assert {"nl": "is verlopen", "en": "has ended"}[language] in text_of(manager.get(PAGE).body.decode())


@pytest.mark.parametrize("groups", [(), ("reader",), ("agent",), ("editor",)])
def test_only_managers_know_of_keys(browser: Browser, world: World, groups: tuple[str, ...]) -> None:
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, FORM).status_code == 403
    assert not world.api_keys.kept


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_api_has_a_page_of_its_own(visitor: Browser, language: str) -> None:
    visitor.language = language
    answer = visitor.get("/api/v1/docs")
    page = answer.body.decode()
    assert answer.status_code == 200
    assert faults(page) == []
    assert "POST /api/v1/brands/{brand}/cases/{case}/replies" in page
    assert "platform: mastodon, kind: hashtag" in page, "each kind of source with its own fields"
    assert 'id="problem-412"' in page
    assert len(answer.body) <= 120_000


def test_the_description_is_open_and_whole(visitor: Browser) -> None:
    answer = visitor.get("/api/v1/openapi.json")
    assert answer.json_body["openapi"] == "3.1.0"
    assert answer.headers["Content-Type"] == "application/json"
