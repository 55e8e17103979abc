"""Webhooks out: addresses of the customer's that hear what happens here, and the calls made to them.

A call is one event to one address. It is tried at most `TRIES` times over hours, under the same id and with
the same body; whoever gets it twice knows it by its id.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

KINDS = ("mention", "verdict", "case", "delivery", "report")
"""What an address may ask for: the part of an event's type before its full stop."""
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""After the first, second, third and fourth try that failed."""
TRIES = len(WAITS) + 1
KEPT = timedelta(days=30)
"""So long a call is in the log."""
GIVE_UP = timedelta(days=3)
"""An address that took nothing for so long is paused at the next call that is given up."""
OVERLAP = timedelta(hours=24)
"""After a secret was renewed, calls are signed with the one before too for so long."""
AT_ONCE = 5
"""Secrets that a call is signed with at most: whoever renews more often loses the oldest."""
GONE = 410
"""The answer by which an address says that it wants no more."""


class Pause(StrEnum):
    """Why an address is not called: a `PERSON` paused it, it said that it is `GONE`, or it was `FAILING`."""

    PERSON = "person"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """`url` is kept as it was given; `slot` names its newest secret, `older` those before it that are good
    until some moment. A slot is never used twice: what was shown once is never replaced unseen."""

    brand: str
    id: str
    url: str
    kinds: tuple[str, ...]
    made_at: datetime
    made_by: str
    slot: str = "a"
    older: tuple[tuple[str, datetime], ...] = ()
    renewed_at: datetime | None = None
    paused: Pause | None = None
    failing_since: datetime | None = None
    reason: str = ""
    """Why the last call failed; "" where it did not."""
    removed: bool = False

    def wants(self, kind: str) -> bool:
        return not (self.paused or self.removed) and kind in self.kinds

    @property
    def host(self) -> str:
        """What may be shown to everybody: the path may hold a secret."""
        return urlsplit(self.url).netloc

    @property
    def troubled(self) -> bool:
        """Was it paused by the system? Then a person must look."""
        return self.paused in (Pause.GONE, Pause.FAILING)

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """The names of the secrets that are valid now, the newest first."""
        slots = (self.slot, *(slot for slot, until in self.older if now < until))
        return tuple(secret(self, slot) for slot in slots)


def secret(hook: Hook, slot: str) -> str:
    """Where a secret of an address is kept."""
    return f"notify/{hook.brand}/{hook.id}-{slot}"


def renewed(hook: Hook, slot: str, now: datetime) -> Hook:
    """With a new secret in `slot`; the one before it is good for `OVERLAP` more, as is what was."""
    good = [(hook.slot, now + OVERLAP), *(each for each in hook.older if now < each[1])]
    return replace(hook, slot=slot, older=tuple(good[: AT_ONCE - 1]), renewed_at=now)


def worked(hook: Hook) -> Hook:
    return replace(hook, failing_since=None, reason="")


def failed(hook: Hook, call: "Call", now: datetime) -> Hook:
    """After a call that was not taken: paused where it says that it is gone, or took nothing for days."""
    since = hook.failing_since or now
    after = replace(hook, failing_since=since, reason=call.reason)
    if call.status == GONE:
        return replace(after, paused=Pause.GONE)
    if call.state is CallState.FAILED and now - since >= GIVE_UP:
        return replace(after, paused=Pause.FAILING)
    return after


class CallState(StrEnum):
    """`WAITING` for its next try, `DONE`, `FAILED`: given up, `KEPT`: its address is paused, or was when its
    turn came."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`id` is the event's, `body` what is sent, to the byte. `next_at` is its next try, None where there is
    none; `status` (0: no answer), `ms` and `reason` are of the last one."""

    brand: str
    hook: str
    at: datetime
    id: str
    type: str
    body: str
    state: CallState = CallState.WAITING
    next_at: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None
    status: int = 0
    ms: int = 0
    reason: str = ""


def answered(call: Call, now: datetime, *, status: int, ms: int, reason: str, final: bool = False) -> Call:
    """The call after a try; any 2xx is a yes. `final`: trying again cannot help."""
    tried = replace(call, tries=call.tries + 1, tried_at=now, status=status, ms=ms, reason=reason)
    if 200 <= status < 300:
        return replace(tried, state=CallState.DONE, next_at=None, reason="")
    if final or status == GONE or tried.tries >= TRIES:
        return replace(tried, state=CallState.FAILED, next_at=None)
    return replace(tried, state=CallState.WAITING, next_at=now + WAITS[tried.tries - 1])


def again(call: Call, now: datetime) -> Call:
    """Once more from the first try, as a person asked for it."""
    return replace(call, state=CallState.WAITING, next_at=now, tries=0)


def kept_back(call: Call) -> Call:
    return replace(call, state=CallState.KEPT, next_at=None)
