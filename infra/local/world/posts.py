"""What the example brand itself says, and when: on the slots of last month, now, and on the next days.

Some slots are left empty, so that there is something to fill. Everybody in whose name a post is planned is
invented, as is the rest of it (posts.tsv).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from chalicelib.domain.brand import Brand
from chalicelib.domain.post import Slot, post_id
from chalicelib.domain.slots import Taken, free, slot_of, slots
from chalicelib.stages.plan import Wish
from infra.local.world import HOME
from infra.local.world.times import ZONE, Calendar, boiler, last_month

CHANNEL = "wall"
AHEAD = timedelta(days=8)
"""Wherever one begins, a weekend lies in it."""
EMPTY = 3
"""Of the slots to come one in so many is left empty."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A wish in the name of a person."""

    wish: Wish
    by: str


@dataclass(frozen=True, slots=True)
class _Row:
    when: str
    language: str
    goal: str
    audience: str
    by: str
    title: str
    why: str
    text: str

    def on(self, slot: Slot, *id: str) -> Planned:
        wish = Wish(
            id=post_id("example", *id),
            title=self.title,
            language=self.language,
            texts=((CHANNEL, self.text),),
            slot=slot,
            goal=self.goal,
            audience=self.audience,
            why=self.why,
        )
        return Planned(wish, self.by)


def past(brand: Brand, calendar: Calendar) -> list[Planned]:
    """Last month's posts, oldest first: spread evenly over its weekdays and its weekends."""
    days, broke = last_month(calendar), boiler(calendar)
    taken = {"spike": _slots(brand, [broke])[-1], "after": _slots(brand, [broke + timedelta(days=1)])[0]}
    found = [row.on(taken[row.when], taken[row.when].wall) for row in _rows() if row.when in taken]
    for when in ("weekday", "weekend"):
        rows = [row for row in _rows() if row.when == when]
        fitting = [slot for slot in _slots(brand, days) if _kind(slot) == when and slot not in taken.values()]
        step = len(fitting) / len(rows)
        found += [row.on(slot, slot.wall) for n, row in enumerate(rows) for slot in [fitting[int(n * step)]]]
    return sorted(found, key=lambda planned: planned.wish.slot.at())


def recent(brand: Brand, calendar: Calendar) -> Iterator[Planned]:
    """This month's posts until the first start; what was said last month bears saying again."""
    today = calendar.first_start.astimezone(ZONE).date()
    days = [today.replace(day=day) for day in range(1, today.day)]
    for number, slot in enumerate(_slots(brand, days) if days else ()):
        rows = [row for row in _rows() if row.when == _kind(slot)]
        if number % EMPTY:
            yield rows[-1 - number % len(rows)].on(slot, slot.wall)


def now(at: datetime) -> Planned:
    """The one that leaves at once; one a day, however often the world is started."""
    row = next(row for row in _rows() if row.when == "now")
    slot = slot_of(at, str(ZONE))
    return row.on(slot, "now", slot.wall[:10])


def coming(brand: Brand, taken: Taken, at: datetime) -> Iterator[Planned]:
    """On free slots of the next days. The same slot always gets the same."""
    for wall, _ in free(brand, taken, at, at + AHEAD):
        slot = Slot(wall, brand.zone)
        rows = [row for row in _rows() if row.when == f"coming {_kind(slot)}"]
        number = date.fromisoformat(wall[:10]).toordinal() * 2 + (wall[11:] > "12:00")
        if number % EMPTY:
            yield rows[number % len(rows)].on(slot, wall)


def _slots(brand: Brand, days: list[date]) -> list[Slot]:
    """All of the channel's, from the first to the last of these days."""
    channel = brand.channel(CHANNEL)
    if channel is None:
        return []
    midnight = datetime(days[0].year, days[0].month, days[0].day, tzinfo=ZONE)
    last = f"{days[-1]}T24"
    return [*takewhile(lambda slot: slot.wall < last, slots(channel, brand.zone, midnight))]


def _kind(slot: Slot) -> str:
    return "weekend" if date.fromisoformat(slot.wall[:10]).weekday() >= 5 else "weekday"


def _rows() -> Iterator[_Row]:
    lines = (HOME / "posts.tsv").read_text("utf-8").splitlines()
    return (_Row(*line.split("\t")) for line in lines if not line.startswith("#"))
