"""What a delivery's outcome means to the one it belongs to: a case, or a post.

Both keep a line of it in their history. A case also changes its state: answered, or back to a person with the
text as a draft. A post has no state of its own; where a person must look at it, a bell is rung.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.alerting import bell_of_posts
from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import (
    TAKEN,
    Delivery,
    DeliveryState,
    as_what,
    asks,
    first_comment,
    messages,
    withdrawn,
)
from chalicelib.domain.hook import Call
from chalicelib.domain.mention import native_id
from chalicelib.domain.post import PostEvent, PostEventKind, PostKey
from chalicelib.domain.thread import rest
from chalicelib.errors import Conflict
from chalicelib.ports import Alerts, Brands, Cases, Deliveries, Posts

CONFLICTS = 5


class Owner(Protocol):
    def wants(self, ours: Delivery) -> bool:
        """Is what was tried before still to be sent?"""

    def refused(self, ours: Delivery) -> Delivery:
        """What becomes of it where `wants` says no."""

    def withdrawn(self, ours: Delivery) -> bool:
        """Was what it goes below taken away, so that it is to go too?"""

    def note(self, ours: Delivery, now: datetime) -> None:
        """A line of history of the state it is in."""

    def conclude(
        self,
        ours: Delivery,
        now: datetime,
        by: str = "",
        by_id: str = "",
        *,
        calls: Sequence[Call] = (),
        alone: bool = False,
        edited: bool = False,
    ) -> None:
        """Write an outcome (of its epoch) together with all that it means to its owner, and the calls that
        tell of it; `by` and `by_id` for a person's, `edited` where the outcome is that it was corrected.
        Raises Conflict only if somebody else wrote it meanwhile.

        `alone`: raises NotOurs where its message at the network is another post's.
        """

    def free(self, ours: Delivery, remote_id: str) -> bool:
        """May this message of the network be its own?"""

    def stands(self, ours: Delivery) -> None:
        """The network has its `messages`."""

    def waits(self, ours: Delivery, now: datetime) -> None:
        """It cannot leave, as the network does not answer."""

    def part(self, ours: Delivery, now: datetime) -> None:
        """Write that the network took one of its several messages, the last of `standing`, and that the next
        is to leave. Raises Conflict if somebody else wrote it meanwhile."""


class OfCase:
    """The case that a reply answers.

    Where the system brings it back to people, its department's bell is rung (`ring`) before that is written:
    a crash in between rings again, and nobody waits in vain. Who stops an answer knows it without.
    """

    def __init__(
        self,
        key: CaseKey,
        *,
        cases: Cases,
        deliveries: Deliveries,
        ring: Callable[[Case, datetime], object] = lambda case, now: None,
    ) -> None:
        self._key = key
        self._cases = cases
        self._deliveries = deliveries
        self._ring = ring

    def wants(self, ours: Delivery) -> bool:
        case = self._cases.get(self._key)
        return case.state is CaseState.SENDING and case.replies == ours.key.n

    def refused(self, ours: Delivery) -> Delivery:
        reason = "not seen at the network; a person has it in hand"
        return replace(ours, state=DeliveryState.FAILED, reason=reason)

    def withdrawn(self, ours: Delivery) -> bool:
        return False

    def note(self, ours: Delivery, now: datetime) -> None:
        self._cases.note(self._key, _line(ours, now))

    def conclude(
        self,
        ours: Delivery,
        now: datetime,
        by: str = "",
        by_id: str = "",
        *,
        calls: Sequence[Call] = (),
        alone: bool = False,
        edited: bool = False,
    ) -> None:
        for _ in range(CONFLICTS):
            case = None if edited else _after(self._cases.get(self._key), ours, now)
            if case and case.state is CaseState.STUCK and not by:
                self._ring(case, now)
            try:
                line = _line(ours, now, by, by_id)
                line = replace(line, kind=EventKind.MENDED, id=f"mended-{line.id}") if edited else line
                self._cases.conclude(case, ours, line, calls)
                return
            except Conflict:
                if self._deliveries.get(ours.key).epoch != ours.epoch:
                    raise
        raise Conflict(f"{self._key} changes too fast")

    def free(self, ours: Delivery, remote_id: str) -> bool:
        """Not where it is another's: of this case, or linked to another conversation. Networks list what
        answers several people in one place, and the words may be the same."""
        linked = self._cases.thread(replace(self._key, root=native_id(remote_id)))
        if linked and linked not in (self._key, self._thread(ours)):
            return False
        last = max(self._cases.get(self._key).replies, ours.key.n)
        others = [replace(ours.key, n=n) for n in range(1, last + 1) if n != ours.key.n]
        return all(remote_id not in messages(each) for each in self._deliveries.get_many(others))

    def stands(self, ours: Delivery) -> None:
        """Who answers it is heard in the conversation of the message that it answers."""
        thread = self._thread(ours)
        for id in messages(ours):
            self._cases.link(thread, native_id(id))

    def _thread(self, ours: Delivery) -> CaseKey:
        to = ours.to
        thread = None
        if to and (to.platform, to.id) != (self._key.platform, self._key.root):
            thread = self._cases.thread(CaseKey(to.brand, to.platform, to.id))
        return thread or self._key

    def waits(self, ours: Delivery, now: datetime) -> None:
        """Its department may answer elsewhere."""
        self._ring(self._cases.get(self._key), now)

    def part(self, ours: Delivery, now: datetime) -> None:
        self.stands(ours)
        n = len(ours.standing)
        line = CaseEvent(at=now, id=f"part-{ours.key.n}-{n}", kind=EventKind.PART, text=ours.parts[n - 1])
        self._cases.conclude(None, ours, line)


class OfPost:
    """The post that a delivery is one channel's part of.

    The bell is rung before the outcome is written: a crash in between rings again, and nobody waits in vain.
    """

    def __init__(self, key: PostKey, *, posts: Posts, brands: Brands, alerts: Alerts) -> None:
        self._key = key
        self._posts = posts
        self._brands = brands
        self._alerts = alerts

    def wants(self, ours: Delivery) -> bool:
        post, found = self._posts.get(self._key)
        return not post.cancelled and not withdrawn(ours, found)

    def refused(self, ours: Delivery) -> Delivery:
        return replace(ours, state=DeliveryState.CANCELLED, lease_until=None)

    def withdrawn(self, ours: Delivery) -> bool:
        return bool(ours.key.comment) and withdrawn(ours, self._posts.get(self._key)[1])

    def note(self, ours: Delivery, now: datetime) -> None:
        self._posts.note(self._key, self._event(ours, now))

    def conclude(
        self,
        ours: Delivery,
        now: datetime,
        by: str = "",
        by_id: str = "",
        *,
        calls: Sequence[Call] = (),
        alone: bool = False,
        edited: bool = False,
    ) -> None:
        if asks(ours):
            bell = bell_of_posts(self._brands.get(self._key.brand))
            self._alerts.add(self._key.brand, bell, [self._key], now)
        event = self._event(ours, now, by, by_id)
        event = replace(event, kind=PostEventKind.EDITED, id=f"edited-{event.id}") if edited else event
        below = None if edited else first_comment(ours, now)
        self._posts.conclude(ours, event, calls, alone=alone, below=below)

    def free(self, ours: Delivery, remote_id: str) -> bool:
        return self._posts.whose(ours.key.brand, ours.key.channel, remote_id) in (None, ours.key)

    def stands(self, ours: Delivery) -> None:
        """Nothing hangs on it."""

    def waits(self, ours: Delivery, now: datetime) -> None:
        """Its bell rings when it is too late for its moment."""

    def part(self, ours: Delivery, now: datetime) -> None:
        """A post is one message."""

    def _event(self, ours: Delivery, now: datetime, by: str = "", by_id: str = "") -> PostEvent:
        sending = f"{ours.key.channel}-{ours.key.n}"
        sending += f"-comment-{ours.key.comment}" if ours.key.comment else ""
        return PostEvent(
            at=now,
            id=f"{ours.state.value}-{sending}-{ours.epoch}",
            kind=PostEventKind(ours.state.value),
            by=by,
            by_id=by_id,
            channel=ours.key.channel,
            way=as_what(ours),
            text=ours.reason,
            url=ours.remote_url,
        )


def _line(ours: Delivery, now: datetime, by: str = "", by_id: str = "") -> CaseEvent:
    """The history's line of the state it is in."""
    sent = ours.state is DeliveryState.SENT
    text = ours.text if sent and not ours.reason else ours.reason
    kind = EventKind.UNKNOWN if sent and ours.reason else EventKind(ours.state.value)
    id = f"{kind.value}-{ours.key.n}-{ours.epoch}"
    return CaseEvent(at=now, id=id, kind=kind, by=by, by_id=by_id, text=text, url=ours.remote_url)


def _after(case: Case, ours: Delivery, now: datetime) -> Case | None:
    """The case after this outcome; None where it means nothing to it."""
    if ours.answer_by:
        return _unpromised(case, ours)
    if ours.state in (DeliveryState.SENT, DeliveryState.CONFIRMED) and not ours.reason:
        return _answered(case, ours, ours.sent_at or now)
    if ours.reason == TAKEN or ours.state in (
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
        DeliveryState.CANCELLED,
    ):
        return _stuck(case, ours)
    return None


def _answered(case: Case, ours: Delivery, now: datetime) -> Case | None:
    """Answered by this delivery at `now`; still open if a newer message came while it was on its way, or this
    one turned."""
    if case.state not in (CaseState.SENDING, CaseState.STUCK) or case.replies != ours.key.n:
        return None
    state = CaseState.ANSWERED if case.mention == ours.to and not case.turned else CaseState.OPEN
    after = replace(case, rev=case.rev + 1, state=state, answered_at=now, reason="", promised=None)
    after = replace(after, turned=False, reopened=case.reopened or case.turned)
    return replace(after, draft=None, helped=None, below="") if state is CaseState.ANSWERED else after


def _unpromised(case: Case, ours: Delivery) -> Case | None:
    """A holding reply answers nothing. One that did not leave has promised nothing either."""
    unsent = ours.state in (DeliveryState.FAILED, DeliveryState.CANCELLED)
    if not unsent or case.promised is None or case.promised != ours.answer_by:
        return None
    return replace(case, rev=case.rev + 1, promised=None)


def _stuck(case: Case, ours: Delivery) -> Case | None:
    """Back to a person, with the text that was approved as the draft to mend; of several messages with what
    of it does not stand at the network."""
    told = case.state is CaseState.STUCK and case.reason == ours.reason
    if told or case.state is CaseState.SOLVED or case.replies != ours.key.n:
        return None
    by = ours.written_by or ours.approved_by
    draft = Draft(
        text=rest(ours.parts, len(ours.standing)) if ours.standing else ours.text,
        version=1,
        language=ours.language,
        source="",
        by=by,
        by_id=ours.written_by_id,
        model=ours.model,
    )
    below = ours.standing[-1] if ours.standing else ours.below
    if ours.state is DeliveryState.FAILED and ours.remote_id:  # taken, and it never arrived
        case = replace(case, answered_at=None)
    return replace(
        case, rev=case.rev + 1, state=CaseState.STUCK, reason=ours.reason, draft=draft, below=below
    )
