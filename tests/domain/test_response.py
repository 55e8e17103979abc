"""What a mention asks of us: the table of rules, in the order in which they win."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Action
from chalicelib.domain.response import STALE, decide, within
from chalicelib.domain.verdict import Reading, Sentiment
from tests.domain.people import LIBRARY, NOON, mention, reading

NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
MIXED, UNSURE = Sentiment.MIXED, Sentiment.UNSURE
HEARD_BY_A_WATCH, TO_US = False, True


@pytest.mark.parametrize(
    ("direct", "read", "action", "why"),
    [
        (HEARD_BY_A_WATCH, reading(NEGATIVE), Action.ANSWER, "klacht"),
        (HEARD_BY_A_WATCH, reading(NEGATIVE, certainty=0.4), Action.ANSWER, "klacht"),
        (HEARD_BY_A_WATCH, reading(MIXED), Action.ANSWER, "klacht"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL, "complaint"), Action.ANSWER, "klacht"),
        (HEARD_BY_A_WATCH, reading(POSITIVE, "question", "thanks"), Action.ANSWER, "gevraagd"),
        (HEARD_BY_A_WATCH, reading(UNSURE, "question"), Action.ANSWER, "gevraagd"),
        (HEARD_BY_A_WATCH, reading(POSITIVE), Action.THANK, "bedankje"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL, "thanks"), Action.THANK, "bedankje"),
        (HEARD_BY_A_WATCH, reading(POSITIVE, certainty=0.5), None, "te onzeker"),
        (TO_US, reading(POSITIVE, certainty=0.5), Action.THANK, "bedankje"),
        (TO_US, reading(UNSURE), Action.ANSWER, "niet zeker"),
        (HEARD_BY_A_WATCH, reading(UNSURE), None, "niets van ons"),
        (TO_US, reading(NEUTRAL), Action.ANSWER, "aan ons gericht"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL), None, "niets van ons"),
    ],
)
def test_the_first_rule_that_fits_wins(direct: bool, read: Reading, action: Action | None, why: str) -> None:
    found = decide(mention(direct=direct), read, NOON)
    assert found.action is action
    assert why in found.reason


def test_history_and_what_was_a_week_old_on_arrival_open_nothing() -> None:
    angry = reading(NEGATIVE, "complaint")
    assert decide(replace(mention(), history=True), angry, NOON).action is None
    assert decide(mention(), angry, NOON + STALE).action is Action.ANSWER
    late = decide(mention(), angry, NOON + STALE + timedelta(seconds=1))
    assert late.action is None
    assert "7 dagen" in late.reason


def test_reasons_come_in_dutch_and_english() -> None:
    assert decide(mention(), reading(NEUTRAL, "question"), NOON, "en").reason == "something is asked"
    assert decide(mention(), reading(NEUTRAL, "question"), NOON, "nl").reason == "er wordt iets gevraagd"


@pytest.mark.parametrize(
    ("read", "minutes"),
    [
        (reading(NEGATIVE), 60),
        (reading(MIXED), 60),
        (reading(NEUTRAL, "question"), 240),
        (reading(NEUTRAL), 240),
        (reading(UNSURE), 240),
        (reading(POSITIVE), 480),
        (reading(POSITIVE, "question"), 240),
    ],
)
def test_the_promise_follows_what_the_message_is(read: Reading, minutes: int) -> None:
    decision = decide(mention(direct=TO_US), read, NOON)
    assert within(LIBRARY.departments[0], decision, read) == minutes
