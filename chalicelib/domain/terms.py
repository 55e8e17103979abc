"""A text as a row of words and signs, and where in it a term is.

Both are folded first: small letters, no accents, single spaces, no invisible characters. A word is found
whole: "bieb" in "#Bieb", "@bieb" and "Bieb's", not in "biebpas". `*` stands for any letters: "leenboete*",
"*brood*". The words of a phrase stand one after another, whatever signs are between them, but within a
sentence; a phrase also fits its hashtag: "open dag" is found in "#OpenDag". A sign that is written is asked
for: "C++", "n.v.t.", "📚". Apostrophes are one sign however they are written, and so are hyphens.

Every step is one pass over the text, whatever the text is.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from unicodedata import combining, normalize

from chalicelib.domain.query import Term

Span = tuple[int, int]
"""The first token and the one after the last; or so of characters."""
Common = Callable[[str], float]
"""A guess at how common a word or wildcard is."""

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")
_ALIKE = dict.fromkeys(map(ord, "‘’‚‛ʼʹ´′＇"), "'") | dict.fromkeys(map(ord, "‐‑‒–−"), "-")
"""As phones, Word and newspapers write what has one key on a keyboard."""
_LETTERS = str.maketrans(
    dict(zip("ØøŁłĐđÐðĦħı", "oollddddhhi", strict=True))
    | {"Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe", "Þ": "th", "þ": "th"}
)
"""That Unicode does not take for another with a mark, and people do."""
_TOKEN = re.compile(r"\w+|(?<!\w)[#@]\w+|[.!?] |[^\w ]")
"""A word, with the # or @ it begins with; the end of a sentence, with its blank; any other sign."""
_WRITTEN = re.compile(r"(?<![\w*])[#@](?=[\w*]*\w)[\w*]+|[\w*]+|\S")
"""The same of a term, whose words may have a `*`."""
_ENDING = 2
"""Letters after an apostrophe that are the end of the word before it."""
BETWEEN = 20
"""Signs that may stand between two words of a phrase."""


def fold(text: str) -> str:
    """The form in which texts and terms are compared."""
    plain = text.lower() if text.isascii() else text.translate(_FOLDS)
    return " ".join(plain.split())


class _Folds(dict[int, str]):
    """For `str.translate`: what each character folds to, worked out once; from `_ALIKE` and `_LETTERS` on.

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


_FOLDS = _Folds(_ALIKE | _LETTERS)


class Text:
    """`places`: for each word and sign the tokens that are it, in order; for "#bieb" also under "bieb"."""

    __slots__ = ("_edges", "_order", "_words", "folded", "places", "tokens", "written")

    def __init__(self, text: str) -> None:
        self.written = text
        self.folded = fold(text)
        self.tokens: list[str] = _TOKEN.findall(self.folded)
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self._order: list[int] | None = None
        self._edges: list[Span] | None = None
        self._words: list[int] | None = None
        places = self.places
        lined = "_" in self.folded  # _bieb_, as chats and forums mark it
        for at, token in enumerate(self.tokens):
            places[token].append(at)
            if token[0] in "#@.!?" and len(token) > 1:
                for other in {token[0]} if token[1] == " " else _untagged(token):
                    places[other].append(at)
            elif lined and (inner := token.strip("_")) and inner != token:
                places[inner].append(at)

    @property
    def order(self) -> list[int]:
        """How many words come before each token, and before the end; "auto's" and "don't" are one."""
        if self._order is None:
            words = [token[-1].isalnum() or token[-1] == "_" for token in self.tokens]
            ends = [
                at + 1
                for at in self.places.get("'", ())
                if 0 < at < len(words) - 1 and words[at - 1] and len(self.tokens[at + 1]) <= _ENDING
            ]
            for at in ends:
                words[at] = False
            self._order = list(accumulate(words, initial=0))
        return self._order

    @property
    def words(self) -> list[int]:
        """For each token, and the end: where the next word of a phrase stands, which it may be itself; the
        token where a sentence ends, or where there are too many signs before it."""
        if self._words is None:
            last = len(self.tokens)
            found, end = [last] * (last + 1), last
            for at in reversed(range(last)):
                if not _is_between(self.tokens[at]):
                    end = at
                found[at] = min(end, at + BETWEEN)
            self._words = found
        return self._words

    def within(self, span: Span) -> Span:
        """Where in the text, as it was written, these tokens are."""
        if self._edges is None:
            places = self._places()
            found = (
                (each.start(), each.end() - each[0].endswith(" ")) for each in _TOKEN.finditer(self.folded)
            )
            self._edges = [(places[start], places[end - 1] + 1) for start, end in found]
        start, end = self._edges[span[0]][0], self._edges[span[1] - 1][1]
        while end < len(self.written) and combining(self.written[end]):
            end += 1  # an accent of its own belongs to its letter
        return start, end

    def _places(self) -> Sequence[int]:
        """Where in the text, as it was written, each sign of the folded one is. Most texts fold sign by
        sign."""
        if len(self.folded) == len(self.written) and all(
            len(char.translate(_FOLDS)) == 1 for char in set(self.written) if char > "\x7f"
        ):
            return range(len(self.written))
        return [at for at, _ in _signs(self.written)]


def _untagged(token: str) -> set[str]:
    """`#open_dag` is also "open_dag", and "#opendag"."""
    return {token[1:], token.replace("_", "")} - {token}


def _signs(text: str) -> Iterable[tuple[int, str]]:
    """The folded text, sign by sign, each with where it was."""
    last = " "
    for at, char in enumerate(text):
        for sign in char.translate(_FOLDS):
            blank = sign.isspace()
            if not (blank and last == " "):
                last = " " if blank else sign
                yield at, last


class Look:
    """A text beside the wildcards of a matcher: `wild` has for each that is there the words that fit it."""

    __slots__ = ("_open", "_sets", "known", "text", "wild")

    def __init__(self, text: Text, wild: dict[str, list[str]]) -> None:
        self.text = text
        self.wild = wild
        self.known: dict[Finder, Sequence[Span]] = {}
        self._open: dict[str, list[int]] = {}
        self._sets: dict[str, frozenset[int]] = {}

    def at(self, key: str) -> Sequence[int]:
        """The tokens that are this word or sign, or fit this wildcard, in order."""
        if not _open(key):
            return self.text.places.get(key, ())
        if key not in self._open:
            words = self.wild.get(key, ())
            self._open[key] = sorted({at for word in words for at in self.text.places[word]})
        return self._open[key]

    def on(self, key: str) -> frozenset[int]:
        """The same, to ask whether a token is one of them."""
        if key not in self._sets:
            self._sets[key] = frozenset(self.at(key))
        return self._sets[key]


class Finder:
    """Finds a term. `plain` is the one word it is made of, if that is all; `wild` are its wildcards."""

    __slots__ = ("_exact", "_keys", "_tags", "plain", "steps", "term", "wild")

    def __init__(self, term: Term) -> None:
        self.term = term
        folded = fold(term.text)
        found = [(each[0], each.start()) for each in _WRITTEN.finditer(folded) if each[0].strip("*")]
        self.steps = [(key, at > 0 and folded[at - 1] == " ") for key, at in found]
        keys = [key for key, _ in found]
        words = [key for key in keys if _is_word(key)]
        joined = "".join(words) if len(words) == len(keys) > 1 and keys[0][0] not in "#@" else ""
        self._tags = (f"#{joined}", f"@{joined}") if joined else ()
        self._keys = tuple(words or keys)
        self.wild = tuple(key for key in (*keys, *self._tags) if _open(key))
        self._exact = _plain(term.text) if term.exact else ""
        self.plain = keys[0] if len(keys) == 1 and not self.wild and not self._exact else ""

    def keys(self, common: Common) -> tuple[str, ...]:
        """A text without any of them does not hold it; () for one without letters or signs: none does."""
        return (min(self._keys, key=common), *self._tags) if self._keys else ()

    def found(self, look: Look) -> Sequence[Span]:
        """Where it is, in order."""
        known = look.known.get(self)
        if known is None:
            known = look.known[self] = self._found(look)
        return known

    def _found(self, look: Look) -> Sequence[Span]:
        if not self.steps:
            return ()
        spans = self._rows(look)
        if self._tags:
            spans += [(at, at + 1) for tag in self._tags for at in look.at(tag)]
            spans.sort()
        if self._exact:
            spans = [span for span in spans if self._is_exact(look.text, *look.text.within(span))]
        return spans

    def _rows(self, look: Look) -> list[Span]:
        """All that begin alike go on together, word by word: most end soon. Those are tried that have the
        rarest of its words in reach."""
        places = [look.at(key) for key, _ in self.steps]
        starts, rarest = places[0], min(places, key=len)
        if len(rarest) < len(starts):
            reach = places.index(rarest) * (BETWEEN + 1)
            starts = [at for at in starts if bisect(rarest, at + reach) > bisect(rarest, at)]
        rows = [(at, at) for at in starts]
        for key, apart in self.steps[1:]:
            there = look.on(key)
            if not (rows and there):
                return []
            if apart and _is_word(key):
                words = look.text.words
                rows = [(start, to) for start, at in rows if (to := words[at + 1]) in there]
            else:
                rows = [(start, at + 1) for start, at in rows if at + 1 in there]
        return [(start, at + 1) for start, at in rows]

    def _is_exact(self, text: Text, start: int, end: int) -> bool:
        if end - start > 4 * len(self._exact) + 8:
            return False
        return _plain(text.written[start:end]) in (self._exact, f"#{self._exact}", f"@{self._exact}")


finder = lru_cache(maxsize=8192)(Finder)
text_of = lru_cache(maxsize=4)(Text)
"""Made once for all who ask what a message holds."""


def _open(key: str) -> bool:
    return "*" in key and len(key) > 1


def _is_word(key: str) -> bool:
    return key[-1] in "*_" or key[-1].isalnum()


def _is_between(token: str) -> bool:
    """A sign that does not end a sentence."""
    return token[-1] != " " and not (token[-1].isalnum() or token[-1] == "_")


def _plain(text: str) -> str:
    """Composed, with single spaces, one kind of apostrophe and hyphen, and without what nobody sees."""
    seen = normalize("NFC", "".join(char for char in text.translate(_ALIKE) if char not in _INVISIBLE))
    return " ".join(seen.split())


def globbed(key: str, word: str) -> bool:
    """Does the word fit the wildcard? One pass: each run of letters where it first is."""
    first, *inner, last = key.split("*")
    if not (word.startswith(first) and word.endswith(last) and len(word) >= len(first) + len(last)):
        return False
    at, end = len(first), len(word) - len(last)
    for run in inner:
        at = word.find(run, at, end)
        if at < 0:
            return False
        at += len(run)
    return True
