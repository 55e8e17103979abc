"""What we ask of the world, as Protocols. `wiring.py` says who plays which.

Every write that can repeat is safe to repeat; what a conditional write answers is in its docstring.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.mention import Found, Mention, MentionKey
from chalicelib.domain.source import Listed, Source, SourceState
from chalicelib.domain.verdict import Reading, Verdict
from chalicelib.tasks import Task

# the table ---------------------------------------------------------------------------------------


class Brands(Protocol):
    def get(self, brand: str) -> Brand:
        """Raises NotFound. May be up to a minute old."""

    def put(self, brand: Brand) -> None: ...

    def all(self) -> list[Brand]:
        """By id. May be up to a minute old."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A mention as the day index shows it: enough for a list, without its item."""

    key: MentionKey
    posted_at: datetime
    author: str
    excerpt: str
    language: str
    label: str
    """A Sentiment's value."""
    watches: tuple[str, ...]
    state: str
    """What was decided: answer, thank or ignore."""


class Mentions(Protocol):
    def add(self, mention: Mention) -> bool:
        """Keep it; False if it was kept before (and then nothing changes)."""

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        """Raises NotFound."""

    def get_many(self, keys: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        """Those there are."""

    def judge(self, mention: Mention, verdict: Verdict, state: str) -> bool:
        """Lay the verdict beside the mention and list it under its day.

        False if this version of the judge has already spoken. Raises NotFound if the mention is not
        in the table: a message in a queue is not proof that it was kept.
        """

    def day(self, brand: str, day: str, *, limit: int = 50, before: str = "") -> tuple[list[Listing], str]:
        """One UTC day (`yyyy-mm-dd`), newest first, and where to go on ("" at the end)."""


class Sources(Protocol):
    def get(self, brand: str, source: str) -> tuple[Source, SourceState]:
        """Raises NotFound."""

    def put(self, source: Source) -> None:
        """Set it up or change it; its state stays."""

    def listed(self) -> list[Listed]:
        """Every source that is polled, of every brand."""

    def of(self, brand: str) -> list[tuple[Source, SourceState]]: ...

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        """False if somebody else wrote since `was` was read."""

    def last_tick(self) -> datetime | None: ...

    def set_last_tick(self, at: datetime) -> None: ...


class Cases(Protocol):
    def get(self, key: CaseKey) -> Case:
        """Raises NotFound."""

    def find(self, key: CaseKey) -> Case | None:
        """The case with this key, or the one that `link` leads to from it."""

    def open(self, case: Case) -> bool:
        """Keep a new case; False if its conversation has one."""

    def change(self, case: Case, *events: CaseEvent) -> None:
        """Write a case read with `rev - 1`, and its events, all or nothing. Raises Conflict."""

    def approve(self, case: Case, delivery: Delivery, event: CaseEvent) -> None:
        """Write case (read with `rev - 1`), new delivery and event, all or nothing. Raises Conflict."""

    def conclude(self, case: Case | None, delivery: Delivery, event: CaseEvent) -> None:
        """Write an outcome: delivery (if its epoch is still this one), event, and the case (read with
        `rev - 1`) unless None; all or nothing. Raises Conflict."""

    def link(self, key: CaseKey, message: str) -> None:
        """Note that `message` (a native id on the same platform) belongs to this case."""

    def note(self, key: CaseKey, event: CaseEvent) -> None:
        """Append an event; a repeat of the same event changes nothing."""

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        """Everything that happened, oldest first; the newest message too, which the case itself holds."""

    def work(self, brand: str, departments: Sequence[str], *, limit: int = 50) -> list[Case]:
        """Open cases of these departments by due time; of each department at most `limit`."""


class Deliveries(Protocol):
    def get(self, key: DeliveryKey) -> Delivery:
        """Raises NotFound."""

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        """Write the claim if state and epoch are still those of `was`."""

    def settle(self, delivery: Delivery) -> bool:
        """Write an outcome if the epoch is still this one; False if the lease was lost."""

    def due(self, now: datetime, *, limit: int = 100) -> list[DeliveryKey]:
        """Those to be sent or looked up by now, oldest first; also those whose claim ran out."""

    def day(self, brand: str, day: str, *, limit: int = 50) -> list[Delivery]:
        """What was sent on a UTC day (`yyyy-mm-dd`), or is still to be: newest first, the newest `limit`."""


class Alerts(Protocol):
    """Cases of which a department must hear at once; a set, so that a repeat adds nothing.

    A `bell` is a department and a mood (`desk.negative`): praise never makes a complaint wait.
    """

    def add(self, brand: str, bell: str, cases: Iterable[CaseKey], now: datetime) -> bool:
        """May the department be told at once? False while its quiet time lasts."""

    def claim(self, brand: str, bell: str, now: datetime, *, quiet_until: datetime) -> tuple[CaseKey, ...]:
        """The waiting cases, if none was sent shortly before `now`; else empty.

        From then until `quiet_until` nobody else gets any: what comes in between is gathered.
        """

    def done(self, brand: str, bell: str, cases: Iterable[CaseKey]) -> None: ...

    def waiting(self, now: datetime) -> list[tuple[str, str]]:
        """(brand, bell) with alerts that may be sent now."""


class Shelf(Protocol):
    """Where the sandbox keeps what it is sent: documents by name, under one account."""

    def put(self, account: str, name: str, document: str) -> bool:
        """False if there is one of that name already; it stays."""

    def replace(self, account: str, name: str, document: str) -> None: ...

    def get(self, account: str, name: str) -> str | None: ...

    def all(self, account: str) -> list[tuple[str, str]]:
        """(name, document), by name."""


# between the stages --------------------------------------------------------------------------------


class Tasks(Protocol):
    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        """Queue them all, or raise: a part that SQS kept out is an error. `delay` in seconds, to 900."""


# the outside world ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have small letters. `url` is where the body came from after redirects;
    `moved` the new address if every redirect on the way was permanent, else ""."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved: str = ""


class Http(Protocol):
    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        """One exchange, bounded in all. Raises Blocked, Unreachable, Lost, TooBig.

        `seconds` bounds the whole, redirects included; `max_bytes` the unpacked body. Redirects
        are followed for GET and HEAD only; each hop is vetted anew, and `Authorization` is not
        taken to another origin.
        """


class Secrets(Protocol):
    def get(self, name: str, *, fresh: bool = False) -> Mapping[str, str]:
        """The secrets of `<brand>/<source or channel>`; {} where there are none.

        May be five minutes old; `fresh` asks again.
        """

    def put(self, name: str, values: Mapping[str, str]) -> None: ...


class Mail(Protocol):
    def send(self, *, sender: str, to: Sequence[str], subject: str, text: str) -> None:
        """Raises Unavailable, Rejected."""


class Judge(Protocol):
    version: str

    def read(self, text: str, hint: str = "") -> Reading:
        """Judge a text. `hint` is the language the network or the brand supposes (ISO 639-1)."""


# platforms -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kit:
    """What wiring hands a platform module beside its settings and secrets."""

    http: Http
    shelf: Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one poll brought, oldest first."""

    found: tuple[Found, ...]
    cursor: str
    unchanged: bool = False
    """The source said that nothing is new (304); `found` is empty then."""
    more: bool = False
    """There is another page at `cursor`: ask again at once."""
    older: bool = False
    """An earlier page of what was there before us: what has no date here is history."""
    wait: float = 0
    """Seconds the source asked us to stay away beyond its interval."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours as the network knows it. `text` where the network gives it back."""

    remote_id: str
    url: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """What a reply answers. `id` is the native id as the platform module gave it."""

    id: str
    author: str
    url: str = ""


class Listens(Protocol):
    def listen(self, cursor: str) -> Page:
        """What is new since `cursor` ("" at first). Raises Unavailable, Rejected and their kin."""


class Hears(Protocol):
    def hear(self, headers: Mapping[str, str], body: bytes) -> Sequence[Found]:
        """Read a verified call. Raises BadInput, naming the field."""

    def apart(self, body: bytes) -> Sequence[bytes]:
        """The same call as calls of one message each, so that a bad one does not take the others along."""


class Replies(Protocol):
    def reply(self, to: ReplyTo, text: str, token: str, language: str) -> Sent:
        """Publish an answer once for one `token` where the network allows.

        Raises Rejected, Unauthorized, RateLimited, Unavailable (it did not happen) or Unknown.
        """

    def find(self, to: ReplyTo, text: str, token: str, since: datetime) -> Sent | None:
        """Look for an answer that may have been published at or after `since`."""

    def read_back(self, remote_id: str) -> Sent | None:
        """The message as it stands at the network; None if it is not there (yet)."""


class Counts(Protocol):
    def room(self) -> int:
        """How long a message may be, counted as `length` counts."""

    def length(self, text: str) -> int: ...


# people who work here -----------------------------------------------------------------------------


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
