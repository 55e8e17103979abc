"""What names the items of a feed: by what the same item is known again when it is listed again.

Its guid; where it has none, or several items have the same, its link; where several have that too, its words.
What once was several items' name is no name any more (`shared`, kept with the cursor), so that each
item keeps the one it got.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2s

from chalicelib.domain.mention import Found, native_id
from chalicelib.platforms._http_json import words
from chalicelib.platforms._syndication import Entry, canonical

MOST = 50
"""Names that are kept as shared."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|(urn|tag):\S+", re.IGNORECASE)


def guid(entry: Entry) -> str:
    return " ".join(words(entry.guid, 4000).split())


def shared(entries: Iterable[Entry], known: list[str]) -> list[str]:
    """Marks of the names that several items have or had."""
    for name in (guid, _link):
        known = known + [mark for mark in _several(entries, name, known) if mark not in known]
    return known[-MOST:]


def named(entry: Entry, feed: str, shared: list[str]) -> str:
    """The id of an item of this feed. A URI is the same wherever it appears; any other guid counts in its own
    feed only."""
    if (name := guid(entry)) and _mark(name) not in shared:
        return by_guid(name, feed)
    if entry.link and _mark(entry.link) not in shared:
        return native_id(entry.link)
    return native_id(f"{feed} {entry.title}\n{entry.body}")


def by_guid(name: str, feed: str) -> str:
    return native_id(name if _URI.fullmatch(name) else f"{feed} {name}")


def counts_on(entry: Entry) -> bool:
    """Is its guid its address and a number? Then the next number is the same item, edited."""
    place, _, number = guid(entry).partition("#")
    return bool(number) and canonical(place) == canonical(entry.link) != ""


def placed(found: list[Found]) -> list[Found]:
    """Each with its address, where it is the only one there and not known by it anyway."""
    places = [canonical(one.url) for one in found]
    count = Counter(places)
    return [
        replace(one, address=place) if place and count[place] == 1 and canonical(one.id) != place else one
        for one, place in zip(found, places, strict=True)
    ]


def _link(entry: Entry) -> str:
    return entry.link


def _several(entries: Iterable[Entry], name: Callable[[Entry], str], known: list[str]) -> list[str]:
    """Marks of what is the name of items that differ. A link names only what has no guid of its own."""
    by: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (given := name(entry)) and (name is guid or not (own := guid(entry)) or _mark(own) in known):
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
