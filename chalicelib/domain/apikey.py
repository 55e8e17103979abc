"""API keys: a program's way in, made by a member, for one brand.

What is shown, once, is `wsp_<brand>.<id>.<secret>`; what is kept is a hash of the secret. The secret is 256
random bits, so that a plain hash of it is as good as a slow one.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from chalicelib.domain.mention import SLUG

PREFIX = "wsp_"
NAME_ROOM = 60
PER_MINUTE = 300
"""Requests of one key in one minute of the clock."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Scope(StrEnum):
    """Each includes the one before. `WRITE`: what an editor does. `ADMIN`: what a manager does."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def covers(self, needed: "Scope") -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`rev` grows by one a write. `hash` is of the secret. `by` and `by_id` are the member who made it: in
    their name it approves. `departments` are those whose cases it sees; empty: all. `used` is the day
    (`yyyy-mm-dd`, UTC) on which it was last used, "" for never.
    """

    brand: str
    id: str
    rev: int = 1
    name: str
    scope: Scope
    hash: str
    by: str
    by_id: str
    made_at: datetime
    departments: tuple[str, ...] = ()
    expires: datetime | None = None
    revoked_at: datetime | None = None
    used: str = ""

    @property
    def acts_as(self) -> str:
        """The name that stands beside what it does: whose yes it is, and by which key."""
        return f"{self.by} via {self.name}"

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires is None or now < self.expires)

    def opens_with(self, secret: str) -> bool:
        return same(self.hash, secret)


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def same(hash: str, secret: str) -> bool:
    """Is it the hash of this secret? In constant time."""
    return hmac.compare_digest(hash, digest(secret))


def written(brand: str, id: str, secret: str) -> str:
    """As it is shown, once."""
    return f"{PREFIX}{brand}.{id}.{secret}"


def read(text: str) -> tuple[str, str, str] | None:
    """(brand, id, secret) of what looks like a key; None for anything else."""
    if not text.startswith(PREFIX) or text.count(".") != 2:
        return None
    brand, id, secret = text.removeprefix(PREFIX).split(".")
    if SLUG.fullmatch(brand) and SLUG.fullmatch(id) and _SECRET.fullmatch(secret):
        return brand, id, secret
    return None


def fingerprint(parts: Iterable[str]) -> str:
    """The same for the same parts, and for no other."""
    return sha256("\0".join(parts).encode()).hexdigest()
