"""Something we poll or that calls us, what it last said, and when it is asked again."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2s
from math import ceil
from zlib import crc32

SEEN_BYTES, ID_BYTES = 8, 4
NOTE_SUCCESS_EVERY = timedelta(minutes=15)
"""A poll that brought nothing new is written down at most this often: a write costs, and a source
that is asked every five minutes and silent for fifteen is not dead yet."""
OUTAGE = timedelta(hours=1)
"""So long a source must fail for it to be remembered when it is mended: less brought nothing late."""
OUTAGES, REMEMBERED = 6, timedelta(days=62)
"""So many are remembered at most, the longest, and so long: until the month in which they ended is reported.
The item stays below a write unit."""
TALLY_DAYS = 57
"""Eight weeks and today: what is usual is known four weeks longer than it lasts that less comes."""
HABIT_HOURS, HABIT_DAYS = 4 * 7 * 24, 53 * 7
"""Of so many hours and days is kept whether anything came."""
LIMITS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440)
"""Minutes from publication until it was told of, by which such delays are sorted; the last lot is longer."""
FAULT_DAYS = 7
CAP = 300
"""Messages an hour that a source may bring before it opens no more cases by itself: more than anybody
reads."""
FOR_GOOD = "yes"
UNREADABLE = "a call could not be read"
"""So begins the reason of a source that calls us and says nothing that we can read."""
RESUMED = 4
"""So often is remembered when it went on after a pause."""
LOOKS_AGAIN = timedelta(minutes=10)
"""So long after its budget was found used a source looks whether there is one again."""
MAX_BACKOFF = 12
"""A failing source is asked at its interval times 1, 2, 4, 8, 12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """As the brand set it up. `settings` are the platform module's own (its docstring lists them)."""

    brand: str
    id: str
    platform: str
    name: str
    settings: dict[str, str] = field(default_factory=dict)
    interval: int = 5
    """Minutes between two polls; 0 for a source that calls us."""
    connected_at: datetime
    """What was posted before this is history: kept, judged, and no work."""
    anew_at: datetime | None = None
    """When it began anew, with another address or after a pause: what was posted before is history too."""
    channel: str = ""
    """The channel that answers what is heard here."""
    watched: bool = True
    """Keep only what a watch matches; what is addressed to us is always kept."""
    paused: bool = False
    """A person stopped it for now: not polled, and its calls are answered and not kept."""
    muted: str = ""
    """`yes`, or until this moment: what it brings is held as noise, and nobody is told. It is polled as
    ever, so nothing floods when that ends."""
    cap: int = CAP
    """Messages an hour from which on it opens cases by itself; 0: however many."""
    watch: str = ""
    """The watch that it is read for, where its network charges: that one pays (`ledger.py`)."""
    resumed: tuple[datetime, ...] = ()
    """When it went on after a pause: what it did not bring until then is no silence."""

    @property
    def listens_since(self) -> datetime:
        return max((self.connected_at, *self.resumed))

    @property
    def begins(self) -> datetime:
        """What was posted before this is history."""
        return max(self.connected_at, self.anew_at or self.connected_at)

    @property
    def place(self) -> dict[str, str]:
        """What is listened to: `settings` without how far back and how it signs."""
        return {name: value for name, value in self.settings.items() if name not in ("backfill", "scheme")}

    def mutes(self, now: datetime) -> bool:
        return bool(self.muted) and (self.muted == FOR_GOOD or now < datetime.fromisoformat(self.muted))


def continued(new: Source, was: Source, now: datetime, *, meanwhile: bool = False) -> Source:
    """`new` as `was` goes on: its history stays history, and when it went on after a pause is known. It
    begins anew where something else is listened to from now on, and where a pause ends, unless what came
    `meanwhile` is asked for. What calls us brings nothing of a pause."""
    at = now.replace(microsecond=0)
    resumes = was.paused and not new.paused
    anew = new.place != was.place or (resumes and bool(new.interval) and not meanwhile)
    return replace(
        new,
        connected_at=was.connected_at,
        anew_at=at if anew else was.anew_at,
        resumed=(*was.resumed, at)[-RESUMED:] if resumes else was.resumed,
    )


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first poll that failed to the first that was answered again."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message of which is to be seen when it was ready (`stages/ready.py`)."""

    platform: str
    id: str
    posted_at: datetime

    def __str__(self) -> str:
        return f"{int(self.posted_at.timestamp())} {self.platform} {self.id}"

    @classmethod
    def of(cls, text: str) -> "Awaited":
        posted, platform, id = text.split(" ", 2)
        return cls(platform, id, datetime.fromtimestamp(int(posted), UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """When it brings something, how soon, and how often it did not answer: raw, for `hush.py` to read.

    Hours and days are numbered from 1970, UTC. Of `hours` and `days` bit 0 is the hour `at`, and its day; bit
    n lies n earlier; it is set where something came. What was there on the first poll has its own date. They
    move on only when something comes: a silence, however long, wipes out no habit.
    """

    began: int
    """The first hour that is known of."""
    at: int
    """The hour in which something came last, or of the first poll."""
    until: int
    """The hour in which it was written last; `faults` end with its day."""
    hours: int = 0
    days: int = 0
    delays: tuple[int, ...] = (0,) * (len(LIMITS) + 1)
    """How many messages came so soon, one lot a limit; all are halved when one is full at 255, so that what
    was long ago counts for less."""
    faults: tuple[int, ...] = (0,) * FAULT_DAYS
    """Polls that failed, day by day, the newest last; 255 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What the network said at the last poll: so many requests are `left` of so many, until `until`."""

    left: int
    of: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What polling it brought. `rev` grows by one a write: two pollers never overwrite each other."""

    rev: int = 0
    cursor: str = ""
    """Opaque, the platform module's own."""
    seen: bytes = b""
    """Of each message of the last page a short hash of its id and one of its text, `SEEN_BYTES` together."""
    last_success: datetime | None = None
    last_heard: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    reason: str = ""
    """Why the last poll failed, or why it waits, in words for the source's page; "" when it did neither."""
    wait_until: datetime | None = None
    """The source asked for rest (Retry-After), or failed, or its account's turn comes then: not asked before
    this."""
    outages: tuple[Outage, ...] = ()
    """Those that are over, in the order of time (`OUTAGE`, `REMEMBERED`)."""
    tally_day: str = ""
    """The UTC day (`yyyy-mm-dd`) of the newest of `tally`."""
    tally: tuple[int, ...] = ()
    """How many messages it brought, day by day, the newest last; without what was there when it was set up.
    Sources that call us are not counted: that would be a write a call."""
    meter: Meter | None = None
    quota: Quota | None = None
    hour: int = 0
    """Numbered from 1970, UTC: in it came `in_hour` messages that were new."""
    in_hour: int = 0
    like: bytes = b""
    """Of the last texts that may be bait (`noise.Trace`); empty where there were none."""
    awaited: tuple[Awaited, ...] = ()
    looked_again: datetime | None = None
    """When it was last looked whether what it brought is still there (`stages/look_again.py`)."""
    stopped: str = ""
    """The scope of the budget that is used, for which it is not asked (`budget.py`)."""

    def came(self, now: datetime) -> int:
        """Messages in this hour."""
        return self.in_hour if self.hour == _hour(now) else 0

    def waits(self, now: datetime) -> bool:
        """Is it left alone until `wait_until`, for a reason?"""
        return bool(self.reason) and self.wait_until is not None and self.wait_until > now

    @property
    def marks(self) -> tuple[bytes, ...]:
        """`seen`, one by one."""
        step = range(0, len(self.seen), SEEN_BYTES)
        return tuple(self.seen[i : i + SEEN_BYTES] for i in step)

    @property
    def ids(self) -> frozenset[bytes]:
        """Of `seen`, what stands for the ids."""
        return frozenset(mark[:ID_BYTES] for mark in self.marks)


def seen_mark(id: str, text: str) -> bytes:
    """Begins with what stands for the id."""
    said = " ".join(text.split())
    return _hash(id, ID_BYTES) + _hash(said, SEEN_BYTES - ID_BYTES)


def _hash(text: str, size: int) -> bytes:
    return blake2s(text.encode(), digest_size=size).digest()


@dataclass(frozen=True, slots=True)
class Listed:
    """A source as the polling index shows it: all that the tick needs."""

    brand: str
    source: str
    interval: int
    wait_until: datetime | None = None


def due(listed: Listed, since: datetime, now: datetime) -> bool:
    """Did this source's minute come in (since, now]?

    Sources of one interval are spread over it by a hash of their name, so that a thousand feeds
    are not asked in the same minute; and a poll costs no index write, as the minute never changes.
    A tick that was missed loses nothing: the next one asks since the last.
    """
    if listed.interval <= 0 or (listed.wait_until and now < listed.wait_until):
        return False
    step = timedelta(minutes=listed.interval).total_seconds()
    offset = 60.0 * (crc32(f"{listed.brand}/{listed.source}".encode()) % listed.interval)
    return (now.timestamp() - offset) // step > (since.timestamp() - offset) // step


def succeeded(
    state: SourceState,
    now: datetime,
    *,
    cursor: str,
    seen: bytes,
    heard: bool,
    counted: int = 0,
    posted: Sequence[datetime] = (),
    delays: Sequence[timedelta] = (),
    awaited: tuple[Awaited, ...] = (),
    looked_again: datetime | None = None,
    first: bool = False,
    quota: Quota | None = None,
    wait: float = 0,
    came: int = 0,
    like: bytes = b"",
) -> SourceState:
    """The state after a poll that was answered; the same object where nothing is worth a write.

    `heard`: did it bring anything? `counted` of that belongs to the day's tally. On a `first` poll
    `posted` teaches its habit: when what it brought was published. `delays` are of what came before and is
    ready by now, `awaited` what is not. `came`: messages in this hour; `like` as in the state.
    """
    moved = first or cursor != state.cursor or seen != state.seen or state.stopped
    if not (heard or is_stale(state, now) or state.failing_since or wait or moved):
        return state
    return SourceState(
        rev=state.rev + 1,
        cursor=cursor,
        seen=seen,
        last_success=now,
        last_heard=now if heard else state.last_heard,
        wait_until=now + timedelta(seconds=wait) if wait else None,
        outages=_remembered(state, now),
        tally_day=now.astimezone(UTC).date().isoformat(),
        tally=_tallied(state, now, counted),
        meter=_metered(state.meter, now, heard and not first, delays, posted if first else ()),
        quota=quota,
        hour=_hour(now) if came else 0,
        in_hour=came,
        like=like,
        awaited=awaited,
        looked_again=looked_again or state.looked_again,
    )


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def is_stale(state: SourceState, now: datetime) -> bool:
    """Is it time to note that it answered, though it brought nothing?"""
    return state.last_success is None or now - state.last_success >= NOTE_SUCCESS_EVERY


def _remembered(state: SourceState, now: datetime) -> tuple[Outage, ...]:
    found = [outage for outage in state.outages if now - outage.until < REMEMBERED]
    since = state.failing_since
    if since and now - since >= OUTAGE:
        found.append(Outage(since.replace(microsecond=0), now.replace(microsecond=0)))
    longest = sorted(found, key=lambda outage: outage.length, reverse=True)[:OUTAGES]
    return tuple(outage for outage in found if outage in longest)


def _tallied(state: SourceState, now: datetime, counted: int) -> tuple[int, ...]:
    """The tally with today as its last day; days without a write brought nothing."""
    if not state.tally:
        return (counted,)
    passed = (now.astimezone(UTC).date() - date.fromisoformat(state.tally_day)).days
    if passed <= 0:
        return (*state.tally[:-1], state.tally[-1] + counted)
    return (*state.tally, *[0] * min(passed - 1, TALLY_DAYS), counted)[-TALLY_DAYS:]


def halfway(
    state: SourceState, now: datetime, *, seen: bytes, counted: int, came: int, like: bytes
) -> SourceState:
    """The state while a page is kept in parts: what was kept is known, the cursor stays before the page."""
    return replace(
        state,
        rev=state.rev + 1,
        seen=seen,
        tally_day=now.astimezone(UTC).date().isoformat(),
        tally=_tallied(state, now, counted),
        hour=_hour(now) if came else 0,
        in_hour=came,
        like=like,
    )


def _metered(
    meter: Meter | None,
    now: datetime,
    heard: bool,
    delays: Sequence[timedelta],
    posted: Sequence[datetime],
) -> Meter:
    """`posted` is of a first poll."""
    after = _taught(_moved(meter, now), posted)
    lots = list(after.delays)
    for delay in delays:
        lots[bisect_left(LIMITS, delay.total_seconds() / 60)] += 1
        if max(lots) > 255:
            lots = [each // 2 for each in lots]
    after = replace(after, delays=tuple(lots))
    return called(after, now) if heard else after


def called(meter: Meter | None, now: datetime) -> Meter:
    """With something that came, as of a source that calls us."""
    after = _moved(meter, now)
    hours, days = after.until - after.at, after.until // 24 - after.at // 24
    return replace(
        after,
        at=after.until,
        hours=(after.hours << min(hours, HABIT_HOURS)) & ((1 << HABIT_HOURS) - 1) | 1,
        days=(after.days << min(days, HABIT_DAYS)) & ((1 << HABIT_DAYS) - 1) | 1,
    )


def _moved(meter: Meter | None, now: datetime) -> Meter:
    """Written in the hour of `now`."""
    hour = int(now.timestamp()) // 3600
    if meter is None:
        return Meter(began=hour, at=hour, until=hour)
    if hour <= meter.until:
        return meter
    days = hour // 24 - meter.until // 24
    faults = (*meter.faults, *[0] * min(days, FAULT_DAYS))[-FAULT_DAYS:]
    return replace(meter, until=hour, faults=faults)


def _taught(meter: Meter, posted: Sequence[datetime]) -> Meter:
    """What was there before we listened shows how often it brings something."""
    hours, days, began = meter.hours, meter.days, meter.began
    for at in posted:
        hour = min(int(at.timestamp()) // 3600, meter.at)
        back, days_back = meter.at - hour, meter.at // 24 - hour // 24
        if days_back >= HABIT_DAYS:
            continue
        hours |= (1 << back) if back < HABIT_HOURS else 0
        days |= 1 << days_back
        began = min(began, hour)
    return replace(meter, began=began, hours=hours, days=days)


def failed(
    state: SourceState, now: datetime, reason: str, interval: int, retry_after: float = 0
) -> SourceState:
    """The state after a poll that was not answered: cursor and memory stay, the next try is later."""
    failures = state.failures + 1
    rest = timedelta(minutes=interval * min(2 ** (failures - 1), MAX_BACKOFF) - interval)
    rest = max(rest, timedelta(seconds=retry_after))
    meter = _moved(state.meter, now)
    faults = (*meter.faults[:-1], min(meter.faults[-1] + 1, 255))
    return replace(
        state,
        rev=state.rev + 1,
        failures=failures,
        failing_since=state.failing_since or now,
        reason=reason[:300],
        wait_until=now + rest if rest else None,
        meter=replace(meter, faults=faults),
        stopped="",
    )


def stopped(state: SourceState, now: datetime, scope: str, until: datetime) -> SourceState:
    """The state while the budget `scope` is used: not asked before `until`, or `LOOKS_AGAIN` from now, as
    somebody may raise it. It did not fail, and what it does not bring is no silence of its own."""
    return replace(
        state,
        rev=state.rev + 1,
        failures=0,
        failing_since=None,
        reason="",
        wait_until=min(until, now + LOOKS_AGAIN),
        stopped=scope,
    )


def waiting(state: SourceState, now: datetime, seconds: float, reason: str, *, dead: bool) -> SourceState:
    """The state after a poll that could not be made yet, which is no failure of its own. `dead`: its network
    does not answer, so that it is not heard from here on."""
    return replace(
        state,
        rev=state.rev + 1,
        failing_since=state.failing_since or (now if dead else None),
        reason=reason,
        wait_until=now + timedelta(seconds=ceil(seconds)),
    )
