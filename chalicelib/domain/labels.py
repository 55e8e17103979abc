"""Free short words of the brand on a case."""

import unicodedata
from collections.abc import Iterable

from chalicelib.errors import BadInput

MOST = 10
"""Labels of one case."""
LONGEST = 30
OFFERED = 1_000
"""Of those in use, that are kept to be offered; others may be used all the same."""


def labels(given: Iterable[str]) -> tuple[str, ...]:
    """As they are kept: in small letters, one space between words, each once, in the order of the alphabet;
    a comma parts two, a # before one is left out. Raises BadInput."""
    found = {_folded(word) for each in given for word in each.split(",")} - {""}
    for each in found:
        if len(each) > LONGEST or not each.isprintable():
            raise BadInput("label", f"at most {LONGEST} characters a label, on one line")
    return tuple(sorted(found))


def changed(was: Iterable[str], add: Iterable[str], drop: Iterable[str]) -> tuple[str, ...]:
    """What a case has after it. Raises BadInput where that is too many."""
    after = tuple(sorted((set(was) - set(labels(drop))) | set(labels(add))))
    if len(after) > MOST:
        raise BadInput("label", f"at most {MOST} labels a case")
    return after


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", " ".join(word.split()).lstrip("#").strip().lower())
