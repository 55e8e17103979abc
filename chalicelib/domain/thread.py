"""A text that is longer than its network takes, as several messages, each answering the one before.

Cut is at the end of a paragraph, else of a sentence, else between two words; never inside a word or a link.
Each message ends with its number, so that who reads the first knows that there is more.
"""

import re
from bisect import bisect_right
from collections.abc import Callable

from chalicelib.errors import BadInput

MOST = 10
"""Messages of one answer; what is longer is a letter."""
HALF = 0.5
"""A cut at a paragraph or sentence that leaves a message emptier than this is not made."""

_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")

Length = Callable[[str], int]


def split(text: str, room: int, length: Length) -> tuple[str, ...]:
    """The messages as they leave, one where it fits. Without their numbers (`bare`) they are the text again,
    but for the white space at which it was cut.

    Raises BadInput ("text") for what does not go into `MOST` messages, or has a word longer than one.
    """
    if length(text) <= room:
        return (text,)
    for count in range(2, MOST + 1):
        parts = _parts(text, count, room, length)
        if parts:
            return parts
    raise BadInput("text", f"too long for {MOST} messages, or with a word longer than one")


def bare(part: str, n: int, count: int) -> str:
    """The `n`th message of `count`, from 1, without its number."""
    return part.removesuffix(_number(n, count))


def rest(parts: tuple[str, ...], standing: int) -> str:
    """The text of those that do not stand at the network yet."""
    return "\n".join(bare(parts[n], n + 1, len(parts)) for n in range(standing, len(parts)))


def _number(n: int, count: int) -> str:
    return f" ({n}/{count})"


def _parts(text: str, count: int, room: int, length: Length) -> tuple[str, ...]:
    """The text in exactly so many messages; () where it does not go in."""
    parts: list[str] = []
    left = text
    for n in range(1, count + 1):
        number = _number(n, count)
        if n == count:
            return (*parts, left + number) if left and length(left + number) <= room else ()
        end = _cut(left, number, room, length)
        if not end:
            return ()
        parts.append(left[:end].rstrip() + number)
        left = left[end:].lstrip()
    return ()


def _cut(text: str, number: str, room: int, length: Length) -> int:
    """Where the best beginning ends that leaves room for its number; 0 where no word fits."""
    ends = [word.end() for word in _WORD.finditer(text)]
    fit = bisect_right(ends, room, key=lambda end: length(text[:end] + number))
    if not fit:
        return 0
    enough = [end for end in reversed(ends[:fit]) if end >= ends[fit - 1] * HALF]
    paragraph = (end for end in enough if text[end : end + 1] == "\n")
    sentence = (end for end in enough if _SENTENCE.search(text, max(0, end - 4), end))
    return next(paragraph, 0) or next(sentence, 0) or ends[fit - 1]
