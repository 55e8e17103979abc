"""Who is on duty when. A shift is on the wall of the brand: 23:00 to 07:00, whatever clocks do that night.

Where one shift ends another begins at the same moment, also in the hour that clocks skip or repeat: no minute
between them is nobody's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.post import Slot
from chalicelib.errors import BadInput

LONGEST = timedelta(days=7)
MOST = 200
"""Shifts of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """`start` and `end` are wall times as `2026-11-23T09:00`. `name` and `mail` are those of `user` when they
    were put on it. `standby`: called if nobody on duty looks."""

    department: str
    user: str
    name: str
    mail: str
    start: str
    end: str
    standby: bool = False

    @property
    def id(self) -> str:
        """The same for the same shift, so that it is there once."""
        return (
            f"{self.start}~{self.end}~{self.department}~{'standby' if self.standby else 'duty'}~{self.user}"
        )

    @property
    def closing(self) -> str:
        """What ends with it: those of one department that end at one moment end together."""
        return f"{self.end}~{self.department}"

    def begins(self, zone: str) -> datetime:
        return Slot(self.start, zone).at()

    def ends(self, zone: str) -> datetime:
        return Slot(self.end, zone).at()

    def covers(self, at: datetime, zone: str) -> bool:
        return self.begins(zone) <= at < self.ends(zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The shifts that begin in the week of this Monday (`2026-11-23`). `rev` 0: nobody wrote any yet."""

    brand: str
    monday: str
    rev: int = 0
    shifts: tuple[Shift, ...] = ()
    handed: frozenset[str] = frozenset()
    """What of `Shift.closing` was handed over already."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Of a department at a moment. `until`: when the first of those on duty goes; `next` begins after that
    moment."""

    on: tuple[Shift, ...]
    standby: tuple[Shift, ...]
    until: datetime | None
    next: Shift | None


def duty(shifts: Iterable[Shift], department: str, zone: str, at: datetime) -> Duty:
    """Who has the work of this department then, who stands by, and who is next."""
    ours = ordered(each for each in shifts if each.department == department)
    now = [each for each in ours if each.covers(at, zone)]
    on = tuple(each for each in now if not each.standby)
    coming = [each for each in ours if not each.standby and each.begins(zone) > at]
    return Duty(
        on=on,
        standby=tuple(each for each in now if each.standby),
        until=min((each.ends(zone) for each in on), default=None),
        next=min(coming, key=lambda each: each.begins(zone), default=None),
    )


def ended(shifts: Iterable[Shift], zone: str, after: datetime, until: datetime) -> list[Shift]:
    """Those that ended after the one moment and up to the other, the first first."""
    found = [each for each in shifts if after < each.ends(zone) <= until]
    return sorted(found, key=lambda each: (each.ends(zone), each.id))


def is_gone(shifts: Iterable[Shift], gone: Shift, department: str, zone: str, at: datetime) -> bool:
    """Did who had this shift go home, as far as the work of `department` goes? Who is still on some shift
    keeps what is of none that ended."""
    still = {each.department for each in shifts if each.user == gone.user and each.covers(at, zone)}
    return not still or (department == gone.department and department not in still)


def ordered(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    return tuple(sorted(shifts, key=lambda each: (each.start, each.standby, each.name, each.id)))


def together(*shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """All of them, each once."""
    return ordered({each.id: each for some in shifts for each in some}.values())


def moved(shifts: Iterable[Shift], days: int) -> tuple[Shift, ...]:
    """The same on the wall, so many days later."""
    return tuple(_moved(each, timedelta(days=days)) for each in shifts)


def _moved(shift: Shift, by: timedelta) -> Shift:
    start, end = (f"{datetime.fromisoformat(wall) + by:%Y-%m-%dT%H:%M}" for wall in (shift.start, shift.end))
    return Shift(
        department=shift.department,
        user=shift.user,
        name=shift.name,
        mail=shift.mail,
        start=start,
        end=end,
        standby=shift.standby,
    )


def monday_of(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def week_of(wall: str) -> str:
    """The Monday of the week that a wall time lies in. Raises ValueError."""
    return monday_of(datetime.fromisoformat(wall).date())


def later(monday: str, weeks: int) -> str:
    return (date.fromisoformat(monday) + timedelta(weeks=weeks)).isoformat()


def around(at: datetime, zone: str) -> tuple[str, str]:
    """First and last Monday of the weeks in which shifts begin that matter at this moment: who is on one now
    began a week ago at most, and who is next begins this week or the next."""
    monday = monday_of(at.astimezone(ZoneInfo(zone)).date())
    return later(monday, -1), later(monday, 1)


def must_fit(start: str, end: str) -> None:
    """Raises BadInput (`start`, `end`) for wall times that are no shift."""
    found = []
    for field, wall in (("start", start), ("end", end)):
        try:
            if len(wall) != 16:
                raise ValueError(wall)
            found.append(datetime.fromisoformat(wall))
        except ValueError:
            raise BadInput(field, "a day and a time, such as 2026-11-23T09:00") from None
        if found[-1].tzinfo or not 2000 <= found[-1].year < 2200:
            raise BadInput(field, "a day and a time, such as 2026-11-23T09:00")
    if not timedelta(0) < found[1] - found[0] <= LONGEST:
        raise BadInput("end", "after the start, and at most seven days")


def must_be_few(shifts: Sequence[Shift]) -> None:
    if len(shifts) > MOST:
        raise BadInput("start", f"at most {MOST} shifts a week")
