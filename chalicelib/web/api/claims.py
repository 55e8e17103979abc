"""Who works on a case: take it, lay it down, snooze it; and notes for colleagues."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.domain.case import Case as Kept
from chalicelib.errors import BadInput
from chalicelib.stages import claim
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, expected, read, shown
from chalicelib.web.api.shapes import Empty, Given


class Snooze(Given):
    """`until` lies before the case is due, if it is not late yet."""

    until: Annotated[AwareDatetime, Field(description="At most sixty days from now")]
    reason: Annotated[str, Field(max_length=claim.NOTE)] = ""


class NewNote(Given):
    text: Annotated[str, Field(min_length=1, max_length=claim.NOTE, description="Colleagues alone read it")]


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


def note(call: Call, case: str, body: NewNote) -> Case:
    """Tell colleagues something; it stands in the case's history, and is sent nowhere."""
    kept = read(call, case)
    if _noted(call, kept):
        return shown(call, kept)
    call.expect(shown(call, kept))
    try:
        claim.write_note(
            kept.key,
            body.text,
            call.by,
            by_id=call.key.by_id,
            id=call.new_id,
            cases=call.desk.cases,
            now=call.first_asked,
        )
    except BadInput as error:
        raise BadInput("text", error.message) from None
    return shown(call, kept)


def _noted(call: Call, case: Kept) -> bool:
    """Did this very request write it, before it broke off?"""
    if not call.asked_again:
        return False
    events, _ = call.desk.cases.history(case.key)
    return f"note-{call.new_id}" in {event.id for event in events}
