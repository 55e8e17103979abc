"""What is told to others, what a brand knows, and what is kept to show that the house runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from chalicelib.domain.audit import AuditLine
    from chalicelib.domain.brand import Brand, Known
    from chalicelib.domain.events import Event
    from chalicelib.domain.hook import Call, Hook
    from chalicelib.domain.knowledge import Hit, Page, Passage
    from chalicelib.domain.pulse import Failure, KeyState, Tally

Tell: TypeAlias = "Callable[[Brand, str, Iterable[Event]], None]"
"""Queue these events, of one kind, for the brand's addresses that want it."""


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

    def count(self, brand: str, tally: Tally) -> None:
        """What was counted of a month before is written over."""

    def failed(self, brand: str, failure: Failure) -> None:
        """Kept until `mended`; of one thing the last failure."""

    def mended(self, brand: str, what: str, at: datetime) -> None: ...

    def failures(self, brand: str) -> dict[str, Failure]:
        """What could not be made and was not since, by what."""

    def of(self, brand: str, month: str) -> tuple[list[KeyState], Tally | None]:
        """The keys by channel, and that month's tally."""
