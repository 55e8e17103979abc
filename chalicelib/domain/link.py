"""A link in a mail, by which one named person may approve one exact text: signed, and good for a day.

The text itself is not in it, only its digest. What it says holds for the case as it was (`rev`): whatever
happens to that makes it stale. `mark` is what is kept of it, so that it counts once.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from chalicelib.domain.case import CaseKey
from chalicelib.errors import BadInput

GOOD_FOR = timedelta(hours=24)
LONGEST = 2_000
"""Characters of a token."""
_PURPOSE = b"webspin/approve/1:"
ALTERED, OVER = "not as we made it", "over"


@dataclass(frozen=True, slots=True)
class Link:
    """`text` is the digest of what is approved, `person` the id of who may."""

    case: CaseKey
    rev: int
    text: str
    person: str
    until: datetime


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def seal(link: Link, key: bytes) -> str:
    """The token that stands in the address."""
    told = [link.case.slug, link.rev, link.text, link.person, int(link.until.timestamp())]
    body = json.dumps(told, separators=(",", ":")).encode()
    return f"{_coded(body)}.{_coded(_signature(body, key))}"


def opened(token: str, key: bytes, now: datetime) -> Link:
    """Raises BadInput ("link"): `ALTERED` for what this key did not sign, `OVER` for what was good once."""
    body, _, signature = token[: LONGEST + 1].partition(".")
    try:
        told = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raise BadInput("link", ALTERED) from None
    expected = _coded(_signature(told, key))
    if len(token) > LONGEST or not hmac.compare_digest(signature.encode(), expected.encode()):
        raise BadInput("link", ALTERED)
    if body != _coded(told):
        raise BadInput("link", ALTERED)
    case, rev, text, person, until = json.loads(told)
    link = Link(CaseKey.from_slug(case), rev, text, person, datetime.fromtimestamp(until, UTC))
    if now >= link.until:
        raise BadInput("link", OVER)
    return link


def mark(token: str) -> str:
    return sha256(f"approve-by-mail:{token}".encode()).hexdigest()


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + body, "sha256")


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
