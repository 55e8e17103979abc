"""The brand's knowledge: its pages of questions and answers."""

from contextlib import suppress
from typing import Annotated

from pydantic import Field

from chalicelib.domain.knowledge import LONGEST, TITLE, Page as Kept, passages
from chalicelib.errors import BadInput, NotFound
from chalicelib.stages import know
from chalicelib.web import knowing
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, expected, read, shown
from chalicelib.web.api.shapes import Asked, Empty, Given, Listed, Moment, Shape, show
from chalicelib.web.pages.case import key_of


class Answer(Shape):
    """One answer of a page; `n` is its place there."""

    n: int
    questions: list[str]
    answer: Annotated[str, Field(description="As a network shows it")]


class PageLine(Shape):
    """A page as a list shows it."""

    id: str
    title: str
    language: str
    department: Annotated[str, Field(description='Whose it is to use; "": everybody\'s')]


class KnowledgePage(PageLine):
    text: Annotated[str, Field(description="Markdown: a question is a line that begins with `## `")]
    answers: list[Answer]


class NewPage(Given):
    title: Annotated[str, Field(min_length=1, max_length=TITLE)]
    language: Annotated[str, Field(max_length=10, examples=["nl"])]
    department: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[
        str, Field(min_length=1, max_length=LONGEST, examples=["## When are you open?\nFrom nine to five."])
    ]


class Fitting(Answer):
    """An answer of the page `page`, with how sure it is that it fits: from 0 to 1."""

    page: str
    title: str
    language: str
    sure: float


class FittingAsked(Asked):
    text: Annotated[str, Field(max_length=knowing.ASKED, description="Instead of the case's message")] = ""


class AnsweredBefore(Shape):
    """A reply of ours to a message like this one: number `n` of the case `case`, approved by `by`."""

    case: str
    n: int
    at: Moment
    by: str
    language: str
    asked: Annotated[str, Field(description="How that message begins")]
    text: Annotated[str, Field(description="With `{author}` and `{agent}` for names")]


class WhatFits(Listed[Fitting]):
    """`answered`: what we answered before to messages like this one, the newest first."""

    answered: list[AnsweredBefore]


class Place(Given):
    page: Annotated[str, Field(max_length=40)]
    n: Annotated[int, Field(ge=1, le=9_999)]


class AReply(Given):
    case: Annotated[str, Field(max_length=1_000, description="Where it was answered")]
    n: Annotated[int, Field(ge=1, le=9_999)]


class ASnippet(Given):
    snippet: Annotated[str, Field(max_length=40, description="Its id, below `/settings/snippets`")]


def browse(call: Call) -> Listed[PageLine]:
    """All pages of the brand, by title."""
    return Listed[PageLine](items=[show(PageLine, page) for page in knowing.pages(call.visit)])


def get(call: Call, page: str) -> KnowledgePage:
    """One page."""
    return _shown(knowing.find(call.visit, page)[0])


def add(call: Call, body: NewPage) -> KnowledgePage:
    """Write another page."""
    if call.asked_again:
        with suppress(NotFound):
            return _shown(knowing.find(call.visit, call.new_id)[0])
    page = _typed(call.new_id, body)
    knowing.keep(call.visit, page, "", None)
    return _shown(page)


def change(call: Call, page: str, body: NewPage) -> KnowledgePage:
    """Write it anew."""
    before, was = _expected(call, page)
    typed = _typed(page, body)
    knowing.keep(call.visit, typed, was, before)
    return _shown(typed)


def remove(call: Call, page: str, body: Empty) -> KnowledgePage:
    """Take it away."""
    before, was = _expected(call, page)
    knowing.remove(call.visit, before, was)
    return _shown(before)


def _expected(call: Call, id: str) -> tuple[Kept, str]:
    page, was = knowing.find(call.visit, id)
    call.expect(_shown(page))
    return page, was


def _typed(id: str, body: NewPage) -> Kept:
    return know.clean(
        Kept(id=id, title=body.title, language=body.language, department=body.department, text=body.text)
    )


def _shown(page: Kept) -> KnowledgePage:
    return show(
        KnowledgePage,
        page,
        answers=[show(Answer, each, questions=list(each.questions)) for each in passages(page)],
    )


def fitting(call: Call, case: str, query: FittingAsked) -> WhatFits:
    """What may be answered to a case, by what the brand knows: the best first; and what it answered to others
    like it. Three of each at most."""
    kept = read(call, case)
    hits = knowing.fitting(call.visit, kept, query.text)
    return WhatFits(
        items=[
            show(Fitting, hit.passage, questions=list(hit.passage.questions), sure=round(hit.sure, 2))
            for hit in hits
        ],
        answered=[
            show(AnsweredBefore, each, case=each.case.slug) for each in knowing.before(call.visit, kept)
        ],
    )


def put(call: Call, case: str, body: Place) -> Case:
    """An answer into the draft: in place of one that the system made, else below it. Nothing is sent."""
    kept = expected(call, case)
    text = kept.draft.text if kept.draft else ""
    try:
        after = knowing.put(call.visit, kept, kept.rev, text, body.page, body.n)
    except NotFound:
        raise BadInput("page", "a page and place that this case may be answered from") from None
    return shown(call, after)


def put_answered(call: Call, case: str, body: AReply) -> Case:
    """A reply of ours to another message into the draft: in place of one that the system made, else below it.
    Nothing is sent."""
    kept = expected(call, case)
    text = kept.draft.text if kept.draft else ""
    try:
        after = knowing.put_before(call.visit, kept, kept.rev, text, key_of(body.case), body.n)
    except NotFound:
        raise BadInput("case", "a case and number of what was answered before") from None
    return shown(call, after)


def let_model_draft(call: Call, case: str, body: Empty) -> Case:
    """Let the model that the brand's file names draft an answer. It is only a draft: a person reads it, and
    unless the brand's file says otherwise another one approves it. Nothing is sent."""
    kept = expected(call, case)
    text = kept.draft.text if kept.draft else ""
    return shown(call, knowing.let_model_draft(call.visit, kept, kept.rev, text))


def put_snippet(call: Call, case: str, body: ASnippet) -> Case:
    """A snippet below the draft. Nothing is sent."""
    kept = expected(call, case)
    text = kept.draft.text if kept.draft else ""
    try:
        after = knowing.put_snippet(call.visit, kept, kept.rev, text, body.snippet)
    except NotFound:
        raise BadInput("snippet", "a snippet that this case may be answered with") from None
    return shown(call, after)
