"""What may stand as a word, with a `*`, or after a field's name; and what is said where it may not."""

import re
from difflib import get_close_matches

from chalicelib.domain.origin import handle_of, place
from chalicelib.domain.query import FIELDS, KINDS
from chalicelib.querying.faults import QueryFault

LEAST = 2
"""Letters that a wildcard names."""
LEAST_INSIDE = 3
"""In a row, of one that begins with `*`."""
MOST_STARS = 4

LANGUAGES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
vi vo wa wo xh yi yo za zh zu"""
"""ISO 639-1."""

_OTHERS = {"and": "AND", "or": "OR", "not": "NOT", "&&": "AND", "&": "AND", "+": "AND", "|": "OR", "||": "OR"}
_DUTCH = {"EN": "AND", "OF": "OR", "NIET": "NOT"}
_ODD_QUOTES = re.compile(r"""(?<![^\s(])(?:['‘‚‛`]\S(?:[^'’‘`]*\S)?['’‘`](?![^\s)])|[«‹»›])""")
"""Not those of 's and foto's."""
_SHUT = re.compile(r'["“”„][^"“”„]*["“”„]|\{[^{}]*\}')
_FIELD = re.compile(r"([a-z_]{3,}):.*", re.IGNORECASE | re.DOTALL)
_SITE = re.compile(r"[\w-]+(\.[\w-]+)*(/[^\s*]*)?")


def quotes(text: str) -> None:
    """Of a whole query. Raises QueryFault for quotes that are none here."""
    if found := _ODD_QUOTES.search(_SHUT.sub(lambda shut: "x" * len(shut[0]), text)):
        said = f'write " around words that belong together, not {found[0][0]}'
        raise QueryFault(found.start() + 1, said)


def word(given: str, column: int) -> None:
    """Raises QueryFault for what is likely meant to be something else."""
    if meant := _OTHERS.get(given.lower()) or _DUTCH.get(given):
        raise QueryFault(column, f"write {meant} for that, or put quotes around {given} to look for it")
    if re.fullmatch(r"o?near\d*(/.*)?|(w|pre|adj|within)/\d+", given, re.IGNORECASE):
        raise QueryFault(column, "write NEAR/ or ONEAR/ in capitals with a number, such as NEAR/5")
    if given[0] in "-‐‑‒–—−!" and given.strip("-‐‑‒–—−!"):
        raise QueryFault(column, "write NOT before what must not be there")
    if given in ("#", "@"):
        raise QueryFault(column + 1, f"expected a word right after {given}")
    _elsewhere(given, column)
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


def _elsewhere(given: str, column: int) -> None:
    """Raises QueryFault for what means something to other search engines, and would be a sign here."""
    if not given.strip("'’‘`"):
        raise QueryFault(column, "there is nothing here to look for")
    if given[0] in "[]" or given[-1] in "[]":
        at = 0 if given[0] in "[]" else len(given) - 1
        raise QueryFault(column + at, f"write ( and ) around what belongs together, not {given[at]}")
    if near := re.search(r"~\d*$", given):
        said = "write NEAR/ between the words for that, such as open NEAR/5 dag"
        raise QueryFault(column + near.start(), said)
    if weight := re.search(r"\^[\d.]+$", given):
        said = f"no word weighs more than another here: leave out {weight[0]}"
        raise QueryFault(column + weight.start(), said)
    if re.search(r"\w[|]+\w", given) or re.fullmatch(r"[^\W\d_]{2,}(/[^\W\d_]{2,})+", given):
        raise QueryFault(column, f"write OR between words, or put quotes around {given} to look for it")
    if re.search(r"\w[?]", given):
        raise QueryFault(column, f"write * for any letters, or put quotes around {given} to look for it")


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
    least = 2 if all(char >= "\u2e80" for char in "".join(runs)) else LEAST_INSIDE
    if not runs[0] and max(map(len, runs)) < least:
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
            found = handle_of(found)
            if "*" in found:
                wildcard(found, column)
            expected, fits = "a name, such as jan or @jan", bool(found.strip("*"))
        case "site" | "link":
            found = re.sub(r"^https?://", "", found).removeprefix("www.").rstrip("/")
            if port := re.match(r"([\w.-]+):\d+", found):
                raise QueryFault(column, f"a site stands here without its port, such as {port[1]}")
            fits = bool(_SITE.fullmatch(found)) or (name == "link" and found == "*")
            expected = "a site, such as example.org"
        case "lang":
            expected, fits = "a language of two letters, such as nl", found in LANGUAGES.split()
        case "kind":
            expected, fits = f"one of {', '.join(KINDS)}", found in KINDS
        case "min_followers":
            found = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", found)
            expected, fits = "a number, such as 1000", bool(re.fullmatch("[0-9]{1,10}", found))
        case _:
            expected, fits = "a network, such as mastodon", bool(re.fullmatch("[a-z][a-z0-9_]{0,29}", found))
    if fits and name in ("site", "link") and found != "*":
        found = place(found)
    if not fits:
        raise QueryFault(column, f"expected {expected}, got {given[:40]}")
    return found
