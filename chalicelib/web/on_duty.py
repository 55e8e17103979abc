"""Who is on duty now and until when, in words; nothing, and no request, where a brand has no roster."""

from collections.abc import Sequence

from chalicelib.domain import roster
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.roster import Shift
from chalicelib.stages import duty
from chalicelib.web.i18n import Words
from chalicelib.web.visit import Visit


def lines(visit: Visit, brand: Brand, departments: Sequence[Department]) -> list[tuple[str, str]]:
    """Name of a department and what to say of it; of those that have anybody on the roster about now."""
    shifts = duty.shifts(brand, visit.desk.rosters, visit.now)
    words = Words(visit.words.language, brand.zone, visit.now)
    told = ((each.name, _said(shifts, each.id, brand, words)) for each in departments)
    return [(name, said) for name, said in told if said]


def _said(shifts: Sequence[Shift], department: str, brand: Brand, words: Words) -> str:
    _ = words.gettext
    found = roster.duty(shifts, department, brand.zone, words.now)
    parts = [
        _("%(name)s until %(time)s", name=each.name, time=words.moment(each.ends(brand.zone)))
        for each in found.on
    ]
    if not parts and found.next:
        begins = words.moment(found.next.begins(brand.zone))
        parts = [_("nobody now; %(name)s from %(time)s", name=found.next.name, time=begins)]
    if found.standby:
        parts.append(_("standby: %(names)s", names=", ".join(each.name for each in found.standby)))
    return ", ".join(parts)
