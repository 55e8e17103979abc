"""Signature vectors: files of the form of `tests/data/platforms/signature_vectors.json`, read and tried.

`WEBSPIN_SIGNATURE_VECTORS` may name another file or a folder of them. What kind a vector is, its fields say:
nothing here knows a vector by its id. `right` tries one against the code that stands at the door, and
`altered` gives it with each single byte changed that its answer rests on.
"""

import hmac
import json
import os
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.domain.knock import Greeting, Knock
from chalicelib.errors import BadWebhook
from chalicelib.platforms._handshakes import greet, ping
from chalicelib.platforms._public_keys import ed25519
from chalicelib.platforms._signatures import signed_request, verify
from chalicelib.platforms._signing import appsecret_proof, oauth1

OURS = Path(__file__).parent.parent / "data/platforms/signature_vectors.json"
Vector = dict[str, Any]

NAMED = {
    "generic": "standard-webhooks",
    "standard": "standard-webhooks",
    "github": "github",
    "facebook": "meta",
    "instagram": "meta",
    "threads": "meta",
    "whatsapp": "meta",
    "meta": "meta",
    "slack": "slack",
    "discourse": "discourse",
    "discord": "discord",
    "linkedin": "linkedin",
    "tiktok": "tiktok",
    "telegram": "telegram",
    "youtube": "websub",
    "websub": "websub",
    "mastodon": "mastodon",
    "teams": "teams",
    "google": "google-pubsub",
    "x": "x",
    "twitter": "x",
}
"""Schemes by the first word of a vector's `platform`."""
IN_HEADER = {
    "webhook-signature": "standard-webhooks",
    "x-slack-signature": "slack",
    "x-hub-signature-256": "github",
    "x-hub-signature": "websub",
    "x-discourse-event-signature": "discourse",
    "x-twitter-webhooks-signature": "x",
    "x-li-signature": "linkedin",
    "tiktok-signature": "tiktok",
    "x-signature-ed25519": "discord",
    "x-telegram-bot-api-secret-token": "telegram",
    "authorization": "google-pubsub",
}
TIMES = ("webhook-timestamp", "x-slack-request-timestamp", "x-signature-timestamp")
RESTS_ON = (
    "secret",
    "secret_hex",
    "key_hex",
    "public_key",
    "public_key_hex",
    "message",
    "message_hex",
    "verify_token",
    "query",
    "consumer_secret",
    "token_secret",
    "auth_secret",
    "receiver_private_key",
    "body_base64url",
    "signed_request",
    "expected_email",
    "expected_audience",
)
ASKS = ("hub.mode", "hub.topic", "hub.challenge", "hub.verify_token", "crc_token", "challengeCode")
"""What of a query the answer rests on."""
IN_HEX = ("public_key_hex", "message_hex", "secret_hex", "key_hex")
UNSIGNED_BODY = ("telegram", "google-pubsub")
"""Networks that sign no body: they say only that they are who calls."""


def vectors() -> list[Vector]:
    place = Path(os.environ.get("WEBSPIN_SIGNATURE_VECTORS") or OURS)
    files = sorted(place.rglob("*.json")) if place.is_dir() else [place]
    found: list[Vector] = []
    for file in files:
        said = json.loads(file.read_text("utf-8"))
        listed = said.get("vectors", []) if isinstance(said, dict) else said
        found += [{**each, "now": _now(each)} for each in listed if _is_vector(each)]
    return found


def _is_vector(each: Any) -> bool:
    """A folder may hold other documents too."""
    return isinstance(each, dict) and "id" in each and bool(each.keys() & {"platform", "scheme"})


def _headers(vector: Vector) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in (vector.get("headers") or {}).items()}


def _now(vector: Vector) -> int:
    """The receiver's clock; where none is told, that of the call itself."""
    if vector.get("now") is not None:
        return int(vector["now"])
    headers = _headers(vector)
    told = [headers[name] for name in TIMES if headers.get(name, "").isdigit()]
    told += re.findall(r"\bt=(\d{1,12})", headers.get("tiktok-signature", ""))
    return int(told[0]) if told else 1_764_000_000


def scheme_of(vector: Vector) -> str:
    platform = str(vector.get("platform", "")).lower()
    first = re.split(r"[^a-z0-9]", platform, maxsplit=1)[0]
    if first in NAMED and not platform.startswith("x-"):
        return NAMED[first]
    headers = _headers(vector)
    return next((scheme for name, scheme in IN_HEADER.items() if name in headers), "")


def body_of(vector: Vector) -> bytes:
    if "body_bytes" in vector:
        return bytes(vector["body_bytes"])
    if vector.get("body_base64url"):
        return _unpadded(vector["body_base64url"])
    if vector.get("body_base64"):
        return b64decode(vector["body_base64"])
    if raw := vector.get("body_hex") or vector.get("message_hex"):
        return bytes.fromhex(raw)
    body = vector.get("body")
    return (body if isinstance(body, str) else "").encode()


def _unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def right(vector: Vector) -> bool:
    """Is the answer at our door the one that this vector calls valid? Raises BadWebhook where we refuse."""
    if "consumer_secret" in vector:
        params = {str(name): str(value) for name, value in vector["params"].items()}
        secrets = vector["consumer_secret"], vector.get("token_secret", "")
        return bool(oauth1(vector["method"], vector["url"], params, *secrets) == vector["expected"])
    if "receiver_private_key" in vector:
        return _pushed(vector)
    if "message_hex" in vector and "public_key_hex" in vector:
        key, signature = (bytes.fromhex(vector[name]) for name in ("public_key_hex", "expected"))
        return ed25519(key, signature, bytes.fromhex(vector["message_hex"]))
    if vector.get("query") is not None:
        return _greeted(vector)
    if given := _signed_request(vector):
        said = json.loads(signed_request([vector["secret"]], given))
        wanted = next((vector[n] for n in ("expected_payload", "payload") if n in vector), said)
        return bool(said == (json.loads(wanted) if isinstance(wanted, str) else wanted))
    if "message" in vector and not vector.get("headers"):
        return bool(appsecret_proof(vector["secret"], vector["message"]) == vector["expected"])
    if vector.get("headers"):
        return _called(vector)
    if {"secret", "secret_hex", "key_hex"} & vector.keys() and "expected" in vector:
        return _primitive(vector)
    raise LookupError(f"{vector.get('id')}: no such form of a vector is known")


def _signed_request(vector: Vector) -> str:
    named = str(vector.get("signed_request") or "")
    if not named and str(vector.get("body") or "").startswith("signed_request="):
        named = dict(parse_qsl(body_of(vector).decode("utf-8", "replace"))).get("signed_request", "")
    if not named and "signed_request" in f"{vector.get('scheme')} {vector.get('id')}":
        named = str(vector.get("expected") or "")
    return named


def _pushed(vector: Vector) -> bool:
    secret = f"{vector['auth_secret']}.{vector['receiver_private_key']}"
    headers = {"content-encoding": str(vector.get("content_encoding", "aes128gcm"))}
    opened = verify("web-push", [secret], _knock(vector, headers=headers), _nowhere)
    return opened == str(vector.get("expected_plaintext", opened.decode())).encode()


def _greeted(vector: Vector) -> bool:
    query = dict(parse_qsl(str(vector["query"]), keep_blank_values=True))
    secret, topic = str(vector.get("secret", "")), str(vector.get("topic", query.get("hub.topic", "")))
    scheme = scheme_of(vector)
    if scheme not in ("meta", "x", "linkedin", "websub"):
        scheme = "websub" if "hub.topic" in query else "meta"
    kept = {"secret": secret, "word": str(vector.get("verify_token", "word")), "topic": topic}
    word = "word" if scheme == "websub" else ""
    if not vector.get("verify_token") and scheme == "meta":
        kept["word"] = ""
    return _as_expected(vector, greet(scheme, kept, _knock(vector, query=query, word=word)))


def _called(vector: Vector) -> bool:
    scheme = scheme_of(vector)
    named = ("public_key_hex", "public_key", "expected_email", "secret")
    secrets = vector.get("secrets") or [vector[name] for name in named if name in vector][:1]
    knock = _knock(vector, url=str(vector.get("expected_audience", "")))

    def keys(url: str) -> bytes:
        return json.dumps(vector["jwks"]).encode()

    body = verify(scheme, secrets, knock, keys)
    if (answer := ping(scheme, knock, body, _nowhere)) and vector.get("expected_response"):
        return _as_expected(vector, answer)
    return body == knock.body


def _primitive(vector: Vector) -> bool:
    method = re.search(r"sha-?(1|256|384|512)", str(vector.get("scheme", "")), re.IGNORECASE)
    given = str(vector["expected"]).rpartition("=")[2]
    named = f"sha{method[1] if method else 256}"
    if raw := vector.get("secret_hex") or vector.get("key_hex"):  # a key that is no text
        return hmac.digest(bytes.fromhex(raw), body_of(vector), named).hex() == given
    headers = {"x-hub-signature": f"{named}={given}"}
    return verify("websub", [vector["secret"]], _knock(vector, headers=headers), _nowhere) == body_of(vector)


def _knock(vector: Vector, **more: Any) -> Knock:
    parts = {"headers": _headers(vector), "body": body_of(vector), **more}
    return Knock(now=datetime.fromtimestamp(vector["now"], UTC), **parts)


def _nowhere(url: str) -> bytes:
    raise AssertionError(f"asked for {url}")


def _as_expected(vector: Vector, answer: Greeting) -> bool:
    wanted: Mapping[str, Any] = vector.get("expected_response") or {}
    if not wanted and vector.get("expected"):
        return bool(
            answer.body == vector["expected"] or vector["expected"] in json.loads(answer.body).values()
        )
    body = wanted.get("body", answer.body)
    said = answer.body if isinstance(body, str) else json.loads(answer.body or "null")
    kind = str(wanted.get("content_type", answer.content_type))
    return (said, answer.status) == (body, wanted.get("status", 200)) and answer.content_type.startswith(kind)


# one byte --------------------------------------------------------------------------------------------


def altered(vector: Vector) -> Iterator[tuple[str, Vector]]:
    """(what was altered, the vector so), for every byte of what its answer rests on; not where what is
    altered still says the same."""
    for name in RESTS_ON:
        for at, text in _each(vector.get(name)):
            yield f"{name}[{at}]", {**vector, name: text}
    for name, value in (vector.get("headers") or {}).items():
        if name.lower() in (*IN_HEADER, *TIMES, "webhook-id"):
            for at, text in _each(value):
                yield f"{name}[{at}]", {**vector, "headers": {**vector["headers"], name: text}}
    if not vector.get("headers") and vector.get("query") is None:
        for at, text in _each(vector.get("expected")):
            yield f"expected[{at}]", {**vector, "expected": text}
    body = body_of(vector)
    if vector.get("body") and scheme_of(vector) not in UNSIGNED_BODY:
        for at, byte in enumerate(body):
            for other in (byte ^ 1, byte ^ 0x80):
                changed = body[:at] + bytes([other]) + body[at + 1 :]
                yield f"body[{at}]", {**vector, "body_bytes": changed}


def _each(text: Any) -> Iterator[tuple[int, str]]:
    for at, letter in enumerate(text if isinstance(text, str) else ""):
        for other in {chr(ord(letter) ^ 1), chr(ord(letter) ^ 0x20)}:
            yield at, text[:at] + other + text[at + 1 :]


def says_the_same(vector: Vector, other: Vector) -> bool:
    """Is what was altered the same as before? A key has more than one way to be written in base64 where its
    last letter says less than six bits, a query's signs in hexadecimal in either case; and of a list of
    signatures one that is good is enough."""
    if vector.get("query") != other.get("query"):
        one, two = (dict(parse_qsl(str(each["query"]))) for each in (vector, other))
        return all(one.get(name) == two.get(name) for name in ASKS)
    if changed := [name for name in IN_HEX if vector.get(name) != other.get(name)]:
        return all(_hex(vector[name]) == _hex(other[name]) for name in changed)
    if "message_hex" in vector and "public_key_hex" in vector:
        return _hex(vector["expected"]) == _hex(other["expected"])
    if scheme_of(vector) != "standard-webhooks":
        return False
    if vector.get("secret") != other.get("secret"):
        return _whsec(vector["secret"]) == _whsec(other["secret"])
    return any(
        refused(_alone(vector, entry)) == "" and entry in _entries(other) for entry in _entries(vector)
    )


def _hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _whsec(text: str) -> bytes | None:
    plain = text.removeprefix("whsec_").rstrip("=")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        return None


def _entries(vector: Vector) -> list[str]:
    return _headers(vector).get("webhook-signature", "").split(" ")


def _alone(vector: Vector, entry: str) -> Vector:
    return {**vector, "headers": {**_headers(vector), "webhook-signature": entry}}


def refused(vector: Vector) -> str:
    """Why it is not valid at our door, "" where it is."""
    try:
        return "" if right(vector) else "another answer"
    except BadWebhook as error:
        return error.reason
    except (ValueError, UnicodeError):
        return "unreadable"
