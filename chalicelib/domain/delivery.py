"""One post or reply on one channel, with its life.

    planned -> claimed -> sent -> confirmed -> removing -> removed
       |          |               \\-> editing -> confirmed
       |          |  \\-> failed             refused by the network: a person decides
       |          \\----> unknown            no answer came: looked up at the network, never guessed
       |-> held                             the brake, or too late: a person decides
       \\-> cancelled

A claim is a lease with an epoch. Every write of a delivery makes the epoch one more or is conditional on
it, so an edit, a cancel or another worker in between wins over whoever read it before; whoever lost the
lease cannot write the outcome. A claim of what is not planned looks at the network before sending.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.post import COMMENT, ImageFile, Passed, PostKey, Slot

LEASE = timedelta(minutes=2)
"""Longer than the delivering Lambda may run (60 s) and a network may take to answer (20 s)."""
SETTLE = timedelta(seconds=20)
"""After an unknown outcome we wait this long before looking: lists of a network lag."""
LOOKS = 6
"""Looks for a message the network said it took, before a person is told that it does not show."""
LOOKS_BEFORE_RESEND = {True: 3, False: LOOKS}
"""Looks in vain before an unknown outcome counts as "it did not happen", each twice as long after the one
before, from 20 seconds on. By whether the network keeps one message a token whatever we do: where it does,
two minutes; where that is only its word, twenty, so that its lists have long caught up."""
PATIENCE = timedelta(hours=1)
"""So long we try to look for what may be there before a person is told; from then on ever less often."""
SELDOM = timedelta(days=1)
"""But at least this often."""
TRIES = 5
"""Attempts to send before a person is asked."""

BRAKED = "the brake was on"
LATE = "too late for its moment"
UNPAID = "the budget that pays for it is used"
"""Why a delivery is held, as `Delivery.reason`."""
TAKEN = "the network took it, and does not show it"
"""Why one stays sent and is not confirmed. It never counts as not sent."""
STOPPED = "a person stopped it"
"""Why a reply that was approved goes back to its case."""
OVERTAKEN = "answered meanwhile"
OPENED = "its time is over"
REVOKED = "its standing approval does not hold any more"
"""Why a holding reply is not sent after all."""


class DeliveryState(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    CANCELLED = "cancelled"
    REMOVING = "removing"
    REMOVED = "removed"
    EDITING = "editing"

    @property
    def rests(self) -> bool:
        """Nothing happens to it by itself any more."""
        return self in RESTING


RESTING = frozenset(
    {
        DeliveryState.CONFIRMED,
        DeliveryState.FAILED,
        DeliveryState.HELD,
        DeliveryState.CANCELLED,
        DeliveryState.REMOVED,
    }
)
STOPPABLE = (DeliveryState.PLANNED, DeliveryState.HELD, DeliveryState.FAILED)
"""What has not left, as far as we know: it can still be changed, or cancelled."""


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    owner: CaseKey | PostKey
    channel: str
    n: int
    comment: int = 0
    """Of a post: its first comment on this channel, sent for the so many-th time; 0: the post itself."""

    def __str__(self) -> str:
        below = f"/{self.comment}" if self.comment else ""
        return f"{self.owner}/{self.channel}/{self.n}{below}"

    @property
    def brand(self) -> str:
        return self.owner.brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`token` is what we give the network as idempotency key and look for afterwards.

    `due` is when it is to be looked at next: to be sent, or to be looked up. `tries` counts
    attempts to send, `looks` the look-ups since the last one. A reply has `to`; a post has `slot` and
    `title`, and `lateness` in minutes, its first comment `since` and `lateness`.
    """

    key: DeliveryKey
    state: DeliveryState
    text: str
    language: str
    due: datetime
    approved_by: str
    approved_at: datetime
    token: str
    written_by: str = ""
    """A reply's: who wrote exactly this text, "" for the system; `written_by_id` who that is."""
    written_by_id: str = ""
    despite: tuple[str, ...] = ()
    """A reply's: the rules of `honesty.py` that would have stopped it; `anyway` is why a person sent it."""
    anyway: str = ""
    model: str = ""
    """A reply's: the model that drafted it, as in `Draft`."""
    to: MentionKey | None = None
    to_author: str = ""
    answer_by: datetime | None = None
    """A holding reply's: it says that an answer comes before then. From `lapses` on it is not sent."""
    lapses: datetime | None = None
    exceeds: bool = False
    """A person said yes to it: it leaves also where the budget that pays for it is used."""
    under: str = ""
    """The standing approval by which the system sent it, `approved_by` being who signed that."""
    images: tuple[ImageFile, ...] = ()
    """A post's: those that leave with its text."""
    way: str = ""
    of: Passed | None = None
    """A post's: whose message it boosts or quotes (`post.WAYS`)."""
    comment: str = ""
    """A post's: its first comment, which goes below it once it stands there."""
    title: str = ""
    slot: Slot | None = None
    since: datetime | None = None
    """A first comment's moment: when its post was seen at the network, or when a person let it go."""
    lateness: int = 0
    released: datetime | None = None
    """The moment of the pull of the brake that a person let it through."""
    epoch: int = 0
    lease_until: datetime | None = None
    first_try: datetime | None = None
    tries: int = 0
    looks: int = 0
    parts: tuple[str, ...] = ()
    """An answer too long for one message: as its messages leave (`thread.py`). () for one."""
    below: str = ""
    """The id of our own message that it goes on from: of an answer in several that was broken off, or of a
    post's first comment; "": it answers `to`."""
    standing: tuple[str, ...] = ()
    """Of those that the network took, in order, its ids; each next answers the one before."""
    remote_id: str = ""
    remote_url: str = ""
    """Of the first message, where it is several."""
    sent_at: datetime | None = None
    promises: int = 0
    """A reply's: how many were found in it (`promise.py`)."""
    promised_with: tuple[int, ...] = ()
    """Of one in several messages: the number of the message, from 1, with which each promise is made."""
    correction: str = ""
    """What it is to say from now on, while it is being corrected."""
    measured: int = 0
    """How many of its measurements (`measuring.AGES`) are done."""
    reason: str = ""


def claim(delivery: Delivery, now: datetime) -> Delivery | None:
    """The delivery with a fresh lease, or None where there is nothing to do now.

    Taken are: planned and due; unknown and due to be looked up; sent but not yet read back; to be
    removed or corrected; claimed by someone whose lease ran out.
    """
    state = delivery.state
    if state.rests or due_at(delivery) > now:
        return None
    if delivery.lease_until and delivery.lease_until > now:
        return None
    ours = replace(delivery, epoch=delivery.epoch + 1, lease_until=now + LEASE)
    if state in (DeliveryState.SENT, DeliveryState.REMOVING, DeliveryState.EDITING):
        return ours
    return replace(ours, state=DeliveryState.CLAIMED, first_try=delivery.first_try or now)


def on_its_turn(delivery: Delivery) -> str:
    """The message that is to leave, or may have left: of several, the next."""
    return delivery.parts[len(delivery.standing)] if delivery.parts else delivery.text


def messages(delivery: Delivery) -> tuple[str, ...]:
    """The ids of all its messages at the network."""
    return delivery.standing or (delivery.remote_id,)


def next_part(ours: Delivery, remote_id: str, url: str, now: datetime) -> Delivery:
    """After one of several messages was taken and is not the last: the next is to leave, on its own token."""
    standing = (*ours.standing, remote_id)
    return replace(
        ours,
        state=DeliveryState.PLANNED,
        standing=standing,
        remote_id=standing[0],
        remote_url=ours.remote_url or url,
        token=token(ours.key, part=len(standing)),
        first_try=None,
        tries=0,
        looks=0,
        due=now,
        lease_until=None,
        reason="",
    )


def due_at(delivery: Delivery) -> datetime:
    """When it is to be looked at next. A post that was never tried goes by the wall, not by what was
    reckoned when it was planned: the rules of its zone may have changed since."""
    if delivery.slot and untried(delivery):
        return delivery.slot.at()
    return delivery.due


def untried(delivery: Delivery) -> bool:
    """Does it wait for its own moment? What its network had us put off has a reason."""
    return delivery.state is DeliveryState.PLANNED and not delivery.tries and not delivery.reason


def filed_at(delivery: Delivery) -> datetime:
    """The moment it is listed under: when it was sent; until then a post's own moment, however often it was
    looked for since, and a reply's next."""
    if delivery.sent_at:
        return delivery.sent_at
    return delivery.slot.at() if delivery.slot else delivery.due


def latest(delivery: Delivery) -> datetime | None:
    """The first second at which a post, or its first comment, is too late; None where it cannot be."""
    moment = _moment(delivery)
    if not moment or not delivery.lateness:
        return None
    return moment + timedelta(minutes=delivery.lateness, seconds=1)


def _moment(delivery: Delivery) -> datetime | None:
    """From which its lateness counts."""
    return delivery.slot.at() if delivery.slot else delivery.since


def left_at(delivery: Delivery) -> datetime:
    """The moment from which it may be at the network."""
    return delivery.sent_at or delivery.first_try or delivery.approved_at


def unseen(delivery: Delivery) -> bool:
    """Could it not be seen for so long that a person is told?"""
    return bool(delivery.reason) and delivery.due - left_at(delivery) >= PATIENCE + SETTLE


def unclear(delivery: Delivery, reason: str) -> Delivery:
    """What may be at the network, and could not be seen there: sent if the network said it took it."""
    state = DeliveryState.SENT if delivery.sent_at else DeliveryState.UNKNOWN
    return replace(delivery, state=state, reason=reason)


def removable(delivery: Delivery) -> bool:
    """Can it be taken away: it is there, or the network took it and does not show it?"""
    hidden = delivery.state is DeliveryState.SENT and bool(delivery.reason)
    return hidden or delivery.state is DeliveryState.CONFIRMED


def too_late(delivery: Delivery, now: datetime) -> bool:
    """Is a post, or its first comment, so far past its moment that a person must say yes again?"""
    moment = _moment(delivery)
    if not moment or not delivery.lateness:
        return False
    return now - moment > timedelta(minutes=delivery.lateness)


def asks(delivery: Delivery) -> bool:
    """Must a person hear of it, where no case shows it: too late, failed, not to be removed, or not seen
    for so long?"""
    if delivery.state is DeliveryState.HELD:
        return delivery.reason == LATE
    if delivery.state in (DeliveryState.UNKNOWN, DeliveryState.SENT):
        return unseen(delivery)
    failed = delivery.state is DeliveryState.FAILED
    return failed or (delivery.state is DeliveryState.CONFIRMED and bool(delivery.reason))


def changed(after: Delivery) -> Delivery:
    """With the next epoch: whoever read it before cannot claim it any more."""
    return replace(after, epoch=after.epoch + 1)


def going(was: Delivery, now: datetime) -> Delivery:
    """To be taken away at the network; what was to go below it is not wanted any more."""
    after = replace(was, state=DeliveryState.REMOVING, comment="", correction="", due=now, lease_until=None)
    return replace(after, tries=0, looks=0, reason="")


def cancelled(was: Delivery) -> Delivery:
    return changed(replace(was, state=DeliveryState.CANCELLED, lease_until=None))


def anew(after: Delivery) -> Delivery:
    """The same message under the next number, hence another token: a network that remembers the first
    token does not mistake it."""
    of = after.key
    key = replace(of, comment=of.comment + 1) if of.comment else replace(of, n=of.n + 1)
    fresh = replace(after, key=key, token=token(key), epoch=0, first_try=None, tries=0, looks=0)
    return replace(fresh, remote_id="", remote_url="", sent_at=None, lease_until=None, measured=0)


def first_comment(there: Delivery, now: datetime) -> Delivery | None:
    """What goes below a post that was just seen at its network; None where nothing does. Who approved the
    post approved it; what let the post past a brake or a budget lets it past too. It may be as late
    as the post may."""
    if there.state is not DeliveryState.CONFIRMED or there.reason or not there.comment:
        return None
    key = replace(there.key, comment=1)
    return Delivery(
        key=key,
        state=DeliveryState.PLANNED,
        text=there.comment,
        language=there.language,
        title=there.title,
        below=there.remote_id,
        due=now,
        since=now,
        lateness=there.lateness,
        approved_by=there.approved_by,
        approved_at=there.approved_at,
        token=token(key),
        released=there.released,
        exceeds=there.exceeds,
    )


def as_what(delivery: Delivery) -> str:
    """How a post's goes out, as `PostEvent.way` has it."""
    return COMMENT if delivery.key.comment else delivery.way


def newest(found: Iterable[Delivery]) -> dict[str, Delivery]:
    """Of a post's deliveries, by channel and number: the newest of each channel, without first comments."""
    return {each.key.channel: each for each in found if not each.key.comment}


def comment_below(post: Delivery, found: Iterable[Delivery]) -> Delivery | None:
    """The newest sending of its first comment; None where there was none yet."""
    of = [each for each in found if each.key.comment and replace(each.key, comment=0) == post.key]
    return max(of, key=lambda each: each.key.comment, default=None)


def withdrawn(ours: Delivery, found: Iterable[Delivery]) -> bool:
    """Is it the first comment of a message that was taken away since, or is to be?"""
    above = replace(ours.key, comment=0)
    return bool(ours.key.comment) and any(each.key == above and not each.comment for each in found)


def token(key: DeliveryKey, epoch: int = 0, part: int = 0) -> str:
    """The same for every try of one delivery, and for no other; `epoch` of the try that needs another, `part`
    of a later message of several."""
    from uuid import NAMESPACE_URL, uuid5

    other = f"@{epoch}" if epoch else f"+{part}" if part else ""
    return str(uuid5(NAMESPACE_URL, f"webspin:{key}{other}"))


def next_look(looks: int) -> timedelta:
    """How long to wait after so many looks in vain."""
    return SETTLE * int(2 ** min(looks, LOOKS))


def next_blind(age: timedelta) -> timedelta:
    """How long to wait where we could not look, by how long ago it left: as long again, up to `PATIENCE` and
    from there on at most `SELDOM`."""
    if age < PATIENCE:
        return max(SETTLE, min(age, PATIENCE - age))
    return min(age, SELDOM)


def next_try(tries: int) -> timedelta:
    """How long to wait after so many attempts that did not happen: 30 s, 1, 2, 4 minutes."""
    return timedelta(seconds=30) * int(2 ** min(tries - 1, 3))
