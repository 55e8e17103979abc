"""Drills for programs: started, answered by people alone, read and ended."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table import keys
from chalicelib.domain.case import Case
from chalicelib.domain.mention import DRILL
from chalicelib.errors import NotFound
from chalicelib.stages import answer, claim
from chalicelib.tasks import Understand
from tests.conftest import NOW
from tests.harness.world import World
from tests.stages.november import opened
from tests.web.api.office import OURS, Caller, Office, brand, problem

SAID = [{"author": "marit", "text": "Wat een puinhoop!"}, {"author": "@jan", "text": "Klopt dat?"}]
TEXT = "@marit Wij zoeken het uit. Sam, Linde"


@pytest.fixture
def admin(office: Office) -> Caller:
    return office.caller("admin")


def started(admin: Caller, **more: Any) -> str:
    made = admin.make("/drills", {"messages": SAID, **more})
    assert made.status_code == 201
    return str(made.json_body["id"])


def case_of(office: Office, drill: str, n: int = 0) -> Case:
    """As `respond` opens it."""
    key = wiring.drills().get(OURS, drill).keys[n]
    mention, _ = wiring.mentions().get(wiring.drills().get(OURS, drill).mentions()[n].key)
    case = opened(mention, department="desk")
    assert case.key == key
    return case


def test_a_program_starts_one_once_and_its_messages_are_queued(admin: Caller, aws: World) -> None:
    first = admin.make("/drills", {"messages": SAID, "hours": 3}, token="one")
    again = admin.make("/drills", {"messages": SAID, "hours": 3}, token="one")
    assert first.json_body == again.json_body
    made = first.json_body
    assert (made["messages"], made["by"], made["ended_at"]) == (2, "Sam de Wit via Planner", None)
    assert made["until"].startswith((NOW + timedelta(hours=3)).isoformat()[:16])
    assert admin.get("/drills").json_body["items"] == [made]
    assert admin.get(f"/drills/{made['id']}").json_body == made
    assert aws.waiting(Understand.queue)
    assert problem(admin.make("/drills", {"messages": SAID}))["status"] == 409
    lines, _ = wiring.audit().month(OURS, f"{NOW:%Y-%m}", limit=99)
    assert [(each.what, each.of) for each in lines if each.what == "drill.start"] == [
        ("drill.start", made["id"])
    ]


def test_without_messages_it_is_our_own_story(admin: Caller) -> None:
    assert admin.make("/drills", {}).json_body["messages"] == 8


@pytest.mark.parametrize(
    "body",
    [{"messages": SAID, "hours": 25}, {"messages": SAID * 11}, {"messages": [{"author": " ", "text": "x"}]}],
)
def test_what_cannot_be_started_is_refused(admin: Caller, body: dict[str, Any]) -> None:
    assert admin.make("/drills", body).status_code == 422
    assert admin.get("/drills").json_body["items"] == []


@pytest.mark.parametrize("scope", ["read", "write"])
def test_only_who_manages_starts_or_ends_one(office: Office, admin: Caller, scope: str) -> None:
    caller = office.caller(scope)
    assert caller.make("/drills", {"messages": SAID}).status_code == 403
    id = started(admin)
    assert caller.change(f"/drills/{id}/end", {}, f"/drills/{id}").status_code == 403


def test_a_program_sees_the_mark_and_cannot_answer_and_reads_how_it_went(
    office: Office, admin: Caller
) -> None:
    id = started(admin)
    case = case_of(office, id)
    line = next(each for each in admin.get("/cases").json_body["items"] if each["id"] == case.key.slug)
    assert line["drill"] is True
    path = f"/cases/{case.key.slug}"
    assert admin.get(path).json_body["drill"] is True
    refused = admin.ask(
        "POST", f"{path}/replies", {"text": TEXT}, if_match=admin.etag(path), idempotency_key="r"
    )
    assert problem(refused)["status"] == 422
    assert "nothing leaves" in str(refused.json_body)
    assert admin.get(f"{path}/replies").json_body["items"] == []
    office.now = NOW + timedelta(minutes=3)
    taken = claim.take(case.key, case.rev, "Noor", by_id="noor", cases=wiring.cases(), now=office.now)
    office.now = NOW + timedelta(minutes=4)
    answer.practise(
        case.key,
        taken.rev,
        TEXT,
        "Noor",
        by_id="noor",
        brand=brand(OURS),
        cases=wiring.cases(),
        now=office.now,
    )
    found = admin.get(f"/drills/{id}/figures").json_body
    assert (found["answered"], found["median_seconds"], found["alerts"]) == (1, 240, [])
    first, second = found["messages"]
    assert (first["case"], first["taken_by"], first["answered_by"], first["answer"], first["seconds"]) == (
        case.key.slug,
        "Noor",
        "Noor",
        TEXT,
        240,
    )
    assert (second["author"], second["case"], second["seconds"]) == ("jan", None, None)


def test_a_program_ends_it_and_its_cases_leave_the_list(office: Office, admin: Caller) -> None:
    id = started(admin)
    case_of(office, id)
    ended = admin.change(f"/drills/{id}/end", {}, f"/drills/{id}").json_body
    assert ended["ended_by"] == "Sam de Wit via Planner"
    assert admin.get("/cases").json_body["items"] == []
    assert admin.get("/closed-cases").json_body["items"] == []
    assert admin.get("/mentions").json_body["items"] == []


def test_after_a_week_all_of_it_is_gone(
    office: Office, admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = started(admin)
    kept = wiring.drills().get(OURS, id)
    case = case_of(office, id)
    monkeypatch.setattr(keys, "now", (NOW + timedelta(days=8)).timestamp)
    assert admin.get("/drills").json_body["items"] == []
    assert wiring.mentions().get_many([each.key for each in kept.mentions()]) == {}
    assert case.key.platform == DRILL
    with pytest.raises(NotFound):
        wiring.cases().get(case.key)
