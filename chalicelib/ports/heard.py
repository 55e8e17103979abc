"""What is kept of what we hear: brands, mentions, sources, cases, alerts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, Done, Waiting
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.hook import Call
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.domain.source import Listed, Source, SourceState
from chalicelib.domain.verdict import Verdict
from chalicelib.ports.sent import Outgoing

if TYPE_CHECKING:
    from chalicelib.domain.advice import Opinion
    from chalicelib.domain.brand import Block, Fed, Lessons
    from chalicelib.domain.correction import Correction
    from chalicelib.domain.delta import Delta
    from chalicelib.domain.mailing import Mailing
    from chalicelib.domain.promise import Promise


class Brands(Protocol):
    def get(self, brand: str) -> Brand:
        """Raises NotFound. May be up to a minute old."""

    def latest(self, brand: str) -> tuple[Brand, int]:
        """As it is now, and how many times it was written before. Raises NotFound."""

    def put(self, brand: Brand, *lines: AuditLine) -> None:
        """Whatever stands there; with what the log says of it, all or nothing."""

    def add(self, brand: Brand, *lines: AuditLine) -> None:
        """A new one, with what the audit log says of it. Raises Conflict if there is one of that id."""

    def change(self, brand: Brand, rev: int, *lines: AuditLine) -> None:
        """Write what was read at `rev` and changed since, all or nothing. Raises Conflict."""

    def all(self) -> list[Brand]:
        """By id. May be up to a minute old."""

    def feed(self, brand: str, fed: Fed) -> None:
        """Keep what its calendar elsewhere said, whatever stood there."""


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
    """What was decided: answer, thank or ignore; noise, or capped: over its source's cap."""
    held: str = ""
    """As `Mention.held`."""
    copy_of: MentionKey | None = None
    """The first of the same story, where this is a copy on another site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which mentions: "" stands for all. `author` is a handle, `watch` the id of one that it matched. What is
    held as noise is found by the state noise alone; `source` finds only what is held or over a cap. `copies`
    is "only", or "none" for each story once."""

    label: str = ""
    platform: str = ""
    language: str = ""
    watch: str = ""
    author: str = ""
    state: str = ""
    source: str = ""
    copies: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Looked:
    """What one request found, where to go on ("" at the end of the day), and how many mentions were looked
    through for it."""

    found: list[Listing]
    place: str
    through: int


class Mentions(Protocol):
    def add(self, mention: Mention) -> bool:
        """Keep it; False if it was kept before (and then nothing changes)."""

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        """Raises NotFound."""

    def get_many(self, keys: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        """Those there are."""

    def judge(self, mention: Mention, verdict: Verdict, state: str, *, now: datetime | None = None) -> bool:
        """Lay the verdict beside the mention and list it under its day; `now` is noted with its first one.

        False if this version of the judge has already spoken, or a person has, or the text is another by now.
        Raises NotFound if the mention is not in the table: a message in a queue is no proof that it was kept.
        """

    def judged_at(self, key: MentionKey) -> datetime | None:
        """When its first verdict was there; None where it has none, or nobody noted that."""

    def at(self, address: str, mention: Mention) -> MentionKey:
        """The first mention that was known by this address (`Found.address`): this one, if none was."""

    def hold(self, mark: str, mention: Mention, instead: MentionKey | None = None) -> MentionKey:
        """The story that has this mark of its text (`copies.marks`): this one from now on, if none had it or
        that one (`instead`)."""

    def copy(self, first: Mention, copy: Copy) -> bool:
        """Note that it is a copy of `first`, and list it there, all or nothing. False where that cannot be:
        it has a verdict by now, or copies of its own, or `first` is not there or a copy itself."""

    def copies(self, first: MentionKey) -> list[Copy]:
        """The earliest first."""

    def part(
        self,
        copy: Mention,
        state: str,
        line: AuditLine,
        *,
        sites: Sequence[str],
        case: Case | None = None,
        calls: Sequence[Call] = (),
    ) -> None:
        """Make it a story of its own, decided as `state`, with its new case, the line of the log and what
        webhooks are told; and take it off the list of the first one, and `sites` from those that carry it;
        all or nothing. Raises Conflict."""

    def edit(self, mention: Mention, verdict: Verdict | None) -> bool:
        """Lay the text of `mention.edit` in the place of the one before it: with this verdict, or (None) to
        be judged anew, whoever spoke before; until then its verdict names no judge. False if that is not the
        text that stands there."""

    def day(
        self, brand: str, day: str, *, limit: int = 50, before: str = "", wanted: Wanted = EVERYTHING
    ) -> tuple[list[Listing], str]:
        """One UTC day (`yyyy-mm-dd`), newest first, of what is `wanted` at most `limit`, and where to go on
        ("" at the end): that is the next `before`, which may be a time as well (`09:12`). One request: of a
        day with very many mentions some may lie behind an empty page."""

    def look(
        self,
        brand: str,
        day: str,
        *,
        limit: int,
        through: int,
        before: str = "",
        wanted: Wanted = EVERYTHING,
    ) -> Looked:
        """As `day`, with what it took; of very many it looks `through` so many at most."""


class Held(NamedTuple):
    """A mention with a reason to be held (`Mention.held`), its verdict and the state that this gives it."""

    mention: Mention
    verdict: Verdict
    state: str


class Noise(Protocol):
    """What is held as noise or over a cap, counted in the write that holds it; and who is blocked."""

    def hold(self, held: Sequence[Held]) -> None:
        """Lay their verdicts beside them, as `Mentions.judge` does, and count those whose state is noise or
        capped, each once; of one month and brand together, all or nothing. What was pressing when it was
        judged has another state, and is not counted; nor, any more, what is pressing since its author edited
        it. Raises NotFound for what is not in the table."""

    def free(self, held: Sequence[Held], *lines: AuditLine) -> None:
        """Hold them no more: their state is this one, and they count as held no more, with what the log says
        of it; all or nothing, `TOGETHER` at most. Raises Conflict where one is not held any more."""

    def counts(self, brand: str, sources: Sequence[str], at: datetime) -> dict[str, dict[str, int]]:
        """How many each source had held of those heard in this month (UTC), and has still: by muted, blocked,
        noise and capped."""

    def heard(self, source: Source, number: int, at: datetime) -> int:
        """Of a source that calls us so many came; how many did in this hour, as far as this process knows:
        it asks the others after each tenth of the cap."""

    def leave(self, brand: str, source: str, at: datetime, *lines: AuditLine) -> None:
        """What is over its cap stays where it is."""

    def block(self, brand: str, block: Block, *lines: AuditLine) -> bool:
        """From now on; False, and nothing changed, where it is blocked already."""

    def lift(self, brand: str, block: str, *lines: AuditLine) -> None:
        """It holds no more; what it held stays held. Raises NotFound."""


class Opinions(Protocol):
    """Second opinions, by `advice.question`."""

    def kept(self, brand: str, questions: Sequence[str]) -> dict[str, Opinion]:
        """Those there are."""

    def keep(self, brand: str, opinions: Mapping[str, Opinion], now: datetime) -> None: ...

    def spend(self, brand: str, now: datetime, number: int, most: int, of: str = "") -> int:
        """Note that so many more are asked on this UTC day, `most` at most: how many may be. `of` what, where
        it is no opinion: each is counted on its own."""


class Sources(Protocol):
    def get(self, brand: str, source: str) -> tuple[Source, SourceState]:
        """Raises NotFound."""

    def put(self, source: Source, *lines: AuditLine) -> None:
        """Set it up or change it, whatever stands there, with what the log says of it, all or nothing; its
        state stays."""

    def add(self, source: Source, *lines: AuditLine) -> None:
        """A new one, with what the audit log says of it. Raises Conflict if there is one of that id."""

    def change(self, source: Source, was: Source, *lines: AuditLine) -> None:
        """Write it if it still is as `was`; its state stays, without the habit of what was listened to where
        that is something else now. Raises Conflict."""

    def remove(self, source: Source, *lines: AuditLine) -> None:
        """No longer listened to, if it still is as given. What it brought stays. Raises Conflict."""

    def listed(self) -> list[Listed]:
        """Every source that is polled, of every brand."""

    def of(self, brand: str) -> list[tuple[Source, SourceState]]: ...

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        """False if somebody else wrote since `was` was read."""

    def last_tick(self) -> datetime | None: ...

    def set_last_tick(self, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Waits:
    """Cases by due time, at most as many as asked for, and what is held back or failed, oldest first.
    `more`: there are others than these; `count` where more were counted than are given."""

    cases: tuple[Waiting, ...]
    held: tuple[Outgoing, ...]
    more: bool
    count: int = 0


class Viewer(NamedTuple):
    """A colleague who had the case before them at `at`."""

    id: str
    name: str
    at: datetime


class Dossier(NamedTuple):
    """Everything under a case, oldest first; of the events the newest message too, which the case holds."""

    events: list[CaseEvent]
    deliveries: list[Delivery]
    promises: list[Promise]
    viewers: list[Viewer]


class Cases(Protocol):
    def get(self, key: CaseKey) -> Case:
        """Raises NotFound."""

    def find(self, key: CaseKey) -> Case | None:
        """The case with this key, or the one that `link` leads to from it; of a merged one the case that it
        was merged into."""

    def thread(self, key: CaseKey) -> CaseKey | None:
        """The conversation that a message belongs to, by the key that `link` noted or that is a case's own,
        also where its case was merged; None where there is none."""

    def open(self, case: Case) -> bool:
        """Keep a new case; False if its conversation has one."""

    def change(self, case: Case, *events: CaseEvent) -> None:
        """Write a case read with `rev - 1`, and its events, all or nothing. Raises Conflict."""

    def approve(
        self, case: Case, delivery: Delivery, event: CaseEvent, promises: Sequence[Promise] = ()
    ) -> None:
        """Write case (read with `rev - 1`), new delivery, its promises and event, all or nothing. Raises
        Conflict."""

    def change_together(self, cases: Sequence[Case], lines: Sequence[tuple[CaseKey, CaseEvent]]) -> None:
        """Write cases, each read with `rev - 1`, and lines of their histories, all or nothing. Raises
        Conflict."""

    def label(self, case: Case, *events: CaseEvent, offered: Sequence[str]) -> None:
        """As `change`, and the brand offers these labels from now on. Raises Conflict."""

    def ask(self, case: Case, event: CaseEvent, mailings: Sequence[Mailing]) -> None:
        """As `change`, with the mails that tell of it, which may go out from then on. Raises Conflict."""

    def hold_off(self, case: Case, delivery: Delivery, event: CaseEvent, until: datetime) -> None:
        """As `approve`, for a holding reply: with the mark that this person hears nothing more by itself
        `until`. Under a standing approval only if that is not revoked, the brake is off and no such mark
        stands, and with a line of what was sent under it. Raises Conflict."""

    def conclude(
        self, case: Case | None, delivery: Delivery, event: CaseEvent, calls: Sequence[Call] = ()
    ) -> None:
        """Write an outcome: delivery (if its epoch is still this one), event, the calls that tell of it, and
        the case (read with `rev - 1`) unless None; and where it did not leave, its promises are withdrawn;
        all or nothing. Raises Conflict."""

    def mend(self, was: Delivery, now: Delivery, event: CaseEvent) -> None:
        """Write an answer that stands at its network as it is to become, if its state and epoch are still
        those of `was`, with its case's event. Raises Conflict."""

    def link(self, key: CaseKey, message: str) -> None:
        """Note that `message` (a native id on the same platform) belongs to this case."""

    def note(self, key: CaseKey, event: CaseEvent) -> None:
        """Append an event; a repeat of the same event changes nothing."""

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        """Everything that happened, oldest first; the newest message too, which the case itself holds. Of
        cases that were merged into it as well, for a request each."""

    def dossier(self, key: CaseKey) -> Dossier:
        """The same with the promises, and who has it before them, in one request."""

    def viewed(self, key: CaseKey, viewer: Viewer) -> None:
        """Keep that a colleague has it before them, for an hour."""

    def find_many(self, keys_: Sequence[CaseKey]) -> dict[CaseKey, Case]:
        """As `find`, those there are, by the keys asked for."""

    def waits(
        self,
        brand: str,
        departments: Container[str] | None = None,
        *,
        limit: int = 100,
        awake: datetime | None = None,
    ) -> Waits:
        """What waits for people at a brand, in one request; of cases those of `departments` (None: all), and
        not those that are snoozed at `awake`: where many are it takes more requests.

        As the index shows it, which may lag behind by a moment.
        """

    def waits_of(self, brand: str, department: str, *, limit: int = 50, awake: datetime) -> Waits:
        """The first cases of one department, however many wait at the brand: a query, and a request for these
        cases. Of a department that is gone what was its own is not among them."""

    def all_waiting(self, brand: str, departments: Container[str] | None = None) -> Iterator[Waiting]:
        """The same cases, however many, by due time; read as they are asked for."""

    def due_between(self, brand: str, after: datetime, until: datetime) -> list[Waiting]:
        """Of the same, however many, those due after the one moment and up to the other."""

    def done(self, brand: str, month: str, *, limit: int = 50, before: str = "") -> tuple[list[Done], str]:
        """Answered and closed cases of one UTC month (`yyyy-mm`), newest first, and where to go on."""

    def handed(self, brand: str, start: datetime, end: datetime) -> list[tuple[CaseKey, CaseEvent]]:
        """What departments handed over from the one moment up to the other, oldest first: a query for each
        month, and a request for a hundred of them. As the index shows it, and not what was of a drill."""


class Corrections(Protocol):
    def keep(
        self,
        correction: Correction,
        mention: Mention,
        was: Verdict,
        verdict: Verdict,
        state: str,
        line: AuditLine,
        *,
        case: Case | None = None,
        events: Sequence[CaseEvent] = (),
        calls: Sequence[Call] = (),
    ) -> None:
        """Lay a corrected verdict in the place of `was`, keep the correction and its line, write the case
        that follows (new, or read with `rev - 1`) with its events, and queue what webhooks are told; all or
        nothing. Raises Conflict."""

    def of(self, key: MentionKey) -> list[Correction]:
        """Of one mention, oldest first."""

    def between(self, brand: str, start: datetime, end: datetime) -> Iterable[Correction]:
        """Oldest first, read as they are asked for."""


class Deltas(Protocol):
    """What the brands' corrections taught, one a morning and judge; and which of them judges along."""

    def lessons(self, brand: str) -> Lessons:
        """As they are now; with a brand they come up to a minute old."""

    def add(self, delta: Delta) -> bool:
        """Keep it; False if there is one of this version (and then nothing changes)."""

    def get(self, brand: str, version: str) -> Delta | None:
        """None for what is not there any more. Remembered: what is kept does not change."""

    def newest(self, brand: str, limit: int) -> list[Delta]:
        """The newest first."""

    def settle(self, brand: str, lessons: Lessons, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it, all or nothing; `said` stays.
        Raises Conflict."""


class Shelf(Protocol):
    """Where the sandbox keeps what it is sent, and chats what they are not told twice: documents by name,
    under one account, for good or `until` a moment."""

    def put(self, account: str, name: str, document: str, *, until: datetime | None = None) -> bool:
        """False if there is one of that name already; it stays."""

    def replace(
        self, account: str, name: str, document: str, *lines: AuditLine, until: datetime | None = None
    ) -> None:
        """Together with what the log says of it."""

    def get(self, account: str, name: str) -> str | None: ...

    def all(self, account: str) -> list[tuple[str, str]]:
        """(name, document), by name."""
