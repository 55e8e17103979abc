"""Whom a note asks: `@name` in it, of a colleague."""

import re
from collections.abc import Sequence

from chalicelib.domain.case import Colleague

_AT = re.compile(r"(?<![\w@.+-])@(?=\w)")
_WORD = re.compile(r"\w+(?:[.+-]\w+)*")
_ENDS = re.compile(r"(?![\w@]|[.+-]\w)")
HANDLE, FIRST = 2, 1
"""A colleague's own name or address goes before a first name that others may have too."""


def handle(colleague: Colleague) -> str:
    """What to write behind the @: the part of their address before its own @."""
    return colleague.email.partition("@")[0]


def asked(text: str, colleagues: Sequence[Colleague]) -> tuple[tuple[Colleague, ...], tuple[str, ...]]:
    """Those whom a text names behind an @, once each, in its order: by their address or the part of it before
    the @, by their name, or by a first name that only one has. And the words behind an @ that are nobody's,
    or more than one's."""
    found: dict[str, Colleague] = {}
    strangers: dict[str, None] = {}
    for at in _AT.finditer(text):
        rest = text[at.end() :]
        meant = _meant(rest, colleagues)
        if len(meant) == 1:
            found[meant[0].id] = meant[0]
        elif word := _WORD.match(rest):
            strangers[word[0]] = None
    return tuple(found.values()), tuple(strangers)


def _meant(rest: str, colleagues: Sequence[Colleague]) -> list[Colleague]:
    """Whom the text begins with: of several spellings that fit, the longest."""
    fits = [
        ((len(spelled), rank), each)
        for each in colleagues
        for spelled, rank in _spellings(each)
        if rest[: len(spelled)].casefold() == spelled.casefold() and _ENDS.match(rest, len(spelled))
    ]
    best = max((fit for fit, _ in fits), default=None)
    return list({each.id: each for fit, each in fits if fit == best}.values())


def _spellings(colleague: Colleague) -> list[tuple[str, int]]:
    first, *more = colleague.name.split() or [""]
    named = [(colleague.email, HANDLE), (handle(colleague), HANDLE), (colleague.name, HANDLE)]
    named += [(first, FIRST)] if more else []
    return [(spelled, rank) for spelled, rank in named if spelled]
