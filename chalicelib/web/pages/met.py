"""Those who wrote about us lately, by name and by what they wrote; most glad, or most unhappy, first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from chalicelib.domain.people import Person, by_gladness, met
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput
from chalicelib.ports import Wanted
from chalicelib.stages.relate import line_of
from chalicelib.web import cells, export, people
from chalicelib.web.i18n import N_, Words
from chalicelib.web.visit import Outcome, Page, Visit

DAYS = {"7": N_("7 days"), "30": N_("30 days")}
MOST = 5_000
"""Mentions that are looked at, the newest."""
ROWS = 100
MOODS = {"": N_("Everybody"), "glad": N_("Wrote gladly"), "unhappy": N_("Complained")}
COLUMNS = ("network", "author", "messages", "glad", "glad_days", "complaints", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    author: str
    network: str
    path: str
    times: int
    glad: int
    angry: int
    last: datetime


def show(visit: Visit) -> Outcome:
    """`name`, `platform`, `mood` and `days` come from the address."""
    words = visit.words
    chosen = {name: visit.query.get(name, "")[:80] for name in ("name", "platform", "mood", "days")}
    chosen["days"] = chosen["days"] or "7"
    if chosen["days"] not in DAYS or chosen["mood"] not in MOODS:
        raise BadInput("days", "7 or 30")
    found, everyone, looked = read(visit, chosen)
    if export.asked(visit):
        return export.download(visit, "people", COLUMNS, map(_cells, found))
    kept = {name: value for name, value in chosen.items() if value}
    platforms = {channel.platform for channel in visit.brand.channels} | {one.handle[0] for one in everyone}
    values = {
        "rows": [_row(one, words) for one in found[:ROWS]],
        "total": len(found),
        "looked": looked,
        "cut": looked >= MOST,
        "chosen": chosen,
        "filtered": any(chosen[name] for name in ("name", "platform", "mood")),
        "days": [(days, words.gettext(said)) for days, said in DAYS.items()],
        "moods": [(mood, words.gettext(said)) for mood, said in MOODS.items()],
        "platforms": [(each, words.network(each)) for each in sorted(platforms)],
        "file": "/people/met?" + urlencode({**kept, "as": ""}),
    }
    return Page(template="met.html", place="people", values=values)


def read(visit: Visit, chosen: dict[str, str]) -> tuple[list[Person], list[Person], int]:
    """Who fits what is chosen, in its order; everybody; and how many mentions were looked at."""
    last = visit.now.astimezone(UTC).date()
    wanted = Wanted(platform=chosen["platform"])
    listings = list(people.listings(visit, last, int(chosen["days"]), MOST, wanted))
    everyone = list(met(line_of(each, visit.brand.zone) for each in listings))
    found = _sorted([one for one in everyone if _fits(one, chosen)], chosen["mood"])
    return found, everyone, len(listings)


def angry(one: Person) -> int:
    return sum(line.label == Sentiment.NEGATIVE for line in one.lines)


def _fits(one: Person, chosen: dict[str, str]) -> bool:
    name = chosen["name"].strip().removeprefix("@").casefold()
    if name and name not in one.handle[1].casefold():
        return False
    return {"": True, "glad": one.glad > 0, "unhappy": angry(one) > 0}[chosen["mood"]]


def _sorted(found: Sequence[Person], mood: str) -> list[Person]:
    if mood == "unhappy":
        return sorted(found, key=lambda one: (-angry(one), one.handle))
    if mood == "glad":
        return by_gladness(found)
    return sorted(found, key=lambda one: (-len(one.lines), one.handle))


def _row(one: Person, words: Words) -> Row:
    platform, author = one.handle
    return Row(
        author=author,
        network=words.network(platform),
        path=people.path(platform, author),
        times=len(one.lines),
        glad=one.glad,
        angry=angry(one),
        last=one.lines[0].posted_at,
    )


def _cells(one: Person) -> cells.Row:
    platform, author = one.handle
    return platform, author, len(one.lines), one.glad, one.glad_days, angry(one), one.lines[0].posted_at
