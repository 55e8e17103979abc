"""How long a case lay with each department: what its hand-overs tell of the lines of communication.

`stays` is the whole life of one case, for who reads it. `waits_since` is what a hand-over is written with,
and what the month's report counts: only the time in which somebody waited for us.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import Case, CaseEvent, EventKind
from chalicelib.domain.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Stay:
    """With which department (its id, "" where the hand-over was written before that was kept), and how long,
    by the clock and not by opening hours: that is how long somebody outside waited."""

    department: str
    length: timedelta


def stays(events: Iterable[CaseEvent], department: str, end: datetime) -> tuple[Stay, ...]:
    """In order; the last is with `department`, where the case is now, up to `end`. Nothing for one that was
    never handed over. A case begins where its first message was heard."""
    told = sorted(events, key=lambda event: event.at)
    handed = [event for event in told if event.kind is EventKind.HANDED]
    if not handed:
        return ()
    began = next((event.at for event in told if event.kind is EventKind.HEARD), handed[0].at)
    found = []
    for event in handed:
        found.append(Stay(event.origin, event.at - began))
        began = event.at
    return (*found, Stay(department, max(end - began, timedelta())))


def waits_since(
    case: Case, events: Sequence[CaseEvent], sent: Sequence[Delivery], theirs: Collection[CaseEvent] = ()
) -> datetime:
    """Since when a case that waits for us does so at the department where it is, by its whole history: since
    the first message that has no answer, or since it was opened again or came here, where that was later.
    `theirs` are lines of cases that were merged into it: where those were is nothing to this one."""
    from chalicelib.domain.turns import turns

    waits = [turn.heard[0].at for turn in turns(case, events, sent) if not (turn.answered_at or turn.closed)]
    began = [
        event.at
        for event in events
        if event not in theirs
        and (
            event.kind is EventKind.REOPENED
            or (event.kind is EventKind.HANDED and event.department == case.department)
        )
    ]
    return max([*waits[:1], *began], default=case.received_at)
