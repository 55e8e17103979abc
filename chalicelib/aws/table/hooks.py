"""Webhooks out: the addresses with their brand, and their calls, which are log and queue in one.

A call that waits stands in the index of work under its next try; so a brand without an address costs nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.hook import KEPT, Call, Hook
from chalicelib.domain.shape import stamp
from chalicelib.errors import Conflict, NotFound

LOOKED_THROUGH = 5_000
"""Entries of the index, each some 150 bytes."""
_APART = ("brand", "hook", "at", "id", "body", "next_at")


class Hooks:
    """Implements `ports.Hooks`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def of(self, brand: str) -> list[Hook]:
        where = "#pk = :pk AND begins_with(#sk, :hooks)"
        items = self._store.query(where, {"pk": keys.brand(brand)["pk"], "hooks": "H#"})
        return [hook for hook in map(read, items) if not hook.removed]

    def get(self, brand: str, id: str) -> Hook:
        item = self._store.get(keys.brand(brand, f"H#{id}"))
        if item is None or (hook := read(item)).removed:
            raise NotFound(f"webhook {brand}/{id}")
        return hook

    def add(self, hook: Hook, *lines: AuditLine) -> bool:
        try:
            self._store.put_together((_item(hook), ABSENT, {}), *map(put_of, lines))
        except Refused:
            return False
        return True

    def change(self, was: Hook, now: Hook, *lines: AuditLine) -> None:
        put: Put = (_item(now), "#hook = :was", {"was": to_text(was, "brand", "id")})
        try:
            self._store.put_together(put, *map(put_of, lines))
        except Refused:
            raise Conflict(f"webhook {was.brand}/{was.id} was changed by someone else") from None

    def lease(self, hook: Hook, now: datetime, until: datetime) -> bool:
        key = keys.calls(hook.brand, hook.id)
        moments = {
            "now": keys.moment(now),
            "until": keys.moment(until),
            "v": keys.VERSION,
            "brand": hook.brand,
        }
        try:
            self._store.update(
                {"pk": key, "sk": keys.LEASE},
                "SET #until = :until, #v = :v, #brand = :brand",
                moments,
                condition="attribute_not_exists(#until) OR #until <= :now",
            )
        except Refused:
            return False
        return True

    def free(self, hook: Hook) -> None:
        self._store.update({"pk": keys.calls(hook.brand, hook.id), "sk": keys.LEASE}, "REMOVE #until", {})

    # calls ---------------------------------------------------------------------------------------

    def queue(self, calls: Iterable[Call]) -> None:
        self._store.write_all(map(_call_item, calls))

    def settle(self, call: Call) -> None:
        self._store.put(_call_item(call))

    def waiting(self, now: datetime) -> bool:
        page, _ = self._store.page(_DUE, _due(now), index="work", Limit=1)
        return bool(page)

    def due(self, now: datetime, *, limit: int) -> list[Call]:
        """The index is looked through further than `limit`: who waits for long stands in nobody's way."""
        each: Counter[str] = Counter()
        named = []
        for item in islice(self._store.query(_DUE, _due(now), index="work"), LOOKED_THROUGH):
            each[item["pk"]] += 1
            if each[item["pk"]] <= limit:
                named.append({"pk": item["pk"], "sk": item["sk"]})
        found = self._store.get_all(named)
        calls = [_read_call(item) for item in found]
        return sorted((call for call in calls if call.next_at), key=lambda call: (call.at, call.id))

    def log(self, brand: str, hook: str, *, limit: int = 50, before: str = "") -> tuple[list[Call], str]:
        pk = keys.calls(brand, hook)
        values = {"pk": pk, "calls": keys.FIRST_CALL, "last": keys.LAST_CALL}
        start = {"pk": pk, "sk": before} if before else None
        items, last = self._store.page(
            "#pk = :pk AND #sk BETWEEN :calls AND :last",
            values,
            start=start,
            Limit=limit,
            ScanIndexForward=False,
        )
        return [_read_call(item) for item in items], str(last["sk"]) if last else ""

    def call(self, brand: str, hook: str, at: datetime, id: str) -> Call:
        item = self._store.get(keys.call(brand, hook, at, id))
        if item is None:
            raise NotFound(f"call {id} of webhook {brand}/{hook}")
        return _read_call(item)


_DUE = "#work = :hook AND #work_key < :until"


def _due(now: datetime) -> Item:
    return {"hook": "hook", "until": keys.until(now)}


def puts_of(calls: Sequence[Call]) -> list[Put]:
    """For the transaction that makes what they tell."""
    return [(_call_item(call), "", {}) for call in calls]


def _item(hook: Hook) -> Item:
    key = keys.brand(hook.brand, f"H#{hook.id}")
    return {**key, "v": keys.VERSION, "brand": hook.brand, "hook": to_text(hook, "brand", "id")}


def read(item: Item) -> Hook:
    return from_text(Hook, item["hook"], brand=item["brand"], id=item["sk"].partition("#")[2])


def _call_item(call: Call) -> Item:
    item: Item = {
        **keys.call(call.brand, call.hook, call.at, call.id),
        "v": keys.VERSION,
        "brand": call.brand,
        "ttl": int((call.at + KEPT).timestamp()),
        "body": call.body,
        "call": to_text(call, *_APART),
    }
    if call.next_at:
        item["work"], item["work_key"] = "hook", f"{keys.moment(call.next_at)}#{call.hook}"
    return item


def _read_call(item: Item) -> Call:
    hook, at, id = keys.read_call(item)
    next_at = stamp(keys.read_work(item)) if "work_key" in item else None
    return from_text(
        Call,
        item["call"],
        brand=item["brand"],
        hook=hook,
        at=stamp(at),
        id=id,
        body=item["body"],
        next_at=next_at,
    )
