"""How long a case lay with each department: what its hand-overs tell of the lines of communication."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import CaseEvent, EventKind


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
