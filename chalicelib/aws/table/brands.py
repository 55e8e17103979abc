"""Brands: what a brand is in one item, each watch and channel in an item of its own."""

import json
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.hooks import read as read_hook
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.errors import NotFound

FRESH = 60.0
"""Seconds a brand is remembered by one process."""


class Brands:
    """Implements `ports.Brands`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)
        self._known: dict[str, tuple[float, Brand]] = {}
        self._names: tuple[float, tuple[str, ...]] = (0.0, ())

    def get(self, brand: str) -> Brand:
        until, known = self._known.get(brand, (0.0, None))
        if known and monotonic() < until:
            return known
        found = _read(brand, self._items(brand))
        self._known[brand] = (monotonic() + FRESH, found)
        return found

    def put(self, brand: Brand, *lines: AuditLine) -> None:
        """The log first, as it is too much for one transaction; then the parts, what names them, and parts no
        longer named: readers see whole brands."""
        for item, _, _ in map(put_of, lines):
            self._store.put(item)
        old = {item["sk"] for item in self._items(brand.id)}
        parts: dict[str, Any] = {f"W#{watch.id}": watch for watch in brand.watches}
        parts |= {f"K#{channel.id}": channel for channel in brand.channels}
        head = {"order": json.dumps(list(parts)), "doc": to_text(brand, "id", "watches", "channels", "hooks")}
        self._store.write_all(_item(brand.id, sk, {"doc": to_text(part)}) for sk, part in parts.items())
        self._store.put(_item(brand.id, "B", head))
        self._store.update(keys.ALL_BRANDS, "ADD #brands :one", {"one": {brand.id}})
        gone = sorted(sk for sk in old - parts.keys() if sk[:2] in ("W#", "K#"))
        self._store.write_all(deletes=[keys.brand(brand.id, sk) for sk in gone])
        self._known.pop(brand.id, None)
        self._names = (0.0, ())

    def all(self) -> list[Brand]:
        until, names = self._names
        if not names or monotonic() >= until:
            registry = self._store.get(keys.ALL_BRANDS) or {}
            names = tuple(sorted(registry.get("brands", ())))
            self._names = (monotonic() + FRESH, names)
        return [self.get(brand) for brand in names]

    def _items(self, brand: str) -> list[Item]:
        return list(self._store.query("#pk = :pk", {"pk": keys.brand(brand)["pk"]}))


def _item(brand: str, sk: str, rest: Item) -> Item:
    return {**keys.brand(brand, sk), "v": keys.VERSION, "brand": brand, **rest}


def _read(id: str, items: list[Item]) -> Brand:
    by_sk = {item["sk"]: item for item in items}
    if "B" not in by_sk:
        raise NotFound(f"brand {id}")
    parts: dict[str, list[Any]] = {"W": [], "K": []}
    for sk in json.loads(by_sk["B"]["order"]):
        if sk in by_sk:
            parts[sk[0]].append(json.loads(by_sk[sk]["doc"]))
    brand = from_text(Brand, by_sk["B"]["doc"], id=id, watches=parts["W"], channels=parts["K"])
    kept = (read_hook(item) for sk, item in by_sk.items() if sk.startswith("H#"))
    return replace(brand, hooks=tuple(hook for hook in kept if not hook.removed))
