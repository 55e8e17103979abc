"""The shelf of platforms: documents by name, under one account."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.audit import AuditLine


class Shelf:
    """Implements `ports.Shelf`. An account is `<brand>.<channel>` or `<platform>.<its name there>`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def put(self, account: str, name: str, document: str, *, until: datetime | None = None) -> bool:
        try:
            self._store.put(_item(account, name, document, until), ABSENT)
        except Refused:
            return False
        return True

    def replace(
        self, account: str, name: str, document: str, *lines: AuditLine, until: datetime | None = None
    ) -> None:
        item = _item(account, name, document, until)
        if lines:
            self._store.put_together((item, "", {}), *map(put_of, lines))
        else:  # half the price of a transaction
            self._store.put(item)

    def get(self, account: str, name: str) -> str | None:
        item = self._store.get(keys.shelf(account, name))
        return str(item["document"]) if item else None

    def all(self, account: str) -> list[tuple[str, str]]:
        items = self._store.query("#pk = :pk", {"pk": keys.shelf(account, "")["pk"]})
        return [(item["sk"], item["document"]) for item in items]


def _item(account: str, name: str, document: str, until: datetime | None) -> keys.Item:
    brand = account.partition(".")[0]
    ends = {"ttl": int(until.timestamp())} if until else {}
    return {**keys.shelf(account, name), "v": keys.VERSION, "brand": brand, "document": document, **ends}
