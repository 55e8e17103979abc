"""What a watch hears, and what it leaves alone."""

from time import perf_counter

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.brand import Watch
from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher, query_of
from chalicelib.domain.terms import fold


def matches(watch: Watch, text: str, language: str = "") -> tuple[str, ...]:
    found = Matcher([query_of(watch)]).found(Heard(text=text, language=language))
    return found[0].terms if found else ()


def watches_of(watches: list[Watch], text: str, language: str = "") -> tuple[str, ...]:
    found = Matcher(map(query_of, watches)).found(Heard(text=text, language=language))
    return tuple(watches[match.number].id for match in found)


def watch(*terms: str, exclude: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> Watch:
    return Watch(id="w", name="w", terms=terms, exclude=exclude, languages=languages)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("bieb", "Naar de bieb!"),
        ("Bieb", "BIEB"),
        ("bieb", "#bieb is top"),
        ("bieb", "hé @bieb, open?"),
        ("bieb", "de bieb's ramen"),
        ("@bieb", "dag @Bieb."),
        ("#bieb", "mooi #BIEB"),
        ("café", "het CAFE dicht"),
        ("cafe", "Cafe\u0301 dicht"),
        ("Straße", "in der STRASSE"),
        ("open dag", "de Open   Dag"),
        ("open dag", "de open\n\tdag"),
        ("open\u00a0dag", "de open dag"),
        ("open dag", "de open, dag"),
        ("open dag", "de open-dag en “open” dag"),
        ("open dag", "kom! #OpenDag"),
        ("open dag", "kom! #open_dag"),
        ("leenboete*", "mijn leenboetes"),
        ("leenboete*", "de leenboeteregeling"),
        ("open da*", "open dagen"),
        ("R&D", "onze r&d afdeling"),
        ("C++", "een cursus C++, gratis"),
        ("n.v.t.", "dit is n.v.t. hier"),
        ("📚", "lezen 📚📚"),
        ("bieb", "de bi\u200beb"),
        ("bieb", "de bi\u00adeb"),
        ("24 uur", "binnen 24 uur"),
        ("библиотека", "наша БИБЛИОТЕКА"),
    ],
)
def test_a_term_is_heard_whatever_its_case_accents_spacing_or_tag(term: str, text: str) -> None:
    assert matches(watch(term), text) == (term,)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("bieb", "mijn biebpas"),
        ("bieb", "de stadsbieb"),
        ("bieb", "bieb_lent"),
        ("@bieb", "de bieb"),
        ("@bieb", "mail info@bieb.example"),
        ("#bieb", "example.org/blad#bieb"),
        ("open dag", "dag open"),
        ("open dag", "opendag"),
        ("open dag", "we zijn open. Dag!"),
        ("leenboete*", "een kinderleenboete"),
        ("C++", "de letter c"),
        ("*", "alles"),
        ("", "alles"),
        ("  ", "a  b"),
        ("bieb", ""),
    ],
)
def test_what_only_resembles_a_term_is_not_heard(term: str, text: str) -> None:
    assert matches(watch(term), text) == ()


def test_every_term_that_hits_is_named_in_the_order_of_the_watch() -> None:
    assert matches(watch("boete", "film", "bieb"), "De bieb gaf een boete") == ("boete", "bieb")


def test_an_exclusion_wins() -> None:
    amsterdam = watch("bieb", exclude=("vacature*",))
    assert matches(amsterdam, "werken bij de bieb? 3 Vacatures!") == ()
    assert matches(amsterdam, "werken bij de bieb?") == ("bieb",)


@pytest.mark.parametrize(
    ("language", "heard"),
    [("nl", True), ("nl-BE", True), ("NL", True), ("", True), ("und", True), ("de", False)],
)
def test_languages_count_only_where_the_language_is_known(language: str, heard: bool) -> None:
    assert bool(matches(watch("bieb", languages=("nl",)), "de bieb", language)) is heard


def test_the_watches_of_a_text_are_named_in_their_order() -> None:
    watches = [
        Watch(id="lending", name="Lending", terms=("boete*",)),
        Watch(id="films", name="Films", terms=("film",)),
        Watch(id="brand", name="Brand", terms=("stadsbieb",), languages=("nl",)),
    ]
    assert watches_of(watches, "Boetes bij @stadsbieb") == ("lending", "brand")
    assert watches_of(watches, "Boetes bij @stadsbieb", "en") == ("lending",)


WORD = st.text("abcé", min_size=1, max_size=6)


@given(WORD, st.text(max_size=40), st.text(max_size=40))
def test_a_word_between_spaces_is_always_heard(word: str, before: str, after: str) -> None:
    assert matches(watch(word), f"{before} {word.upper()} {after}") == (word,)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        "open ",
        "open  ",
        "#",
        "#open_",
        "e\u0300\u0327",
        "\u0327\u0300",
        "\ufdfa",
        "\u200b",
        "open\u0327\u0300",
    ],
)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    hostile = watch("open dag van de open dag", "a a a a b", "e*b", "#open_x", exclude=("open open x",))

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        times = []
        for _ in range(3):
            began = perf_counter()
            matches(hostile, text)
            times.append(perf_counter() - began)
        return min(times)

    # Twenty times the text: linear takes 20 times as long, quadratic 400.
    assert seconds(40_000) < 100 * max(seconds(2_000), 0.00005)
