"""A brand's books: one item a month, so that one conditional write sees every budget at once.

Its attributes: `c/kind/platform/source/watch/department` a line, `t/scope` a total with what is held,
`h/source` what is held for a request, `on/scope` who let a budget go on, `told` what was told of. All numbers
are whole micro-dollars. Nobody writes here for what costs nothing.

A request is written twice: what it can cost at most is held before it, and becomes what it cost after it.
Each is one write, on the condition that the other did not happen; so a repeat by the SDK changes nothing, and
of two workers at one source the second is told that the first is there. What was held by a worker that died
stays: the next one at this source books it as lost.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store, Update
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.ledger import Book, Entry, Hold, Payer, scopes

_LINE, _TOTAL, _HOLD, _ON = "c/", "t/", "h/", "on/"


class Ledger:
    """Implements `ports.Ledger`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def book(self, brand: str, month: str) -> Book:
        return _read(month, self._store.get(keys.book(brand, month)) or {})

    def books(self, brand: str, months: list[str]) -> list[Book]:
        found = {
            item["sk"]: item for item in self._store.get_all([keys.book(brand, each) for each in months])
        }
        return [_read(month, found.get(month, {})) for month in months]

    def reserve(self, brand: str, book: Book, hold: Hold, limits: Mapping[str, int]) -> bool:
        was = book.holds.get(hold.source)
        sums: defaultdict[str, int] = defaultdict(int)
        for scope in hold.scopes:
            sums[_TOTAL + scope] += hold.amount
        if was:
            sums[_line(was.lost)] += was.amount
        write = _Write()
        held = write.name(_HOLD + hold.source)
        change = f"SET #v = :v, #brand = :brand, {held} = :hold ADD {write.adds(sums)}"
        conditions = [f"{held} = :was" if was else f"attribute_not_exists({held})"]
        values: Item = {"v": keys.VERSION, "brand": brand, "hold": _told(hold)}
        if was:
            values["was"] = _told(was)
        for scope in hold.scopes:
            if scope in limits and scope not in book.gone_on:
                total, room = write.name(_TOTAL + scope), f"room{len(values)}"
                values[room] = limits[scope] - hold.amount
                conditions.append(f"(attribute_not_exists({total}) OR {total} <= :{room})")
        key = keys.book(brand, book.month)
        try:
            self._store.update(
                key, change, {**values, **write.values}, " AND ".join(conditions), names=write.names
            )
        except Refused as refused:
            return bool((refused.item or {}).get(_HOLD + hold.source) == values["hold"])
        return True

    def settle(self, brand: str, month: str, hold: Hold, lines: Mapping[Entry, int]) -> Book:
        sums: defaultdict[str, int] = defaultdict(int)
        for scope in hold.scopes:
            sums[_TOTAL + scope] -= hold.amount
        _book(sums, lines)
        write = _Write()
        held = write.name(_HOLD + hold.source)
        changed = {name: amount for name, amount in sums.items() if amount}
        change = f"REMOVE {held}" + (f" ADD {write.adds(changed)}" if changed else "")
        values = {"hold": _told(hold), **write.values}
        try:
            after = self._store.update(
                keys.book(brand, month), change, values, f"{held} = :hold", "ALL_NEW", write.names
            )
        except Refused as refused:  # written before, or booked as lost by who came after us
            after = refused.item or {}
        return _read(month, after)

    def tell(self, brand: str, month: str, marks: list[str]) -> None:
        self._store.update(keys.book(brand, month), "ADD #told :marks", {"marks": set(marks)})

    def let_go_on(self, brand: str, month: str, scope: str, by: str, *lines: AuditLine) -> None:
        on = f"{_ON}{scope}"
        write = _Write()
        change = f"SET #v = :v, #brand = :brand, {write.name(on)} = :by"
        values = {"v": keys.VERSION, "brand": brand, "by": by}
        update: Update = (keys.book(brand, month), change, values, "")
        self._store.put_together(*map(put_of, lines), updates=[update], names=write.names)


@dataclass
class _Write:
    """Short names for long ones: an expression has room for 4 KB."""

    names: dict[str, str] = field(default_factory=dict)
    values: Item = field(default_factory=dict)

    def name(self, attribute: str) -> str:
        known = next((short for short, name in self.names.items() if name == attribute), "")
        short = known or f"n{len(self.names)}"
        self.names[short] = attribute
        return f"#{short}"

    def adds(self, sums: Mapping[str, int]) -> str:
        parts = []
        for attribute, amount in sums.items():
            name = self.name(attribute)
            self.values[f"a{name[1:]}"] = amount
            parts.append(f"{name} :a{name[1:]}")
        return ", ".join(parts)


def _book(sums: "defaultdict[str, int]", lines: Mapping[Entry, int]) -> None:
    for entry, amount in lines.items():
        sums[_line(entry)] += amount
        for scope in scopes(Payer(entry.watch, entry.department)):
            sums[_TOTAL + scope] += amount


def _line(entry: Entry) -> str:
    return _LINE + "/".join(entry)


def _told(hold: Hold) -> list[Any]:
    return [hold.amount, hold.until, hold.token, hold.platform, *hold.payer]


def _read(month: str, item: Item) -> Book:
    def under(prefix: str) -> dict[str, Any]:
        return {name[len(prefix) :]: item[name] for name in item if name.startswith(prefix)}

    return Book(
        month=month,
        lines={Entry(*name.split("/")): amount for name, amount in under(_LINE).items() if amount},
        holds={source: _hold(source, *told) for source, told in under(_HOLD).items()},
        totals=under(_TOTAL),
        gone_on=under(_ON),
        told=frozenset(item.get("told", ())),
    )


def _hold(
    source: str, amount: int, until: int, token: str, platform: str, watch: str, department: str
) -> Hold:
    return Hold(
        source=source,
        platform=platform,
        payer=Payer(watch, department),
        amount=amount,
        until=until,
        token=token,
    )
