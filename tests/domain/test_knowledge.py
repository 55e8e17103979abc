"""A page of knowledge: what it says, what is wrong with it and on which line."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.knowledge import (
    CLEAR,
    Hit,
    Page,
    Passage,
    clear,
    digest,
    faults,
    from_file,
    passages,
    plain_of,
    to_file,
)

TEXT = """Wij zijn een bibliotheek.

## Hoe laat zijn jullie open?

## Wat zijn de openingstijden?
Van **9 tot 17**. Zie [de site](https://bieb.example/open).

- ook op zaterdag
### Let op
## Zijn jullie op zondag open?
Nee.
"""
PAGE = Page(id="open", title="Openingstijden", language="nl", text=TEXT)


def wrong(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in faults(replace(PAGE, text=text), ("nl",), ())]


def test_headings_under_one_another_ask_the_same() -> None:
    assert faults(PAGE, ("nl",), ()) == []
    first, open_at, sunday = passages(PAGE)
    assert (first.questions, first.answer) == (("Openingstijden",), "Wij zijn een bibliotheek.")
    assert open_at.questions == ("Hoe laat zijn jullie open?", "Wat zijn de openingstijden?")
    assert (
        open_at.answer == "Van 9 tot 17. Zie de site: https://bieb.example/open.\n\n- ook op zaterdag\nLet op"
    )
    assert (sunday.n, sunday.answer) == (3, "Nee.")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "a question and its answer"),
        ("\n \n", 0, "a question and its answer"),
        ("## Een?\nJa.\n\n## Twee?\n", 4, "an answer below this question"),
        ("## Een?\n## Twee?\n\n", 2, "an answer below this question"),
        ("## Een?\nJa.\n# Twee?\nNee.", 3, "a question begins with ## and a space"),
        ("## Een?\nJa.\n##Twee?\nNee.", 3, "a question begins with ## and a space"),
        ("## Een?\nJa.\nKijk <b>hier</b>.", 3, "no HTML: networks show it as it stands"),
        (f"## Een?\nJa.\n## {'x' * 201}\nNee.", 3, "a question of at most 200 characters"),
        (f"## Een?\nJa.\n## Twee?\n{'x' * 2001}", 4, "an answer of at most 2,000 characters"),
        ("x" * 20_001, 0, "at most 20,000 characters"),
    ],
)
def test_what_is_wrong_names_its_line(text: str, line: int, said: str) -> None:
    assert wrong(text) == [(line, said)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": "een\ntwee"}, "title"),
        ({"language": "fr"}, "language"),
        ({"department": "nergens"}, "department"),
        ({"id": "Met Hoofdletters"}, "id"),
        ({"id": "x" * 37}, "id"),
    ],
)
def test_what_is_wrong_names_its_field(changes: dict[str, str], field: str) -> None:
    found = faults(replace(PAGE, **changes), ("nl",), ("balie",))
    assert [fault.field for fault in found] == [field]


@pytest.mark.parametrize("sound", ["Een hartje <3", "2 < 3 en 5 > 4", "#bieb is onze tag", "x ** y"])
def test_what_only_looks_wrong_is_kept(sound: str) -> None:
    assert wrong(f"## Een?\n{sound if sound[0] != '#' else ' ' + sound}") == []


@given(st.text(), st.text(alphabet="#ab \n-*[](){}", max_size=200))
def test_any_text_is_read_and_kept_as_it_is(some: str, marked: str) -> None:
    for text in (some, marked, f"## a\n{marked}"):
        page = replace(PAGE, text=text.replace("\r", ""))
        found = faults(page, ("nl",), ())
        answers = passages(page)
        assert found or (answers and all(each.questions for each in answers))
        if "\n" not in page.title:
            assert from_file("open", to_file(page)) == page


def test_another_content_has_another_digest() -> None:
    kept = {digest(replace(PAGE, **change)) for change in ({}, {"title": "Tijden"}, {"department": "balie"})}
    assert len(kept) == 3
    assert digest(replace(PAGE, id="other")) == digest(PAGE)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Let op:** __nu__", "Let op: nu"),
        ("2 * 3 * 4 en snake_case_naam", "2 * 3 * 4 en snake_case_naam"),
        ("![kaart](https://bieb.example/k.png)", "kaart: https://bieb.example/k.png"),
        ("[hier](http://x.example)", "hier: http://x.example"),
        ("[datum] blijft open", "[datum] blijft open"),
        ("> zo\n\n\n\nklaar", "zo\n\nklaar"),
    ],
)
def test_an_answer_is_said_as_a_network_shows_it(markdown: str, plain: str) -> None:
    assert plain_of(markdown) == plain


def hit(sure: float, n: int = 1) -> Hit:
    passage = Passage(page="p", n=n, title="T", language="nl", questions=("Q",), answer="A")
    return Hit(passage, 1.0, sure)


@pytest.mark.parametrize(
    ("sures", "found"),
    [
        ((), None),
        ((CLEAR - 0.01,), None),
        ((CLEAR,), 1),
        ((0.2, 0.9), 2),
        ((0.9, 0.85), None),
        ((0.9, 0.9, 0.9), None),
    ],
)
def test_clearly_right_is_one_alone(sures: tuple[float, ...], found: int | None) -> None:
    passage = clear([hit(sure, n) for n, sure in enumerate(sures, start=1)])
    assert (passage.n if passage else None) == found
