"""Standing approvals, as console and API show them: how one stands, and what was sent under it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import holding
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, StandingApproval
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.roles import Deed, Standing
from chalicelib.stages.holding import take_back
from chalicelib.web import outgoing
from chalicelib.web.visit import Visit

SHOWN = 50
"""Messages that are shown of what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`state`: stands, waits (for a second signature), revoked, ended or gone (its department is)."""

    it: StandingApproval
    state: str
    last_day: datetime


def told(approval: StandingApproval, brand: Brand, now: datetime) -> Told:
    """`last_day` is a moment of the last day on which it holds."""
    if approval.revoked_at:
        state = "revoked"
    elif now >= approval.until:
        state = "ended"
    elif holding.stands(approval, brand, now):
        state = "stands"
    else:
        there = approval.department in {each.id for each in brand.departments}
        state = "waits" if there else "gone"
    return Told(it=approval, state=state, last_day=approval.until - timedelta(seconds=1))


def sent(visit: Visit, approval: StandingApproval) -> list[Delivery]:
    """The newest first; without those of departments whose work the member does not see."""
    desk = visit.desk
    keys = desk.standing.sent(visit.brand.id, approval.id, limit=SHOWN)
    found = desk.deliveries.get_many(keys)
    return sorted(outgoing.own(visit, found), key=lambda each: each.approved_at, reverse=True)


def follow(visit: Visit, brand: str, user: str, now_is: Standing | None) -> None:
    """Before somebody's role at a brand becomes this one (None: none): what they signed, first or second,
    stands no longer where they could not sign it any more. Broken off, it may be done again. Raises
    Conflict."""
    if now_is and now_is.may(Deed.MANAGE):
        return

    def line(what: str, of: str) -> AuditLine:
        return replace(visit.line(what, of), brand=brand)

    for approval in visit.desk.standing.of(brand):
        theirs = user in (approval.signed_by_id, approval.second_by_id)
        if theirs and not approval.revoked_at and visit.now < approval.until:
            take_back(approval, visit.member.name, standing=visit.desk.standing, line=line, now=visit.now)
