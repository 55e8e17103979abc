"""What is kept of what we hear: brands, mentions, sources, cases, alerts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.advice import Opinion
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.post import PostKey
from chalicelib.domain.source import Listed, Source, SourceState
from chalicelib.domain.verdict import Verdict


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


class Opinions(Protocol):
    """Second opinions, by `advice.question`."""

    def kept(self, brand: str, questions: Sequence[str]) -> dict[str, Opinion]:
        """Those there are."""

    def keep(self, brand: str, opinions: Mapping[str, Opinion], now: datetime) -> None: ...

    def spend(self, brand: str, now: datetime, number: int, most: int) -> int:
        """Note that so many more are asked on this UTC day, `most` at most: how many may be."""


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


class Alerts(Protocol):
    """Cases and posts of which a department must hear at once; a set, so that a repeat adds nothing.

    A `bell` is a department and a mood (`desk.negative`), or `desk.posts`: praise never makes a complaint
    wait.
    """

    def add(self, brand: str, bell: str, found: Iterable[CaseKey | PostKey], now: datetime) -> bool:
        """May the department be told at once? False while its quiet time lasts."""

    def claim(
        self, brand: str, bell: str, now: datetime, *, quiet_until: datetime
    ) -> tuple[CaseKey | PostKey, ...]:
        """Those that wait, if none was sent shortly before `now`; else empty.

        From then until `quiet_until` nobody else gets any: what comes in between is gathered.
        """

    def done(self, brand: str, bell: str, found: Iterable[CaseKey | PostKey]) -> None: ...

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
