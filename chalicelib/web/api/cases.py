"""Cases: the work that mentions ask for."""

from typing import Annotated

from pydantic import Field, field_validator

from chalicelib.domain.case import (
    Action,
    Case as Kept,
    CaseKey,
    CaseState,
    EventKind,
    Helped,
    Waiting,
    waiting,
)
from chalicelib.domain.phases import Phase, phases
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import NotFound
from chalicelib.stages import answer
from chalicelib.web import permitted, ringing, worklist
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Month,
    Shape,
    cursor,
    no_cursor,
    paged,
    place,
    show,
    sortable,
)
from chalicelib.web.pages import case as page
from chalicelib.web.places import INDEXED

PAGE = 100
"""Cases of one page."""
Text = Annotated[str, Field(max_length=10_000)]


class CasesAsked(Asked):
    """One department's only, or those with a label."""

    department: Annotated[str, Field(max_length=40)] = ""
    label: Annotated[str, Field(max_length=60, description="With this label only")] = ""
    cursor: Cursor = None


class WaitingAsked(CasesAsked):
    """One department's only, those with a label, or those that stand so."""

    phase: Phase | None = None


class ClosedAsked(CasesAsked):
    """`month` in UTC; without it the one that runs."""

    month: Month | None = None


class ClosedLine(Shape):
    """`at` is when it was answered or closed."""

    id: str
    at: Moment
    state: CaseState
    by_them: Annotated[bool, Field(description="Solved by the customer's own word; else by us")]
    department: str
    author: str
    title: str
    language: str
    sentiment: Sentiment
    labels: list[str]


class Person(Shape):
    """A colleague, by the id of their account."""

    id: str
    name: str


class CaseLine(Shape):
    """A case as a list shows it. `due` is when a first answer was promised."""

    id: str
    state: CaseState
    action: Action
    department: str
    author: str
    title: str
    language: str
    sentiment: Sentiment
    drill: Annotated[bool, Field(description="Of a drill: invented, and nothing of it leaves")]
    channel: Annotated[str, Field(description='The account of ours that it would leave by; "" for none')]
    by_hand: Annotated[
        bool, Field(description="A person answers where it stands: we cannot, or not this one")
    ]
    received_at: Moment
    due: Moment
    reason: Annotated[str, Field(description="Why it is stuck")]
    taken_by: Annotated[str, Field(description="Who works on it, until `taken_until`")]
    taken_until: Moment | None
    snoozed_until: Annotated[Moment | None, Field(description="It is on no list of the console until then")]
    helped: Annotated[
        Helped | None,
        Field(description="What they said after our last answer: thanks (solved by their word), or again"),
    ]
    asked: Annotated[list[Person], Field(description="Colleagues whose word is waited for")]
    labels: list[str]
    topics: Annotated[list[str], Field(description="Ids of the brand's topics that it is about")]
    phases: Annotated[
        list[Phase], Field(description="How it stands in the words of the work: all that holds")
    ]


class Quoted(Shape):
    """A page of the brand's knowledge, as it was called when it was drawn on."""

    id: str
    title: str


class Earlier(Shape):
    """A reply of ours to another message: at the case `case`, approved by `by`."""

    case: str
    at: Moment
    by: str

    @field_validator("case", mode="before")
    @classmethod
    def _slug(cls, given: str | CaseKey) -> str:
        return given.slug if isinstance(given, CaseKey) else given


class Draft(Shape):
    """A proposed answer. `{agent}` in it stands for who answers; `by` is "" for the system, `pages` are those
    it has answers of, `snippets` the names of those in it, `earlier` the replies that it was made from."""

    text: str
    version: int
    language: str
    by: str
    pages: list[Quoted]
    snippets: list[str]
    earlier: list[Earlier]
    model: Annotated[str, Field(description="The model that drafted it, or part of it")]


class Case(CaseLine):
    """`mention` is the id of the message that waits for an answer; `rev` grows by one with each change."""

    rev: int
    mention: str
    draft: Draft | None
    replies: int
    answered_at: Moment | None
    promised: Annotated[
        Moment | None, Field(description="A holding reply told them to have an answer by then")
    ]
    url: str
    joined: Annotated[list[str], Field(description="Cases that were merged into it")]


class CaseEvent(Shape):
    model: Annotated[str, Field(description="The model that had a part in a draft, or in what was approved")]
    at: Moment
    kind: EventKind
    by: str
    mention: str | None
    text: str
    was: Annotated[
        str, Field(description="Of an edit: how the message began before it; `text` is how it begins since")
    ]
    url: str
    origin: Annotated[str, Field(description="The department that handed it over")]
    department: Annotated[str, Field(description="The one it was handed over to")]
    since: Annotated[Moment | None, Field(description="Of a hand-over: since when it waited there")]
    until: Annotated[Moment | None, Field(description="Until when it was snoozed")]
    asked: Annotated[list[Person], Field(description="Whom a note asks")]
    case: Annotated[str | None, Field(description="The other one, of cases merged and split")]
    strangers: Annotated[list[str], Field(description="Words behind an @ in a note that are no colleague's")]
    made: Annotated[
        str, Field(description="Of an approval: the draft as it was first made, if that was changed")
    ]
    pages: Annotated[list[Quoted], Field(description="Of an approval: those that its draft was made from")]


class NewDraft(Given):
    text: Text


class Closing(Given):
    """`url` is where it was answered by hand; without it there was nothing to do."""

    url: Annotated[str, Field(max_length=2_000)] = ""
    note: Annotated[str, Field(max_length=2_000)] = ""


class HandOver(Given):
    department: Annotated[str, Field(max_length=40)]
    reason: Annotated[str, Field(min_length=1, max_length=2_000, description="Why it is theirs")]


def browse(call: Call, query: WaitingAsked) -> Listed[CaseLine]:
    """What waits for an answer, by due time."""
    departments = _departments(call, query.department)

    def line(case: Waiting) -> CaseLine:
        department = call.brand.department(case.department).id
        return show(
            CaseLine,
            case,
            id=case.key.slug,
            title=case.said,
            department=department,
            phases=phases(case, call.visit.now),
            drill=case.key.drill,
            by_hand=permitted.by_hand(call.desk, case, call.brand, call.visit.now),
        )

    waits = call.desk.cases.all_waiting(call.brand.id, departments)
    if query.phase:
        waits = (each for each in waits if query.phase in phases(each, call.visit.now))
    waits = (each for each in waits if not query.label or query.label in each.labels)
    return paged("cases", waits, query.cursor, lambda each: (sortable(each.due), str(each.key)), line)


def closed(call: Call, query: ClosedAsked) -> Listed[ClosedLine]:
    """What was answered or closed in a month, newest first."""
    departments = _departments(call, query.department)
    month = query.month or f"{call.visit.now:%Y-%m}"
    found = place("closed", query.cursor, 2)
    if found and (found[0] != month or not INDEXED.fullmatch(found[1])):
        raise no_cursor()
    try:
        done, last = call.desk.cases.done(call.brand.id, month, limit=PAGE, before=found[1] if found else "")
    except ValueError:
        raise no_cursor() from None
    ours = [each for each in done if departments is None or each.department in departments]
    ours = [each for each in ours if not query.label or query.label in each.labels]
    return Listed[ClosedLine](
        items=[
            show(ClosedLine, each, id=each.key.slug, department=call.brand.department(each.department).id)
            for each in ours
        ],
        next=cursor("closed", month, last) if last else None,
    )


def get(call: Call, case: str) -> Case:
    """One case, with the draft that waits for a yes."""
    return shown(call, read(call, case))


def history(call: Call, case: str) -> Listed[CaseEvent]:
    """What happened, oldest first."""
    events, _ = call.desk.cases.history(read(call, case).key)
    return Listed[CaseEvent](
        items=[
            show(
                CaseEvent,
                each,
                mention=each.mention.slug if each.mention else None,
                case=each.case.slug if each.case else None,
            )
            for each in events
        ]
    )


def save_draft(call: Call, case: str, body: NewDraft) -> Case:
    """Keep another draft; nothing is sent."""
    kept = expected(call, case)
    after = answer.save_draft(
        kept.key,
        kept.rev,
        body.text,
        call.by,
        by_id=call.key.by_id,
        cases=call.desk.cases,
        now=call.visit.now,
    )
    return shown(call, after)


def solve(call: Call, case: str, body: Closing) -> Case:
    """Close it by hand: answered at the network, or nothing to do."""
    kept = expected(call, case)
    after = answer.solve(
        kept.key,
        kept.rev,
        call.by,
        by_id=call.key.by_id,
        cases=call.desk.cases,
        now=call.visit.now,
        url=body.url.strip(),
        note=body.note.strip(),
    )
    return shown(call, after)


def hand_over(call: Call, case: str, body: HandOver) -> Case:
    """Make it another department's work; it stays due when it was."""
    kept = expected(call, case)
    answer.hand_over(
        kept.key,
        kept.rev,
        body.department,
        body.reason,
        call.by,
        by_id=call.key.by_id,
        brand=call.brand,
        cases=call.desk.cases,
        ring=ringing.late(call.visit, call.brand),
        now=call.visit.now,
    )
    return shown(call, call.desk.cases.get(kept.key))


def reopen(call: Call, case: str, body: Empty) -> Case:
    """Work again on what was answered or closed."""
    kept = expected(call, case)
    answer.reopen(
        kept.key,
        kept.rev,
        call.by,
        by_id=call.key.by_id,
        brand=call.brand,
        cases=call.desk.cases,
        ring=ringing.late(call.visit, call.brand),
        now=call.visit.now,
    )
    return shown(call, call.desk.cases.get(kept.key))


def _departments(call: Call, chosen: str) -> worklist.Departments | None:
    """Whose cases are asked for: of one department, of those that the key sees, or (None) of all."""
    if chosen and chosen not in {each.id for each in call.visit.departments}:
        raise NotFound("no such department")
    return worklist.departments(call.visit, chosen)


def read(call: Call, id: str) -> Kept:
    """Also under the id of a later message of its conversation. Raises NotFound."""
    key = page.key_of(id)
    if key.brand != call.brand.id or key.slug != id:
        raise NotFound("no such case")
    case = call.desk.cases.find(key)
    if case is None:
        raise NotFound("no such case")
    call.visit.own(case)
    return case


def expected(call: Call, id: str) -> Kept:
    kept = read(call, id)
    call.expect(shown(call, kept))
    return kept


def shown(call: Call, case: Kept) -> Case:
    department = call.brand.department(case.department).id
    return show(
        Case,
        case,
        id=case.key.slug,
        mention=case.mention.slug,
        department=department,
        joined=[each.slug for each in case.joined],
        phases=phases(waiting(case), call.visit.now),
        drill=case.key.drill,
        by_hand=permitted.by_hand(call.desk, case, call.brand, call.visit.now),
    )
