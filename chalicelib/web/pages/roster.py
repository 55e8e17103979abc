"""The duty roster: a week by department. Everybody reads it; a manager changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain import roster
from chalicelib.domain.roles import Deed
from chalicelib.domain.roster import Shift
from chalicelib.errors import BadInput
from chalicelib.web import rostering
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Go, Outcome, Page, Visit

FIELDS = ("department", "colleague", "start", "end", "standby")
FAULTS = {
    "department": N_("Choose one of the list."),
    "colleague": N_("Choose somebody who may answer in this department."),
    "start": N_("Choose a day and a time; a week holds at most 200 shifts."),
    "end": N_("Choose a moment after the start, at most seven days later."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`hours` in words; `now`: it is going on."""

    id: str
    name: str
    hours: str
    standby: bool
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    day: date
    lines: tuple[Line, ...]


def show(visit: Visit) -> Outcome:
    week = rostering.monday(visit.query.get("week", ""), visit.words.today())
    return _page(visit, week, done=visit.query.get("done", ""))


def act(visit: Visit) -> Outcome:
    """`do`: add a shift, remove one, or copy the week before."""
    form = visit.form
    week = rostering.monday(form.get("week", ""), visit.words.today())
    do = form.get("do", "")
    try:
        if do == "add":
            week = rostering.add(visit, _typed(form))
        elif do == "remove":
            rostering.remove(visit, week, form.get("shift", ""))
        elif do == "copy":
            rostering.copy(visit, week)
        else:
            raise BadInput("do", "a form of ours")
    except BadInput as error:
        if error.field not in FAULTS:
            raise
        fault = {error.field: visit.words.gettext(FAULTS[error.field])}
        return _page(visit, week, typed=form, faults=fault)
    return Go(f"/roster?week={week}&done={do}")


def _typed(form: Mapping[str, str]) -> Shift:
    return Shift(
        department=form.get("department", ""),
        user=form.get("colleague", ""),
        name="",
        mail="",
        start=form.get("start", ""),
        end=form.get("end", ""),
        standby=bool(form.get("standby")),
    )


def _page(
    visit: Visit,
    week: str,
    *,
    done: str = "",
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Page:
    shifts = rostering.seen(visit, visit.desk.rosters.week(visit.brand.id, week).shifts)
    first = date.fromisoformat(week)
    standard = {**dict.fromkeys(FIELDS, ""), "start": f"{week}T09:00", "end": f"{week}T17:00"}
    values = {
        "week": week,
        "before": roster.later(week, -1),
        "after": roster.later(week, 1),
        "first": first,
        "last": first + timedelta(days=6),
        "empty": not shifts,
        "departments": [
            (each.id, each.name, _days(shifts, each.id, first, visit)) for each in visit.departments
        ],
        "colleagues": rostering.colleagues(visit) if visit.may(Deed.TEAM) else [],
        "typed": {name: typed.get(name, "") for name in FIELDS} if typed else standard,
        "faults": faults or {},
        "done": done,
    }
    return Page(template="roster.html", place="roster", values=values, status=422 if faults else 200)


def _days(shifts: Sequence[Shift], department: str, first: date, visit: Visit) -> list[Day]:
    days = [first + timedelta(days=n) for n in range(7)]
    own = [each for each in shifts if each.department == department]
    return [
        Day(
            day=day,
            lines=tuple(_line(each, visit) for each in own if each.start.startswith(day.isoformat())),
        )
        for day in days
    ]


def _line(shift: Shift, visit: Visit) -> Line:
    return Line(
        id=shift.id,
        name=shift.name,
        hours=hours(shift, visit.words),
        standby=shift.standby,
        now=shift.covers(visit.now, visit.brand.zone),
    )


def hours(shift: Shift, words: Words) -> str:
    """`09:00-17:30`; with the day where it ends on another one."""
    start, end = datetime.fromisoformat(shift.start), datetime.fromisoformat(shift.end)
    day = "" if start.date() == end.date() else f"{words.weekday(end.date())} "
    return f"{start:%H:%M}-{day}{end:%H:%M}"
