"""Drills: invented messages go the way of real ones, marked, and nothing of them leaves. People answer them,
at the console."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.domain import drill as rules
from chalicelib.domain.drill import Drill as Kept, Row
from chalicelib.domain.drill_words import story
from chalicelib.stages import drill as stage
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Given, Listed, Moment, Shape, show
from chalicelib.web.drilling import how


class Invented(Given):
    """One message."""

    author: Annotated[str, Field(min_length=1, max_length=rules.NAME)]
    text: Annotated[str, Field(min_length=1, max_length=rules.TEXT)]


class NewDrill(Given):
    """It begins at once. Without `messages` it is our own story, in Dutch where that is the brand's first
    language, else in English."""

    messages: Annotated[tuple[Invented, ...], Field(max_length=rules.MOST, strict=False)] = ()
    hours: Annotated[int, Field(ge=1, le=24, description="After so many it ends by itself")] = 2


class Drill(Shape):
    """`ended_by` is "" where it ended by itself."""

    id: str
    started_at: Moment
    until: Moment
    by: str
    ended_at: Moment | None
    ended_by: str
    messages: int
    rev: int


class Message(Shape):
    """How one fared. `case` is null where it asked for none; `seconds` is the time to the first answer."""

    author: str
    text: str
    case: str | None
    department: str
    taken_by: str
    taken_at: Moment | None
    answered_by: str
    answered_at: Moment | None
    answer: str
    seconds: int | None


class DrillAlert(Shape):
    id: str
    at: Moment
    subject: str
    opened_by: str
    opened_at: Moment | None


class DrillFigures(Shape):
    """What the team did up to its end. `median_seconds` is of the messages that were answered."""

    answered: int
    median_seconds: int | None
    messages: list[Message]
    alerts: list[DrillAlert]


def browse(call: Call) -> Listed[Drill]:
    """The newest first, for a week."""
    return Listed[Drill](items=[_shown(each) for each in call.desk.drills.of(call.brand.id)])


def start(call: Call, body: NewDrill) -> Drill:
    """Start one, in the name of who made the key. 409 while another one runs."""
    lines = tuple(rules.fit(each.author, each.text, n) for n, each in enumerate(body.messages, 1))
    lines = lines or rules.lines_of(story(call.brand.languages[0], call.brand.name))
    made = stage.made(call.brand.id, call.new_id, lines, timedelta(hours=body.hours), call.by, call.visit.now)
    desk = call.desk
    return _shown(
        stage.start(made, call.visit.line, drills=desk.drills, mentions=desk.mentions, tasks=desk.tasks)
    )


def get(call: Call, drill: str) -> Drill:
    """One drill."""
    return _shown(_read(call, drill))


def figures(call: Call, drill: str) -> DrillFigures:
    """How it went: the time to the first answer of each message, who took what, and who opened which alert
    when."""
    found = how(call.visit, _read(call, drill))
    return DrillFigures(
        answered=found.answered,
        median_seconds=None if found.median is None else int(found.median.total_seconds()),
        messages=[_message(row) for row in found.rows],
        alerts=[show(DrillAlert, each) for each in found.alerts],
    )


def end(call: Call, drill: str, body: Empty) -> Drill:
    """Its cases leave the lists; how it went can be read for a week from its start."""
    kept = _read(call, drill)
    call.expect(_shown(kept))
    desk = call.desk
    return _shown(
        stage.end(kept, call.by, call.visit.line, drills=desk.drills, cases=desk.cases, now=call.visit.now)
    )


def _read(call: Call, id: str) -> Kept:
    return call.desk.drills.get(call.brand.id, id)


def _shown(kept: Kept) -> Drill:
    return show(Drill, kept, messages=len(kept.lines))


def _message(row: Row) -> Message:
    return show(
        Message,
        row,
        author=row.line.author,
        text=row.line.text,
        case=row.case.slug if row.case else None,
        seconds=None if row.wait is None else int(row.wait.total_seconds()),
    )
