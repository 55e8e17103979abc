"""The team looked after by a program: what a key may give, and what it may not."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.audit import line
from chalicelib.domain.roles import Grant, Role
from tests.conftest import NOW
from tests.web.api.office import OURS, Caller, Office, problem
from tests.web.fakes_people import ADA, NOOR, SAM

JIP = {"name": "Jip Vos", "email": " JIP@lindebieb.example ", "role": "agent", "departments": ["youth"]}


@pytest.fixture
def manager(office: Office) -> Caller:
    give(NOOR, Role.READER)
    return office.caller("admin", by_id=SAM)


def give(user: str, role: Role, *departments: str, rev: int = 1) -> None:
    who = {"brand": OURS, "user": user, "name": "Noor", "email": "n@x"}
    grant = Grant(**who, role=role, departments=departments, since=NOW, rev=rev)
    wiring.team().change(grant, line(OURS, NOW, f"seed-{user}-{rev}", "team.grant"))


def set_role(caller: Caller, who: str, body: dict[str, Any]) -> Any:
    return caller.change(f"/team/{who}/role", body, f"/team/{who}", method="PUT")


def test_who_is_invited_gets_a_mail_and_a_role_once(office: Office, manager: Caller) -> None:
    first, again = (manager.make("/team", JIP, "one") for _ in range(2))
    assert (first.status_code, again.json_body) == (201, first.json_body)
    assert office.colleagues.mailed == ["jip@lindebieb.example"]
    made = first.json_body
    assert (made["role"], made["departments"], made["state"]) == ("agent", ["youth"], "invited")
    assert first.headers["Location"].endswith(f"/team/{made['id']}")
    assert made in manager.get("/team").json_body["items"]
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert {(each.what, each.by) for each in lines if each.of == "jip@lindebieb.example"} == {
        ("team.invite", "Sam de Wit via Planner"),
        ("team.grant", "Sam de Wit via Planner"),
    }


def test_a_role_is_changed_and_taken_back(office: Office, manager: Caller) -> None:
    assert set_role(manager, NOOR, {"role": "editor"}).json_body["role"] == "editor"
    gone = set_role(manager, NOOR, {"role": None})
    assert (gone.status_code, gone.json_body["role"], gone.json_body["state"]) == (200, None, "none")
    assert manager.get(f"/team/{NOOR}").status_code == 404


def test_a_key_opens_no_more_than_who_made_it_may(office: Office, manager: Caller) -> None:
    give(NOOR, Role.MANAGER, rev=2)
    whole, desk, reads = (
        office.caller(scope, by_id=NOOR, departments=where)
        for scope, where in (("admin", ()), ("write", ("desk",)), ("read", ()))
    )
    set_role(manager, NOOR, {"role": "editor", "departments": ["desk"]})
    assert [each.get("").status_code for each in (whole, desk, reads, manager)] == [401, 200, 401, 200]
    set_role(manager, NOOR, {"role": None})
    assert [each.get("").status_code for each in (desk, manager)] == [401, 200]
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert sum(each.what == "key.revoke" for each in lines) == 3


def test_who_read_an_older_colleague_changes_nothing(manager: Caller) -> None:
    tag = manager.etag(f"/team/{NOOR}")
    set_role(manager, NOOR, {"role": "editor"})
    late = manager.ask("PUT", f"/team/{NOOR}/role", {"role": "agent"}, if_match=tag)
    assert late.status_code == 412
    assert manager.get(f"/team/{NOOR}").json_body["role"] == "editor"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**JIP, "role": "administrator"}, "#/role"),
        ({**JIP, "role": None}, "#/role"),
        ({**JIP, "email": "jip"}, "#/email"),
        ({**JIP, "name": " "}, "#/name"),
        ({**JIP, "departments": ["attic"]}, "#/departments"),
    ],
)
def test_what_is_wrong_is_named(office: Office, manager: Caller, body: dict[str, Any], pointer: str) -> None:
    assert problem(manager.make("/team", body))["errors"][0]["pointer"] == pointer
    assert office.colleagues.mailed == []


def test_a_key_gives_nothing_to_who_made_it_nor_more_than_it_has(office: Office, manager: Caller) -> None:
    for who in (SAM, ADA):
        assert set_role(manager, who, {"role": "reader"}).status_code == (403 if who == SAM else 200)
    desk = office.caller("admin", departments=("desk",))
    for body in ({"role": "agent"}, {"role": "agent", "departments": ["youth"]}):
        assert set_role(desk, NOOR, body).status_code == 403, "Noor is a reader of all departments"
    give(NOOR, Role.READER, "desk", rev=2)
    for body in ({"role": "agent"}, {"role": "agent", "departments": ["youth"]}):
        assert set_role(desk, NOOR, body).status_code == 403
    assert set_role(desk, NOOR, {"role": "agent", "departments": ["desk"]}).status_code == 200


def test_an_invitation_is_mailed_once_more_to_who_has_not_come(office: Office, manager: Caller) -> None:
    path = f"/team/{NOOR}"
    assert manager.change(f"{path}/invitation", {}, path).status_code == 200
    assert len(office.colleagues.mailed) == 1
    path = f"/team/{ADA}"
    assert manager.change(f"{path}/invitation", {}, path).status_code == 403
