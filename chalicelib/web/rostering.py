"""The duty roster as a person or a program changes it: who may be on a shift, and what is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from chalicelib.domain import roster
from chalicelib.domain.brand import Brand
from chalicelib.domain.logged import facts
from chalicelib.domain.roles import Deed, Standing, at, standing
from chalicelib.domain.roster import Shift, Week
from chalicelib.errors import BadInput, Conflict
from chalicelib.web.visit import Visit

TRIES = 3
"""Two managers at once: what both wrote is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who may be on a shift of these departments."""

    id: str
    name: str
    mail: str
    departments: tuple[str, ...]


def monday(given: str, today: date) -> str:
    """Of the week that a day lies in; of this week for none. Raises BadInput."""
    try:
        day = date.fromisoformat(given) if given else today
    except ValueError:
        raise BadInput("week", "a day, such as 2026-11-23") from None
    if not 2000 <= day.year < 2200:
        raise BadInput("week", "a day, such as 2026-11-23")
    return roster.monday_of(day)


def colleagues(visit: Visit) -> list[Colleague]:
    """Those who may answer here, by name."""
    brand = visit.brand
    grants = {grant.user: at(brand, grant) for grant in visit.desk.team.grants(brand.id)}
    found = []
    for account in visit.desk.colleagues.all():
        groups = (account.role.value,) if account.role else ()
        has = standing(groups, grants.get(account.id))
        if account.enabled and (ids := _works_in(has, brand)):
            found.append(Colleague(id=account.id, name=account.name, mail=account.email, departments=ids))
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def _works_in(has: Standing | None, brand: Brand) -> tuple[str, ...]:
    return tuple(each.id for each in has.sees(brand)) if has and has.may(Deed.ANSWER) else ()


def seen(visit: Visit, shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """Those of the departments that the member sees."""
    ids = {each.id for each in visit.departments}
    return tuple(each for each in shifts if each.department in ids)


def shift(visit: Visit, given: Shift, may: Sequence[Colleague]) -> Shift:
    """As it is kept, with the colleague's name and address of now. Raises BadInput."""
    roster.must_fit(given.start, given.end)
    if given.department not in {each.id for each in visit.departments}:
        raise BadInput("department", "a department of this brand")
    found = next((each for each in may if each.id == given.user), None)
    if found is None or given.department not in found.departments:
        raise BadInput("colleague", "somebody who may answer in that department")
    return replace(given, name=found.name, mail=found.mail)


def add(visit: Visit, new: Shift) -> str:
    """The Monday of its week. Raises BadInput, Conflict."""
    new = shift(visit, new, colleagues(visit))
    week = roster.week_of(new.start)
    _write(visit, week, lambda kept: roster.together(kept, (new,)))
    return week


def remove(visit: Visit, week: str, id: str) -> None:
    """Of a department that the member sees; one that is gone already is gone. Raises Conflict."""
    own = seen(visit, visit.desk.rosters.week(visit.brand.id, week).shifts)
    if id in {each.id for each in own}:
        _write(visit, week, lambda kept: tuple(each for each in kept if each.id != id))


def copy(visit: Visit, week: str) -> None:
    """What was there the week before comes beside what is there, for who still may. Raises Conflict."""
    before = visit.desk.rosters.week(visit.brand.id, roster.later(week, -1))
    may = {each.id: each for each in colleagues(visit)}
    still = [
        replace(each, name=may[each.user].name, mail=may[each.user].mail)
        for each in seen(visit, before.shifts)
        if each.user in may and each.department in may[each.user].departments
    ]
    _write(visit, week, lambda kept: roster.together(kept, roster.moved(still, 7)))


def _write(visit: Visit, week: str, change: Callable[[tuple[Shift, ...]], tuple[Shift, ...]]) -> None:
    def act() -> None:
        was = visit.desk.rosters.week(visit.brand.id, week)
        put(visit, was, change(was.shifts))

    _again(act)


def _again(act: Callable[[], None]) -> None:
    for _ in range(TRIES - 1):
        try:
            act()
        except Conflict:
            continue
        return
    act()


def put(visit: Visit, was: Week, shifts: Sequence[Shift]) -> None:
    """The week as it shall be, if it is still as it was read. Raises BadInput, Conflict."""
    roster.must_be_few(shifts)
    now = replace(was, rev=was.rev + 1, shifts=roster.ordered(shifts))
    if now.shifts != was.shifts:
        gone, new = (_told(one, other) for one, other in ((was, now), (now, was)))
        visit.desk.rosters.keep(now, visit.line("roster.change", was.monday, before=gone, after=new))


def _told(week: Week, other: Week) -> str:
    ids = {each.id for each in other.shifts}
    own = [each for each in week.shifts if each.id not in ids]
    return facts(
        {"shifts": "; ".join(f"{each.name} {each.start}/{each.end} {each.department}" for each in own)}
    )


def follow(visit: Visit, brand_id: str, user: str, now_is: Standing | None) -> None:
    """Before somebody's role at a brand becomes this one: they are on no shift any more that it does not
    cover. What is over stays as it was."""
    brand = next((each for each in visit.desk.brands.all() if each.id == brand_id), None)
    if brand is None or not brand.rostered:
        return
    may = _works_in(now_is, brand)

    def stays(each: Shift) -> bool:
        return each.user != user or each.department in may or each.ends(brand.zone) <= visit.now

    def clear(week: Week) -> None:
        was = visit.desk.rosters.week(brand_id, week.monday)
        kept = tuple(each for each in was.shifts if stays(each))
        if kept != was.shifts:
            visit.desk.rosters.keep(replace(was, rev=was.rev + 1, shifts=kept))

    first, _ = roster.around(visit.now, brand.zone)
    for week in visit.desk.rosters.between(brand_id, first, max(first, *brand.rostered)):
        if not all(map(stays, week.shifts)):
            _again(partial(clear, week))
