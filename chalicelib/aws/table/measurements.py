"""What the networks said of our messages, one item a delivery and age."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.aws.table import deliveries, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.measuring import AGES, Measurement
from chalicelib.domain.post import PostKey


class Measurements:
    """Implements `ports.Measurements`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def add(self, delivery: Delivery, measurement: Measurement) -> bool:
        moved = deliveries.to_item(_measured(delivery, measurement.step))
        try:
            self._store.put_together(
                (moved, deliveries.UNCHANGED, deliveries.as_read(delivery)),
                (_item(delivery, measurement), "", {}),
            )
        except Refused:
            return False
        return True

    def skip(self, delivery: Delivery) -> None:
        item = deliveries.to_item(_measured(delivery, len(AGES)))
        try:
            self._store.put(item, deliveries.UNCHANGED, deliveries.as_read(delivery))
        except Refused:
            return  # whoever changed it left it listed, if it still is to be measured

    def of(self, owner: CaseKey | PostKey) -> list[tuple[DeliveryKey, Measurement]]:
        where = "#pk = :pk AND begins_with(#sk, :measurements)"
        items = self._store.query(where, {"pk": keys.under(owner), "measurements": "R#"})
        found = [(keys.read_delivery(item), _read(item)) for item in items]
        return sorted(found, key=lambda pair: (pair[1].at, str(pair[0]), pair[1].step))


def _measured(delivery: Delivery, steps: int) -> Delivery:
    return replace(delivery, measured=steps, epoch=delivery.epoch + 1)


def _item(delivery: Delivery, measurement: Measurement) -> Item:
    item: Item = {
        **keys.measurement(delivery.key, measurement.step),
        "v": keys.VERSION,
        "brand": delivery.key.brand,
        "measurement": to_text(measurement, "step"),
    }
    if isinstance(delivery.key.owner, CaseKey):
        item["ttl"] = keys.ttl(delivery.approved_at)
    return item


def _read(item: Item) -> Measurement:
    return from_text(Measurement, item["measurement"], step=keys.read_step(item))
