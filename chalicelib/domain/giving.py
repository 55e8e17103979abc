"""Which case is somebody's next one: the first, by due time, that is nobody's and fits them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import Ways
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wants one. `others`: of a department with a roster, the ways of who else is on duty now; a
    department that is not in it has none, and there a language is its own speakers' alone."""

    name: str
    id: str
    ways: Ways
    others: Mapping[str, Collection[Ways]]

    def fits(self, case: Waiting, brand: Brand) -> bool:
        """Do they answer in its language, or is nobody else on duty who does? And did they not write what
        another one has to approve?"""
        department = brand.department(case.department)
        theirs = self.id == case.drafted_by_id if case.drafted_by_id else case.drafted == self.name
        if department.four_eyes and case.drafted and theirs:
            return False
        if self.ways.answers_in(case.language):
            return True
        others = self.others.get(department.id)
        return others is not None and not any(each.answers_in(case.language) for each in others)


def held(cases: Iterable[Waiting], name: str, id: str, now: datetime) -> int:
    """How many of these somebody works on."""
    return sum(
        bool(each.holder(now)) and (each.taken_by_id == id if each.taken_by_id else each.taken_by == name)
        for each in cases
    )


def in_order(cases: Iterable[Waiting], asker: Asker, brand: Brand, now: datetime) -> list[Waiting]:
    """Those that may be theirs next, the one that is due first at the head."""
    free = [each for each in cases if not each.holder(now) and not each.asleep(now)]
    return sorted((each for each in free if asker.fits(each, brand)), key=lambda each: each.due)
