"""When a second opinion is asked, and what comes of it."""

from dataclasses import replace

import pytest

from chalicelib.domain.advice import READ, Opinion, asks, question, taken
from chalicelib.domain.brand import Adviser
from chalicelib.domain.verdict import Evidence, Reading, Sentiment
from tests.domain.people import mention

UNSURE = Reading(
    language="nl",
    sentiment=Sentiment.UNSURE,
    probabilities=(0.4, 0.3, 0.3),
    evidence=(Evidence(0, 3, Sentiment.NEGATIVE, 0.4),),
    judge="tables-5",
)
BEDROCK = Adviser(by="bedrock", a_day=5, model="m-1")
COMPREHEND = Adviser(by="comprehend", a_day=5)
DIRECT = mention(direct=True)


@pytest.mark.parametrize(
    ("adviser", "heard", "reading", "asked"),
    [
        (BEDROCK, DIRECT, UNSURE, True),
        (BEDROCK, mention(), UNSURE, False),
        (BEDROCK, mention(), replace(UNSURE, urgency=1), True),
        (BEDROCK, replace(mention(), author=replace(DIRECT.author, followers=1000)), UNSURE, True),
        (BEDROCK, DIRECT, replace(UNSURE, sentiment=Sentiment.NEUTRAL), False),
        (BEDROCK, DIRECT, replace(UNSURE, language="und"), False),
        (BEDROCK, replace(DIRECT, history=True), UNSURE, False),
        (BEDROCK, replace(DIRECT, text=" \n"), UNSURE, False),
        (COMPREHEND, DIRECT, UNSURE, False),
        (COMPREHEND, DIRECT, replace(UNSURE, language="en"), True),
    ],
)
def test_who_is_unsure_of_what_matters_asks_who_knows_the_language(
    adviser: Adviser, heard: object, reading: Reading, asked: bool
) -> None:
    assert asks(adviser, heard, reading) is asked  # type: ignore[arg-type]


def test_the_same_question_is_the_same_text_language_and_adviser() -> None:
    long = replace(DIRECT, text="a" * READ)
    assert question(BEDROCK, long, UNSURE) == question(BEDROCK, replace(long, text="a" * 900), UNSURE)
    others = [
        question(COMPREHEND, long, UNSURE),
        question(replace(BEDROCK, model="m-2"), long, UNSURE),
        question(BEDROCK, long, replace(UNSURE, language="en")),
        question(BEDROCK, DIRECT, UNSURE),
        question(BEDROCK, replace(DIRECT, text="\ud800"), UNSURE),
    ]
    assert len({question(BEDROCK, long, UNSURE), *others}) == 6


def test_the_label_is_the_adviser_s_and_the_evidence_ours() -> None:
    found = taken(UNSURE, Opinion(Sentiment.NEGATIVE, (0.8, 0.1, 0.1), "bedrock-1"))
    assert (found.sentiment, found.certainty, found.judge) == (Sentiment.NEGATIVE, 0.8, "bedrock-1")
    assert found.evidence == UNSURE.evidence
