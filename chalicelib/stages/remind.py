"""Remind departments of what they promised: on the morning it is due, and when it is past.

Ringing the bell and putting the next reminder in its place are one transaction for each promise: a repeat, or
another tick beside this one, rings for none twice. The mail goes as alerts do (`alert.py`): what rings within
one tick is told in one; a crash may send it twice, and never not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain import promise as rules
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import CaseKey
from chalicelib.domain.promise import Promise
from chalicelib.errors import NotFound
from chalicelib.ports import Brands, Cases, Promises, Rings

MOST = 200
"""Promises that ring in one minute; the next has the rest."""
SHOWN = 20
"""Promises named in one message."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "one": "Beloofd aan @{author}: {passage}",
        "more": "{count} beloften voor {department}",
        "due": "uiterlijk {due}, beloofd door {by}",
        "late": "had klaar moeten zijn op {due}, beloofd door {by}",
        "rest": "En nog {count} andere: {url}/promises",
        "foot": "Je krijgt dit omdat je voor {department} van {brand} meldingen ontvangt.",
    },
    "en": {
        "one": "Promised to @{author}: {passage}",
        "more": "{count} promises for {department}",
        "due": "by {due}, promised by {by}",
        "late": "was due {due}, promised by {by}",
        "rest": "And {count} more: {url}/promises",
        "foot": "You get this because you receive alerts for {department} of {brand}.",
    },
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """A promise that a department is told of, and whether it is past."""

    promise: Promise
    late: bool


def run(promises: Promises, brands: Brands, now: datetime) -> int:
    """Ring for what is to be reminded of by now; for how many promises."""
    rung = 0
    for key in promises.to_remind(now, limit=MOST):
        try:
            promise, brand = promises.get(key), brands.get(key.case.brand)
        except NotFound:
            continue
        if promise.remind is None or promise.remind > now:
            continue  # the index lags
        calendar = rules.calendar(brand, brand.department(promise.department))
        rung += promises.remind(promise, rules.next_reminder(promise.due, now, calendar), now)
    return rung


def found(
    keys: Iterable[Rings], brand: Brand, department: Department, cases: Cases, now: datetime
) -> list[Reminder]:
    """What of these cases the department is told of now, by when it is due."""
    calendar = rules.calendar(brand, department)
    promised = [each for key in keys if isinstance(key, CaseKey) for each in cases.dossier(key).promises]
    ours = [
        Reminder(each, each.late(now))
        for each in promised
        if brand.department(each.department) == department and rules.rings(each, now, calendar)
    ]
    return sorted(ours, key=lambda each: (each.promise.due, str(each.promise.key)))


def message(
    brand: Brand, department: Department, reminders: Sequence[Reminder], path: str, language: str
) -> tuple[str, str]:
    """Subject and plain text; its links lead by `path`, the notice's."""
    words = WORDS.get(language, WORDS["en"])
    lines = []
    for each in reminders[:SHOWN]:
        promise = each.promise
        due = promise.due.astimezone(ZoneInfo(brand.zone)).strftime("%d-%m %H:%M")
        lines += [
            words["one"].format(author=promise.author, passage=promise.passage),
            words["late" if each.late else "due"].format(due=due, by=promise.by),
            f"{brand.console_url}{path}?case={promise.key.case.slug}",
            "",
        ]
    if (rest := len(reminders) - SHOWN) > 0:
        lines += [words["rest"].format(count=rest, url=brand.console_url), ""]
    lines.append(words["foot"].format(department=department.name, brand=brand.name))
    subject = words["more"].format(count=len(reminders), department=department.name)
    return " ".join((lines[0] if len(reminders) == 1 else subject).split())[:150], "\n".join(lines)
