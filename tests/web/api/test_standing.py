"""Holding replies and standing approvals for programs: they send what is ready, revoke, and sign nothing."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseKey
from chalicelib.web.operations import OPERATIONS
from tests.web.api.office import OURS, Caller, Office, later, problem
from tests.web.api.works import closed, standing


@pytest.fixture
def slug(office: Office) -> str:
    closed()
    return office.case(office.heard()).key.slug


def send(caller: Caller, slug: str, text: str, token: str = "one", tag: str = "") -> Any:
    path = f"/cases/{slug}"
    tag = tag or caller.etag(path)
    return caller.ask("POST", f"{path}/holding-reply", {"text": text}, if_match=tag, idempotency_key=token)


@pytest.mark.parametrize("breaks", [False, True], ids=["told", "broken off"])
def test_what_is_ready_is_sent_once_a_token_and_the_case_waits_on(
    office: Office, planner: Caller, slug: str, breaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = planner.get(f"/cases/{slug}").json_body
    ready = planner.get(f"/cases/{slug}/holding-reply").json_body
    assert "Sam de Wit, Linde" in ready["text"]
    assert ready["answer_by"] == was["due"]
    tag = planner.etag(f"/cases/{slug}")
    with monkeypatch.context() as patch:
        if breaks:
            patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
        first = send(planner, slug, ready["text"], tag=tag)
    assert first.status_code == (500 if breaks else 201), first.body
    again = send(planner, slug, ready["text"], tag=tag)
    assert again.status_code == 201, again.body
    assert (again.json_body["answer_by"], again.json_body["standing_approval"]) == (was["due"], "")
    after = planner.get(f"/cases/{slug}").json_body
    assert (after["state"], after["due"], after["promised"]) == ("open", was["due"], was["due"])
    assert len(planner.get(f"/cases/{slug}/replies").json_body["items"]) == 1
    kinds = [each["kind"] for each in planner.get(f"/cases/{slug}/history").json_body["items"]]
    assert kinds == ["heard", "holding"]
    assert planner.get(f"/cases/{slug}/holding-reply").status_code == 404
    assert problem(send(planner, slug, ready["text"], "two"))["status"] == 409


def test_another_text_is_refused_and_none_is_ready_while_they_are_there(
    office: Office, planner: Caller, slug: str
) -> None:
    assert problem(send(planner, slug, "Tot gauw."))["status"] == 409
    office.now = later(hours=24)  # Tuesday, they are there
    assert planner.get(f"/cases/{slug}/holding-reply").status_code == 404


def test_an_approval_is_read_with_what_was_sent_and_revoked_as_it_was_read(
    office: Office, planner: Caller, slug: str
) -> None:
    standing(there=True)
    (listed,) = planner.get("/standing-approvals").json_body["items"]
    assert (listed["state"], listed["signed_by"], listed["rev"]) == ("stands", "Noor", 1)
    path = f"/standing-approvals/{listed['id']}"
    assert planner.get(path).json_body == listed
    key = CaseKey.from_slug(slug)
    wiring.brands.cache_clear()
    wiring.hold_off(wiring.cases().get(key), wiring.brands().get(OURS))
    (sent,) = planner.get(f"{path}/sent").json_body["items"]
    assert (sent["case"], sent["standing_approval"], sent["approved_by"]) == (slug, "s1", "Noor")
    tag = planner.etag(path)
    revoked = planner.ask("POST", f"{path}/revoke", {}, if_match=tag)
    assert revoked.json_body["state"] == "revoked"
    assert revoked.json_body["revoked_by"].startswith("Sam de Wit")
    assert problem(planner.ask("POST", f"{path}/revoke", {}, if_match=tag))["status"] == 412


def test_no_program_signs(office: Office) -> None:
    admin = office.caller("admin")
    ways = {(each.method, each.path) for each in OPERATIONS if "standing-approvals" in each.path}
    assert {way for way in ways if way[0] != "GET"} == {
        ("POST", "/brands/{brand}/standing-approvals/{approval}/revoke")
    }
    for path in ("/standing-approvals", "/standing-approvals/s1/second"):
        assert admin.ask("POST", path, {}).status_code in (403, 404, 405)
