"""Refuse what AWS refuses and moto lets through; a test that passes here must not fail there."""

import re
from contextlib import AbstractContextManager
from typing import Any

from botocore.exceptions import ClientError

from tests.harness.hooks import hooked

GET_MOST, WRITE_MOST, TRANSACT_MOST = 100, 25, 100
PARAMETER_BYTES = 4096
QUEUE_BYTES = 1024 * 1024


def guard() -> AbstractContextManager[None]:
    """Stands while the context lasts, on every client of `chalicelib.aws.clients`."""
    return hooked(
        ("provide-client-params.dynamodb", _check_table),
        ("provide-client-params.sqs.SendMessageBatch", _check_queue),
        ("provide-client-params.ssm.PutParameter", _check_parameter),
    )


def _check_table(params: dict[str, Any], model: Any, **_: Any) -> None:
    operation = model.name
    most = {"BatchWriteItem": WRITE_MOST, "BatchGetItem": GET_MOST}.get(operation)
    if most:
        asked = sum(len(_requests(of)) for of in params["RequestItems"].values())
        _require(asked <= most, operation, f"{asked} items, at most {most}")
        _require(asked > 0, operation, "no items")
    if operation == "TransactWriteItems":
        parts = [part for entry in params["TransactItems"] for part in entry.values()]
        _require(len(parts) <= TRANSACT_MOST, operation, f"{len(parts)} items, at most {TRANSACT_MOST}")
        marks = [str(_key(part)) for part in parts]
        _require(len(set(marks)) == len(marks), operation, "two operations on one item")
        for part in parts:
            _check_expressions(operation, part)
    if operation == "Query" and params.get("IndexName"):
        _require(
            not params.get("ConsistentRead"), operation, "consistent reads are not supported on an index"
        )
    _check_expressions(operation, params)


def _requests(of: Any) -> list[Any]:
    return list(of["Keys"] if isinstance(of, dict) else of)


def _key(part: dict[str, Any]) -> Any:
    held = part.get("Key") or part["Item"]
    return held["pk"], held["sk"]


def _check_expressions(operation: str, params: dict[str, Any]) -> None:
    """Every name and value given must be used, and the other way round."""
    text = " ".join(value for name, value in params.items() if name.endswith("Expression"))
    for given, sign in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        used = set(re.findall(rf"{sign}\w+", text))
        odd = used ^ set(params.get(given, {}))
        _require(not odd, operation, f"{given}: {sorted(odd)} unused or not defined")
        _require(params.get(given) != {}, operation, f"{given} must not be empty")


def _check_queue(params: dict[str, Any], **_: Any) -> None:
    total = sum(len(entry["MessageBody"].encode()) for entry in params["Entries"])
    _require(total <= QUEUE_BYTES, "SendMessageBatch", f"{total} bytes")
    _require(all(entry["MessageBody"] for entry in params["Entries"]), "SendMessageBatch", "empty body")


def _check_parameter(params: dict[str, Any], **_: Any) -> None:
    size = len(params["Value"].encode())
    _require(
        size <= PARAMETER_BYTES, "PutParameter", f"{size} bytes, the standard tier takes {PARAMETER_BYTES}"
    )


def _require(holds: bool, operation: str, message: str) -> None:
    if not holds:
        raise ClientError({"Error": {"Code": "ValidationException", "Message": message}}, operation)
