"""A source that calls us, by a program: set up, called at its address, renewed, and asked what it refused."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.aws.clients import client
from chalicelib.config import settings
from chalicelib.domain.knock import SIGNINGS, slots
from tests.conftest import NOW
from tests.harness.poller import Context
from tests.web.api.office import OURS, Caller, Office, problem

PATH = "/settings/sources/winkel"
SECRET = "0123456789abcdef0123456789abcdef"
BODY = b'{"type": "mention.created"}'


@pytest.fixture
def manager(office: Office, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv("WEBHOOK_URL", "https://door.example/")
    settings.cache_clear()
    wiring.desk.cache_clear()
    return office.caller("admin")


def add(manager: Caller, **more: str) -> Any:
    return manager.make("/settings/sources", {"name": "Winkel", "platform": "webhook", **more})


def put_secret(manager: Caller, **body: str) -> Any:
    return manager.change(f"{PATH}/secret", body, PATH, method="PUT")


def call(secret: str, body: bytes = BODY, method: str = "POST", query: str = "") -> dict[str, Any]:
    """At the door, as GitHub and Meta sign."""
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    event = {
        "rawPath": f"/{OURS}/winkel",
        "rawQueryString": query,
        "headers": {"x-hub-signature-256": f"sha256={mac}"},
        "requestContext": {"domainName": "door.example", "http": {"method": method}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    answer: dict[str, Any] = app.receive_webhook(event, Context())
    return answer


def test_a_source_of_ours_is_made_called_renewed_and_the_old_secret_ended(manager: Caller) -> None:
    made = add(manager, scheme="github").json_body
    first = made["secret"]
    assert (made["word"], made["keys"], made["old_secret_since"]) == (None, None, None)
    assert manager.get("/sources/winkel").json_body["address"] == f"https://door.example/{OURS}/winkel"
    assert call(first)["statusCode"] == 202

    renewed = put_secret(manager).json_body
    second = renewed["secret"]
    assert second != first
    assert renewed["old_secret_since"] == made["secret_since"]
    assert [call(secret)["statusCode"] for secret in (first, second)] == [202, 202]

    stale = manager.ask("POST", f"{PATH}/secret/end-old", {}, if_match='"old"')
    assert stale.status_code == 412
    ended = manager.change(f"{PATH}/secret/end-old", {}, PATH)
    assert ended.status_code == 200
    assert (ended.json_body["secret_since"], ended.json_body["old_secret_since"]) == (
        renewed["secret_since"],
        None,
    )
    assert [call(secret)["statusCode"] for secret in (first, second)] == [401, 202]
    assert manager.change(f"{PATH}/secret/end-old", {}, PATH).status_code == 404, "the last one stays"

    assert manager.change(f"{PATH}/secret/remove", {}, PATH).json_body["secret_since"] is None
    assert call(second)["statusCode"] == 404
    seen = manager.get(PATH).body.decode() + manager.get("/file").body.decode()
    assert first not in seen
    assert second not in seen


def test_a_networks_secret_is_set_after_it_and_its_challenge_is_answered(manager: Caller) -> None:
    made = add(manager, scheme="meta").json_body
    assert (made["secret"], made["secret_since"], made["note"]) == (None, None, None)
    assert call(SECRET)["statusCode"] == 404
    for wrong in ("", "short"):
        refused = problem(put_secret(manager, secret=wrong))
        assert refused["errors"][0]["pointer"] == "#/secret"
    kept = put_secret(manager, secret=SECRET).json_body
    assert kept["secret"] is None
    assert kept["word"]
    query = f"hub.mode=subscribe&hub.challenge=77&hub.verify_token={kept['word']}"
    assert call(SECRET, method="GET", query=query)["body"] == "77"
    assert call(SECRET)["statusCode"] == 200


@pytest.mark.parametrize("scheme", [name for name, signing in SIGNINGS.items() if signing.ours])
def test_what_is_shown_once_is_not_shown_again(manager: Caller, scheme: str) -> None:
    more = {"topic": "https://krant.example/feed"} if SIGNINGS[scheme].topic else {}
    body = {"name": "Winkel", "platform": "webhook", "scheme": scheme, **more}
    first, again = (manager.make("/settings/sources", body, "one").json_body for _ in range(2))
    assert first["secret"]
    assert bool(first["word"]) == (SIGNINGS[scheme].word or SIGNINGS[scheme].in_path)
    assert bool(first["keys"]) == (scheme == "web-push")
    assert (again["secret"], again["word"], again["keys"]) == (None, None, None)
    assert again["note"].startswith("Its secret was shown once")
    address = manager.get("/sources/winkel").json_body["address"]
    assert bool(address) != SIGNINGS[scheme].in_path


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"scheme": "nobody"}, "#/scheme"),
        ({"scheme": "websub"}, "#/topic"),
        ({"scheme": "github", "topic": "https://x.example/"}, "#/topic"),
        ({"scheme": "github", "secret": SECRET}, "#/secret"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(manager: Caller, more: dict[str, str], pointer: str) -> None:
    refused = problem(add(manager, **more))
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("other", [{"scheme": "meta"}, {"topic": "https://x.example/"}])
def test_who_calls_is_chosen_once(manager: Caller, other: dict[str, str]) -> None:
    add(manager, scheme="github")
    refused = problem(manager.change(PATH, {"name": "Winkel", **other}, PATH, method="PUT"))
    assert refused["errors"][0]["pointer"] == f"#/{next(iter(other))}"
    same = manager.change(PATH, {"name": "Anders"}, PATH, method="PUT")
    assert same.json_body["values"]["scheme"] == "github"


def test_a_file_that_says_that_it_signs_otherwise_takes_its_secrets_away(manager: Caller) -> None:
    first = add(manager, scheme="github").json_body["secret"]
    put_secret(manager)
    text = manager.get("/file").json_body["text"]
    changed = manager.change("/file", {"text": text.replace("github", "meta")}, "/file", method="PUT")
    assert changed.status_code == 200
    found = manager.get(PATH).json_body
    assert (found["values"]["scheme"], found["secret_since"]) == ("meta", None)
    assert call(first)["statusCode"] == 404
    back = manager.get("/file").json_body["text"].replace("meta", "discourse")
    back = back.replace("env:SOURCE_WINKEL_SECRET", "generate")
    assert manager.change("/file", {"text": back}, "/file", method="PUT").status_code == 200
    assert wiring.secrets().get(slots(OURS, "winkel")[0], fresh=True)["scheme"] == "discourse"


def test_what_was_refused_is_told_from_the_doors_log(
    manager: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manager, scheme="github")
    assert manager.get("/sources/winkel/refusals").json_body["items"] == []
    capsys.readouterr()
    assert call("another secret than ours")["statusCode"] == 401
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    group = f"/aws/lambda/webspin-{settings().stage}-receive-webhook"
    logs = client("logs")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    at = int(NOW.timestamp() * 1000)
    events = [{"timestamp": at, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)

    (told,) = manager.get("/sources/winkel/refusals").json_body["items"]
    assert (told["status"], told["reason"]) == (401, "wrong")
    assert manager.get("/sources/visitors/refusals").status_code == 404
    assert manager.get("/sources/nobody/refusals").status_code == 404
