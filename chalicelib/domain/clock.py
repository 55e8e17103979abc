"""The working-hours clock: when is an answer due, and how was that reckoned?

A minute is open if the clock on the wall then stands inside a block of that weekday: so an hour that
a summer-time change skips does not count, and one that it repeats counts twice. Counting is done in
instants (UTC), from the whole minute in which the message came.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)
_NAMED = 3
"""So many closed days are told by name."""

Week = tuple[tuple[tuple[int, int], ...], ...]
"""For Monday to Sunday the open blocks as minutes from midnight, apart and in order."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of time that was open, and counted, or closed. Moments are UTC."""

    start: datetime
    end: datetime
    minutes: int
    open: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`parts` follow on each other from `received` (its whole minute) to `due`; the last is open."""

    received: datetime
    due: datetime
    parts: tuple[Part, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """The minutes of each part, those that were closed below zero: with `due`, all `recall` needs."""
        return tuple(part.minutes if part.open else -part.minutes for part in self.parts)


def due(
    received: datetime,
    within: int,
    hours: Mapping[str, Sequence[str]],
    zone: str,
    closed: Container[date] = (),
) -> Reckoning:
    """`within` working minutes after `received` (aware), on the wall clock of `zone` (IANA name).

    `hours` as in `brand.Department`: blocks such as "09:00-17:30", "18:00-24:00", or "22:00-06:00",
    which runs into the next day. Without any block every hour counts. On the dates in `closed`, of which
    there is a last one, none does: from midnight to midnight, also of a block that began the day before;
    where every hour counts these do too. `within` of 0 or less: due at
    once. Raises ValueError as `week` does, and for a moment without a zone.
    """
    if received.tzinfo is None:
        raise ValueError("a moment needs a zone")
    received = received.astimezone(UTC)
    if within <= 0:
        return Reckoning(received, received, ())
    at = received.replace(second=0, microsecond=0)
    if not any(table := week(hours)):
        end = at + within * _MINUTE
        return Reckoning(received, end, (Part(at, end, within, True),))
    parts: list[Part] = []
    left = within
    for start, end, is_open in _runs(at, table, ZoneInfo(zone), closed):
        if is_open:
            end = min(end, start + left * _MINUTE)
            left -= _minutes(start, end)
        if parts and parts[-1].open == is_open:
            start = parts.pop().start
        parts.append(Part(start, end, _minutes(start, end), is_open))
        if not left:
            break
    return Reckoning(received, parts[-1].end, tuple(parts))


def closed_until(
    at: datetime, hours: Mapping[str, Sequence[str]], zone: str, closed: Container[date] = ()
) -> datetime | None:
    """When it opens, where it is closed at `at` (aware); None where it is open. The rest as in `due`."""
    at = at.astimezone(UTC).replace(second=0, microsecond=0)
    if not any(table := week(hours)):
        return None
    opens = next(start for start, _, is_open in _runs(at, table, ZoneInfo(zone), closed) if is_open)
    return opens if opens > at else None


def recall(until: datetime, lengths: Sequence[int]) -> Reckoning:
    """The reckoning that was due at `until` and had these `lengths`, whatever the hours are by now."""
    at = received = until - sum(map(abs, lengths)) * _MINUTE
    parts = []
    for length in lengths:
        start, at = at, at + abs(length) * _MINUTE
        parts.append(Part(start, at, abs(length), length > 0))
    return Reckoning(received, until, tuple(parts))


def week(hours: Mapping[str, Sequence[str]]) -> Week:
    """Read a department's hours. Raises ValueError, naming the day and what was expected."""
    return _week(tuple((day, tuple(blocks)) for day, blocks in hours.items()))


@lru_cache(maxsize=256)
def _week(hours: tuple[tuple[str, tuple[str, ...]], ...]) -> Week:
    found: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for day, blocks in hours:
        if day not in DAYS:
            raise ValueError(f"hours.{day}: expected one of {', '.join(DAYS)}")
        for block in blocks:
            first, _, last = block.partition("-")
            start, end = _wall(day, first), _wall(day, last)
            if start in (end, _DAY):
                raise ValueError(f"hours.{day}: {block!r} is empty; a whole day is 00:00-24:00")
            today = DAYS.index(day)
            found[today].append((start, end if end > start else _DAY))
            if end < start and end:
                found[(today + 1) % 7].append((0, end))
    return tuple(_merged(blocks) for blocks in found)


def _wall(day: str, text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if colon and len(minute) == 2 and 1 <= len(hour) <= 2 and (hour + minute).isdecimal():
        found = int(hour) * 60 + int(minute)
        if int(minute) < 60 and found <= _DAY:
            return found
    raise ValueError(f"hours.{day}: expected times such as 09:00-17:30, got {text!r}")


def _merged(blocks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(blocks):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _runs(
    at: datetime, table: Week, zone: tzinfo, closed: Container[date]
) -> Iterator[tuple[datetime, datetime, bool]]:
    """From `at` on for ever: (start, end, open), without gaps."""
    while True:
        local = at.astimezone(zone)
        end = _end_of_stretch(at, zone)
        wall = local.hour * 60 + local.minute
        blocks = () if local.date() in closed else table[local.weekday()]
        for first, last in (*blocks, (_DAY, _DAY)):
            opens = min(max(at + (first - wall) * _MINUTE, at), end)
            closes = min(max(at + (last - wall) * _MINUTE, at), end)
            if at < opens:
                yield at, opens, False
            if opens < closes:
                yield opens, closes, True
            wall, at = wall + _minutes(at, closes), closes


def _end_of_stretch(at: datetime, zone: tzinfo) -> datetime:
    """The next local midnight, or the clock change before it: until then wall time simply runs on."""
    local = at.astimezone(zone)
    offset = local.utcoffset()
    end = at + (_DAY - local.hour * 60 - local.minute) * _MINUTE
    if end.astimezone(zone).utcoffset() == offset:
        return end
    low, high = 0, _minutes(at, end)
    while high - low > 1:
        middle = (low + high) // 2
        same = (at + middle * _MINUTE).astimezone(zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return at + high * _MINUTE


def _minutes(start: datetime, end: datetime) -> int:
    return (end - start) // _MINUTE


# in words ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    days: tuple[str, ...]
    months: tuple[str, ...]
    received: str
    to_closing: str
    closed: str
    plus: str
    minute: str
    minutes: str
    hours: str


_NL_DAYS, _EN_DAYS = "ma di wo do vr za zo", "Mon Tue Wed Thu Fri Sat Sun"
_NL_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
_EN_MONTHS = "January February March April May June July August September October November December"
_WORDS = {
    "nl": _Words(
        days=tuple(_NL_DAYS.split()),
        months=tuple(_NL_MONTHS.split()),
        received="Ontvangen {}",
        to_closing="{} tot sluiting",
        closed="gesloten tot {}",
        plus="plus {}",
        minute="1 minuut",
        minutes="{} minuten",
        hours="{} u {:02}",
    ),
    "en": _Words(
        days=tuple(_EN_DAYS.split()),
        months=tuple(_EN_MONTHS.split()),
        received="Received {}",
        to_closing="{} to closing",
        closed="closed until {}",
        plus="plus {}",
        minute="1 minute",
        minutes="{} minutes",
        hours="{} h {:02}",
    ),
}


def sentence(reckoning: Reckoning, language: str, zone: str, closed: Mapping[date, str] = {}) -> str:
    """The sum in words, in "nl" or "en" (any other: "en"), on the wall clock of `zone`. `closed` are the
    names of closed days, told where it was closed then.

    "Ontvangen zo 16:40, 20 minuten tot sluiting, gesloten tot ma 09:00, plus 40 minuten: ma 09:40."
    """
    words = _WORDS.get(language, _WORDS["en"])
    clock = ZoneInfo(zone)
    began = reckoning.received.astimezone(clock)

    def moment(at: datetime) -> str:
        local = at.astimezone(clock)
        day = words.days[local.weekday()]
        if (local.date() - began.date()).days > 6:  # the weekday alone would mislead
            day += f" {local.day} {words.months[local.month - 1]}"
        return f"{day} {local:%H:%M}"

    said = [words.received.format(moment(reckoning.received))]
    for part in reckoning.parts:
        if not part.open:
            said.append(words.closed.format(moment(part.end)) + _named(part, clock, closed))
        else:
            form = words.plus if part.end == reckoning.due else words.to_closing
            said.append(form.format(_span(part.minutes, words)))
    return f"{', '.join(said)}: {moment(reckoning.due)}."


def _named(part: Part, clock: tzinfo, closed: Mapping[date, str]) -> str:
    """The closed days within a run of closed time, in brackets; of many the first."""
    day, last = part.start.astimezone(clock).date(), part.end.astimezone(clock).date()
    found: list[str] = []
    while day <= last and len(found) <= _NAMED:
        if (name := closed.get(day, "")) and name not in found:
            found.append(name)
        day += timedelta(days=1)
    told = ", ".join(found[:_NAMED]) + ("…" if len(found) > _NAMED else "")
    return f" ({told})" if told else ""


def _span(minutes: int, words: _Words) -> str:
    if minutes == 1:
        return words.minute
    return words.minutes.format(minutes) if minutes < 120 else words.hours.format(*divmod(minutes, 60))
