"""When the hub of a feed that pushes is asked to call us, and asked again before it forgets us."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LEASE = timedelta(days=10)
"""For so long we ask to be called; a hub may grant less."""
SHORTEST = timedelta(minutes=5)
AGAIN = timedelta(hours=6)
"""So long after we asked in vain, or without being asked back, we ask again."""
SPENT = 0.6
"""Of a lease, when it is renewed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """`asked` is when the hub was asked last; it asked back at `granted`, and calls us until `until`."""

    asked: datetime | None = None
    granted: datetime | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        moments = {"asked": self.asked, "granted": self.granted, "until": self.until}
        kept = {name: at.isoformat() for name, at in moments.items() if at}
        return json.dumps(kept, separators=(",", ":")) if kept else ""

    @classmethod
    def of(cls, text: str) -> Subscription:
        """As `str` of it gives it; none for anything else."""
        try:
            kept = json.loads(text) if text else {}
            return cls(**{name: datetime.fromisoformat(at) for name, at in kept.items()})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def due(self, now: datetime) -> bool:
        """Is the hub to be asked now?"""
        if self.granted and self.until and (self.asked is None or self.granted >= self.asked):
            return now >= self.granted + (self.until - self.granted) * SPENT
        return self.asked is None or now - self.asked >= AGAIN

    def renewed(self, now: datetime) -> Subscription:
        """Asked now."""
        return replace(self, asked=now)

    def confirmed(self, now: datetime, seconds: int) -> Subscription:
        """The hub asked back, and grants so much; 0 where it does not say."""
        lease = timedelta(seconds=min(seconds, 10**8)) if seconds else LEASE
        return replace(self, granted=now, until=now + max(lease, SHORTEST))
