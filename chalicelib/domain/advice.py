"""A second opinion, from somebody who costs money: when it is asked, and what comes of it."""

from dataclasses import dataclass, replace
from hashlib import blake2s

from chalicelib.domain.brand import Adviser
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Reading, Sentiment

READ = 500
"""Characters sent of a text: Amazon Comprehend reads no more, and what it does not read is paid for too."""
HEARD = 1_000
"""Followers from which what somebody says matters, whoever it was said to."""
LANGUAGES = {"comprehend": frozenset(("en", "de", "fr", "es", "it", "pt"))}
"""Those that an adviser knows; one that is not here knows all that our own judge does."""
_OURS = frozenset(("nl", "en", "de", "fr", "es", "it", "pt"))


@dataclass(frozen=True, slots=True)
class Opinion:
    """`probabilities` as in a `Reading`; `by` is who says so, with a version."""

    sentiment: Sentiment
    probabilities: tuple[float, float, float]
    by: str


def asks(adviser: Adviser, mention: Mention, reading: Reading) -> bool:
    """Our own judge is unsure, the adviser knows the language, and the mention matters.

    It matters if somebody waits for an answer, something presses, or many hear its author.
    """
    if reading.sentiment is not Sentiment.UNSURE or mention.history or not mention.text.strip():
        return False
    if reading.language not in LANGUAGES.get(adviser.by, _OURS):
        return False
    return mention.direct or reading.urgency > 0 or (mention.author.followers or 0) >= HEARD


def question(adviser: Adviser, mention: Mention, reading: Reading) -> str:
    """What is asked, as a key: the same text of the same language to the same adviser."""
    asked = f"{adviser.by}\n{adviser.model}\n{reading.language}\n{mention.text[:READ]}"
    return blake2s(asked.encode("utf-8", "replace"), digest_size=16).hexdigest()


def taken(reading: Reading, opinion: Opinion) -> Reading:
    """The reading with the adviser's label. Evidence, intents and urgency stay our own judge's."""
    return replace(
        reading, sentiment=opinion.sentiment, probabilities=opinion.probabilities, judge=opinion.by
    )
