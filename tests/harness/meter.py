"""What a run costs, by hooks on the calls really made.

    with Meter() as meter:
        ...
    meter.usd("us-east-1")      # {"write_unit": 0.0019, "sqs_request": ...}

Units are reckoned from the items themselves, as AWS describes it, never taken from an emulator's
ConsumedCapacity (moto's is wrong). What no hook sees is told: `received` and `deleted` by the poller,
`invoked` and `logged` by whoever runs a handler. `units` is by price and cause: every sum can be explained.

* a write costs a unit a KB begun, of the larger of old and new item, refused conditions included; two in a
  transaction; a batch as its parts
* an index costs the same for its entry: once when it comes, goes or changes, twice when its key changes,
  nothing when nothing it shows has changed
* a read costs a unit for 4 KB begun, half where it may lag; nothing found costs as much as the smallest
* SQS: a request for each 64 KB begun; SSM: nothing, but a KMS request to decrypt
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.harness.hooks import hooked
from tests.harness.sizes import Typed, item_bytes
from tests.harness.world import INDEXES, stored

PRICES = Path(__file__).parents[2] / "chalicelib" / "prices.json"
QUEUE_CHUNK = 64 * 1024
KEYS = {"pk", "sk"}

Write = tuple[Typed | None, Callable[[], Typed | None]]
"""The item before, and how to learn what it is after."""


def prices(region: str) -> dict[str, float]:
    """USD a unit, by name, from the dated price file."""
    found: dict[str, float] = json.loads(PRICES.read_text())["regions"][region]
    return found


class Meter:
    """`find(pk, sk)` gives an item as the table holds it; the default looks into moto."""

    def __init__(self, find: Callable[[str, str], Typed | None] = stored) -> None:
        self.units: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._find = find
        self._entered = ExitStack()

    def __enter__(self) -> Self:
        handlers = ("provide-client-params", self._asked), ("after-call", self._answered)
        self._entered.enter_context(hooked(*handlers))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.close()

    # what it came to -----------------------------------------------------------------------------

    def count(self, price: str) -> float:
        """Units of one price, whatever the cause."""
        return sum(number for (name, _), number in self.units.items() if name == price)

    def usd(self, region: str) -> dict[str, float]:
        """By price."""
        of = prices(region)
        return {name: self.count(name) * of[name] for name in sorted({name for name, _ in self.units})}

    def total(self, region: str) -> float:
        return sum(self.usd(region).values())

    # what no hook sees ---------------------------------------------------------------------------

    def received(self, bodies: Iterable[str]) -> None:
        """One receive by Lambda's poller; of nothing, if it came back empty."""
        self._add("sqs_request", "receive", _chunks(bodies))

    def deleted(self) -> None:
        """One batch of at most ten messages, deleted by Lambda's poller."""
        self._add("sqs_request", "delete", 1)

    def invoked(self, name: str, ms: float, memory_mb: int) -> None:
        """Billed by the millisecond, start included."""
        self._add("lambda_request", name, 1)
        self._add("lambda_gb_second", name, memory_mb / 1024 * ceil(ms) / 1000)

    def logged(self, bytes_: int) -> None:
        self._add("log_gb", "log", bytes_ / 1e9)

    # what hooks see ------------------------------------------------------------------------------

    def _asked(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        context["metered"] = params
        if model.service_model.service_name == "dynamodb":
            context["writes"] = [self._write(part) for part in _writes(model.name, params)]

    def _answered(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        params = context.get("metered")
        if params is None:  # asked before this meter was entered
            return
        service = model.service_model.service_name
        self.calls[f"{service}.{model.name}"] += 1
        if service == "dynamodb":
            self._table(model.name, params, parsed, context["writes"])
        elif service == "sqs":
            self._queue(model.name, params)
        elif service == "ssm":
            self._add("parameter_request", model.name, 1)
            held = params.get("WithDecryption") or params.get("Type") == "SecureString"
            if held and "Error" not in parsed:
                self._add("kms_request", model.name, 1)
        elif service == "sesv2" and "Error" not in parsed:
            self._add("mail", "mail", len(params["Destination"]["ToAddresses"]))
        elif service == "s3":
            self._add("s3_get" if model.name.startswith(("Get", "Head")) else "s3_put", model.name, 1)

    def _write(self, part: Mapping[str, Any]) -> Write:
        held = part.get("Key") or part["Item"]
        key = held["pk"]["S"], held["sk"]["S"]
        return self._find(*key), lambda: part.get("Item") or self._find(*key)

    def _table(
        self, operation: str, params: Mapping[str, Any], parsed: Mapping[str, Any], writes: list[Write]
    ) -> None:
        refused = "Error" in parsed
        times = 2 if operation == "TransactWriteItems" else 1
        for before, read_after in writes:
            after = read_after()
            cause = f"{operation} {_kind(after or before)}{' refused' if refused else ''}"
            size = max(item_bytes(item) if item else 0 for item in (before, after))
            self._add("write_unit", cause, times * _units(size, 1024))
            if not refused:
                self._indexes(cause, before, after)
        if operation in ("GetItem", "BatchGetItem", "Query", "Scan") and not refused:
            self._read(operation, params, parsed)

    def _indexes(self, cause: str, before: Typed | None, after: Typed | None) -> None:
        for name, (keys, projected) in INDEXES.items():
            shown = {*KEYS, *keys, *projected}
            old, new = (_entry(item, keys, shown) for item in (before, after))
            if old == new:
                continue
            moved = old and new and any(old[key] != new[key] for key in keys)
            sizes = [item_bytes(entry) for entry in (old, new) if entry]
            units = sum(_units(size, 1024) for size in sizes) if moved else _units(max(sizes), 1024)
            self._add("write_unit", f"{name} {cause}", units)

    def _read(self, operation: str, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
        consistent = params.get("ConsistentRead", False)
        if operation == "GetItem":
            sizes = [item_bytes(parsed["Item"]) if "Item" in parsed else 0]
        elif operation == "BatchGetItem":
            ((table, asked),) = params["RequestItems"].items()
            consistent = asked.get("ConsistentRead", False)
            sizes = [item_bytes(item) for item in parsed["Responses"].get(table, [])]
            sizes += [0] * (len(asked["Keys"]) - len(sizes))
        else:
            sizes = [sum(map(item_bytes, parsed["Items"]))]
        units = sum(_units(size, 4096) for size in sizes) * (1 if consistent else 0.5)
        self._add("read_unit", f"{operation} {params.get('IndexName', '')}".strip(), units)

    def _queue(self, operation: str, params: Mapping[str, Any]) -> None:
        bodies = [entry["MessageBody"] for entry in params.get("Entries", ()) if "MessageBody" in entry]
        if "MessageBody" in params:
            bodies = [params["MessageBody"]]
        self._add("sqs_request", operation, _chunks(bodies))

    def _add(self, price: str, cause: str, number: float) -> None:
        self.units[price, cause] += number


def _writes(operation: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every item a call writes, as what holds its `Item` or `Key`."""
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return [params]
    if operation == "TransactWriteItems":
        return [part for entry in params["TransactItems"] for part in entry.values()]
    if operation == "BatchWriteItem":
        return [
            part for asked in params["RequestItems"].values() for entry in asked for part in entry.values()
        ]
    return []


def _entry(item: Typed | None, keys: tuple[str, str], shown: set[str]) -> Typed | None:
    """What an index holds of an item; None where the item lacks its keys."""
    if item is None or any(key not in item for key in keys):
        return None
    return {name: value for name, value in item.items() if name in shown}


def _kind(item: Typed | None) -> str:
    """The letter an item's pk begins with, and its sk's."""
    if item is None:
        return "-"
    pk, sk = (str(item[name]["S"]).partition("#")[0] for name in ("pk", "sk"))
    return f"{pk}/{sk[:12]}"


def _units(size: int, step: int) -> int:
    return max(1, ceil(size / step))


def _chunks(bodies: Iterable[str]) -> int:
    return _units(sum(len(body.encode()) for body in bodies), QUEUE_CHUNK)
