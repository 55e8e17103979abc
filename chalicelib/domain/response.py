"""What does a mention ask of us, and how soon?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.brand import Department
from chalicelib.domain.case import Action
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Reading, Sentiment

STALE = timedelta(days=7)
CERTAIN = 0.6
"""Praise that was not written to us is thanked from this certainty on: a misplaced thank-you hurts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`action` is None where the mention asks nothing of us. `reason` is the key of why: see `told`."""

    action: Action | None
    reason: str

    @property
    def state(self) -> str:
        """What is kept of it with the mention, and listed."""
        if self.action:
            return self.action.value
        return {"muted": "noise", "blocked": "noise", "noise": "noise", "capped": "capped"}.get(
            self.reason, "ignore"
        )


_REASONS = {
    "nl": {
        "muted": "de bron was gedempt toen het kwam",
        "blocked": "van een schrijver of site die is geblokkeerd",
        "noise": "ruis",
        "capped": "boven wat deze bron per uur mag brengen",
        "history": "van voor we hier luisterden",
        "copy": "hetzelfde verhaal als op een andere site, en daar al gehoord",
        "aside": "over een onderwerp of iemand als wij, niet over ons",
        "spam": "reclame, en niet aan ons gericht",
        "stale": "meer dan 7 dagen oud toen het binnenkwam",
        "complaint": "een klacht verdient antwoord van een mens",
        "question": "er wordt iets gevraagd",
        "praise": "lof verdient een bedankje",
        "unsure": "niet zeker wat hier bedoeld wordt; het is aan ons gericht, dus een mens leest het",
        "direct": "het is aan ons gericht",
        "faint": "misschien lof, maar te onzeker om voor te bedanken",
        "nothing": "er wordt niets van ons gevraagd",
    },
    "en": {
        "muted": "its source was muted when it came",
        "blocked": "from an author or a site that is blocked",
        "noise": "noise",
        "capped": "over what this source may bring an hour",
        "history": "from before we listened here",
        "copy": "the same story as on another site, and heard there before",
        "aside": "about a subject or others like us, not about us",
        "spam": "an advertisement, and not addressed to us",
        "stale": "more than 7 days old when it came in",
        "complaint": "a complaint deserves an answer from a person",
        "question": "something is asked",
        "praise": "praise deserves a thank-you",
        "unsure": "not sure what is meant; it is addressed to us, so a person reads it",
        "direct": "it is addressed to us",
        "faint": "praise perhaps, but too uncertain to give thanks for",
        "nothing": "nothing is asked of us",
    },
}


_THROUGH = {"muted": 4, "blocked": 3, "noise": 2, "capped": 2}
"""The urgency that lets it through all the same; 3 is safety or health. A mute holds everything."""


def decide(mention: Mention, reading: Reading, now: datetime) -> Decision:
    """Choose what to do about a mention. The first rule that fits wins.

    `now` is the moment of arrival, aware: with `mention.heard_at`, what waited through an outage of
    ours is answered all the same.
    """
    asks = subject(reading)
    if mention.kept_from and reading.urgency < _THROUGH[mention.kept_from]:
        return Decision(None, mention.kept_from)
    if mention.history:
        return Decision(None, "history")
    if mention.copy_of:
        return Decision(None, "copy")
    if mention.aside:
        return Decision(None, "aside")
    if now - mention.posted_at > STALE:
        return Decision(None, "stale")
    if "spam" in reading.intents and not mention.direct:
        return Decision(None, "spam")
    if asks in ("complaint", "question"):
        return Decision(Action.ANSWER, asks)
    if asks == "praise" and (mention.direct or reading.certainty >= CERTAIN):
        return Decision(Action.THANK, asks)
    if mention.direct:
        return Decision(Action.ANSWER, "unsure" if reading.sentiment is Sentiment.UNSURE else "direct")
    return Decision(None, "faint" if asks == "praise" else "nothing")


def told(reason: str, language: str) -> str:
    """A `Decision.reason` in words, in "nl" or "en" (any other: "en"); a key we do not know as it is."""
    return _REASONS.get(language, _REASONS["en"]).get(reason, reason)


def subject(reading: Reading) -> str:
    """What a message is about, for us: complaint, question, praise or other."""
    blames = reading.sentiment in (Sentiment.NEGATIVE, Sentiment.MIXED)
    if blames or {"complaint", "leaving"}.intersection(reading.intents):
        return "complaint"
    if "question" in reading.intents:
        return "question"
    if reading.sentiment is Sentiment.POSITIVE or {"compliment", "thanks"}.intersection(reading.intents):
        return "praise"
    return "other"


def within(department: Department, decision: Decision, reading: Reading) -> int:
    """The working minutes to a first answer that the department promises."""
    if decision.action is Action.THANK:
        return department.praise_within
    return department.complaint_within if subject(reading) == "complaint" else department.other_within
