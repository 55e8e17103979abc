"""The door under whatever may be sent: always an answer of ours, and nothing kept that was not signed."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import app
from chalicelib import wiring
from chalicelib.domain.knock import SIGNINGS
from tests.harness.poller import Context
from tests.stages import callers
from tests.stages.test_door import HEADERS, Networks, listen
from tests.stages.town import BRAND, DOOR, Town

pytestmark = pytest.mark.fuzz
SCHEMES = tuple(SIGNINGS)
STATUSES = {200, 202, 204, 400, 401, 403, 404, 405, 413, 429, 503}
NAMES = sorted(
    {name.lower() for name in HEADERS.values()}
    | {"webhook-id", "webhook-timestamp", "x-slack-request-timestamp", "x-signature-timestamp"}
    | {"content-type", "content-encoding", "x-github-event", "x-discourse-event"}
)
VALUES = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        (
            *("application/json", "application/x-www-form-urlencoded", "text/xml", "aes128gcm", "ping", "0"),
            *("sha256=" + "0" * 64, "v0=" + "f" * 64, "v1,AAAA", "t=1,s=" + "0" * 64, "Bearer a.b.c"),
        )
    ),
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("type", "event", "challenge", "Type", "TopicArn", "Signature", "SigningCertURL"),
                    *("Timestamp", "SignatureVersion", "SubscribeURL", "message", "data", "algorithm"),
                    *("user_id", "timestamp"),
                )
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=400),
    JSONS.map(lambda value: json.dumps(value).encode()),
    st.text(max_size=100).map(lambda text: b"payload=" + text.encode()),
    st.text(max_size=100).map(lambda text: b"signed_request=" + text.encode()),
)
QUERIES = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["hub.mode", "hub.topic", "hub.challenge", "hub.verify_token", "crc_token", "challengeCode"]
            ),
            st.text(max_size=30) | st.sampled_from(["subscribe", callers.WORD, "%3Cscript%3E"]),
        ),
        max_size=8,
    ).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)),
)
WHATEVER = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def door(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    networks = Networks(town)
    monkeypatch.setattr(wiring, "http", lambda: networks)
    for scheme in SCHEMES:
        listen(town, scheme, scheme)
    return town


def ask(event: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = app.receive_webhook(dict(event), Context())
    assert answer["statusCode"] in STATUSES
    json.dumps(answer)
    kind = answer["headers"]["content-type"]
    assert kind == "application/json" or kind.startswith("text/plain")
    return answer


@pytest.mark.parametrize("scheme", SCHEMES)
def test_whatever_is_sent_without_a_signature_is_refused_and_nothing_is_kept(door: Town, scheme: str) -> None:
    paths = st.sampled_from([f"/{BRAND}/{scheme}", f"/{BRAND}/{scheme}/x", "/", "//", "/a/b/c/d"]) | st.text()

    @WHATEVER
    @given(
        method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", ""]),
        path=paths,
        query=QUERIES,
        headers=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
        body=BODIES,
        coded=st.booleans(),
    )
    def attack(method: str, path: str, query: str, headers: dict[str, str], body: bytes, coded: bool) -> None:
        answer = ask(
            {
                "rawPath": path,
                "rawQueryString": query,
                "headers": headers,
                "requestContext": {"domainName": DOOR, "http": {"method": method, "path": path}},
                "body": base64.b64encode(body).decode() if coded else body.decode("utf-8", "replace"),
                "isBase64Encoded": coded,
            }
        )
        if answer["statusCode"] == 200:
            assert method == "GET", "only who asks is answered without a signature"
            assert "<" not in answer["body"]
        else:
            assert "error" in json.loads(answer["body"])

    before = door.world.items()
    attack()
    assert door.world.items() == before
    assert not door.world.waiting("hear")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_whatever_is_signed_is_answered_and_read_or_kept_aside(door: Town, scheme: str) -> None:
    """A caller that means no good and holds the secret: nothing it says breaks the door or its worker."""

    @settings(WHATEVER, max_examples=40)
    @given(body=BODIES)
    def attack(body: bytes) -> None:
        headers, sent = callers.call(scheme, body, door.now)
        if scheme == "google-pubsub":
            headers, sent = callers.google(body, door.now, aud=f"https://{DOOR}/{BRAND}/{scheme}")
        path = callers.path(scheme, scheme)
        answer = ask(
            {
                "rawPath": path,
                "headers": headers,
                "requestContext": {"domainName": DOOR, "http": {"method": "POST", "path": path}},
                "body": base64.b64encode(sent).decode(),
                "isBase64Encoded": True,
            }
        )
        assert answer["statusCode"] in (200, 202, 204, 401, 403)

    attack()
    door.drain()
    assert door.mentions() == []
