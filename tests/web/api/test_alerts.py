"""Alerts, for programs: what was told, in each language that we have words in."""

from chalicelib import wiring
from chalicelib.domain.alerting import Notice, notice_id
from tests.web.api.office import OURS, Caller, Office


def test_a_title_is_given_in_each_language(office: Office, planner: Caller) -> None:
    id = notice_id(office.now, "desk.negative")
    subjects = {"en": "@kees is unhappy"}
    wiring.notices().keep(
        Notice(
            brand=OURS,
            id=id,
            at=office.now,
            bell="desk.negative",
            subject="@kees is ontevreden",
            subjects=subjects,
        )
    )
    found = planner.get(f"/alerts/{id}").json_body
    assert (found["subject"], found["subjects"]) == ("@kees is ontevreden", subjects)
    assert planner.get("/alerts").json_body["items"] == [found]
