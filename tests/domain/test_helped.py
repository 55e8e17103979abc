"""How what they write after our answer is read: every example of the table, and what counts as silence."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.case import CaseState, Helped
from chalicelib.domain.helped import SILENT, read, silent
from chalicelib.domain.verdict import Reading, Sentiment
from tests.aws.people import case
from tests.conftest import NOW

EXAMPLES = Path(__file__).parents[1] / "data" / "helped.tsv"
ROWS = [line.split("\t") for line in EXAMPLES.read_text("utf-8").splitlines()[1:]]


def reading(language: str, sentiment: str, intents: str) -> Reading:
    return Reading(
        language=language,
        sentiment=Sentiment(sentiment),
        probabilities=(0.3, 0.4, 0.3),
        intents=() if intents == "-" else tuple(intents.split(",")),
        judge="t",
    )


@pytest.mark.parametrize(
    ("language", "sentiment", "intents", "expected", "text"), ROWS, ids=[row[4] for row in ROWS]
)
def test_what_they_say_of_our_answer(
    language: str, sentiment: str, intents: str, expected: str, text: str
) -> None:
    said = read(text, reading(language, sentiment, intents))
    assert said == (None if expected == "-" else Helped(expected))


@pytest.mark.parametrize(
    ("said", "precision", "recall"), [(Helped.THANKS, 1.0, 0.98), (Helped.AGAIN, 0.98, 0.98)]
)
def test_how_often_it_is_right_on_written_examples(
    said: Helped, precision: float, recall: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thanks that are none close a case in which something is asked: of those none may be."""
    told: Counter[str] = Counter()
    for language, sentiment, intents, expected, text in ROWS:
        got, right = read(text, reading(language, sentiment, intents)) is said, expected == said
        told["right"] += got and right
        told["wrong"] += got and not right
        told["missed"] += right and not got
    share = told["right"] / (told["right"] + told["wrong"]), told["right"] / (told["right"] + told["missed"])
    with capsys.disabled():
        print(f"\n{said}, {len(ROWS)} messages: precision {share[0]:.2f}, recall {share[1]:.2f}")
    assert share[0] >= precision
    assert share[1] >= recall


def test_there_are_examples_of_each_in_both_languages() -> None:
    assert len(ROWS) >= 140
    assert {(row[0], row[3]) for row in ROWS} == {
        (language, said) for language in ("nl", "en") for said in ("thanks", "again", "-")
    }


@given(st.text(max_size=400), st.sampled_from(list(Sentiment)))
def test_whatever_they_write_is_read_as_one_or_neither(text: str, sentiment: Sentiment) -> None:
    assert read(text, reading("nl", sentiment.value, "-")) in (Helped.THANKS, Helped.AGAIN, None)


def test_silence_is_seven_days_without_a_word_after_an_answer() -> None:
    answered = case(state=CaseState.ANSWERED, answered_at=NOW)
    assert not silent(answered, NOW + SILENT - timedelta(seconds=1))
    assert silent(answered, NOW + SILENT)
    assert not silent(replace(answered, state=CaseState.SOLVED), NOW + SILENT)
    assert not silent(case(), NOW + SILENT)
