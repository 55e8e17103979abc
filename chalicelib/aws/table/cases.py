"""Cases, their history, and the list of those that wait for us."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.aws.table import deliveries, keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.case_items import from_item, read_done, read_waiting, to_item
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.hooks import puts_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store, Update
from chalicelib.domain.case import Case, CaseEvent, CaseKey, Done, EventKind, Waiting, heard, waiting
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.hook import Call
from chalicelib.domain.logged import of_case
from chalicelib.domain.shape import stamp
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Dossier, Outgoing, Viewer, Waits

if TYPE_CHECKING:  # few Lambdas ask for these
    from chalicelib.domain.mailing import Mailing
    from chalicelib.domain.promise import Promise

_UNCHANGED = "#rev = :was"
COUNTED = 300
"""Of a department's cases that are counted; who has more works on the first."""
SCANNED = 1_000
"""Of a brand's open work that is looked through for some departments' own: what one request brings."""


class Cases:
    """Implements `ports.Cases`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: CaseKey) -> Case:
        item = self._store.get(keys.case(key))
        if item is None or "case" not in item:
            raise NotFound(f"case {key}")
        return from_item(item)

    def find(self, key: CaseKey) -> Case | None:
        item = self._store.get(keys.case(key))
        if item and "root" in item:
            item = self._store.get(keys.case(CaseKey(key.brand, key.platform, item["root"])))
        case = from_item(item) if item and "case" in item else None
        return self.find(case.into) if case and case.into else case

    def thread(self, key: CaseKey) -> CaseKey | None:
        item = self._store.get(keys.case(key))
        if item is None:
            return None
        return CaseKey(key.brand, key.platform, item["root"]) if "root" in item else key

    def open(self, case: Case) -> bool:
        try:
            self._store.put(to_item(case), ABSENT)
        except Refused:
            return False
        return True

    def change(self, case: Case, *events: CaseEvent) -> None:
        was = {"was": case.rev - 1}
        try:
            if events:
                puts: list[Put] = [(to_item(case), _UNCHANGED, was)]
                puts += [put for event in events for put in event_puts(case.key, event)]
                self._store.put_together(*puts)
            else:  # half the price of a transaction
                self._store.put(to_item(case), _UNCHANGED, was)
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def change_together(self, cases: Sequence[Case], lines: Sequence[tuple[CaseKey, CaseEvent]]) -> None:
        puts: list[Put] = [(to_item(case), _UNCHANGED, {"was": case.rev - 1}) for case in cases]
        puts += [put for key, event in lines for put in event_puts(key, event)]
        try:
            self._store.put_together(*puts)
        except Refused:
            raise Conflict("one of these cases was changed by someone else") from None

    def label(self, case: Case, *events: CaseEvent, offered: Sequence[str]) -> None:
        puts: list[Put] = [(to_item(case), _UNCHANGED, {"was": case.rev - 1})]
        puts += [put for event in events for put in event_puts(case.key, event)]
        year = keys.labels(case.key.brand, max(event.at for event in events))
        change = "ADD #labels :new SET #v = :v, #brand = :brand, #ttl = :ttl"
        values = {"new": set(offered), "v": keys.VERSION, "brand": case.key.brand}
        update = (year, change, {**values, "ttl": keys.labels_ttl(year)}, "")
        try:
            self._store.put_together(*puts, updates=[update] if offered else ())
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def ask(self, case: Case, event: CaseEvent, mailings: Sequence[Mailing]) -> None:
        from chalicelib.aws.table.mailings import put_of as mailing_put  # few notes ask

        puts: list[Put] = [(to_item(case), _UNCHANGED, {"was": case.rev - 1}), *event_puts(case.key, event)]
        try:
            self._store.put_together(*puts, *(mailing_put(each, event.at) for each in mailings))
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def approve(
        self, case: Case, delivery: Delivery, event: CaseEvent, promises: Sequence[Promise] = ()
    ) -> None:
        from chalicelib.aws.table import promise_items

        made: list[Put] = [(promise_items.to_item(each), ABSENT, {}) for each in promises]
        try:
            self._store.put_together(
                (to_item(case), _UNCHANGED, {"was": case.rev - 1}),
                (deliveries.to_item(delivery), ABSENT, {}),
                *event_puts(case.key, event),
                *made,
            )
        except Refused:
            raise Conflict(f"case {case.key} was changed by someone else") from None

    def hold_off(self, case: Case, delivery: Delivery, event: CaseEvent, until: datetime) -> None:
        from chalicelib.aws.table import brakes, standing  # few replies are such

        try:
            self._store.put_together(
                (to_item(case), _UNCHANGED, {"was": case.rev - 1}),
                (deliveries.to_item(delivery), ABSENT, {}),
                *event_puts(case.key, event),
                *standing.puts_of(delivery, case.author, until),
                checks=[standing.holds(delivery), brakes.off(case.key.brand)] if delivery.under else [],
            )
        except Refused:
            raise Conflict(f"no holding reply may go to {case.key} now") from None

    def conclude(
        self, case: Case | None, delivery: Delivery, event: CaseEvent, calls: Sequence[Call] = ()
    ) -> None:
        puts: list[Put] = [
            (deliveries.to_item(delivery), "#epoch = :epoch", {"epoch": delivery.epoch}),
            *event_puts(_case_of(delivery.key), event),
            *puts_of(calls),
        ]
        if case:
            puts.append((to_item(case), _UNCHANGED, {"was": case.rev - 1}))
        try:
            self._store.put_together(*puts, updates=_withdrawn(delivery))
        except Refused:
            raise Conflict(f"delivery {delivery.key} or its case was changed by someone else") from None

    def mend(self, was: Delivery, now: Delivery, event: CaseEvent) -> None:
        put = deliveries.to_item(now), deliveries.UNCHANGED, deliveries.as_read(was)
        try:
            self._store.put_together(put, *event_puts(_case_of(now.key), event))
        except Refused:
            raise Conflict(f"delivery {now.key} was changed by someone else") from None

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
        first, *line = event_puts(key, event)
        if line:
            self._store.put_together(first, *line)
        else:
            self._store.put(first[0])

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        found = self.dossier(key)
        return found.events, found.deliveries

    def dossier(self, key: CaseKey) -> Dossier:
        found, joined = self._under(key)
        for part in joined:
            theirs, _ = self._under(part)
            found.events.extend(
                each for each in theirs.events if each.kind not in (EventKind.JOINED, EventKind.PARTED)
            )
            found.deliveries.extend(theirs.deliveries)
            found.promises.extend(theirs.promises)
        order = list(EventKind)
        found.events.sort(key=lambda event: (event.at, order.index(event.kind)))
        found.deliveries.sort(key=lambda delivery: (delivery.approved_at, delivery.key.n))
        said = {each.mention: each for each in reversed(found.events) if each.kind is EventKind.HEARD}
        events = [
            each for each in found.events if each.kind is not EventKind.HEARD or each is said[each.mention]
        ]
        return Dossier(events, found.deliveries, found.promises, found.viewers)

    def viewed(self, key: CaseKey, viewer: Viewer) -> None:
        self._store.put(
            {
                **keys.viewer(key, viewer.id),
                "v": keys.VERSION,
                "brand": key.brand,
                "name": viewer.name,
                "at": stamp(viewer.at),
                "ttl": keys.viewer_ttl(viewer.at),
            }
        )

    def _under(self, key: CaseKey) -> tuple[Dossier, tuple[CaseKey, ...]]:
        """What is kept under one case, in no order, and which ones were merged into it."""
        found = Dossier([], [], [], [])
        joined: tuple[CaseKey, ...] = ()
        for item in self._store.query("#pk = :pk", {"pk": keys.case(key)["pk"]}):
            if "case" in item:
                case = from_item(item)
                joined = case.joined
                if not (case.into and case.thread):  # else it is a line of the other conversation's
                    found.events.append(heard(case))
            elif "event" in item:
                found.events.append(_read_event(item))
            elif "delivery" in item:
                found.deliveries.append(deliveries.from_item(item))
            elif item["sk"].startswith("P#"):
                found.promises.append(_read_promise(item))
            elif item["sk"].startswith("V#"):
                found.viewers.append(
                    Viewer(keys.read_viewer(item), item["name"], datetime.fromisoformat(item["at"]))
                )
        return found, joined

    def find_many(self, keys_: Sequence[CaseKey]) -> dict[CaseKey, Case]:
        found = self._by_key(keys_)
        aliased = {
            key: CaseKey(key.brand, key.platform, item["root"])
            for key, item in found.items()
            if "root" in item
        }
        found |= self._by_key([root for root in aliased.values() if root not in found])
        led = {key: found.get(aliased.get(key, key), {}) for key in keys_}
        cases = {key: from_item(item) for key, item in led.items() if "case" in item}
        merged = {key: case.into for key, case in cases.items() if case.into}
        into = self.find_many(list(merged.values())) if merged else {}
        return {key: into.get(merged[key], case) if key in merged else case for key, case in cases.items()}

    def waits(
        self,
        brand: str,
        departments: Container[str] | None = None,
        *,
        limit: int = 100,
        awake: datetime | None = None,
    ) -> Waits:
        where, values = "#work = :open", {"open": keys.open_work(brand)}
        size = limit if departments is None else SCANNED
        ours: list[Waiting] = []
        held: list[Outgoing] = []
        more: Item | None = None
        asleep = True  # to begin with
        while asleep and len(ours) <= limit:
            items, more = self._store.page(where, values, index="work", start=more, Limit=size)
            cases = [read_waiting(item) for item in items if "listed" in item]
            fit = [each for each in cases if departments is None or each.department in departments]
            ours += [each for each in fit if not (awake and each.asleep(awake))]
            held += [deliveries.read_held(item) for item in items if "listed" not in item]
            asleep = more is not None and awake is not None and any(each.asleep(awake) for each in fit)
            size = SCANNED
        return Waits(tuple(ours[:limit]), tuple(held), more=more is not None or len(ours) > limit)

    def waits_of(self, brand: str, department: str, *, limit: int = 50, awake: datetime) -> Waits:
        where, values = "#day = :day", {"day": keys.department_open(brand, department)}
        found: list[CaseKey] = []
        through, more = 0, None
        while through == 0 or (more and not found):
            items, more = self._store.page(where, values, index="by_day", start=more, Limit=COUNTED)
            found += [keys.read_case(item["pk"]) for item in items if not _sleeps(item, awake)]
            through += 1
        items = self._store.get_all([keys.case(key) for key in found[:limit]])
        cases = [waiting(from_item(item)) for item in items if "work" in item]
        cases = sorted((each for each in cases if not each.asleep(awake)), key=lambda each: each.due)
        return Waits(tuple(cases), (), more=more is not None, count=len(found))

    def all_waiting(self, brand: str, departments: Container[str] | None = None) -> Iterator[Waiting]:
        items = self._store.query("#work = :open", {"open": keys.open_work(brand)}, index="work")
        for case in (read_waiting(item) for item in items if "listed" in item):
            if departments is None or case.department in departments:
                yield case

    def due_between(self, brand: str, after: datetime, until: datetime) -> list[Waiting]:
        where = "#work = :open AND #work_key BETWEEN :after AND :until"
        values = {"open": keys.open_work(brand), "after": keys.until(after), "until": keys.until(until)}
        items = self._store.query(where, values, index="work")
        return [read_waiting(item) for item in items if "listed" in item]

    def done(self, brand: str, month: str, *, limit: int = 50, before: str = "") -> tuple[list[Done], str]:
        day = keys.month_done(brand, month)
        items, last = self._store.page(
            "#day = :day",
            {"day": day},
            index="by_day",
            start=_done_place(brand, day, before) if before else None,
            ScanIndexForward=False,
            Limit=limit,
        )
        return [read_done(item) for item in items], last["day_key"] if last else ""

    def handed(self, brand: str, start: datetime, end: datetime) -> list[tuple[CaseKey, CaseEvent]]:
        listed = deliveries.in_months(self._store, brand, keys.month_handed, start, end)
        items = self._store.get_all([{"pk": each["pk"], "sk": each["sk"]} for each in listed])
        found = [(keys.read_case(item["pk"]), _read_event(item)) for item in items]
        return sorted(found, key=lambda one: (one[1].at, str(one[0])))

    def _by_key(self, keys_: Sequence[CaseKey]) -> dict[CaseKey, Item]:
        items = self._store.get_all([keys.case(key) for key in dict.fromkeys(keys_)])
        return {keys.read_case(item["pk"]): item for item in items}


def _sleeps(item: Item, now: datetime) -> bool:
    """Of an entry of a department's list."""
    return "reason" in item and now < keys.read_moment(item["reason"])


def _done_place(brand: str, day: str, before: str) -> Item:
    """The index's place that `before`, a `day_key`, stands for."""
    _, platform, root = before.split("#", 2)
    return {**keys.case(CaseKey(brand, platform, root)), "day": day, "day_key": before}


def event_puts(key: CaseKey, event: CaseEvent) -> list[Put]:
    """The history's line, and the log's where it is for the log: written in one transaction. A hand-over is
    listed by its month, but for those of a drill."""
    item = {
        **keys.event(event.thread or key, event.at, event.id),
        "v": keys.VERSION,
        "brand": key.brand,
        "ttl": keys.ttl(event.at, key.platform),
        "event": to_text(event, "at", "id", "by_id", "before", "thread"),
    }
    if event.kind is EventKind.HANDED and not key.drill:
        item |= keys.case_handed(key, event.at)
    line = of_case(key, event)
    return [(item, "", {}), *([put_of(line)] if line else [])]


def _withdrawn(delivery: Delivery) -> list[Update]:
    """What becomes of the promises of a reply that did not leave."""
    if not delivery.promises:
        return []
    from chalicelib.aws.table import promise_items

    return promise_items.withdrawn(delivery)


def _read_promise(item: Item) -> Promise:
    from chalicelib.aws.table import promise_items

    return promise_items.from_item(item)


def _case_of(key: DeliveryKey) -> CaseKey:
    if not isinstance(key.owner, CaseKey):
        raise TypeError(f"delivery {key} is of no case")
    return key.owner


def _read_event(item: Item) -> CaseEvent:
    at, id = keys.read_event(item)
    return from_text(CaseEvent, item["event"], at=stamp(at), id=id)
