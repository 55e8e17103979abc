"""Stage 10. Tell the customer's own addresses what happens here: webhooks out.

Whoever does something worth telling queues a call for each address that asked for it (`calls`, `tell`); a
brand without an address costs nothing, as a brand brings its addresses along. A delivery's calls are written
in the transaction that writes its outcome; of a mention, a verdict, a case and a report they are queued
before the work moves on, so that a crash repeats them, and never loses them.

Calls lie in the table under the moment of their next try, where the tick looks once a minute; only if one is
due it wakes the worker. The order of effects, for each address: take its lease; POST; keep what came of it. A
crash in between calls again, under the same id.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from chalicelib.domain import audit
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.events import Event
from chalicelib.domain.hook import Call, Hook, answered, failed, kept_back, worked
from chalicelib.domain.logged import facts
from chalicelib.errors import Blocked, Conflict, HttpError, NotFound
from chalicelib.ports import Hooks, Http, Secrets

LEASE = timedelta(minutes=3)
"""Longer than the Lambda may run (2 minutes)."""
MARGIN_MS = 20_000
"""With less time left than this no further call is begun."""
SECONDS = 10
"""An address has so long to answer."""
ANSWER = 10_000
"""Bytes of an answer that are taken; they are not read."""
MOST = 50
"""Calls of one address taken up at once."""
STRIKES = 3
"""Failures in a row after which an address is left alone for the rest of a run."""
AT_ONCE = 5
"""Addresses called side by side, each one call after the other."""


class Sign(Protocol):
    """`platforms/_signing.py`: the headers of a signed call."""

    def __call__(self, secrets: Sequence[str], id: str, body: bytes, now: datetime) -> Mapping[str, str]: ...


def calls(brand: Brand, events: Iterable[Event], now: datetime) -> list[Call]:
    """A call for each event and address that wants it. No event is made where nobody does."""
    if not brand.hooks:
        return []
    return [call_of(hook, event, now) for event in events for hook in brand.hooks if hook.wants(event.kind)]


def call_of(hook: Hook, event: Event, now: datetime) -> Call:
    return Call(
        brand=hook.brand,
        hook=hook.id,
        at=event.at,
        id=event.id,
        type=event.type,
        body=event.body,
        next_at=now,
    )


def tell(brand: Brand, kind: str, events: Iterable[Event], *, hooks: Hooks, now: datetime) -> None:
    """Queue them, if any address wants this kind. Plays `Tell`."""
    if any(hook.wants(kind) for hook in brand.hooks) and (made := calls(brand, events, now)):
        hooks.queue(made)


def wake(hooks: Hooks, worker: Callable[[], object], now: datetime) -> int:
    """Called by every tick: start the worker if a call is due; 1 if so."""
    if not hooks.waiting(now):
        return 0
    worker()
    return 1


class Notifier:
    """Calls the addresses whose calls are due; `now` is asked anew at each call."""

    def __init__(
        self,
        *,
        hooks: Hooks,
        secrets: Secrets,
        http: Http,
        sign: Sign,
        remaining_ms: Callable[[], int],
        now: Callable[[], datetime],
    ) -> None:
        self._hooks = hooks
        self._secrets = secrets
        self._http = http
        self._sign = sign
        self._remaining_ms = remaining_ms
        self._now = now
        self._struck: set[tuple[str, str]] = set()

    def run(self) -> dict[str, int]:
        """Until nothing is due or time runs out. Counts calls: `done`, `failed` (each to be tried again, or
        given up), `kept` back as their address is paused."""
        from concurrent.futures import ThreadPoolExecutor

        counts = {"done": 0, "failed": 0, "kept": 0}
        while self._remaining_ms() >= MARGIN_MS:
            groups: dict[tuple[str, str], list[Call]] = defaultdict(list)
            for call in self._hooks.due(self._now(), limit=MOST):
                groups[call.brand, call.hook].append(call)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                found = list(pool.map(self._address, groups.values()))
            for outcomes in found:
                for outcome in outcomes:
                    counts[outcome] += 1
            if not any(found):  # nothing, or another worker's
                break
        return counts

    def _address(self, due: Sequence[Call]) -> list[str]:
        """One address's calls, if no other worker has it."""
        brand, id = due[0].brand, due[0].hook
        if (brand, id) in self._struck:
            return []
        try:
            hook = self._hooks.get(brand, id)
        except NotFound:  # removed with calls still waiting
            return [self._keep(call) for call in due]
        if not self._hooks.lease(hook, self._now(), self._now() + LEASE):
            return []
        try:
            return self._one_by_one(hook, due)
        finally:
            self._hooks.free(hook)

    def _one_by_one(self, hook: Hook, due: Sequence[Call]) -> list[str]:
        outcomes: list[str] = []
        keys = self._keys(hook)
        for call in due:
            if self._remaining_ms() < MARGIN_MS:
                break
            if outcomes[-STRIKES:] == ["failed"] * STRIKES:
                self._struck.add((hook.brand, hook.id))
                break
            if hook.paused:
                outcomes.append(self._keep(call))
                continue
            after = self._call(hook, call, keys)
            self._hooks.settle(after)
            hook = self._note(hook, after)
            outcomes.append("failed" if after.reason else "done")
        return outcomes

    def _keys(self, hook: Hook) -> list[str]:
        """The secrets that are valid now, read anew: one may have been renewed a minute ago."""
        found = (self._secrets.get(name, fresh=True).get("secret", "") for name in hook.secrets(self._now()))
        return [key for key in found if key]

    def _keep(self, call: Call) -> str:
        self._hooks.settle(kept_back(call))
        return "kept"

    def _call(self, hook: Hook, call: Call, keys: Sequence[str]) -> Call:
        """Any answer is an answer; a redirect is none that we follow."""
        now, began = self._now(), monotonic()
        status, reason, final = 0, "", False
        if not keys:
            return answered(call, now, status=0, ms=0, reason="its secret is not there", final=True)
        body = call.body.encode()
        headers = {"content-type": "application/json", **self._sign(keys, call.id, body, now)}
        try:
            answer = self._http.request(
                "POST", hook.url, headers=headers, body=body, seconds=SECONDS, max_bytes=ANSWER
            )
            status, reason = answer.status, f"it answered {answer.status}"
        except HttpError as error:
            reason, final = str(error), isinstance(error, Blocked)
        ms = round((monotonic() - began) * 1000)
        return answered(call, now, status=status, ms=ms, reason=reason, final=final)

    def _note(self, hook: Hook, call: Call) -> Hook:
        """What it says of the address; written only where that is new. Who changed the address meanwhile has
        the word."""
        after = failed(hook, call, self._now()) if call.reason else worked(hook)
        if after == hook:
            return hook
        try:
            self._hooks.change(hook, after, *_pausing(hook, after, call, self._now()))
        except Conflict:
            return self._hooks.get(hook.brand, hook.id)
        return after


def _pausing(was: Hook, hook: Hook, call: Call, now: datetime) -> list[AuditLine]:
    """The log's line where this call made the system pause its address."""
    if not hook.paused:
        return []
    before, after = facts({"address": was.url}), facts({"reason": call.reason})
    id = f"{hook.id}.{call.id}"
    return [audit.line(hook.brand, now, id, "hook.pause", of=hook.id, before=before, after=after)]
