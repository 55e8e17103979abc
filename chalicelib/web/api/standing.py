"""Standing approvals: under what the system sends by itself, and what it sent. A program reads and revokes;
only a person signs, at the console."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.domain.brand import StandingApproval as Kept
from chalicelib.domain.case import CaseKey
from chalicelib.stages import holding as stage
from chalicelib.web import standing
from chalicelib.web.api.call import Call
from chalicelib.web.api.replies import Reply, shown as reply
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape, show


class State(StrEnum):
    """`waits`: for a colleague's signature. `gone`: its department is."""

    STANDS = "stands"
    WAITS = "waits"
    REVOKED = "revoked"
    ENDED = "ended"
    GONE = "gone"


class StandingApproval(Shape):
    """`texts` by language. `second_by` signed too, where four eyes are wanted."""

    id: str
    state: State
    department: str
    channels: list[str]
    texts: dict[str, str]
    at_night: Annotated[bool, Field(description="Also at night to who is angry or in a hurry")]
    until: Moment
    signed_by: str
    signed_at: Moment
    second_by: str
    second_at: Moment | None
    revoked_by: str
    revoked_at: Moment | None
    rev: int


class SentReply(Reply):
    case: str


def browse(call: Call) -> Listed[StandingApproval]:
    """The newest first; also those that ended, for a year."""
    found = call.desk.standing.of(call.brand.id)
    return Listed[StandingApproval](items=[_shown(call, each) for each in found])


def get(call: Call, approval: str) -> StandingApproval:
    """One standing approval."""
    return _shown(call, call.desk.standing.get(call.brand.id, approval))


def sent(call: Call, approval: str) -> Listed[SentReply]:
    """The holding replies that were sent under it, the newest fifty."""
    kept = call.desk.standing.get(call.brand.id, approval)
    items = [
        show(SentReply, reply(each, each.key.owner), case=each.key.owner.slug)
        for each in standing.sent(call.visit, kept)
        if isinstance(each.key.owner, CaseKey)
    ]
    return Listed[SentReply](items=items)


def revoke(call: Call, approval: str, body: Empty) -> StandingApproval:
    """Nothing is sent under it from here on, also not what was planned."""
    kept = call.desk.standing.get(call.brand.id, approval)
    call.expect(_shown(call, kept))
    after = stage.revoke(
        kept.id,
        kept.rev,
        call.by,
        brand=call.brand,
        standing=call.desk.standing,
        line=call.visit.line,
        now=call.visit.now,
    )
    return _shown(call, after)


def _shown(call: Call, kept: Kept) -> StandingApproval:
    state = standing.told(kept, call.brand, call.visit.now).state
    return show(StandingApproval, kept, state=State(state))
