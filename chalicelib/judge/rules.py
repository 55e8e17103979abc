"""What a message wants, how soon, and whether it may mean the opposite: from its cues (`cues.py`)."""

from collections.abc import Set

from chalicelib.domain.verdict import Sentiment

Cues = Set[str]
_ASIDE = ("suggestion", "order", "leaving", "press", "job")
"""Intents that their cues alone name, unless it is spam."""


def ironic(cues: Cues) -> bool:
    """Turns of phrase that often mean the opposite of their words."""
    return "irony" in cues or cues >= {"thanks", "another"}


def intents(cues: Cues, sentiment: Sentiment, urgent: int, *, praised: bool, linked: bool) -> tuple[str, ...]:
    """`praised`: something was called good in so many words. `linked`: it holds a link.

    Danger is a complaint, however calmly told. An advertisement wants nothing else.
    """
    angry = sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
    if "spam" in cues or (linked and "offer" in cues and not cues & {"involved", "?"}):
        return ("spam",)
    found = []
    asked = "?" in cues
    if (asked or not cues.isdisjoint(("ask", "opener"))) and "rhetorical" not in cues:
        found.append("question")
    told = sentiment is not Sentiment.POSITIVE and not asked and "complaint" in cues
    if urgent == 3 or told or (angry and "involved" in cues):
        found.append("complaint")
    if sentiment is Sentiment.POSITIVE and praised:
        found.append("compliment")
    if not angry and "thanks" in cues and "in advance" not in cues:
        found.append("thanks")
    return (*found, *(intent for intent in _ASIDE if intent in cues))


def urgency(cues: Cues, sentiment: Sentiment) -> int:
    """3: safety or health. 2: pressing. 1: waited long. 0: can wait, and all praise."""
    if sentiment is Sentiment.POSITIVE:
        return 0
    if "safety" in cues and "calm" not in cues:
        return 3
    if "pressing" in cues:
        return 2
    angry = sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
    return int(angry and "waiting" in cues)


def signals(cues: Cues) -> tuple[str, ...]:
    """What is no intent and yet worth knowing: "irony" is a reason for doubt, and no more."""
    there = {"irony": ironic(cues), "profanity": "profanity" in cues}
    return tuple(name for name in there if there[name])
