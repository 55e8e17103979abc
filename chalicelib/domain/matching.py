"""Which watches does a message fit, and by which of their words? Many at once, in one pass over its words.

A `Matcher` knows of each query some words of which a text holds one, if it fits: the rarest it can name. Only
the queries of words that are there are looked at, and each is a tree of small tests. What a word is, and
where a text holds it, is in `terms.py`; what a query may ask for in `query.py`, and for people in
docs/listening.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain.brand import Watch
from chalicelib.domain.conditions import Condition, Heard, condition
from chalicelib.domain.query import All, Any, Field, Query, from_text, of_words
from chalicelib.domain.terms import Look, globbed, text_of

_BUILT = 32
"""Brands whose matcher is kept."""
_SLICE = 3
"""Letters by which a word finds the wildcards that it may fit."""


@dataclass(frozen=True, slots=True)
class Match:
    """`number`: which of the matcher's queries fits; `terms` are those of its words that the text holds, as
    the query has them and in its order; `fields` what else it asked for, such as `site:nos.nl`."""

    number: int
    terms: tuple[str, ...]
    fields: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The first that it fits by."""
        return next(iter((*self.terms, *self.fields)), "")


@dataclass(frozen=True, slots=True)
class Hit:
    """`text[start:end]` is this term, or the link that this field asks for."""

    term: str
    start: int
    end: int


class Matcher:
    """Many queries. It is made once for each brand's watches, and asked for each message."""

    def __init__(self, queries: Iterable[Query]) -> None:
        self._conditions = [condition(query) for query in queries]
        self._index: defaultdict[str, list[int]] = defaultdict(list)
        self._always: list[int] = []
        named = Counter(key for one in self._conditions for key in {*_named(one), *one.marks})

        def common(key: str) -> float:
            """Short words are, and those that many of the queries name: those of one are its own."""
            return named[key] * (1 + 100 * 2.0 ** -len(key.strip("#@").replace("*", "")))

        for number, one in enumerate(self._conditions):
            keys = one.keys(common)
            for key in set(keys or ()):
                self._index[key].append(number)
            if keys is None:
                self._always.append(number)
        self._wilds = _Wilds(key for one in self._conditions for each in one.finders for key in each.wild)
        marks = {mark for one in self._conditions for mark in one.marks}
        self._marked = sorted({mark.partition(" ")[0] for mark in marks})
        named_so = (mark.partition(" ") for mark in marks if "*" in mark)
        self._names = _Wilds(name for field, _, name in named_so if field == "author")

    def found(self, of: Heard) -> list[Match]:
        """The queries that fit, in their order."""
        look = self._look(of)
        numbers = set(self._always)
        for keys in (look.text.places.keys(), look.wild.keys(), self._marks(of)):
            for key in self._index.keys() & keys:
                numbers.update(self._index[key])
        met = (number for number in sorted(numbers) if self._conditions[number].met(of, look))
        return [self._match(number, of, look) for number in met]

    def _marks(self, of: Heard) -> set[str]:
        """By which its fields find it."""
        if not self._marked:
            return set()
        from chalicelib.domain.origin import marks

        found = marks(of, self._marked)
        names = [mark.removeprefix("author ") for mark in found if mark.startswith("author ")]
        return found.union(f"author {wild}" for wild in self._names.over(names, "\n".join(names)))

    def _match(self, number: int, of: Heard, look: Look) -> Match:
        told = [*self._conditions[number].told(of, look)]
        terms = dict.fromkeys(each.said for each in told if each.tokens)
        fields = dict.fromkeys(each.said for each in told if not each.tokens)
        return Match(number, tuple(terms), tuple(fields))

    def hits(self, of: Heard, numbers: Iterable[int]) -> list[Hit]:
        """Where the terms of these queries are, and the links that they ask for, of those that fit; in the
        order of the text, none within another."""
        look = self._look(of)
        told = (
            each
            for number in numbers
            if self._conditions[number].met(of, look)
            for each in self._conditions[number].told(of, look)
        )
        found = [
            (start, end, each.said)
            for each in told
            for start, end in (*map(look.text.within, each.tokens), *each.letters)
        ]
        apart: list[Hit] = []
        for start, end, term in sorted(found, key=lambda hit: (hit[0], -hit[1], hit[2])):
            if not apart or start >= apart[-1].end:
                apart.append(Hit(term, start, end))
        return apart

    def _look(self, of: Heard) -> Look:
        text = text_of(of.text)
        return Look(text, self._wilds.over(text.places, text.folded))


def _named(one: Condition) -> Iterable[str]:
    return (key for each in one.finders for key, _ in each.steps)


class _Wilds:
    """Wildcards by letters they name, so that a word meets only those that it may fit: by how they begin,
    else by how they end, else by three letters within."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._heads = _Ends(1)
        self._tails = _Ends(-1)
        self._inner: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for key in sorted(set(keys)):
            first, *_, last = runs = key.split("*")
            if first.strip("#@"):
                self._heads.add(first, key)
            elif last:
                self._tails.add(last, key)
            else:
                run = max(runs, key=len)
                self._inner[run[:_SLICE]].append((run, key))

    def over(self, words: Collection[str], text: str) -> dict[str, list[str]]:
        """Those that are there, each with the words that fit it; `text` holds all of these."""
        found: dict[str, list[str]] = {}
        for word, key in (*self._heads.met(words), *self._tails.met(words), *self._met(words, text)):
            if globbed(key, word):
                found.setdefault(key, []).append(word)
        return found

    def _met(self, words: Collection[str], text: str) -> Iterator[tuple[str, str]]:
        for part, runs in self._inner.items():
            for run, key in runs if part in text else ():
                if run in text:
                    yield from ((word, key) for word in words if run in word)


class _Ends:
    """Keys by the letters that a word begins with (`step` 1) or ends with (-1). The first few letters say
    which lengths to look at."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._keys: defaultdict[str, list[str]] = defaultdict(list)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._sizes: set[int] = set()

    def add(self, letters: str, key: str) -> None:
        letters = letters[:: self._step]
        self._keys[letters].append(key)
        self._lengths[letters[:_SLICE]].add(len(letters))
        self._sizes.add(min(len(letters), _SLICE))

    def met(self, words: Iterable[str]) -> Iterator[tuple[str, str]]:
        for size in self._sizes:
            for word in words:
                letters = word[:: self._step]
                for length in self._lengths.get(letters[:size], ()):
                    for key in self._keys.get(letters[:length], ()):
                        yield word, key


_built: dict[int, tuple[object, Matcher]] = {}


def matcher(watches: tuple[Watch, ...]) -> Matcher:
    """The one of these watches: made once for a brand that is kept in memory, whatever asks. By identity, as
    to compare a thousand watches takes longer than to match them."""
    known = _built.get(id(watches))
    if known is None or known[0] is not watches:
        if len(_built) >= _BUILT:
            _built.clear()
        known = _built[id(watches)] = (watches, Matcher(map(query_of, watches)))
    return known[1]


def query_of(watch: Watch) -> Query:
    """What the watch asks for: its query, or its words; in its languages."""
    asked = from_text(watch.plan) if watch.plan else of_words(watch.terms, watch.exclude)
    spoken = tuple(Field("lang", language) for language in watch.languages)
    return All((asked, Any(spoken))) if spoken else asked


def hits(terms: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Those of `terms` that a text holds, in their order."""
    found = _of_terms(terms).found(Heard(text=text))
    return found[0].terms if found else ()


@lru_cache(maxsize=512)
def _of_terms(terms: tuple[str, ...]) -> Matcher:
    return Matcher([of_words(terms)])
