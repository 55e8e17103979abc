"""Every written case: what a query finds, what it leaves, and where a wrong one goes wrong."""

from time import process_time

import pytest

from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher
from chalicelib.domain.query import from_text, to_text
from chalicelib.querying.faults import QueryFault
from chalicelib.querying.parse import parse
from tests.querying import cases, reference
from tests.querying.cases import Case, Wrong

CASES, WRONG = cases.cases(), cases.wrong()


def test_there_are_hundreds_of_written_cases() -> None:
    assert len(CASES) >= 300
    assert len(WRONG) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.line}-{case.query[:30]}")
def test_a_query_finds_what_is_written(case: Case) -> None:
    found = Matcher([parse(case.query)]).found(case.of)
    assert bool(found) is case.fits
    if case.terms is not None:
        assert found[0].terms == case.terms


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.line}-{case.query[:30]}")
def test_the_slow_reference_reads_the_cases_alike(case: Case) -> None:
    assert reference.fits(reference.read(case.query), case.of) is case.fits


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.line}-{case.query[:30]}")
def test_a_wrong_query_is_told_where_and_what_was_expected(case: Wrong) -> None:
    with pytest.raises(QueryFault) as fault:
        parse(case.query)
    assert (fault.value.column, fault.value.said[: len(case.said)]) == (case.column, case.said)
    assert str(fault.value) == f"column {case.column}: {fault.value.said}"


def test_all_queries_at_once_find_what_each_finds_alone() -> None:
    queries = list(dict.fromkeys(case.query for case in CASES))
    together = Matcher(map(parse, queries))
    alone = [Matcher([parse(query)]) for query in queries]
    for case in CASES:
        found = {match.number: match.terms for match in together.found(case.of)}
        assert found == {n: one[0].terms for n, each in enumerate(alone) if (one := each.found(case.of))}


@pytest.mark.parametrize("query", sorted({case.query for case in CASES}))
def test_what_is_kept_of_a_query_is_the_query(query: str) -> None:
    made = parse(query)
    assert from_text(to_text(made)) == made


def test_what_hits_is_where_it_is_said_to_be() -> None:
    text = "De   BIEB (geopend) gaf #OpenDag een kinderboeteregeling"
    matcher = Matcher(map(parse, ['bieb "open dag"', "*boete*", "gaf NEAR/0 geopend", "niets"]))
    found = matcher.hits(cases.heard(text), range(4))
    assert [(hit.term, text[hit.start : hit.end]) for hit in found] == [
        ("bieb", "BIEB"),
        ("geopend", "geopend"),
        ("gaf", "gaf"),
        ("open dag", "#OpenDag"),
        ("*boete*", "kinderboeteregeling"),
    ]


def test_what_is_written_with_another_apostrophe_or_hyphen_is_where_it_is_said_to_be() -> None:
    text = "Mooie  foto’s van 🎉 ’s‑Hertogenbosch, zei Jan–Willem"
    found = Matcher(map(parse, ["foto's", "'s-Hertogenbosch", "{Jan-Willem}"])).hits(
        cases.heard(text), range(3)
    )
    assert [text[hit.start : hit.end] for hit in found] == ["foto’s", "’s‑Hertogenbosch", "Jan–Willem"]


def test_a_link_is_where_the_text_says_it() -> None:
    text = "Zie https://bieb.nl/agenda, of  Bieb.nl (en example.org)"
    matcher = Matcher(map(parse, ["link:bieb.nl", "link:example.org"]))
    assert [(hit.term, text[hit.start : hit.end]) for hit in matcher.hits(cases.heard(text), range(2))] == [
        ("link:bieb.nl", "https://bieb.nl/agenda"),
        ("link:bieb.nl", "Bieb.nl"),
        ("link:example.org", "example.org"),
    ]


def test_near_names_only_those_that_are_near() -> None:
    text = "boete. En dan heel lang niets over de bieb en haar boete"
    found = Matcher([parse("bieb NEAR/2 boete")]).hits(cases.heard(text), [0])
    assert [(hit.start, hit.end) for hit in found] == [(38, 42), (51, 56)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("x" * 2001, "column 2001: a query has at most 2000 signs"),
        (" ".join(["bieb"] * 101), "column 1: a query has at most 100 words, phrases and fields"),
        ("(" * 11 + "bieb" + ")" * 11, "column 1: brackets and NOT stand at most 10 deep within each other"),
        (
            "(" * 900 + "bieb" + ")" * 900,
            "column 890: brackets and NOT stand at most 10 deep within each other",
        ),
        ("NOT " * 12 + "bieb", "column 5: brackets and NOT stand at most 10 deep within each other"),
        ('"' + "de " * 21 + '"', "column 1: a phrase has at most 20 words"),
    ],
)
def test_what_is_too_long_too_deep_or_too_rich_is_refused(query: str, said: str) -> None:
    with pytest.raises(QueryFault) as fault:
        parse(query)
    assert str(fault.value) == said


@pytest.mark.parametrize(
    "made", ["[]", "{}", '{"any":1}', '{"or":["a"]}', '{"near":[["a"],1,[{"not":"a"}]]}', "x"]
)
def test_what_was_not_kept_by_us_is_no_query(made: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_text(made)


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        ("a ", ["a"] * 19),
        ("#a ", ["a"] * 19),
        ("a, ", ["a"] * 19),
        ("a b ", ["a", "b"] * 9),
    ],
)
def test_no_query_of_long_phrases_takes_long(piece: str, words: list[str]) -> None:
    """Each begins at every word of the text, and goes on to its last."""
    phrases = [" ".join([*words, f"z{n}"]) for n in range(30)]
    one = Matcher([parse(" OR ".join(f'"{phrase}"' for phrase in phrases))])
    of = Heard(text=(piece * 20_000)[:19_000] + " ".join(f"z{n}" for n in range(30)))
    began = process_time()
    one.found(of)
    assert process_time() - began < 3


@pytest.mark.parametrize(
    "piece", ["a ", "a b ", "ab", "a. ", "#a", "# ", "a! ", "a\u0301", "a\u200b ", "https://x"]
)
def test_no_text_takes_a_query_more_than_linear_time(piece: str) -> None:
    hostile = Matcher(
        map(
            parse,
            [
                f'"{"a " * 19}b"',
                "a NEAR/100 a NEAR/100 (a OR b)",
                "*aba*ab* OR ab*ab*ab*ab*b",
                '"ab* ab* b" OR "# # a"',
                "{A a b}",
                "link:x.nl OR link:*",
            ],
        )
    )

    def seconds(length: int) -> float:
        of = Heard(text=(piece * length)[:length])
        times = []
        for _ in range(3):
            began = process_time()
            hostile.hits(of, range(6))
            times.append(process_time() - began)
        return min(times)

    # Ten times the text: linear takes 10 times as long, quadratic 100.
    assert seconds(20_000) < 40 * max(seconds(2_000), 0.0005)
