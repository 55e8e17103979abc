"""Who is asking: the session in cookies, its refresh, and the token against forged forms.

The id token proves who it is for an hour; the refresh token brings a new one. Both lie in cookies that
no script can read. A form must come from our own host and bring the token that lies in a cookie of
its own: another site can neither read nor set that cookie.
"""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from urllib.parse import urlsplit

from chalicelib.errors import BadInput
from chalicelib.ports import Member, Tokens, Users
from chalicelib.web.request import Request

YEAR = 365 * 24 * 3600
TRIES = 5
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """`cookies` are to be set with the answer (a refreshed token)."""

    member: Member
    cookies: tuple[str, ...] = ()


def of(request: Request, users: Users, now: datetime) -> Session | None:
    """The session this request belongs to, refreshed if it has to be; None if there is none."""
    if token := request.cookie("id"):
        try:
            return Session(users.member(token, now))
        except BadInput:
            pass  # expired, most likely: the refresh token decides
    return refreshed(request, users, now)


def refreshed(request: Request, users: Users, now: datetime) -> Session | None:
    """The session with a fresh token; None if it has ended."""
    if kept := request.cookie("refresh"):
        try:
            tokens = users.refresh(kept)
            return Session(users.member(tokens.id, now), begin(request, tokens))
        except BadInput:
            pass
    return None


def begin(request: Request, tokens: Tokens) -> tuple[str, ...]:
    """The cookies of a new or refreshed session; they go when the browser is closed."""
    found = [cookie(request, "id", tokens.id)]
    if tokens.refresh:
        found.append(cookie(request, "refresh", tokens.refresh))
    return tuple(found)


def end(request: Request) -> tuple[str, ...]:
    return tuple(cookie(request, name, "", age=0) for name in ("id", "refresh", "csrf"))


def cookie(request: Request, name: str, value: str, age: int | None = None) -> str:
    """A Set-Cookie line; `age` in seconds, None for as long as the browser is open."""
    parts = [f"{request.cookie_name(name)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if request.secure:
        parts.append("Secure")
    if age is not None:
        parts.append(f"Max-Age={age}")
    return "; ".join(parts)


def form_token(request: Request) -> tuple[str, tuple[str, ...]]:
    """The token that forms on this page carry, and the cookie to set if it is new."""
    if kept := request.cookie("csrf"):
        return kept, ()
    fresh = secrets.token_urlsafe(32)
    return fresh, (cookie(request, "csrf", fresh),)


def is_ours(request: Request) -> bool:
    """Was this form sent from a page of ours? Its origin is our host, and it brings our token."""
    came_from = request.headers.get("origin") or request.headers.get("referer", "")
    try:
        origin = urlsplit(came_from).netloc
    except ValueError:
        return False
    kept, given = request.cookie("csrf"), request.form.get("csrf", "")
    same_host = bool(request.host) and origin.lower() == request.host.lower()
    return same_host and bool(kept) and hmac.compare_digest(kept.encode(), given.encode())


class Tries:
    """Failed sign-ins by e-mail address, in this process: after five, a rest that doubles.

    On AWS, Cognito locks out for itself; this also holds where it does not, and is bounded.
    """

    def __init__(self) -> None:
        self._failed: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    def rest(self, email: str, now: datetime) -> timedelta:
        """How long this address has to wait still."""
        _, until = self._failed.get(_mark(email), (0, now))
        return max(until - now, timedelta())

    def failed(self, email: str, now: datetime) -> None:
        mark = _mark(email)
        count = self._failed.pop(mark, (0, now))[0] + 1
        doubled = FIRST_REST * int(2 ** min(max(count - TRIES, 0), 10))
        rest = min(doubled, LONGEST_REST) if count >= TRIES else timedelta()
        self._failed[mark] = (count, now + rest)
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def succeeded(self, email: str) -> None:
        self._failed.pop(_mark(email), None)


def _mark(email: str) -> bytes:
    return blake2s(email.strip().lower().encode(), digest_size=16).digest()
