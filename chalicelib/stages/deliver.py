"""Stage 6. Send a post or an approved reply, once.

SQS may bring a task twice, a Lambda may die between the network's yes and our note of it, and a
network may publish and then say nothing. The order of effects:

1. ask whether it may go: too early goes back to the queue, too late is held for a person, and what was
   tried before and is not wanted any more goes no further, nor a holding reply whose time is over;
2. claim: a conditional write of a lease with a new epoch, on the condition that nobody changed it and the
   brake is off; whoever loses it does nothing, and what the brake stops is held, or, of a correction, looked
   at and left as it stands. What goes under a standing
   approval does so on the condition that this was not revoked. Where its network charges, what nobody said
   yes to is held before, if the budget that pays for it is used;
3. if somebody may have sent before us: look at the network. Found: go to 5. Not found: look again
   later, and only after `LOOKS_BEFORE_RESEND` looks in vain is it planned again, and goes by 1: few where the
   network keeps one message a token, many where it might not;
4. send, with our token as the network's idempotency key; a post's images are given to the network before, by
   its module: one that lies there without a message is seen by nobody, and the network throws it away. Where
   sending costs money that is held before, and booked once the outcome is known, before that is written
   (`charge.py`);
5. conclude: delivery, its owner, history line and the calls of webhooks in one transaction, conditional on
   our epoch. Of an answer in several messages only the last concludes; each before it is linked to the case,
   and then written with its history line, on our epoch, as planned with its next message: that goes by 1;
6. read the message (of several, all) back at the network, and conclude again: confirmed; or failed, where
   the network says that what it took did not arrive. With a post that is confirmed its first comment is
   written, in the same transaction, and then queued: a delivery of its own, that goes by 1 to 6, unless its
   post is taken away: then it is not sent, and what of it is found goes, too.

A refusal is a result; "it did not happen" plans the next try; "we do not know" is called unknown, shown
as unknown, and settled by looking. Where we cannot look, nothing is known either: what may have left is never
called not sent, and what the network said it took stays sent. Taking a message away, or correcting it, may be
asked twice of any network, and is. Two posts may say the same: where a network knows a message by its words
only, each has one of its own (`Posts.conclude`), and whoever finds or is named another's looks on, or sends.

Where its account may not be asked yet, or the network asks for rest, the delivery waits until then and no
attempt is lost; of an answer that waits as the network is down its department hears at once, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from chalicelib.domain import alerting, events
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.delivery import (
    BRAKED,
    LATE,
    LOOKS,
    LOOKS_BEFORE_RESEND,
    PATIENCE,
    REVOKED,
    SETTLE,
    TAKEN,
    TRIES,
    UNPAID,
    Delivery,
    DeliveryState,
    claim,
    due_at,
    first_comment,
    going,
    latest,
    left_at,
    messages,
    next_blind,
    next_look,
    next_part,
    next_try,
    on_its_turn,
    token,
    too_late,
    unclear,
    unseen,
)
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.pace import DOWN
from chalicelib.domain.post import BOOST, PostKey
from chalicelib.errors import (
    BadInput,
    BadTask,
    Braked,
    Conflict,
    NotFound,
    NotOurs,
    PlatformError,
    RateLimited,
    Rejected,
    Revoked,
    Unauthorized,
    Unavailable,
    Undelivered,
    Unknown,
    Waits,
)
from chalicelib.ports import (
    Alerts,
    Brands,
    Cases,
    Deletes,
    Deliveries,
    Posts,
    ReplyTo,
    Sent,
    Speaks,
    Tasks,
)
from chalicelib.stages.images import Album
from chalicelib.stages.notify import calls
from chalicelib.stages.owners import OfCase, OfPost, Owner
from chalicelib.tasks import LONGEST_DELAY, Deliver

if TYPE_CHECKING:
    from chalicelib.ports.showing import Boosts, Edits, Quotes, Shows


class Bill(Protocol):
    """`charge.Bill`: what pays for a message whose network charges."""

    def used(self) -> str: ...
    def hold(self) -> object: ...
    def settle(self, *, sent: bool) -> None: ...


def free(delivery: Delivery) -> Bill | None:
    """A `Deliverer.bill` where nothing is charged."""
    return None


class Platform(Speaks, Deletes, Protocol):
    """What a channel's platform can do; not every one can delete, which is asked before."""


P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """One delivery's way through the steps above; `now` is asked anew at each."""

    deliveries: Deliveries
    cases: Cases
    posts: Posts
    brands: Brands
    alerts: Alerts
    tasks: Tasks
    connect: Callable[..., Platform]
    now: Callable[[], datetime]
    album: Album
    bill: Callable[[Delivery], Bill | None] = free

    def run(self, task: Deliver) -> dict[str, int]:
        """Take the delivery one step further; counts the state it is in afterwards."""
        _must_be_real(task.delivery.owner)
        was = self.deliveries.get(task.delivery)
        _must_be_real(was.to)
        owner = self._owner(was)
        try:
            after = self._take(was, owner)
        except Conflict:  # someone else changed it, or holds the lease now: the outcome is theirs
            after = None
        return {after.state.value: 1} if after else {"passed": 1}

    def _owner(self, was: Delivery) -> Owner:
        key = was.key.owner
        if isinstance(key, CaseKey):
            return OfCase(key, cases=self.cases, deliveries=self.deliveries, ring=self._ring)
        return OfPost(key, posts=self.posts, brands=self.brands, alerts=self.alerts)

    def _ring(self, case: Case, now: datetime) -> None:
        """Its answer did not leave, or nobody knows: its department hears at once."""
        brand = self.brands.get(case.key.brand)
        bell = alerting.bell(brand.department(case.department).id, alerting.UNSENT, drill=case.key.drill)
        self.alerts.add(brand.id, bell, [case.key], now)

    # ask, claim ----------------------------------------------------------------------------------

    def _take(self, was: Delivery, owner: Owner) -> Delivery | None:
        now = self.now()
        planned = was.state is DeliveryState.PLANNED
        if planned and was.answer_by and (reason := self._why_not(was, now)):
            return self._unsent(was, owner, reason)
        ours = claim(was, now)
        if ours is None:
            if planned and not was.first_try:
                self._early(was, now)
            return None
        before = was.first_try or was.key.comment
        if planned and before and not was.answer_by and not owner.wants(was):
            return self._conclude(owner.refused(was), owner)
        if planned and too_late(was, now):
            return self._hold(was, owner, LATE)
        if planned and not was.exceeds and (bill := self.bill(was)) and bill.used():
            return (self._unsent if was.answer_by else self._hold)(was, owner, UNPAID)
        try:
            if not self.deliveries.claim(was, ours):
                return None
        except Braked:
            if was.state is DeliveryState.EDITING:
                return self._uncorrected(was, ours, owner)
            return self._hold(was, owner, BRAKED)
        except Revoked:
            return self._unsent(was, owner, REVOKED)
        return self._step(was, ours, owner)

    def _early(self, was: Delivery, now: datetime) -> None:
        """Its message came before its moment (our clock and that of the queue differ): once more."""
        left = (due_at(was) - now).total_seconds()
        if 0 < left <= LONGEST_DELAY:
            self.tasks.send([Deliver(was.key)], delay=ceil(left))

    def _why_not(self, was: Delivery, now: datetime) -> str:
        """Why a holding reply is not wanted any more; "" where it is."""
        from chalicelib.domain.holding import why_not

        case = self.cases.get(cast(CaseKey, was.key.owner))
        return why_not(was, case, self.brands.get(was.key.brand), now)

    def _unsent(self, was: Delivery, owner: Owner, reason: str) -> Delivery:
        cancelled = replace(was, state=DeliveryState.CANCELLED, reason=reason, lease_until=None)
        return self._conclude(cancelled, owner)

    def _hold(self, was: Delivery, owner: Owner, reason: str) -> Delivery:
        return self._conclude(replace(was, state=DeliveryState.HELD, reason=reason, lease_until=None), owner)

    def _uncorrected(self, was: Delivery, ours: Delivery, owner: Owner) -> Delivery | None:
        """The brake is on: the network is asked no more, only looked at: it may have been asked before."""
        ours = replace(ours, tries=TRIES, reason=BRAKED)
        return self._step(was, ours, owner) if self.deliveries.move(was, ours) else None

    def _step(self, was: Delivery, ours: Delivery, owner: Owner) -> Delivery:
        try:
            platform = self.connect(self.brands.get(ours.key.brand), ours.key.channel)
        except NotFound as error:
            return self._without(was, ours, owner, f"the channel is gone: {error}")
        except BadInput as error:
            return self._without(was, ours, owner, f"the channel is not set up well: {error}")
        if was.state is DeliveryState.SENT:
            return self._confirm(ours, owner, platform)
        if was.state is DeliveryState.REMOVING:
            return self._remove(ours, owner, platform)
        if was.state is DeliveryState.EDITING:
            return self._edit(ours, owner, platform)
        if was.state is DeliveryState.PLANNED:
            return self._send(ours, owner, platform)
        return self._look(ours, owner, platform)

    def _without(self, was: Delivery, ours: Delivery, owner: Owner, reason: str) -> Delivery:
        """There is no network to ask. What may be there already stays as unclear as it is."""
        if was.state in (DeliveryState.PLANNED, DeliveryState.REMOVING, DeliveryState.EDITING):
            return self._failed(ours, owner, reason)
        return self._unclear(ours, owner, reason)

    # look, send, confirm, remove -----------------------------------------------------------------

    def _look(self, ours: Delivery, owner: Owner, platform: Speaks) -> Delivery:
        """Somebody may have sent this: look before anything else."""
        try:
            found = self._found(ours, owner, platform)
        except PlatformError as error:
            return self._blind(ours, owner, error)
        if found:
            self._settle(ours, sent=True)
            try:
                return self._sent(ours, owner, found, platform, left=ours.first_try)
            except NotOurs:  # another post of these words took it just now
                return self._wait(ours, "not seen at the network yet", looks=ours.looks)
        if ours.looks + 1 < LOOKS_BEFORE_RESEND[platform.once]:
            return self._wait(ours, ours.reason or "not seen at the network yet", looks=ours.looks + 1)
        if ours.tries >= TRIES:
            self._settle(ours, sent=False)
            return self._failed(ours, owner, f"tried {ours.tries} times, never seen at the network")
        return self._later(replace(ours, looks=0), "not seen at the network", timedelta())

    def _found(self, ours: Delivery, owner: Owner, platform: Speaks) -> Sent | None:
        if (of := _passed(ours)) and ours.way == BOOST:
            return cast("Boosts", platform).boosted(of, ours.token)
        return platform.find(
            _reply_to(ours),
            on_its_turn(ours),
            ours.token,
            left_at(ours),
            lambda id: owner.free(ours, id),
        )

    def _blind(self, ours: Delivery, owner: Owner, error: PlatformError) -> Delivery:
        """We cannot even look, which is not "it is not there". After `PATIENCE` a person is told."""
        age, reason = self.now() - left_at(ours), f"could not look: {error.reason}"
        if age >= PATIENCE:
            return self._unclear(ours, owner, reason)
        return self._again(unclear(ours, reason), max(next_blind(age), _rest(error)))

    def _unclear(self, ours: Delivery, owner: Owner, reason: str) -> Delivery:
        """A person is told, once; we go on looking, ever less often, and the tick brings it back."""
        now, known = self.now(), unseen(ours) and ours.reason == reason
        wait = max(PATIENCE + SETTLE, next_blind(now - left_at(ours)))
        if known:
            return self._again(unclear(ours, reason), wait)
        return self._conclude(replace(unclear(ours, reason), due=now + wait, lease_until=None), owner)

    def _send(self, ours: Delivery, owner: Owner, platform: Speaks) -> Delivery:
        was, ours = ours, replace(ours, tries=ours.tries + 1, looks=0)
        if bill := self.bill(ours):
            bill.hold()
        try:
            sent = self._publish(ours, platform)
        except Unknown as error:
            unknown = replace(ours, state=DeliveryState.UNKNOWN, reason=error.reason)
            owner.note(unknown, self.now())
            return self._wait(ours, error.reason, looks=0)
        except RateLimited as error:
            self._settle(ours, sent=False)
            return self._wait_for(error, was, owner)
        except Unavailable as error:
            self._settle(ours, sent=False)
            if ours.tries >= TRIES:
                return self._failed(ours, owner, error.reason)
            return self._later(ours, error.reason, next_try(ours.tries))
        except Rejected as error:
            self._settle(ours, sent=False)
            return self._failed(ours, owner, error.reason)
        self._settle(ours, sent=True)
        try:
            return self._sent(ours, owner, sent, platform)
        except NotOurs:
            return self._twin(ours, owner)

    def _settle(self, ours: Delivery, *, sent: bool) -> None:
        """What it cost stands in the book. What nobody knows stays held, and counts as spent."""
        if bill := self.bill(ours):
            bill.settle(sent=sent)

    def _publish(self, ours: Delivery, platform: Speaks) -> Sent:
        to, text = _reply_to(ours), on_its_turn(ours)
        if (of := _passed(ours)) and ours.way == BOOST:
            return self._asked(ours, cast("Boosts", platform), lambda at: at.boost(of, ours.token))
        if of:
            quotes = cast("Quotes", platform)
            return self._asked(ours, quotes, lambda at: at.quote(of, text, ours.token, ours.language))
        if not ours.images:
            return self._asked(ours, platform, lambda at: at.publish(to, text, ours.token, ours.language))
        images, shows = self.album.given(ours, self.brands.get(ours.key.brand)), cast("Shows", platform)
        return self._asked(ours, shows, lambda at: at.publish(to, text, ours.token, ours.language, images))

    def _wait_for(self, error: RateLimited, ours: Delivery, owner: Owner) -> Delivery:
        """It may not leave yet. That is no attempt."""
        if error.reason == DOWN and ours.reason != DOWN:
            owner.waits(ours, self.now())
        return self._later(ours, error.reason, _rest(error))

    def _twin(self, ours: Delivery, owner: Owner) -> Delivery:
        """Another post of these words found it first and took it for its own. It keeps it; ours goes again,
        under a token with which the network remembers nothing."""
        reason = "another post of the same words has its message"
        if ours.tries >= TRIES:
            return self._failed(ours, owner, reason)
        return self._later(replace(ours, token=token(ours.key, ours.epoch)), reason, timedelta())

    def _asked(self, ours: Delivery, platform: P, ask: Callable[[P], T]) -> T:
        """Ask; a key that is refused is read anew once, as somebody may have renewed it."""
        try:
            return ask(platform)
        except Unauthorized:
            fresh = self.connect(self.brands.get(ours.key.brand), ours.key.channel, fresh=True)
            return ask(cast("P", fresh))

    def _sent(
        self, ours: Delivery, owner: Owner, sent: Sent, platform: Speaks, *, left: datetime | None = None
    ) -> Delivery:
        """`left` is when it left as far as we know, None for now. The network knows better, where its word
        can be true.
        """
        now = self.now()
        if len(ours.standing) + 1 < len(ours.parts):
            return self._next(ours, owner, sent, now)
        first = ours.first_try or now
        left = sent.at if sent.at and first <= sent.at <= now else left or now
        if ours.parts:
            ours = replace(ours, standing=(*ours.standing, sent.remote_id))
        else:
            ours = replace(ours, remote_id=sent.remote_id, remote_url=sent.url)
        ours = replace(ours, state=DeliveryState.SENT, sent_at=left, due=now, looks=0, reason="")
        return self._confirm(self._conclude(ours, owner, alone=not platform.once), owner, platform)

    def _next(self, ours: Delivery, owner: Owner, sent: Sent, now: datetime) -> Delivery:
        """One of several is there, and not the last."""
        after = next_part(ours, sent.remote_id, sent.url, now)
        owner.part(after, now)
        self.tasks.send([Deliver(after.key)])
        return after

    def _confirm(self, ours: Delivery, owner: Owner, platform: Speaks) -> Delivery:
        """Read it back; what we do not see yet we look for again, what we never see a person is told."""
        if owner.withdrawn(ours):
            return self._again(going(ours, self.now()), timedelta())
        owner.stands(ours)
        try:
            seen = [platform.read_back(id) for id in messages(ours)]
        except Undelivered as error:
            return self._failed(replace(ours, sent_at=None), owner, error.reason)
        except PlatformError as error:
            return self._blind(ours, owner, error)
        if all(seen):
            url = (seen[0].url if seen[0] else "") or ours.remote_url
            there = replace(ours, state=DeliveryState.CONFIRMED, remote_url=url, reason="")
            self._conclude(there, owner)
            if below := first_comment(there, self.now()):
                self.tasks.send([Deliver(below.key)])
            return there
        if ours.looks >= LOOKS:
            return self._unclear(ours, owner, TAKEN)
        return self._again(replace(ours, looks=ours.looks + 1), next_look(ours.looks))

    def _remove(self, ours: Delivery, owner: Owner, platform: Platform) -> Delivery:
        """Take it away; what still stands after that stands as before, and a person is told."""
        if ours.tries >= TRIES:  # all that is left is to look
            return self._left(ours, owner, platform)
        was = ours
        ours, deletes = replace(ours, tries=ours.tries + 1), cast(Deletes, platform)
        try:
            for id in reversed(messages(ours)):  # of several the last first: each answers the one before
                self._asked(ours, deletes, partial(_delete, id=id))
        except Rejected as error:
            return self._failed(ours, owner, error.reason)
        except Waits as error:
            return self._again(replace(was, reason=error.reason), _rest(error))
        except PlatformError as error:
            if ours.tries < TRIES:
                return self._again(ours, max(_rest(error), next_try(ours.tries)))
            return self._left(replace(ours, reason=error.reason), owner, platform)
        return self._conclude(replace(ours, state=DeliveryState.REMOVED), owner)

    def _left(self, ours: Delivery, owner: Owner, platform: Platform) -> Delivery:
        """Its last try was answered by nobody: it may be gone all the same."""
        try:
            stands = self._stands(ours, platform)
        except Waits as error:
            return self._again(ours, _rest(error))
        if stands:
            return self._failed(ours, owner, ours.reason)
        return self._conclude(replace(ours, state=DeliveryState.REMOVED, reason=""), owner)

    def _edit(self, ours: Delivery, owner: Owner, platform: Platform) -> Delivery:
        """It says something else from now on; what nobody answered is looked at. What could not be corrected
        says what it said, and a person is told."""
        if ours.tries >= TRIES:  # all that is left is to look
            return self._read(ours, owner, platform)
        was = ours
        ours, edits = replace(ours, tries=ours.tries + 1), cast("Edits", platform)
        try:
            self._asked(ours, edits, lambda at: at.edit(ours.remote_id, ours.correction))
        except Rejected as error:
            return self._failed(ours, owner, error.reason)
        except Waits as error:
            return self._again(replace(was, reason=error.reason), _rest(error))
        except PlatformError as error:
            reason = replace(ours, reason=error.reason)
            return self._again(reason, max(_rest(error), next_try(ours.tries)))
        return self._edited(ours, owner)

    def _read(self, ours: Delivery, owner: Owner, platform: Platform) -> Delivery:
        """Its last try was answered by nobody: it may say so all the same."""
        try:
            seen = platform.read_back(ours.remote_id)
        except PlatformError as error:
            return self._again(ours, max(_rest(error), PATIENCE))
        if seen and seen.text.split() == ours.correction.split():
            return self._edited(ours, owner)
        return self._failed(ours, owner, ours.reason)

    def _edited(self, ours: Delivery, owner: Owner) -> Delivery:
        there = replace(ours, state=DeliveryState.CONFIRMED, text=ours.correction, correction="", reason="")
        return self._conclude(replace(there, lease_until=None), owner, edited=True)

    def _stands(self, ours: Delivery, platform: Speaks) -> bool:
        """As far as we know: where we cannot look, it does. Raises Waits."""
        try:
            return any(platform.read_back(id) for id in messages(ours))
        except Waits:
            raise
        except PlatformError:
            return True

    # outcomes ------------------------------------------------------------------------------------

    def _wait(self, ours: Delivery, reason: str, *, looks: int) -> Delivery:
        """Not known: look again after a while."""
        ours = replace(ours, state=DeliveryState.UNKNOWN, looks=looks, reason=reason)
        return self._again(ours, next_look(looks) if looks else SETTLE)

    def _later(self, ours: Delivery, reason: str, wait: timedelta) -> Delivery:
        """It did not happen: plan the next try; at the latest when a person must be asked."""
        end = latest(ours)
        if end:
            wait = min(wait, max(end - self.now(), timedelta()))
        return self._again(replace(ours, state=DeliveryState.PLANNED, reason=reason), wait)

    def _again(self, ours: Delivery, wait: timedelta) -> Delivery:
        ours = replace(ours, due=self.now() + wait, lease_until=None)
        if self.deliveries.settle(ours):
            self.tasks.send([Deliver(ours.key)], delay=min(int(wait.total_seconds()) + 1, LONGEST_DELAY))
        return ours

    def _failed(self, ours: Delivery, owner: Owner, reason: str) -> Delivery:
        """A person decides. What could not be removed or corrected stands as it stood."""
        if ours.state is DeliveryState.REMOVING:
            stands = replace(ours, state=DeliveryState.CONFIRMED, lease_until=None)
            return self._conclude(replace(stands, reason=f"could not be removed: {reason}"), owner)
        if ours.state is DeliveryState.EDITING:
            stands = replace(ours, state=DeliveryState.CONFIRMED, lease_until=None, correction="")
            return self._conclude(replace(stands, reason=f"could not be corrected: {reason}"), owner)
        if owner.withdrawn(ours):
            return self._conclude(owner.refused(ours), owner)
        return self._conclude(replace(ours, state=DeliveryState.FAILED, reason=reason), owner)

    def _conclude(
        self, ours: Delivery, owner: Owner, *, alone: bool = False, edited: bool = False
    ) -> Delivery:
        now = self.now()
        told = calls(self.brands.get(ours.key.brand), map(events.delivery, [ours], [now]), now)
        owner.conclude(ours, now, calls=told, alone=alone, edited=edited)
        return ours


def _delete(at: Deletes, id: str) -> None:
    at.delete(id)


def _rest(error: PlatformError) -> timedelta:
    """How long the network, or the pace of its account, has us wait at least."""
    return timedelta(seconds=error.retry_after if isinstance(error, RateLimited) else 0)


def _must_be_real(of: CaseKey | PostKey | MentionKey | None) -> None:
    """Nothing of a drill leaves, whoever put it into the queue. Raises BadTask."""
    if isinstance(of, CaseKey | MentionKey) and of.drill:
        raise BadTask(f"{of} is of a drill: nothing leaves")


def _passed(delivery: Delivery) -> ReplyTo | None:
    """Whose message it boosts or quotes; None for one of our own."""
    of = delivery.of
    return ReplyTo(id=of.key.id, author=of.author) if of and delivery.way else None


def _reply_to(delivery: Delivery) -> ReplyTo | None:
    """What it answers: of several messages, each the one before; but it is who wrote to us who is named."""
    if above := delivery.standing[-1] if delivery.standing else delivery.below:
        return ReplyTo(id=above, author=delivery.to_author, post=bool(delivery.key.comment))
    return ReplyTo(id=delivery.to.id, author=delivery.to_author) if delivery.to else None
