"""The brake: one call and nothing leaves; letting go is a decision about each message that waits."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.stages import brake as stage
from chalicelib.web import outgoing
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Shape,
    paged,
    show,
    sortable,
)
from chalicelib.web.pages import brake as page

MOST = 40


class Brake(Shape):
    """`since` and `by` are null while it is off."""

    on: bool
    since: Moment | None = None
    by: str | None = None


class WaitingAsked(Asked):
    cursor: Cursor = None


class Waiting(Shape):
    """A message that waits for a decision. `id` names it there."""

    id: str
    post: str | None
    case: str | None
    channel: str
    due: Moment
    state: DeliveryState
    title: str
    text: str
    language: str
    reason: str


class Decisions(Given):
    """By the `id` of what waits. release: it leaves at its own moment, or at once; keep: it waits on;
    cancel: it stays unsent."""

    decisions: Annotated[dict[str, stage.Decision], Field(max_length=MOST)]


def get(call: Call) -> Brake:
    """Is it on?"""
    found = call.desk.brakes.get(call.brand.id)
    return Brake(on=True, since=found.pulled_at, by=found.by) if found else Brake(on=False)


def waiting(call: Call, query: WaitingAsked) -> Listed[Waiting]:
    """What was planned or held back, and what a release must decide on, by moment."""
    found = stage.waiting(call.brand.id, deliveries=call.desk.deliveries, now=call.visit.now)
    found = outgoing.own(call.visit, found)
    return paged("waiting", found, query.cursor, lambda each: (sortable(each.due), str(each.key)), _waits)


def pull(call: Call, body: Empty) -> Brake:
    """Nothing leaves from here on. It may be pulled unseen: If-Match: *"""
    if call.if_match != ("*",):
        call.expect(get(call))
    stage.pull(call.brand.id, call.by, by_id=call.key.by_id, brakes=call.desk.brakes, now=call.visit.now)
    return get(call)


def release(call: Call, body: Decisions) -> Brake:
    """Apply what was decided; the brake goes off when nothing is left to decide on."""
    call.expect(get(call))
    chosen = {page.key_of(call.brand.id, name): decision for name, decision in body.decisions.items()}
    page.decide(call.visit, chosen)
    return get(call)


def _waits(each: Delivery) -> Waiting:
    owner = each.key.owner
    return show(
        Waiting,
        each,
        id=page.name_of(each.key),
        post=owner.id if isinstance(owner, PostKey) else None,
        case=owner.slug if isinstance(owner, CaseKey) else None,
        channel=each.key.channel,
    )
