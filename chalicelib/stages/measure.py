"""Stage 7. Ask the networks what came of what we said: each message at three ages, each account once a day.

The order of effects: ask, then write measurement and delivery together, under the condition that nobody
changed the delivery; an account's day is written over. So a crash, a repeat or two at once ask once more
and keep one answer. What an outage missed is measured at its next age: a number of the sixth day does not
stand for the first. A network that fails
again and again, or asks for rest, is left alone until the next run, and stops no other.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.measuring import Following, Measurement, due_step, missed
from chalicelib.errors import BadInput, NotFound, RateLimited, Rejected, Unauthorized, Waits, WebspinError
from chalicelib.ports import Brands, Deliveries, Followings, Measurements, Pulse

MARGIN_MS = 10_000
"""Nothing new is begun when the Lambda has less than this left."""
MOST = 500
"""Messages asked after in one run; the next one, a quarter of an hour later, takes the rest. What is left
alone does not count."""
ASKED = ("measured", "skipped", "failed")
STRIKES = 3
"""Failures after which a channel is left alone for the rest of a run: each may take a network's 20 s."""

Connect = Callable[..., Any]
T = TypeVar("T")
log = logging.getLogger("webspin")


def run(
    *,
    brands: Brands,
    deliveries: Deliveries,
    measurements: Measurements,
    followings: Followings,
    connect: Connect,
    pulse: Pulse,
    remaining_ms: Callable[[], int],
    now: datetime,
) -> dict[str, int]:
    """Measure what is due. Counts messages: `measured`, `skipped` (gone, or their network does not tell);
    accounts: `counted`; both: `failed`, `left` for the next run, `passed` as there was nothing to do."""
    accounts = _Accounts(connect)
    counts = dict.fromkeys(("measured", "skipped", "counted", "failed", "left", "passed"), 0)
    for key in deliveries.to_measure(now):
        if remaining_ms() < MARGIN_MS:
            return counts
        if accounts.rests(key.brand, key.channel):
            counts["left"] += 1
            continue
        if sum(counts[outcome] for outcome in ASKED) >= MOST:
            break
        try:
            delivery = deliveries.get(key)
            brand = brands.get(key.brand)
        except NotFound:
            continue  # expired or removed, and still in the index for a moment
        outcome = _measure(delivery, brand, accounts, deliveries, measurements, now)
        counts[outcome] += 1
    for brand in brands.all():
        for channel in brand.channels:
            if remaining_ms() < MARGIN_MS:
                return counts
            outcome = _count(brand, channel.id, accounts, followings, pulse, now)
            counts[outcome] += 1
    return counts


def _measure(
    delivery: Delivery,
    brand: Brand,
    accounts: "_Accounts",
    deliveries: Deliveries,
    measurements: Measurements,
    now: datetime,
) -> str:
    """One message; the outcome in a word."""
    channel, sent_at = delivery.key.channel, delivery.sent_at
    if delivery.state is not DeliveryState.CONFIRMED or sent_at is None:
        return "passed"
    step = due_step(sent_at, delivery.measured, now)
    if not step:
        if (over := missed(sent_at, now)) > delivery.measured:
            deliveries.settle(replace(delivery, measured=over))
        return "passed"
    if brand.channel(channel) is None:
        measurements.skip(delivery)
        return "skipped"
    try:
        numbers = accounts.ask(brand, channel, "measure", lambda measure: measure(delivery.remote_id))
    except Waits:  # the next run finds it: what a person waits for goes before
        return "left"
    except Exception as error:  # one message or network must not take the others along
        _failed(error, brand, channel)
        return "failed"
    if numbers is None:
        measurements.skip(delivery)
        return "skipped"
    kept = measurements.add(delivery, Measurement(step=step, at=now, numbers=numbers))
    return "measured" if kept else "passed"


def _count(
    brand: Brand,
    channel: str,
    accounts: "_Accounts",
    followings: Followings,
    pulse: Pulse,
    now: datetime,
) -> str:
    """One account, if it was not counted on this day of the brand's yet. Its network is asked with our key:
    whether it takes that is noted too."""
    day = now.astimezone(ZoneInfo(brand.zone)).date().isoformat()
    if followings.of(brand.id, channel, day, day):
        return "passed"
    if accounts.rests(brand.id, channel):
        return "left"
    try:
        given = accounts.ask(brand, channel, "following", lambda following: following())
    except Waits:
        return "left"
    except Exception as error:  # as above
        if isinstance(error, Unauthorized):
            pulse.key_refused(brand.id, channel, now)
        _failed(error, brand, channel)
        return "failed"
    pulse.key_worked(brand.id, channel, now)
    followers, following = given or (None, None)
    followings.put(brand.id, Following(channel=channel, day=day, followers=followers, following=following))
    return "counted"


def _failed(error: Exception, brand: Brand, channel: str) -> None:
    known = isinstance(error, WebspinError)
    log.warning(
        "not measured",
        exc_info=None if known else error,
        extra={"brand": brand.id, "channel": channel, "reason": str(error) if known else "a fault of ours"},
    )


class _Accounts:
    """The modules behind our channels, each connected once a run, and which of them are left alone."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._known: dict[tuple[str, str], Any] = {}
        self._strikes: Counter[tuple[str, str]] = Counter()

    def rests(self, brand: str, channel: str) -> bool:
        return self._strikes[brand, channel] >= STRIKES

    def ask(self, brand: Brand, channel: str, ability: str, call: Callable[[Any], T]) -> T | None:
        """`call` with what the module offers under this name; None where it does not.

        A key that is refused is read anew once, as somebody may have renewed it. Raises what the module
        raises.
        """
        at = (brand.id, channel)
        try:
            if at not in self._known:
                self._known[at] = self._connect(brand, channel)
            try:
                return self._call(at, ability, call)
            except Unauthorized:
                self._known[at] = self._connect(brand, channel, fresh=True)
                return self._call(at, ability, call)
        except Exception as error:
            if isinstance(error, (Unauthorized, RateLimited, BadInput)):
                self._strikes[at] = STRIKES
            elif not isinstance(error, Rejected):  # which is about one message
                self._strikes[at] += 1
            raise

    def _call(self, at: tuple[str, str], ability: str, call: Callable[[Any], T]) -> T | None:
        offered = getattr(self._known[at], ability, None)
        return call(offered) if offered else None
