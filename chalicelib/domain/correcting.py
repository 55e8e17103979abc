"""What follows when a person says that a verdict was wrong: for the reading, and for the case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.correction import TEXT_KEPT, Correction
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Corrected, Reading, Sentiment, Verdict

CHOICES = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.MIXED)
"""What a person may say that it is."""

_CERTAIN: Mapping[Sentiment, tuple[float, float, float]] = {
    Sentiment.NEGATIVE: (1.0, 0.0, 0.0),
    Sentiment.NEUTRAL: (0.0, 1.0, 0.0),
    Sentiment.POSITIVE: (0.0, 0.0, 1.0),
    Sentiment.MIXED: (0.5, 0.0, 0.5),
}
_CONTRADICTS = {
    Sentiment.NEGATIVE: {"compliment", "thanks"},
    Sentiment.NEUTRAL: {"complaint", "compliment", "thanks"},
    Sentiment.POSITIVE: {"complaint"},
    Sentiment.MIXED: set[str](),
}
"""Intents that cannot be meant by who feels so."""
_URGENT = 2


def corrected(verdict: Verdict, now: Sentiment, by: str, at: datetime) -> Verdict:
    """The verdict with a person's word in the judge's place; back at the judge's own word, the judge's.

    What was asked stays as far as it fits the feeling. The passages stay: the page strikes those that
    speak against it.
    """
    first = verdict.corrected.was if verdict.corrected else verdict.reading
    if now is first.sentiment:
        return replace(verdict, reading=first, corrected=None)
    intents = tuple(each for each in first.intents if each not in _CONTRADICTS[now])
    if now is Sentiment.NEGATIVE and not {"complaint", "question"}.intersection(intents):
        intents = (*intents, "complaint")
    calm = now in (Sentiment.NEUTRAL, Sentiment.POSITIVE)
    reading = replace(
        first,
        sentiment=now,
        probabilities=_CERTAIN[now],
        intents=intents,
        urgency=min(first.urgency, _URGENT - 1) if calm else first.urgency,
    )
    return replace(verdict, reading=reading, corrected=Corrected(was=first, by=by, at=at))


def correction(mention: Mention, reading: Reading, now: Sentiment, by_id: str, at: datetime) -> Correction:
    """What is kept of it, for the history and for the judge; `reading` is as it was."""
    key = mention.key
    return Correction(
        brand=key.brand,
        platform=key.platform,
        id=key.id,
        text=mention.text[:TEXT_KEPT],
        language=reading.language,
        was=reading.sentiment,
        now=now,
        by=by_id,
        at=at,
    )
