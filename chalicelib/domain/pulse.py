"""What shows that the house runs: when each schedule last did its work, whether our keys are taken, and how
much was done this month.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
class Tally:
    """What a brand's month amounted to, counted at `at`."""

    month: str
    at: datetime
    mentions: int
    sent: int
