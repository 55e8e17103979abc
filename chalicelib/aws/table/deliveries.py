"""Deliveries: claimed under a lease with an epoch, settled under the same; listed when due and by month."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Check, Refused, Store
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, due_at, filed_at
from chalicelib.domain.measuring import next_step
from chalicelib.domain.mention import EXCERPT
from chalicelib.domain.post import COMMENT, WAYS, PostKey
from chalicelib.domain.shape import dump
from chalicelib.errors import Braked, NotFound, Revoked
from chalicelib.ports import Due, Outgoing

UNCHANGED = "#epoch = :epoch AND #state = :state"
_LET_THROUGH = "attribute_not_exists(#pulled) OR #pulled = :released"
_FIRST, _LAST = "0", "4"
"""Below and above every `ddThh:mm:ss.mmm`; the first also below every `work_key`."""
OVERDUE, AHEAD = timedelta(days=31), timedelta(days=367)
"""What is planned lies between: a tick finds it within minutes, and nobody plans more than a year ahead."""
MEASURE_PAGE = 200
HOLDING = "holding"
SEVERAL = "messages:"
"""The label of a holding reply, and of one in several messages, in the month's index; a post's are its way
and `COMMENT`."""


class Deliveries:
    """Implements `ports.Deliveries`. New ones are put by `Cases.approve` and `Posts.add`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: DeliveryKey) -> Delivery:
        item = self._store.get(keys.delivery(key))
        if item is None:
            raise NotFound(f"delivery {key}")
        return from_item(item)

    def get_many(self, keys_: Sequence[DeliveryKey]) -> list[Delivery]:
        return list(map(from_item, self._store.get_all([keys.delivery(key) for key in dict.fromkeys(keys_)])))

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        if was.state not in (DeliveryState.PLANNED, DeliveryState.EDITING):
            return self._write(claimed, UNCHANGED, as_read(was))
        released = keys.moment(was.released) if was.released else ""
        checks: list[Check] = [(keys.brake(was.key.brand), _LET_THROUGH, {"released": released})]
        if was.under and was.state is DeliveryState.PLANNED:
            from chalicelib.aws.table import standing

            checks.append(standing.holds(was))
        try:
            self._store.put_together((to_item(claimed), UNCHANGED, as_read(was)), checks=checks)
        except Refused as refused:
            if 0 in refused.parts:  # the delivery itself was changed: whoever did that has the word
                return False
            if 2 in refused.parts:
                raise Revoked(f"delivery {was.key} has no approval any more") from None
            raise Braked(f"delivery {was.key} is held by the brake") from None
        return True

    def settle(self, delivery: Delivery) -> bool:
        return self._write(delivery, "#epoch = :epoch", {"epoch": delivery.epoch})

    def move(self, was: Delivery, after: Delivery) -> bool:
        return self._write(after, UNCHANGED, as_read(was))

    def due(self, until: datetime, *, since: datetime | None = None, limit: int = 1000) -> list[Due]:
        found = islice(self._work("due", until, since, Limit=limit), limit)
        return [Due(keys.read_delivery(item), keys.read_work(item)) for item in found]

    def planned(self, brand: str, now: datetime) -> list[Delivery]:
        """The brand's months say which; the deliveries themselves are as of now."""
        listed = self.between(brand, now - OVERDUE, now + AHEAD)
        found = self.get_many([each.key for each in listed if each.state is DeliveryState.PLANNED])
        return sorted((one for one in found if one.state is DeliveryState.PLANNED), key=_oldest)

    def held(self, brand: str) -> list[Delivery]:
        where = "#work = :open AND begins_with(#work_key, :held)"
        values = {"open": keys.open_work(brand), "held": keys.HELD}
        listed = self._store.query(where, values, index="work")
        found = self.get_many(list(map(keys.read_delivery, listed)))
        return sorted((one for one in found if _waits_for_a_person(one)), key=_oldest)

    def between(self, brand: str, start: datetime, end: datetime) -> list[Outgoing]:
        return list(map(_outgoing, in_months(self._store, brand, keys.month_out, start, end)))

    def to_measure(self, now: datetime) -> Iterator[DeliveryKey]:
        return map(keys.read_delivery, self._work("measure", now, Limit=MEASURE_PAGE))

    def _work(self, work: str, until: datetime, since: datetime | None = None, **more: Any) -> Iterator[Item]:
        values = {
            "work": work,
            "since": keys.until(since) if since else _FIRST,
            "until": keys.until(until),
        }
        where = "#work = :work AND #work_key BETWEEN :since AND :until"
        return self._store.query(where, values, index="work", **more)

    def _write(self, delivery: Delivery, condition: str, held: Item) -> bool:
        try:
            self._store.put(to_item(delivery), condition, held)
        except Refused:
            return False
        return True


def as_read(was: Delivery) -> Item:
    """The values of `UNCHANGED`."""
    return {"epoch": was.epoch, "state": was.state.value}


def to_item(delivery: Delivery) -> Item:
    item: Item = {
        **keys.delivery(delivery.key),
        "v": keys.VERSION,
        "brand": delivery.key.brand,
        "epoch": delivery.epoch,
        "state": delivery.state.value,
        "language": delivery.language,
        "excerpt": delivery.title[:EXCERPT] if _of_post(delivery) else _first_line(delivery.text),
        "delivery": to_text(delivery, "key", "epoch", "state", "language", "reason"),
        **({} if delivery.key.comment else keys.delivery_month(delivery.key, filed_at(delivery))),
        **_work(delivery),
    }
    if delivery.answer_by:
        item["label"] = HOLDING
    elif delivery.parts:
        item["label"] = f"{SEVERAL}{len(delivery.parts)}"
    elif delivery.way or delivery.comment:
        item["label"] = " ".join(filter(None, (delivery.way, delivery.comment and COMMENT)))
    if delivery.reason:
        item["reason"] = delivery.reason
    if not _of_post(delivery):
        item["ttl"] = keys.ttl(delivery.approved_at)
    return item


def from_item(item: Item) -> Delivery:
    apart = {name: item.get(name, "") for name in ("epoch", "state", "language", "reason")}
    return from_text(Delivery, item["delivery"], key=dump(keys.read_delivery(item)), **apart)


def _outgoing(item: Item) -> Outgoing:
    return Outgoing(
        key=keys.read_delivery(item),
        at=keys.read_month(item),
        state=DeliveryState(item["state"]),
        text=item["excerpt"],
        language=item["language"],
        reason=item.get("reason", ""),
        holding=item.get("label") == HOLDING,
        messages=_messages(item.get("label", "")),
        way=next((way for way in WAYS if way in item.get("label", "").split()), ""),
        commented=COMMENT in item.get("label", "").split(),
    )


def _messages(label: str) -> int:
    return int(label.removeprefix(SEVERAL)) if label.startswith(SEVERAL) else 1


def read_held(item: Item) -> Outgoing:
    """Of an entry of the index of work."""
    return Outgoing(
        key=keys.read_delivery(item),
        at=keys.read_work(item),
        state=DeliveryState(item["state"]),
        text=item["excerpt"],
        language=item["language"],
        reason=item.get("reason", ""),
    )


def _work(delivery: Delivery) -> Item:
    """Where in the index of work it stands, if anywhere.

    A claim that is never settled is looked at when its lease ran out.
    """
    look = due_at(delivery)
    if _waits_for_a_person(delivery):
        return keys.held_work(delivery.key, look)
    if not delivery.state.rests:
        free = max(look, delivery.lease_until or look)
        return keys.delivery_work(delivery.key, "due", free)
    if delivery.key.comment:
        return {}
    measured_at = next_step(delivery.sent_at, delivery.measured) if delivery.sent_at else None
    if delivery.state is DeliveryState.CONFIRMED and measured_at:
        return keys.delivery_work(delivery.key, "measure", measured_at)
    return {}


def _waits_for_a_person(delivery: Delivery) -> bool:
    """A reply that failed is its case's work."""
    failed = delivery.state is DeliveryState.FAILED and _of_post(delivery)
    return failed or delivery.state is DeliveryState.HELD


def _of_post(delivery: Delivery) -> bool:
    return isinstance(delivery.key.owner, PostKey)


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")[:EXCERPT]


def _oldest(delivery: Delivery) -> tuple[datetime, str]:
    return due_at(delivery), str(delivery.key)


def in_months(
    store: Store, brand: str, listed: Callable[[str, str], str], start: datetime, end: datetime
) -> Iterator[Item]:
    """What is listed by month from `start` up to `end`, as the index has it, oldest first; `listed` names the
    list of a brand's month."""
    if keys.moment(start) >= keys.moment(end):
        return
    (first, after), (last, before) = keys.month_and_rest(start), keys.month_and_rest(end)
    for month in _months(start, end):
        values = {
            "month": listed(brand, month),
            "after": after if month == first else _FIRST,
            "before": before if month == last else _LAST,
        }
        yield from store.query(
            "#day = :month AND #day_key BETWEEN :after AND :before", values, index="by_day"
        )


def _months(start: datetime, end: datetime) -> Iterator[str]:
    """`yyyy-mm` of every month, in UTC, that has a moment from `start` up to `end`."""
    month, _ = keys.month_and_rest(start)
    last, _ = keys.month_and_rest(end - timedelta(milliseconds=1))
    while month <= last:
        yield month
        year, number = map(int, month.split("-"))
        month = f"{year + number // 12}-{number % 12 + 1:02}"
