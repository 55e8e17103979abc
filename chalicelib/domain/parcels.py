"""What a call brings that one message of a queue does not hold: packed, and where that is not enough cut.

Networks put what they could not bring for a while into one call. It is JSON that holds a list of what it
tells; so a call is cut by halving the largest list in it, all else going with both halves. A message that
comes with both is one all the same, by its id.
"""

import json
import zlib
from typing import Any

WHOLE = 1_000_000
"""Bytes of a part, unpacked: more is not read at once."""
GZIP = 31
PARTS = 64
"""Of one call."""


def fitting(body: bytes, room: int) -> list[bytes]:
    """The same call in parts of at most `room` bytes each, as they are or packed by gzip. Raises ValueError
    where it cannot be cut so."""
    waiting, parts = [body], list[bytes]()
    while waiting:
        part = waiting.pop()
        if len(part) <= room:
            parts.append(part)
        elif len(part) <= WHOLE and len(packed := _packed(part)) <= room:
            parts.append(packed)
        else:
            waiting += reversed(_halves(part))
        if len(parts) + len(waiting) > PARTS:
            raise ValueError(f"more than {PARTS} parts")
    return parts


def _packed(part: bytes) -> bytes:
    pack = zlib.compressobj(wbits=GZIP)
    return pack.compress(part) + pack.flush()


def _halves(part: bytes) -> list[bytes]:
    try:
        value = json.loads(part)
        longest = max(_lists(value), key=lambda each: len(json.dumps(each)), default=None)
    except RecursionError:
        raise ValueError("too deep") from None
    if longest is None:
        raise ValueError("nothing in it can be cut")
    items = list(longest)
    middle = len(items) // 2
    halves = []
    for some in (items[:middle], items[middle:]):
        longest[:] = some
        halves.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    return halves


def _lists(value: Any) -> list[list[Any]]:
    """Those in it that hold several things, the outer before the inner."""
    found = [value] if isinstance(value, list) and len(value) > 1 else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        found += _lists(each)
    return found
