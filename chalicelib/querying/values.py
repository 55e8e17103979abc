"""What may stand as a word, with a `*`, or after a field's name; and what is said where it may not."""

import re
from difflib import get_close_matches

from chalicelib.domain.query import FIELDS, KINDS
from chalicelib.domain.terms import fold
from chalicelib.querying.faults import QueryFault

LEAST = 2
"""Letters that a wildcard names."""
LEAST_INSIDE = 3
"""In a row, of one that begins with `*`."""
MOST_STARS = 4

_OTHERS = {"and": "AND", "or": "OR", "not": "NOT", "&&": "AND", "&": "AND", "+": "AND", "|": "OR", "||": "OR"}
_DUTCH = {"EN": "AND", "OF": "OR", "NIET": "NOT"}
_FIELD = re.compile(r"([a-z_]{3,}):.*", re.IGNORECASE | re.DOTALL)
_SITE = re.compile(r"[\w-]+(\.[\w-]+)*(:\d+)?(/\S*)?")


def word(given: str, column: int) -> None:
    """Raises QueryFault for what is likely meant to be something else."""
    if meant := _OTHERS.get(given) or _DUTCH.get(given):
        raise QueryFault(column, f"write {meant} for that, or put quotes around {given} to look for it")
    if re.fullmatch(r"o?near(/.*)?", given, re.IGNORECASE):
        raise QueryFault(column, "write NEAR/ or ONEAR/ in capitals with a number, such as NEAR/5")
    if given.startswith("-") and given.strip("-"):
        raise QueryFault(column, "write NOT before what must not be there")
    if given[0] in ",;" or given[-1] in ",;":
        at = column if given[0] in ",;" else column + len(given) - 1
        raise QueryFault(at, f"write OR or AND between words, not {given[at - column]}")
    if re.match("https?://", given, re.IGNORECASE):
        raise QueryFault(
            column, "write link: before a site to look for links to it, such as link:example.org"
        )
    if found := _FIELD.fullmatch(given):
        name = found[1]
        near = get_close_matches(name.lower(), FIELDS, 1, 0.6)
        hint = f"did you mean {near[0]}:?" if near else f"known are {', '.join(FIELDS)}"
        raise QueryFault(column, f"there is no field {name}: ({hint}); put quotes around it to look for it")


def alone(given: str, column: int) -> None:
    """Raises QueryFault where a `*` stands by itself."""
    if re.search(r"(?<![\w*])\*+(?![\w*])", given):
        raise QueryFault(column, f"expected at least {LEAST} letters beside a *")


def wildcard(key: str, column: int) -> None:
    """Raises QueryFault for one that nearly every word fits."""
    runs = key.strip("#@").split("*")
    if len(runs) > MOST_STARS + 1:
        raise QueryFault(column, f"a word has at most {MOST_STARS} *")
    if len("".join(runs)) < LEAST:
        raise QueryFault(column, f"expected at least {LEAST} letters beside a *")
    if not runs[0] and max(map(len, runs)) < LEAST_INSIDE:
        raise QueryFault(
            column, f"expected at least {LEAST_INSIDE} letters in a row after a * that begins a word"
        )


def value(name: str, given: str, column: int) -> str:
    """As it is matched. Raises QueryFault."""
    found = given.strip().lower()
    if not found:
        raise QueryFault(column, f"expected a word right after {name}:")
    match name:
        case "author":
            found = fold(found).removeprefix("@")
            if "*" in found:
                wildcard(found, column)
            expected, fits = "a name, such as jan or @jan", bool(found.strip("*"))
        case "site" | "link":
            found = re.sub(r"^https?://", "", found).removeprefix("www.").rstrip("/")
            fits = bool(_SITE.fullmatch(found)) or (name == "link" and found == "*")
            expected = "a site, such as example.org"
        case "lang":
            expected, fits = "a language of two letters, such as nl", bool(re.fullmatch("[a-z]{2}", found))
        case "kind":
            expected, fits = f"one of {', '.join(KINDS)}", found in KINDS
        case "min_followers":
            found = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", found)
            expected, fits = "a number, such as 1000", bool(re.fullmatch("[0-9]{1,10}", found))
        case _:
            expected, fits = "a network, such as mastodon", bool(re.fullmatch("[a-z][a-z0-9_]{0,29}", found))
    if not fits:
        raise QueryFault(column, f"expected {expected}, got {given[:40]}")
    return found
