"""Somebody at the door for those who call us: what they bring, how each kind of caller signs, how often."""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """One call. Names of `headers` have small letters; `body` is as it came, before any reading. `url` is the
    address it was made to, without its query; `word` what stands in the path behind the source."""

    now: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a caller that only asks whether we are there."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How one kind of caller signs. `ours`: we make the secret, and the caller is told it; else the caller's
    network shows it. `form` is what it looks like. `word`: a word of ours goes with it, which the caller says
    when it asks whether we are there. `in_path`: that word, or else the secret, is the end of the address.
    `topic`: which feed it tells of, or of links to which site. `status` is how the caller wants to hear that
    its call is taken."""

    ours: bool
    form: str
    word: bool = False
    in_path: bool = False
    topic: bool = False
    status: int = 202


USUAL = "standard-webhooks"
_WORDS = r"[ -~]{8,200}"
_BASE64 = r"[A-Za-z0-9+/]{20,200}={0,2}"

SIGNINGS: Mapping[str, Signing] = {
    USUAL: Signing(ours=True, form=rf"whsec_{_BASE64}|whpk_[A-Za-z0-9+/]{{43}}=?"),
    "github": Signing(ours=True, form=_WORDS),
    "meta": Signing(ours=False, form=_WORDS, word=True, status=200),
    "x": Signing(ours=False, form=_WORDS, status=200),
    "linkedin": Signing(ours=False, form=_WORDS, status=200),
    "slack": Signing(ours=False, form=_WORDS, status=200),
    "discord": Signing(ours=False, form="[0-9a-f]{64}", status=204),
    "telegram": Signing(ours=True, form="[A-Za-z0-9_-]{16,256}", status=200),
    "tiktok": Signing(ours=False, form=_WORDS, status=200),
    "discourse": Signing(ours=True, form=_WORDS, status=200),
    "mastodon": Signing(ours=False, form=_WORDS, status=200),
    "websub": Signing(ours=True, form=_WORDS, word=True, in_path=True, topic=True),
    "teams": Signing(ours=False, form=_BASE64, status=200),
    "google-pubsub": Signing(ours=False, form=r"[a-z0-9.-]{1,100}@[a-z0-9.-]{1,150}", status=200),
    "sns": Signing(ours=False, form=r"arn:aws[a-z-]*:sns:[a-z0-9-]{5,30}:\d{12}:[\w-]{1,256}", status=200),
    "web-push": Signing(ours=True, form=r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    "webmention": Signing(ours=True, form="[A-Za-z0-9_-]{32,128}", in_path=True, topic=True),
    "unsigned": Signing(ours=True, form="[A-Za-z0-9_-]{32,128}", in_path=True),
}
"""By scheme, which is the name of its function in `platforms/_signatures.py`."""
UNPROVEN = frozenset({"unsigned", "webmention"})
"""Who calls so proves nothing: its address is all there is."""
PUBLIC = frozenset({"webmention"})
"""Of these the address stands where everybody reads it."""


def slots(brand: str, source: str) -> tuple[str, str]:
    """Where the secrets lie by which a source signs: two, so that both are good while one is replaced. Each
    is a group of `scheme`, `secret` and `since` (when it was set), perhaps `secret_2`, `word`, `topic`."""
    return f"hook/{brand}/{source}", f"hook/{brand}/{source}/b"


def fits(scheme: str, secret: str) -> bool:
    """Can this be a secret of that scheme?"""
    if not re.fullmatch(SIGNINGS[scheme].form, secret):
        return False
    if not secret.startswith("whsec_") or scheme != USUAL:
        return True
    plain = secret.removeprefix("whsec_").rstrip("=")
    try:
        return 24 <= len(b64decode(plain + "=" * (-len(plain) % 4), validate=True)) <= 64
    except ValueError:
        return False


STRANGERS, STRANGERS_RATE = 50, 2
"""Addresses that were never met are looked up so many at once, then so many a second."""


class Pace:
    """How many calls a second each source may bring: `burst` at once, then `rate` a second. In memory, of one
    Lambda: what stops a flood for certain is how many of them there may be."""

    def __init__(self, rate: float = 20, burst: float = 200) -> None:
        self._rate = rate
        self._burst = burst
        self._left: dict[str, tuple[float, datetime]] = {}
        self._met: set[str] = set()

    def allows(self, source: str, now: datetime) -> bool:
        return self._takes(source, now, self._rate, self._burst)

    def looks_up(self, source: str, now: datetime) -> bool:
        """May it be looked up whether there is such a source? A look-up is asked of SSM, and anybody may make
        up addresses: all that were never met share a few."""
        return source in self._met or self._takes("", now, STRANGERS_RATE, STRANGERS)

    def met(self, source: str) -> None:
        """There is such a source."""
        self._met.add(source)

    def _takes(self, whose: str, now: datetime, rate: float, burst: float) -> bool:
        left, at = self._left.get(whose, (burst, now))
        left = min(burst, left + max(0.0, (now - at).total_seconds()) * rate)
        self._left[whose] = (max(0.0, left - 1), max(at, now))
        return left >= 1
