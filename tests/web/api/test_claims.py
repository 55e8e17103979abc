"""Who works on a case, for programs: a note is written once, and a colleague's case says whose it is."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import claim
from tests.conftest import NOW
from tests.stages.november import heard
from tests.web.api.office import OURS, Caller, Office, brand, later, problem
from tests.web.fakes import Mail
from tests.web.fakes_people import ADA, SAM


@pytest.fixture
def slug(office: Office) -> str:
    return office.case(office.heard()).key.slug


def noted(caller: Caller, slug: str) -> list[str]:
    events = caller.get(f"/cases/{slug}/history").json_body["items"]
    return [event["text"] for event in events if event["kind"] == "noted"]


def note(caller: Caller, slug: str, text: str, token: str = "one", tag: str = "") -> Any:
    path = f"/cases/{slug}"
    tag = tag or caller.etag(path)
    return caller.ask("POST", f"{path}/notes", {"text": text}, if_match=tag, idempotency_key=token)


@pytest.mark.parametrize("breaks", [False, True], ids=["told", "broken off"])
def test_a_note_is_written_once_a_token(
    office: Office, planner: Caller, slug: str, breaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = planner.etag(f"/cases/{slug}")
    with monkeypatch.context() as patch:
        if breaks:
            patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
        first = note(planner, slug, "Bel haar eerst", tag=tag)
    assert first.status_code == (500 if breaks else 201), first.body
    office.now = later(minutes=30)
    planner.change(f"/cases/{slug}/take", {}, f"/cases/{slug}")
    again = note(planner, slug, "Bel haar eerst", tag=tag)
    assert again.status_code == 201, again.body
    assert again.headers["Location"].endswith(f"/cases/{slug}/history")
    assert noted(planner, slug) == ["Bel haar eerst"]
    assert note(planner, slug, "Bel haar eerst", "two").status_code == 201
    assert len(noted(planner, slug)) == 2, "another token is another note"


def test_two_notes_of_one_moment_are_both_there(planner: Caller, slug: str) -> None:
    key, cases = CaseKey.from_slug(slug), wiring.desk().cases
    claim.write_note(key, "Bel haar eerst", "Noor", by_id="noor", cases=cases, now=NOW)
    claim.write_note(key, "Niet bellen!", "Sam", by_id="sam", cases=cases, now=NOW)
    assert sorted(noted(planner, slug)) == ["Bel haar eerst", "Niet bellen!"]
    lines, _ = wiring.audit().month(OURS, "2026-11")
    assert len([line for line in lines if line.what == "case.noted"]) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_a_note_that_cannot_be_names_its_field(planner: Caller, slug: str, text: str) -> None:
    refused = problem(note(planner, slug, text))
    assert (refused["status"], [each["pointer"] for each in refused["errors"]]) == (422, ["#/text"])


@pytest.mark.parametrize(
    ("method", "do", "body"),
    [
        ("POST", "solve", {}),
        ("PUT", "draft", {"text": "Dag"}),
        ("POST", "lay-down", {}),
        ("POST", "snooze", {"until": later(minutes=20).isoformat()}),
        ("POST", "hand-over", {"department": "youth", "reason": "Jeugd"}),
        ("POST", "replies", {"text": "Dag, wij zoeken het uit. Groet, Sam"}),
    ],
)
def test_a_case_of_a_colleague_says_whose_it_is(
    planner: Caller, slug: str, method: str, do: str, body: dict[str, Any]
) -> None:
    key, cases = CaseKey.from_slug(slug), wiring.desk().cases
    claim.take(key, cases.get(key).rev, "Noor", by_id="noor", cases=cases, now=NOW)
    path = f"/cases/{slug}"
    tag = planner.etag(path)
    refused = problem(planner.ask(method, f"{path}/{do}", body, if_match=tag, idempotency_key="one"))
    assert (refused["status"], refused["detail"]) == (409, "Noor works on it; take it over first.")
    several = {"things": [{"id": slug, "etag": tag}], "solve": {}}
    (told,) = planner.make("/bulk", several).json_body["outcomes"]
    assert (told["status"], told["detail"]) == (409, "Noor works on it; take it over first")


def test_a_colleague_is_asked_by_name_or_by_id_and_once(
    office: Office, planner: Caller, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Mail()
    monkeypatch.setattr(wiring, "mail", lambda: mail)
    wiring.brands().put(replace(brand(OURS), mail_from="wij@lindebieb.example"))
    wiring.desk.cache_clear()
    path = f"/cases/{slug}"
    found = {each["handle"]: each["id"] for each in planner.get(f"{path}/colleagues").json_body["items"]}
    assert found == {"sam": SAM, "ada": ADA}
    tag = planner.etag(path)
    body = {"text": "@sam en @regenjas42: mag dit?", "ask": [ADA]}
    for _ in range(2):
        told = planner.ask("POST", f"{path}/notes", body, if_match=tag, idempotency_key="one")
        assert told.status_code == 201, told.body
    assert sorted(to for to, _ in mail.sent) == ["ada@veldermeer.example", "sam@veldermeer.example"]
    assert {each["name"] for each in planner.get(path).json_body["asked"]} == {"Ada", "Sam"}
    (line,) = planner.get("/cases").json_body["items"]
    assert {each["id"] for each in line["asked"]} == {ADA, SAM}
    noted = planner.get(f"{path}/history").json_body["items"][-1]
    assert (len(noted["asked"]), noted["strangers"]) == (2, ["regenjas42"])
    refused = problem(
        planner.ask(
            "POST",
            f"{path}/notes",
            {"text": "Mag dit?", "ask": ["nobody"]},
            if_match=planner.etag(path),
            idempotency_key="two",
        )
    )
    assert (refused["status"], [each["pointer"] for each in refused["errors"]]) == (422, ["#/ask"])


def test_cases_of_two_networks_are_merged_and_split(office: Office, planner: Caller, slug: str) -> None:
    other = office.case(heard_elsewhere()).key.slug
    path = f"/cases/{slug}"
    given = {"other": other, "reason": "Dezelfde"}
    merged = planner.change(f"{path}/merge", given, path)
    assert merged.status_code == 200, merged.body
    assert (merged.json_body["joined"], merged.json_body["id"]) == ([other], slug)
    assert planner.get(f"/cases/{other}").json_body["id"] == slug
    assert [each["id"] for each in planner.get("/cases").json_body["items"]] == [slug]
    again = planner.change(f"{path}/merge", given, path)
    assert (again.status_code, again.json_body) == (200, merged.json_body), "nothing more"
    lines = planner.get(f"{path}/history").json_body["items"]
    (line,) = [each for each in lines if each["kind"] == "merged"]
    assert (line["case"], line["text"]) == (other, "Dezelfde")
    assert len({each["mention"] for each in lines if each["kind"] == "heard"}) == 2

    split = planner.change(f"{path}/split", {"other": other}, path)
    assert (split.status_code, split.json_body["joined"]) == (200, [])
    assert planner.get(f"/cases/{other}").json_body["id"] == other
    assert len(planner.get("/cases").json_body["items"]) == 2


def test_answers_of_both_are_told_apart(office: Office, planner: Caller, slug: str) -> None:
    other = office.case(office.heard("210")).key.slug
    for each in (slug, other):
        path = f"/cases/{each}"
        key = CaseKey.from_slug(each)
        sent = {"text": "Dag, wij zoeken het uit. Groet, Sam", "anyway": "proef"}
        answer = planner.ask(
            "POST", f"{path}/replies", sent, if_match=planner.etag(path), idempotency_key=each
        )
        assert answer.status_code == 201, answer.body
        _, (delivery,) = wiring.cases().history(key)
        seen = replace(delivery, state=DeliveryState.CONFIRMED, sent_at=NOW)
        now_is = wiring.cases().get(key)
        done = replace(now_is, rev=now_is.rev + 1, state=CaseState.ANSWERED, answered_at=NOW)
        wiring.cases().conclude(done, seen, CaseEvent(at=NOW, id="seen", kind=EventKind.CONFIRMED))
    path = f"/cases/{slug}"
    planner.change(f"{path}/merge", {"other": other}, path)
    ids = [each["id"] for each in planner.get(f"{path}/replies").json_body["items"]]
    assert sorted(ids) == sorted(["1", f"{other}.1"])
    for id in ids:
        assert planner.get(f"{path}/replies/{id}").json_body["id"] == id


def heard_elsewhere() -> Mention:
    return heard("m-7", NOW, Sentiment.NEGATIVE, brand=OURS, platform="mastodon", state="answer")


@pytest.mark.parametrize("other", ["none", "", "bGluZGViaWVi"])
@pytest.mark.parametrize("do", ["merge", "split"])
def test_what_is_no_other_case_names_its_field(planner: Caller, slug: str, do: str, other: str) -> None:
    refused = problem(planner.change(f"/cases/{slug}/{do}", {"other": other}, f"/cases/{slug}"))
    assert (refused["status"], [each["pointer"] for each in refused["errors"]]) == (422, ["#/other"])


def test_a_department_merges_no_case_of_another(office: Office, slug: str) -> None:
    theirs = office.case(office.heard("210", department="youth"), department="youth").key.slug
    caller = office.caller("write", departments=("desk",))
    refused = problem(caller.change(f"/cases/{slug}/merge", {"other": theirs}, f"/cases/{slug}"))
    assert refused["status"] == 422
    assert wiring.cases().get(CaseKey.from_slug(theirs)).into is None


def test_a_colleagues_case_is_not_merged_away(office: Office, planner: Caller, slug: str) -> None:
    other = office.case(office.heard("210")).key
    claim.take(other, 1, "Noor", by_id="noor", cases=wiring.cases(), now=NOW)
    refused = problem(planner.change(f"/cases/{slug}/merge", {"other": other.slug}, f"/cases/{slug}"))
    assert (refused["status"], refused["detail"]) == (409, "Noor works on it; take it over first.")


def test_how_a_case_stands_is_told_and_asked_for(planner: Caller, slug: str) -> None:
    path = f"/cases/{slug}"
    assert planner.get(path).json_body["phases"] == ["new", "drafted"]
    planner.change(f"{path}/take", {}, path)
    assert planner.get(path).json_body["phases"] == ["claimed", "drafted"]
    for phase, found in (("claimed", [slug]), ("new", []), ("drafted", [slug])):
        assert [each["id"] for each in planner.get(f"/cases?phase={phase}").json_body["items"]] == found
    assert planner.get("/cases?phase=nonsense").status_code == 400
    planner.change(f"{path}/solve", {}, path)
    assert planner.get(path).json_body["phases"] == ["solved"]
    planner.change(f"{path}/reopen", {}, path)
    assert "reopened" in planner.get(path).json_body["phases"]
