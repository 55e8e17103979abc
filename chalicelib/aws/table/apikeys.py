"""API keys; how often each asks in a minute; what it asked to be made and was told, so that asking twice
makes one and tells the same."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.aws.table import audit, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.apikey import ApiKey
from chalicelib.domain.audit import AuditLine
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Asked

ASKED_KEPT = timedelta(days=30)
"""So long a repeat of what a key asked for is known."""
OUTCOME_ROOM = 32_000
"""Bytes, packed, of an answer that is kept for a repeat."""
COUNT_KEPT = timedelta(hours=1)


class ApiKeys:
    """Implements `ports.ApiKeys`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, brand: str, id: str) -> ApiKey:
        item = self._store.get(keys.api_key(brand, id))
        if item is None:
            raise NotFound(f"key {brand}/{id}")
        return _read(item)

    def of(self, brand: str) -> list[ApiKey]:
        items = self._store.query("#pk = :pk", {"pk": keys.api_key(brand, "")["pk"]})
        return sorted(map(_read, items), key=lambda key: (key.made_at, key.id), reverse=True)

    def add(self, key: ApiKey, line: AuditLine) -> bool:
        try:
            self._store.put_together((_item(key), ABSENT, {}), audit.put_of(line))
        except Refused:
            return False
        return True

    def change(self, key: ApiKey, line: AuditLine) -> None:
        try:
            self._store.put_together((_item(key), "#rev = :was", {"was": key.rev - 1}), audit.put_of(line))
        except Refused:
            raise Conflict(f"key {key.brand}/{key.id} was changed by someone else") from None

    def used(self, key: ApiKey, now: datetime) -> None:
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if key.used != day:
            self._store.update(
                keys.api_key(key.brand, key.id), "SET #used = :day", {"day": day}, "attribute_exists(#pk)"
            )

    def count(self, key: ApiKey, now: datetime) -> int:
        given = {"one": 1, "ttl": int((now + COUNT_KEPT).timestamp())}
        minute = keys.api_minute(key.brand, key.id, now)
        found = self._store.update(minute, "ADD #count :one SET #ttl = :ttl", given, returns="UPDATED_NEW")
        return int(found["count"])

    def ask(self, key: ApiKey, token: str, fingerprint: str, now: datetime) -> Asked:
        item: Item = {
            **keys.api_asked(key.brand, key.id, token),
            "v": keys.VERSION,
            "brand": key.brand,
            "ttl": int((now + ASKED_KEPT).timestamp()),
            "asked": fingerprint,
            "at": keys.moment(now),
        }
        nothing = "#refused = :yes AND #asked = :asked AND attribute_not_exists(#outcome)"
        free = f"{ABSENT} OR #ttl <= :now OR ({nothing})"
        try:
            self._store.put(item, free, {"now": int(now.timestamp()), "yes": 1, "asked": fingerprint})
        except Refused:
            kept = self._store.get(keys.api_asked(key.brand, key.id, token)) or item
            told = zlib.decompress(kept["outcome"]).decode() if "outcome" in kept else ""
            at = keys.read_moment(kept["at"])
            return Asked(at=at, fingerprint=kept["asked"], again=True, outcome=told)
        return Asked(at=now, fingerprint=fingerprint, again=False)

    def tell(self, key: ApiKey, token: str, outcome: str) -> None:
        packed = zlib.compress(outcome.encode())
        if len(packed) <= OUTCOME_ROOM:
            self._note(key, token, "SET #outcome = :outcome", {"outcome": packed})

    def refuse(self, key: ApiKey, token: str) -> None:
        self._note(key, token, "SET #refused = :yes", {"yes": 1})

    def _note(self, key: ApiKey, token: str, change: str, values: Item) -> None:
        asked = keys.api_asked(key.brand, key.id, token)
        self._store.update(asked, change, values, "attribute_exists(#pk)")


def _item(key: ApiKey) -> Item:
    item: Item = {
        **keys.api_key(key.brand, key.id),
        "v": keys.VERSION,
        "brand": key.brand,
        "rev": key.rev,
        "key": to_text(key, "brand", "id", "rev", "used"),
    }
    return item | {"used": key.used} if key.used else item


def _read(item: Item) -> ApiKey:
    apart = {"brand": item["brand"], "id": item["sk"], "rev": item["rev"], "used": item.get("used", "")}
    return from_text(ApiKey, item["key"], **apart)
