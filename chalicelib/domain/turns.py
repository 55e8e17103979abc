"""The turns of a case: the messages that waited for us together, and what followed: an answer, or a person
who closed the case without one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseState, EventKind, Helped
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.figures_sent import LEFT, UNSURE
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.month import CaseRow, complains
from chalicelib.domain.response import decide, within
from chalicelib.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Heard:
    at: datetime
    mention: MentionKey


@dataclass(frozen=True, slots=True)
class Turn:
    """`n` counts from 1 through the whole case; `heard` is oldest first, and never empty."""

    n: int
    heard: tuple[Heard, ...]
    answered_at: datetime | None = None
    closed: bool = False
    """A person closed it without an answer; or who wrote did, with thanks: `by_them`."""
    unsure: bool = False
    """It may have been answered: nobody knows yet whether the reply left."""
    by_them: bool = False


@dataclass(frozen=True, slots=True)
class _End:
    """What ended the waiting of all messages up to the place `last`."""

    at: datetime
    last: int
    closed: bool = False
    by_them: bool = False


def turns(case: Case, events: Sequence[CaseEvent], sent: Sequence[Delivery]) -> list[Turn]:
    """Of a case with its whole history. Messages with the same end are one turn; only the last turn can
    be without, and one before it whose answer nobody knows of."""
    lines = {e.mention: Heard(e.at, e.mention) for e in events if e.kind is EventKind.HEARD and e.mention}
    heard = sorted(lines.values(), key=lambda one: (one.at, one.mention.id))
    sent = [reply for reply in sent if not reply.answer_by]  # a holding reply answers nothing
    ends = sorted(_ends(case, events, sent, heard), key=lambda end: end.at)
    places = {one.mention: place for place, one in enumerate(heard)}
    replied = (places[reply.to] for reply in sent if reply.state in UNSURE and reply.to in places)
    maybe = max(replied, default=-1)
    found: list[Turn] = []
    how: tuple[_End | None, bool] = (None, False)
    for place, one in enumerate(heard):
        end = next((end for end in ends if end.last >= place), None)
        here = (end, end is None and place <= maybe)
        if found and here == how:
            found[-1] = replace(found[-1], heard=(*found[-1].heard, one))
        else:
            found.append(_turn(len(found) + 1, one, *here))
        how = here
    return found


def _turn(n: int, heard: Heard, end: _End | None, unsure: bool) -> Turn:
    closed = end is not None and end.closed
    by_them = end is not None and end.by_them
    return Turn(n, (heard,), end.at if end and not closed else None, closed, unsure, by_them)


def of_month(
    case: Case, turn: Turn, month: tuple[datetime, datetime], waited: Collection[str]
) -> list[Heard]:
    """The turn's messages within the month; where there are none, those of before if it `waited`: it was not
    due yet when the month before was reported."""
    start, end = month
    came = [one for one in turn.heard if start <= one.at < end]
    if came or f"{case.key}/{turn.n}" not in waited:
        return came
    return [one for one in turn.heard if one.at < start]


def row(
    case: Case,
    turn: Turn,
    came: Sequence[Heard],
    said: Mapping[MentionKey, tuple[Mention, Verdict | None]],
    brand: Brand,
) -> CaseRow | None:
    """`came` are its messages that `of_month` gives: told by the first that complains, else by the first.

    When the case's last turn is due the case itself knows; when an earlier one was is reckoned anew, and
    there is no row where its messages are not known any more.
    """
    read = (said.get(one.mention, (None, None)) for one in turn.heard)
    known = [(mention, verdict) for mention, verdict in read if mention and verdict]
    last = case.mention in {one.mention for one in turn.heard}
    dues = [] if last else [_due(mention, verdict, brand) for mention, verdict in known]
    if not (last or dues):
        return None
    row = CaseRow(
        id=f"{case.key}/{turn.n}",
        slug=case.key.slug,
        action=case.action.value,
        department=brand.department(case.department).id,
        platform=came[0].mention.platform,
        author=case.author,
        title=case.title,
        label=case.sentiment.value,
        state=case.state.value if last else CaseState.ANSWERED.value,
        received_at=came[0].at,
        due=case.due if last else min(dues),
        answered_at=turn.answered_at,
        closed=turn.closed,
        by_them=turn.by_them,
        unsure=turn.unsure,
    )
    own = {one.mention for one in came}
    told = [_told(row, mention, verdict, brand) for mention, verdict in known if mention.key in own]
    return next((each for each in told if complains(each)), told[0] if told else row)


def _told(row: CaseRow, mention: Mention, verdict: Verdict, brand: Brand) -> CaseRow:
    reading = verdict.reading
    action = decide(mention, reading, mention.heard_at).action
    return replace(
        row,
        action=action.value if action else row.action,
        department=brand.department(verdict.department).id,
        author=mention.author.handle,
        label=reading.sentiment.value,
        intents=reading.intents,
    )


def _due(mention: Mention, verdict: Verdict, brand: Brand) -> datetime:
    """As for a message that opens a case, by the hours and promises of now."""
    from chalicelib.domain.holidays import off

    department = brand.department(verdict.department)
    promised = within(department, decide(mention, verdict.reading, mention.heard_at), verdict.reading)
    received = min(mention.posted_at, mention.heard_at)
    return clock.due(received, promised, department.hours, brand.zone, off(brand, department)).due


def _ends(
    case: Case, events: Sequence[CaseEvent], sent: Sequence[Delivery], heard: Sequence[Heard]
) -> Iterator[_End]:
    """A reply answers what was there when a person wrote it; what came while it was on its way waits. Who
    closes a case names the answer they gave elsewhere, or there was none."""
    places = {one.mention: place for place, one in enumerate(heard)}
    for reply in sent:
        if reply.sent_at and reply.to in places and reply.state in LEFT:
            yield _End(reply.sent_at, places[reply.to])
    done = case.state in (CaseState.ANSWERED, CaseState.SOLVED)
    for event in events:
        if event.kind is EventKind.SOLVED:
            last = sum(one.at <= event.at for one in heard) - 1
            last = last if done else min(last, places[case.mention] - 1)
            thanks = not event.by and event.text == Helped.THANKS
            yield _End(event.at, last, closed=not event.url, by_them=thanks)
