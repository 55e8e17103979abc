"""The queues, the network, and the services around us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.verdict import Reading
from chalicelib.tasks import Task

if TYPE_CHECKING:
    from chalicelib.domain.advice import Opinion
    from chalicelib.domain.delta import Delta
    from chalicelib.domain.pace import Pace


class Tasks(Protocol):
    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        """Queue them all, or raise: a part that SQS kept out is an error. `delay` in seconds, to 900."""


class Bucket(Protocol):
    """Where reports and images lie: files by name, `/` between its parts."""

    def put_once(self, name: str, body: bytes, kind: str) -> bool:
        """Keep a file of this content type; False if there is one of that name already: it stays."""

    def put(self, name: str, body: bytes, kind: str) -> None:
        """Keep a file, in place of one of that name."""

    def remove(self, names: Sequence[str]) -> None:
        """No longer there; nothing where there was none."""

    def get(self, name: str) -> bytes | None: ...

    def names(self, prefix: str) -> list[str]:
        """Of all files that begin so, sorted."""

    def link(self, name: str, *, seconds: int, save_as: str = "") -> str:
        """An address that opens this one file for so long, without signing in; with `save_as`, saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How full a queue is, about. `name` as in `tasks.QUEUES`."""

    name: str
    waiting: int
    at_work: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that no worker could do. `about` names what it is of, never its words."""

    id: str
    about: str
    reason: str
    at: datetime | None


class Pipes(Protocol):
    """The queues as the health page shows them."""

    def state(self) -> list[Queue]: ...

    def letters(self, queue: str) -> list[Letter]:
        """Some of the dead letters, without taking them."""

    def redrive(self, queue: str, until: datetime | None = None) -> int:
        """Send what is dead through once more, with `until` only what died before; how many."""


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


class Paces(Protocol):
    """How fast the accounts are asked, by name (`platforms.paced_as`)."""

    def get(self, account: str) -> Pace:
        """As it is now."""

    def change(self, account: str, was: Pace, now: Pace) -> Pace | None:
        """Write it if it still is `was`, and answer None; else what it is instead."""


class Secrets(Protocol):
    def get(self, name: str, *, fresh: bool = False) -> Mapping[str, str]:
        """The secrets of `<brand>/<source or channel>`; {} where there are none.

        May be five minutes old; `fresh` asks again.
        """

    def put(self, name: str, values: Mapping[str, str]) -> None: ...

    def remove(self, name: str) -> None:
        """No longer kept; nothing where there was none."""

    def dates(self, brand: str) -> Mapping[str, datetime]:
        """The names of a brand's secrets, and when each was set. None of them is read for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A call that was refused at the door: its HTTP answer, and why in one word."""

    at: datetime
    status: int
    reason: str


class Refusals(Protocol):
    def of(self, brand: str, source: str, now: datetime) -> Sequence[Refusal]:
        """Those of the last day, the newest first, as far as the log is read. No item of the table says so:
        a call that is refused writes nothing."""


class Mail(Protocol):
    def send(self, *, sender: str, to: Sequence[str], subject: str, text: str) -> None:
        """Raises Unavailable, Rejected."""


class Mailbox(Protocol):
    """Mail with people outside, each once: nobody asks a second time by itself."""

    def send(self, *, sender: str, to: str, raw: bytes) -> str:
        """A whole mail (RFC 5322); its id at the service. Raises Rejected, Unauthorized, RateLimited,
        Unavailable (it did not leave) or Unknown."""

    def verified(self, identity: str) -> bool:
        """May mail be sent from this address or domain? Raises Unauthorized, RateLimited, Unavailable."""

    def stored(self, bucket: str, name: str, most: int) -> bytes | None:
        """At most so many bytes of a mail that came in; None where it is not in our bucket, or not any
        more."""


class Advises(Protocol):
    """Somebody outside who reads texts for money. `spent`: what the last request cost, as far as it went, in
    micro-dollars."""

    spent: int

    def costs(self, texts: Sequence[str]) -> int:
        """At most, to ask for these: micro-dollars."""

    def ask(self, texts: Sequence[str], language: str) -> Sequence[Opinion | None]:
        """An opinion on each text, all in one language (ISO 639-1); None where there was none.

        Raises Unavailable, Rejected.
        """


class Drafts(Protocol):
    """Somebody outside who writes for money. `spent` as of `Advises`."""

    spent: int

    def costs(self, order: str, data: str) -> int:
        """At most, to ask so: micro-dollars."""

    def write(self, order: str, data: str) -> str:
        """What is said to `data` by who is told `order`; never asked twice for one call. Raises Unavailable,
        Rejected."""


class Judge(Protocol):
    version: str

    def read(self, text: str, hint: str = "", delta: Delta | None = None) -> Reading:
        """Judge a text. `hint` is the language the network or the brand supposes (ISO 639-1); `delta` what
        the brand's people taught."""
