"""Dataclasses as compact JSON in one attribute, without the fields that are attributes themselves."""

import json
from typing import Any, TypeVar

from chalicelib.domain.shape import dump, load

T = TypeVar("T")


def to_text(value: Any, *apart: str) -> str:
    """All fields but `apart`."""
    fields = {name: item for name, item in dump(value).items() if name not in apart}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def from_text(kind: type[T], text: str, **apart: Any) -> T:
    """`apart` are the fields kept elsewhere, in the form that `shape.dump` gives them."""
    return load(kind, {**json.loads(text), **apart})
