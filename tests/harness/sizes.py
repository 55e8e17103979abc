"""What DynamoDB counts an item as: the bytes of its names and values, as its developer guide adds them up
(checked 2026-11-21: "DynamoDB item sizes and formats")."""

from collections.abc import Mapping
from typing import Any

Typed = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's typed attributes: {"pk": {"S": "..."}}."""


def item_bytes(item: Typed) -> int:
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "B":
            return len(bytes(held))
        case "N":
            return _number_bytes(held)
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(part.encode()) for part in held)
        case "NS":
            return sum(map(_number_bytes, held))
        case "BS":
            return sum(len(bytes(part)) for part in held)
        case "L":
            return 3 + sum(1 + value_bytes(part) for part in held)
        case "M":
            return 3 + sum(1 + len(name.encode()) + value_bytes(part) for name, part in held.items())
    raise ValueError(f"no attribute type {kind}")


def _number_bytes(text: str) -> int:
    """About a byte for two significant digits, and one more; one more for a minus."""
    digits = text.lstrip("-").replace(".", "").strip("0") or "0"
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")
