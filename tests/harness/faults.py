"""Faults that AWS makes and moto does not: throttles, conflicts, and batches done by half.

with refusing("PutItem", "ThrottlingException", times=2) as seen:
    ...
assert seen.times == 3
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.harness.hooks import hooked


@dataclass
class Seen:
    """How often the operation was called."""

    times: int = 0


@contextmanager
def refusing(operation: str, code: str, *, times: int, reasons: tuple[str, ...] = ()) -> Iterator[Seen]:
    """The first `times` calls are refused with `code` and do nothing; `reasons` are a transaction's.

    It stands above the SDK's own retries, so that ours are seen alone.
    """
    seen = Seen()

    def answer(model: Any, **_: Any) -> Any:
        if model.name != operation:
            return None
        seen.times += 1
        if seen.times > times:
            return None
        parsed: dict[str, Any] = {
            "Error": {"Code": code, "Message": "made by a test"},
            "ResponseMetadata": {"HTTPStatusCode": 400, "RetryAttempts": 0},
        }
        if reasons:
            parsed["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        return _Http(400), parsed

    with hooked(("before-call", answer)):
        yield seen


@contextmanager
def half_done(operation: str, *, times: int) -> Iterator[Seen]:
    """The first `times` calls of BatchGetItem or BatchWriteItem do the first half of what they were asked
    (of one: nothing is left undone), and hand back the rest as unprocessed."""
    seen = Seen()

    def cut(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> Any:
        if model.name != operation:
            return None
        seen.times += 1
        if seen.times > times:
            return None
        ((table, asked),) = params["RequestItems"].items()
        done, context["left_undone"] = _halves(table, asked)
        return {**params, "RequestItems": done}

    def hand_back(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if left := context.get("left_undone"):
            parsed["UnprocessedKeys" if operation == "BatchGetItem" else "UnprocessedItems"] = left

    with hooked(("provide-client-params", cut), ("after-call", hand_back)):
        yield seen


def _halves(table: str, asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    if isinstance(asked, dict):
        cut = (len(asked["Keys"]) + 1) // 2
        first, rest = asked["Keys"][:cut], asked["Keys"][cut:]
        return {table: {**asked, "Keys": first}}, {table: {**asked, "Keys": rest}} if rest else {}
    cut = (len(asked) + 1) // 2
    return {table: asked[:cut]}, {table: asked[cut:]} if asked[cut:] else {}


@contextmanager
def kept_out(*, times: int, sender_fault: bool = False) -> Iterator[Seen]:
    """The first `times` calls of SendMessageBatch keep every second message out."""
    seen = Seen()

    def cut(params: dict[str, Any], context: dict[str, Any], **_: Any) -> Any:
        seen.times += 1
        if seen.times > times:
            return None
        entries = params["Entries"]
        context["kept_out"] = [entry["Id"] for entry in entries[::2]]
        # SQS takes no empty batch: of one message the refusal is told after it was taken elsewhere
        return {**params, "Entries": entries[1::2] or entries}

    def hand_back(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if out := context.get("kept_out"):
            parsed["Successful"] = [done for done in parsed["Successful"] if done["Id"] not in out]
            parsed["Failed"] = [
                {"Id": id, "SenderFault": sender_fault, "Code": "InternalError", "Message": ""} for id in out
            ]

    names = ("provide-client-params.sqs.SendMessageBatch", "after-call.sqs.SendMessageBatch")
    with hooked((names[0], cut), (names[1], hand_back)):
        yield seen


class _Http:
    def __init__(self, status: int) -> None:
        self.status_code = status
        self.headers: dict[str, str] = {}
