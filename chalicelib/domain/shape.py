"""Between frozen dataclasses and plain JSON values, strictly.

Used for what travels in queues and lies in the table. Pydantic stands at the doors (files, forms,
payloads of strangers); inside, its 56 modules would be paid by every cold start
(docs/decisions/0002-dataclasses-inside.md).

`dump` leaves out fields that hold their default, so that an item stays small.
`load` refuses what is missing, unknown or of another type, and names the place.
"""

import dataclasses
import types
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ShapeError(ValueError):
    """The value does not fit; the message begins with its place, e.g. `mention.author: `."""


def dump(value: Any) -> Any:
    """Plain JSON values of a dataclass, enum, datetime (ISO, UTC, `Z`), tuple or mapping."""
    if dataclasses.is_dataclass(value):
        found = {}
        for field in dataclasses.fields(value):
            item = getattr(value, field.name)
            if field.default is not dataclasses.MISSING and item == field.default:
                continue
            found[field.name] = dump(item)
        return found
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (list, tuple)):
        return [dump(item) for item in value]
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    return value


def load(kind: type[T], value: Any, place: str = "") -> T:
    """Build `kind` from what `dump` gave. Raises ShapeError."""
    read: Callable[[Any, str], T] = _loader(cast(Hashable, kind))
    return read(value, place or kind.__name__.lower())


def stamp(moment: datetime) -> str:
    """`2026-11-23T09:12:00Z`; with milliseconds where there are any. Sorts as time does.

    Raises ValueError for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    moment = moment.astimezone(UTC)
    unit = "milliseconds" if moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=unit) + "Z"


@cache
def _loader(kind: Any) -> Callable[[Any, str], Any]:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple(kind)
    if origin is dict:
        return _mapping(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind)
    if kind is datetime:
        return _moment
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(kind)
    if kind is float:
        return _float
    return _plain(kind)


def _plain(kind: type) -> Callable[[Any, str], Any]:
    def read(value: Any, place: str) -> Any:
        if type(value) is not kind:
            raise ShapeError(f"{place}: expected {kind.__name__}, got {type(value).__name__}")
        return value

    return read


def _float(value: Any, place: str) -> float:
    if type(value) not in (int, float):
        raise ShapeError(f"{place}: expected a number, got {type(value).__name__}")
    return float(value)


def _moment(value: Any, place: str) -> datetime:
    if type(value) is str:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # the year 1 in an eastern zone has no UTC
            pass
    raise ShapeError(f"{place}: expected a moment with its zone, such as 2026-11-23T09:12:00Z")


def _enum(kind: type[Enum]) -> Callable[[Any, str], Any]:
    def read(value: Any, place: str) -> Enum:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(str(item.value) for item in kind)
            raise ShapeError(f"{place}: expected one of {known}") from None

    return read


def _optional(kind: Any) -> Callable[[Any, str], Any]:
    inner = [option for option in get_args(kind) if option is not type(None)]
    read_inner = _loader(inner[0]) if len(inner) == 1 else _either(inner)
    if len(inner) == len(get_args(kind)):
        return read_inner
    return lambda value, place: None if value is None else read_inner(value, place)


def _either(kinds: list[Any]) -> Callable[[Any, str], Any]:
    """One of several dataclasses, known by the names of its fields."""
    if not all(dataclasses.is_dataclass(kind) for kind in kinds):
        raise TypeError(f"{kinds}: only dataclasses can be told apart")
    by_names = {frozenset(field.name for field in dataclasses.fields(kind)): _loader(kind) for kind in kinds}
    expected = " or ".join(", ".join(sorted(names)) for names in by_names)

    def read(value: Any, place: str) -> Any:
        names = frozenset(value) if isinstance(value, dict) else frozenset()
        if names not in by_names:
            raise ShapeError(f"{place}: expected an object of {expected}")
        return by_names[names](value, place)

    return read


def _tuple(kind: Any) -> Callable[[Any, str], Any]:
    args = get_args(kind)

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ShapeError(f"{place}: expected a list")
        if args[-1] is Ellipsis:
            read_item = _loader(args[0])
            return tuple(read_item(item, f"{place}[{i}]") for i, item in enumerate(value))
        if len(args) != len(value):
            raise ShapeError(f"{place}: expected {len(args)} items, got {len(value)}")
        return tuple(_loader(args[i])(item, f"{place}[{i}]") for i, item in enumerate(value))

    return read


def _mapping(kind: Any) -> Callable[[Any, str], Any]:
    _, of = get_args(kind)
    read_item = _loader(of)

    def read(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(type(key) is str for key in value):
            raise ShapeError(f"{place}: expected a mapping with text keys")
        return {key: read_item(item, f"{place}.{key}") for key, item in value.items()}

    return read


def _dataclass(kind: type) -> Callable[[Any, str], Any]:
    hints = get_type_hints(kind)
    fields = [f for f in dataclasses.fields(kind) if f.init]
    required = {
        f.name
        for f in fields
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }
    readers: dict[str, Callable[[Any, str], Any]] = {}

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise ShapeError(f"{place}: expected an object")
        if not readers:
            readers.update({f.name: _loader(hints[f.name]) for f in fields})
        if missing := required - value.keys():
            raise ShapeError(f"{place}.{min(missing)}: is missing")
        if unknown := value.keys() - readers.keys():
            raise ShapeError(f"{place}.{min(map(str, unknown))}: is not known here")
        try:
            return kind(**{name: readers[name](item, f"{place}.{name}") for name, item in value.items()})
        except ShapeError:
            raise
        except ValueError as error:
            raise ShapeError(f"{place}: {error}") from None

    return read
