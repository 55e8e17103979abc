"""How fast an account may be asked, by all of us together: a bucket of tokens, rest that was asked for, and a
circuit that opens where the network does not answer.

Each request takes a token. A network that lets us ask `number` times in any time `within` gives it out in two
ways, so that whatever we do there are never more:

* four fifths are the bucket's: it holds half of them and fills in that time, so that twice as many leave in
  any such time at most. A quarter of what it holds is kept for answers.
* one fifth is for `HANDS`: a worker that asks seldom takes a hand for an hour, with one write, and from then
  on counts by itself. A hand is not given to another before its last token is as old as the limit.

Moments are kept in whole milliseconds, rounded so that we wait rather too long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

HANDS = 5
HAND = timedelta(hours=1)
STRIKES = 3
"""Requests in a row without an answer that open the circuit."""
PROBE = timedelta(minutes=1)
"""So long one request alone tries whether the network is there again, or an address that asked for rest."""
OPEN = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long the circuit stays open: after the strikes, and after each probe in vain."""
SHORT = 10
"""A tenth of what the network lets us ask is kept for answers, once it says that no more is left."""

ASKED = "the network asks for rest"
DOWN = "the network does not answer"
TOO_OFTEN = "it asks not to be asked more often"
LEFT = "its last requests are kept for answers"
BUSY = "too many of us ask it at once"
"""Why we wait, beside `Limit.said`."""
ALL, DELETING = "", "DELETE"
"""The marks of what holds for every request of an account, and for deletions: networks count these apart. Any
other is of an address."""

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Holds `size` tokens, and fills in `within`. Its level is the moment at which it is full."""

    size: int
    within: timedelta

    @property
    def step(self) -> timedelta:
        """A token comes back in so long."""
        return _up(self.within / self.size)

    def ready(self, full_at: datetime | None, now: datetime, keep: int = 0) -> datetime:
        """When a token may be taken that leaves `keep`."""
        return max(full_at or now, now) + (1 + keep - self.size) * self.step

    def taken(self, full_at: datetime | None, now: datetime) -> datetime:
        """The level after a token was taken."""
        at = max(full_at or now, now) + self.step
        return at + _up(timedelta(microseconds=at.microsecond)) - timedelta(microseconds=at.microsecond)


@dataclass(frozen=True, slots=True)
class Limit:
    """A network lets an account ask so many times in any time so long; where it is `ours`, it names none, and
    we ask no more often."""

    number: int
    within: timedelta
    ours: bool = False

    @property
    def bucket(self) -> Bucket:
        return Bucket(max(1, self.number * 2 // 5 if self.hand else self.number // 2), self.within)

    @property
    def reserve(self) -> int:
        return self.bucket.size // 4

    @property
    def hand(self) -> Bucket | None:
        """What one hand holds; None where the limit is too low to give out any."""
        size = self.number // (10 * HANDS)
        return Bucket(size, self.within) if size else None

    @property
    def said(self) -> str:
        within = f"{self.within.total_seconds():.0f} s"
        if self.ours:
            return f"we ask one site {self.number} times in {within} at most"
        return f"the network allows {self.number} requests in {within}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Of one account, as all workers see it. `rev` grows by one a write: nobody takes a token twice."""

    rev: int = 0
    full_at: datetime | None = None
    hands: tuple[datetime, ...] = ()
    """Until when each hand that is out is good."""
    rests: dict[str, datetime] = field(default_factory=dict)
    """Until when nothing with this mark is asked: `ALL`, an address, deleting."""
    left: int | None = None
    """What the network said is left, once that is little, until `left_until`; `kept` of it for answers."""
    kept: int = 0
    left_until: datetime | None = None
    failures: int = 0
    """Requests in a row without an answer."""
    open_until: datetime | None = None
    opened: int = 0
    """Times in a row that the circuit opened."""

    @property
    def broken(self) -> bool:
        """Is the circuit open, or only a probe let through?"""
        return self.failures >= STRIKES

    def short(self, now: datetime) -> bool:
        """Did the network say that little is left?"""
        return self.left is not None and self.left_until is not None and self.left_until > now


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is asked before `until`, and why, as a source's page words it."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of a request. `failed`: no answer, or one that says the network is broken. `rest`: seconds it
    asks us to stay away. `left` of so many, until then, as it said itself."""

    failed: bool = False
    rest: float = 0
    left: int | None = None
    of: int = 0
    until: datetime | None = None


def held(pace: Pace, now: datetime, *, mark: str, haste: bool) -> Wait | None:
    """Why nothing may be asked now, whatever the bucket holds."""
    for each, why in ((ALL, ASKED), (mark, ASKED if mark == DELETING else TOO_OFTEN)):
        if (until := pace.rests.get(each)) and until > now:
            return Wait(until, why)
    if pace.broken and pace.open_until and pace.open_until > now:
        return Wait(pace.open_until, DOWN)
    if pace.short(now) and pace.left_until and (pace.left or 0) <= (0 if haste else pace.kept):
        return Wait(pace.left_until, LEFT if pace.left else ASKED)
    return None


def taken(pace: Pace, limit: Limit | None, now: datetime, *, mark: str, haste: bool) -> Pace | Wait:
    """After one request was let through; the same object where that is worth no write. `haste`: for a
    person's answer, which may have what is kept."""
    if wait := held(pace, now, mark=mark, haste=haste):
        return wait
    after = replace(pace, open_until=_ms(now + PROBE)) if pace.broken else pace
    if mark in pace.rests:  # it asked for rest before, and may again: one alone finds out
        after = replace(after, rests={**_ahead(pace.rests, now), mark: _ms(now + PROBE)})
    if pace.short(now):
        after = replace(after, left=(pace.left or 0) - 1)
    if limit:
        ready = limit.bucket.ready(pace.full_at, now, 0 if haste else limit.reserve)
        if ready > now:
            return Wait(ready, limit.said)
        after = replace(after, full_at=limit.bucket.taken(pace.full_at, now))
    return _written(after) if after is not pace else pace


def handed(pace: Pace, limit: Limit, now: datetime) -> tuple[Pace, datetime] | None:
    """After a hand was given out, and until when it is good; None where none is free."""
    out = tuple(until for until in pace.hands if until + limit.within > now)
    if limit.hand is None or len(out) >= HANDS:
        return None
    until = _ms(now + HAND)
    return _written(replace(pace, hands=(*out, until))), until


def heard(pace: Pace, found: Answered, now: datetime, *, mark: str, probe: bool) -> Pace:
    """After a request was answered, or not; the same object where nothing is to be remembered."""
    if found.failed:
        return _struck(pace, now, probe)
    after = pace
    if pace.failures:
        after = replace(after, failures=0, open_until=None, opened=0)
    if found.rest:
        until = max(_ms(now + timedelta(seconds=found.rest)), pace.rests.get(mark, now))
        after = replace(after, rests={**_ahead(pace.rests, now), mark: until})
    elif _little(found, now) and found.left is not None and found.until:
        left = min(found.left, pace.left or 0) if pace.short(now) else found.left
        after = replace(after, left=left, kept=found.of // SHORT, left_until=_ms(found.until))
    return after if after == pace else _written(after)


def _little(found: Answered, now: datetime) -> bool:
    if found.left is None or found.until is None or found.until <= now:
        return False
    return found.left == 0 or found.left * SHORT <= found.of


def rested(pace: Pace, now: datetime, *, mark: str, seconds: float) -> Pace:
    """After something asked to be left alone for so long."""
    until = _ms(now + timedelta(seconds=seconds))
    return _written(replace(pace, rests={**_ahead(pace.rests, now), mark: until}))


def _struck(pace: Pace, now: datetime, probe: bool) -> Pace:
    """Of what was under way as the circuit opened nothing new is learned."""
    if pace.broken and not probe:
        return pace
    after = replace(pace, failures=min(pace.failures + 1, STRIKES))
    if after.broken:
        rest = OPEN[min(pace.opened, len(OPEN) - 1)]
        after = replace(after, open_until=_ms(now + rest), opened=min(pace.opened + 1, len(OPEN)))
    return _written(after)


def _written(pace: Pace) -> Pace:
    return replace(pace, rev=pace.rev + 1)


def _ahead(rests: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {mark: until for mark, until in rests.items() if until > now}


def _up(span: timedelta) -> timedelta:
    """The next whole millisecond."""
    return -(-span // _MS) * _MS


def _ms(at: datetime) -> datetime:
    return at + _up(timedelta(microseconds=at.microsecond)) - timedelta(microseconds=at.microsecond)
