"""Promises for programs: held to what people are, and kept, moved or dropped under the same conditions."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseKey
from tests.conftest import NOW
from tests.web.api.office import OURS, Caller, Office, problem

SAID = "We bellen u morgen."
TEXT = f"{SAID} We zoeken het uit. Groet, Sam van Lindebieb"


@pytest.fixture
def slug(office: Office) -> str:
    return office.case(office.heard()).key.slug


def approve(caller: Caller, slug: str, token: str = "one", tag: str = "", **more: Any) -> Any:
    path = f"/cases/{slug}"
    body = {"text": TEXT, **more}
    tag = tag or caller.etag(path)
    return caller.ask("POST", f"{path}/replies", body, if_match=tag, idempotency_key=token)


def items(caller: Caller, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get(path).json_body["items"]
    return found


@pytest.mark.parametrize("breaks", [False, True], ids=["told", "broken off"])
def test_what_a_program_promises_is_to_be_kept_and_made_once(
    office: Office, planner: Caller, slug: str, breaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = planner.ask("POST", f"/trials/replies/{slug}", {"text": TEXT}).json_body["promises"]
    assert [each["passage"] for each in tried] == [SAID, "We zoeken het uit."]
    assert [each["dated"] for each in tried] == [True, False]
    tag = planner.etag(f"/cases/{slug}")
    with monkeypatch.context() as patch:
        if breaks:
            patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
        assert approve(planner, slug, tag=tag).status_code == (500 if breaks else 201)
    assert approve(planner, slug, tag=tag).status_code == 201
    open_ones = items(planner, "/promises")
    assert [each["passage"] for each in open_ones] == [each["passage"] for each in tried]
    assert {each["by"] for each in open_ones} == {"Sam de Wit via Planner"}
    assert items(planner, f"/cases/{slug}/promises") == open_ones
    assert open_ones[0] == planner.get(f"/promises/{open_ones[0]['id']}").json_body


def test_one_sentence_may_promise_twice(planner: Caller, slug: str) -> None:
    text = "Morgen bellen we u en donderdag sturen we het formulier. Groet, Sam van Lindebieb"
    tried = planner.ask("POST", f"/trials/replies/{slug}", {"text": text}).json_body["promises"]
    passages = ["Morgen bellen we u", "donderdag sturen we het formulier."]
    assert [each["passage"] for each in tried] == passages
    assert len({each["due"] for each in tried}) == 2
    assert approve(planner, slug, text=text).status_code == 201
    open_ones = items(planner, "/promises")
    assert [each["passage"] for each in open_ones] == passages


def test_it_says_of_each_by_when_or_that_it_is_none(planner: Caller, slug: str) -> None:
    later = (NOW + timedelta(days=9)).isoformat()
    wrong = problem(approve(planner, slug, promises=[{"passage": "Iets anders.", "due": later}]))
    assert (wrong["status"], wrong["errors"][0]["pointer"]) == (422, "#/promises")
    gone = (NOW - timedelta(days=9)).isoformat()
    assert approve(planner, slug, "two", promises=[{"passage": SAID, "due": gone}]).status_code == 422
    said = [{"passage": SAID, "due": later}, {"passage": "We zoeken het uit.", "due": None}]
    assert approve(planner, slug, "three", promises=said).status_code == 201
    (only,) = items(planner, "/promises")
    assert (only["passage"], only["due"]) == (SAID, (NOW + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_it_is_kept_moved_and_dropped_as_it_was_read(planner: Caller, slug: str) -> None:
    approve(planner, slug)
    first, second = (f"/promises/{each['id']}" for each in items(planner, "/promises"))
    tag = planner.etag(first)
    later = {"due": (NOW + timedelta(days=3)).isoformat(), "reason": "Ziek"}
    moved = planner.change(f"{first}/move", later, first)
    assert (moved.status_code, moved.json_body["reason"]) == (200, "Ziek")
    assert planner.ask("POST", f"{first}/keep", {}, if_match=tag).status_code == 412
    assert planner.change(f"{first}/keep", {}, first).json_body["state"] == "kept"
    again = planner.change(f"{first}/drop", {"reason": "Toch niet"}, first)
    assert again.status_code == 409
    assert planner.change(f"{second}/drop", {"reason": ""}, second).status_code == 422
    assert planner.change(f"{second}/drop", {"reason": "Al gebeurd"}, second).json_body["state"] == "dropped"
    assert items(planner, "/promises") == []
    events = [each["kind"] for each in items(planner, f"/cases/{slug}/history")]
    assert {"kept", "moved", "dropped"} <= set(events)
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert {"case.kept", "case.moved", "case.dropped"} <= {line.what for line in lines}


def test_a_promise_of_another_brand_is_not_there(planner: Caller, slug: str) -> None:
    for id in ("x", slug, CaseKey("veldermeer", "sandbox", "1/1/1").slug):
        assert planner.get(f"/promises/{id}").status_code == 404
