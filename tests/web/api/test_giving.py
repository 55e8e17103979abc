"""The next case, for programs: one a token."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Topic
from tests.web.api.office import OURS, Caller, Office


@pytest.mark.parametrize("breaks", [False, True], ids=["told", "broken off"])
def test_a_token_gives_one_case(
    office: Office, planner: Caller, breaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slugs = {office.case(office.heard(id)).key.slug for id in ("1", "2")}
    with monkeypatch.context() as patch:
        if breaks:
            patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
        first = planner.make("/cases/next", {}, "one")
    assert first.status_code == (500 if breaks else 201), first.body
    again = planner.make("/cases/next", {}, "one")
    assert again.status_code == 201, again.body
    assert again.headers["Location"].endswith(f"/cases/{again.json_body['id']}")
    other = planner.make("/cases/next", {}, "two")
    assert {again.json_body["id"], other.json_body["id"]} == slugs
    assert planner.make("/cases/next", {}, "three").status_code == 404


def test_a_subject_is_kept_for_who_knows_it_and_the_case_names_it(office: Office, planner: Caller) -> None:
    topics = (
        Topic(id="lift", name="Lift", words=("lift",)),
        Topic(id="fines", name="Fines", words=("boete*",)),
    )
    brand = wiring.brands().get(OURS)
    wiring.brands().put(replace(brand, topics=topics))
    case = office.case(office.heard("1"))
    case = replace(case, rev=2, topics=("fines",), due=office.now + timedelta(hours=3))
    wiring.cases().change(case)
    wiring.notices().set_ways(Ways(brand=OURS, user=planner.key.by_id, name="Sam", topics=("lift",)))
    wiring.notices().set_ways(Ways(brand=OURS, user="noor", name="Noor", topics=("fines",)))
    assert planner.make("/cases/next", {}, "one").status_code == 404
    wiring.notices().set_ways(Ways(brand=OURS, user="noor", name="Noor", topics=("lift",), rev=2))
    given = planner.make("/cases/next", {}, "two")
    assert (given.status_code, given.json_body["id"]) == (201, case.key.slug)
    assert given.json_body["topics"] == ["fines"]


def test_who_has_as_many_as_they_want_is_told_so(office: Office, planner: Caller) -> None:
    for id in ("1", "2"):
        office.case(office.heard(id))
    wiring.notices().set_ways(Ways(brand=OURS, user=planner.key.by_id, name="Sam", capacity=1))
    assert planner.make("/cases/next", {}).status_code == 201
    refused = planner.make("/cases/next", {})
    assert refused.status_code == 409
    assert "as many as you want" in refused.json_body["detail"]
