"""Which case is somebody's next one: the first, by due time, that is nobody's and fits them.

What is due first goes first, whatever it is about. Languages and topics only say what is offered to whom:

1. In a language that they do not answer in: only where the department has a roster and nobody else on duty
   answers in it.
2. Of a topic that they know, or of none, or they chose no topics: yes.
3. Of topics that they do not know, nor anybody else who may be there: yes.
4. Of topics that they do not know, while somebody else who may be there does: once due within `PRESSES`.

Who may be there: of a department with a roster who else is on duty; of another one, each colleague who hears
of it. They count only for what is in a language of theirs. So who knows the subject has it first, and nothing
waits past its time for somebody who is away, full or does not press. Of what is due at the same moment, what
one knows comes first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import SOON, Ways
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Waiting

PRESSES = SOON
"""So long before it is due a case is anybody's: when those who are told of what is nearly late hear of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wants one. `others`: of a department with a roster, the ways of who else is on duty now; a
    department that is not in it has none, and there a language is its own speakers' alone. `colleagues`: the
    ways of everybody else who told theirs."""

    name: str
    id: str
    ways: Ways
    others: Mapping[str, Collection[Ways]]
    colleagues: Collection[Ways] = ()

    def fits(self, case: Waiting, brand: Brand, now: datetime) -> bool:
        """By the rules above; and did they not write what another one has to approve?"""
        department = brand.department(case.department)
        theirs = self.id == case.drafted_by_id if case.drafted_by_id else case.drafted == self.name
        if department.four_eyes and case.drafted and theirs:
            return False
        return self._speaks(case, department.id) and (
            self.ways.knows(case.topics, brand)
            or case.due <= now + PRESSES
            or not self._known_elsewhere(case, department.id, brand)
        )

    def _speaks(self, case: Waiting, department: str) -> bool:
        if self.ways.answers_in(case.language):
            return True
        others = self.others.get(department)
        return others is not None and not any(each.answers_in(case.language) for each in others)

    def _known_elsewhere(self, case: Waiting, department: str, brand: Brand) -> bool:
        others = self.others.get(department)
        if others is None:
            others = [each for each in self.colleagues if department in (each.departments or (department,))]
        return any(each.answers_in(case.language) and each.knows(case.topics, brand) for each in others)


def held(cases: Iterable[Waiting], name: str, id: str, now: datetime) -> int:
    """How many of these somebody works on."""
    return sum(
        bool(each.holder(now)) and (each.taken_by_id == id if each.taken_by_id else each.taken_by == name)
        for each in cases
    )


def in_order(cases: Iterable[Waiting], asker: Asker, brand: Brand, now: datetime) -> Iterator[Waiting]:
    """Those that may be theirs next, the one that is due first at the head."""
    free = [each for each in cases if not each.holder(now) and not each.asleep(now)]
    free.sort(key=lambda each: (each.due, not asker.ways.knows(each.topics, brand)))
    return (each for each in free if asker.fits(each, brand, now))
