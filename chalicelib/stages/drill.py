"""A drill: start it, look after it, end it.

Starting keeps the drill with its line of the log, then its messages, then queues them to be understood. A
crash in between leaves a drill whose messages `tend` puts into the queue; so does the same form sent again.
Every step bears repeats.

Ending closes its cases that still wait, each in one conditional write, and then notes the end: a crash in
between leaves the rest to `tend`, and so does a message that was understood only after the end.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.case import Case, CaseEvent, CaseState, EventKind
from chalicelib.domain.drill import LONGEST, MOST, OVER, Drill, Line
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Brands, Cases, Drills, Mentions, Tasks
from chalicelib.stages.claim import freed
from chalicelib.tasks import Understand, packed

LOOKED_AFTER = timedelta(days=1)
"""So long after its end a drill is still tidied up."""
log = logging.getLogger("webspin")


def start(
    drill: Drill,
    line: Callable[[str, str], AuditLine],
    *,
    drills: Drills,
    mentions: Mentions,
    tasks: Tasks,
) -> Drill:
    """As it is kept: of the same id there is one. Raises BadInput ("by", "until", "lines"), Conflict where
    another one runs at this brand."""
    now = drill.started_at
    if not drill.by:
        raise BadInput("by", "a named person starts it")
    if not now < drill.until <= now + LONGEST:
        raise BadInput("until", "at most 24 hours")
    if not 1 <= len(drill.lines) <= MOST:
        raise BadInput("lines", "many")
    there = drills.of(drill.brand)
    if any(each.runs(now) for each in there) and all(each.id != drill.id for each in there):
        raise Conflict("another drill runs")
    if not drills.add(drill, line("drill.start", drill.id)):
        drill = drills.get(drill.brand, drill.id)
    if drill.runs(now):
        _put(drill, mentions, tasks)
    return drill


def end(
    drill: Drill,
    by: str,
    line: Callable[[str, str], AuditLine] | None,
    *,
    drills: Drills,
    cases: Cases,
    now: datetime,
) -> Drill:
    """By this person, or by itself ("", and no line). What ended stays as it is. Raises Conflict."""
    if drill.ended_at:
        return drill
    _close(drill, cases, now)
    over = replace(drill, rev=drill.rev + 1, ended_at=now, ended_by=by)
    drills.change(over, *([line("drill.end", drill.id)] if line else ()))
    return over


def tend(
    *, brands: Brands, drills: Drills, mentions: Mentions, cases: Cases, tasks: Tasks, now: datetime
) -> int:
    """End those whose time is over, and put right what a crash left; how many were looked after."""
    found = 0
    for brand in brands.all():
        for drill in drills.of(brand.id):
            if drill.end() + LOOKED_AFTER <= now:
                continue
            found += 1
            try:
                _tend(drill, drills, mentions, cases, tasks, now)
            except Exception as error:  # one drill must not take the others along
                log.error("drill not looked after", exc_info=error, extra={"brand": brand.id})
    return found


def _tend(
    drill: Drill, drills: Drills, mentions: Mentions, cases: Cases, tasks: Tasks, now: datetime
) -> None:
    if drill.runs(now):
        _put(drill, mentions, tasks)
    elif drill.ended_at:
        _close(drill, cases, now)
    else:
        end(drill, "", None, drills=drills, cases=cases, now=now)


def _put(drill: Drill, mentions: Mentions, tasks: Tasks) -> None:
    """Keep its messages, and queue those that have no verdict yet."""
    made = drill.mentions()
    known = mentions.get_many([each.key for each in made])
    for each in made:
        if each.key not in known:
            mentions.add(each)
    waiting = [each for each in made if known.get(each.key, (each, None))[1] is None]
    tasks.send(Understand(run) for run in packed(waiting))


def _close(drill: Drill, cases: Cases, now: datetime) -> None:
    for case in cases.find_many(drill.keys).values():
        if case.state.waits_for_us:
            cases.change(*_closed(case, now))


def _closed(case: Case, now: datetime) -> tuple[Case, CaseEvent]:
    closed = replace(
        freed(case), rev=case.rev + 1, state=CaseState.SOLVED, answered_at=case.answered_at or now
    )
    return closed, CaseEvent(at=now, id=f"solved-{closed.rev}", kind=EventKind.SOLVED, text=OVER)


def made(
    brand: str,
    id: str,
    lines: Sequence[Line],
    lasts: timedelta,
    by: str,
    now: datetime,
) -> Drill:
    """A new one, which begins now."""
    return Drill(
        brand=brand,
        id=id,
        lines=tuple(lines),
        started_at=now.replace(microsecond=0),
        until=now.replace(microsecond=0) + lasts,
        by=by,
    )
