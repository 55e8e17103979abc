"""The digest of a day or a week: what came, what was answered, what waits. Nothing is sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Done, Waiting

DAILY, WEEKLY = "daily", "weekly"
HOUR = 7
"""On the brand's clock, from which the digest of the day before goes out; the week's on Monday."""
SHOWN = 5
"""Cases that wait and are named; the list has the rest."""
LONGEST = 70
"""Characters of what a case begins with."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "daily": "gisteren",
        "weekly": "vorige week",
        "subject": "{departments}: {waits} wachten, {late} te laat",
        "came": (
            "{when} ({first} t/m {last}): {count} berichten over {brand}, waarvan {negative} "
            "ontevreden en {positive} blij."
        ),
        "came_day": (
            "{when} ({first}): {count} berichten over {brand}, waarvan {negative} ontevreden en "
            "{positive} blij."
        ),
        "department": (
            "{name}: {answered} beantwoord, {closed} gesloten zonder antwoord. Nu wachten er "
            "{waits}, waarvan {late} te laat."
        ),
        "oldest": "Het langst:",
        "case": "@{author}: {said} (antwoord uiterlijk {due})",
        "nothing": "Er wacht niets.",
        "all": "Alles wat wacht: {link}",
        "foot": "Je krijgt dit overzicht omdat het zo is ingesteld voor {departments} van {brand}.",
    },
    "en": {
        "daily": "yesterday",
        "weekly": "last week",
        "subject": "{departments}: {waits} waiting, {late} late",
        "came": (
            "{when} ({first} to {last}): {count} messages about {brand}, {negative} of them unhappy "
            "and {positive} happy."
        ),
        "came_day": (
            "{when} ({first}): {count} messages about {brand}, {negative} of them unhappy and "
            "{positive} happy."
        ),
        "department": (
            "{name}: {answered} answered, {closed} closed without an answer. Now {waits} wait, "
            "{late} of them late."
        ),
        "oldest": "Longest:",
        "case": "@{author}: {said} (answer by {due})",
        "nothing": "Nothing waits.",
        "all": "All that waits: {link}",
        "foot": "You get this overview because it was set so for {departments} of {brand}.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Of a brand's messages in a stretch of days."""

    count: int
    negative: int
    positive: int


def every(here: date) -> tuple[str, ...]:
    """Which digests are of this day's morning."""
    return (DAILY, WEEKLY) if here.weekday() == 0 else (DAILY,)


def stretch(which: str, here: date) -> tuple[date, date]:
    """The first and the last day that a digest of this morning tells of."""
    return here - timedelta(days=7 if which == WEEKLY else 1), here - timedelta(days=1)


def moments(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """Where these days begin and end on the brand's clock."""
    there = ZoneInfo(zone)
    after = last + timedelta(days=1)
    return (
        datetime(first.year, first.month, first.day, tzinfo=there),
        datetime(after.year, after.month, after.day, tzinfo=there),
    )


def letter(
    brand: Brand,
    departments: Sequence[str],
    which: str,
    days: tuple[date, date],
    came: Came,
    done: Sequence[Done],
    waiting: Sequence[Waiting],
    now: datetime,
    language: str,
) -> tuple[str, str]:
    """Subject and text for who looks after these departments (ids; empty: all)."""
    words = WORDS.get(language, WORDS["en"])
    ours = [each for each in brand.departments if not departments or each.id in departments]
    names = brand.name if not departments else ", ".join(each.name for each in ours)
    lines = [_came(brand, which, days, came, words), ""]
    waits = [each for each in waiting if brand.department(each.department) in ours]
    lines += [_stands(brand, each, done, waits, words, now) for each in ours]
    lines += [
        "",
        *_longest(brand, waits, words),
        "",
        words["foot"].format(departments=names, brand=brand.name),
    ]
    late = sum(each.due < now for each in waits)
    return words["subject"].format(departments=names, waits=len(waits), late=late)[:150], "\n".join(lines)


def _came(brand: Brand, which: str, days: tuple[date, date], came: Came, words: Mapping[str, str]) -> str:
    said = words["came_day" if days[0] == days[1] else "came"].format(
        when=words[which],
        first=f"{days[0]:%d-%m}",
        last=f"{days[1]:%d-%m}",
        count=came.count,
        brand=brand.name,
        negative=came.negative,
        positive=came.positive,
    )
    return said[:1].upper() + said[1:]


def _stands(
    brand: Brand,
    department: Department,
    done: Sequence[Done],
    waits: Sequence[Waiting],
    words: Mapping[str, str],
    now: datetime,
) -> str:
    own = [each for each in waits if brand.department(each.department) == department]
    return words["department"].format(
        name=department.name,
        answered=_count(brand, department.id, done, answered=True),
        closed=_count(brand, department.id, done, answered=False),
        waits=len(own),
        late=sum(each.due < now for each in own),
    )


def _count(brand: Brand, department: str, done: Sequence[Done], *, answered: bool) -> int:
    return sum(
        brand.department(each.department).id == department and (each.state.value == "answered") == answered
        for each in done
    )


def _longest(brand: Brand, waits: Sequence[Waiting], words: Mapping[str, str]) -> list[str]:
    link = words["all"].format(link=f"{brand.console_url}/cases")
    if not waits:
        return [words["nothing"], link]
    lines = [words["oldest"]]
    for each in waits[:SHOWN]:
        said = " ".join(each.said.split())
        said = said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0] + "…"
        due = each.due.astimezone(ZoneInfo(brand.zone))
        lines.append("- " + words["case"].format(author=each.author, said=said, due=f"{due:%d-%m %H:%M}"))
        lines.append(f"  {brand.console_url}/cases/{each.key.slug}")
    return [*lines, link]
