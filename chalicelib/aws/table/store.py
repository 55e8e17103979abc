"""One DynamoDB table, as plain values: the calls we make, bounded retries, and refusals as Conflict.

In expressions every attribute is written `#name`, as many of ours are reserved words; the names and
`:values` they use are filled in here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.aws.backoff import attempts
from chalicelib.aws.table.keys import Item, alive
from chalicelib.errors import Conflict, WebspinError

GET_MOST, WRITE_MOST = 100, 25
ABSENT = "attribute_not_exists(#pk)"

Put = tuple[Item, str, Item]
"""Item, condition ("" for none) and the condition's values."""
Check = tuple[Item, str, Item]
"""The key of an item that is not written, the condition on it and the condition's values."""
Update = tuple[Item, str, Item, str]
"""The key of an item, the change, the values of change and condition, and the condition ("" for none)."""

_BUSY = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
}
_BUSY_REASONS = {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Refused(Conflict):
    """A condition did not hold. `item` is what the table holds instead; None if nothing.

    `parts` are those of a transaction whose condition did not hold, as indexes of its puts, updates, checks.
    """

    def __init__(self, item: Item | None = None, parts: Sequence[int] = ()) -> None:
        super().__init__("someone else changed it first")
        self.item = item
        self.parts = parts


class Store:
    """`client` gives the low-level DynamoDB client."""

    def __init__(self, client: Callable[[], Any], table: str) -> None:
        self._client = client
        self.table = table

    def get(self, key: Item) -> Item | None:
        """As it is now; None for what is not there or past its `ttl`."""
        reply = self._call("get_item", TableName=self.table, Key=encode(key), ConsistentRead=True)
        item = decode(reply["Item"]) if "Item" in reply else None
        return item if item and alive(item) else None

    def get_all(self, keys: Sequence[Item]) -> list[Item]:
        """Those there are, in no order."""
        found: list[Item] = []
        for start in range(0, len(keys), GET_MOST):
            asked = {"Keys": [encode(key) for key in keys[start : start + GET_MOST]], "ConsistentRead": True}
            for reply in self._until_done("batch_get_item", asked, "UnprocessedKeys"):
                found += map(decode, reply["Responses"].get(self.table, ()))
        return [item for item in found if alive(item)]

    def query(self, where: str, values: Item, *, index: str = "", **more: Any) -> Iterator[Item]:
        """All pages. Exact as of now on the table itself; an index may lag."""
        start: Item | None = {}
        while start is not None:
            items, start = self.page(where, values, index=index, start=start, **more)
            yield from items

    def page(
        self, where: str, values: Item, *, index: str = "", start: Item | None = None, **more: Any
    ) -> tuple[list[Item], Item | None]:
        """One page, without what is past its `ttl`, and the key to go on from (None at the end)."""
        items, last, _ = self.begun(where, values, index=index, start=start, **more)
        return list(items), last

    def begun(
        self, where: str, values: Item, *, index: str = "", start: Item | None = None, **more: Any
    ) -> tuple[Iterator[Item], Item | None, int]:
        """As `page`, its items read as they are asked for; and how many the table looked through for them."""
        call: dict[str, Any] = {"TableName": self.table, "KeyConditionExpression": where, **more}
        call |= {"IndexName": index} if index else {"ConsistentRead": True}
        if start:
            call["ExclusiveStartKey"] = encode(start)
        reply = self._call("query", **_filled(call, values))
        last = reply.get("LastEvaluatedKey")
        items = (item for item in map(decode, reply["Items"]) if alive(item))
        return items, decode(last) if last else None, reply.get("ScannedCount", 0)

    def put(self, item: Item, condition: str = "", values: Item | None = None) -> None:
        """Raises Refused."""
        self._call("put_item", **self._put(item, condition, values))

    def update(
        self,
        key: Item,
        change: str,
        values: Item,
        condition: str = "",
        returns: str = "NONE",
        names: Mapping[str, str] | None = None,
    ) -> Item:
        """What `returns` asks for. `names`: attributes that are called something else in the expressions.
        Raises Refused, with the item as it stands."""
        call = {
            "TableName": self.table,
            "Key": encode(key),
            "UpdateExpression": change,
            "ReturnValues": returns,
        }
        if condition:
            call |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        return decode(self._call("update_item", **_filled(call, values, names)).get("Attributes", {}))

    def put_together(
        self,
        *puts: Put,
        checks: Sequence[Check] = (),
        updates: Sequence[Update] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        """All or nothing, and only if the checks hold too. `names`, as of `update`, are the updates'. Raises
        Refused, with the parts that did not: puts, then updates, then checks."""
        parts = [{"Put": self._put(*put)} for put in puts]
        for key, change, values, condition in updates:
            call = {"TableName": self.table, "Key": encode(key), "UpdateExpression": change}
            call |= {"ConditionExpression": condition} if condition else {}
            parts.append({"Update": _filled(call, values, names)})
        for key, condition, values in checks:
            check = {"TableName": self.table, "Key": encode(key), "ConditionExpression": condition}
            parts.append({"ConditionCheck": _filled(check, values)})
        self._call("transact_write_items", TransactItems=parts)

    def write_all(self, puts: Iterable[Item] = (), deletes: Iterable[Item] = ()) -> None:
        """Without conditions and not all at once: for what may be written twice."""
        asked = [{"PutRequest": {"Item": encode(item)}} for item in puts]
        asked += [{"DeleteRequest": {"Key": encode(key)}} for key in deletes]
        for start in range(0, len(asked), WRITE_MOST):
            chunk = asked[start : start + WRITE_MOST]
            for _ in self._until_done("batch_write_item", chunk, "UnprocessedItems"):
                pass

    def _put(self, item: Item, condition: str = "", values: Item | None = None) -> dict[str, Any]:
        call: dict[str, Any] = {"TableName": self.table, "Item": encode(item)}
        if condition:
            call["ConditionExpression"] = condition
        return _filled(call, values or {})

    def _until_done(self, operation: str, asked: Any, left: str) -> Iterator[Any]:
        """Ask again for what DynamoDB left undone, which it says in an answer that looks like success."""
        for _ in attempts():
            reply = self._call(operation, RequestItems={self.table: asked})
            yield reply
            asked = reply.get(left, {}).get(self.table)
            if not asked:
                return
        raise WebspinError(f"the table is too busy: {operation} is not done after several tries")

    def _call(self, operation: str, **params: Any) -> Any:
        from botocore.exceptions import ClientError

        call = getattr(self._client(), operation)
        for _ in attempts():
            try:
                return call(**params)
            except ClientError as error:
                if not _may_pass(error.response):
                    raise
                busy = error
        raise busy


def _may_pass(reply: Mapping[str, Any]) -> bool:
    """May the same call succeed in a moment? Raises Refused where a condition did not hold."""
    code = reply["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        raise Refused(decode(reply["Item"]) if "Item" in reply else None)
    if code != "TransactionCanceledException":
        return code in _BUSY
    reasons = [reason["Code"] for reason in reply.get("CancellationReasons", ())]
    if refused := [part for part, code in enumerate(reasons) if code == "ConditionalCheckFailed"]:
        raise Refused(parts=refused)
    return bool(reasons) and _BUSY_REASONS.issuperset(reasons)


def _filled(call: dict[str, Any], values: Item, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Add the names and values that the expressions of a call use."""
    expressions = " ".join(text for name, text in call.items() if name.endswith("Expression"))
    if used := set(re.findall(r"#(\w+)", expressions)):
        called = names or {}
        call["ExpressionAttributeNames"] = {f"#{name}": called.get(name, name) for name in sorted(used)}
    if values:
        call["ExpressionAttributeValues"] = {f":{name}": _typed(value) for name, value in values.items()}
    return call


def encode(item: Item) -> dict[str, Any]:
    return {name: _typed(value) for name, value in item.items()}


def decode(item: Mapping[str, Any]) -> Item:
    return {name: _plain(value) for name, value in item.items()}


def _typed(value: Any) -> dict[str, Any]:
    match value:
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case set() | frozenset():
            return {"SS": sorted(value)}
        case list() | tuple():
            return {"L": [_typed(part) for part in value]}
    raise TypeError(f"no attribute can hold a {type(value).__name__}")


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, held),) = value.items()
    match kind:
        case "N":
            return int(held)
        case "SS":
            return set(held)
        case "L":
            return [_plain(part) for part in held]
    return held
