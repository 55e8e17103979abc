"""Names that several items of a feed have, which so name none: few feeds give any.

An item is named by its guid; where several have the same, by its link; where several have that too, by its
words. What once was several items' name is no name any more (`shared`, kept with the cursor), so
that each item keeps the one that it got.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2s

from chalicelib.platforms._syndication import Entry, canonical

MOST = 50
"""Names that are kept as shared."""


def shared(entries: Iterable[Entry], known: list[str]) -> list[str]:
    """Marks of the names that several items have or had."""
    for name in (_guid, _link):
        known = known + [mark for mark in _several(entries, name, known) if mark not in known]
    return known[-MOST:]


def own(entry: Entry, shared: list[str]) -> Entry:
    """With the names that are its own."""
    return replace(
        entry,
        guid="" if _mark(_guid(entry)) in shared else entry.guid,
        link="" if _mark(entry.place) in shared else entry.link,
    )


def _guid(entry: Entry) -> str:
    return entry.name


def _link(entry: Entry) -> str:
    return entry.place


def _several(entries: Iterable[Entry], name: Callable[[Entry], str], known: list[str]) -> list[str]:
    """Marks of what is the name of items that differ. A link names only what has no guid of its own."""
    by: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (given := name(entry)) and (name is _guid or not (own := _guid(entry)) or _mark(own) in known):
            by[given].append(entry)
    return [_mark(given) for given, same in by.items() if any(_differ(same[0], each) for each in same[1:])]


def _differ(one: Entry, other: Entry) -> bool:
    """Are they two items? One is often listed under two links, or before and after an edit: of one moment."""
    if (one.title, one.body) == (other.title, other.body):
        return False
    if canonical(one.link) != canonical(other.link):
        return True
    return one.published is None or one.published != other.published


def _mark(name: str) -> str:
    return blake2s(name.encode(), digest_size=5).hexdigest()
