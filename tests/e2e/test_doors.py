"""The two doors to the open internet, as they are deployed: the webhook's and the console's."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.case import CaseKey
from chalicelib.web.routes import OPEN
from infra.local.run import STAGE
from infra.local.world import HOOK
from tests.e2e.conftest import Stack, review, until
from tests.e2e.visitor import Visitor, forms
from tests.web.access import ROUTES

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("soon")]
"""The posts of `soon` leave meanwhile; test_story_days.py looks whether they did."""
BRAND = HOOK[0]
COMPLAINT = "Wat een slechte douches heeft De Wiekeling, ik ben boos!"
FORGED = "whsec_" + b64encode(b"not the secret of this source").decode()


@pytest.mark.parametrize(
    ("name", "changes", "status", "reason"),
    [
        ("bad-signature", {"signer": FORGED}, 401, "wrong"),
        ("stale", {"late": 301}, 401, "stale"),
        ("early", {"late": -301}, 401, "stale"),
        ("unknown-source", {"at": f"{BRAND}/nobody"}, 404, "unknown-source"),
        ("unknown-brand", {"at": "nobody/reviews"}, 404, "unknown-source"),
        ("source-that-is-polled", {"at": f"{BRAND}/square"}, 404, "unknown-source"),
        ("no-source", {"at": ""}, 404, "unknown-source"),
        ("oversized", {"more": "x" * 3_000_000}, 413, "too-big"),
    ],
)
def test_a_call_that_is_not_right_is_refused_and_counted(
    stack: Stack, name: str, changes: dict[str, Any], status: int, reason: str
) -> None:
    before = refused(stack, reason)

    assert stack.call(review(name, "anoniem", COMPLAINT), id=f"msg_{name}", **changes) == status
    until(lambda: refused(stack, reason) == before + 1)


def test_what_was_refused_writes_nothing(stack: Stack, visitor: Visitor) -> None:
    """A good call comes in after a bad one, and is heard; of the bad one there is no trace."""
    calls = stack.heard()
    assert stack.call(review("trace-1", "vals_vera", COMPLAINT), id="msg_t1", signer=FORGED) == 401
    assert stack.call(review("trace-2", "echte_evert", COMPLAINT), id="msg_t2") == 202
    until(lambda: visitor.get("/cases").row("echte_evert"))

    assert stack.heard() == calls + 1
    assert [pk for pk, _ in stack.keys("") if "trace-1" in pk] == []
    assert {pk[0] for pk, _ in stack.keys("") if "trace-2" in pk} == {"M", "C"}


def test_nothing_but_signing_in_answers_without_a_session(stack: Stack, visitor: Visitor) -> None:
    """Walks over the routes as they are deployed; a token that nobody signed opens none of them."""
    real = places(stack, visitor)
    stranger, forger = Visitor(stack.console), Visitor(stack.console)
    csrf = stranger.get("/sign-in").form("/sign-in").fields["csrf"]
    forger.cookies = {**stranger.cookies, "webspin-id": unsigned_token(), "webspin-refresh": "guessed"}

    routes = stack.routes()
    assert len(routes) > 30
    assert set(OPEN) < set(routes)
    for method, route in sorted(set(routes) - OPEN):
        if route.startswith("/api/"):  # its door asks for a key: tests/web/api
            continue
        path = filled(route, real)
        for outsider in (stranger, forger):
            if method == "GET":
                answer = outsider.get(f"{path}?lang=en")
                wanted = (303, f"/sign-in?next={quote(path, safe='')}")
                assert (answer.status, answer.location) == wanted, path
            else:
                assert outsider.post(path, {"csrf": "guessed", **DEED}).status == 403, path
                answer = outsider.post(path, {"csrf": csrf, **DEED})
                assert answer.status == 401, path
            assert "geheime_greet" not in answer.html
            assert "Geheim bericht" not in answer.html
    assert stranger.get("/healthz").html == '{"ok":true}'
    assert stranger.get("/sign-in").status == 200
    guess = {"email": stack.place.email, "password": "guess"}
    assert stranger.submit(stranger.get("/sign-in"), "/sign-in", **guess).status == 401
    assert_untouched(visitor, real)


def test_no_deed_is_done_by_a_form_that_is_not_ours_nor_for_who_may_only_read(
    stack: Stack, visitor: Visitor
) -> None:
    """Each with a session: with another's token, with none, and as a reader with all of it right."""
    real = places(stack, visitor)
    reader = stack.visitor("reader")
    csrf = reader.get("/").form("/sign-out").fields["csrf"]
    deeds = sorted(
        route
        for (method, route), lowest in ROUTES.items()
        if method == "POST" and lowest in ("agent", "editor", "manager", "administrator")
    )
    assert {("POST", route) for route in deeds} < set(stack.routes())
    assert len(deeds) > 12
    for route in deeds:
        path = filled(route, real)
        assert visitor.post(path, {"csrf": csrf, **DEED}).status == 403, path
        assert visitor.post(path, DEED).status == 403, path
        answer = reader.post(path, {"csrf": csrf, **DEED})
        assert answer.status == 403, path
        assert "You may read here, not change." in answer.text, path
    for path in ("/", "/calendar", "/calendar/new", real["post"], "/brake", "/people", "/reports", "/status"):
        page = reader.get(path)
        assert page.status == 200, path
        assert [form.action for form in forms(page.html) if form.action] == ["/sign-out"], path
    assert_untouched(visitor, real)


def test_the_deployed_guard_lets_through_the_emulator_and_the_world_only(stack: Stack) -> None:
    found = stack.client("lambda").get_function_configuration(FunctionName=f"webspin-{STAGE}-poll-sources")
    allowed = found["Environment"]["Variables"]["HTTP_ALLOW"].split(",")

    assert len(allowed) == 2
    assert {pair.split(":")[0] for pair in allowed} == {"localhost", "127.0.0.1"}


def test_the_emulators_table_forgets_what_is_old(stack: Stack) -> None:
    """Its CloudFormation leaves TTL out; `adapt.set_expiry` puts it in."""
    (table,) = stack.client("dynamodb").list_tables()["TableNames"]
    told = stack.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]

    assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


# what is there -----------------------------------------------------------------------------------


def refused(stack: Stack, reason: str) -> int:
    """The metric of calls that the door refused for this reason."""
    return sum(
        1 for line in stack.log("receive_webhook") if line.get("refused") == 1 and line["reason"] == reason
    )


DEED = {
    "title": "x",
    "text": "x",
    "author": "x",
    "when": "2026-11-28T10:00",
    "to.wall": "1",
    "language": "nl",
    "rev": "1",
    "channel": "wall",
    "n": "1",
    "do": "send",
    "mood": "down",
}
"""What any form of the console may ask for, but for its token."""


def places(stack: Stack, visitor: Visitor) -> dict[str, str]:
    """A case and a post that are there: `slug`, and the page of the `post`. The same for every test."""
    slug = CaseKey(BRAND, "webhook", "locked-1").slug
    assert stack.call(review("locked-1", "geheime_greet", COMPLAINT), id="msg_locked") == 202
    until(lambda: visitor.get(f"/cases/{slug}").status == 200)
    post = visitor.plan(datetime.now(UTC) + timedelta(days=90), "Geheim bericht")
    return {"slug": slug, "post": post.path}


def filled(route: str, real: dict[str, str]) -> str:
    """The address with what is there in place of its names."""
    names = {"slug": real["slug"], "id": real["post"].rpartition("/")[2], "channel": "wall", "queue": "hear"}
    names |= {"month": "2026-10", "file": "report.json", "unknown": "elsewhere"}
    names |= {"section": "departments", "entry": "desk", "watch": "pool", "source": "square"}
    return route.format_map(defaultdict(lambda: "x", names))


def assert_untouched(visitor: Visitor, real: dict[str, str]) -> None:
    assert "Planned by Administrator" in visitor.get(real["post"]).text
    assert "Emergency brake on" not in visitor.get("/").text
    assert visitor.get(f"/cases/{real['slug']}").form("/reply").fields["rev"] == "1"
    assert visitor.get("/sandbox/wall").form("/mood").fields["mood"] == ""


def unsigned_token() -> str:
    """An identity anybody can write: algorithm none."""
    claims = {"sub": "1", "name": "Mallory", "exp": 4_000_000_000, "token_use": "id"}
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([*(urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])
