"""What we think of a mention: with its evidence, and the version of who thought it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WITH = "+"
"""Between a judge and the day of the delta that judges along."""
STRONG = 0.7
"""Certainty from which colleagues are told at once."""

INTENTS = (
    "question", "complaint", "compliment", "thanks", "suggestion", "order", "leaving", "spam", "press", "job",
)  # fmt: skip
"""What a message may want; "order" is also an appointment, "leaving" a threat to."""


class Sentiment(StrEnum):
    """`UNSURE` means that a person is asked: the text or its language says too little."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage the judgement rests on: `text[start:end]` speaks for `sentiment`."""

    start: int
    end: int
    sentiment: Sentiment
    weight: float = 0.0
    """How far it moved the log odds of positive against negative; 0 where that was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a judge makes of a text alone.

    `probabilities` are of negative, neutral, positive, in that order, and add up to 1.
    `language` is ISO 639-1, or "und" where it could not be told.
    `urgency` runs from 0 (can wait) to 3 (now: safety, health).
    """

    language: str
    sentiment: Sentiment
    probabilities: tuple[float, float, float]
    evidence: tuple[Evidence, ...] = ()
    intents: tuple[str, ...] = ()
    """Of `INTENTS`."""
    urgency: int = 0
    signals: tuple[str, ...] = ()
    """Of: irony, which is a reason for doubt and no more; profanity."""
    judge: str
    """Name and version of the judge, e.g. `tables-5`; where a brand's delta took part also that one's day,
    `tables-5+2026-11-24`."""

    @property
    def taught_on(self) -> str:
        """The day of the delta that took part; "" where none did."""
        return self.judge.partition(WITH)[2]

    @property
    def certainty(self) -> float:
        return max(self.probabilities)

    @property
    def strong(self) -> bool:
        """Clearly angry or clearly happy: colleagues hear of it at once."""
        if self.sentiment is Sentiment.NEGATIVE and self.urgency >= 2:
            return True
        return self.sentiment in (Sentiment.NEGATIVE, Sentiment.POSITIVE) and self.certainty >= STRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A person said otherwise: the judge had read it as `was`. `by` is their name."""

    was: Reading
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A reading, and what the brand's own rules make of the text.

    The department, with the rule that fired (`routing.told`); ids of the brand's topics; and the names and
    words of its watches that the text holds. Where a person corrected it, the reading is as they said.
    """

    reading: Reading
    department: str
    rule: str
    corrected: Corrected | None = None
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
