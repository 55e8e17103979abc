"""What the schemes of `_signatures.py` have in common. Each refusal is a BadWebhook, 401, with its reason."""

import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence

from chalicelib.domain.knock import Knock
from chalicelib.errors import BadWebhook
from chalicelib.platforms._public_keys import Fetch

TOLERANCE = 300
"""Seconds a call's timestamp may lie from our clock, in either direction."""

_SECONDS = re.compile(r"[0-9]{1,12}")

Scheme = Callable[[Sequence[str], Knock, Fetch], bytes]


def header(knock: Knock, *names: str) -> list[str]:
    found = [knock.headers.get(name, "") for name in names]
    if not all(found):
        raise BadWebhook(401, "missing")
    return found


def agree(ours: Iterable[str | bytes], theirs: Iterable[str]) -> None:
    """Is one of them one of ours? Each pair is compared in constant time."""
    written = [given.encode("utf-8", "replace") for given in theirs]
    expected = [each.encode() if isinstance(each, str) else each for each in ours]
    if not any(hmac.compare_digest(one, other) for one in expected for other in written):
        raise BadWebhook(401, "wrong")


def fresh(seconds: str, knock: Knock, tolerance: int = TOLERANCE) -> None:
    if not _SECONDS.fullmatch(seconds):
        raise BadWebhook(401, "malformed")
    if abs(knock.now.timestamp() - int(seconds)) > tolerance:
        raise BadWebhook(401, "stale")


def texts(secrets: Sequence[str]) -> list[bytes]:
    """The secrets as keys. One that is empty refuses every call: it would verify what anybody can sign."""
    if not secrets or not all(secrets):
        raise BadWebhook(401, "secret")
    return [secret.encode() for secret in secrets]


def hexed(key: bytes, signed: bytes) -> str:
    return hmac.digest(key, signed, "sha256").hex()


def based(key: bytes, signed: bytes) -> str:
    return b64encode(hmac.digest(key, signed, "sha256")).decode()


def in_header(name: str, form: str, sign: Callable[[bytes, bytes], str]) -> Scheme:
    """An HMAC over the body alone, in one header."""
    written = re.compile(form)

    def check(secrets: Sequence[str], knock: Knock, fetch: Fetch) -> bytes:
        (given,) = header(knock, name)
        if not written.fullmatch(given):
            raise BadWebhook(401, "malformed")
        agree([sign(key, knock.body) for key in texts(secrets)], [given])
        return knock.body

    return check
