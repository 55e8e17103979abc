"""The duty roster, in memory; which weeks have shifts is at the brand at once."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roster import Week
from chalicelib.errors import Conflict
from tests.web.fakes import Audit
from tests.web.fakes_brand import Brands


class Rosters:
    def __init__(self, brands: Brands, audit: Audit) -> None:
        self.brands, self.audit = brands, audit
        self.kept: dict[tuple[str, str], Week] = {}

    def week(self, brand: str, monday: str) -> Week:
        return self.kept.get((brand, monday), Week(brand=brand, monday=monday))

    def between(self, brand: str, first: str, last: str) -> list[Week]:
        return [
            each
            for (of, monday), each in sorted(self.kept.items())
            if of == brand and first <= monday <= last
        ]

    def keep(self, week: Week, *lines: AuditLine) -> None:
        if week.rev != self.week(week.brand, week.monday).rev + 1:
            raise Conflict("another week by now")
        self.kept[week.brand, week.monday] = week
        mondays = tuple(
            monday for (of, monday), each in self.kept.items() if of == week.brand and each.shifts
        )
        brand = self.brands.kept[week.brand]
        self.brands.kept[week.brand] = replace(brand, rostered=tuple(sorted(mondays)))
        for line in lines:
            self.audit.note(line)

    def claim_end(self, week: Week, closing: str, now: datetime, until: datetime) -> bool:
        raise NotImplementedError("the tick's")

    def handed(self, week: Week, closing: str) -> None:
        raise NotImplementedError("the tick's")
