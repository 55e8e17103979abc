"""Bulk deeds, people, webhooks tried and sent again, the sandbox, polls: what a program does beside the
daily work."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseState
from chalicelib.domain.hook import Call
from chalicelib.domain.mention import slug
from chalicelib.domain.source import Source
from chalicelib.tasks import Poll
from tests.conftest import NOW
from tests.web.api.office import OURS, Caller, Office, problem
from tests.web.api.works import hook


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


def thing(caller: Caller, kind: str, id: str) -> dict[str, str]:
    return {"id": id, "etag": caller.etag(f"/{kind}/{id}")}


def bulk(caller: Caller, things: list[dict[str, str]], token: str = "one", **deed: Any) -> Any:
    return caller.make("/bulk", {"things": things, **deed}, token)


def statuses(answer: Any) -> list[int]:
    return [each["status"] for each in answer.json_body["outcomes"]]


# several at once ----------------------------------------------------------------------------------


def test_each_of_several_has_an_answer_of_its_own_and_stops_no_other(office: Office, planner: Caller) -> None:
    first, second = (office.case(office.heard(id)).key.slug for id in ("109", "110"))
    things = [thing(planner, "cases", first), {"id": second, "etag": '"old"'}, {"id": "none", "etag": '"x"'}]
    answer = bulk(planner, things, solve={"note": "aan de balie"})
    assert (answer.status_code, statuses(answer)) == (200, [200, 412, 404])
    assert answer.json_body["outcomes"][0]["etag"] == planner.etag(f"/cases/{first}")
    states = [planner.get(f"/cases/{id}").json_body["state"] for id in (first, second)]
    assert states == ["solved", "open"]
    assert statuses(bulk(planner, things, solve={"note": "aan de balie"})) == [200, 412, 404], "asked again"
    assert statuses(bulk(planner, things, "two", solve={})) == [412, 412, 404]


def test_verdicts_are_corrected_and_cases_handed_over_at_once(office: Office, planner: Caller) -> None:
    case = office.case(office.heard())
    over = {"department": "youth", "reason": "Het gaat over de jeugd"}
    things = [thing(planner, "cases", case.key.slug)]
    assert statuses(bulk(planner, things, "hand", hand_over={**over, "department": "attic"})) == [422]
    assert statuses(bulk(planner, things, "over", hand_over=over)) == [200]
    assert planner.get(f"/cases/{case.key.slug}").json_body["department"] == "youth"
    mentions = [thing(planner, "mentions", case.mention.slug)]
    for _ in range(2):
        assert statuses(bulk(planner, mentions, "right", correct={"label": "neutral"})) == [200]
    assert planner.get(f"/mentions/{case.mention.slug}").json_body["verdict"]["label"] == "neutral"


def test_cases_are_labelled_taken_and_snoozed_at_once(office: Office, planner: Caller) -> None:
    slug = office.case(office.heard()).key.slug
    until = (NOW + timedelta(minutes=5)).isoformat()
    deeds: list[tuple[str, Any]] = [
        ("label", {"add": ["Boete, Te laat"], "drop": ["jeugd"]}),
        ("take", {}),
        ("snooze", {"until": until}),
    ]
    for name, body in deeds:
        things = [thing(planner, "cases", slug)]
        for _ in range(2):
            answer = bulk(planner, things, name, **{name: body})
            assert statuses(answer) == [200], (name, "asked again")
            assert answer.json_body["outcomes"][0]["etag"] == planner.etag(f"/cases/{slug}")
    shown = planner.get(f"/cases/{slug}").json_body
    assert (shown["labels"], shown["taken_by"]) == (["boete", "te laat"], "")
    assert [each["id"] for each in planner.get("/cases?label=boete").json_body["items"]] == [slug]
    assert planner.get("/cases?label=jeugd").json_body["items"] == []
    refused = bulk(planner, [thing(planner, "cases", slug)], "many", label={"add": ["x" * 31]})
    assert statuses(refused) == [422]
    kinds = [each["kind"] for each in planner.get(f"/cases/{slug}/history").json_body["items"]]
    assert [kinds.count(each) for each in ("labelled", "taken", "snoozed")] == [1, 1, 1]


def test_what_broke_off_is_done_once_by_asking_again(
    office: Office, planner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (name, body) in enumerate((("label", {"add": ["boete"]}), ("take", {}))):
        slug = office.case(office.heard(f"20{number}")).key.slug
        things = [thing(planner, "cases", slug)]
        with monkeypatch.context() as patch:
            patch.setattr(wiring.api_keys(), "tell", lambda *args: 1 / 0)
            assert bulk(planner, things, name, **{name: body}).status_code == 500
        assert statuses(bulk(planner, things, name, **{name: body})) == [200]


def test_one_deed_at_a_time(office: Office, planner: Caller) -> None:
    case = thing(planner, "cases", office.case(office.heard()).key.slug)
    for deed in ({}, {"solve": {}, "correct": {"label": "neutral"}}):
        assert problem(bulk(planner, [case], f"{deed}"[:5], **deed))["status"] == 422
    assert problem(bulk(planner, [], "none", solve={}))["errors"][0]["pointer"] == "#/things"


def test_s21_a_department_does_nothing_to_the_work_of_another(office: Office, planner: Caller) -> None:
    case = thing(planner, "cases", office.case(office.heard()).key.slug)
    youth = office.caller("write", departments=("youth",))
    assert statuses(bulk(youth, [case], solve={})) == [404]
    assert planner.get(f"/cases/{case['id']}").json_body["state"] == CaseState.OPEN.value


# people -------------------------------------------------------------------------------------------


def test_people_are_found_by_what_they_wrote(office: Office, planner: Caller) -> None:
    for n in range(3):
        office.heard(str(n), when=NOW - timedelta(hours=n))
    office.case(office.heard("9"))
    (found,) = planner.get("/people").json_body["items"]
    assert (found["author"], found["times"], found["complaints"], found["glad"]) == ("kees", 4, 4, 0)
    assert planner.get("/people?mood=glad").json_body["items"] == []
    assert planner.get("/people?name=nobody").json_body["items"] == []
    assert planner.get("/people?days=8").status_code == 400
    one = planner.get(f"/people/sandbox/{found['id']}").json_body
    assert (one["author"], len(one["mentions"]), len(one["cases"])) == ("kees", 4, 1)
    assert one["url"] == "https://social.example/@kees"
    before = planner.get(f"/people/sandbox/{found['id']}?until={one['earlier']}").json_body
    assert before["mentions"] == []
    assert planner.get("/people/sandbox/%%%").status_code == 404
    assert planner.get(f"/people/sandbox/{slug('nobody')}").json_body["mentions"] == []


def test_s21_of_a_person_a_department_sees_its_own_cases(office: Office) -> None:
    office.case(office.heard())
    youth = office.caller("read", departments=("youth",))
    assert youth.get(f"/people/sandbox/{slug('kees')}").json_body["cases"] == []


# webhooks -----------------------------------------------------------------------------------------


def test_a_webhook_is_tried_once_a_token(office: Office, manager: Caller) -> None:
    wiring.hooks().add(hook())
    first = manager.make("/webhooks/w-1/tests", {}, "one")
    assert (first.status_code, first.json_body["type"]) == (201, "test.asked")
    office.now += timedelta(minutes=2)
    assert manager.make("/webhooks/w-1/tests", {}, "one").json_body == first.json_body
    assert (office.rung, len(manager.get("/webhooks/w-1/calls").json_body["items"])) == (1, 1)
    manager.make("/webhooks/w-1/tests", {}, "two")
    assert len(manager.get("/webhooks/w-1/calls").json_body["items"]) == 2


def test_an_event_is_sent_again_under_its_own_id(office: Office, manager: Caller) -> None:
    wiring.hooks().add(hook())
    done = Call(brand=OURS, hook="w-1", at=NOW, id="msg_1", type="case.waiting", body="{}")
    wiring.hooks().queue([done])
    body = {"id": "msg_1", "at": NOW.isoformat()}
    again = manager.make("/webhooks/w-1/resends", body, "one")
    assert (again.status_code, again.json_body["id"], again.json_body["state"]) == (201, "msg_1", "waiting")
    assert office.rung == 1
    office.now += timedelta(minutes=2)
    wiring.hooks().settle(replace(done, tried_at=office.now, next_at=None))
    assert manager.make("/webhooks/w-1/resends", body, "one").status_code == 201
    assert office.rung == 1, "it was sent after this was asked"
    assert manager.make("/webhooks/w-1/resends", {**body, "id": "msg_2"}, "two").status_code == 404


def test_who_listens_to_verdicts_hears_of_a_correction_once(office: Office, manager: Caller) -> None:
    wiring.hooks().add(replace(hook(), kinds=("verdict",)))
    wiring.hooks().add(replace(hook(), id="w-2", kinds=("case",)))
    path = f"/mentions/{office.heard().key.slug}"
    for _ in range(2):
        assert manager.change(f"{path}/verdict", {"label": "neutral"}, path, "PUT").status_code == 200
    (call,) = manager.get("/webhooks/w-1/calls").json_body["items"]
    assert (call["type"], call["state"]) == ("verdict.corrected", "waiting")
    kept = wiring.hooks().call(OURS, "w-1", NOW, call["id"])
    data = json.loads(kept.body)["data"]
    assert (data["was"], data["sentiment"], data["by"]) == ("negative", "neutral", "Sam de Wit via Planner")
    assert manager.get("/webhooks/w-2/calls").json_body["items"] == []


def test_a_new_secret_is_shown_once_and_not_made_twice(manager: Caller) -> None:
    wiring.hooks().add(hook())
    tag = manager.etag("/webhooks/w-1")
    first = manager.ask("POST", "/webhooks/w-1/rotate", {}, if_match=tag)
    assert first.json_body["secret"].startswith("whsec_")
    assert manager.ask("POST", "/webhooks/w-1/rotate", {}, if_match=tag).status_code == 412
    assert first.json_body["secret"] not in manager.get("/webhooks/w-1").body.decode()


# the sandbox and polls ----------------------------------------------------------------------------


def test_the_sandbox_is_played(office: Office, planner: Caller) -> None:
    said = {"author": "kees", "text": "Waar is mijn boek?"}
    for _ in range(2):
        wall = planner.make("/sandboxes/wall/messages", said, "one").json_body
        office.now += timedelta(seconds=5)
    (message,) = wall["messages"]
    assert (message["author"], message["ours"]) == ("kees", False)
    planner.make("/sandboxes/wall/messages", {**said, "reply_to": message["id"]})
    assert len(planner.get("/sandboxes/wall").json_body["messages"]) == 2
    wrong = problem(planner.make("/sandboxes/wall/messages", {**said, "reply_to": "none"}))
    assert wrong["errors"][0]["pointer"] == "#/reply_to"
    mood = planner.change("/sandboxes/wall/mood", {"mood": "down"}, "/sandboxes/wall", method="PUT")
    assert mood.json_body["mood"] == "down"
    assert planner.get("/sandboxes/nosuch").status_code == 404


def test_a_source_is_asked_at_once(office: Office, manager: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("chalicelib.aws.queues.Queues.send", lambda self, tasks, delay=0: sent.extend(tasks))
    wiring.sources().put(Source(brand=OURS, id="krant", platform="feed", name="Krant", connected_at=NOW))
    assert manager.make("/sources/krant/polls", {}).json_body["state"] == "waiting"
    assert sent == [Poll(OURS, "krant")]
    assert manager.make("/sources/nosuch/polls", {}).status_code == 404


def test_health_says_whether_the_house_runs(manager: Caller) -> None:
    found = manager.get("/health").json_body
    assert next(each["name"] for each in found["schedules"]) == "The clock: what is due"
    assert found["keys"] == []
    assert set(found["spend"]["parts"]) >= {"The clock", "Alarms"}
