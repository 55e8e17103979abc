"""How many followed our accounts, and whom we followed, day by day."""

from collections.abc import Callable
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Store
from chalicelib.domain.measuring import Following


class Followings:
    """Implements `ports.Followings`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def put(self, brand: str, following: Following) -> None:
        key = keys.following(brand, following.channel, following.day)
        told = to_text(following, "channel", "day")
        self._store.put({**key, "v": keys.VERSION, "brand": brand, "following": told})

    def of(self, brand: str, channel: str, first: str, last: str) -> list[Following]:
        if first > last:
            return []
        values: Item = {"pk": keys.following(brand, channel, "")["pk"], "first": first, "last": last}
        items = self._store.query("#pk = :pk AND #sk BETWEEN :first AND :last", values)
        return [from_text(Following, item["following"], channel=channel, day=item["sk"]) for item in items]
