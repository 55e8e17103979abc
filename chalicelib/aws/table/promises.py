"""Promises that are open, by when they are due, and those that a department is to be reminded of."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.alerts import ringing
from chalicelib.aws.table.cases import event_puts
from chalicelib.aws.table.promise_items import from_item, to_item
from chalicelib.aws.table.store import Refused, Store, Update
from chalicelib.domain.case import CaseEvent
from chalicelib.domain.promise import Promise, PromiseKey, bell
from chalicelib.errors import Conflict, NotFound


class Promises:
    """Implements `ports.Promises`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: PromiseKey) -> Promise:
        item = self._store.get(keys.promise(key))
        if item is None:
            raise NotFound(f"promise {key}")
        return from_item(item)

    def open(self, brand: str, *, limit: int) -> tuple[list[Promise], bool]:
        where, values = "#work = :promised", {"promised": keys.promised(brand)}
        items, more = self._store.page(where, values, index="work", Limit=limit)
        return [from_item(item) for item in items], more is not None

    def change(self, promise: Promise, event: CaseEvent) -> None:
        put = (to_item(promise), "#rev = :was", {"was": promise.rev - 1})
        try:
            self._store.put_together(put, *event_puts(promise.key.case, event))
        except Refused:
            raise Conflict(f"promise {promise.key} was changed by someone else") from None

    def to_remind(self, now: datetime, *, limit: int) -> list[PromiseKey]:
        where = "#day = :remind AND #day_key < :until"
        values = {"remind": keys.REMIND, "until": keys.until(now)}
        items, _ = self._store.page(where, values, index="by_day", Limit=limit)
        return [PromiseKey(*keys.read_promise(item)) for item in items]

    def remind(self, promise: Promise, then: datetime | None, now: datetime) -> bool:
        if promise.remind is None:
            return False
        key, was = promise.key, keys.promise_reminder(promise.key, promise.remind)["day_key"]
        change, values = "REMOVE #day, #day_key", {"was": was}
        if then:
            change, values = (
                "SET #day_key = :then",
                values | {"then": keys.promise_reminder(key, then)["day_key"]},
            )
        moved: Update = (keys.promise(key), change, values, "#day_key = :was")
        try:
            self._store.put_together(
                updates=[moved, ringing(key.case.brand, bell(promise.department), [key.case], now)]
            )
        except Refused:
            return False
        return True
