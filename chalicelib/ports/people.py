"""Those who work here, and how they sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.audit import AuditLine


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, from a verified token. `name` is what approvals are signed with."""

    id: str
    email: str
    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tokens:
    """`id` proves who it is for an hour; `refresh` brings a new one. `refresh` is "" when refreshed."""

    id: str
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """Sign-in needs one more step: `name` as Cognito calls it (NEW_PASSWORD_REQUIRED, SOFTWARE_TOKEN_MFA)."""

    name: str
    session: str
    email: str


class Users(Protocol):
    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        """Raises BadInput; the same words for an unknown person and a wrong password."""

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        """Raises BadInput: too short, or the step is too old."""

    def refresh(self, token: str) -> Tokens:
        """Raises BadInput when the session has ended."""

    def member(self, id_token: str, now: datetime) -> Member:
        """Verify a token (RS256, keys, issuer, client, use, expiry). Raises BadInput."""

    def sign_out(self, refresh_token: str) -> None:
        """End the session everywhere its refresh token reaches."""


class Audit(Protocol):
    """What was changed and sent, and by whom; only ever added to."""

    def note(self, line: AuditLine) -> None:
        """Keep a line; a repeat of the same line changes nothing."""

    def month(
        self, brand: str, month: str, *, limit: int = 100, before: str = ""
    ) -> tuple[list[AuditLine], str]:
        """One UTC month (`yyyy-mm`), newest first, and where to go on ("" at the end)."""
