"""A brand set up by a program: piece by piece and as a file; its secrets; and what it may not."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Drafter
from tests.web.api.office import OURS, Caller, Office, problem

WATCH = {"name": "Te laat", "terms": ["te laat", "boete*"]}


@pytest.fixture
def manager(office: Office) -> Caller:
    return office.caller("admin")


def told() -> list[tuple[str, str]]:
    """The log: what, of what; in no order, as nothing here takes time."""
    lines, _ = wiring.audit().month(OURS, "2026-11")
    return sorted((line.what, line.of) for line in lines if line.what != "key.make")


def put(caller: Caller, path: str, body: Any) -> Any:
    return caller.change(path, body, path, method="PUT")


def test_an_entry_is_added_changed_and_removed_with_its_lines(manager: Caller) -> None:
    made = manager.make("/settings/watches", WATCH)
    assert made.headers["Location"].endswith("/settings/watches/te-laat")
    assert made.json_body["values"]["terms"] == WATCH["terms"]
    path = "/settings/watches/te-laat"
    changed = put(manager, path, {"name": "Boetes", "terms": ["boete*"], "kind": "topic"})
    assert (changed.json_body["id"], changed.json_body["values"]["kind"]) == ("te-laat", "topic")
    whole = put(manager, path, {"name": "Boetes", "terms": ["boete*"]})
    assert whole.json_body["values"]["kind"] == "brand", "what is left out is as if never said"
    assert manager.change(f"{path}/remove", {}, path).status_code == 200
    assert manager.get(path).status_code == 404
    assert set(told()) == {(f"watch.{did}", "te-laat") for did in ("add", "change", "remove")}


def test_asking_twice_for_an_entry_makes_one(manager: Caller) -> None:
    first, again = (manager.make("/settings/watches", WATCH, "one") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json_body == again.json_body
    assert len(manager.get("/settings/watches").json_body["items"]) == 2
    taken = problem(manager.make("/settings/watches", WATCH, "two"))
    named = {"detail": "another id than te-laat, which is taken", "pointer": "#/id"}
    assert (taken["status"], taken["errors"]) == (422, [named])
    template = {"when": "praise", "language": "nl", "text": "Wat fijn, {author}!"}
    for _ in range(2):
        made = manager.make("/settings/templates", template, "three")
        assert made.json_body["id"] == "praise-nl"
    kept = manager.get("/settings/templates").json_body["items"]
    assert [each["values"] for each in kept].count(template) == 1


def test_who_read_an_older_entry_changes_nothing(manager: Caller) -> None:
    path = "/settings/goals/loans"
    tag = manager.etag(path)
    assert put(manager, path, {"name": "2,000 more loans"}).status_code == 200
    late = manager.ask("PUT", path, {"name": "mine"}, if_match=tag)
    assert late.status_code == 412
    assert manager.get(path).json_body["values"]["name"] == "2,000 more loans"


@pytest.mark.parametrize(
    ("section", "body", "pointer"),
    [
        ("watches", {"name": "Kort"}, "#/terms"),
        ("watches", {"name": "Kort", "terms": ["a"], "department": "attic"}, "#/department"),
        ("watches", {"name": "Kort", "terms": ["a"], "term": "b"}, "#/term"),
        ("watches", {"name": "", "terms": ["a"]}, "#/name"),
        ("watches", {"name": "Kort", "id": ["x"], "terms": ["a"]}, "#/name"),
        ("departments", {"name": "Zolder", "hours": {"mon": "9-5"}}, "#/hours/mon"),
        ("departments", {"name": "Zolder", "alert": {"webhook": "https://chat.example"}}, "#/alert/webhook"),
        ("channels", {"name": "M", "platform": "mastodon", "token": "t"}, "#/token"),
        ("channels", {"name": "M", "platform": "fax"}, "#/platform"),
        ("sources", {"name": "K", "platform": "feed", "url": "ftp://x"}, "#/url"),
        ("templates", {"when": "ever", "language": "nl", "text": "x"}, "#/when"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    manager: Caller, section: str, body: dict[str, Any], pointer: str
) -> None:
    found = problem(manager.make(f"/settings/{section}", body))
    assert found["status"] == 422
    assert pointer in [each["pointer"] for each in found["errors"]]


def test_what_is_needed_is_not_removed(manager: Caller) -> None:
    manager.make("/settings/watches", {**WATCH, "department": "youth"})
    path = "/settings/departments/youth"
    refused = problem(manager.change(f"{path}/remove", {}, path))
    assert (refused["status"], refused["detail"]) == (409, "It is still needed by: Te laat.")


def test_an_entry_stays_what_it_is(manager: Caller) -> None:
    path = "/settings/channels/wall"
    for body in ({"name": "Muur", "platform": "mastodon"}, {"name": "Muur", "id": "floor"}):
        assert problem(put(manager, path, body))["status"] == 422
    kept = put(manager, path, {"name": "Muur", "slots": {"mon": "09:00"}}).json_body["values"]
    assert (kept["platform"], kept["slots"]) == ("sandbox", {"mon": "09:00"})


def test_there_is_no_other_section(manager: Caller) -> None:
    for section in ("brand", "topics", "nosuch"):
        assert manager.get(f"/settings/{section}").status_code == 404
        assert manager.make(f"/settings/{section}", {"name": "x"}).status_code == 404


def test_a_source_that_calls_us_shows_what_it_signs_with_once(manager: Caller) -> None:
    body = {"name": "Shop", "platform": "webhook"}
    first = manager.make("/settings/sources", body, "one").json_body
    assert first["secret"].startswith("whsec_")
    assert first["secret_since"]
    assert manager.make("/settings/sources", body, "one").json_body["secret"] is None
    path = "/settings/sources/shop"
    assert first["secret"] not in manager.get(path).body.decode()
    new = put_secret(manager, path, {}).json_body["secret"]
    assert new.startswith("whsec_")
    assert new != first["secret"]
    assert manager.get("/sources/shop").json_body["state"] == "waiting"
    paused = put(manager, path, {"name": "Shop", "paused": True})
    assert paused.json_body["values"]["paused"] == "yes"
    assert manager.get("/sources/shop").json_body["state"] == "paused"
    assert manager.change(f"{path}/remove", {}, path).status_code == 200
    assert manager.get(path).status_code == 404
    assert {("source.remove", "shop"), ("secret.remove", f"hook/{OURS}/shop")} < set(told())


def test_a_feed_is_looked_at_before_it_is_kept(manager: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.errors import Unavailable

    def gone(source: Any, secrets: Any) -> Any:
        raise Unavailable("feed", "answered 404")

    monkeypatch.setattr(wiring, "try_source", gone)
    wiring.desk.cache_clear()
    feed = {"name": "Krant", "platform": "feed", "url": "https://krant.example/feed"}
    refused = problem(manager.make("/settings/sources", feed))
    assert refused["errors"][0]["pointer"] == "#/url"
    assert manager.get("/settings/sources").json_body["items"] == []


def test_the_same_is_not_listened_to_twice(manager: Caller) -> None:
    tag = {"platform": "mastodon", "kind": "hashtag", "instance": "social.example", "tag": "bieb"}
    assert manager.make("/settings/sources", {"name": "Tag", **tag}).status_code == 201
    twice = problem(manager.make("/settings/sources", {"name": "Nog eens", **tag}))
    assert (twice["status"], twice["detail"]) == (409, "The source tag listens there already.")
    assert manager.make("/settings/sources", {"name": "Ander", **tag, "tag": "boek"}).status_code == 201


@pytest.mark.parametrize(
    ("asked", "anew"), [({}, True), ({"meanwhile": "no"}, True), ({"meanwhile": "yes"}, False)]
)
def test_a_source_goes_on_and_the_program_says_what_becomes_of_what_came_meanwhile(
    manager: Caller, asked: dict[str, str], anew: bool
) -> None:
    feed = {"name": "Proef", "platform": "sandbox"}
    path = "/settings/sources/proef"
    assert manager.make("/settings/sources", {**feed, "channel": "wall"}).status_code == 201
    assert put(manager, path, {"name": "Proef", "channel": "wall", "paused": "yes"}).status_code == 200
    wrong = put(manager, path, {"name": "Proef", "channel": "wall", "meanwhile": "perhaps"})
    assert problem(wrong)["errors"][0]["pointer"] == "#/meanwhile"
    assert put(manager, path, {"name": "Proef", "channel": "wall", **asked}).status_code == 200
    source, _ = wiring.sources().get(OURS, "proef")
    assert not source.paused
    assert (source.anew_at is not None) is anew


def put_secret(caller: Caller, path: str, body: Any) -> Any:
    return caller.change(f"{path}/secret", body, path, method="PUT")


def test_a_secret_is_set_and_taken_away_and_never_read(manager: Caller) -> None:
    path, address = "/settings/departments/desk", "https://chat.example/in/s3cr3t"
    assert put(manager, path, {"name": "Balie"}).json_body["secret_since"] is None
    assert put_secret(manager, path, {"secret": address}).json_body["secret_since"]
    seen = manager.get(path).body.decode() + manager.get("/file").body.decode()
    assert "s3cr3t" not in seen + str(told())
    assert wiring.brands().latest(OURS)[0].department("desk").alert_webhook
    kept = put(manager, path, {"name": "Balie", "topics": ["boete"]})
    assert kept.status_code == 200
    assert manager.get(path).json_body["values"]["hours"]["mon"] == "09:00-17:00"
    assert wiring.brands().latest(OURS)[0].department("desk").alert_webhook
    for wrong in ({"secret": "no address"}, {"secret": ""}):
        assert problem(put_secret(manager, path, wrong))["errors"][0]["pointer"] == "#/secret"
    assert manager.change(f"{path}/secret/remove", {}, path).json_body["secret_since"] is None
    assert put_secret(manager, "/settings/goals/loans", {"secret": "x"}).status_code == 404


def test_the_head_is_said_anew(manager: Caller) -> None:
    head = manager.get("/settings").json_body["values"]
    said = {**head, "story": "Wij lenen uit.", "tone": "informal"}
    assert put(manager, "/settings", said).json_body["values"]["story"] == "Wij lenen uit."
    assert wiring.brands().latest(OURS)[0].tone == "informal"
    assert problem(put(manager, "/settings", {**head, "id": "other"}))["errors"][0]["pointer"] == "#/id"
    assert problem(put(manager, "/settings", {**head, "zone": "Mars"}))["errors"][0]["pointer"] == "#/zone"
    assert told() == [("brand.change", OURS)]


def test_which_model_drafts_is_part_of_the_head(manager: Caller) -> None:
    head = manager.get("/settings").json_body["values"]
    assert "drafter" not in head
    kept = put(
        manager, "/settings", {**head, "drafter": {"model": "amazon.nova-lite-v1:0", "four_eyes": "no"}}
    )
    assert kept.json_body["values"]["drafter"] == {
        "by": "bedrock",
        "model": "amazon.nova-lite-v1:0",
        "a_day": 50,
        "four_eyes": False,
    }
    drafter = wiring.brands().latest(OURS)[0].drafter
    assert drafter == Drafter(by="bedrock", model="amazon.nova-lite-v1:0", a_day=50, four_eyes=False)
    wrong = problem(put(manager, "/settings", {**head, "drafter": {"model": "no model"}}))
    assert [each["pointer"] for each in wrong["errors"]] == ["#/drafter/model"]
    assert "drafter" not in put(manager, "/settings", head).json_body["values"], "left out, none drafts"
    assert wiring.brands().latest(OURS)[0].drafter is None


def test_a_file_that_was_read_is_put_back_as_it_was(manager: Caller) -> None:
    found = manager.get("/file").json_body
    for body in ({"text": found["text"]}, {"file": found["file"]}):
        back = put(manager, "/file", body)
        assert (back.status_code, back.json_body) == (200, found), back.body
    changed = {**found["file"], "story": "Wij lenen uit.", "watches": []}
    assert put(manager, "/file", {"file": changed}).json_body["file"]["story"] == "Wij lenen uit."
    assert wiring.brands().latest(OURS)[0].watches == ()
    assert set(told()) >= {("brand.import", OURS), ("brand.change", OURS), ("watch.remove", "name")}


def test_a_file_that_cannot_be_names_all_that_is_wrong(manager: Caller) -> None:
    found = manager.get("/file").json_body["file"]
    before = manager.get("/file").json_body
    refused = problem(put(manager, "/file", {"file": {**found, "zone": "Mars", "colour": "red"}}))
    assert {each["pointer"] for each in refused["errors"]} == {"#/file/zone", "#/file/colour"}
    refused = problem(put(manager, "/file", {"text": "name: Linde\nzone: Mars\n"}))
    assert "#/text/2/zone" in {each["pointer"] for each in refused["errors"]}
    other = problem(put(manager, "/file", {"file": {**found, "id": "other"}}))
    assert other["errors"][0]["pointer"] == "#/file/id"
    for body in ({}, {"text": "x", "file": found}):
        assert problem(put(manager, "/file", body))["errors"][0]["pointer"] == "#/text"
    assert manager.get("/file").json_body == before
