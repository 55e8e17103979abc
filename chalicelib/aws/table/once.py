"""What may happen once: a step of signing in, a code, a decision that two must not take at a time.

Each is a mark that nobody can guess from another, and is forgotten when its time is over.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store

OPEN, SPENT = "open", "spent"


class Once:
    """Implements `ports.Once`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def offer(self, mark: str, until: datetime) -> None:
        self._store.put(_item(mark, OPEN, until))

    def is_open(self, mark: str, now: datetime) -> bool:
        item = self._store.get(keys.once(mark))
        return item is not None and item["state"] == OPEN and item["ttl"] > now.timestamp()

    def spend(self, mark: str, now: datetime) -> bool:
        values: Item = {"open": OPEN, "spent": SPENT, "now": int(now.timestamp())}
        try:
            self._store.update(
                keys.once(mark), "SET #state = :spent", values, "#state = :open AND #ttl > :now"
            )
        except Refused:
            return False
        return True

    def first(self, mark: str, now: datetime, until: datetime) -> bool:
        values: Item = {"now": int(now.timestamp())}
        condition = "attribute_not_exists(#pk) OR #ttl <= :now"
        try:
            self._store.put(_item(mark, SPENT, until), condition, values)
        except Refused:
            return False
        return True


def _item(mark: str, state: str, until: datetime) -> Item:
    return {**keys.once(mark), "v": keys.VERSION, "state": state, "ttl": int(until.timestamp())}
