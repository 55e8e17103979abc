"""Does a text hold what a watch listens for?

Both sides are folded first: small letters, no accents, single spaces, no invisible characters. A term
is then looked for as it stands, where no letter or digit touches its ends; so "bieb" is found in
"#Bieb", "@bieb" and "Bieb's", not in "biebpas". A phrase also fits its hashtag: "open dag" is found in
"#OpenDag". `*` at the end takes any ending, for Dutch compounds: "leenboete*".

Every step is one pass over the text, whatever the text is.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from unicodedata import combining, normalize

from chalicelib.domain.brand import Watch

_UNKNOWN = ("", "und")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


def matches(watch: Watch, text: str, language: str = "") -> tuple[str, ...]:
    """The watch's terms that hit, in its order; empty if it does not match.

    `language` is what is known of the text's ("" or "und": nothing); a region ("nl-BE") is ignored.
    """
    return _matches(watch, fold(text), language)


def watches_of(watches: Iterable[Watch], text: str, language: str = "") -> tuple[str, ...]:
    """The ids of the watches that a text matches, in their order."""
    folded = fold(text)
    return tuple(watch.id for watch in watches if _matches(watch, folded, language))


def spans(terms: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Where in the text, as it was written, the terms are: (start, end), in order, none within another."""
    folded, places = _placed(text)
    found = sorted(
        (places[hit.start()], places[hit.end() - 1] + 1)
        for term in terms
        if (expression := _expression(term))
        for hit in expression[1].finditer(folded)
        if hit.end() > hit.start()
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _placed(text: str) -> tuple[str, list[int]]:
    """The folded text, and of each of its characters where it was."""
    signs: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for sign in char.translate(_FOLDS):
            blank = sign.isspace()
            if not (blank and (not signs or signs[-1] == " ")):
                signs.append(" " if blank else sign)
                places.append(at)
    return "".join(signs), places


def hits(terms: tuple[str, ...], folded: str) -> tuple[str, ...]:
    """Those of `terms` that a text, folded, holds."""
    return tuple(term for term, holds in _finders(terms) if holds(folded))


def fold(text: str) -> str:
    """The form in which texts and terms are compared."""
    plain = text.lower() if text.isascii() else text.translate(_FOLDS)
    return " ".join(plain.split())


def _matches(watch: Watch, folded: str, language: str) -> tuple[str, ...]:
    spoken = re.split("[-_]", language.lower(), maxsplit=1)[0]
    if watch.languages and spoken not in _UNKNOWN and spoken not in watch.languages:
        return ()
    found = hits(watch.terms, folded)
    return () if found and hits(watch.exclude, folded) else found


class _Folds(dict[int, str]):
    """For `str.translate`: what each character folds to, worked out once.

    Character by character, since `unicodedata.normalize` takes quadratic time on long runs of
    accents. Only the first 12,288 are remembered, so that no text can fill the memory.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        parts = normalize("NFKD", char).casefold()
        folded = "".join(part for part in parts if not (combining(part) or part in _INVISIBLE))
        if code < 0x3000:
            self[code] = folded
        return folded


_FOLDS = _Folds()


@lru_cache(maxsize=4096)
def _finders(terms: tuple[str, ...]) -> tuple[tuple[str, Callable[[str], bool]], ...]:
    return tuple((term, finder) for term in terms if (finder := _finder(term)))


def _finder(term: str) -> Callable[[str], bool] | None:
    """None for a term of which nothing is left."""
    if (expression := _expression(term)) is None:
        return None
    first, search = expression[0], expression[1].search
    # Looking for the first word is many times faster than the expression, and mostly says no.
    return lambda text: first in text and search(text) is not None


def _expression(term: str) -> tuple[str, re.Pattern[str]] | None:
    """The first word of a term, and what finds all of it. None where nothing is left, as of a lone `*`."""
    folded = fold(term)
    open_end = folded.endswith("*")
    words = folded.rstrip("*").split()
    if not words:
        return None
    escaped = [re.escape(word) for word in words]
    forms = " ".join(escaped)
    if len(words) > 1:
        forms = f"(?:{forms}|[#@]{'_?'.join(escaped)})"
    before = r"(?<!\w)" if re.match(r"[\w#@]", words[0]) else ""
    after = r"(?!\w)" if re.search(r"\w$", words[-1]) and not open_end else ""
    return words[0], re.compile(before + forms + after)
