"""The judge inside the package: Dutch and English by lexicon and rules, in plain Python.

A message's good and bad words are summed (`weighing.py`), the sums go through one logistic whose ten
constants were fitted on some 9,900 labelled messages (`bench/judge_build.py`). It knows what it does not
know: another language, or too little certainty, is `UNSURE`, and a person is asked. Irony beyond a few
turns of phrase it does not see (docs/judge.md).
"""

from collections.abc import Sequence
from math import exp

from chalicelib.domain.verdict import Evidence, Reading, Sentiment
from chalicelib.judge.language import guess
from chalicelib.judge.lexicon import LANGUAGES, Lexicon, lexicon
from chalicelib.judge.rules import intents, ironic, urgency
from chalicelib.judge.tokens import is_word, tokens
from chalicelib.judge.weighing import Weight, weigh

# For 1, good, bad, idle negations, exclamation: what each adds to the odds against neutral.
_NEGATIVE = (-1.0, -0.56, 4.15, 2.21, 0.21)
_POSITIVE = (-0.87, 3.19, -1.28, -0.55, 1.07)
_HALF = 3.0
"""A sum of scores that counts for half of all that words can say: the tenth insult adds little."""
_CERTAIN_ENOUGH = 0.45
"""Below this a person is asked."""
_BOTH = 0.35
"""Good and bad, of 1, from which a message is mixed if neither is clearly the more likely."""
_CLEARLY = 0.35
_PRAISE = 1.5
_IRONIC = 0.6
"""What is left of the odds where a turn of phrase hints at irony."""
_MOST_EVIDENCE = 8
_NOTHING = Lexicon({}, {})


class Embedded:
    """Plays `ports.Judge`. Holds nothing; lexicons are read on first use of their language."""

    version = "lexicon-1"

    def read(self, text: str, hint: str = "") -> Reading:
        found = tokens(text)
        language = _language([token.text for token in found if is_word(token.text)], hint)
        spoken = language in LANGUAGES
        words = lexicon(language) if spoken else _NOTHING
        weight = weigh(found, words, language if spoken else "en")
        joined = f" {' '.join(token.text for token in found)} "
        given = features(weight, "!" in joined)
        probabilities = _probabilities(given, ironic(joined))
        sentiment = _label(probabilities, given) if spoken else Sentiment.UNSURE
        urgent = urgency(joined, sentiment)
        praised = any(hit.score >= _PRAISE for hit in weight.hits)
        return Reading(
            language=language,
            sentiment=sentiment,
            probabilities=probabilities,
            evidence=_evidence(weight),
            intents=intents(joined, sentiment, urgent, praised),
            urgency=urgent,
            judge=self.version,
        )


def _language(words: Sequence[str], hint: str) -> str:
    """As `guess`; where that fails, the one of ours that has more of the words in its lexicon."""
    found = guess(words, hint)
    if found == "und" and 0 < len(words) <= 12:
        known = [sum(word in lexicon(language).words for word in words) for language in LANGUAGES]
        if max(known) > min(known) and 4 * max(known) >= len(words):
            return LANGUAGES[known.index(max(known))]
    return found


def features(weight: Weight, exclaims: bool) -> tuple[float, ...]:
    """What the logistic sees, each from 0 to 1: one, good, bad, idle negations, exclamation."""
    good, bad = weight.good / (weight.good + _HALF), weight.bad / (weight.bad + _HALF)
    return 1.0, good, bad, min(weight.nots, 3) / 3, float(exclaims)


def _probabilities(given: tuple[float, ...], irony: bool) -> tuple[float, float, float]:
    if irony and (given[2] or given[3]):
        given = (given[0], given[1] / 2, *given[2:])
    odds = [
        exp(sum(c * f for c, f in zip(constants, given, strict=True)) * (_IRONIC if irony else 1.0))
        for constants in (_NEGATIVE, _POSITIVE)
    ]
    total = 1.0 + sum(odds)
    negative, positive = round(odds[0] / total, 4), round(odds[1] / total, 4)
    return negative, round(1.0 - negative - positive, 4), positive


def _label(probabilities: tuple[float, float, float], given: tuple[float, ...]) -> Sentiment:
    negative, neutral, positive = probabilities
    if min(given[1:3]) >= _BOTH and abs(negative - positive) < _CLEARLY:
        return Sentiment.MIXED
    best = max(probabilities)
    if best < _CERTAIN_ENOUGH:
        return Sentiment.UNSURE
    if best == neutral:
        return Sentiment.NEUTRAL
    return Sentiment.NEGATIVE if best == negative else Sentiment.POSITIVE


def _evidence(weight: Weight) -> tuple[Evidence, ...]:
    """The passages that count most, in the order of the text."""
    heaviest = sorted(weight.hits, key=lambda hit: -abs(hit.score))[:_MOST_EVIDENCE]
    return tuple(
        Evidence(hit.start, hit.end, Sentiment.POSITIVE if hit.score > 0 else Sentiment.NEGATIVE)
        for hit in sorted(heaviest, key=lambda hit: hit.start)
    )
