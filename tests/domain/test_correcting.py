"""What a person's word does to a reading, and that taking it back leaves nothing of it."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.correcting import CHOICES, corrected
from chalicelib.domain.response import subject
from chalicelib.domain.verdict import Evidence, Reading, Sentiment, Verdict

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


def verdict(mood: Sentiment, *intents: str, urgency: int = 0) -> Verdict:
    reading = Reading(
        language="nl",
        sentiment=mood,
        probabilities=(0.5, 0.3, 0.2),
        evidence=(Evidence(0, 4, Sentiment.NEGATIVE, 0.3),),
        intents=intents,
        urgency=urgency,
        judge="tables-1",
    )
    return Verdict(reading=reading, department="desk", rule="first")


@pytest.mark.parametrize(
    ("was", "intents", "now", "about"),
    [
        (Sentiment.NEGATIVE, ("complaint",), Sentiment.POSITIVE, "praise"),
        (Sentiment.NEGATIVE, ("complaint",), Sentiment.NEUTRAL, "other"),
        (Sentiment.NEGATIVE, ("complaint", "question"), Sentiment.NEUTRAL, "question"),
        (Sentiment.POSITIVE, ("compliment", "thanks"), Sentiment.NEGATIVE, "complaint"),
        (Sentiment.POSITIVE, ("compliment",), Sentiment.NEUTRAL, "other"),
        (Sentiment.POSITIVE, ("compliment",), Sentiment.MIXED, "complaint"),
        (Sentiment.UNSURE, (), Sentiment.POSITIVE, "praise"),
    ],
)
def test_what_was_asked_stays_as_far_as_it_fits_the_feeling(
    was: Sentiment, intents: tuple[str, ...], now: Sentiment, about: str
) -> None:
    found = corrected(verdict(was, *intents), now, "Sam", NOW)
    assert found.reading.sentiment is now
    assert subject(found.reading) == about
    assert found.reading.evidence == verdict(was).reading.evidence
    assert found.corrected
    assert (found.corrected.was.sentiment, found.corrected.by, found.corrected.at) == (was, "Sam", NOW)


def test_a_person_is_sure() -> None:
    assert corrected(verdict(Sentiment.UNSURE), Sentiment.POSITIVE, "Sam", NOW).reading.certainty == 1
    assert corrected(verdict(Sentiment.UNSURE), Sentiment.NEGATIVE, "Sam", NOW).reading.strong


def test_nothing_is_urgent_that_is_no_complaint() -> None:
    angry = verdict(Sentiment.NEGATIVE, "complaint", urgency=3)
    assert corrected(angry, Sentiment.NEUTRAL, "Sam", NOW).reading.urgency == 1
    assert corrected(angry, Sentiment.MIXED, "Sam", NOW).reading.urgency == 3


@pytest.mark.parametrize("way", CHOICES)
def test_back_at_the_judges_word_it_is_the_judges_whole_verdict(way: Sentiment) -> None:
    given = verdict(Sentiment.NEGATIVE, "complaint", urgency=2)
    there = corrected(given, way, "Sam", NOW)
    once_more = corrected(there, Sentiment.POSITIVE, "Noor", NOW)
    assert corrected(once_more, Sentiment.NEGATIVE, "Sam", NOW) == given
