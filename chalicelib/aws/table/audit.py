"""The audit log: lines that are put once and never changed. No role of ours may delete them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Put, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.shape import stamp


class Audit:
    """Implements `ports.Audit`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def note(self, line: AuditLine) -> None:
        item, _, _ = put_of(line)
        self._store.put(item)

    def of_request(self, brand: str, at: datetime, request: str) -> list[AuditLine]:
        first = keys.audit(brand, at, f"{request}.")
        where = "#pk = :pk AND begins_with(#sk, :sk)"
        return [_read(item) for item in self._store.query(where, first)]

    def month(
        self, brand: str, month: str, *, limit: int = 100, before: str = ""
    ) -> tuple[list[AuditLine], str]:
        pk = keys.audit_month(brand, month)
        start = {"pk": pk, "sk": before} if before else None
        items, last = self._store.page(
            "#pk = :pk", {"pk": pk}, start=start, Limit=limit, ScanIndexForward=False
        )
        return [_read(item) for item in items], str(last["sk"]) if last else ""


def put_of(line: AuditLine) -> Put:
    """For the transaction that makes the change. Unconditional: a repeat writes the same line."""
    item = {
        **keys.audit(line.brand, line.at, line.id),
        "v": keys.VERSION,
        "brand": line.brand,
        "line": to_text(line, "brand", "at", "id"),
    }
    return item, "", {}


def _read(item: Item) -> AuditLine:
    at, _, id = item["sk"].partition("#")
    return from_text(AuditLine, item["line"], brand=item["brand"], at=stamp(keys.read_moment(at)), id=id)
