"""The duty roster, week by week, and who is on duty now."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain import roster
from chalicelib.domain.roster import Duty, Shift as Kept, Week as KeptWeek
from chalicelib.errors import BadInput, NotFound
from chalicelib.stages import duty
from chalicelib.web import rostering
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Given, Listed, Moment, Shape, show

Wall = Annotated[
    str,
    Field(
        pattern=r"^2[01][0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]$",
        examples=["2026-11-23T09:00"],
        description="On the brand's own clock",
    ),
]


class Shift(Shape):
    """`colleague` is an id of the team; `standby`: told if nobody on duty looked."""

    department: str
    colleague: str
    name: str
    start: str
    end: str
    standby: bool


class Week(Shape):
    """The shifts that begin in the week of this Monday, of the departments that the key sees."""

    week: str
    shifts: list[Shift]


class NewShift(Given):
    department: str
    colleague: Annotated[str, Field(description="The id of one who may answer in the department")]
    start: Wall
    end: Annotated[str, Field(pattern=r"^2[01][0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]$")]
    standby: bool = False


class NewWeek(Given):
    """All its shifts: what is left out is on it no more."""

    shifts: Annotated[list[NewShift], Field(max_length=roster.MOST)]


class OnDuty(Shape):
    """`until`: when the first of those on duty goes. `next` begins after now."""

    department: str
    on: list[Shift]
    standby: list[Shift]
    until: Moment | None
    next: Shift | None


def get(call: Call, week: str) -> Week:
    """One week, by its Monday."""
    return _shown(call, _read(call, week))


def replace(call: Call, week: str, body: NewWeek) -> Week:
    """Say anew who is on duty that week."""
    kept = _read(call, week)
    call.expect(_shown(call, kept))
    may = rostering.colleagues(call.visit)
    given = [rostering.shift(call.visit, _given(each), may) for each in body.shifts]
    if any(roster.week_of(each.start) != week for each in given):
        raise BadInput("shifts", f"shifts that begin in the week of {week}")
    own = {each.id for each in rostering.seen(call.visit, kept.shifts)}
    others = [each for each in kept.shifts if each.id not in own]
    rostering.put(call.visit, kept, roster.together(others, given))
    return _shown(call, _read(call, week))


def now(call: Call) -> Listed[OnDuty]:
    """Who is on duty and stands by at this moment, of each department, and who is next."""
    visit = call.visit
    shifts = duty.shifts(call.brand, call.desk.rosters, visit.now)
    found = {each.id: roster.duty(shifts, each.id, call.brand.zone, visit.now) for each in visit.departments}
    return Listed[OnDuty](items=[_on(id, each) for id, each in found.items()])


def _read(call: Call, week: str) -> KeptWeek:
    try:
        sound = rostering.monday(week, call.visit.words.today()) == week
    except BadInput:
        sound = False
    if not sound:
        raise NotFound("no Monday")
    return call.desk.rosters.week(call.brand.id, week)


def _given(body: NewShift) -> Kept:
    return Kept(
        department=body.department,
        user=body.colleague,
        name="",
        mail="",
        start=body.start,
        end=body.end,
        standby=body.standby,
    )


def _shown(call: Call, week: KeptWeek) -> Week:
    return Week(week=week.monday, shifts=[_shift(each) for each in rostering.seen(call.visit, week.shifts)])


def _shift(shift: Kept) -> Shift:
    return show(Shift, shift, colleague=shift.user)


def _on(department: str, found: Duty) -> OnDuty:
    return OnDuty(
        department=department,
        on=[_shift(each) for each in found.on],
        standby=[_shift(each) for each in found.standby],
        until=found.until,
        next=_shift(found.next) if found.next else None,
    )
