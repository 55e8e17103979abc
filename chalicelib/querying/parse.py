"""Reads a query, or says where it goes wrong and what was expected there.

The grammar is in `grammar.lark`, the sentences of what is wrong in `faults.py`. How long, how deep and how
rich a query may be is bounded here, so that none can take long, neither to read nor to match.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any as Anything

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from chalicelib.domain.query import All, Any, Field, Near, Not, Query, Term
from chalicelib.domain.terms import finder, fold
from chalicelib.querying import faults, values
from chalicelib.querying.faults import QueryFault

LONGEST = 2000
"""Characters."""
TERMS = 100
DEEPEST = 10
"""Brackets and NOT within each other."""
FURTHEST = 100
"""Words between what is near."""
WORDS = 20
"""Of a phrase, with its signs."""


@dataclass(frozen=True, slots=True)
class _Part:
    """`column` is where it begins, from 1."""

    query: Query
    column: int
    deep: int = 0


def parse(text: str) -> Query:
    """Raises QueryFault."""
    if len(text) > LONGEST:
        raise QueryFault(LONGEST + 1, f"a query has at most {LONGEST} signs")
    if not text.strip():
        raise QueryFault(1, "there is nothing here to look for")
    values.quotes(text)
    try:
        found: Anything = _parser().parse(text)
    except UnexpectedCharacters as error:
        raise faults.of_sign(text, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        raise faults.of_token(text, error) from None
    part: _Part = found
    if not _asks(part.query):
        raise QueryFault(
            part.column, "this says only what must not be there, or narrows: name something to look for"
        )
    return part.query


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Tree())


@v_args(inline=True)
class _Tree(Transformer[Token, _Part]):
    """From the grammar's rules, innermost first, to parts of the tree."""

    def start(self, part: _Part) -> _Part:
        terms = _counted(part.query)
        if terms > TERMS:
            raise QueryFault(part.column, f"a query has at most {TERMS} words, phrases and fields")
        return part

    def either(self, *parts: _Part) -> _Part:
        return _joined(Any(tuple(part.query for part in parts)), parts)

    def both(self, *parts: _Part) -> _Part:
        _agree(parts)
        return _joined(All(tuple(part.query for part in parts)), parts)

    def near(self, *row: Anything) -> _Part:
        parts: tuple[_Part, ...] = row[::2]
        places, gaps = _row(parts[0])
        for mark, part in zip(row[1::2], parts[1:], strict=True):
            more, further = _row(part)
            places, gaps = places + more, (*gaps, _gap(mark), *further)
        return _joined(Near(places, gaps), parts)

    def lacking(self, mark: Token, part: _Part) -> _Part:
        return _deeper(Not(part.query), mark, part)

    def group(self, mark: Token, part: _Part) -> _Part:
        return _deeper(part.query, mark, part)

    def word(self, token: Token) -> _Part:
        values.word(token, _column(token))
        return _term(Term(str(token)), token)

    def phrase(self, token: Token) -> _Part:
        return _term(Term(" ".join(token[1:-1].split())), token)

    def exact(self, token: Token) -> _Part:
        if "*" in token:
            raise QueryFault(_column(token), "a * has no place in what is written exactly so")
        return _term(Term(" ".join(token[1:-1].split()), exact=True), token)

    def field(self, name: Token, value: Token) -> _Part:
        given = value[1:-1] if value.type == "PHRASE" else str(value)
        column = _column(name)
        if value.start_pos != name.end_pos:
            raise QueryFault(column + len(name), f"expected a word right after {name}")
        return _Part(Field(name[:-1], values.value(name[:-1], given, column + len(name))), column)


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _joined(query: Query, parts: tuple[_Part, ...]) -> _Part:
    return _Part(query, parts[0].column, max(part.deep for part in parts))


def _agree(parts: tuple[_Part, ...]) -> None:
    """Raises QueryFault where one asks for what another refuses."""
    wanted = {_told(part.query) for part in parts}
    for part in parts:
        inner = part.query.part if isinstance(part.query, Not) else All(())
        for query in inner.parts if isinstance(inner, Any) else (inner,):
            if isinstance(query, Term | Field) and (told := _told(query)) in wanted:
                raise QueryFault(part.column, f"this asks for {told} and for its absence: nothing fits both")


def _told(query: Query) -> str:
    """A term or a field as it may be compared; "" for what is more."""
    if isinstance(query, Field):
        return f"{query.name}:{query.value}"
    return (f"{{{query.text}}}" if query.exact else fold(query.text)) if isinstance(query, Term) else ""


def _deeper(query: Query, mark: Token, part: _Part) -> _Part:
    if part.deep >= DEEPEST:
        raise QueryFault(_column(mark), f"brackets and NOT stand at most {DEEPEST} deep within each other")
    return _Part(query, _column(mark), part.deep + 1)


def _term(term: Term, token: Token) -> _Part:
    column = _column(token)
    found = finder(term)
    values.alone(term.text, column)
    if not found.steps:
        raise QueryFault(column, "there is nothing here to look for")
    if len(found.steps) > WORDS:
        raise QueryFault(column, f"a phrase has at most {WORDS} words")
    for key, _ in found.steps:
        if "*" in key and len(key) > 1:
            values.wildcard(key, column)
    return _Part(term, column)


def _gap(mark: Token) -> tuple[int, bool]:
    name, _, words = mark.partition("/")
    if len(words) > 3 or int(words) > FURTHEST:
        raise QueryFault(_column(mark), f"{name} looks at most {FURTHEST} words far")
    return int(words), name == "ONEAR"


def _row(part: _Part) -> tuple[tuple[tuple[Term, ...], ...], tuple[tuple[int, bool], ...]]:
    """What stands beside NEAR, as a row of places: of one, or those of a NEAR in brackets."""
    if isinstance(part.query, Near):
        return part.query.places, part.query.gaps
    if terms := _alternatives(part.query):
        return (terms,), ()
    raise QueryFault(part.column, "beside NEAR stand words and phrases, with OR between them in brackets")


def _alternatives(query: Query) -> tuple[Term, ...]:
    """The terms of which one is wanted; () for what asks for more."""
    if isinstance(query, Term):
        return (query,)
    if isinstance(query, Any):
        inner = [_alternatives(part) for part in query.parts]
        return tuple(term for terms in inner for term in terms) if all(inner) else ()
    return ()


def _counted(query: Query) -> int:
    """How many terms and fields it has."""
    match query:
        case Not(part):
            return _counted(part)
        case All(parts) | Any(parts):
            return sum(map(_counted, parts))
        case Near(places):
            return sum(map(len, places))
    return 1


def _asks(query: Query, wanted: bool = True) -> bool:
    """Does all that fits have something in common that was looked for: a term, an author, a site, a link?"""
    match query:
        case Not(part):
            return _asks(part, not wanted)
        case All(parts) | Any(parts):
            inner = [_asks(part, wanted) for part in parts]
            return any(inner) if isinstance(query, All) is wanted else all(inner)
        case Field(name):
            return wanted and name in ("author", "site", "link")
    return wanted
