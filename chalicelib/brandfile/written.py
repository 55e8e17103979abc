"""Plain values as YAML, as a person would write it, and so that `lines.py` reads exactly the same back."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.brandfile.lines import Path

Comment = Callable[[Path, Any], str]
"""What is said after the value at a place; "" for nothing."""

_PLAIN = re.compile(r"[^\W_](?:[\w .@/+()%&;-]*[\w.@/+()%&;])?")
_EMPTY = frozenset({"null", "~"})
_SIMPLE = re.compile(r"\S(?:[^\t\r\x85\u2028\u2029]*\S)?")


def text(value: dict[str, Any], *, above: str = "", comment: Comment = lambda path, value: "") -> str:
    """The whole file, with the lines of `above` as a comment at its top."""
    lines = [f"# {line}".rstrip() for line in above.splitlines()]
    return "\n".join([*lines, *_group(value, (), 0, comment)]) + "\n"


def _group(value: dict[str, Any], path: Path, depth: int, comment: Comment) -> Iterator[str]:
    pad = "  " * depth
    for name, item in value.items():
        if not depth and isinstance(item, list) and item and isinstance(item[0], dict):
            yield ""
        yield from _named(f"{pad}{_scalar(name)}:", item, (*path, name), depth, comment)


def _named(name: str, item: Any, path: Path, depth: int, comment: Comment) -> Iterator[str]:
    said = comment(path, item)
    after = f"  # {said}" if said else ""
    if isinstance(item, dict) and item:
        yield name + after
        yield from _group(item, path, depth + 1, comment)
    elif isinstance(item, dict):
        yield f"{name} {{}}{after}"
    elif isinstance(item, list) and item and isinstance(item[0], dict):
        yield name + after
        for at, each in enumerate(item):
            yield from _entry(each, (*path, at), depth + 1, comment)
    elif isinstance(item, list):
        yield f"{name} [{', '.join(map(_scalar, item))}]{after}"
    elif isinstance(item, str) and _stands_as_block(item):
        yield f"{name} |-{after}"
        yield from (f"{'  ' * (depth + 1)}{line}".rstrip() for line in item.split("\n"))
    else:
        yield f"{name} {_scalar(item)}{after}"


def _entry(value: dict[str, Any], path: Path, depth: int, comment: Comment) -> Iterator[str]:
    """One of a list: its first line begins with a dash."""
    pad = "  " * depth
    lines = list(_group(value, path, depth + 1, comment))
    yield f"{pad}- {lines[0][len(pad) + 2 :]}"
    yield from lines[1:]


def _stands_as_block(item: str) -> bool:
    lines = item.split("\n")
    good = all(not line or (_SIMPLE.fullmatch(line) and line.isprintable()) for line in lines)
    return len(lines) > 1 and bool(lines[0]) and bool(lines[-1]) and good


def _scalar(item: Any) -> str:
    """Without quotes where nothing in it could be taken for something else."""
    given = str(item)
    if _PLAIN.fullmatch(given) and given.isprintable() and given.lower() not in _EMPTY:
        return given
    quoted = json.dumps(given, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escaped(each) for each in quoted)


def _escaped(sign: str) -> str:
    return f"\\U{ord(sign):08x}"
