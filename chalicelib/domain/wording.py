"""A text in sentences, and patterns to read them by."""

import re
from collections.abc import Iterator
from functools import cache

_END = re.compile(r"(?<=[!?])\s+|(?<=[^\W\d_]{2}\.)\s+|(?<=\su\.)\s+|(?<=\d\.)\s+(?=[A-Z])|(?<=\)\.)\s+|\n+")


def sentences(text: str) -> Iterator[str]:
    """Up to a full stop, a question or exclamation mark or a line's end. A stop inside a number or an
    address, or after a single letter that is not the Dutch "u", ends none."""
    for each in _END.split(text):
        if each.strip():
            yield each.strip()


@cache
def pattern(verbose: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """A verbose pattern, made once; without regard to capitals where nothing else is said."""
    return re.compile(verbose, flags | re.VERBOSE)
