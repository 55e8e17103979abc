"""Stage 6. Send an approved reply, once.

SQS may bring a task twice, a Lambda may die between the network's yes and our note of it, and a
network may publish and then say nothing. The order of effects:

1. claim: a conditional write of a lease with a new epoch; whoever loses it does nothing;
2. if somebody may have sent before us: look at the network. Found: go to 4. Not found: look again
   later, and only after `LOOKS_BEFORE_RESEND` looks in vain send again;
3. send, with our token as the network's idempotency key;
4. conclude: delivery, case and history line in one transaction, conditional on our epoch;
5. read the message back at the network, and conclude again: confirmed.

A refusal is a result; "it did not happen" plans the next try; "we do not know" is called unknown, shown
as unknown, and settled by looking.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.case import Case, CaseEvent, CaseState, Draft, EventKind
from chalicelib.domain.delivery import (
    LOOKS,
    LOOKS_BEFORE_RESEND,
    PATIENCE,
    SETTLE,
    TRIES,
    Delivery,
    DeliveryState,
    claim,
    next_look,
    next_try,
)
from chalicelib.domain.mention import native_id
from chalicelib.errors import (
    BadInput,
    Conflict,
    NotFound,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
)
from chalicelib.ports import Brands, Cases, Deliveries, Replies, ReplyTo, Sent, Tasks
from chalicelib.tasks import Deliver

CONFLICTS = 5
LONGEST_DELAY = 900
"""Seconds SQS can hold a message back; what is due later the tick finds."""


class Deliverer:
    """One delivery's way through the steps above; `now` is asked anew at each."""

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        cases: Cases,
        brands: Brands,
        tasks: Tasks,
        connect: Callable[..., Replies],
        now: Callable[[], datetime],
    ) -> None:
        self._deliveries = deliveries
        self._cases = cases
        self._brands = brands
        self._tasks = tasks
        self._connect = connect
        self._now = now

    def run(self, task: Deliver) -> dict[str, int]:
        """Take the delivery one step further; counts the state it is in afterwards."""
        was = self._deliveries.get(task.delivery)
        ours = claim(was, self._now())
        if ours is None or not self._deliveries.claim(was, ours):
            return {"passed": 1}
        try:
            return {self._step(was, ours).state.value: 1}
        except Conflict:  # someone else holds the lease now; the outcome is theirs to write
            return {"passed": 1}

    def _step(self, was: Delivery, ours: Delivery) -> Delivery:
        try:
            platform = self._connect(self._brands.get(ours.key.case.brand), ours.key.channel)
        except NotFound as error:
            return self._failed(ours, f"the channel is gone: {error}")
        except BadInput as error:
            return self._failed(ours, f"the channel is not set up well: {error}")
        if was.state is DeliveryState.SENT:
            return self._confirm(ours, platform)
        if was.state is DeliveryState.PLANNED:
            return self._send(ours, platform)
        return self._look(ours, platform)

    # look, send, confirm -------------------------------------------------------------------------

    def _look(self, ours: Delivery, platform: Replies) -> Delivery:
        """Somebody may have sent this: look before anything else."""
        since = ours.first_try or ours.approved_at
        try:
            found = platform.find(_reply_to(ours), ours.text, ours.token, since)
        except PlatformError as error:
            return self._blind(ours, since, f"could not look: {error.reason}")
        if found:
            return self._sent(ours, found, platform)
        if ours.looks + 1 < LOOKS_BEFORE_RESEND:
            return self._wait(ours, ours.reason or "not seen at the network yet", looks=ours.looks + 1)
        if ours.tries >= TRIES:
            return self._failed(ours, f"tried {ours.tries} times, never seen at the network")
        case = self._cases.get(ours.key.case)
        if case.state is not CaseState.SENDING or case.replies != ours.key.n:
            return self._failed(ours, "not seen at the network; a person has it in hand")
        return self._send(ours, platform)

    def _blind(self, ours: Delivery, since: datetime, reason: str) -> Delivery:
        """We cannot even look. After `PATIENCE` a person is asked; we go on looking, less often, and the
        tick brings it back."""
        now = self._now()
        if now - since < PATIENCE:
            return self._wait(ours, reason, looks=ours.looks)
        ours = replace(ours, state=DeliveryState.UNKNOWN, reason=reason, due=now + PATIENCE, lease_until=None)
        event = CaseEvent(
            at=now, id=f"unknown-{ours.key.n}-{ours.epoch}", kind=EventKind.UNKNOWN, text=reason
        )
        self._conclude(ours, event, lambda case: _stuck(case, ours))
        return ours

    def _send(self, ours: Delivery, platform: Replies) -> Delivery:
        now = self._now()
        ours = replace(ours, first_try=ours.first_try or now, tries=ours.tries + 1, looks=0)
        try:
            sent = self._reply(ours, platform)
        except Unknown as error:
            return self._wait(ours, error.reason, looks=0, event=EventKind.UNKNOWN)
        except RateLimited as error:
            return self._later(ours, error.reason, timedelta(seconds=error.retry_after))
        except Unavailable as error:
            if ours.tries >= TRIES:
                return self._failed(ours, error.reason)
            return self._later(ours, error.reason, next_try(ours.tries))
        except Rejected as error:
            return self._failed(ours, error.reason)
        return self._sent(ours, sent, platform)

    def _reply(self, ours: Delivery, platform: Replies) -> Sent:
        """Send; a key that is refused is read anew once, as somebody may have renewed it."""
        try:
            return platform.reply(_reply_to(ours), ours.text, ours.token, ours.language)
        except Unauthorized:
            brand = self._brands.get(ours.key.case.brand)
            renewed = self._connect(brand, ours.key.channel, fresh=True)
            return renewed.reply(_reply_to(ours), ours.text, ours.token, ours.language)

    def _sent(self, ours: Delivery, sent: Sent, platform: Replies) -> Delivery:
        """The network has it: the case is answered, unless a newer message came meanwhile."""
        now = self._now()
        ours = replace(
            ours,
            state=DeliveryState.SENT,
            remote_id=sent.remote_id,
            remote_url=sent.url,
            sent_at=now,
            due=now,
            looks=0,
            reason="",
        )
        event = CaseEvent(at=now, id=f"sent-{ours.key.n}", kind=EventKind.SENT, text=ours.text, url=sent.url)
        self._conclude(ours, event, lambda case: _answered(case, ours, now))
        return self._confirm(ours, platform)

    def _confirm(self, ours: Delivery, platform: Replies) -> Delivery:
        """Read it back; what we do not see yet we look for again, what we never see a person is told."""
        self._cases.link(ours.key.case, native_id(ours.remote_id))
        try:
            seen = platform.read_back(ours.remote_id)
        except PlatformError:
            seen = None
        now = self._now()
        if seen:
            ours = replace(ours, state=DeliveryState.CONFIRMED, remote_url=seen.url or ours.remote_url)
            event = CaseEvent(
                at=now, id=f"confirmed-{ours.key.n}", kind=EventKind.CONFIRMED, url=ours.remote_url
            )
            self._conclude(ours, event)
            return ours
        if ours.looks >= LOOKS:
            return self._failed(ours, "the network took it, and does not show it")
        return self._again(replace(ours, looks=ours.looks + 1), next_look(ours.looks))

    # outcomes ------------------------------------------------------------------------------------

    def _wait(self, ours: Delivery, reason: str, *, looks: int, event: EventKind | None = None) -> Delivery:
        """Not known: look again after a while."""
        if event:
            line = CaseEvent(at=self._now(), id=f"unknown-{ours.key.n}-{ours.epoch}", kind=event, text=reason)
            self._cases.note(ours.key.case, line)
        ours = replace(ours, state=DeliveryState.UNKNOWN, looks=looks, reason=reason)
        return self._again(ours, next_look(looks) if looks else SETTLE)

    def _later(self, ours: Delivery, reason: str, wait: timedelta) -> Delivery:
        """It did not happen: plan the next try."""
        return self._again(replace(ours, state=DeliveryState.PLANNED, reason=reason), wait)

    def _again(self, ours: Delivery, wait: timedelta) -> Delivery:
        ours = replace(ours, due=self._now() + wait, lease_until=None)
        if self._deliveries.settle(ours):
            self._tasks.send([Deliver(ours.key)], delay=min(int(wait.total_seconds()) + 1, LONGEST_DELAY))
        return ours

    def _failed(self, ours: Delivery, reason: str) -> Delivery:
        ours = replace(ours, state=DeliveryState.FAILED, reason=reason)
        event = CaseEvent(at=self._now(), id=f"failed-{ours.key.n}", kind=EventKind.FAILED, text=reason)
        self._conclude(ours, event, lambda case: _stuck(case, ours))
        return ours

    def _conclude(
        self, ours: Delivery, event: CaseEvent, change: Callable[[Case], Case | None] = lambda case: None
    ) -> None:
        """Delivery, case and line together. Raises Conflict only if the lease was lost."""
        for _ in range(CONFLICTS):
            after = change(self._cases.get(ours.key.case))
            try:
                self._cases.conclude(after, ours, event)
                return
            except Conflict:
                if self._deliveries.get(ours.key).epoch != ours.epoch:
                    raise
        raise Conflict(f"{ours.key.case} changes too fast")


def _reply_to(delivery: Delivery) -> ReplyTo:
    return ReplyTo(id=delivery.to.id, author=delivery.to_author)


def _answered(case: Case, ours: Delivery, now: datetime) -> Case | None:
    """Answered by this delivery; still open if a newer message came while it was on its way."""
    if case.state not in (CaseState.SENDING, CaseState.STUCK) or case.replies != ours.key.n:
        return None
    state = CaseState.ANSWERED if case.mention == ours.to else CaseState.OPEN
    draft = None if state is CaseState.ANSWERED else case.draft
    return replace(case, rev=case.rev + 1, state=state, answered_at=now, draft=draft, reason="")


def _stuck(case: Case, ours: Delivery) -> Case | None:
    """Back to a person, with the text that was approved as the draft to mend."""
    told = case.state is CaseState.STUCK and case.reason == ours.reason
    if told or case.state is CaseState.SOLVED or case.replies != ours.key.n:
        return None
    draft = Draft(text=ours.text, version=1, language=ours.language, source="", by=ours.approved_by)
    return replace(case, rev=case.rev + 1, state=CaseState.STUCK, reason=ours.reason, draft=draft)
