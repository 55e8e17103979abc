"""What is kept of webhooks out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.hook import Call, Hook


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
