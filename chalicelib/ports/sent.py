"""What is kept of what we say, and of what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import StandingApproval
from chalicelib.domain.case import CaseEvent, CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.hook import Call
from chalicelib.domain.post import Post, PostEvent, PostKey

if TYPE_CHECKING:  # few Lambdas ask for these
    from chalicelib.domain.drill import Drill
    from chalicelib.domain.measuring import Following, Measurement
    from chalicelib.domain.outreach import Handle, Morning
    from chalicelib.domain.promise import Promise, PromiseKey


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that the index of work names, and when it is to be looked at."""

    key: DeliveryKey
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery as the month's index shows it. `at` is when it was sent; until then a post's own
    moment, a reply's next."""

    key: DeliveryKey
    at: datetime
    state: DeliveryState
    text: str
    """A post's working title; a reply's first line."""
    language: str
    reason: str = ""
    holding: bool = False
    """A holding reply, which answers nothing; told by the month's index alone."""
    messages: int = 1
    """In how many it leaves; told by the month's index alone."""
    way: str = ""
    """A post's, as `Variant.way`; told by the month's index alone."""
    commented: bool = False
    """It has a first comment; told by the month's index alone."""


class Promises(Protocol):
    """What we promised in replies. They are made and withdrawn with those: see `Cases`."""

    def get(self, key: PromiseKey) -> Promise:
        """Raises NotFound."""

    def open(self, brand: str, *, limit: int) -> tuple[list[Promise], bool]:
        """Those to be kept still, by when they are due, in one request; and whether there are more. As the
        index shows it, which may lag behind by a moment."""

    def change(self, promise: Promise, event: CaseEvent) -> None:
        """Write a promise read with `rev - 1`, with its case's event, all or nothing. Raises Conflict."""

    def to_remind(self, now: datetime, *, limit: int) -> list[PromiseKey]:
        """Those of which a department is to be reminded by now, of all brands."""

    def remind(self, promise: Promise, then: datetime | None, now: datetime) -> bool:
        """Ring its department's bell, and be reminded of next at `then` (None: never), all or nothing; False
        if that was done since the promise was read, or it changed."""


class Deliveries(Protocol):
    def get(self, key: DeliveryKey) -> Delivery:
        """Raises NotFound."""

    def get_many(self, keys: Sequence[DeliveryKey]) -> list[Delivery]:
        """Those there are, in no order."""

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        """Write the claim if state and epoch are still those of `was`.

        Raises Braked where `was` is planned or to be corrected and the brand's brake is on, unless
        `was.released` is the moment of this pull, and Revoked where what is planned goes under a standing
        approval that was revoked: these conditions are part of the same write.
        """

    def settle(self, delivery: Delivery) -> bool:
        """Write an outcome if the epoch is still this one; False if the lease was lost."""

    def move(self, was: Delivery, after: Delivery) -> bool:
        """Write it if state and epoch are still those of `was`; False if somebody did something with it."""

    def due(self, until: datetime, *, since: datetime | None = None, limit: int = 1000) -> list[Due]:
        """Those to be sent or looked up by then, oldest first; also those whose claim runs out. `since`:
        only those after it."""

    def planned(self, brand: str, now: datetime) -> list[Delivery]:
        """Everything of this brand that is still to leave, oldest first: from a month ago up to the furthest
        that can be planned."""

    def held(self, brand: str) -> list[Delivery]:
        """Those that wait for a person: held, and posts that failed; oldest first."""

    def between(self, brand: str, start: datetime, end: datetime) -> list[Outgoing]:
        """What was sent from `start` up to `end`, or is still to be; oldest first."""

    def to_measure(self, now: datetime) -> Iterable[DeliveryKey]:
        """Confirmed ones whose next measurement is due, oldest first, read as they are asked for."""


class Posts(Protocol):
    def get(self, key: PostKey) -> tuple[Post, list[Delivery]]:
        """A post with all its deliveries and first comments, by channel and number. Raises NotFound."""

    def get_many(self, keys: Sequence[PostKey]) -> list[Post]:
        """Those there are, in no order, without their deliveries."""

    def add(
        self,
        post: Post,
        deliveries: Sequence[Delivery],
        event: PostEvent,
        deed: tuple[Morning, AuditLine] | None = None,
    ) -> bool:
        """Keep a new post with its deliveries; False if there is one of this key (nothing changes).

        `deed`: the morning's list on which it is one, and what the log says of that, written with it as
        `Mornings.change` does. Raises Conflict where that list was changed.
        """

    def change(
        self, post: Post, changes: Sequence[tuple[Delivery | None, Delivery]], event: PostEvent
    ) -> None:
        """Write a post read with `rev - 1`, and deliveries as (was, now), all or nothing.

        Each must still have state and epoch of `was`; None: it is new. Raises Conflict.
        """

    def conclude(
        self,
        delivery: Delivery,
        event: PostEvent,
        calls: Sequence[Call] = (),
        *,
        alone: bool = False,
        below: Delivery | None = None,
    ) -> None:
        """Write an outcome if the epoch is still this one, with its event and the calls that tell of it, and
        its first comment (`below`), unless there is one. Raises Conflict.

        `alone`: its message (`remote_id`) belongs to it alone from then on. Raises NotOurs if it is another's
        of the same channel.
        """

    def whose(self, brand: str, channel: str, remote_id: str) -> DeliveryKey | None:
        """The delivery that has this message of the channel alone, as of now."""

    def history(self, key: PostKey) -> list[PostEvent]:
        """Oldest first."""

    def note(self, key: PostKey, event: PostEvent) -> None:
        """Append an event; a repeat of the same event changes nothing."""


@dataclass(frozen=True, slots=True)
class Brake:
    """Since when, and by whom."""

    pulled_at: datetime
    by: str


class StandingApprovals(Protocol):
    """A brand brings them along (`Brand.standing`), up to a minute old; here they are as they are now."""

    def of(self, brand: str) -> list[StandingApproval]:
        """The newest first; also those that ended, for a year."""

    def get(self, brand: str, id: str) -> StandingApproval:
        """Raises NotFound."""

    def add(self, approval: StandingApproval, *lines: AuditLine) -> bool:
        """A new one, with what the log says of it; False if there is one of this id (and then nothing
        changes)."""

    def change(self, approval: StandingApproval, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it, all or nothing. Raises
        Conflict."""

    def sent(self, brand: str, id: str, *, limit: int) -> list[DeliveryKey]:
        """What was sent under it, the newest first."""


class Drills(Protocol):
    """For a week."""

    def of(self, brand: str) -> list[Drill]:
        """The newest first."""

    def get(self, brand: str, id: str) -> Drill:
        """Raises NotFound."""

    def add(self, drill: Drill, *lines: AuditLine) -> bool:
        """A new one, with what the log says of it; False if there is one of this id (and then nothing
        changes)."""

    def change(self, drill: Drill, *lines: AuditLine) -> None:
        """Write what was read with `rev - 1`, with what the log says of it, all or nothing. Raises
        Conflict."""


class Brakes(Protocol):
    def get(self, brand: str) -> Brake | None:
        """As it is now; None while it is off."""

    def pull(self, brand: str, by: str, now: datetime, by_id: str = "") -> Brake:
        """Nothing leaves from here on. If it was on already, that pull stays, and is answered."""

    def lift(self, brand: str, brake: Brake, by: str, now: datetime, by_id: str = "") -> bool:
        """False if it is off, or was pulled anew since."""


class Measurements(Protocol):
    def add(self, delivery: Delivery, measurement: Measurement) -> bool:
        """Keep it and move the delivery on to its next; `delivery` is as read. False if somebody did."""

    def skip(self, delivery: Delivery) -> None:
        """Its network does not measure: none is due any more. `delivery` is as read."""

    def of(self, owner: CaseKey | PostKey) -> list[tuple[DeliveryKey, Measurement]]:
        """Of every delivery of a post or case, oldest first."""


class Followings(Protocol):
    def put(self, brand: str, following: Following) -> None:
        """One a channel and day; the last counts."""

    def of(self, brand: str, channel: str, first: str, last: str) -> list[Following]:
        """By day, both included."""


class Mornings(Protocol):
    def get(self, brand: str, day: str) -> Morning | None: ...

    def add(self, morning: Morning) -> bool:
        """False if that day has one (nothing changes)."""

    def change(self, morning: Morning, *lines: AuditLine) -> None:
        """Write one read with `rev - 1`, and what the log says of it, all or nothing. Raises Conflict."""

    def between(self, brand: str, first: str, last: str) -> list[Morning]:
        """By day, both included."""

    def followed(self, brand: str) -> set[Handle]:
        """Everybody whom a list ever had us follow, in one request for some ten thousand."""
