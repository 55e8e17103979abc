"""Those who work here, and how they sign in; and the programs that do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.audit import AuditLine
from chalicelib.ports.sent import Brake

if TYPE_CHECKING:  # no worker asks for these
    from chalicelib.domain.apikey import ApiKey
    from chalicelib.domain.roles import Grant, Role


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in, from a verified token. `name` is what approvals are signed with.

    `issued` is when the token was made, in epoch seconds. `username` is the user pool's own name for them.
    `federated`: they come from the organisation's own sign-in, and have no password here.
    """

    id: str
    email: str
    name: str
    groups: tuple[str, ...] = ()
    issued: int = 0
    username: str = ""
    federated: bool = False


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
    """Steps of signing in, and what people change about their own account. All raise BadInput: with the field
    "code" for a code that was wrong, "password" for one that is too weak, "" where one has to begin anew."""

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        """The same words for an unknown person and a wrong password."""

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge: ...

    def code(self, challenge: Challenge, code: str) -> Tokens:
        """The second factor (SOFTWARE_TOKEN_MFA)."""

    def begin_setup(self, challenge: Challenge) -> tuple[str, Challenge]:
        """Where a second factor is required and there is none (MFA_SETUP): its secret, and the step that
        ends it."""

    def end_setup(self, challenge: Challenge, code: str) -> Tokens: ...

    def refresh(self, token: str) -> Tokens:
        """Fresh tokens, unless the session has ended."""

    def member(self, id_token: str, now: datetime, nonce: str = "") -> Member:
        """Verify a token (RS256, keys, issuer, client, use, expiry, and nonce if there is one)."""

    def sign_out(self, refresh_token: str) -> None:
        """End the session everywhere its refresh token reaches."""

    def forgot(self, email: str) -> None:
        """Mail a code; nobody is told whether we know this address."""

    def reset(self, email: str, code: str, password: str) -> None: ...

    def enrol(self, access: str) -> str:
        """A secret for a second factor; it counts for nothing until an app proved to have it."""

    def prove(self, access: str, code: str) -> None:
        """The app that makes this code has the secret."""

    def ask_code(self, access: str, *, wanted: bool) -> None:
        """Is signing in to ask for a code from now on?"""

    def has_second_factor(self, access: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody's account in the user pool. `role` holds at every brand. `invited`: has not come in yet.
    `second_factor` None: not looked up."""

    id: str
    username: str
    email: str
    name: str
    role: Role | None
    enabled: bool = True
    invited: bool = False
    federated: bool = False
    second_factor: bool | None = None


class Colleagues(Protocol):
    """Everybody's account; every change may be repeated."""

    def all(self) -> list[Account]: ...

    def get(self, id: str) -> Account:
        """Raises NotFound."""

    def administrators(self) -> list[str]:
        """The ids of those who can still come in."""

    def invite(self, email: str, name: str) -> Account:
        """Mail them a first password; who has an account already keeps it as it is. Raises BadInput."""

    def remind(self, account: Account) -> None:
        """The invitation once more. Raises BadInput for who came in already."""

    def set_role(self, account: Account, role: Role | None) -> None: ...

    def disable(self, account: Account) -> None: ...

    def enable(self, account: Account) -> None: ...

    def sign_out(self, username: str) -> None:
        """Everywhere: no refresh token of theirs counts any longer."""


class SingleSignOn(Protocol):
    """The organisation's own sign-in, behind the user pool's page."""

    name: str

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in there."""

    def tokens(self, code: str, verifier: str) -> Tokens:
        """What it came back with. Raises BadInput."""


class Once(Protocol):
    """What may happen once. `mark` is a hash that nobody guesses."""

    def offer(self, mark: str, until: datetime) -> None:
        """This may be done, until then."""

    def is_open(self, mark: str, now: datetime) -> bool: ...

    def spend(self, mark: str, now: datetime) -> bool:
        """It was done; False if it was offered to nobody, too long ago, or done before."""

    def first(self, mark: str, now: datetime, until: datetime) -> bool:
        """Is it the first time? No second one is, until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What the table holds of somebody who comes in: their grants by brand, the brake of one brand, and the
    moment before which no token of theirs counts (None: all do)."""

    grants: Mapping[str, Grant] = field(default_factory=dict)
    brake: Brake | None = None
    renew: datetime | None = None


class Team(Protocol):
    """What people may at each brand, and when they came in."""

    def welcome(self, user: str, brands: Sequence[str], brake: str = "") -> Welcome:
        """One request, for as many brands as it has room for; with the brake of the brand `brake`."""

    def grant(self, brand: str, user: str) -> Grant | None:
        """As it is now, also one that was taken back."""

    def grants(self, brand: str) -> list[Grant]:
        """Of everybody who has one here, by name."""

    def change(self, grant: Grant, line: AuditLine) -> None:
        """Write a grant read with `rev - 1` (0: there was none) with its line, all or nothing. Raises
        Conflict."""

    def came_in(self, user: str, at: datetime) -> None:
        """Note when somebody signed in."""

    def renew(self, user: str, at: datetime) -> None:
        """No token of theirs that was made until now counts any longer: it has to be refreshed, if it can
        be."""

    def last_seen(self, users: Sequence[str]) -> dict[str, datetime]:
        """When each signed in last, where that is known."""


class Audit(Protocol):
    """What was changed and sent, and by whom; only ever added to."""

    def note(self, line: AuditLine) -> None:
        """Keep a line; a repeat of the same line changes nothing."""

    def of_request(self, brand: str, at: datetime, request: str) -> list[AuditLine]:
        """The lines of that moment that this request wrote."""

    def month(
        self, brand: str, month: str, *, limit: int = 100, before: str = ""
    ) -> tuple[list[AuditLine], str]:
        """One UTC month (`yyyy-mm`), newest first, and where to go on ("" at the end)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a key asked to be made under one token. `again`: it did so before, at `at`, and `fingerprint` is
    what it asked for then; `outcome` is what it was told, "" where that is not known."""

    at: datetime
    fingerprint: str
    again: bool
    outcome: str = ""


class ApiKeys(Protocol):
    def get(self, brand: str, id: str) -> ApiKey:
        """Raises NotFound."""

    def of(self, brand: str) -> list[ApiKey]:
        """All, also those that do not work any more; newest first."""

    def add(self, key: ApiKey, line: AuditLine) -> bool:
        """Keep a new key together with its line of the log; False if there is one of this id."""

    def change(self, key: ApiKey, line: AuditLine) -> None:
        """Write a key read with `rev - 1`, together with its line of the log. Raises Conflict."""

    def used(self, key: ApiKey, now: datetime) -> None:
        """Note the day, if it is another than `key.used`: one write a day."""

    def count(self, key: ApiKey, now: datetime) -> int:
        """One more request in this minute; how many that makes, over all Lambdas."""

    def ask(self, key: ApiKey, token: str, fingerprint: str, now: datetime) -> Asked:
        """Note that this is asked for, unless the token was used before. The same that was refused before is
        asked for the first time."""

    def tell(self, key: ApiKey, token: str, outcome: str) -> None:
        """Keep what was answered, for who asks again; not what is longer than there is room for."""

    def refuse(self, key: ApiKey, token: str) -> None:
        """Nothing was made under this token: the same may be asked for anew."""
