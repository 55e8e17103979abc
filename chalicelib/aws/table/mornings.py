"""The morning's lists, one a brand and day."""

from collections.abc import Callable
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.outreach import Deed, DeedState, Handle, Morning
from chalicelib.errors import Conflict


class Mornings:
    """Implements `ports.Mornings`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, brand: str, day: str) -> Morning | None:
        item = self._store.get(keys.morning(brand, day))
        return _read(item) if item else None

    def add(self, morning: Morning) -> bool:
        try:
            self._store.put(_item(morning), ABSENT)
        except Refused:
            return False
        return True

    def change(self, morning: Morning, *lines: AuditLine) -> None:
        try:
            self._store.put_together(*puts_of(morning, *lines))
        except Refused:
            raise Conflict(f"the list of {morning.day} was changed by someone else") from None

    def between(self, brand: str, first: str, last: str) -> list[Morning]:
        if first > last:
            return []
        values: Item = {"pk": keys.morning(brand, "")["pk"], "first": first, "last": last}
        items = self._store.query("#pk = :pk AND #sk BETWEEN :first AND :last", values)
        return list(map(_read, items))

    def followed(self, brand: str) -> set[Handle]:
        values: Item = {"pk": keys.followed(brand, "", "")["pk"]}
        return set(map(keys.read_followed, self._store.query("#pk = :pk", values)))


def puts_of(morning: Morning, *lines: AuditLine) -> list[Put]:
    """The list as `change` writes it, alone or with what belongs to it."""
    put: Put = (_item(morning), "#rev = :was", {"was": morning.rev - 1})
    return [put, *((item, "", {}) for item in _followed(morning)), *map(put_of, lines)]


def _followed(morning: Morning) -> list[Item]:
    """Whom this list had us follow, each for good: the list itself is kept for a year."""
    return [
        {
            **keys.followed(morning.brand, one.platform, one.author),
            "v": keys.VERSION,
            "brand": morning.brand,
            "at": keys.moment(one.at or morning.made_at),
        }
        for one in morning.outreach
        if one.deed is Deed.FOLLOW and one.state is DeedState.DONE
    ]


def _item(morning: Morning) -> Item:
    return {
        **keys.morning(morning.brand, morning.day),
        "v": keys.VERSION,
        "brand": morning.brand,
        "ttl": keys.ttl(morning.made_at),
        "rev": morning.rev,
        "doc": to_text(morning, "brand", "day", "rev"),
    }


def _read(item: Item) -> Morning:
    return from_text(Morning, item["doc"], brand=item["brand"], day=item["sk"], rev=item["rev"])
