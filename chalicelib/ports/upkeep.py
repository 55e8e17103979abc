"""What is told to others, what a brand knows, and what is kept to show that the house runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from chalicelib.domain.alerting import Notice, Ways
    from chalicelib.domain.answered import Answered
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.brand import Brand, Known
    from chalicelib.domain.budget import Spent
    from chalicelib.domain.case import CaseKey
    from chalicelib.domain.events import Event
    from chalicelib.domain.hook import Call, Hook
    from chalicelib.domain.hush import Hush
    from chalicelib.domain.knowledge import Hit, Page, Passage
    from chalicelib.domain.ledger import Book, Entry, Hold
    from chalicelib.domain.mailing import Mailing
    from chalicelib.domain.post import PostKey
    from chalicelib.domain.pulse import Failure, KeyState, Tally
    from chalicelib.domain.roster import Week
    from chalicelib.domain.spike import Counts, Surge
    from chalicelib.domain.tested import Tested

Tell: TypeAlias = "Callable[[Brand, str, Iterable[Event]], None]"
"""Queue these events, of one kind, for the brand's addresses that want it."""

Rings: TypeAlias = "CaseKey | PostKey | Surge | Hush | Spent"
"""What a bell can ring for."""


class Ledger(Protocol):
    """What networks that charge were paid: a book a brand and month (`yyyy-mm`, where the brand is)."""

    def book(self, brand: str, month: str) -> Book:
        """As it is now, in one request; an empty one where nothing was paid."""

    def books(self, brand: str, months: list[str]) -> list[Book]:
        """Several, in one request, in this order."""

    def reserve(self, brand: str, book: Book, hold: Hold, limits: Mapping[str, int]) -> bool:
        """Hold so much for one request, in the place of what `book` shows as held at its source, which is
        lost; False where that changed meanwhile, or a budget of `limits` (by scope) has not enough left. A
        repeat of the same hold is True."""

    def settle(self, brand: str, month: str, hold: Hold, lines: Mapping[Entry, int]) -> Book:
        """What it cost, in the place of what was held for it; the book after that. A repeat changes
        nothing."""

    def tell(self, brand: str, month: str, marks: list[str]) -> None:
        """Note what was told of."""

    def let_go_on(self, brand: str, month: str, scope: str, by: str, *lines: AuditLine) -> None:
        """The budget of `scope` stops nothing more in this month: who said so, with the log's line, all or
        nothing."""


def nobody(brand: Brand, kind: str, events: Iterable[Event]) -> None:
    """Plays `Tell` where nobody listens."""


class KnownPages(Protocol):
    """Which pages a brand's knowledge has."""

    def of(self, brand: str) -> Known:
        """As they are now; with a brand they come up to a minute old."""

    def settle(self, brand: str, known: Known, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it, all or nothing. Raises
        Conflict."""


class Library(Protocol):
    """The pages themselves, as files that never change, and the index over them, which is made where it is
    missed. `known` says which count."""

    def keep(self, brand: str, page: Page) -> str:
        """Lay a page there and give its digest: it counts once that is known."""

    def index(self, brand: str, known: Known) -> None:
        """Have the index made, so that nobody waits for it."""

    def pages(self, brand: str, known: Known) -> list[Page]:
        """By title."""

    def page(self, brand: str, known: Known, id: str) -> Page:
        """Raises NotFound."""

    def passage(self, brand: str, known: Known, page: str, n: int) -> Passage:
        """Raises NotFound."""

    def find(
        self, brand: str, known: Known, text: str, languages: Collection[str], departments: Collection[str]
    ) -> list[Hit]:
        """What may be said to a text in these languages by these departments, the best first; what is of no
        department is everybody's."""


class Answers(Protocol):
    """What a brand answered before, as of this UTC day: gathered by who asks first."""

    def like(self, brand: str, text: str, language: str, now: datetime) -> list[Answered]:
        """To messages of this language that are like the text, the newest first."""

    def get(self, brand: str, case: CaseKey, n: int, now: datetime) -> Answered:
        """Raises NotFound."""


class Hooks(Protocol):
    """The addresses, and their calls for 30 days. What a process knows of a brand's addresses with the brand
    (`Brand.hooks`) may be a minute old; here they are as they are now."""

    def of(self, brand: str) -> list[Hook]: ...

    def get(self, brand: str, id: str) -> Hook:
        """Raises NotFound."""

    def add(self, hook: Hook, *lines: AuditLine) -> bool:
        """Keep a new one, with what the log says of it; False if there is, or was, one of its id."""

    def change(self, was: Hook, now: Hook, *lines: AuditLine) -> None:
        """Write it with what the log says of it, all or nothing, if it is still `was`. Raises Conflict."""

    def lease(self, hook: Hook, now: datetime, until: datetime) -> bool:
        """May this worker call it? One at a time, until then or until it is freed."""

    def free(self, hook: Hook) -> None: ...

    def queue(self, calls: Iterable[Call]) -> None:
        """Keep calls that wait; one of the same moment and id is written over."""

    def settle(self, call: Call) -> None:
        """Keep what came of a try, or that it is to be tried again."""

    def waiting(self, now: datetime) -> bool:
        """Is any call due, of any brand?"""

    def due(self, now: datetime, *, limit: int) -> list[Call]:
        """Of each address those that waited longest, so many at most; oldest event first."""

    def log(self, brand: str, hook: str, *, limit: int = 50, before: str = "") -> tuple[list[Call], str]:
        """Newest first, and where to go on ("" at the end)."""

    def call(self, brand: str, hook: str, at: datetime, id: str) -> Call:
        """Raises NotFound."""


class Pulse(Protocol):
    def ran(self, schedule: str, at: datetime) -> None:
        """A run of this schedule came to its end."""

    def runs(self) -> dict[str, datetime]:
        """The last run of each schedule that ran, the tick's too."""

    def key_worked(self, brand: str, channel: str, at: datetime) -> None: ...

    def key_refused(self, brand: str, channel: str, at: datetime) -> None:
        """Since when is kept: a second refusal changes nothing."""

    def tested(self, brand: str) -> dict[str, Tested]:
        """What came of trying each key last, by whose it is (`Tested.of`)."""

    def test(self, brand: str, tested: Tested) -> None: ...

    def untest(self, brand: str, of: str) -> None:
        """It is another key now: nothing is known of it yet."""

    def count(self, brand: str, tally: Tally) -> None:
        """What was counted of a month before is written over."""

    def failed(self, brand: str, failure: Failure) -> None:
        """Kept until `mended`; of one thing the last failure."""

    def mended(self, brand: str, what: str, at: datetime) -> None: ...

    def failures(self, brand: str) -> dict[str, Failure]:
        """What could not be made and was not since, by what."""

    def of(self, brand: str, month: str) -> tuple[list[KeyState], Tally | None]:
        """The keys by channel, and that month's tally."""


class Ringing(NamedTuple):
    """What is to be told by now: (brand, bell) with alerts; (brand, id) of notices that must have been
    opened, and of mails that have not gone."""

    bells: list[tuple[str, str]]
    notices: list[tuple[str, str]]
    mailings: list[tuple[str, str]]


class Alerts(Protocol):
    """Cases, posts, spikes and silent sources of which a department must hear at once; a set, so that a
    repeat adds nothing.

    A `bell` is a department and a ring (`desk.negative`): praise never makes a complaint wait.
    """

    def add(self, brand: str, bell: str, found: Iterable[Rings], now: datetime) -> bool:
        """May the department be told at once? False while its quiet time lasts."""

    def claim(self, brand: str, bell: str, now: datetime, *, quiet_until: datetime) -> tuple[Rings, ...]:
        """Those that wait, if none was sent shortly before `now`; else empty.

        From then until `quiet_until` nobody else gets any: what comes in between is gathered.
        """

    def done(self, brand: str, bell: str, found: Iterable[Rings]) -> None: ...

    def hold(self, brand: str, bell: str, until: datetime) -> None:
        """What waits may not be told before then."""

    def waiting(self, now: datetime) -> Ringing: ...


class Mailings(Protocol):
    """Mails to colleagues that were written with what they tell of (`Cases.ask`), until they have gone."""

    def claim(self, brand: str, id: str, now: datetime, *, again: datetime) -> Mailing | None:
        """One to send now, for this caller alone until `again`; None where it went, or another sends it."""

    def settle(self, mailing: Mailing) -> None:
        """It has gone, or never will; no repeat sends it."""


class Notices(Protocol):
    """What was told of, for a year; and the ways of colleagues."""

    def keep(self, notice: Notice) -> None:
        """Before it is sent, so that its links lead somewhere."""

    def reached(self, notice: Notice, ways: Sequence[str], open_by: datetime | None) -> None:
        """It arrived by these ways; and must be opened by then, if anybody cares."""

    def get(self, brand: str, id: str) -> Notice:
        """Raises NotFound."""

    def newest(self, brand: str, *, limit: int = 50, before: str = "") -> tuple[list[Notice], str]:
        """Newest first, and where to go on ("" at the end)."""

    def unsay(self, cases: Sequence[CaseKey], since: datetime) -> None:
        """Take the words out of what was told since then of one of these cases alone: its message was removed
        where it stood."""

    def opened(self, notice: Notice, by: str, by_id: str, now: datetime) -> bool:
        """Somebody looked; False if somebody did before, which stays."""

    def claim_unopened(self, brand: str, id: str, now: datetime, *, again: datetime) -> Notice | None:
        """One that nobody opened in time, for this caller alone until `again`; else None."""

    def settle(self, notice: Notice, escalated_at: datetime | None) -> None:
        """Nobody need hear any more that it was not opened."""

    def colleagues(self, brand: str) -> list[Ways]:
        """Of those who want to be told themselves, by name."""

    def ways(self, brands: Sequence[str], user: str) -> dict[str, Ways]:
        """One colleague's, by brand: those there are."""

    def set_ways(self, ways: Ways, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it. Raises Conflict."""

    def forget(self, brand: str, user: str) -> None:
        """This colleague is told no more."""

    def habit(self, brand: str) -> tuple[Mapping[datetime, Counts], Surge | None]:
        """What was counted by the hour, and the last spike that was told of."""

    def set_habit(self, brand: str, hours: Mapping[datetime, Counts], told: Surge | None) -> None: ...

    def hushes(self, brand: str) -> tuple[Hush, ...]:
        """Sources that were told of as not heard, and are not yet."""

    def set_hushes(self, brand: str, told: Sequence[Hush]) -> None: ...

    def lapses(self, brand: str) -> tuple[Hush, ...]:
        """Keys that were told of as refused or about to end, and are still."""

    def set_lapses(self, brand: str, told: Sequence[Hush]) -> None: ...

    def digested(self, brand: str) -> str:
        """The day (`yyyy-mm-dd`, where the brand is) of the last digest; "" for none."""

    def set_digested(self, brand: str, day: str) -> None: ...

    def told_until(self) -> datetime | None:
        """Cases due up to then were told of as nearly late, of all brands."""

    def set_told_until(self, at: datetime) -> None: ...


class Rosters(Protocol):
    """Who is on duty, week by week. Which weeks have shifts is read with the brand (`Brand.rostered`), and
    may be a minute old there."""

    def week(self, brand: str, monday: str) -> Week:
        """That of this Monday; without shifts and with `rev` 0 where nobody wrote one."""

    def between(self, brand: str, first: str, last: str) -> list[Week]:
        """Those there are of these Mondays, in one request."""

    def keep(self, week: Week, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it; `handed` stays. Raises
        Conflict."""

    def claim_end(self, week: Week, closing: str, now: datetime, until: datetime) -> bool:
        """May this caller, alone until then, hand over what ended? False once it was."""

    def handed(self, week: Week, closing: str) -> None:
        """It was."""
