"""Was a webhook call signed by who we think, just now, and over these very bytes? And the signing of ours.

One function a scheme, standard library only: the Lambda that verifies loads nothing else of `platforms/`.
"""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.errors import BadWebhook

TOLERANCE = 300
"""Seconds a call's timestamp may lie from our clock, in either direction."""

# An id holds no full stop, which separates what is signed, and no comma, which betrays joined headers.
_ID = re.compile(r"[!-+\-/-~]{1,256}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_ENTRY = re.compile(r"[A-Za-z0-9]{1,16},[A-Za-z0-9+/_-]{1,256}={0,2}")


def verify(
    scheme: str, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """The call's event id, which the sender repeats when it tries again.

    `scheme` is a platform module's `SCHEME`; `secrets` are all that are valid now (two while one is
    being replaced); names of `headers` have small letters; `body` is as it came, before any reading.

    Raises BadWebhook, 401, with the reason `missing`, `malformed`, `stale`, `wrong`, or `secret`
    where ours is missing or unreadable. Raises KeyError for a scheme that is not offered.
    """
    return _SCHEMES[scheme](secrets, headers, body, now)


def sign(secrets: Sequence[str], id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a call of ours by Standard Webhooks, with a signature by each secret: while one is being
    replaced the receiver may know either. Raises BadWebhook for a secret that is no `whsec_<base64>`."""
    seconds = str(int(now.timestamp()))
    signed = f"{id}.{seconds}.".encode() + body
    entries = [f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}" for key in _keys(secrets)]
    return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": " ".join(entries)}


def _standard_webhooks(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Standard Webhooks, version v1 (HMAC-SHA256 over `id.timestamp.body`).

    Other versions in the signature's list are passed over; v1a (Ed25519) is not offered.
    Source: https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md
    """
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    event, seconds, signatures = (headers.get(name, "") for name in names)
    if not (event and seconds and signatures):
        raise BadWebhook(401, "missing")
    entries = signatures.split(" ")
    if not (_ID.fullmatch(event) and _SECONDS.fullmatch(seconds) and all(map(_ENTRY.fullmatch, entries))):
        raise BadWebhook(401, "malformed")
    if abs(now.timestamp() - int(seconds)) > TOLERANCE:
        raise BadWebhook(401, "stale")
    signed = f"{event}.{seconds}.".encode() + body
    expected = [b64encode(hmac.digest(key, signed, "sha256")) for key in _keys(secrets)]
    given = [entry.removeprefix("v1,").encode() for entry in entries if entry.startswith("v1,")]
    if not any(hmac.compare_digest(ours, theirs) for ours in expected for theirs in given):
        raise BadWebhook(401, "wrong")
    return event


def _keys(secrets: Sequence[str]) -> list[bytes]:
    """The keys behind `whsec_<base64>`; the prefix and the padding may be left out.

    One that is empty or unreadable refuses every call: it would verify what anybody can sign, and
    left out in silence it would be found on the day the other one is withdrawn.
    """
    try:
        plain = [secret.strip().removeprefix("whsec_").rstrip("=") for secret in secrets]
        keys = [b64decode(secret + "=" * (-len(secret) % 4), validate=True) for secret in plain]
    except ValueError:
        raise BadWebhook(401, "secret") from None
    if not keys or not all(keys):
        raise BadWebhook(401, "secret")
    return keys


_SCHEMES = {"standard-webhooks": _standard_webhooks}
