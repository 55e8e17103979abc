"""A promise of ours, made to somebody in a reply: what, by when, by whom; and when colleagues are reminded.

    open -> kept
      |---> dropped      a person said why
      \\---> withdrawn    its reply did not leave

It is reminded of twice: on the morning of the day it is due, and when that moment is past, in the hours of
its department. Where that is closed all day, the morning is that of the last day before on which it is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain import clock
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.mention import slug, unslug

if TYPE_CHECKING:
    from chalicelib.domain.brand import Brand, Department
    from chalicelib.domain.promises import Found
    from chalicelib.domain.when import Calendar

LONGEST = timedelta(days=300)
"""A case is kept for a year; what is promised for later than this is not."""
BACK = 14
"""Days before its own that a morning is looked for."""


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PromiseKey:
    """The `i`-th of the `n`-th reply of a case."""

    case: CaseKey
    n: int
    i: int

    def __str__(self) -> str:
        return f"{self.case}/{self.n}/{self.i}"

    @property
    def slug(self) -> str:
        return slug(str(self))

    @classmethod
    def from_slug(cls, given: str) -> PromiseKey:
        """Raises ValueError for anything that `slug` did not make."""
        case, n, i = unslug(given).rsplit("/", 2)
        brand, platform, root = case.split("/", 2)
        key = cls(CaseKey(brand, platform, root), int(n), int(i))
        if key.slug != given:
            raise ValueError(given)
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`rev` grows by one a write; every change is conditional on it. `author` is who it was made to, `by` who
    made it, at `at`. Not `dated`: the text named no moment, `due` is a guess of ours. `reason` is why it was
    moved or dropped."""

    key: PromiseKey
    rev: int
    state: PromiseState
    passage: str
    due: datetime
    dated: bool
    department: str
    author: str
    by: str
    at: datetime
    by_id: str = ""
    reason: str = ""
    remind: datetime | None = None
    """When its department is told of it next."""

    def late(self, now: datetime) -> bool:
        return self.state is PromiseState.OPEN and self.due <= now


def calendar(brand: Brand, department: Department) -> Calendar:
    from chalicelib.domain.holidays import off
    from chalicelib.domain.when import Calendar

    return Calendar(department.hours, brand.zone, off(brand, department))


def decided(found: Iterable[Found], said: Mapping[str, datetime | None]) -> tuple[Found, ...]:
    """With what a person said of them, by passage: another moment, or None where it is no promise."""
    kept = [each for each in found if each.passage not in said or said[each.passage] is not None]
    return tuple(
        replace(each, due=due, dated=True) if (due := said.get(each.passage)) else each for each in kept
    )


def of_reply(delivery: Delivery) -> tuple[PromiseKey, ...]:
    """The promises that were made in it."""
    if not isinstance(delivery.key.owner, CaseKey):
        return ()
    return tuple(PromiseKey(delivery.key.owner, delivery.key.n, i) for i in range(1, delivery.promises + 1))


def unmade(delivery: Delivery) -> tuple[PromiseKey, ...]:
    """Those that nobody heard, as their reply, or its message with them, did not leave."""
    if delivery.state not in (DeliveryState.FAILED, DeliveryState.CANCELLED):
        return ()
    heard = [n <= len(delivery.standing) for n in delivery.promised_with] or [False] * delivery.promises
    return tuple(key for key, known in zip(of_reply(delivery), heard, strict=True) if not known)


# reminding ------------------------------------------------------------------------------------------


def next_reminder(due: datetime, after: datetime, calendar: Calendar) -> datetime | None:
    """The first moment later than `after` at which its department is told of it."""
    moments = (morning(due, calendar), overdue(due, calendar))
    return min((each for each in moments if each > after), default=None)


def morning(due: datetime, calendar: Calendar) -> datetime:
    """When the department opens on the day, or on the last one before, if it does so too late."""
    day = calendar.today(due)
    days = [day - timedelta(days=n) for n in range(BACK)]
    starts = (calendar.start(each) for each in days if calendar.open_on(each))
    return next((start for start in starts if start < due), calendar.start(day - timedelta(days=1)))


def overdue(due: datetime, calendar: Calendar) -> datetime:
    """When it is due, or at the next opening."""
    minute = timedelta(minutes=1)
    return clock.due(due, 1, calendar.hours, calendar.zone, calendar.closed).due - minute


def rings(promise: Promise, now: datetime, calendar: Calendar) -> bool:
    """Is it told of in a reminder that goes out now?"""
    return promise.state is PromiseState.OPEN and morning(promise.due, calendar) <= now


def bell(department: str) -> str:
    """What rings for the promises of a department."""
    return f"{department}.{BELL}"


BELL = "promised"
