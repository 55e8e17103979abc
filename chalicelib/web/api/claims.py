"""Who works on a case: take it, lay it down, snooze it; and notes for colleagues."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.domain.asking import handle
from chalicelib.domain.case import Case as Kept
from chalicelib.errors import BadInput, NotFound
from chalicelib.stages import ask, claim, label, merge as merging
from chalicelib.stages.ask import MOST
from chalicelib.web import asking
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, expected, read, shown
from chalicelib.web.api.shapes import Empty, Given, Listed, Shape, show
from chalicelib.web.pages.case import key_of


class Snooze(Given):
    """`until` lies before the case is due, if it is not late yet."""

    until: Annotated[AwareDatetime, Field(description="At most sixty days from now")]
    reason: Annotated[str, Field(max_length=claim.NOTE)] = ""


class NewNote(Given):
    """A colleague named in `text` as `@name`, or in `ask`, is asked: by mail, and under *Asked of me*."""

    text: Annotated[str, Field(min_length=1, max_length=claim.NOTE, description="Colleagues alone read it")]
    ask: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100)]],
        Field(max_length=MOST, description="Ids of colleagues"),
    ] = []  # noqa: RUF012


Word = Annotated[str, Field(min_length=1, max_length=100)]


class Labels(Given):
    """Labels are kept in small mailings; a comma parts two."""

    add: Annotated[list[Word], Field(max_length=10)] = []  # noqa: RUF012
    drop: Annotated[list[Word], Field(max_length=10)] = []  # noqa: RUF012


class Colleague(Shape):
    """`handle` is what to write behind an @."""

    id: str
    name: str
    handle: str


def take(call: Call, case: str, body: Empty) -> Case:
    """Make it yours for an hour, also where a colleague has it: nobody else answers it meanwhile."""
    kept = expected(call, case)
    after = claim.take(
        kept.key, kept.rev, call.by, by_id=call.key.by_id, cases=call.desk.cases, now=call.visit.now
    )
    return shown(call, after)


def lay_down(call: Call, case: str, body: Empty) -> Case:
    """It is nobody's any more."""
    kept = expected(call, case)
    after = claim.lay_down(
        kept.key, kept.rev, call.by, by_id=call.key.by_id, cases=call.desk.cases, now=call.visit.now
    )
    return shown(call, after)


def snooze(call: Call, case: str, body: Snooze) -> Case:
    """Off the lists until then; a new message of theirs brings it back at once."""
    kept = expected(call, case)
    after = claim.snooze(
        kept.key,
        kept.rev,
        body.until,
        body.reason,
        call.by,
        by_id=call.key.by_id,
        cases=call.desk.cases,
        now=call.visit.now,
    )
    return shown(call, after)


def change_labels(call: Call, case: str, body: Labels) -> Case:
    """Put labels on, or take them off; at most ten stay, of thirty characters each."""
    kept = expected(call, case)
    try:
        after = label.label(
            kept.key,
            body.add,
            body.drop,
            call.by,
            by_id=call.key.by_id,
            brand=call.brand,
            cases=call.desk.cases,
            now=call.visit.now,
        )
    except BadInput as error:
        raise BadInput("add", error.message) from None
    return shown(call, after)


class Merging(Given):
    """`other` goes into the case of the address, and its address leads there from then on."""

    other: Annotated[str, Field(min_length=1, max_length=400, description="The id of a case")]
    reason: Annotated[str, Field(max_length=merging.WHY)] = ""


class Splitting(Given):
    other: Annotated[str, Field(min_length=1, max_length=400, description="One of `joined`")]


def merge(call: Call, case: str, body: Merging) -> Case:
    """Make two cases one, across networks too: one conversation, one history, one place on the lists."""
    kept = expected(call, case)
    try:
        read(call, body.other)
        after = merging.merge(
            kept.key,
            kept.rev,
            key_of(body.other),
            body.reason,
            call.by,
            by_id=call.key.by_id,
            brand=call.brand,
            cases=call.desk.cases,
            now=call.visit.now,
        )
    except NotFound:
        raise BadInput("other", "another case") from None
    except BadInput as error:
        raise _of_other(error) from None
    return shown(call, after)


def split(call: Call, case: str, body: Splitting) -> Case:
    """Make one that was merged into this a case of its own again, with what waits in it."""
    kept = expected(call, case)
    try:
        after = merging.split(
            kept.key,
            kept.rev,
            key_of(body.other),
            call.by,
            by_id=call.key.by_id,
            brand=call.brand,
            cases=call.desk.cases,
            mentions=call.desk.mentions,
            now=call.visit.now,
        )
    except NotFound:
        raise BadInput("other", "one that was merged into this case") from None
    except BadInput as error:
        raise _of_other(error) from None
    return shown(call, after)


def _of_other(error: BadInput) -> BadInput:
    return error if error.field == "taken" else BadInput("other", error.message)


def colleagues(call: Call, case: str) -> Listed[Colleague]:
    """Those who may see this case, and so may be asked about it."""
    found = asking.colleagues(call.visit, read(call, case))
    return Listed[Colleague](items=[show(Colleague, each, handle=handle(each)) for each in found])


def note(call: Call, case: str, body: NewNote) -> Case:
    """Tell colleagues something, or ask them; it stands in the case's history, and no customer reads it."""
    kept = read(call, case)
    if not _noted(call, kept):
        call.expect(shown(call, kept))
    try:
        ask.note(
            kept.key,
            body.text,
            call.by,
            by_id=call.key.by_id,
            id=call.new_id,
            chosen=body.ask,
            colleagues=lambda: asking.colleagues(call.visit, kept),
            brand=call.brand,
            cases=call.desk.cases,
            mail=call.desk.mail,
            mailings=call.desk.mailings,
            now=call.first_asked,
        )
    except BadInput as error:
        raise BadInput("ask" if error.field == "ask" else "text", error.message) from None
    return shown(call, call.desk.cases.get(kept.key))


def _noted(call: Call, case: Kept) -> bool:
    """Did this very request write it, before it broke off?"""
    if not call.asked_again:
        return False
    events, _ = call.desk.cases.history(case.key)
    return f"note-{call.new_id}" in {event.id for event in events}
