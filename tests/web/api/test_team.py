"""The team looked after by a program: what a key may give, and what it may not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table.apikeys import ApiKeys
from chalicelib.domain.audit import line
from chalicelib.domain.roles import Grant, Role
from tests.conftest import NOW
from tests.web.api.office import OURS, THEIRS, Caller, Office, problem
from tests.web.fakes_people import ADA, NOOR, SAM, account

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


def test_a_late_repeat_of_an_invitation_gives_no_role_that_was_changed_since(
    office: Office, manager: Caller
) -> None:
    made = manager.make("/team", JIP, "one").json_body
    office.now += timedelta(hours=1)
    assert set_role(manager, made["id"], {"role": "reader"}).json_body["role"] == "reader"
    assert manager.make("/team", JIP, "one").json_body == made, "as it was answered then"
    assert manager.get(f"/team/{made['id']}").json_body["role"] == "reader"


def test_nor_where_it_broke_off(office: Office, manager: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(ApiKeys, "tell")
        assert manager.make("/team", JIP, "one").status_code == 500
    (made,) = (each for each in manager.get("/team").json_body["items"] if each["name"] == JIP["name"])
    office.now += timedelta(hours=1)
    set_role(manager, made["id"], {"role": "reader"})
    set_role(manager, made["id"], {"role": None})
    late = manager.make("/team", JIP, "one")
    assert late.status_code == 409
    assert manager.get(f"/team/{made['id']}").status_code == 404


def test_a_role_is_changed_and_taken_back(office: Office, manager: Caller) -> None:
    assert set_role(manager, NOOR, {"role": "editor"}).json_body["role"] == "editor"
    gone = set_role(manager, NOOR, {"role": None})
    assert (gone.status_code, gone.json_body["role"], gone.json_body["state"]) == (200, None, "none")
    assert manager.get(f"/team/{NOOR}").status_code == 404


@pytest.fixture
def governor(office: Office) -> Caller:
    """A key that an administrator made."""
    give(NOOR, Role.AGENT)
    return office.caller("admin", by_id=ADA)


def access(caller: Caller, who: str, do: str) -> Any:
    return caller.change(f"/team/{who}/{do}", {}, f"/team/{who}")


def test_an_account_is_closed_at_once_with_its_keys_and_opened_again(
    office: Office, governor: Caller
) -> None:
    theirs = office.caller("read", by_id=NOOR)
    assert access(governor, NOOR, "disable").json_body["state"] == "disabled"
    assert office.colleagues.signed_out == [NOOR]
    assert theirs.get("").status_code == 401
    assert access(governor, NOOR, "enable").json_body["state"] == "invited"
    assert theirs.get("").status_code == 401, "what was revoked stays so"
    for brand in (OURS, THEIRS):
        lines, _ = wiring.audit().month(brand, "2026-11")
        did = {each.what for each in lines if each.what in ("team.disable", "team.enable")}
        assert did == {"team.disable", "team.enable"}, "an account is of every brand, and so is its line"


def test_who_is_signed_out_stays_a_colleague(office: Office, governor: Caller) -> None:
    assert access(governor, NOOR, "sign-out").json_body["role"] == "agent"
    assert office.colleagues.signed_out == [NOOR]


def test_an_account_takes_a_key_of_who_is_an_administrator_now(office: Office, governor: Caller) -> None:
    give(SAM, Role.MANAGER)
    for maker in (SAM, "nobody"):
        refused = problem(access(office.caller("admin", by_id=maker), NOOR, "disable"))
        assert (refused["status"], "administrator" in refused["detail"]) == (403, True)
    kept = office.colleagues.kept
    for changed in (replace(kept[ADA], role=Role.MANAGER), replace(kept[ADA], enabled=False)):
        kept[ADA] = changed
        assert access(governor, NOOR, "disable").status_code == 403
    assert kept[NOOR].enabled


def test_nobody_is_shut_out_by_a_key_of_their_own_and_one_administrator_is_left(
    office: Office, governor: Caller
) -> None:
    assert access(governor, ADA, "disable").status_code == 403
    eva = account("4", "Eva", Role.ADMINISTRATOR)
    office.colleagues.kept[eva.id] = eva
    theirs = office.caller("admin", by_id=eva.id)
    office.colleagues.administrators = lambda: [ADA]  # type: ignore[method-assign]
    assert access(theirs, ADA, "disable").status_code == 409
    assert office.colleagues.kept[ADA].enabled


def test_an_account_of_another_brand_is_not_there(office: Office, governor: Caller) -> None:
    jip = account("5", "Jip")
    office.colleagues.kept[jip.id] = jip
    answer = governor.ask("POST", f"/team/{jip.id}/disable", {}, if_match='"x"')
    assert answer.status_code == 404


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
