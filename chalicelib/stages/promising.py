"""What we promise in a reply, and what becomes of it: kept, moved or dropped, each by a named person.

Promises are found in the text that is approved and written with it, in one transaction (`answer.py`); a
person may have said of each that it is due at another moment, or none. What is done to one later is one
transaction with its line of the case's history. The case itself does not change by it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import promise as rules
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, EventKind
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.drafting import plain
from chalicelib.domain.promise import LONGEST, Promise, PromiseKey, PromiseState
from chalicelib.domain.promises import Found, find
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Promises

WHY = 500
"""Characters of a reason."""

Said = Mapping[str, datetime | None]
"""What a person said of promises, by passage: when it is due, or None where it is no promise."""


def promised_in(text: str, case: Case, brand: Brand, now: datetime) -> tuple[Found, ...]:
    """What an answer to this case promises, were it sent now."""
    return find(plain(text), now, rules.calendar(brand, brand.department(case.department)))


def made(delivery: Delivery, case: Case, brand: Brand, said: Said, by_id: str) -> tuple[Promise, ...]:
    """The promises of a reply that is approved. Raises BadInput (`promises`) for a moment that cannot be."""
    now, department = delivery.approved_at, brand.department(case.department)
    calendar = rules.calendar(brand, department)
    found = rules.decided(promised_in(delivery.text, case, brand, now), said)
    for each in found:
        _must_be_ahead(each.due, now, "promises")
    return tuple(
        Promise(
            key=PromiseKey(case.key, delivery.key.n, i),
            rev=1,
            state=PromiseState.OPEN,
            passage=each.passage,
            due=each.due,
            dated=each.dated,
            department=department.id,
            author=case.author,
            by=delivery.approved_by,
            by_id=by_id,
            at=now,
            remind=rules.next_reminder(each.due, now, calendar),
        )
        for i, each in enumerate(found, 1)
    )


def keep(
    key: PromiseKey, rev: int, by: str, *, by_id: str = "", promises: Promises, now: datetime
) -> Promise:
    """It was done. Raises NotFound, Conflict."""
    was = _open(key, rev, promises)
    kept = replace(was, rev=rev + 1, state=PromiseState.KEPT, remind=None)
    promises.change(kept, _line(EventKind.KEPT, kept, by, by_id, now))
    return kept


def move(
    key: PromiseKey,
    rev: int,
    due: datetime,
    reason: str,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    promises: Promises,
    now: datetime,
) -> Promise:
    """It will be done at another moment; whoever does it tells the customer too. Raises NotFound, Conflict,
    BadInput (`due`, `reason`)."""
    was = _open(key, rev, promises)
    _must_be_ahead(due, now, "due")
    calendar = rules.calendar(brand, brand.department(was.department))
    moved = replace(
        was,
        rev=rev + 1,
        due=due,
        dated=True,
        reason=_why(reason),
        remind=rules.next_reminder(due, now, calendar),
    )
    line = replace(_line(EventKind.MOVED, moved, by, by_id, now), until=due)
    promises.change(moved, line)
    return moved


def drop(
    key: PromiseKey, rev: int, reason: str, by: str, *, by_id: str = "", promises: Promises, now: datetime
) -> Promise:
    """It is not to be done, or was no promise. Raises NotFound, Conflict, BadInput (`reason`)."""
    was = _open(key, rev, promises)
    dropped = replace(was, rev=rev + 1, state=PromiseState.DROPPED, reason=_why(reason), remind=None)
    promises.change(dropped, _line(EventKind.DROPPED, dropped, by, by_id, now))
    return dropped


def _open(key: PromiseKey, rev: int, promises: Promises) -> Promise:
    was = promises.get(key)
    if was.rev != rev or was.state is not PromiseState.OPEN:
        raise Conflict(f"promise {key} changed since it was read")
    return was


def _must_be_ahead(due: datetime, now: datetime, field: str) -> None:
    if not now < due <= now + LONGEST:
        raise BadInput(field, f"a moment within {LONGEST.days} days from now")


def _why(reason: str) -> str:
    reason = plain(reason)[:WHY]
    if not reason:
        raise BadInput("reason", "why")
    return reason


def _line(kind: EventKind, promise: Promise, by: str, by_id: str, now: datetime) -> CaseEvent:
    if not by:
        raise BadInput("by", "a named person says so")
    key = promise.key
    return CaseEvent(
        at=now,
        id=f"{kind.value}-{key.n}-{key.i}-{promise.rev}",
        kind=kind,
        by=by,
        by_id=by_id,
        text=promise.passage,
        anyway=promise.reason if kind is not EventKind.KEPT else "",
    )
