"""The brake of each brand, on which every first claim is conditional.

Its item stays when it is off: so nobody needs the right to delete. Whoever pulls or lifts it is in the log,
by the same transaction.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Check, Refused, Store
from chalicelib.domain import audit
from chalicelib.domain.logged import facts
from chalicelib.ports import Brake


class Brakes:
    """Implements `ports.Brakes`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, brand: str) -> Brake | None:
        item = self._store.get(keys.brake(brand))
        return read(item)

    def pull(self, brand: str, by: str, now: datetime, by_id: str = "") -> Brake:
        on = {**_off(brand), "pulled": keys.moment(now), "by": by}
        line = audit.line(brand, now, "pull", "brake.pull", by=by, by_id=by_id)
        try:
            self._store.put_together((on, "attribute_not_exists(#pulled)", {}), put_of(line))
        except Refused:
            return self.get(brand) or _brake(on)
        return _brake(on)

    def lift(self, brand: str, brake: Brake, by: str, now: datetime, by_id: str = "") -> bool:
        pulled = {"pulled": keys.moment(brake.pulled_at)}
        before = facts({"by": brake.by, "when": pulled["pulled"]})
        line = audit.line(brand, now, "lift", "brake.lift", by=by, by_id=by_id, before=before)
        try:
            self._store.put_together((_off(brand), "#pulled = :pulled", pulled), put_of(line))
        except Refused:
            return False
        return True


def off(brand: str) -> Check:
    """That it is."""
    return keys.brake(brand), "attribute_not_exists(#pulled)", {}


def _off(brand: str) -> Item:
    return {**keys.brake(brand), "v": keys.VERSION, "brand": brand}


def read(item: Item | None) -> Brake | None:
    """None while it is off."""
    return _brake(item) if item and "pulled" in item else None


def _brake(item: Item) -> Brake:
    return Brake(keys.read_moment(item["pulled"]), item["by"])
