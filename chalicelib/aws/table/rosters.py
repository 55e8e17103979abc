"""The duty roster: an item a week, and beside the brand which weeks have shifts.

That mark is read along with the brand, so that one without a roster costs no request. What was handed over
at the end of a shift lies beside the week, and changing the week leaves it.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store, Update
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roster import Shift, Week
from chalicelib.domain.shape import dump, load
from chalicelib.errors import Conflict


class Rosters:
    """Implements `ports.Rosters`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def week(self, brand: str, monday: str) -> Week:
        item = self._store.get(keys.week(brand, monday))
        return _read(item) if item else Week(brand=brand, monday=monday)

    def between(self, brand: str, first: str, last: str) -> list[Week]:
        values = {"pk": keys.week(brand, first)["pk"]}
        values |= {"first": keys.week(brand, first)["sk"], "last": keys.week(brand, last)["sk"]}
        return [
            _read(item) for item in self._store.query("#pk = :pk AND #sk BETWEEN :first AND :last", values)
        ]

    def keep(self, week: Week, *lines: AuditLine) -> None:
        begins = datetime.combine(date.fromisoformat(week.monday), time(), UTC)
        values: Item = {
            "v": keys.VERSION,
            "brand": week.brand,
            "ttl": keys.ttl(begins),
            "rev": week.rev,
            "shifts": json.dumps(dump(week.shifts), ensure_ascii=False),
        }
        condition = ABSENT
        if week.rev > 1:
            condition, values["was"] = "#rev = :was", week.rev - 1
        change = "SET #v = :v, #brand = :brand, #ttl = :ttl, #rev = :rev, #shifts = :shifts"
        mark: Item = {"v": keys.VERSION, "brand": week.brand, "one": {week.monday}}
        names = f"SET #v = :v, #brand = :brand {'ADD' if week.shifts else 'DELETE'} #weeks :one"
        updates: list[Update] = [
            (keys.week(week.brand, week.monday), change, values, condition),
            (keys.brand(week.brand, keys.ROSTERED), names, mark, ""),
        ]
        try:
            self._store.put_together(*map(put_of, lines), updates=updates)
        except Refused:
            raise Conflict(f"the week of {week.monday} was changed meanwhile") from None

    def claim_end(self, week: Week, closing: str, now: datetime, until: datetime) -> bool:
        values: Item = {"until": keys.moment(until), "now": keys.moment(now), "closing": closing}
        condition = "attribute_exists(#pk) AND NOT contains(#handed, :closing)"
        condition += " AND (attribute_not_exists(#handing) OR #handing <= :now)"
        try:
            self._store.update(keys.week(week.brand, week.monday), "SET #handing = :until", values, condition)
        except Refused:
            return False
        return True

    def handed(self, week: Week, closing: str) -> None:
        key = keys.week(week.brand, week.monday)
        self._store.update(key, "ADD #handed :one REMOVE #handing", {"one": {closing}})


def _read(item: Item) -> Week:
    return Week(
        brand=item["pk"].partition("#")[2],
        monday=item["sk"].removeprefix(keys.WEEK),
        rev=item["rev"],
        shifts=tuple(load(Shift, each) for each in json.loads(item["shifts"])),
        handed=frozenset(item.get("handed", ())),
    )
