"""What a network says of a message of ours, and of our account. None: it does not say; that is never zero."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

AGES = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))
"""How old a message is when it is measured."""
PATIENCE = timedelta(days=14)
"""A message this old is not asked after any more."""
UNTIL = (*(age + (after - age) / 2 for age, after in pairwise(AGES)), PATIENCE)
"""Half way to the next of `AGES`: measured later than this, a number does not stand for its age any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`reach`: how many people saw it; `reactions`: likes and their kin; `shares`: passed on by others."""

    reach: int | None = None
    reactions: int | None = None
    replies: int | None = None
    shares: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """`step` counts from 1: which of `AGES` it is."""

    step: int
    at: datetime
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Our account on one day (`yyyy-mm-dd`, the brand's own)."""

    channel: str
    day: str
    followers: int | None = None
    following: int | None = None


def next_step(sent_at: datetime, measured: int) -> datetime | None:
    """When the next measurement is due; None after the last."""
    return sent_at + AGES[measured] if measured < len(AGES) else None


def due_step(sent_at: datetime, measured: int, now: datetime) -> int:
    """The step that falls due now; 0 where none does: too early, or too late to stand for its age."""
    step = sum(sent_at + age <= now for age in AGES)
    return step if step > max(measured, missed(sent_at, now)) else 0


def missed(sent_at: datetime, now: datetime) -> int:
    """How many steps have gone by: what was not measured until now is not any more."""
    return sum(sent_at + until < now for until in UNTIL)
