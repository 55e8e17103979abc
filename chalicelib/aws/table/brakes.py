"""The brake of each brand, on which every first claim is conditional.

Its item stays when it is off: so nobody needs the right to delete.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.ports import Brake


class Brakes:
    """Implements `ports.Brakes`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, brand: str) -> Brake | None:
        item = self._store.get(keys.brake(brand))
        return read(item)

    def pull(self, brand: str, by: str, now: datetime) -> Brake:
        given: Item = {"v": keys.VERSION, "brand": brand, "pulled": keys.moment(now), "by": by}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        try:
            self._store.update(keys.brake(brand), change, given, condition="attribute_not_exists(#pulled)")
        except Refused as refused:
            return _brake(refused.item or given)
        return _brake(given)

    def lift(self, brand: str, brake: Brake) -> bool:
        pulled = {"pulled": keys.moment(brake.pulled_at)}
        try:
            self._store.update(
                keys.brake(brand), "REMOVE #pulled, #by", pulled, condition="#pulled = :pulled"
            )
        except Refused:
            return False
        return True


def read(item: Item | None) -> Brake | None:
    """None while it is off."""
    return _brake(item) if item and "pulled" in item else None


def _brake(item: Item) -> Brake:
    return Brake(keys.read_moment(item["pulled"]), item["by"])
