"""What is kept to show that the house runs."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.pulse import KeyState, Tally


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

    def of(self, brand: str, month: str) -> tuple[list[KeyState], Tally | None]:
        """The keys by channel, and that month's tally."""
