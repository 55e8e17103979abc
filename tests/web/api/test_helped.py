"""Programs read whether an answer helped, of one case and of those that are done."""

from dataclasses import replace
from datetime import timedelta

from chalicelib import wiring
from chalicelib.domain.case import CaseState, Helped
from tests.conftest import NOW
from tests.web.api.office import Caller, Office


def test_what_they_said_is_told_of_a_case_and_of_what_is_closed(office: Office, planner: Caller) -> None:
    case = office.case(office.heard())
    path = f"/cases/{case.key.slug}"
    assert planner.get(path).json_body["helped"] is None
    again = replace(case, rev=2, helped=Helped.AGAIN)
    wiring.cases().change(again)
    (line,) = planner.get("/cases").json_body["items"]
    assert (line["helped"], planner.get(path).json_body["helped"]) == ("again", "again")
    at = NOW + timedelta(minutes=5)
    solved = replace(again, rev=3, state=CaseState.SOLVED, helped=Helped.THANKS, answered_at=at)
    wiring.cases().change(solved)
    (done,) = planner.get("/closed-cases").json_body["items"]
    assert (done["state"], done["by_them"]) == ("solved", True)
    assert planner.get(path).json_body["helped"] == "thanks"
