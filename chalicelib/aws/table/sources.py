"""Sources: what was set up, what polling it brought, and the list the tick reads."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import Listed, Source, SourceState
from chalicelib.errors import NotFound


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
        given = {
            "v": keys.VERSION,
            "brand": source.brand,
            "source": to_text(source, "brand", "id", "interval"),
            "interval": source.interval,
            "work": "poll",
            "work_key": f"{source.brand}#{source.id}",
        }
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        key = keys.source(source.brand, source.id)
        if lines:
            self._store.put_together(*map(put_of, lines), updates=[(key, change, given)])
        else:  # half the price of a transaction
            self._store.update(key, change, given)

    def listed(self) -> list[Listed]:
        items = self._store.query("#work = :poll", {"poll": "poll"}, index="work")
        return [_listed(item) for item in items if item["interval"] > 0]

    def of(self, brand: str) -> list[tuple[Source, SourceState]]:
        where = "#work = :poll AND begins_with(#work_key, :brand)"
        listed = self._store.query(where, {"poll": "poll", "brand": f"{brand}#"}, index="work")
        items = self._store.get_all([{"pk": item["pk"], "sk": item["sk"]} for item in listed])
        return sorted(map(_read, items), key=lambda pair: pair[0].id)

    def set_state(self, source: Source, was: SourceState, now: SourceState) -> bool:
        given: Item = {"rev": now.rev, "seen": now.seen, "polled": to_text(now, "rev", "seen", "wait_until")}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        if now.wait_until:
            given["wait_until"] = stamp(now.wait_until)
            change += ", #wait_until = :wait_until"
        else:
            change += " REMOVE #wait_until"
        condition = "attribute_exists(#pk) AND attribute_not_exists(#rev)"
        if was.rev:
            condition = "#rev = :was"
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


def _read(item: Item) -> tuple[Source, SourceState]:
    brand, id = item["pk"].split("#")[1:]
    source = from_text(Source, item["source"], brand=brand, id=id, interval=item["interval"])
    if "rev" not in item:
        return source, SourceState()
    apart = {"rev": item["rev"], "seen": item["seen"], "wait_until": item.get("wait_until")}
    return source, from_text(SourceState, item["polled"], **apart)


def _listed(item: Item) -> Listed:
    brand, id = item["pk"].split("#")[1:]
    wait = item.get("wait_until")
    return Listed(brand, id, item["interval"], keys.read_moment(wait) if wait else None)
