"""Deliveries: claimed under a lease with an epoch, settled under the same, listed when due and by day."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.shape import dump
from chalicelib.errors import NotFound


class Deliveries:
    """Implements `ports.Deliveries`. New ones are put by `Cases.approve`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: DeliveryKey) -> Delivery:
        item = self._store.get(keys.delivery(key))
        if item is None:
            raise NotFound(f"delivery {key}")
        return from_item(item)

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        held = {"epoch": was.epoch, "state": was.state.value}
        return self._write(claimed, "#epoch = :epoch AND #state = :state", held)

    def settle(self, delivery: Delivery) -> bool:
        return self._write(delivery, "#epoch = :epoch", {"epoch": delivery.epoch})

    def due(self, now: datetime, *, limit: int = 100) -> list[DeliveryKey]:
        items, _ = self._store.page(
            "#work = :due AND #work_key < :until",
            {"due": "due", "until": keys.until(now)},
            index="work",
            Limit=limit,
        )
        return [keys.read_delivery(item) for item in items]

    def day(self, brand: str, day: str, *, limit: int = 50) -> list[Delivery]:
        """Two requests: the index says which, the deliveries themselves are as of now."""
        where = {"day": keys.day_out(brand, day)}
        items, _ = self._store.page("#day = :day", where, index="by_day", ScanIndexForward=False, Limit=limit)
        found = self._store.get_all([{"pk": item["pk"], "sk": item["sk"]} for item in items])
        listed = [item for item in found if item.get("day") == where["day"]]
        return list(map(from_item, sorted(listed, key=lambda item: item["day_key"], reverse=True)))

    def _write(self, delivery: Delivery, condition: str, held: Item) -> bool:
        try:
            self._store.put(to_item(delivery), condition, held)
        except Refused:
            return False
        return True


def to_item(delivery: Delivery) -> Item:
    item: Item = {
        **keys.delivery(delivery.key),
        "v": keys.VERSION,
        "brand": delivery.key.case.brand,
        "ttl": keys.ttl(delivery.approved_at),
        "epoch": delivery.epoch,
        "state": delivery.state.value,
        "delivery": to_text(delivery, "key", "epoch", "state"),
        **keys.delivery_day(delivery.key, delivery.sent_at or delivery.due),
    }
    if look := _look(delivery):
        item["work"] = "due"
        item["work_key"] = f"{keys.moment(look)}#{delivery.key}"
    return item


def from_item(item: Item) -> Delivery:
    key = dump(keys.read_delivery(item))
    return from_text(Delivery, item["delivery"], key=key, epoch=item["epoch"], state=item["state"])


def _look(delivery: Delivery) -> datetime | None:
    """When somebody must look at it next; a claim that is never settled is looked at when it ran out."""
    if delivery.state in (DeliveryState.CONFIRMED, DeliveryState.FAILED):
        return None
    return delivery.lease_until if delivery.state is DeliveryState.CLAIMED else delivery.due
