"""Asking twice under one token: the same is told, and nothing is done twice, whatever became of it since.

`broken` breaks off where it hurts most: what was asked is done, and what came of it is not kept yet.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.aws.queues import dead_letter
from chalicelib.aws.table.apikeys import ASKED_KEPT, ApiKeys
from chalicelib.config import settings
from chalicelib.domain.source import Source
from tests.conftest import NOW
from tests.harness.crash import MODES, Crash, Points
from tests.harness.meter import Meter
from tests.harness.world import World, laid
from tests.web.api.office import OURS, WISH, Caller, Office, problem

WATCH = {"name": "Te laat", "terms": ["te laat", "boete*"]}
OVER = {"department": "youth", "reason": "Het gaat over de jeugd"}
TEMPLATE = {"when": "praise", "language": "nl", "text": "Wat fijn, {author}!"}


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The reports that were asked for."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(wiring, "ask_report", lambda brand, month: found.append((brand, month)))
    wiring.desk.cache_clear()
    return found


@contextmanager
def broken() -> Iterator[None]:
    def crash(self: ApiKeys, *_: Any) -> None:
        raise RuntimeError("gone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ApiKeys, "tell", crash)
        yield


def first(caller: Caller, path: str, body: Any, *, breaks: bool) -> Any:
    """Asks it under the token "one": all is done, and is told where it does not break off."""
    if not breaks:
        return caller.make(path, body, "one")
    with broken():
        answer = caller.make(path, body, "one")
    assert answer.status_code == 500
    return answer


def nowhere(secret: str) -> bool:
    """Is it in no item, and in no answer that is kept?"""
    kept = (zlib.decompress(each["outcome"]["B"]) for each in laid() if "outcome" in each)
    return secret not in f"{laid()}" and all(secret.encode() not in each for each in kept)


def told(what: str) -> list[str]:
    """Of which things the log has a line of this."""
    return sorted(line.of for line in wiring.audit().month(OURS, "2026-11")[0] if line.what == what)


def things(caller: Caller, *ids: str) -> list[dict[str, str]]:
    return [{"id": id, "etag": caller.etag(f"/cases/{id}")} for id in ids]


BREAKS = pytest.mark.parametrize("breaks", [False, True], ids=["told", "broken off"])


# settings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "body", "id", "line"),
    [
        ("watches", WATCH, "te-laat", "watch.add"),
        ("templates", TEMPLATE, "praise-nl", "template.add"),
        ("sources", {"name": "Shop", "platform": "webhook"}, "shop", "source.add"),
    ],
)
@BREAKS
def test_what_was_added_and_removed_since_is_not_added_again(
    manager: Caller, section: str, body: dict[str, Any], id: str, line: str, breaks: bool
) -> None:
    made = first(manager, f"/settings/{section}", body, breaks=breaks)
    path = f"/settings/{section}/{id}"
    assert manager.change(f"{path}/remove", {}, path).status_code == 200
    before = manager.get(f"/settings/{section}").json_body
    again = manager.make(f"/settings/{section}", body, "one")
    gone = breaks and section != "templates"  # where one of ours is back in its place
    assert again.status_code == (404 if gone else 201)
    if not breaks:
        assert again.json_body["values"] == made.json_body["values"]
    assert manager.get(f"/settings/{section}").json_body == before
    assert told(line) == [id]


def test_what_was_added_and_changed_since_is_told_as_it_was_made(manager: Caller) -> None:
    made = manager.make("/settings/templates", TEMPLATE, "one")
    path = "/settings/templates/praise-nl"
    assert manager.change(path, {**TEMPLATE, "text": "Dank, {author}!"}, path, "PUT").status_code == 200
    again = manager.make("/settings/templates", TEMPLATE, "one")
    assert (again.status_code, again.body) == (made.status_code, made.body)
    assert {name: again.headers[name] for name in ("ETag", "Location")} == {
        name: made.headers[name] for name in ("ETag", "Location")
    }
    kept = [each["id"] for each in manager.get("/settings/templates").json_body["items"]]
    assert [id for id in kept if id.startswith("praise-nl")] == ["praise-nl"]


def test_an_entry_of_somebody_else_is_never_told_as_made(manager: Caller) -> None:
    manager.make("/settings/watches", WATCH, "theirs")
    for _ in range(2):
        taken = problem(manager.make("/settings/watches", WATCH, "one"))
        assert taken["errors"] == [{"detail": "another id than te-laat, which is taken", "pointer": "#/id"}]
    assert told("watch.add") == ["te-laat"]


def test_what_was_refused_may_be_asked_for_anew_but_nothing_else(manager: Caller) -> None:
    manager.make("/settings/watches", WATCH, "theirs")
    assert manager.make("/settings/watches", WATCH, "one").status_code == 422
    other = problem(manager.make("/settings/watches", {**WATCH, "name": "Boetes"}, "one"))
    assert other["errors"][0]["header"] == "Idempotency-Key"
    path = "/settings/watches/te-laat"
    manager.change(f"{path}/remove", {}, path)
    assert [manager.make("/settings/watches", WATCH, "one").status_code for _ in range(2)] == [201, 201]


@BREAKS
def test_what_a_source_signs_with_is_shown_once_and_said_to_be(manager: Caller, breaks: bool) -> None:
    body = {"name": "Shop", "platform": "webhook"}
    made = first(manager, "/settings/sources", body, breaks=breaks).json_body
    again = manager.make("/settings/sources", body, "one").json_body
    assert again["secret"] is None
    assert again["note"].startswith("Its secret was shown once")
    assert nowhere("whsec_")
    assert breaks or made["note"] is None


# several at once ----------------------------------------------------------------------------------


@BREAKS
def test_a_case_handed_over_and_back_is_not_handed_over_again(
    office: Office, planner: Caller, breaks: bool
) -> None:
    ids = [office.case(office.heard(id)).key.slug for id in ("109", "110")]
    body = {"things": things(planner, *ids), "hand_over": OVER}
    done = first(planner, "/bulk", body, breaks=breaks)
    office.now += timedelta(minutes=1)
    path = f"/cases/{ids[0]}"
    planner.change(f"{path}/hand-over", {"department": "desk", "reason": "Toch niet"}, path)
    again = planner.make("/bulk", body, "one").json_body
    assert [each["status"] for each in again["outcomes"]] == [200, 200]
    assert [planner.get(f"/cases/{id}").json_body["department"] for id in ids] == ["desk", "youth"]
    if breaks:
        tags = [each["etag"] for each in again["outcomes"]]
        assert tags == [None, planner.etag(f"/cases/{ids[1]}")], "somebody did more to the first"
    else:
        assert again == done.json_body


@BREAKS
def test_a_case_solved_and_opened_again_is_not_solved_again(
    office: Office, planner: Caller, breaks: bool
) -> None:
    id = office.case(office.heard()).key.slug
    body = {"things": things(planner, id), "solve": {"note": "aan de balie"}}
    first(planner, "/bulk", body, breaks=breaks)
    office.now += timedelta(minutes=1)
    planner.change(f"/cases/{id}/reopen", {}, f"/cases/{id}")
    assert planner.make("/bulk", body, "one").json_body["outcomes"][0]["status"] == 200
    assert planner.get(f"/cases/{id}").json_body["state"] == "open"


def test_what_another_did_meanwhile_is_not_told_as_done(office: Office, planner: Caller) -> None:
    id = office.case(office.heard()).key.slug
    body = {"things": things(planner, id), "solve": {}}
    office.caller("write", name="Other").change(f"/cases/{id}/solve", {}, f"/cases/{id}")
    first(planner, "/bulk", body, breaks=True)
    assert planner.make("/bulk", body, "one").json_body["outcomes"][0]["status"] == 412


# what leaves no thing behind ------------------------------------------------------------------------


def _dead(aws: World) -> int:
    return len(aws.waiting("poll-dead"))


@BREAKS
def test_what_died_again_is_not_sent_through_by_a_repeat(
    office: Office, manager: Caller, aws: World, breaks: bool
) -> None:
    from datetime import UTC, datetime
    from time import sleep

    def die() -> None:
        dead_letter(lambda: clients.client("sqs"), settings().dead_urls["poll"], "{}", "no")

    die()
    sleep(0.01)
    office.now = datetime.now(UTC)
    path = "/queues/poll/redrive"
    first(manager, path, {}, breaks=breaks)
    assert _dead(aws) == 0
    sleep(0.01)
    die()
    office.now = datetime.now(UTC)
    assert manager.make(path, {}, "one").status_code == 201
    assert _dead(aws) == 1
    lines, _ = wiring.audit().month(OURS, f"{office.now:%Y-%m}")
    assert [line.of for line in lines if line.what == "queue.redrive"] == ["poll"]


def test_a_report_is_asked_for_once_and_told_as_it_was_then(
    manager: Caller, asked: list[tuple[str, str]]
) -> None:
    made = manager.make("/reports/2026-10", {}, "one")
    assert (made.status_code, made.json_body["there"]) == (201, False)
    wiring.bucket().put_once(f"{OURS}/2026-10/report.json", b"{}", "application/json")
    assert manager.make("/reports/2026-10", {}, "one").body == made.body
    assert (asked, told("report.ask")) == ([(OURS, "2026-10")], ["2026-10"])


def test_a_report_that_broke_off_is_asked_for_until_it_is_there(
    manager: Caller, asked: list[tuple[str, str]]
) -> None:
    first(manager, "/reports/2026-10", {}, breaks=True)
    wiring.bucket().put_once(f"{OURS}/2026-10/report.json", b"{}", "application/json")
    assert manager.make("/reports/2026-10", {}, "one").json_body["there"] is True
    assert (asked, told("report.ask")) == ([(OURS, "2026-10")], ["2026-10"])


def test_a_source_is_asked_once_a_token(
    office: Office, manager: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("chalicelib.aws.queues.Queues.send", lambda self, tasks, delay=0: sent.extend(tasks))
    wiring.sources().put(Source(brand=OURS, id="krant", platform="feed", name="Krant", connected_at=NOW))
    answers = {manager.make("/sources/krant/polls", {}, "one").body for _ in range(2)}
    assert (len(answers), len(sent)) == (1, 1)


# keys ---------------------------------------------------------------------------------------------


@BREAKS
def test_a_key_is_made_once_also_after_its_last_day(office: Office, manager: Caller, breaks: bool) -> None:
    body = {"name": "Reader", "scope": "read", "until": "2026-11-24"}
    made = first(manager, "/keys", body, breaks=breaks).json_body
    office.now += timedelta(days=3)
    again = manager.make("/keys", body, "one")
    assert again.status_code == 201
    assert again.json_body["text"] is None
    assert again.json_body["note"].startswith("Its secret was shown once")
    if not breaks:
        assert again.json_body == {**made, "text": None, "note": again.json_body["note"]}
        assert nowhere(made["text"].rpartition(".")[2])
    assert len([each for each in wiring.api_keys().of(OURS) if each.name == "Reader"]) == 1


# what is kept -------------------------------------------------------------------------------------


def test_a_post_changed_since_is_told_as_it_was_planned(planner: Caller) -> None:
    made = planner.make("/posts", WISH, "one")
    path = f"/posts/{made.json_body['id']}"
    planner.change(path, {**WISH, "title": "Anders"}, path, "PUT")
    assert planner.make("/posts", WISH, "one").body == made.body


def test_what_is_too_long_to_keep_is_told_as_it_is_now(
    planner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.aws.table.apikeys.OUTCOME_ROOM", 50)
    made = planner.make("/posts", WISH, "one").json_body
    path = f"/posts/{made['id']}"
    planner.change(path, {**WISH, "title": "Anders"}, path, "PUT")
    again = planner.make("/posts", WISH, "one")
    assert (again.status_code, again.json_body["id"], again.json_body["title"]) == (201, made["id"], "Anders")
    assert len(planner.get("/posts").json_body["items"]) == 1


def test_a_token_is_forgotten_when_its_time_is_over_even_before_its_item_is_gone(
    office: Office, planner: Caller
) -> None:
    first = planner.make("/posts", WISH, "one").json_body
    office.now += ASKED_KEPT + timedelta(seconds=1)
    later = planner.make("/posts", {**WISH, "title": "Anders", "when": "2027-01-10T11:00"}, "one").json_body
    assert later["title"] == "Anders"
    assert later["id"] != first["id"]


def test_telling_costs_one_write_more_and_a_repeat_only_reads_it(manager: Caller) -> None:
    body = {"name": "Reader", "scope": "read"}
    manager.make("/keys", body, "warm")
    with Meter() as meter:
        manager.make("/keys", body, "one")
    with Meter() as again:
        manager.make("/keys", body, "one")
    assert meter.units["write_unit", "UpdateItem Q/I"] == 1
    assert meter.calls.total() == 5
    assert again.calls == {"dynamodb.GetItem": 2, "dynamodb.UpdateItem": 1, "dynamodb.PutItem": 1}


@pytest.mark.parametrize("mode", MODES)
def test_wherever_it_breaks_off_asking_again_makes_one(manager: Caller, mode: str) -> None:
    for k in count(1):
        name, token = f"Watch {k}", f"{mode}-{k}"
        points = Points(mode, k)
        with points, suppress(Crash):
            manager.make("/settings/watches", {**WATCH, "name": name}, token)
        again = manager.make("/settings/watches", {**WATCH, "name": name}, token)
        assert (again.status_code, again.json_body["id"]) == (201, f"watch-{k}")
        assert told("watch.add").count(f"watch-{k}") == 1
        if not points.crashed:
            break
    assert k > 6, "it was broken off at each call"
