"""The end of a shift: nothing stays with who went home, and who comes next reads how it stands.

Every ten minutes the tick looks for shifts that ended. The order of effects, of what ended in one department
at one moment: claim it, for nine minutes; lay down what they still hold, each by one conditional write with
its line of the history; mail who is next; note that it was handed over. A repeat finds it claimed or noted. A
crash in between mails once more, and leaves no case with who went home. A mail that fails is tried at the
next look.

Who took a case after their shift had ended keeps it for its hour: they know that they are still there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.domain import roster
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseEvent, CaseKey, EventKind, Waiting
from chalicelib.domain.roster import Shift, Week
from chalicelib.errors import Conflict, HttpError, NotFound, PlatformError
from chalicelib.ports import Brands, Cases, Mail, Rosters
from chalicelib.stages import duty
from chalicelib.stages.claim import TAKEN, freed
from chalicelib.stages.shift_words import Left, letter

BACK = timedelta(hours=6)
"""After a longer outage what ended is not handed over any more."""
LEASE = timedelta(minutes=9)
LOOKED = 10_000
"""Of a brand's open work, by due time: what the tick has the time to read."""
TRIES = 3


@dataclass(kw_only=True)
class _Ended:
    """What ended in one department at one moment; `week` is one in which it is claimed."""

    week: Week
    gone: list[Shift] = field(default_factory=list)


def run(
    *,
    brands: Brands,
    rosters: Rosters,
    cases: Cases,
    mail: Mail,
    failed: Callable[[str, str], None],
    now: datetime,
) -> int:
    """How many ends of shifts were handed over; `failed` hears of a mail that did not leave."""
    count = 0
    for brand in brands.all():
        weeks = duty.weeks(brand, rosters, now)
        shifts = tuple(shift for week in weeks for shift in week.shifts)
        for closing, found in _ended(weeks, brand, now).items():
            if not rosters.claim_end(found.week, closing, now, now + LEASE):
                continue
            if _hand_over(brand, shifts, found.gone, cases, mail, failed, now):
                rosters.handed(found.week, closing)
                count += 1
    return count


def _ended(weeks: Sequence[Week], brand: Brand, now: datetime) -> dict[str, _Ended]:
    """By `Shift.closing`, the first first; without what was handed over."""
    found: dict[str, _Ended] = {}
    done = frozenset().union(*(week.handed for week in weeks))
    of = {shift.id: week for week in weeks for shift in week.shifts}
    shifts = [shift for week in weeks for shift in week.shifts]
    for shift in roster.ended(shifts, brand.zone, now - BACK, now):
        known = brand.department(shift.department).id == shift.department
        if known and shift.closing not in done:
            found.setdefault(shift.closing, _Ended(week=of[shift.id])).gone.append(shift)
    return found


def _hand_over(
    brand: Brand,
    shifts: Sequence[Shift],
    gone: Sequence[Shift],
    cases: Cases,
    mail: Mail,
    failed: Callable[[str, str], None],
    now: datetime,
) -> bool:
    department = brand.department(gone[0].department)
    ends = gone[0].ends(brand.zone)
    on = roster.duty(shifts, department.id, brand.zone, now)
    until = on.until or (on.next.ends(brand.zone) if on.next else None)
    left = Left(gone=tuple(gone), on=on, until=until)
    for case in islice(cases.all_waiting(brand.id), LOOKED):
        who = next((each for each in gone if _held_by(case, each, shifts, brand, ends, now)), None)
        if who and lay_down(case.key, who, ends, cases=cases, now=now):
            left.laid(case)
        if brand.department(case.department) == department and not case.asleep(now):
            left.count(case, now)
    to = tuple(dict.fromkeys(each.mail for each in on.on or on.standby)) or department.alert_mail
    if not to or not brand.mail_from or all(each.standby for each in gone):
        return True
    subject, text = letter(brand, department, left, now)
    try:
        mail.send(sender=brand.mail_from, to=to, subject=subject, text=text)
    except (PlatformError, HttpError) as error:
        failed("mail", str(error))
        return False
    return True


def _held_by(
    case: Waiting, shift: Shift, shifts: Sequence[Shift], brand: Brand, ends: datetime, now: datetime
) -> bool:
    """Does somebody still hold it who went home as far as it goes?"""
    until = case.taken_until
    if until is None or not now < until <= ends + TAKEN or case.taken_by_id != shift.user:
        return False
    return roster.is_gone(shifts, shift, brand.department(case.department).id, brand.zone, now)


def lay_down(key: CaseKey, shift: Shift, ends: datetime, *, cases: Cases, now: datetime) -> bool:
    """It is nobody's any more, as their shift ended; False where it is not theirs by now."""
    for _ in range(TRIES):
        try:
            case = cases.get(key)
        except NotFound:
            return False
        until = case.taken_until
        if until is None or not now < until <= ends + TAKEN or case.taken_by_id != shift.user:
            return False
        free = replace(freed(case), rev=case.rev + 1, snoozed_until=case.snoozed_until)
        line = CaseEvent(at=now, id=f"laid-{free.rev}", kind=EventKind.LAID_DOWN, text=shift.name)
        try:
            cases.change(free, line)
        except Conflict:
            continue
        return True
    return False
