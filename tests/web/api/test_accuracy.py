"""How often the judge was right, for programs; and what was taught is taken back and let count again."""

import pytest

from chalicelib import wiring
from tests.web.api.office import OURS, THEIRS, Caller, Office
from tests.web.api.works import taught

FIRST, SECOND = "tables-5+2026-11-22", "tables-5+2026-11-23"


@pytest.fixture
def manager(office: Office) -> Caller:
    taught()
    return office.caller("admin")


def test_it_is_told_by_language_and_class(manager: Caller) -> None:
    found = manager.get("/accuracy").json_body
    assert (found["version"], found["held_by"], found["waits"]) == (SECOND, None, False)
    (dutch,) = found["languages"]
    assert (dutch["language"], dutch["why_not"]) == ("nl", None)
    assert dutch["classes"] == [{"label": "positive", "cases": 30, "right_alone": 5, "right_taught": 25}]
    assert [(each["version"], each["counts"], each["may_count"]) for each in found["versions"]] == [
        (SECOND, True, False),
        (FIRST, False, True),
    ]


def test_a_brand_that_was_never_taught_says_so(office: Office) -> None:
    found = office.caller("read").get("/accuracy").json_body
    assert (found["version"], found["until"], found["languages"], found["versions"]) == (None, None, [], [])


def test_it_is_taken_back_and_let_count_again(manager: Caller) -> None:
    back = manager.change("/accuracy/take-back", {}, "/accuracy").json_body
    assert (back["version"], back["held_by"]) == (None, "Sam de Wit via Planner")
    again = manager.change("/accuracy/let-count", {"version": FIRST}, "/accuracy").json_body
    assert (again["version"], again["held_by"]) == (FIRST, None)
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert [(each.what, each.of, each.by) for each in reversed(lines) if each.what != "key.make"] == [
        ("delta.back", SECOND, "Sam de Wit via Planner"),
        ("delta.live", FIRST, "Sam de Wit via Planner"),
    ]
    assert wiring.deltas().lessons(THEIRS).live == ""


def test_only_as_it_was_read(manager: Caller) -> None:
    tag = manager.etag("/accuracy")
    assert manager.ask("POST", "/accuracy/take-back", {}).status_code == 428
    assert manager.ask("POST", "/accuracy/take-back", {}, if_match="*").status_code == 412
    assert manager.ask("POST", "/accuracy/take-back", {}, if_match=tag).status_code == 200
    assert manager.ask("POST", "/accuracy/take-back", {}, if_match=tag).status_code == 412
    assert manager.change("/accuracy/take-back", {}, "/accuracy").status_code == 409, "nothing counts"


def test_a_version_that_may_not_count_is_refused_at_its_field(manager: Caller) -> None:
    answer = manager.change("/accuracy/let-count", {"version": "tables-1+2026-11-22"}, "/accuracy")
    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["pointer"] == "#/version"


def test_that_a_verdict_is_right_is_said_by_its_own_label(office: Office, manager: Caller) -> None:
    """And changes nothing that is shown."""
    mention = office.heard()
    path = f"/mentions/{mention.key.slug}"
    before = manager.get(path).json_body
    answer = manager.change(f"{path}/verdict", {"label": "negative"}, path, "PUT")
    assert (answer.status_code, answer.json_body) == (200, before)
    (kept,) = wiring.corrections().of(mention.key)
    assert kept.was is kept.now
