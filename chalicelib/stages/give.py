"""Give somebody their next case: theirs for an hour, by one conditional write.

Whoever is quicker has it, and the next one is tried: two who press at once never get the same. What a list
shows may lag behind by a moment, so each is read again before it is taken. How many somebody has is counted
in the list too: who presses twice within that moment may get one more than they wanted.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import giving, roster
from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.domain.giving import Asker
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Cases, Notices, Rosters
from chalicelib.stages import claim, duty

LOOKED = 3_000
"""Of what waits, by due time."""


@dataclass(frozen=True, slots=True)
class Given:
    """`full`: they have as many as they want at once. Neither: nothing waits that fits."""

    case: Case | None = None
    full: bool = False


def next_case(
    brand: Brand,
    departments: Container[str] | None,
    name: str,
    user: str,
    *,
    id: str = "",
    cases: Cases,
    notices: Notices,
    rosters: Rosters,
    now: datetime,
) -> Given:
    """Of the work of these departments (None: all) what is due first and fits. Under an `id` of its own, the
    line in its history has that."""
    waits = cases.waits(brand.id, departments, limit=LOOKED, awake=now).cases
    if not waits:
        return Given()
    ways = {each.user: each for each in notices.colleagues(brand.id)}
    own = ways.get(user, Ways(brand=brand.id, user=user, name=name))
    if giving.held(waits, name, user, now) >= own.capacity:
        return Given(full=True)
    asker = Asker(
        name=name,
        id=user,
        ways=own,
        others=_others(brand, user, ways, rosters, now),
        colleagues=[each for each in ways.values() if each.user != user],
    )
    for row in giving.in_order(waits, asker, brand, now):
        try:
            case = cases.get(row.key)
            if case.taken(now) or (case.snoozed_until and now < case.snoozed_until):
                continue
            return Given(claim.take(case.key, case.rev, name, by_id=user, id=id, cases=cases, now=now))
        except (Conflict, NotFound):
            continue
    return Given()


def _others(
    brand: Brand, user: str, ways: Mapping[str, Ways], rosters: Rosters, now: datetime
) -> dict[str, list[Ways]]:
    """Of each department with a roster, who else is on duty."""
    shifts = duty.shifts(brand, rosters, now)
    found = {}
    for department in {each.department for each in shifts}:
        on = roster.duty(shifts, department, brand.zone, now).on
        found[department] = [
            ways.get(each.user, Ways(brand=brand.id, user=each.user, name=each.name))
            for each in on
            if each.user != user
        ]
    return found
