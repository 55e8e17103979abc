"""What shows that the house runs: when each schedule last did its work, whether our keys are taken, and how
much was done this month.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.errors import BadInput, WebspinError

SCHEDULES = {
    "tick": timedelta(minutes=10),
    "measure": timedelta(minutes=45),
    "relate": timedelta(hours=3),
    "evaluate": timedelta(hours=3),
}
"""So old the last run of each may be. The tick notes itself every four minutes, the others each run."""


def late(schedule: str, ran: datetime | None, now: datetime) -> bool:
    """One that never ran is late as well: at a new installation for as long as its first run takes."""
    return ran is None or now - ran > SCHEDULES[schedule]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """Of a channel's key, as its network last told. `refused_since` None: it is taken."""

    channel: str
    worked: datetime | None = None
    refused_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What could not be made for a brand: a month's report (`2026-11`), what came late to it
    (`2026-11/late`), a morning's list (`2026-11-23`); last tried at `at`. `reason` is in English."""

    what: str
    at: datetime
    reason: str


OURS = "a fault of ours: "


def why(error: Exception) -> str:
    """As a reason that `web/reasons.py` words; of what was not foreseen its type alone."""
    if isinstance(error, BadInput):
        return error.message
    return str(error) if isinstance(error, WebspinError) else f"{OURS}{type(error).__name__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a brand's month amounted to, counted at `at`."""

    month: str
    at: datetime
    mentions: int
    sent: int
