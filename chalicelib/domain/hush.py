"""Is a source not heard: does it not answer, is it not asked, or has it gone silent beyond its own habit
(`habit.py`), or does it bring far less (`rate.py`)?
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from chalicelib.domain.brand import OverCap
from chalicelib.domain.habit import LEAST_TIMES, days_of, is_silent, knows, last_day
from chalicelib.domain.pace import DOWN
from chalicelib.domain.rate import falls
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import NOTE_SUCCESS_EVERY, UNREADABLE, Source, SourceState

FAILING = timedelta(hours=3)
"""So long a source must not answer, before somebody is told; where its whole network does not, no longer."""
HELD_OFF = timedelta(hours=24)
"""So long a source may have to wait beyond its interval, as its network asks for rest or it has no turn,
before somebody is told; less, where it is silent beyond its habit by then."""
LATE = 3
"""A source should have been asked after so many of its intervals, beyond what is written down."""
NEVER, SOME, FEW_KNOWN, LONGER_KNOWN = timedelta(days=28), timedelta(days=14), timedelta(days=42), 2
"""Where too little came to know a habit, silence is told of after so long: of who never called us; of what
came on `LEAST_TIMES` days; of anything else. At least so many times the longest distance that is known."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)

FAILS, UNREAD, UNASKED, WAITS = "fails", "unread", "unasked", "waits"
SILENT, NOTHING, FEW, OVER = "silent", "nothing", "few", "capped"
REFUSED = "refused"
ENDS = {1: "ends-1", 7: "ends-7", 14: "ends-14"}
"""What is told of a key (`tested.py`), by the days that are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """A source that is not heard, and since when: it does not answer (`FAILS`), what it sends cannot be read
    (`UNREAD`), it is not asked in its turn (`UNASKED`) or may not be asked (`WAITS`), it is silent beyond its
    habit (`SILENT`), or brings nothing, and what is usual is not known (`NOTHING`); that brings far less than
    usual (`FEW`), `since` we listen to it; or more than may open cases (`OVER`), of a day. Or a key, of a
    source or (`channel:id`) a channel, that its network refuses (`REFUSED`), or that ends at `since`
    (`ENDS`). What it is called is no part of the cause."""

    brand: str
    source: str
    kind: str
    since: datetime
    name: str = field(compare=False)

    @property
    def path(self) -> str:
        """Where it is mended, in the console."""
        kind, _, id = self.source.rpartition(":")
        return f"/brand/channels/{id}" if kind else f"/sources/{id}"

    def __str__(self) -> str:
        """As an alert's set holds it; `read` reads it. A spike has a moment for its kind."""
        return "/".join((self.brand, "", self.kind, self.source, stamp(self.since), self.name))


def read(text: str) -> Hush:
    brand, _, kind, source, since, name = text.split("/", 5)
    return Hush(brand=brand, source=source, kind=kind, since=datetime.fromisoformat(since), name=name)


def hush(
    source: Source,
    state: SourceState,
    zone: str,
    closed: Collection[date],
    now: datetime,
    *,
    told: bool = False,
) -> Hush | None:
    """What is to be told of it, None where there is nothing to tell. `closed`: days on which nothing is
    expected. `told`: that it brings far less was told before."""
    if source.paused:
        return None
    if since := fails_since(source, state):
        kind = UNREAD if state.reason.startswith(UNREADABLE) else FAILS
        at_once = state.reason == DOWN and since == state.failing_since
        return None if now - since < FAILING and not at_once else _hush(source, kind, since)
    if found := held_off(source, state, zone, closed, now):
        return found
    if since := unasked_since(source, state, now):
        return None if now - since < FAILING else _hush(source, UNASKED, since)
    return silence(source, state, zone, closed, now) or fewer(source, state, closed, now, told=told)


def fewer(
    source: Source, state: SourceState, closed: Collection[date], now: datetime, *, told: bool = False
) -> Hush | None:
    """Does it bring far less than usual? One cause, whenever it began."""
    return _hush(source, FEW, source.listens_since) if falls(source, state, closed, now, told=told) else None


def _hush(source: Source, kind: str, since: datetime) -> Hush:
    whole = since.replace(microsecond=0)
    return Hush(brand=source.brand, source=source.id, kind=kind, since=whole, name=source.name)


def over(source: Source, waits: OverCap) -> Hush:
    """Of a source over its cap: one cause a day, UTC."""
    return _hush(source, OVER, waits.last.astimezone(UTC).replace(hour=0, minute=0, second=0))


def fails_since(source: Source, state: SourceState) -> datetime | None:
    """Since when it does not answer, though it is asked."""
    return max(state.failing_since, source.listens_since) if state.failing_since else None


def unasked_since(source: Source, state: SourceState, now: datetime) -> datetime | None:
    """Since when nobody asked it though it was its turn; None where it waits, rests, or calls us."""
    if source.interval <= 0 or source.paused or state.stopped:
        return None
    last, turns = max(state.last_success or EVER, source.listens_since), timedelta(minutes=source.interval)
    patience = NOTE_SUCCESS_EVERY + LATE * turns
    if state.wait_until:
        patience = max(patience, state.wait_until - last + LATE * turns)
    return last if now - last > patience else None


def held_off(
    source: Source, state: SourceState, zone: str, closed: Collection[date], now: datetime
) -> Hush | None:
    """Has it to wait, and longer than a source may? One that does not answer fails."""
    if not (state.waits(now) and source.interval > 0) or state.failing_since or state.stopped:
        return None
    last, meter = max(state.last_success or EVER, source.listens_since), state.meter
    if now - last >= HELD_OFF + timedelta(minutes=source.interval):
        return _hush(source, WAITS, last)
    silent = meter and now - last >= FAILING and is_silent(meter, zone, closed, now, source.resumed)
    return _hush(source, WAITS, last) if silent else None


def silence(
    source: Source, state: SourceState, zone: str, closed: Collection[date], now: datetime
) -> Hush | None:
    """Is it silent beyond its habit, or for long where none is known? What was not asked cannot have
    answered, and a pause is no silence."""
    until = now if source.interval <= 0 else min(now, state.last_success or EVER)
    meter, since = state.meter, max(source.listens_since, state.last_heard or EVER)
    if meter and meter.days:
        since = max(since, last_day(meter))
    if meter and is_silent(meter, zone, closed, until, source.resumed):
        return _hush(source, SILENT, max(last_day(meter), *(source.resumed[-1:] or (EVER,))))
    if meter and knows(meter, source.resumed):
        return None
    return _hush(source, NOTHING, since) if until - since > _patience(state) else None


def _patience(state: SourceState) -> timedelta:
    """With a source of which too little is known."""
    if state.last_success is None:
        return NEVER
    came = days_of(state.meter) if state.meter else []
    least = SOME if len(came) >= LEAST_TIMES else FEW_KNOWN
    return max(least, timedelta(days=LONGER_KNOWN * max((b - a for a, b in pairwise(came)), default=0)))
