"""The next case: the one that is due first and fits who made the key, taken for an hour."""

from chalicelib.stages import give
from chalicelib.web import worklist
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, shown
from chalicelib.web.api.problem import Refusal
from chalicelib.web.api.shapes import Empty


def take_next(call: Call, body: Empty) -> Case:
    """Take the case that is due first of those that nobody works on and that fit the languages and topics of
    who made the key."""
    desk, visit = call.desk, call.visit
    departments = worklist.departments(visit)
    if call.asked_again and (before := _given(call)):
        return before
    given = give.next_case(
        call.brand,
        departments,
        call.by,
        call.key.by_id,
        id=call.new_id,
        cases=desk.cases,
        notices=desk.notices,
        rosters=desk.rosters,
        now=visit.now,
    )
    if given.case:
        return shown(call, given.case)
    if given.full:
        raise Refusal(409, "You have as many as you want at once: answer one or lay one down first.")
    raise Refusal(404, "Nothing waits that fits.")


def _given(call: Call) -> Case | None:
    """What this very request took before it broke off, if it is still theirs."""
    waits = call.desk.cases.waits(call.brand.id, worklist.departments(call.visit), limit=give.LOOKED)
    for row in waits.cases:
        if row.holder(call.visit.now) and row.taken_by_id == call.key.by_id:
            events, _ = call.desk.cases.history(row.key)
            if f"taken-{call.new_id}" in {event.id for event in events}:
                return shown(call, call.desk.cases.get(row.key))
    return None
