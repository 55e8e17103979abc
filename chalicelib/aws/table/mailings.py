"""Mails that are still to go out. They wait in the place of the index where alerts do (`alerts.py`): one
question finds both. Of one that went only its mark stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.mailing import Mailing

MARKED = timedelta(days=32)
"""Longer than a program may ask for the same again."""


class Mailings:
    """Implements `ports.Mailings`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def claim(self, brand: str, id: str, now: datetime, *, again: datetime) -> Mailing | None:
        values = {"again": keys.moment(again), "until": keys.until(now)}
        try:
            item = self._store.update(
                keys.mailing(brand, id),
                "SET #work_key = :again",
                values,
                condition="attribute_exists(#work) AND #work_key < :until",
                returns="ALL_NEW",
            )
        except Refused:
            return None
        return from_text(Mailing, item["mailing"], brand=brand, id=id)

    def settle(self, mailing: Mailing) -> None:
        change = "REMOVE #mailing, #work, #work_key"
        try:
            self._store.update(
                keys.mailing(mailing.brand, mailing.id), change, {}, condition="attribute_exists(#pk)"
            )
        except Refused:
            return  # its mark is past


def put_of(mailing: Mailing, at: datetime) -> Put:
    """For the transaction of what it tells of; it may be sent from `at` on."""
    item: Item = {
        **keys.mailing(mailing.brand, mailing.id),
        "v": keys.VERSION,
        "brand": mailing.brand,
        "ttl": int((at + MARKED).timestamp()),
        "mailing": to_text(mailing, "brand", "id"),
        "work": keys.ALERT,
        "work_key": keys.moment(at),
    }
    return item, ABSENT, {}
