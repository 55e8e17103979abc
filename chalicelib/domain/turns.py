"""The turns of a case: the messages that waited for us together, and the answer that followed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseState, EventKind
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.figures_sent import LEFT
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
    answered_at: datetime | None


def turns(case: Case, events: Sequence[CaseEvent], sent: Sequence[Delivery]) -> list[Turn]:
    """Of a case with its whole history. Messages with the same answer are one turn; only the last turn can
    be without."""
    lines = {e.mention: Heard(e.at, e.mention) for e in events if e.kind is EventKind.HEARD and e.mention}
    heard = sorted(lines.values(), key=lambda one: (one.at, one.mention.id))
    answers = list(_answers(case, events, sent, heard))
    found: list[Turn] = []
    for place, one in enumerate(heard):
        answered = min((at for at, last in answers if last >= place), default=None)
        if found and found[-1].answered_at == answered:
            found[-1] = Turn(found[-1].n, (*found[-1].heard, one), answered)
        else:
            found.append(Turn(len(found) + 1, (one,), answered))
    return found


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
    dues = [_due(mention, verdict, brand) for mention, verdict in known]
    last = case.mention in {one.mention for one in turn.heard}
    if not (last or dues):
        return None
    row = CaseRow(
        id=f"{case.key}/{turn.n}",
        slug=case.key.slug,
        action=case.action.value,
        department=brand.department(case.department).id,
        platform=case.key.platform,
        author=case.author,
        title=case.title,
        label=case.sentiment.value,
        state=case.state.value if last else CaseState.ANSWERED.value,
        received_at=came[0].at,
        due=case.due if last else min(dues),
        answered_at=turn.answered_at,
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
    department = brand.department(verdict.department)
    promised = within(department, decide(mention, verdict.reading, mention.heard_at), verdict.reading)
    received = min(mention.posted_at, mention.heard_at)
    return clock.due(received, promised, department.hours, brand.zone).due


def _answers(
    case: Case, events: Sequence[CaseEvent], sent: Sequence[Delivery], heard: Sequence[Heard]
) -> Iterator[tuple[datetime, int]]:
    """(when, the place of the last message it answers). A reply answers what was there when a person wrote
    it; what came while it was on its way waits."""
    places = {one.mention: place for place, one in enumerate(heard)}
    for reply in sent:
        if reply.sent_at and reply.to in places and reply.state in LEFT:
            yield reply.sent_at, places[reply.to]
    done = case.state in (CaseState.ANSWERED, CaseState.SOLVED)
    for event in events:
        if event.kind is EventKind.SOLVED:
            last = sum(one.at <= event.at for one in heard) - 1
            yield event.at, last if done else min(last, places[case.mention] - 1)
