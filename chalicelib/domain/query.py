"""What a watch asks for, as a tree. `querying/` makes it of what a person typed, when a watch is kept; the
matcher (`matching.py`) takes it as it is, so that nothing that matches loads a parser.

In the table it is one line of JSON, fit to be read: a text is a term, `{"any": [...]}` and `{"all": [...]}`
hold further ones, `{"not": ...}` one, `{"exact": "ING"}` is a term written exactly so, `{"near": [["a", "b"],
5, ["c"]]}` says how many words at most lie between (ordered: `[5]`), `{"field": ["site", "nos.nl"]}` asks for
where a message is from.
"""

import json
from dataclasses import dataclass
from typing import Any as Plain, TypeAlias

FIELDS = ("author", "site", "lang", "platform", "kind", "min_followers", "link")
KINDS = ("post", "reply", "direct")
"""`kind:`: begins a conversation, answers another message, is addressed to us."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as it was written, without its quotes; `exact`: capitals and accents count."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One of `FIELDS`; `value` in small letters."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Near:
    """A row of places, each one of several terms. `gaps[n]`: how many words lie at most between place n and
    the next, and whether the next must come after it."""

    places: tuple[tuple[Term, ...], ...]
    gaps: tuple[tuple[int, bool], ...]


Query: TypeAlias = Term | Field | Not | All | Any | Near


def of_words(terms: tuple[str, ...], exclude: tuple[str, ...] = ()) -> Query:
    """Any of the terms, and none of the others: what a plain list of words asks for."""
    wanted = Any(tuple(map(Term, terms)))
    return All((wanted, Not(Any(tuple(map(Term, exclude)))))) if exclude else wanted


def fields(query: Query) -> set[str]:
    """The names of those it asks for."""
    match query:
        case Field(name):
            return {name}
        case Not(part):
            return fields(part)
        case All(parts) | Any(parts):
            return {name for part in parts for name in fields(part)}
    return set()


def to_text(query: Query) -> str:
    return json.dumps(_plain(query), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Query:
    """Raises ValueError for what `to_text` did not make."""
    try:
        return _read(json.loads(text))
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("not a query as we keep them") from error


def _plain(query: Query) -> Plain:
    match query:
        case Term(text, exact):
            return {"exact": text} if exact else text
        case Field(name, value):
            return {"field": [name, value]}
        case Not(part):
            return {"not": _plain(part)}
        case All(parts):
            return {"all": [_plain(part) for part in parts]}
        case Any(parts):
            return {"any": [_plain(part) for part in parts]}
    row: list[Plain] = [[_plain(term) for term in place] for place in query.places]
    gaps: list[Plain] = [[words] if ordered else words for words, ordered in query.gaps]
    return {"near": [each for pair in zip(row, [*gaps, None], strict=True) for each in pair][:-1]}


def _read(given: Plain) -> Query:
    if isinstance(given, str):
        return Term(given)
    ((name, inner),) = given.items()
    match name:
        case "exact":
            return Term(inner, exact=True)
        case "field":
            return Field(*inner)
        case "not":
            return Not(_read(inner))
        case "all":
            return All(tuple(map(_read, inner)))
        case "any":
            return Any(tuple(map(_read, inner)))
        case "near":
            gaps = tuple((each[0], True) if isinstance(each, list) else (each, False) for each in inner[1::2])
            return Near(tuple(tuple(map(_term, place)) for place in inner[::2]), gaps)
    raise ValueError(f"{name} is no part of a query")


def _term(given: Plain) -> Term:
    found = _read(given)
    if not isinstance(found, Term):
        raise ValueError("only terms stand near each other")
    return found
