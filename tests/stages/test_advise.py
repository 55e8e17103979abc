"""Second opinions in the stage: who is asked what, once, within the budget, and what a silence leaves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.advice import Opinion
from chalicelib.domain.brand import Adviser, Brand
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.verdict import Reading, Sentiment
from chalicelib.errors import Unavailable
from chalicelib.stages import advise
from tests.conftest import NOW
from tests.domain.people import LIBRARY, mention
from tests.harness.world import World

ADVISED = replace(LIBRARY, adviser=Adviser(by="bedrock", a_day=3, model="m"))
UNSURE = Reading(language="nl", sentiment=Sentiment.UNSURE, probabilities=(0.4, 0.3, 0.3), judge="tables-5")
ANGRY = Opinion(Sentiment.NEGATIVE, (0.8, 0.1, 0.1), "bedrock-1")


class Oracle:
    """Angry about every text, but for those with "hm", on which it has no opinion."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self.away = False
        self.spent = 0

    def costs(self, texts: Sequence[str]) -> int:
        return 500 * len(texts)

    def ask(self, texts: Sequence[str], language: str) -> list[Opinion | None]:
        if self.away:
            raise Unavailable("bedrock", "ThrottlingException")
        self.asked.append((language, list(texts)))
        self.spent = 300 * len(texts)
        return [None if "hm" in text else ANGRY for text in texts]


class Round:
    """Runs the stage on texts, each addressed to us and none understood by our own judge."""

    def __init__(self) -> None:
        self.oracle = Oracle()
        self.failed: list[tuple[str, str]] = []

    def __call__(self, *texts: str, brand: Brand = ADVISED, now: datetime = NOW, **more: Any) -> list[str]:
        judged = [(self._mention(text), brand, UNSURE) for text in texts]
        found = advise.run(
            judged,
            opinions=wiring.opinions(),
            connect=lambda setting: self.oracle,
            failed=lambda by, reason: self.failed.append((by, reason)),
            now=now,
            **more,
        )
        return [reading.judge for reading in found]

    def _mention(self, text: str) -> Mention:
        return replace(mention(text, direct=True), key=MentionKey("lindebieb", "sandbox", str(len(text))))


@pytest.fixture
def ask(aws: World) -> Round:
    return Round()


def test_what_the_adviser_says_is_recorded_as_its_word(ask: Round) -> None:
    assert ask("bah", "hm") == ["bedrock-1", "tables-5"]
    assert ask.oracle.asked == [("nl", ["bah", "hm"])]


def test_the_same_text_is_asked_once(ask: Round) -> None:
    assert ask("bah", "bah") == ["bedrock-1", "bedrock-1"]
    assert ask("bah") == ["bedrock-1"]
    assert ask.oracle.asked == [("nl", ["bah"])]


def test_a_day_s_budget_holds_and_the_rest_keeps_our_own_label(ask: Round) -> None:
    assert ask("a", "b", "c", "d", "e").count("bedrock-1") == 3
    assert ask("f") == ["tables-5"]
    assert sum(len(texts) for _, texts in ask.oracle.asked) == 3


def test_who_does_not_answer_leaves_our_own_label_and_is_told_of(ask: Round) -> None:
    ask.oracle.away = True
    assert ask("bah") == ["tables-5"]
    assert ask.failed == [("bedrock", "bedrock: ThrottlingException")]


def test_a_brand_without_an_adviser_asks_nobody(ask: Round) -> None:
    assert ask("bah", brand=LIBRARY) == ["tables-5"]
    assert ask.oracle.asked == []
