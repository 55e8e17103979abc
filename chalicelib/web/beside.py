"""What stands beside the work on Today, and may be a minute old: the sources, and the morning's list.

Kept by one process, so that a page that is asked for all day does not read it each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from chalicelib.domain.outreach import Morning
from chalicelib.domain.source import Source, SourceState
from chalicelib.ports import Mornings, Sources

FRESH = 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Beside:
    sources: Sequence[tuple[Source, SourceState]]
    morning: Morning | None


class Reader:
    """`clock` gives seconds that only go up."""

    def __init__(self, sources: Sources, mornings: Mornings, clock: Callable[[], float] = monotonic) -> None:
        self._sources = sources
        self._mornings = mornings
        self._clock = clock
        self._known: dict[str, tuple[float, str, Beside]] = {}

    def of(self, brand: str, day: str) -> Beside:
        """`day` (yyyy-mm-dd) is the brand's own."""
        until, known_day, known = self._known.get(brand, (0.0, "", None))
        if known and known_day == day and self._clock() < until:
            return known
        found = Beside(self._sources.of(brand), self._mornings.get(brand, day))
        self._known[brand] = (self._clock() + FRESH, day, found)
        return found
