"""Only who holds the secret is heard, only now, and only in their own bytes (S1, S2, S4, S5)."""

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.knock import Knock
from chalicelib.errors import BadWebhook
from chalicelib.platforms._signatures import verify

SCHEME = "standard-webhooks"
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
KEY = b"a test key, plainly fake"
SECRET = "whsec_" + b64encode(KEY).decode()
BODY = b'{"type": "mention.created", "data": {"text": "na\xc3\xafve"}}'


def signed(body: bytes = BODY, at: datetime = NOW, key: bytes = KEY, id: str = "msg_1") -> dict[str, str]:
    seconds = str(int(at.timestamp()))
    digest = hmac.digest(key, f"{id}.{seconds}.".encode() + body, "sha256")
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + b64encode(digest).decode(),
    }


def check(
    headers: dict[str, str], body: bytes = BODY, now: datetime = NOW, secrets: tuple[str, ...] = (SECRET,)
) -> bytes:
    return verify(SCHEME, secrets, Knock(now=now, headers=headers, body=body), nowhere)


def nowhere(url: str) -> bytes:
    raise AssertionError(f"asked for {url}")


def reason(
    headers: dict[str, str], body: bytes = BODY, now: datetime = NOW, secrets: tuple[str, ...] = (SECRET,)
) -> str:
    with pytest.raises(BadWebhook) as refused:
        check(headers, body, now, secrets)
    assert refused.value.status == 401
    return refused.value.reason


def test_while_a_secret_is_replaced_both_are_good() -> None:
    new = "whsec_" + b64encode(b"another test key").decode()
    assert check(signed(), secrets=(new, SECRET)) == BODY
    assert check(signed(key=b"another test key"), secrets=(new, SECRET)) == BODY
    assert reason(signed(), secrets=(new,)) == "wrong"


def test_one_good_entry_of_many_is_enough() -> None:
    headers = signed()
    headers["webhook-signature"] = "v2,AAAA v1,BBBB " + headers["webhook-signature"]
    assert check(headers) == BODY


@pytest.mark.parametrize(
    "secrets", [(), ("",), ("whsec_",), ("whsec_====",), (SECRET, ""), ("whsec_é",), ("a",)]
)
def test_an_empty_or_unreadable_secret_refuses_everything(secrets: tuple[str, ...]) -> None:
    assert reason(signed(), secrets=secrets) == "secret"
    assert reason(signed(key=b""), secrets=secrets) == "secret"


def test_a_scheme_that_is_not_offered_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        verify("none", [SECRET], Knock(now=NOW), nowhere)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("left", [None, ""])
def test_s1_a_missing_header(name: str, left: str | None) -> None:
    headers = signed()
    del headers[name]
    if left is not None:
        headers[name] = left
    assert reason(headers) == "missing"


@pytest.mark.parametrize(
    ("signature", "why"),
    [
        ("v1," + b64encode(bytes(32)).decode(), "wrong"),
        (signed()["webhook-signature"][:-5], "wrong"),
        (signed()["webhook-signature"].upper(), "wrong"),
        (signed()["webhook-signature"].lower(), "wrong"),
        ("v1," + hmac.digest(KEY, b"msg_1." + BODY, "sha256").hex(), "wrong"),
        ("v2," + signed()["webhook-signature"][3:], "wrong"),
        (signed()["webhook-signature"][3:], "malformed"),
        ("v1,", "malformed"),
        ("v1,é", "malformed"),
        ("v1,\ud800", "malformed"),
    ],
)
def test_s1_a_wrong_signature(signature: str, why: str) -> None:
    assert reason({**signed(), "webhook-signature": signature}) == why


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("joint", [",", ", "])
def test_s1_two_headers_of_one_name_joined_on_the_way(name: str, joint: str) -> None:
    headers = signed()
    headers[name] = joint.join([headers[name], headers[name]])
    assert reason(headers) == "malformed"


def test_s1_what_is_signed_cannot_be_cut_elsewhere() -> None:
    """`a.1` + `2` and `a` + `1.2` are the same signed bytes: no id may hold a full stop."""
    assert reason(signed(id="msg.1")) == "malformed"


@pytest.mark.parametrize("seconds", ["-1", "1e9", "1_000", " 1764", "١٧٦٤", "17640000000000", "1764.0"])
def test_s2_a_timestamp_is_digits(seconds: str) -> None:
    assert reason({**signed(), "webhook-timestamp": seconds}) == "malformed"


@pytest.mark.parametrize(
    ("late", "good"), [(-301, False), (-300, True), (0, True), (300, True), (301, False), (360, False)]
)
def test_s2_a_timestamp_far_from_our_clock(late: int, good: bool) -> None:
    now = NOW + timedelta(seconds=late)
    if good:
        assert check(signed(), now=now) == BODY
    else:
        assert reason(signed(), now=now) == "stale"


def test_s2_a_timestamp_cannot_be_freshened() -> None:
    later = NOW + timedelta(hours=1)
    headers = {**signed(), "webhook-timestamp": str(int(later.timestamp()))}
    assert reason(headers, now=later) == "wrong"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(json.loads(BODY)).encode(),
        json.dumps(json.loads(BODY), ensure_ascii=False, separators=(",", ":")).encode(),
        json.dumps(json.loads(BODY), ensure_ascii=False, sort_keys=True).encode(),
        BODY + b"\n",
        b"",
    ],
    ids=["escapes", "spaces", "order", "newline", "empty"],
)
def test_s4_the_same_json_in_other_bytes(body: bytes) -> None:
    assert body != BODY
    assert reason(signed(), body) == "wrong"


def test_s5_bytes_that_are_no_text_are_verified_as_they_are() -> None:
    body = b"\xff\xfe\x00 not UTF-8"
    assert check(signed(body), body) == body
    assert reason(signed(body), body.decode("utf-8", "replace").encode()) == "wrong"
