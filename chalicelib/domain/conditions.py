"""The conditions that a query is made of: does a message meet them, and by which of its words?

A query is laid out so that `Not` stands before single terms and fields only: what is not A or B lacks both.
Each condition names words of which a text holds one if it meets it, so that most are never looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.domain.mention import Found, Mention
from chalicelib.domain.query import All, Any, Field, Near, Not, Query, Term
from chalicelib.domain.terms import Common, Finder, Look, Span, finder


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What can be asked of a message. `language` "" or "und": nobody knows; `followers` None: neither."""

    text: str
    language: str = ""
    platform: str = ""
    author: str = ""
    name: str = ""
    url: str = ""
    followers: int | None = None
    reply: bool = False
    direct: bool = False
    links: tuple[str, ...] = ()
    """Where it links beside what its text says."""


def heard(of: Found | Mention, *, platform: str = "", language: str = "") -> Heard:
    """`platform` for what was found and is no mention yet; `language` where more is known of it by now."""
    return Heard(
        text=of.text,
        language=language or of.language,
        platform=platform or (of.key.platform if isinstance(of, Mention) else of.platform),
        author=of.author.handle,
        name=of.author.name,
        url=of.url,
        followers=of.author.followers,
        reply=bool(of.reply_to),
        direct=of.direct,
        links=of.links,
    )


class Told(NamedTuple):
    """A term by which a condition is met, with its tokens; or a field, as `link:bieb.nl`, with the characters
    of the text that say so, if any do."""

    said: str
    tokens: Sequence[Span] = ()
    letters: Sequence[Span] = ()


Keys = tuple[str, ...] | None
"""A text that meets a condition holds one of them; None where that cannot be said."""


class Condition:
    """`finders` are those of its terms, also of those it must lack; `marks` are the keys of the fields by
    which it may be found, as `author jan`."""

    __slots__ = ("finders", "marks")

    def __init__(self, finders: Iterable[Finder] = (), marks: Iterable[str] = ()) -> None:
        self.finders = tuple(finders)
        self.marks = tuple(marks)

    def keys(self, common: Common) -> Keys:
        """The rarest there are to choose from."""
        return None

    def met(self, of: Heard, look: Look) -> bool:
        raise NotImplementedError

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        return iter(())


class Holds(Condition):
    def __init__(self, term: Term) -> None:
        self._finder = finder(term)
        super().__init__([self._finder])

    def keys(self, common: Common) -> Keys:
        return self._finder.keys(common)

    def met(self, of: Heard, look: Look) -> bool:
        if self._finder.plain:
            return self._finder.plain in look.text.places
        return bool(self._finder.found(look))

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        if found := self._finder.found(look):
            yield Told(self._finder.term.text, found)


class Lacks(Condition):
    def __init__(self, inner: Condition) -> None:
        self._inner = inner
        super().__init__(inner.finders)

    def met(self, of: Heard, look: Look) -> bool:
        return not self._inner.met(of, look)


class IsFrom(Condition):
    """What nobody knows of a message, such as its language, speaks against nothing.

    What a field asks is loaded where a query has one: most workers meet words alone.
    """

    def __init__(self, field: Field, wanted: bool) -> None:
        from chalicelib.domain.origin import key, linked, says

        self._field, self._wanted = field, wanted
        self._says, self._linked = says, linked
        super().__init__(marks=filter(None, [key(field) if wanted else ""]))

    def keys(self, common: Common) -> Keys:
        return self.marks or None

    def met(self, of: Heard, look: Look) -> bool:
        said = self._says(self._field, of)
        return said is None or said is self._wanted

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        field = self._field
        if self._wanted and self._says(field, of):
            letters = self._linked(field.value, of)[1] if field.name == "link" else ()
            yield Told(f"{field.name}:{field.value}", letters=letters)


class Every(Condition):
    def __init__(self, parts: Sequence[Condition]) -> None:
        self._parts = parts
        super().__init__(_finders(parts), (mark for part in parts for mark in part.marks))

    def keys(self, common: Common) -> Keys:
        known = [keys for part in self._parts if (keys := part.keys(common)) is not None]
        return min(known, key=lambda keys: sum(map(common, keys)), default=None)

    def met(self, of: Heard, look: Look) -> bool:
        for part in self._parts:  # noqa: SIM110
            if not part.met(of, look):
                return False
        return True

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        for part in self._parts:
            yield from part.told(of, look)


class Some(Condition):
    def __init__(self, parts: Sequence[Condition]) -> None:
        self._parts = parts
        super().__init__(_finders(parts), (mark for part in parts for mark in part.marks))

    def keys(self, common: Common) -> Keys:
        return _together(part.keys(common) for part in self._parts)

    def met(self, of: Heard, look: Look) -> bool:
        for part in self._parts:  # noqa: SIM110
            if part.met(of, look):
                return True
        return False

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        for part in self._parts:
            if part.met(of, look):
                yield from part.told(of, look)


class Beside(Condition):
    """Of each place a term, each no further than its gap from the one before it."""

    def __init__(self, near: Near) -> None:
        self._places = [tuple(map(finder, place)) for place in near.places]
        self._gaps = near.gaps
        super().__init__(each for place in self._places for each in place)

    def keys(self, common: Common) -> Keys:
        known = [[key for each in place for key in each.keys(common)] for place in self._places]
        return tuple(min(known, key=lambda keys: sum(map(common, keys))))

    def met(self, of: Heard, look: Look) -> bool:
        return bool(self._rows(look)[-1])

    def told(self, of: Heard, look: Look) -> Iterator[Told]:
        """Only those of a whole row: what the last place leaves of those before it."""
        rows = self._rows(look)
        for n in reversed(range(len(self._gaps))):
            rows[n] = _reached(rows[n], rows[n + 1], self._gaps[n], look, back=True)
        for place, row in zip(self._places, rows, strict=True):
            left = set(row)
            for each in place:
                if spans := [span for span in each.found(look) if span in left]:
                    yield Told(each.term.text, spans)

    def _rows(self, look: Look) -> list[list[Span]]:
        """Of each place what is near enough to something of the place before it."""
        rows: list[list[Span]] = []
        for n, place in enumerate(self._places):
            found = sorted({span for each in place for span in each.found(look)})
            if n and found:
                found = _reached(found, rows[-1], self._gaps[n - 1], look)
            rows.append(found)
        return rows


def condition(query: Query, wanted: bool = True) -> Condition:
    """`wanted` False: what does not meet it."""
    match query:
        case Not(part):
            return condition(part, not wanted)
        case All(parts) | Any(parts):
            inner = [condition(part, wanted) for part in parts]
            return Every(inner) if isinstance(query, All) is wanted else Some(inner)
        case Field():
            return IsFrom(query, wanted)
        case Near():
            return Beside(query) if wanted else Lacks(Beside(query))
    return Holds(query) if wanted else Lacks(Holds(query))


def _reached(
    spans: Sequence[Span], others: Sequence[Span], gap: tuple[int, bool], look: Look, *, back: bool = False
) -> list[Span]:
    """Those with one of `others` at most so many words away; ordered: before them, or with `back` after."""
    words, ordered = gap
    order = look.text.order
    starts = sorted(start for start, _ in others)
    ends = sorted(end for _, end in others)

    def fits(span: Span) -> bool:
        start, end = span
        n = bisect_right(ends, start)  # the last that ends before it
        before = n > 0 and order[start] - order[ends[n - 1]] <= words
        n = bisect_left(starts, end)
        after = n < len(starts) and order[starts[n]] - order[end] <= words
        return (after if back else before) if ordered else before or after

    return [span for span in spans if fits(span)]


def _finders(parts: Iterable[Condition]) -> list[Finder]:
    return [each for part in parts for each in part.finders]


def _together(of: Iterable[Keys]) -> Keys:
    found: list[str] = []
    for keys in of:
        if keys is None:
            return None
        found += keys
    return tuple(found)
