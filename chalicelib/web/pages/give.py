"""Give me the next one: the case that is due first and fits, for an hour."""

from chalicelib.stages import give
from chalicelib.web import worklist
from chalicelib.web.visit import Go, Outcome, Visit


def act(visit: Visit) -> Outcome:
    member, desk = visit.member, visit.desk
    given = give.next_case(
        visit.brand,
        worklist.departments(visit),
        member.name,
        member.id,
        cases=desk.cases,
        notices=desk.notices,
        rosters=desk.rosters,
        now=visit.now,
    )
    if given.case:
        return Go(f"/cases/{given.case.key.slug}?done=taken")
    return Go("/cases?given=full" if given.full else "/cases?given=none")
