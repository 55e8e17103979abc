"""Sources: what was set up, what polling it brought, and the list the tick reads.

Outages are kept as seconds, in pairs, tally and meter as bytes: a poll that is noted is to cost one write
unit.
"""

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Put, Refused, Store, Update
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.shape import load, stamp
from chalicelib.domain.source import (
    FAULT_DAYS,
    HABIT_DAYS,
    HABIT_HOURS,
    LIMITS,
    Awaited,
    Listed,
    Meter,
    Source,
    SourceState,
)
from chalicelib.errors import NotFound

_PACKED = ("meter", "tally", "tally_day", "hour", "in_hour", "like")
_HOUR = struct.Struct(">II")
UNIT, TRACE = 1024, 12
"""Bytes of a write unit, and of a text that may be bait: as many of these are kept as there is room for."""
_HEAD = struct.Struct(f">3s3sH{len(LIMITS) + 1 + FAULT_DAYS}B")
_DAYS, _HOURS = (HABIT_DAYS + 7) // 8, HABIT_HOURS // 8


class Sources:
    """Implements `ports.Sources`.

    Sources that call us stand in the `poll` index too, with interval 0: a brand's page lists them from there.
    """

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, brand: str, source: str) -> tuple[Source, SourceState]:
        item = self._store.get(keys.source(brand, source))
        if item is None:
            raise NotFound(f"source {brand}/{source}")
        return _read(item)

    def put(self, source: Source, *lines: AuditLine) -> None:
        self._store.put_together(*_logged(lines), updates=[_set_up(source)])

    def add(self, source: Source, *lines: AuditLine) -> None:
        """What is left of one that was removed under this id goes."""
        key, change, given, _ = _set_up(source)
        change += ", #rev, #polled, #seen, #wait_until, #meter, #tally, #came, #awaited"
        given["now"] = int(keys.now())
        absent = "attribute_not_exists(#pk) OR #ttl < :now"
        self._store.put_together(*_logged(lines), updates=[(key, change, given, absent)])

    def change(self, source: Source, was: Source, *lines: AuditLine) -> None:
        key, change, given, _ = _set_up(source)
        given |= {"was": _told(was), "interval_was": _ticks(was)}
        same = "#source = :was AND #interval = :interval_was AND attribute_not_exists(#ttl)"
        if source.place != was.place:
            change += ", #meter"
        self._store.put_together(*_logged(lines), updates=[(key, change, given, same)])

    def remove(self, source: Source, *lines: AuditLine) -> None:
        """It expires, and is in no list from now on: no role of ours may delete."""
        change = "SET #ttl = :now REMOVE #work, #work_key"
        given = {"now": int(keys.now()) - 1, "was": _told(source)}
        gone = (keys.source(source.brand, source.id), change, given, "#source = :was")
        self._store.put_together(*_logged(lines), updates=[gone])

    def listed(self) -> list[Listed]:
        items = self._store.query("#work = :poll", {"poll": "poll"}, index="work")
        return [_listed(item) for item in items if item["interval"] > 0]

    def of(self, brand: str) -> list[tuple[Source, SourceState]]:
        where = "#work = :poll AND begins_with(#work_key, :brand)"
        listed = self._store.query(where, {"poll": "poll", "brand": f"{brand}#"}, index="work")
        items = self._store.get_all([{"pk": item["pk"], "sk": item["sk"]} for item in listed])
        return sorted(map(_read, items), key=lambda pair: pair[0].id)

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        given: Item = {
            "rev": now.rev,
            "seen": now.seen,
            "outages": [int(at.timestamp()) for outage in now.outages for at in (outage.since, outage.until)],
            "polled": to_text(now, "rev", "seen", "wait_until", "outages", "awaited", *_PACKED),
            "tally": _tallied(now),
            "meter": _packed(now.meter) if now.meter else b"",
            "awaited": list(map(str, now.awaited)),
        }
        if now.in_hour or now.like or was.in_hour or was.like:
            given["came"] = _came(now, UNIT - _size(source, given))
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        if now.wait_until:
            given["wait_until"] = stamp(now.wait_until)
            change += ", #wait_until = :wait_until"
        else:
            change += " REMOVE #wait_until"
        condition = "attribute_exists(#pk) AND attribute_not_exists(#ttl) AND attribute_not_exists(#rev)"
        if was.rev:
            condition = "#rev = :was AND attribute_not_exists(#ttl)"
            given["was"] = was.rev
        try:
            self._store.update(keys.source(source.brand, source.id), change, given, condition)
        except Refused:
            return False
        return True

    def last_tick(self) -> datetime | None:
        item = self._store.get(keys.LAST_TICK)
        return keys.read_moment(item["at"]) if item else None

    def set_last_tick(self, at: datetime) -> None:
        """Never moves back: of two ticks at once the later one counts."""
        item = {**keys.LAST_TICK, "v": keys.VERSION, "at": keys.moment(at)}
        try:
            self._store.put(item, "attribute_not_exists(#at) OR #at < :at", {"at": item["at"]})
        except Refused:
            return


def _logged(lines: Sequence[AuditLine]) -> Iterable[Put]:
    from chalicelib.aws.table.audit import put_of  # not where sources are only asked

    return map(put_of, lines)


def _set_up(source: Source) -> Update:
    given: Item = {
        "v": keys.VERSION,
        "brand": source.brand,
        "source": _told(source),
        "interval": _ticks(source),
        "work": "poll",
        "work_key": f"{source.brand}#{source.id}",
    }
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in given) + " REMOVE #ttl"
    return keys.source(source.brand, source.id), change, given, ""


def _told(source: Source) -> str:
    """The interval stands apart, unless the source is paused: then it waits in here."""
    apart = [
        "brand",
        "id",
        *([] if source.paused else ["interval"]),
        *([] if source.resumed else ["resumed"]),
    ]
    return to_text(source, *apart)


def _ticks(source: Source) -> int:
    """As the tick reads it."""
    return 0 if source.paused else source.interval


def _read(item: Item) -> tuple[Source, SourceState]:
    brand, id = item["pk"].split("#")[1:]
    told = json.loads(item["source"])
    apart = {} if told.get("paused") else {"interval": item["interval"]}
    source = load(Source, {**told, "brand": brand, "id": id, **apart})
    if "rev" not in item:
        return source, SourceState()
    moments = [stamp(datetime.fromtimestamp(at, UTC)) for at in item.get("outages", ())]
    apart = {
        "rev": item["rev"],
        "seen": item["seen"],
        "wait_until": item.get("wait_until"),
        "outages": [{"since": a, "until": b} for a, b in zip(moments[::2], moments[1::2], strict=True)],
        **(_untallied(item["tally"]) if item.get("tally") else {}),
        **(_untold(item["came"]) if "came" in item else {}),
        "meter": _unpacked(item["meter"]) if item.get("meter") else None,
    }
    awaited = tuple(map(Awaited.of, item.get("awaited", ())))
    return source, replace(from_text(SourceState, item["polled"], **apart), awaited=awaited)


def _listed(item: Item) -> Listed:
    brand, id = item["pk"].split("#")[1:]
    wait = item.get("wait_until")
    return Listed(brand, id, item["interval"], keys.read_moment(wait) if wait else None)


def _came(state: SourceState, room: int) -> bytes:
    """The hour and its number, then the newest texts that there is room for."""
    head = _HOUR.pack(state.hour, state.in_hour)
    texts = max(0, room - len("came") - len(head)) // TRACE
    return head + (state.like[-texts * TRACE :] if texts else b"")


def _untold(packed: bytes) -> Item:
    hour, number = _HOUR.unpack_from(packed)
    return {"hour": hour, "in_hour": number, "like": packed[_HOUR.size :]}


def _size(source: Source, given: Item) -> int:
    """Of the whole item, at least, as DynamoDB counts it."""
    key, _, told, _ = _set_up(source)
    item = {**key, **told, **given, "wait_until": "2026-11-23T09:12:00Z"}
    return sum(len(name) + _bytes(value) for name, value in item.items())


def _bytes(value: object) -> int:
    if isinstance(value, (bytes, bytearray)):
        return len(value)
    if isinstance(value, list):
        return 3 + 8 * len(value)
    return len(str(value).encode())


def _tallied(state: SourceState) -> bytes:
    """The day's number, then the counts."""
    if not state.tally_day:
        return b""
    day = date.fromisoformat(state.tally_day).toordinal()
    return b"".join(map(_short, (day, *state.tally)))


def _untallied(packed: bytes) -> Item:
    day, *counts = _counts(packed)
    return {"tally_day": date.fromordinal(day).isoformat(), "tally": counts}


def _short(count: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last have the eighth."""
    found = bytearray()
    while count > 0x7F:
        found.append(0x80 | count & 0x7F)
        count >>= 7
    return bytes((*found, count))


def _counts(packed: bytes) -> list[int]:
    found, count, shift = [], 0, 0
    for byte in packed:
        count |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(count)
            count = shift = 0
    return found


def _packed(meter: Meter) -> bytes:
    """The hours come last, without those at their beginning in which nothing came."""
    began, at = (hour.to_bytes(3, "big") for hour in (meter.began, meter.at))
    head = _HEAD.pack(began, at, min(meter.until - meter.at, 0xFFFF), *meter.delays, *meter.faults)
    days, hours = meter.days.to_bytes(_DAYS, "big"), meter.hours.to_bytes(_HOURS, "big")
    return head + days + hours.lstrip(b"\0")


def _unpacked(packed: bytes) -> Item:
    """As `shape.load` takes it."""
    began, at, passed, *counts = _HEAD.unpack_from(packed)
    days, hours = packed[_HEAD.size : _HEAD.size + _DAYS], packed[_HEAD.size + _DAYS :]
    return {
        "began": int.from_bytes(began, "big"),
        "at": int.from_bytes(at, "big"),
        "until": int.from_bytes(at, "big") + passed,
        "days": int.from_bytes(days, "big"),
        "hours": int.from_bytes(hours, "big"),
        "delays": counts[:-FAULT_DAYS],
        "faults": counts[-FAULT_DAYS:],
    }
