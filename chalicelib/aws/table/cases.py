"""Cases, their history, and the list of those that wait for us."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.aws.table import deliveries, keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.hooks import puts_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.case import Case, CaseEvent, CaseKey, EventKind, heard
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.hook import Call
from chalicelib.domain.logged import of_case
from chalicelib.domain.shape import dump, stamp
from chalicelib.errors import Conflict, NotFound

_UNCHANGED = "#rev = :was"


class Cases:
    """Implements `ports.Cases`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: CaseKey) -> Case:
        item = self._store.get(keys.case(key))
        if item is None or "case" not in item:
            raise NotFound(f"case {key}")
        return _read(item)

    def find(self, key: CaseKey) -> Case | None:
        item = self._store.get(keys.case(key))
        if item and "root" in item:
            item = self._store.get(keys.case(CaseKey(key.brand, key.platform, item["root"])))
        return _read(item) if item and "case" in item else None

    def open(self, case: Case) -> bool:
        try:
            self._store.put(_item(case), ABSENT)
        except Refused:
            return False
        return True

    def change(self, case: Case, *events: CaseEvent) -> None:
        was = {"was": case.rev - 1}
        try:
            if events:
                puts: list[Put] = [(_item(case), _UNCHANGED, was)]
                puts += [put for event in events for put in _event(case.key, event)]
                self._store.put_together(*puts)
            else:  # half the price of a transaction
                self._store.put(_item(case), _UNCHANGED, was)
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def approve(self, case: Case, delivery: Delivery, event: CaseEvent) -> None:
        try:
            self._store.put_together(
                (_item(case), _UNCHANGED, {"was": case.rev - 1}),
                (deliveries.to_item(delivery), ABSENT, {}),
                *_event(case.key, event),
            )
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def conclude(
        self, case: Case | None, delivery: Delivery, event: CaseEvent, calls: Sequence[Call] = ()
    ) -> None:
        puts: list[Put] = [
            (deliveries.to_item(delivery), "#epoch = :epoch", {"epoch": delivery.epoch}),
            *_event(_case_of(delivery.key), event),
            *puts_of(calls),
        ]
        if case:
            puts.append((_item(case), _UNCHANGED, {"was": case.rev - 1}))
        try:
            self._store.put_together(*puts)
        except Refused:
            raise Conflict(f"delivery {delivery.key} or its case was changed by someone else") from None

    def link(self, key: CaseKey, message: str) -> None:
        if message == key.root:
            return
        heard = datetime.fromtimestamp(keys.now(), UTC)
        alias = keys.case(CaseKey(key.brand, key.platform, message))
        item = {**alias, "v": keys.VERSION, "brand": key.brand, "ttl": keys.ttl(heard), "root": key.root}
        try:
            self._store.put(item, ABSENT)
        except Refused:
            return  # noted before, or a case of its own

    def note(self, key: CaseKey, event: CaseEvent) -> None:
        first, *line = _event(key, event)
        if line:
            self._store.put_together(first, *line)
        else:
            self._store.put(first[0])

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        events, sent = [], []
        for item in self._store.query("#pk = :pk", {"pk": keys.case(key)["pk"]}):
            if "case" in item:
                events.append(heard(_read(item)))
            elif "event" in item:
                events.append(_read_event(item))
            elif "delivery" in item:
                sent.append(deliveries.from_item(item))
        order = list(EventKind)
        events.sort(key=lambda event: (event.at, order.index(event.kind)))
        return events, sorted(sent, key=lambda delivery: (delivery.approved_at, delivery.key.n))

    def work(self, brand: str, departments: Sequence[str], *, limit: int = 50) -> list[Case]:
        """A request a department, and one more: the index says which, the cases themselves are as of now."""
        listed = {keys.open_cases(brand, each) for each in departments}
        items = []
        for work in sorted(listed):
            page, _ = self._store.page("#work = :work", {"work": work}, index="work", Limit=limit)
            items += [{"pk": item["pk"], "sk": item["sk"]} for item in page]
        found = self._store.get_all(items)
        cases = [_read(item) for item in found if item.get("work") in listed]
        return sorted(cases, key=lambda case: (case.due, case.key.root))


def _item(case: Case) -> Item:
    item: Item = {
        **keys.case(case.key),
        "v": keys.VERSION,
        "brand": case.key.brand,
        "ttl": keys.ttl(case.received_at),
        "rev": case.rev,
        "case": to_text(case, "key", "rev"),
    }
    if case.state.waits_for_us:
        item["work"] = keys.open_cases(case.key.brand, case.department)
        item["work_key"] = f"{keys.moment(case.due)}#{case.key.root}"
    return item


def _read(item: Item) -> Case:
    return from_text(Case, item["case"], key=dump(keys.read_case(item["pk"])), rev=item["rev"])


def _event(key: CaseKey, event: CaseEvent) -> list[Put]:
    """The history's line, and the log's where it is for the log: written in one transaction."""
    item = {
        **keys.event(key, event.at, event.id),
        "v": keys.VERSION,
        "brand": key.brand,
        "ttl": keys.ttl(event.at),
        "event": to_text(event, "at", "id", "before"),
    }
    line = of_case(key, event)
    return [(item, "", {}), *([put_of(line)] if line else [])]


def _case_of(key: DeliveryKey) -> CaseKey:
    if not isinstance(key.owner, CaseKey):
        raise TypeError(f"delivery {key} is of no case")
    return key.owner


def _read_event(item: Item) -> CaseEvent:
    at, id = keys.read_event(item)
    return from_text(CaseEvent, item["event"], at=stamp(at), id=id)
