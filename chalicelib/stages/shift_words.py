"""What who comes next reads at the end of a shift, in the brand's first language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Waiting
from chalicelib.domain.roster import Duty, Shift

SHOWN = 15
"""Cases named of each kind; the console has the rest."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "subject": "Overdracht {department}: {open} open, {late} te laat",
        "ended": "De dienst van {names} bij {department} eindigde om {time}.",
        "nobody": "Niemand heeft nu dienst. De volgende dienst begint {time} ({name}).",
        "nobody_next": "Niemand heeft nu dienst, en er staat geen volgende dienst op het rooster.",
        "open": "Er wachten {open} zaken, waarvan {late} te laat.",
        "laid": "Neergelegd omdat de dienst eindigde:",
        "drafts": "Achtergelaten met een concept:",
        "due": "Te beantwoorden voor {time}: {count}",
        "by": "uiterlijk {due}",
        "more": "En nog {count} andere.",
        "all": "Alle zaken: {url}",
        "foot": "Je krijgt dit omdat bij {department} van {brand} een dienst eindigde.",
    },
    "en": {
        "subject": "Hand-over {department}: {open} open, {late} late",
        "ended": "The shift of {names} at {department} ended at {time}.",
        "nobody": "Nobody is on duty now. The next shift begins {time} ({name}).",
        "nobody_next": "Nobody is on duty now, and there is no next shift on the roster.",
        "open": "{open} cases wait, {late} of them late.",
        "laid": "Laid down as the shift ended:",
        "drafts": "Left with a draft:",
        "due": "To be answered before {time}: {count}",
        "by": "by {due}",
        "more": "And {count} more.",
        "all": "All cases: {url}",
        "foot": "You get this because a shift ended at {department} of {brand}.",
    },
}


@dataclass(kw_only=True)
class Left:
    """How it stands at the end of a shift. `until`: the end of the shift that is on now, or is next."""

    gone: tuple[Shift, ...]
    on: Duty
    until: datetime | None
    open: int = 0
    late: int = 0
    fall_due: int = 0
    held: list[Waiting] = field(default_factory=list)
    drafts: list[Waiting] = field(default_factory=list)
    due: list[Waiting] = field(default_factory=list)

    def laid(self, case: Waiting) -> None:
        self.held.append(case)

    def count(self, case: Waiting, now: datetime) -> None:
        """A case of the department, by due time."""
        self.open += 1
        self.late += case.due < now
        if case.drafted and case.drafted_by_id in {each.user for each in self.gone}:
            self.drafts.append(case)
        if self.until and now <= case.due < self.until:
            self.fall_due += 1
            self.due += [case] if len(self.due) < SHOWN else []


def letter(brand: Brand, department: Department, left: Left, now: datetime) -> tuple[str, str]:
    """Subject and text."""
    words = WORDS.get(brand.languages[0], WORDS["en"])
    names = ", ".join(dict.fromkeys(each.name for each in left.gone if not each.standby))
    ended = _moment(left.gone[0].ends(brand.zone), brand)
    lines = [words["ended"].format(names=names, department=department.name, time=ended)]
    if not left.on.on and left.on.next:
        begins = _moment(left.on.next.begins(brand.zone), brand)
        lines.append(words["nobody"].format(time=begins, name=left.on.next.name))
    elif not left.on.on:
        lines.append(words["nobody_next"])
    lines += [words["open"].format(open=left.open, late=left.late), ""]
    lines += _listed(words["laid"], left.held, len(left.held), brand, words)
    lines += _listed(words["drafts"], left.drafts, len(left.drafts), brand, words)
    if left.until:
        title = words["due"].format(time=_moment(left.until, brand), count=left.fall_due)
        lines += _listed(title, left.due, left.fall_due, brand, words)
    lines.append(words["all"].format(url=f"{brand.console_url}/cases?department={department.id}"))
    lines += ["", words["foot"].format(department=department.name, brand=brand.name)]
    subject = words["subject"].format(department=department.name, open=left.open, late=left.late)
    return subject, "\n".join(lines)


def _listed(
    title: str, cases: Iterable[Waiting], count: int, brand: Brand, words: Mapping[str, str]
) -> list[str]:
    shown = list(cases)[:SHOWN]
    if not shown:
        return []
    lines = [title]
    for case in shown:
        said = " ".join(case.said.split())[:80]
        lines.append(f"@{case.author}: {said} ({words['by'].format(due=_moment(case.due, brand))})")
        lines.append(f"{brand.console_url}/cases/{case.key.slug}")
    if count > len(shown):
        lines.append(words["more"].format(count=count - len(shown)))
    return [*lines, ""]


def _moment(at: datetime, brand: Brand) -> str:
    return at.astimezone(ZoneInfo(brand.zone)).strftime("%d-%m %H:%M")
