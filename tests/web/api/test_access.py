"""Every operation, asked with every scope, of both brands: who may, and that else nothing changes. S21."""

from copy import deepcopy
from typing import Any

import pytest

from app import app
from chalicelib import wiring
from chalicelib.domain.apikey import Scope
from chalicelib.domain.audit import AuditLine
from chalicelib.web.operations import BASE, OPERATIONS, Operation
from tests.harness.kept import Kept
from tests.harness.world import forget, laid
from tests.web.access import API, API_ADMINISTRATORS, API_DEPARTMENTS_TOO
from tests.web.api.office import THEIRS, Office, problem
from tests.web.api.works import BODIES, TRACELESS, named, scene
from tests.web.fakes_people import ADA, SAM

ASKS: dict[str, tuple[str, str]] = {
    "nobody": ("admin", "lindebieb"),
    "read": ("read", "lindebieb"),
    "write": ("write", "lindebieb"),
    "admin": ("admin", "lindebieb"),
    "no administrator": ("admin", "lindebieb"),
    "a department": ("admin", "lindebieb"),
    "another brand": ("admin", THEIRS),
}
"""Who asks: scope and brand of the key. An administrator made it, but where it says that none did."""


def status(operation: Operation, who: str) -> int:
    if who == "nobody":
        return 401
    if who == "another brand":
        return 404 if "{brand}" in operation.path else operation.status
    if who == "no administrator":
        return 403 if (operation.method, operation.path) in API_ADMINISTRATORS else operation.status
    if who == "a department":
        row = (operation.method, operation.path)
        return 403 if API[row] == "admin" and row not in API_DEPARTMENTS_TOO else operation.status
    return operation.status if Scope(who).covers(Scope(operation.scope)) else 403


def kept() -> list[str]:
    """All items but what the gate itself writes: of keys their days, minutes and requests."""
    ours = ({k: v for k, v in item.items() if k != "used"} for item in laid())
    return sorted(str(item) for item in ours if not _is_gates(item))


def _is_gates(item: Any) -> bool:
    return bool(item["pk"]["S"].startswith("Q#") and item["pk"]["S"].count("#") == 2)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_every_operation_asks_for_its_scope_and_its_brand(
    office: Office, monkeypatch: pytest.MonkeyPatch, operation: Operation
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(wiring, "ask_report", lambda *what: asked.append(what))
    set_up = scene(office, operation.id)
    callers = {
        who: office.caller(
            scope,
            of=of,
            departments=("desk",) if who == "a department" else (),
            by_id=SAM if who == "no administrator" else ADA,
        )
        for who, (scope, of) in ASKS.items()
    }
    start, people, told = Kept(), deepcopy(office.colleagues), lines()
    for who, caller in callers.items():
        asked.clear()
        before = kept()
        headers = {"authorization": "Bearer none"} if who == "nobody" else {}
        answer = set_up.ask(caller, operation, **headers)
        assert answer.status_code == status(operation, who), (who, answer.body)
        if answer.status_code >= 400:
            problem(answer)
            assert kept() == before, who
        elif operation.method != "GET":
            assert operation.id in TRACELESS or (kept() == before) is operation.tries, who
            assert [line for line in lines() if line.by and not line.by_id and line not in told] == [], who
        assert bool(asked) is (operation.id == "reports_ask" and answer.status_code == 201), who
        start.restore()
        forget()
        office.colleagues = deepcopy(people)


def lines() -> list[AuditLine]:
    """The log of this month."""
    return wiring.audit().month("lindebieb", "2026-11", limit=1_000)[0]


def test_every_route_of_the_api_is_an_operation_and_every_deed_has_its_row() -> None:
    routes = {(way, path) for path, ways in app.routes.items() if path.startswith(BASE) for way in ways}
    described = {("GET", f"{BASE}/openapi.json"), ("GET", f"{BASE}/docs")}
    assert routes == described | {(each.method, BASE + each.path) for each in OPERATIONS}
    assert set(BODIES) == {each.id for each in OPERATIONS if each.method != "GET"}
    assert len({each.id for each in OPERATIONS}) == len(OPERATIONS)


def test_reading_and_trying_ask_for_nothing_but_a_scope_and_every_other_way_is_conditional() -> None:
    for each in OPERATIONS:
        assert (each.method == "GET" or each.tries) is not bool(each.of or each.create), each.id
        assert each.tries is each.path.startswith("/brands/{brand}/trials/"), each.id
        if each.of:
            assert ("GET", each.of) in {(one.method, one.path) for one in OPERATIONS}, each.id
        if each.location:
            assert ("GET", each.location.rpartition("/")[0]) in {
                ("GET", one.path.rpartition("/")[0]) for one in OPERATIONS
            }, each.id
