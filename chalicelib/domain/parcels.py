"""What a call brings that one message of a queue does not hold: packed, and where that is not enough cut.

Networks put what they could not bring for a while into one call. It is JSON that holds a list of what it
tells; so a call is cut in that list, all else going with each part. A message that comes with several is one
all the same, by its id.

It is cut in its own bytes: they are gone through once for each cut, nothing of them is written anew, and what
that may take in all is bounded, whoever sends it.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

WHOLE = 1_000_000
"""Bytes of a part, unpacked: more is not read at once."""
GZIP = 31
PARTS = 64
"""Of one call."""
DEPTH = 100
"""Lists and objects within each other."""
HANDLED = 16_000_000
"""Bytes of all parts that one call is cut into on the way: what goes with each counts each time."""
MARKS = 1_000_000
"""Brackets and commas that are looked at for one call."""

_MARK = re.compile(rb'(?:[^"\[\]{},]++|"(?:[^"\\]++|\\.)*+")*+[\[\]{},]', re.DOTALL)
"""The next of them that stands in no string."""


def fitting(body: bytes, room: int) -> list[bytes]:
    """The same call in parts of at most `room` bytes each, as they are or packed by gzip. Raises ValueError
    where it cannot be cut so."""
    if len(body) <= WHOLE and len(packed := whole(body, room)) <= room:
        return [packed]
    waiting, parts = [_plain(body)], list[bytes]()
    handled, left = 0, MARKS
    while waiting:
        part = waiting.pop()
        handled += len(part)
        if handled > HANDLED:
            raise ValueError(f"more than {HANDLED} bytes in all")
        most = WHOLE
        if len(part) <= WHOLE:
            packed = whole(part, room)
            if len(packed) <= room:
                parts.append(packed)
                continue
            most = len(part) * room * 9 // (len(packed) * 10)
        best, left = _best(part, left)
        waiting += reversed(list(_cut(part, best, most)))
        if len(parts) + len(waiting) > PARTS:
            raise ValueError(f"more than {PARTS} parts")
    return parts


def whole(part: bytes, room: int) -> bytes:
    """As it is where that fits, else packed; which may not fit either."""
    if len(part) <= room:
        return part
    pack = zlib.compressobj(wbits=GZIP)
    return pack.compress(part) + pack.flush()


@dataclass(slots=True)
class _List:
    """Where one begins, or its last item so far; the commas between its items, and how large the largest is.
    When it is over, its end."""

    start: int
    item: int
    largest: int = 0
    commas: list[int] = field(default_factory=list)
    end: int = 0

    def over(self, at: int) -> None:
        """The item."""
        self.largest = max(self.largest, at - self.item)
        self.item = at + 1


def _plain(body: bytes) -> bytes:
    """In UTF-8, and nothing around it. Raises ValueError where it is no JSON that can be cut."""
    text = body.decode(json.detect_encoding(body)).strip()
    try:
        json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None
    if text[0] not in "[{":
        raise ValueError("nothing in it can be cut")
    return text.encode()


def _best(part: bytes, left: int) -> tuple[_List, int]:
    """The list by whose cutting a part becomes smallest: the largest, not counting its largest item, which
    goes with some part whole. And how many marks are left to look at."""
    stack, best, most = list[_List | None](), None, 0  # None: an object
    for mark in _MARK.finditer(part):
        at, left = mark.end() - 1, left - 1
        sign = part[at : at + 1]
        if sign == b",":
            if inner := stack[-1]:
                inner.over(at)
                inner.commas.append(at)
        elif sign in b"[{":
            stack.append(_List(at, at + 1) if sign == b"[" else None)
        elif (done := stack.pop()) and done.commas:
            done.over(at)
            done.end = at
            if (gain := at - done.start - done.largest) >= most:
                best, most = done, gain
        if left < 0 or len(stack) > DEPTH:
            raise ValueError("too deep" if len(stack) > DEPTH else f"more than {MARKS} marks")
    if best is None:
        raise ValueError("nothing in it can be cut")
    return best, left


def _cut(part: bytes, at: _List, most: int) -> Iterator[bytes]:
    """In parts of `most` bytes; in two halves where what goes with each takes more than half of that."""
    head, tail = part[: at.start + 1], part[at.end :]
    beside = len(head) + len(tail)
    room = most - beside if 2 * beside < most else (len(part) - beside) // 2
    first = last = at.start + 1
    for comma in (*at.commas, at.end):
        if comma - first > room and last > first:
            yield head + part[first : last - 1] + tail
            first = last
        last = comma + 1
    yield head + part[first : at.end] + tail
