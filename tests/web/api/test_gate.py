"""The way in: keys, pace, scope, brand; conditions; and problems that name the field. S21, S23, S25."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.apikey import PER_MINUTE
from chalicelib.errors import Conflict
from chalicelib.web.api import brands
from tests.web.api.office import BASE, OURS, THEIRS, WISH, Caller, Office, later, problem


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer wsp_",
        "Bearer wsp_lindebieb.k1.short",
        "Bearer wsp_lindebieb.nosuch." + "0" * 43,
        "Bearer wsp_nosuch.k1." + "0" * 43,
        "Bearer wsp_Lindebieb#.k1." + "0" * 43,
        "Basic c2FtOnNhbQ==",
        "Bearer \u00e9" + "x" * 9000,
    ],
)
def test_without_a_key_that_works_nothing_is_told(office: Office, sent: str) -> None:
    answer = office.caller("admin").get("", authorization=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "errors" in problem(answer)


def test_a_key_works_with_its_own_secret_until_it_is_revoked_or_expires(office: Office) -> None:
    ends = later(hours=1)
    caller, other = office.caller("read", expires=ends), office.caller("read")
    assert caller.get("").status_code == 200
    mixed = caller.text.rpartition(".")[0] + "." + other.text.rpartition(".")[2]
    assert caller.get("", authorization=f"Bearer {mixed}").status_code == 401
    office.now = ends
    assert caller.get("").status_code == 401
    assert office.caller("read", revoked_at=ends).get("").status_code == 401


def test_a_key_notes_the_day_it_was_used(office: Office) -> None:
    caller = office.caller("read")
    caller.get("")
    assert wiring.api_keys().get(OURS, caller.key.id).used == "2026-11-23"


def test_a_brand_is_not_there_for_a_key_of_another(office: Office) -> None:
    office.heard(of=THEIRS)
    post = office.post(of=THEIRS)
    caller = office.caller("admin")
    theirs = f"{BASE}/brands/{THEIRS}"
    assert {each["id"] for each in caller.get(f"{BASE}/brands").json_body["items"]} == {OURS}
    for path in (theirs, f"{theirs}/mentions", f"{theirs}/posts/{post.id}", f"{BASE}/brands/nosuch"):
        assert problem(caller.get(path))["title"] == "There is no such thing here"
    assert caller.get(f"/posts/{post.id}").status_code == 404


def test_scope_is_asked_for(office: Office) -> None:
    reader = office.caller("read")
    answer = reader.make("/posts", WISH)
    assert problem(answer)["detail"] == "It takes a key of the scope write."
    assert answer.status_code == 403
    assert office.caller("write").get("/posts").json_body["items"] == []


def test_so_many_a_minute_and_no_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.web.api.gate.PER_MINUTE", 3)
    first, second = office.caller("read"), office.caller("read")
    assert [first.get("").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = first.get("")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert second.get("").status_code == 200, "each key has its own"
    office.now += timedelta(minutes=1)
    assert first.get("").status_code == 200
    assert PER_MINUTE == 300


def test_what_is_not_known_is_refused_and_named(planner: Caller) -> None:
    answer = planner.make("/posts", {**WISH, "brand": THEIRS, "role": "administrator"})
    assert answer.status_code == 422
    assert {each["pointer"] for each in problem(answer)["errors"]} == {"#/brand", "#/role"}
    answer = planner.get("/posts?brand=veldermeer")
    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["parameter"] == "brand"
    answer = planner.get("/mentions/x?y=1")
    assert problem(answer)["errors"][0]["parameter"] == "y"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"lateness": ' + b"9" * 100_000 + b"}", 400),
        (b'"\xff"', 400),
        (b"[]", 422),
        (b"null", 422),
        (b" " * 300_000, 413),
        (json.dumps({**WISH, "lateness": "5"}).encode(), 422),
        (json.dumps({**WISH, "texts": {"wall": 5}}).encode(), 422),
        (json.dumps({**WISH, "texts": {"a/b~c": 5}}).encode(), 422),
    ],
)
def test_no_body_brings_it_down(planner: Caller, body: bytes, status: int) -> None:
    answer = planner.ask("POST", "/posts", body, idempotency_key="one")
    assert answer.status_code == status
    problem(answer)


def test_a_pointer_is_escaped(planner: Caller) -> None:
    answer = planner.make("/posts", {**WISH, "texts": {"a/b~c": 5}})
    assert problem(answer)["errors"][0]["pointer"] == "#/texts/a~1b~0c"


def test_a_body_is_json(planner: Caller) -> None:
    answer = planner.ask(
        "POST", "/posts", b"title=x", idempotency_key="one", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 415
    problem(answer)


def test_a_create_asks_for_a_token_and_makes_one_thing_under_it(planner: Caller) -> None:
    answer = planner.ask("POST", "/posts", WISH)
    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["header"] == "Idempotency-Key"
    first = planner.make("/posts", WISH, "sunday")
    again = planner.make("/posts", WISH, "sunday")
    assert (first.status_code, first.body) == (again.status_code, again.body) == (201, first.body)
    assert first.headers["Location"] == f"{BASE}/brands/{OURS}/posts/{first.json_body['id']}"
    assert planner.get(first.headers["Location"]).json_body == first.json_body
    assert planner.make("/posts", WISH, "another").json_body["id"] != first.json_body["id"]
    other = planner.make("/posts", {**WISH, "title": "Anders"}, "sunday")
    assert other.status_code == 422
    assert problem(other)["errors"][0]["header"] == "Idempotency-Key"


def test_two_keys_with_one_token_make_two_things(office: Office) -> None:
    ids = {office.caller("write").make("/posts", WISH, "one").json_body["id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_change_asks_what_was_read(office: Office, planner: Caller) -> None:
    at = f"/posts/{office.post().id}/cancel"
    answer = planner.ask("POST", at, {})
    assert (answer.status_code, problem(answer)["errors"][0]["header"]) == (428, "If-Match")
    tag = planner.etag(at.removesuffix("/cancel"))
    for wrong in ('"x"', "*", f"W/{tag}", tag.strip('"')):
        assert planner.ask("POST", at, {}, if_match=wrong).status_code == 412
    assert planner.ask("POST", at, {}, if_match=f'"x", {tag}').json_body["cancelled"] is True
    assert planner.ask("POST", at, {}, if_match=tag).status_code == 412, "it was changed by us"


def test_who_has_it_is_not_sent_it_again(office: Office, planner: Caller) -> None:
    at = f"/posts/{office.post().id}"
    answer = planner.get(at, if_none_match=planner.etag(at))
    assert (answer.status_code, answer.body) == (304, b"")


def test_who_is_second_at_the_very_moment_is_told(
    office: Office, planner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*args: Any, **kwargs: Any) -> None:
        raise Conflict("someone else changed it first")

    monkeypatch.setattr("chalicelib.stages.plan.cancel", late)
    post = office.post().id
    answer = planner.change(f"/posts/{post}/cancel", {}, f"/posts/{post}")
    assert answer.status_code == 409
    assert "someone else" not in problem(answer)["detail"]


def test_a_fault_of_ours_tells_nothing_but_its_reference(
    planner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(call: Any) -> brands.Brand:
        raise RuntimeError("kees@lindebieb.example")

    monkeypatch.setattr(brands, "get", broken)
    answer = planner.get("")
    assert answer.status_code == 500
    assert b"kees" not in answer.body
    assert b"Traceback" not in answer.body
    assert problem(answer)["title"] == "A fault of ours"


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:4580"])
def test_no_page_of_another_site_may_read_it(planner: Caller, origin: str) -> None:
    for answer in (planner.get("", origin=origin), planner.get("/nosuch", origin=origin)):
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "%00", "bnVsbA", "W10", "WyJtZW50aW9ucyIsICIyMDI2LTExLTIzfiMjIl0", "W" * 900, "\u00e9"],
)
@pytest.mark.parametrize("path", ["/mentions", "/posts"])
def test_a_cursor_is_one_that_we_gave(planner: Caller, path: str, cursor: str) -> None:
    answer = planner.get(f"{path}?cursor={cursor}")
    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("/webhooks", {"address": "https://example.com/x", "kinds": ["case"]}, "pause"),
        ("/keys", {"name": "Planner", "scope": "read"}, "revoke"),
        ("/settings/watches", {"name": "Te laat", "terms": ["te laat"]}, "remove"),
        ("/settings/sources", {"name": "Winkel", "platform": "webhook"}, "remove"),
        ("/team", {"name": "Jip", "email": "jip@example.org", "role": "agent"}, "invitation"),
        ("/posts", WISH, "cancel"),
    ],
)
def test_what_was_made_is_changed_with_the_tag_that_came_with_it(
    office: Office, path: str, body: Any, change: str
) -> None:
    manager = office.caller("admin")
    made, again = (manager.make(path, body, "one") for _ in range(2))
    assert made.status_code == 201, made.body
    there = f"{path}/{made.json_body['id']}"
    assert made.headers["ETag"] == again.headers["ETag"] == manager.etag(there)
    done = manager.ask("POST", f"{there}/{change}", {}, if_match=made.headers["ETag"])
    assert done.status_code == 200, done.body


def test_what_is_renewed_has_the_tag_it_is_read_with(office: Office) -> None:
    manager = office.caller("admin")
    made = manager.make("/webhooks", {"address": "https://example.com/x", "kinds": ["case"]})
    path = f"/webhooks/{made.json_body['id']}"
    renewed = manager.change(f"{path}/rotate", {}, path)
    assert renewed.json_body["secret"]
    assert renewed.headers["ETag"] == manager.etag(path)


def test_a_post_changed_and_changed_back_is_another_than_was_read(office: Office, planner: Caller) -> None:
    path = f"/posts/{planner.make('/posts', WISH).json_body['id']}"
    tag = planner.etag(path)
    for wish in ({**WISH, "title": "Anders"}, WISH):
        assert planner.change(path, wish, path, "PUT").status_code == 200
    assert planner.get(path).json_body["title"] == WISH["title"]
    assert planner.ask("POST", f"{path}/cancel", {}, if_match=tag).status_code == 412
