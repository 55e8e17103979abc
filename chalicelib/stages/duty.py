"""The shifts that matter now, read only where a brand has any."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain import roster
from chalicelib.domain.brand import Brand
from chalicelib.domain.roster import Shift, Week
from chalicelib.ports import Rosters


def weeks(brand: Brand, rosters: Rosters, at: datetime) -> Sequence[Week]:
    """Those in which who is on duty at this moment, or next, may have begun; without a request where none of
    them has shifts."""
    first, last = roster.around(at, brand.zone)
    if not any(first <= monday <= last for monday in brand.rostered):
        return ()
    return rosters.between(brand.id, first, last)


def shifts(brand: Brand, rosters: Rosters, at: datetime) -> tuple[Shift, ...]:
    return tuple(shift for week in weeks(brand, rosters, at) for shift in week.shifts)
