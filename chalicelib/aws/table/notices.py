"""What was told of at once and who looked; how colleagues want to be told; the habit of each hour.

A notice's outcome lies beside it, in attributes of their own: who opened it and when is set once.
"""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.alerting import Notice, Ways
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.case import NO_WORDS, CaseKey
from chalicelib.domain.hush import Hush, read as read_hush
from chalicelib.domain.mention import DRILL
from chalicelib.domain.shape import stamp
from chalicelib.domain.spike import Counts, Surge, read as read_surge
from chalicelib.errors import Conflict, NotFound

_APART = ("brand", "id", "reached", "opened_by", "opened_by_id", "opened_at", "escalated_at")
_LATE: Item = {"pk": keys.LAST_TICK["pk"], "sk": "late"}


class Notices:
    """Implements `ports.Notices`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def keep(self, notice: Notice) -> None:
        item = {
            **_key(notice),
            "v": keys.VERSION,
            "brand": notice.brand,
            "ttl": keys.ttl(notice.at, DRILL if notice.drill else ""),
            "notice": to_text(notice, *_APART),
        }
        self._store.put(item)

    def reached(self, notice: Notice, ways: Sequence[str], open_by: datetime | None) -> None:
        change = "SET #reached = :ways"
        values: Item = {"ways": list(ways)}
        if open_by:
            change += ", #work = :alert, #work_key = :at"
            values |= {"alert": keys.ALERT, "at": keys.moment(open_by)}
        try:
            self._store.update(_key(notice), change, values, condition="attribute_not_exists(#opened_at)")
        except Refused:  # somebody was quicker than this
            self._store.update(_key(notice), "SET #reached = :ways", {"ways": list(ways)})

    def get(self, brand: str, id: str) -> Notice:
        item = self._store.get(keys.notice(brand, id)) if id[:1].isdigit() else None
        if item is None:
            raise NotFound(f"alert {brand}/{id}")
        return _read(item)

    def newest(self, brand: str, *, limit: int = 50, before: str = "") -> tuple[list[Notice], str]:
        values = {"pk": keys.notice(brand, "")["pk"], "first": "1", "last": before or "9"}
        start = keys.notice(brand, before) if before else None
        items, last = self._store.page(
            "#pk = :pk AND #sk BETWEEN :first AND :last",
            values,
            start=start,
            ScanIndexForward=False,
            Limit=limit,
        )
        return list(map(_read, items)), last["sk"] if last else ""

    def unsay(self, cases: Sequence[CaseKey], since: datetime) -> None:
        values = {**keys.notice(cases[0].brand, f"{since.astimezone(UTC):%Y%m%dT%H%M%S}"), "last": "9"}
        told = map(_read, self._store.query("#pk = :pk AND #sk BETWEEN :sk AND :last", values))
        for notice in [each for each in told if len(each.cases) == 1 and each.cases[0] in cases]:
            without = replace(notice, subject=NO_WORDS, subjects={})
            if without != notice:
                value = {"notice": to_text(without, *_APART)}
                self._store.update(_key(notice), "SET #notice = :notice", value, "attribute_exists(#pk)")

    def opened(self, notice: Notice, by: str, by_id: str, now: datetime) -> bool:
        change = "SET #opened_by = :by, #opened_by_id = :id, #opened_at = :now REMOVE #work, #work_key"
        values = {"by": by, "id": by_id, "now": stamp(now)}
        condition = "attribute_exists(#pk) AND attribute_not_exists(#opened_at)"
        try:
            self._store.update(_key(notice), change, values, condition=condition)
        except Refused:
            return False
        return True

    def claim_unopened(self, brand: str, id: str, now: datetime, *, again: datetime) -> Notice | None:
        values = {"again": keys.moment(again), "until": keys.until(now)}
        try:
            item = self._store.update(
                keys.notice(brand, id),
                "SET #work_key = :again",
                values,
                condition="attribute_exists(#work) AND #work_key < :until",
                returns="ALL_NEW",
            )
        except Refused:
            return None
        return _read(item)

    def settle(self, notice: Notice, escalated_at: datetime | None) -> None:
        change, values = "REMOVE #work, #work_key", {}
        if escalated_at:
            change, values = f"SET #escalated_at = :at {change}", {"at": stamp(escalated_at)}
        self._store.update(_key(notice), change, values, condition="attribute_exists(#pk)")

    def colleagues(self, brand: str) -> list[Ways]:
        where = "#pk = :pk AND begins_with(#sk, :sk)"
        found = map(_read_ways, self._store.query(where, keys.ways(brand, "")))
        return sorted((each for each in found if each), key=lambda each: each.name.casefold())

    def ways(self, brands: Sequence[str], user: str) -> dict[str, Ways]:
        found = map(_read_ways, self._store.get_all([keys.ways(brand, user) for brand in brands]))
        return {each.brand: each for each in found if each}

    def set_ways(self, ways: Ways, *lines: AuditLine) -> None:
        item = {
            **keys.ways(ways.brand, ways.user),
            "v": keys.VERSION,
            "brand": ways.brand,
            "rev": ways.rev,
            "ways": to_text(ways, "brand", "user", "rev"),
        }
        condition, values = ("#rev = :was", {"was": ways.rev - 1}) if ways.rev > 1 else (ABSENT, {})
        try:
            self._store.put_together((item, condition, values), *map(put_of, lines))
        except Refused:
            raise Conflict(f"the ways of {ways.user} were changed meanwhile") from None

    def forget(self, brand: str, user: str) -> None:
        try:
            self._store.update(
                keys.ways(brand, user), "REMOVE #ways ADD #rev :one", {"one": 1}, "attribute_exists(#pk)"
            )
        except Refused:
            return  # there were none

    def habit(self, brand: str) -> tuple[Mapping[datetime, Counts], Surge | None]:
        item = self._store.get(keys.habit(brand))
        if item is None:
            return {}, None
        kept = json.loads(zlib.decompress(item["hours"]))
        hours = {_hour(at): (number, negative) for at, number, negative in kept}
        return hours, read_surge(item["told"]) if "told" in item else None

    def set_habit(self, brand: str, hours: Mapping[datetime, Counts], told: Surge | None) -> None:
        kept = [[int(at.timestamp()) // 3600, *counts] for at, counts in sorted(hours.items())]
        item = {**keys.habit(brand), "v": keys.VERSION, "brand": brand}
        packed = zlib.compress(json.dumps(kept, separators=(",", ":")).encode(), 9)
        self._store.put({**item, "hours": packed, **({"told": str(told)} if told else {})})

    def hushes(self, brand: str) -> tuple[Hush, ...]:
        item = self._store.get(keys.hushes(brand))
        return tuple(map(read_hush, item["told"])) if item else ()

    def set_hushes(self, brand: str, told: Sequence[Hush]) -> None:
        item = {**keys.hushes(brand), "v": keys.VERSION, "brand": brand}
        self._store.put({**item, "told": list(map(str, told))})

    def lapses(self, brand: str) -> tuple[Hush, ...]:
        item = self._store.get(keys.lapses(brand))
        return tuple(map(read_hush, item["told"])) if item else ()

    def set_lapses(self, brand: str, told: Sequence[Hush]) -> None:
        item = {**keys.lapses(brand), "v": keys.VERSION, "brand": brand}
        self._store.put({**item, "told": list(map(str, told))})

    def digested(self, brand: str) -> str:
        item = self._store.get(keys.digest(brand))
        return str(item["day"]) if item else ""

    def set_digested(self, brand: str, day: str) -> None:
        self._store.put({**keys.digest(brand), "v": keys.VERSION, "brand": brand, "day": day})

    def told_until(self) -> datetime | None:
        item = self._store.get(_LATE)
        return keys.read_moment(item["at"]) if item else None

    def set_told_until(self, at: datetime) -> None:
        self._store.put({**_LATE, "v": keys.VERSION, "at": keys.moment(at)})


def _key(notice: Notice) -> Item:
    return keys.notice(notice.brand, notice.id)


def _hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * 3600, UTC)


def _read(item: Item) -> Notice:
    beside = {name: item[name] for name in _APART[2:] if name in item}
    return from_text(Notice, item["notice"], brand=item["pk"].partition("#")[2], id=item["sk"], **beside)


def _read_ways(item: Item) -> Ways | None:
    if "ways" not in item:
        return None
    brand, user = item["pk"].partition("#")[2], item["sk"].removeprefix(keys.WAYS)
    return from_text(Ways, item["ways"], brand=brand, user=user, rev=item["rev"])
