"""Brands: what a brand is in one item, the head; each watch and channel in an item of its own.

The head names its parts by their keys, and a part that changes gets a new key. So a write lays the new
parts beside the old ones, where nobody looks yet; then one conditional put of the head makes all of it
count at once; then what no head names any more is laid aside. A crash before the head has changed
nothing, and one after it leaves only what is swept up by the next write. Two writers at once: the head's
`rev` lets one through, and the other's parts are named by nobody.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2s
from itertools import islice
from time import monotonic
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store, Update
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Fed
from chalicelib.errors import NotFound, WebspinError

FRESH = 60.0
"""Seconds a brand is remembered by one process."""
TOGETHER = 90
"""Items of one transaction; DynamoDB takes 100."""
TRIES = 5
PARTS = ("B", "W#", "K#", "H#", "D", "D#", "I", "L#", "P", "A#", "R", "X#", "O#")
"""How the sort keys begin of what a brand is read from."""


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
        found, _ = self.latest(brand)
        return found

    def latest(self, brand: str) -> tuple[Brand, int]:
        found, rev = _read(brand, self._items(brand))
        self._known[brand] = (monotonic() + FRESH, found)
        return found, rev

    def put(self, brand: Brand, *lines: AuditLine) -> None:
        for _ in range(TRIES):
            try:
                _, rev = self.latest(brand.id)
            except NotFound:
                rev = -1
            try:
                return self.change(brand, rev, *lines)
            except Refused:
                continue
        raise WebspinError(f"the brand {brand.id} is changed by others all the time")

    def add(self, brand: Brand, *lines: AuditLine) -> None:
        self.change(brand, -1, *lines)

    def change(self, brand: Brand, rev: int, *lines: AuditLine) -> None:
        """`rev` -1: there is none yet."""
        items = self._items(brand.id) if rev >= 0 else {}
        parts = dict(_parts(brand, rev + 1, items))
        puts = [
            (_item(brand.id, sk, {"doc": doc}), "", Item()) for sk, doc in parts.items() if sk not in items
        ]
        for run in _runs(puts):
            self._store.put_together(*run)
        new: list[Update] = [(keys.ALL_BRANDS, "ADD #brands :one", {"one": {brand.id}}, "")]
        head = _head(brand, rev, list(parts))
        from chalicelib.aws.table.audit import put_of  # few Lambdas write a brand

        self._store.put_together(head, *map(put_of, lines), updates=new if rev < 0 else ())
        self._known.pop(brand.id, None)
        self._names = (0.0, ())
        self._lay_aside(brand.id, items, parts)

    def all(self) -> list[Brand]:
        until, names = self._names
        if not names or monotonic() >= until:
            registry = self._store.get(keys.ALL_BRANDS) or {}
            names = tuple(sorted(registry.get("brands", ())))
            self._names = (monotonic() + FRESH, names)
        return [self.get(brand) for brand in names]

    def feed(self, brand: str, fed: Fed) -> None:
        self._store.put(_item(brand, keys.FED, {"fed": to_text(fed)}))
        self._known.pop(brand, None)

    def _items(self, brand: str) -> dict[str, Item]:
        """The head and the parts there are, by their sort key; read again where a part went while we read."""
        found: dict[str, Item] = {}
        for _ in range(TRIES):
            items = self._store.query("#pk = :pk", {"pk": keys.brand(brand)["pk"]})
            found = {item["sk"]: item for item in items if item["sk"][:2] in PARTS}
            if "B" not in found or found.keys() >= set(json.loads(found["B"]["order"])):
                return found
        raise WebspinError(f"a part of the brand {brand} is not there")

    def _lay_aside(self, brand: str, items: dict[str, Item], parts: dict[str, str]) -> None:
        """What was there before and is named no more expires: no role of ours may delete."""
        gone = sorted(sk for sk in items if sk[:2] in ("W#", "K#") and sk not in parts)
        expired = [(_item(brand, sk, {"ttl": int(keys.now())}), "", Item()) for sk in gone]
        for run in _runs(expired):
            self._store.put_together(*run)


def _parts(brand: Brand, rev: int, items: dict[str, Item]) -> Iterator[tuple[str, str]]:
    """Key and document of each part; a part that is as it was keeps its key.

    A key holds `rev`, so that it was never laid aside before, and a digest, so that two writers of the same
    `rev` do not overwrite each other's.
    """
    kept = {(sk.split("#")[0], item["doc"]): sk for sk, item in items.items() if sk in _named(items)}
    for kind, listed in (("W", brand.watches), ("K", brand.channels)):
        for part in listed:
            doc = to_text(part)
            digest = blake2s(doc.encode(), digest_size=6).hexdigest()
            yield kept.get((kind, doc), f"{kind}#{part.id}#{rev}-{digest}"), doc


def _named(items: dict[str, Item]) -> set[str]:
    return set(json.loads(items["B"]["order"])) if "B" in items else set()


def _head(brand: Brand, was: int, order: list[str]) -> Put:
    rest: Item = {
        "rev": was + 1,
        "order": json.dumps(order),
        "doc": to_text(
            brand,
            "id",
            "watches",
            "channels",
            "hooks",
            "lessons",
            "fed",
            "labels",
            "known",
            "standing",
            "rostered",
            "blocks",
            "over",
        ),
    }
    item = _item(brand.id, "B", rest)
    if was < 0:
        return item, ABSENT, {}
    if was == 0:  # kept before there was a rev
        return item, "attribute_exists(#pk) AND (attribute_not_exists(#rev) OR #rev = :was)", {"was": was}
    return item, "#rev = :was", {"was": was}


def _item(brand: str, sk: str, rest: Item) -> Item:
    return {**keys.brand(brand, sk), "v": keys.VERSION, "brand": brand, **rest}


def _runs(puts: Iterable[Put]) -> Iterator[list[Put]]:
    listed = iter(puts)
    while run := list(islice(listed, TOGETHER)):
        yield run


def _read(id: str, items: dict[str, Item]) -> tuple[Brand, int]:
    if "B" not in items:
        raise NotFound(f"brand {id}")
    head = items["B"]
    parts: dict[str, list[Any]] = {"W": [], "K": []}
    for sk in json.loads(head["order"]):
        parts[sk[0]].append(json.loads(items[sk]["doc"]))
    found = from_text(Brand, head["doc"], id=id, watches=parts["W"], channels=parts["K"])
    if hooks := [item for sk, item in items.items() if sk.startswith("H#")]:
        from chalicelib.aws.table.hooks import read

        found = replace(found, hooks=tuple(hook for hook in map(read, hooks) if not hook.removed))
    if keys.FED in items:
        found = replace(found, fed=from_text(Fed, items[keys.FED]["fed"]))
    if used := [item["labels"] for sk, item in items.items() if sk.startswith("L#")]:
        found = replace(found, labels=tuple(sorted(set().union(*used))))
    if signed := [item for sk, item in items.items() if sk.startswith("A#")]:
        from chalicelib.aws.table.standing import read as read_approval

        found = replace(found, standing=tuple(map(read_approval, signed)))
    if keys.LESSONS in items or keys.SAID in items:
        from chalicelib.aws.table.deltas import lessons

        found = replace(found, lessons=lessons(items))
    if keys.KNOWN in items:
        from chalicelib.aws.table.known import known

        found = replace(found, known=known(items[keys.KNOWN]))
    if any(sk[:2] in ("X#", "O#") for sk in items):
        from chalicelib.aws.table.noise import blocks, over

        found = replace(found, blocks=blocks(items.values()), over=over(items.values()))
    if rostered := items.get(keys.ROSTERED):
        found = replace(found, rostered=tuple(sorted(rostered.get("weeks", ()))))
    return found, int(head.get("rev", 0))
