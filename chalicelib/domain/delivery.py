"""One reply on one channel, with its life. (Posts join it with the second half of the spine.)

    planned -> claimed -> sent -> confirmed
                  |  \\-> failed             refused by the network: a person decides
                  \\----> unknown            no answer came: looked up at the network, never guessed

A claim is a lease with an epoch. Whoever claims with an epoch above 1 looks at the network before
sending; whoever lost the lease cannot write the outcome, since every outcome is conditional on its epoch.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import MentionKey

LEASE = timedelta(minutes=2)
"""Longer than the delivering Lambda may run (60 s) and a network may take to answer (20 s)."""
SETTLE = timedelta(seconds=20)
"""After an unknown outcome we wait this long before looking: lists of a network lag."""
LOOKS_BEFORE_RESEND = 3
"""Looks in vain, 20, 40 and 80 seconds apart, before an unknown outcome counts as "it did not happen"."""
LOOKS = 6
"""Looks for a message the network said it took, before a person is told that it does not show."""
PATIENCE = timedelta(hours=1)
"""So long we try to look for an unknown outcome before a person is told; from then on we look this often."""
TRIES = 5
"""Attempts to send before a person is asked."""


class DeliveryState(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    case: CaseKey
    channel: str
    n: int

    def __str__(self) -> str:
        return f"{self.case}/{self.channel}/{self.n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`token` is what we give the network as idempotency key and look for afterwards.

    `due` is when it is to be looked at next: to be sent, or to be looked up. `tries` counts
    attempts to send, `looks` the look-ups since the last one.
    """

    key: DeliveryKey
    state: DeliveryState
    to: MentionKey
    to_author: str
    text: str
    language: str
    due: datetime
    approved_by: str
    approved_at: datetime
    token: str
    epoch: int = 0
    lease_until: datetime | None = None
    first_try: datetime | None = None
    tries: int = 0
    looks: int = 0
    remote_id: str = ""
    remote_url: str = ""
    sent_at: datetime | None = None
    reason: str = ""


def claim(delivery: Delivery, now: datetime) -> Delivery | None:
    """The delivery with a fresh lease, or None where there is nothing to do now.

    Taken are: planned and due; unknown and due to be looked up; sent but not yet read back;
    claimed by someone whose lease ran out.
    """
    state = delivery.state
    if state in (DeliveryState.CONFIRMED, DeliveryState.FAILED) or delivery.due > now:
        return None
    if delivery.lease_until and delivery.lease_until > now:
        return None
    kept = state if state is DeliveryState.SENT else DeliveryState.CLAIMED
    return replace(delivery, state=kept, epoch=delivery.epoch + 1, lease_until=now + LEASE)


def token(key: DeliveryKey) -> str:
    """The same for every try of one delivery, and for no other."""
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, f"webspin:{key}"))


def next_look(looks: int) -> timedelta:
    """How long to wait after so many looks in vain."""
    return SETTLE * int(2 ** min(looks, LOOKS))


def next_try(tries: int) -> timedelta:
    """How long to wait after so many attempts that did not happen: 30 s, 1, 2, 4 minutes."""
    return timedelta(seconds=30) * int(2 ** min(tries - 1, 3))
