"""The matcher beside a slow and plain reading of the same language, over what nobody thought of."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher
from chalicelib.domain.query import Query, from_text, to_text
from chalicelib.domain.terms import fold
from chalicelib.querying.faults import QueryFault
from chalicelib.querying.parse import LONGEST, parse
from tests.querying import reference
from tests.querying.strategies import queries, texts

LONG = settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))
SOUP = st.lists(
    st.sampled_from(
        (
            *'()"{}“” *-:,;#@',
            "AND",
            "OR",
            "NOT",
            "NEAR/3",
            "ONEAR/",
            "site:",
            "author:",
            "lang:nl",
            "bieb",
            "b*",
            "\n",
        )
    )
    | st.text(max_size=3),
    max_size=30,
).map(" ".join)

heard = st.builds(
    Heard,
    text=texts,
    language=st.sampled_from(("", "nl", "nl-BE", "de", "und")),
    platform=st.sampled_from(("feed", "mastodon")),
    author=st.sampled_from(("", "jan", "jaan@social.example", "piet")),
    url=st.sampled_from(("", "https://www.nos.nl/1", "https://nos.nl.example/")),
    followers=st.sampled_from((None, 5, 10)),
    reply=st.booleans(),
)


def read(query: str) -> Query:
    """What asks for nothing, or lies too deep, is not asked."""
    try:
        return parse(query)
    except QueryFault as fault:
        assume("says only what must not be there" not in fault.said and " deep " not in fault.said)
        assume("nothing fits both" not in fault.said)
        raise


def alike(query: str, of: Heard) -> None:
    matcher, tree = Matcher([read(query)]), reference.read(query)
    assert bool(matcher.found(of)) is reference.fits(tree, of)


def together(written: list[str], of: Heard) -> None:
    made = [read(query) for query in written]
    found = [match.number for match in Matcher(made).found(of)]
    assert found == [n for n, query in enumerate(written) if reference.fits(reference.read(query), of)]


def sound(query: str) -> None:
    """A query, or a fault at a sign of it."""
    found = _tried(query)
    if isinstance(found, QueryFault):
        assert 1 <= found.column <= len(query) + 1
        assert found.said
    else:
        assert from_text(to_text(found)) == found


def _tried(query: str) -> Query | QueryFault:
    try:
        return parse(query)
    except QueryFault as fault:
        return fault


def placed(query: str, text: str) -> None:
    """What hits is in the text, in order, and folds to something."""
    matcher = Matcher([read(query)])
    hits = matcher.hits(Heard(text=text), [0])
    assert all(fold(text[hit.start : hit.end]) for hit in hits)
    assert all(one.end <= other.start for one, other in pairwise(hits))


@given(queries, heard)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_query_finds_what_the_reference_finds(query: str, of: Heard) -> None:
    alike(query, of)


@given(st.lists(queries, min_size=2, max_size=6), heard)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_many_at_once_find_what_the_reference_finds(written: list[str], of: Heard) -> None:
    together(written, of)


@given(SOUP)
def test_whatever_is_typed_is_a_query_or_a_fault_at_its_sign(query: str) -> None:
    sound(query)


@given(queries, texts)
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_what_hits_is_in_the_text(query: str, text: str) -> None:
    placed(query, text)


@pytest.mark.fuzz
@given(queries, heard)
@LONG
def test_long_a_query_finds_what_the_reference_finds(query: str, of: Heard) -> None:
    alike(query, of)


@pytest.mark.fuzz
@given(queries, heard, st.text(max_size=30))
@LONG
def test_long_whatever_stands_in_the_text(query: str, of: Heard, more: str) -> None:
    alike(query, replace(of, text=f"{of.text}{more}"))
    placed(query, f"{more}{of.text}")


@pytest.mark.fuzz
@given(SOUP | st.text(max_size=LONGEST + 10))
@LONG
def test_long_whatever_is_typed_is_a_query_or_a_fault(query: str) -> None:
    sound(query)
