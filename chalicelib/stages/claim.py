"""Who works on a case: taking it, for an hour; laying it aside for a while; and what colleagues tell each
other.

Each is one conditional write, with its line of the history. Nobody else keeps a draft, sends, closes or hands
over meanwhile: that is refused at the write; to take it over is one press more. What was taken is free again
when the hour is over, so nothing stays with someone who went home. What was laid aside comes back by itself:
the lists look at the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, Colleague, EventKind
from chalicelib.domain.drafting import plain
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Cases

if TYPE_CHECKING:  # few notes ask anybody
    from chalicelib.domain.mailing import Mailing

TAKEN = timedelta(hours=1)
LONGEST = timedelta(days=60)
NOTE = 2_000
"""Characters of a note."""
AGAIN = timedelta(minutes=1)
"""The same words of the same person within it are one note."""
TRIES = 5


def take(
    key: CaseKey, rev: int, by: str, *, by_id: str = "", id: str = "", cases: Cases, now: datetime
) -> Case:
    """A case that waits becomes this person's for an hour, also one that a colleague had, or that slept.
    Its line has the `id`, if there is one. Raises Conflict."""
    case = waits(cases, key, rev)
    other = case.taken_by if case.taken(now) and not case.is_with(by, by_id) else ""
    taken = replace(freed(case), rev=case.rev + 1, taken_by=by, taken_by_id=by_id, taken_until=now + TAKEN)
    line = CaseEvent(
        at=now,
        id=f"taken-{id or taken.rev}",
        kind=EventKind.TAKEN,
        by=by,
        by_id=by_id,
        until=taken.taken_until,
        before=other,
    )
    cases.change(taken, line)
    return taken


def lay_down(key: CaseKey, rev: int, by: str, *, by_id: str = "", cases: Cases, now: datetime) -> Case:
    """It is nobody's any more. Raises Conflict, also where it was nobody's; BadInput where it is a
    colleague's."""
    case = to_work_on(cases, key, rev, by, by_id, now)
    if not case.taken(now):
        raise Conflict(f"{key} is nobody's")
    free = replace(freed(case), rev=case.rev + 1, snoozed_until=case.snoozed_until)
    line = CaseEvent(at=now, id=f"laid-{free.rev}", kind=EventKind.LAID_DOWN, by=by, by_id=by_id)
    cases.change(free, line)
    return free


def snooze(
    key: CaseKey,
    rev: int,
    until: datetime,
    reason: str,
    by: str,
    *,
    by_id: str = "",
    cases: Cases,
    now: datetime,
) -> Case:
    """Off the list until then; a new message of theirs brings it back at once. It is due when it was, so
    nothing sleeps past that. Raises Conflict, BadInput (`until`, or `taken`)."""
    case = to_work_on(cases, key, rev, by, by_id, now)
    if not now < until <= now + LONGEST:
        raise BadInput("until", f"a moment within {LONGEST.days} days from now")
    if now < case.due < until:
        raise BadInput("until", "a moment before it is due")
    asleep = replace(freed(case), rev=case.rev + 1, snoozed_until=until)
    event = CaseEvent(
        at=now,
        id=f"snoozed-{asleep.rev}",
        kind=EventKind.SNOOZED,
        by=by,
        by_id=by_id,
        text=plain(reason)[:NOTE],
        until=until,
    )
    cases.change(asleep, event)
    return asleep


def write_note(
    key: CaseKey,
    text: str,
    by: str,
    *,
    by_id: str = "",
    id: str = "",
    asked: tuple[Colleague, ...] = (),
    strangers: tuple[str, ...] = (),
    mailings: Callable[[Case, CaseEvent], Sequence[Mailing]] = lambda case, event: (),
    cases: Cases,
    now: datetime,
) -> CaseEvent:
    """For colleagues alone: it goes nowhere, and stays in the history. Under an `id` of its own, a repeat at
    the same moment writes the same. Whom it asks stands at the case until they write a note themselves;
    `mailings` are the mails to them, kept with it.

    The note as it is kept: of a repeat the first one. Raises NotFound, BadInput, Conflict.
    """
    text = plain(text)
    if not text:
        raise BadInput("note", "what colleagues should know")
    if len(text) > NOTE:
        raise BadInput("note", f"at most {NOTE} characters")
    event = CaseEvent(
        at=now,
        id=f"note-{id or uuid4().hex}",
        kind=EventKind.NOTED,
        by=by,
        by_id=by_id,
        text=text,
        asked=asked,
        strangers=strangers,
    )
    for _ in range(TRIES):
        case = cases.get(key)
        if case.into:
            key = case.into
            continue
        if kept := _kept(key, event, cases, own_id=bool(id)):
            return kept  # its form was sent twice
        still = tuple(each for each in case.asked if each.id not in {by_id, *(one.id for one in asked)})
        waited_for = (*still, *asked)
        try:
            if asked:
                after = replace(case, rev=case.rev + 1, asked=waited_for)
                cases.ask(after, event, mailings(after, event))
            elif waited_for == case.asked:
                cases.note(key, event)
            else:
                cases.change(replace(case, rev=case.rev + 1, asked=waited_for), event)
        except Conflict:
            continue
        return event
    raise Conflict(f"{key} changes too fast")


def _kept(key: CaseKey, event: CaseEvent, cases: Cases, *, own_id: bool) -> CaseEvent | None:
    """This note, if it was written before: under its own id, else in the same words a moment ago."""
    events, _ = cases.history(key)
    notes = [each for each in events if each.kind is EventKind.NOTED]
    if own_id:
        return next((each for each in notes if each.id == event.id), None)
    same = (event.by, event.text)
    return next((each for each in notes if each.at > event.at - AGAIN and (each.by, each.text) == same), None)


def as_read(cases: Cases, key: CaseKey, rev: int) -> Case:
    """The case as the person saw it. Raises NotFound, Conflict."""
    case = cases.get(key)
    if case.into:
        raise Conflict(f"{key} was merged into {case.into}")
    if case.rev != rev:
        raise Conflict(f"{key} changed since it was read")
    return case


def waits(cases: Cases, key: CaseKey, rev: int) -> Case:
    """The same, of a case that waits for us. Raises NotFound, Conflict."""
    case = as_read(cases, key, rev)
    if not case.state.waits_for_us:
        raise Conflict(f"{key} is {case.state.value}")
    return case


def to_work_on(cases: Cases, key: CaseKey, rev: int, by: str, by_id: str, now: datetime) -> Case:
    """The same, of one on which no colleague works. Raises BadInput (`taken`) besides."""
    case = waits(cases, key, rev)
    must_be_free(case, by, by_id, now)
    return case


def to_approve(cases: Cases, key: CaseKey, rev: int, by: str, by_id: str, now: datetime) -> Case:
    """The same, for a person with a name. Raises BadInput (`by`) besides."""
    if not by:
        raise BadInput("by", "a named person approves")
    return to_work_on(cases, key, rev, by, by_id, now)


def must_be_free(case: Case, by: str, by_id: str, now: datetime) -> None:
    """Raises BadInput (`taken`) where a colleague works on it."""
    if case.taken(now) and not case.is_with(by, by_id):
        raise BadInput("taken", f"{case.taken_by} works on it; take it over first")


def freed(case: Case) -> Case:
    """Nobody's, and awake."""
    return replace(case, taken_by="", taken_by_id="", taken_until=None, snoozed_until=None)


def reopened(case: Case) -> Case:
    """It waits for us again, and nobody has it; by when, its caller says."""
    return replace(
        freed(case),
        state=CaseState.OPEN,
        reason="",
        answered_at=None,
        helped=None,
        asked=(),
        reopened=True,
        promised=None,
    )
