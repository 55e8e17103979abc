"""How well a source is heard, in words and as a picture: when it usually brings something, how soon it is
here, what did not answer, what its network still lets us ask, and what it costs.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.coverage import Coverage, coverage
from chalicelib.domain.habit import habit
from chalicelib.domain.holidays import closed, fed
from chalicelib.domain.hush import Hush, fewer, held_off, silence
from chalicelib.domain.source import Source, SourceState
from chalicelib.web.i18n import DAYS, Words

CELL = 8
"""Pixels of an hour in the picture of a week."""
OFTEN = 10
"""Of a hundred: an hour is told of as usual from here on."""
NONE, ALIKE = 0.1, 0.4
"""A day of which less is to be expected brings none; days that differ by no more than this part are told of
as one."""

Week = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    y: int
    ink: str
    """How dark, 0.12 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """`rows` as (label, text); `cells` a week, Monday first, None where too little is known; `usual` the same
    in words."""

    rows: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...] | None
    days: tuple[tuple[int, str], ...]
    usual: str


def shut(brand: Brand) -> Collection[date]:
    """Days on which nothing is expected."""
    return closed(brand.closed, fed(brand))


def quiet(source: Source, state: SourceState, brand: Brand, words: Words) -> Hush | None:
    """Since when it is silent beyond its habit, or for long where none is known; or has to wait so long, or
    brings far less than usual."""
    free = shut(brand)
    known = source, state, brand.zone, free, words.now
    return held_off(*known) or silence(*known) or fewer(source, state, free, words.now)


def usual(counted: Coverage | None, words: Words) -> str:
    """What is to be expected a day, in words; "" while nobody can tell."""
    if counted is None or counted.usual is None:
        return ""
    alike: list[list[int]] = []
    for day, count in enumerate(counted.usual):
        near = (days for days in alike if _alike(counted.usual[days[0]], count))
        if (days := next(near, None)) is None:
            alike.append([day])
        else:
            days.append(day)
    if len(alike) == 1:
        return _about(sum(counted.usual) / 7, words)
    return "; ".join(
        words.gettext(
            "%(days)s: %(count)s",
            days=", ".join(words.gettext(DAYS[day]) for day in days),
            count=_about(sum(counted.usual[day] for day in days) / len(days), words),
        )
        for days in alike
    )


def _alike(one: float, other: float) -> bool:
    if min(one, other) < NONE:
        return max(one, other) < NONE
    return abs(one - other) <= max(1.0, ALIKE * max(one, other))


def _about(count: float, words: Words) -> str:
    if count < NONE:
        return words.gettext("none")
    if count < 1:
        return words.gettext("fewer than one")
    return words.gettext("about %(count)s", count=words.number(round(count)))


def gauge(source: Source, state: SourceState, brand: Brand, words: Words, spent: int | None) -> Gauge:
    """`spent`: micro-dollars of this month; None where its network charges nothing."""
    found = habit(state.meter, brand.zone)
    week = found.week
    return Gauge(
        rows=tuple(_rows(source, state, brand, words, spent)),
        cells=tuple(_cells(week)) if week else None,
        days=tuple((day * CELL + CELL - 1, words.gettext(DAYS[day])) for day in range(7)),
        usual=_hours(week, words) if week else "",
    )


def _cells(week: Week) -> Iterator[Cell]:
    for day, hours in enumerate(week):
        for hour, often in enumerate(hours):
            if often:
                yield Cell(hour * CELL, day * CELL, f"{max(0.12, often / 100):.2f}")


def _hours(week: Week, words: Words) -> str:
    days = [words.gettext(DAYS[day]) for day, hours in enumerate(week) if max(hours) >= OFTEN]
    hours = [hour for each in week for hour, often in enumerate(each) if often >= OFTEN]
    if not days:
        return words.gettext("At no hour of the week regularly.")
    first, last = f"{min(hours):02}:00", f"{max(hours) + 1:02}:00"
    return words.gettext(
        "Usually on %(days)s, between %(first)s and %(last)s.", days=", ".join(days), first=first, last=last
    )


def _rows(
    source: Source, state: SourceState, brand: Brand, words: Words, spent: int | None
) -> list[tuple[str, str]]:
    _, found = words.gettext, habit(state.meter, brand.zone)
    unknown = _("not known yet")
    delay = unknown
    if found.told:
        delay = _(
            "half within %(half)s of publication, 95 in 100 within %(most)s",
            half=_within(found.median, words),
            most=_within(found.most, words),
        )
    often = usual(coverage(state, words.now), words)
    free = _("nothing: its network asks nothing for reading")
    faults = _("none")
    if found.faults:
        faults = words.ngettext("%(num)s request", "%(num)s requests", found.faults)
    return [
        (_("Last success"), words.moment(state.last_success) if state.last_success else _("not yet")),
        (_("Last mention"), words.moment(state.last_heard) if state.last_heard else _("none yet")),
        (_("Usual a day"), _("not counted") if source.interval <= 0 else often or unknown),
        (_("How soon you know of it"), delay),
        (_("Not answered in 7 days"), faults),
        (_("Requests left"), _left(state, words)),
        (_("Costs this month"), "US$ " + words.usd(spent / 1_000_000) if spent is not None else free),
    ]


def _within(minutes: int | None, words: Words) -> str:
    return words.span(timedelta(minutes=minutes)) if minutes else words.gettext("more than a day")


def _left(state: SourceState, words: Words) -> str:
    _, quota = words.gettext, state.quota
    if quota is None:
        return _("its network does not say")
    left = words.number(quota.left)
    said = _("%(left)s of %(of)s", left=left, of=words.number(quota.of)) if quota.of else left
    if quota.until and quota.until > words.now:
        return _("%(left)s, until %(time)s", left=said, time=words.moment(quota.until))
    return said
