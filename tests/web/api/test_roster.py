"""The duty roster for programs: a week is said whole, and who is on duty is asked."""

from typing import Any

import pytest

from chalicelib import wiring
from tests.web.api.office import OURS, Office
from tests.web.fakes_people import ADA

MONDAY = "2026-11-23"


def wish(**changes: Any) -> dict[str, Any]:
    return {
        "department": "desk",
        "colleague": ADA,
        "start": "2026-11-23T09:00",
        "end": "2026-11-23T17:00",
        **changes,
    }


def test_a_program_says_who_is_on_duty_and_reads_it(office: Office) -> None:
    path = f"/roster/{MONDAY}"
    admin, reader = office.caller("admin"), office.caller("read")
    week = {"shifts": [wish(), wish(start="2026-11-23T17:00", end="2026-11-24T08:00", standby=True)]}
    answer = admin.change(path, week, path, "PUT")
    assert answer.status_code == 200, answer.body
    shown = reader.get(path).json_body
    assert [(each["name"], each["start"], each["standby"]) for each in shown["shifts"]] == [
        ("Ada", "2026-11-23T09:00", False),
        ("Ada", "2026-11-23T17:00", True),
    ]
    wiring.brands().latest(OURS)
    desk, youth = reader.get("/duty").json_body["items"]
    assert [each["name"] for each in desk["on"]] == ["Ada"]
    assert (desk["until"], desk["next"], youth["on"]) == ("2026-11-23T16:00:00Z", None, [])
    stale = admin.ask("PUT", path, {"shifts": []}, if_match='"other"')
    assert stale.status_code == 412
    assert admin.change(path, {"shifts": []}, path, "PUT").json_body["shifts"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        wish(colleague="nobody"),
        wish(department="nergens"),
        wish(end="2026-11-23T08:00"),
        wish(start="2026-11-30T09:00", end="2026-11-30T17:00"),
        wish(start="2026-11-23"),
    ],
)
def test_a_week_that_cannot_be_is_refused_whole(office: Office, wrong: dict[str, Any]) -> None:
    path = f"/roster/{MONDAY}"
    admin = office.caller("admin")
    answer = admin.change(path, {"shifts": [wish(), wrong]}, path, "PUT")
    assert answer.status_code == 422, answer.body
    assert admin.get(path).json_body["shifts"] == []


@pytest.mark.parametrize("week", ["2026-11-24", "now", "2026-13-01", "1000-01-06"])
def test_only_a_monday_names_a_week(office: Office, week: str) -> None:
    assert office.caller("read").get(f"/roster/{week}").status_code == 404


def test_a_key_of_some_departments_leaves_the_others_alone(office: Office) -> None:
    path = f"/roster/{MONDAY}"
    whole, some = office.caller("admin"), office.caller("admin", departments=("youth",))
    whole.change(path, {"shifts": [wish()]}, path, "PUT")
    assert some.get(path).json_body["shifts"] == []
    assert some.change(path, {"shifts": [wish()]}, path, "PUT").status_code == 422
    assert some.change(path, {"shifts": [wish(department="youth")]}, path, "PUT").status_code == 200
    assert [each["department"] for each in whole.get(path).json_body["shifts"]] == ["desk", "youth"]
