"""Drills, for a week."""

from collections.abc import Callable
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.drill import Drill
from chalicelib.domain.mention import DRILL
from chalicelib.errors import Conflict, NotFound


class Drills:
    """Implements `ports.Drills`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def of(self, brand: str) -> list[Drill]:
        found = map(_read, self._store.query("#pk = :pk", {"pk": keys.drill(brand, "")["pk"]}))
        return sorted(found, key=lambda each: (each.started_at, each.id), reverse=True)

    def get(self, brand: str, id: str) -> Drill:
        item = self._store.get(keys.drill(brand, id))
        if item is None:
            raise NotFound(f"drill {brand}/{id}")
        return _read(item)

    def add(self, drill: Drill, *lines: AuditLine) -> bool:
        try:
            self._store.put_together((_item(drill), ABSENT, {}), *map(put_of, lines))
        except Refused:
            return False
        return True

    def change(self, drill: Drill, *lines: AuditLine) -> None:
        put = (_item(drill), "#rev = :was", {"was": drill.rev - 1})
        try:
            self._store.put_together(put, *map(put_of, lines))
        except Refused:
            raise Conflict(f"drill {drill.brand}/{drill.id} was changed by someone else") from None


def _item(drill: Drill) -> Item:
    return {
        **keys.drill(drill.brand, drill.id),
        "v": keys.VERSION,
        "brand": drill.brand,
        "ttl": keys.ttl(drill.started_at, DRILL),
        "rev": drill.rev,
        "drill": to_text(drill, "brand", "id", "rev"),
    }


def _read(item: Item) -> Drill:
    return from_text(Drill, item["drill"], brand=item["pk"].partition("#")[2], id=item["sk"], rev=item["rev"])
