"""The calendar: what was is counted, what comes is shown large, and slots without a post ask for one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain import slots
from chalicelib.domain.brand import Channel
from chalicelib.domain.clock import DAYS
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.errors import NotFound
from chalicelib.ports import Outgoing
from chalicelib.stages.wish import AHEAD
from chalicelib.web import cells, export, outgoing
from chalicelib.web.i18n import N_, Words
from chalicelib.web.outgoing import Line
from chalicelib.web.visit import Outcome, Page, Visit

COLUMNS = ("at", "post", "channels", "state", "reason", "page")
SHOWN = 4
"""Posts of one day in the month; the list has all."""
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 1)
GONE = (DeliveryState.CANCELLED, DeliveryState.REMOVED)
STATES = {
    DeliveryState.CONFIRMED: N_("%(num)s confirmed"),
    DeliveryState.SENT: N_("%(num)s sent"),
    DeliveryState.CLAIMED: N_("%(num)s on its way"),
    DeliveryState.PLANNED: N_("%(num)s planned"),
    DeliveryState.UNKNOWN: N_("%(num)s unknown"),
    DeliveryState.HELD: N_("%(num)s held back"),
    DeliveryState.FAILED: N_("%(num)s not sent"),
}
"""How a past day's posts are counted; what was cancelled or removed is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """A slot without a post: wall time (`2026-11-29T20:00`) and its channels, by name where others of that
    moment have one."""

    wall: str
    channels: tuple[str, ...]
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """`counts` (state, words) stand for the posts of a day in a week that is over."""

    day: date
    month: str
    """Its name, where it has to be said; else ""."""
    today: bool
    weekend: bool
    over: bool
    """Its week is over: the month counts its posts."""
    all: tuple[Line, ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    free: tuple[Free, ...] = ()
    listed: tuple[Line | Free, ...] = ()
    """Posts and empty slots, as the day goes."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The posts that the month has one by one."""
        return () if self.over else self.all

    @property
    def entries(self) -> list[Line | Free]:
        """What the month has room for, as the day goes."""
        shown = self.lines[:SHOWN]
        return [each for each in self.listed if isinstance(each, Free) or each in shown]

    @property
    def hidden(self) -> int:
        """Posts that the month has no room for."""
        return max(0, len(self.lines) - SHOWN)


def show(visit: Visit) -> Outcome:
    words, brand = visit.words, visit.brand
    first = _month(visit.query.get("month", ""), words)
    start, end = _frame(first)
    found = visit.desk.deliveries.between(brand.id, words.midnight(start), words.midnight(end))
    lines = outgoing.lines(found, brand, words, braked=visit.brake is not None)
    posts = [line for line in lines if line.is_post]
    if export.asked(visit):
        return export.download(visit, f"posts-{first:%Y-%m}", COLUMNS, map(_cells, posts))
    days = _days(start, end, posts, _free(visit, found, start, end), words)
    weekend = [free for day in days if day.weekend for free in day.free]
    values = {
        "heading": words.month(first),
        "month": f"{first:%Y-%m}",
        "before": f"{step(first, -1):%Y-%m}",
        "after": f"{step(first, 1):%Y-%m}",
        "view": "list" if visit.query.get("view") == "list" else "month",
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)],
        "weekend": weekend,
        "first_free": words.moment(words.at_wall(weekend[0].wall)) if weekend else "",
        "has_slots": any(any(channel.slots.values()) for channel in brand.channels),
        "planned": sum(line.state in ("planned", "held") for line in posts),
        "done": visit.query.get("done", ""),
    }
    return Page(template="calendar.html", place="calendar", values=values)


def _cells(line: Line) -> cells.Row:
    return line.at, line.text, line.channels, line.state, line.reason, line.path


def _month(asked: str, words: Words) -> date:
    """The first of the month that was asked for, or of this one. Raises NotFound."""
    if not asked:
        return words.today().replace(day=1)
    try:
        first = date.fromisoformat(f"{asked:.7}-01")
    except ValueError:
        raise NotFound("no such month") from None
    if not FIRST <= first <= LAST:
        raise NotFound("no such month")
    return first


def _frame(first: date) -> tuple[date, date]:
    """Whole weeks from Monday around the month; the end is the day after."""
    after = step(first, 1)
    return first - timedelta(days=first.weekday()), after + timedelta(days=-after.weekday() % 7)


def step(first: date, months: int) -> date:
    return (first + timedelta(days=45 if months > 0 else -1)).replace(day=1)


def taken(found: Iterable[Outgoing]) -> set[tuple[str, datetime]]:
    """The slots of the posts that leave or have left, as `slots.free` wants them."""
    return {
        (each.key.channel, each.at.astimezone(UTC).replace(second=0, microsecond=0))
        for each in found
        if isinstance(each.key.owner, PostKey) and each.state not in GONE
    }


def _free(visit: Visit, found: Iterable[Outgoing], start: date, end: date) -> list[Free]:
    """Slots to come at which a channel has nothing to say yet, in order; none later than a post may be."""
    brand, words = visit.brand, visit.words
    since, until = max(visit.now, words.midnight(start)), min(visit.now + AHEAD, words.midnight(end))
    made = []
    for wall, ids in slots.free(brand, taken(found), since, until):
        names = [outgoing.channel(brand, id, words) for id in ids]
        all_free = len(ids) == sum(_publishes(channel, wall) for channel in brand.channels)
        made.append(Free(wall=wall, channels=ids, names="" if all_free else ", ".join(names)))
    return made


def _publishes(channel: Channel, wall: str) -> bool:
    day = DAYS[date.fromisoformat(wall[:10]).weekday()]
    return wall[11:] in channel.slots.get(day, ())


def _days(start: date, end: date, posts: Sequence[Line], free: Sequence[Free], words: Words) -> list[Day]:
    today, made = words.today(), []
    for number in range((end - start).days):
        day = start + timedelta(days=number)
        ours = tuple(post for post in posts if words.local(post.at).date() == day)
        over = day + timedelta(days=6 - day.weekday()) < today
        empty = tuple(each for each in free if each.wall[:10] == day.isoformat())
        made.append(
            Day(
                day=day,
                month=words.month_name(day) if number == 0 or day.day == 1 else "",
                today=day == today,
                weekend=day.weekday() > 4,
                over=over,
                all=ours,
                counts=_counts(ours, words) if over else (),
                free=empty,
                listed=tuple(sorted((*ours, *empty), key=lambda each: _time(each, words))),
            )
        )
    return made


def _time(each: Line | Free, words: Words) -> str:
    return each.wall[11:] if isinstance(each, Free) else words.time(each.at)


def _counts(posts: Sequence[Line], words: Words) -> tuple[tuple[str, str], ...]:
    number = Counter(post.state for post in posts)
    return tuple(
        (state.value, words.gettext(said, num=words.number(number[state.value])))
        for state, said in STATES.items()
        if number[state.value]
    )
