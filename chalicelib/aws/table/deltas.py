"""What corrections taught: a delta a morning, and at the brand which of them judges along.

The lessons lie beside the brand and are read with it, so that nobody asks for them: whether there is
something to learn, and by what a mention is judged. When somebody last corrected is an item of its own: who
corrects and who learns never write over each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.aws.table import audit, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Lessons
from chalicelib.domain.delta import Delta
from chalicelib.errors import Conflict


class Deltas:
    """Implements `ports.Deltas`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)
        self._known: dict[str, tuple[str, Delta | None]] = {}

    def lessons(self, brand: str) -> Lessons:
        values = keys.brand(brand, keys.LESSONS)
        items = self._store.query("#pk = :pk AND begins_with(#sk, :sk)", values)
        return lessons({item["sk"]: item for item in items})

    def add(self, delta: Delta) -> bool:
        item = {
            **keys.delta(delta.brand, delta.version),
            "v": keys.VERSION,
            "brand": delta.brand,
            "ttl": keys.ttl(delta.until),
            "delta": to_text(delta, "brand"),
        }
        try:
            self._store.put(item, ABSENT)
        except Refused:
            return False
        return True

    def get(self, brand: str, version: str) -> Delta | None:
        known, found = self._known.get(brand, ("", None))
        if known != version:
            item = self._store.get(keys.delta(brand, version))
            found = _read(item) if item else None
            self._known[brand] = version, found
        return found

    def newest(self, brand: str, limit: int) -> list[Delta]:
        items, _ = self._store.page(
            "#pk = :pk", {"pk": keys.deltas(brand)}, Limit=limit, ScanIndexForward=False
        )
        return list(map(_read, items))

    def settle(self, brand: str, lessons: Lessons, *lines: AuditLine) -> None:
        item = {
            **keys.brand(brand, keys.LESSONS),
            "v": keys.VERSION,
            "brand": brand,
            "rev": lessons.rev,
            "lessons": to_text(lessons, "rev", "said"),
        }
        condition, values = ("#rev = :was", {"was": lessons.rev - 1}) if lessons.rev > 1 else (ABSENT, {})
        try:
            self._store.put_together((item, condition, values), *map(audit.put_of, lines))
        except Refused:
            raise Conflict(f"what judges along at {brand} was changed by someone else") from None


def lessons(items: Mapping[str, Item]) -> Lessons:
    """Of the items of a brand, by their sort key."""
    item, said = items.get(keys.LESSONS), items.get(keys.SAID)
    found = from_text(Lessons, item["lessons"], rev=item["rev"]) if item else Lessons()
    return replace(found, said=keys.read_moment(said["at"])) if said else found


def said(brand: str, at: datetime) -> Item:
    """That somebody corrected something."""
    return {**keys.brand(brand, keys.SAID), "v": keys.VERSION, "brand": brand, "at": keys.moment(at)}


def _read(item: Item) -> Delta:
    return from_text(Delta, item["delta"], brand=item["brand"])
