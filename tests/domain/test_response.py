"""What a mention asks of us: the table of rules, in the order in which they win."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Action
from chalicelib.domain.response import STALE, Decision, decide, told, within
from chalicelib.domain.verdict import Reading, Sentiment
from tests.domain.people import LIBRARY, NOON, mention, reading

NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
MIXED, UNSURE = Sentiment.MIXED, Sentiment.UNSURE
HEARD_BY_A_WATCH, TO_US = False, True


@pytest.mark.parametrize(
    ("direct", "read", "action", "why"),
    [
        (HEARD_BY_A_WATCH, reading(NEGATIVE), Action.ANSWER, "complaint"),
        (HEARD_BY_A_WATCH, reading(NEGATIVE, certainty=0.4), Action.ANSWER, "complaint"),
        (HEARD_BY_A_WATCH, reading(MIXED), Action.ANSWER, "complaint"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL, "complaint"), Action.ANSWER, "complaint"),
        (HEARD_BY_A_WATCH, reading(POSITIVE, "question", "thanks"), Action.ANSWER, "question"),
        (HEARD_BY_A_WATCH, reading(UNSURE, "question"), Action.ANSWER, "question"),
        (HEARD_BY_A_WATCH, reading(POSITIVE), Action.THANK, "praise"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL, "thanks"), Action.THANK, "praise"),
        (HEARD_BY_A_WATCH, reading(POSITIVE, certainty=0.5), None, "faint"),
        (TO_US, reading(POSITIVE, certainty=0.5), Action.THANK, "praise"),
        (TO_US, reading(UNSURE), Action.ANSWER, "unsure"),
        (HEARD_BY_A_WATCH, reading(UNSURE), None, "nothing"),
        (TO_US, reading(NEUTRAL), Action.ANSWER, "direct"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL, "leaving"), Action.ANSWER, "complaint"),
        (HEARD_BY_A_WATCH, reading(POSITIVE, "spam"), None, "spam"),
        (TO_US, reading(NEUTRAL, "spam"), Action.ANSWER, "direct"),
        (HEARD_BY_A_WATCH, reading(NEUTRAL), None, "nothing"),
    ],
)
def test_the_first_rule_that_fits_wins(direct: bool, read: Reading, action: Action | None, why: str) -> None:
    found = decide(mention(direct=direct), read, NOON)
    assert (found.action, found.reason) == (action, why)


def test_history_and_what_was_a_week_old_on_arrival_open_nothing() -> None:
    angry = reading(NEGATIVE, "complaint")
    assert decide(replace(mention(), history=True), angry, NOON) == Decision(None, "history")
    assert decide(mention(), angry, NOON + STALE).action is Action.ANSWER
    assert decide(mention(), angry, NOON + STALE + timedelta(seconds=1)) == Decision(None, "stale")


@pytest.mark.parametrize(
    ("reason", "language", "words"),
    [
        ("question", "en", "something is asked"),
        ("question", "nl", "er wordt iets gevraagd"),
        ("question", "fr", "something is asked"),
        ("stale", "nl", "meer dan 7 dagen oud toen het binnenkwam"),
        ("of-a-later-version", "nl", "of-a-later-version"),
    ],
)
def test_the_reason_is_told_in_the_readers_language(reason: str, language: str, words: str) -> None:
    assert told(reason, language) == words


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_has_words(language: str) -> None:
    keys = (
        "history",
        "stale",
        "complaint",
        "question",
        "praise",
        "unsure",
        "direct",
        "faint",
        "nothing",
        "spam",
    )
    assert all(" " in told(key, language) for key in keys)


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
