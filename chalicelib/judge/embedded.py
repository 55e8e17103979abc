"""The judge inside the package: seven languages by learned tables, in plain Python.

A message's words, runs of letters, pairs and denied words (`features.py`), and what the lexicon makes of it
(`weighing.py`), each have a weight for negative and for positive in the table of its language; the sums are
two log odds against neutral. From those come two labels. The *natural* one is the likeliest where labels
come as often as in life: for counting. The *balanced* one finds as large a share of the complaints as of
the rest: for alarm. It knows what it does not know: another language, or too little certainty, is `UNSURE`,
and a person is asked.
"""

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from math import exp, sqrt
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.verdict import Evidence, Reading, Sentiment
from chalicelib.judge import features
from chalicelib.judge.cues import heard
from chalicelib.judge.evidence import denials, evidence
from chalicelib.judge.language import Tongues
from chalicelib.judge.lexicon import Lexicon, lexicon
from chalicelib.judge.rules import intents, ironic, signals, urgency
from chalicelib.judge.table import Table, load, present
from chalicelib.judge.tokens import is_said, is_word, tokens
from chalicelib.judge.weighing import Weight, spared, weigh

if TYPE_CHECKING:  # a judge without a delta starts a third sooner
    from chalicelib.domain.delta import Delta, Taught

_CERTAIN_ENOUGH = 0.45
"""Below this a person is asked."""
_BOTH = 0.25
"""Good and bad, of 1, from which a message is mixed if neither is clearly likelier, and neutral is not."""
_CLEARLY = 0.4
_PRAISE = 1.5
_IRONIC = 0.5
"""What is left of the odds where a turn of phrase hints at irony."""
_NOTHING = Lexicon({}, {})
_UNTAUGHT: Mapping[str, "Taught"] = {}

Odds = tuple[float, float]
"""Log odds of negative, and of positive, against neutral."""


class Judgement(NamedTuple):
    """All there is to say about a text; `Embedded.read` tells less."""

    language: str
    label: Sentiment
    balanced: Sentiment
    probabilities: tuple[float, float, float]
    """Natural: of negative, neutral, positive."""
    evidence: tuple[Evidence, ...]
    intents: tuple[str, ...]
    urgency: int
    signals: tuple[str, ...]


class Feeling:
    """One language's table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._named: dict[str, list[float]] = table.head["named"]
        self._nature: list[float] = table.head["natural"]
        self._of = lru_cache(20_000)(self._sums)

    def _sums(self, word: str, headline: bool) -> tuple[float, float, float, float, int]:
        """Of the word itself, negative and positive; of its runs; and how many those are."""
        if word == features.RAISES:
            return 0.0, 0.0, 0.0, 0.0, 0
        numbers = features.runs(word)
        (bad, good), (worse, better) = (
            self._table.sums(features.told([features.word_number(word)], headline)),
            self._table.sums(features.told(numbers, headline)),
        )
        return bad, good, worse, better, len(numbers)

    def odds(self, shown: features.Shown) -> tuple[Odds, list[float]]:
        """And how far each token moves those of positive against negative, without the lexicon's part."""
        found = [self._of(word, shown.headline) for word in shown.words]
        moved = [0.0] * len(found)
        negative = positive = 0.0
        for name, value in shown.named.items():
            if weights := self._named.get(name):
                negative += weights[0] * value
                positive += weights[1] * value
        if found:
            word = 1 / sqrt(features.counted(shown.words))
            run = 1 / sqrt(max(1, sum(one[4] for one in found)))
            for at, (bad, good, worse, better, _) in enumerate(found):
                down, up = word * bad + run * worse, word * good + run * better
                negative += down
                positive += up
                moved[at] = up - down
        bads, goods = self._table.columns
        for share, marked in ((features.PAIRS, shown.pairs), (features.DENIALS, shown.denied)):
            if marked:
                share *= self._table.scale / sqrt(len(marked))
                for at, number in marked:
                    for one in features.told([number], shown.headline):
                        place = one & self._table.mask
                        bad, good = share * (bads[place] - 128), share * (goods[place] - 128)
                        negative += bad
                        positive += good
                        moved[at] += good - bad
        return (negative, positive), moved

    def in_life(self, odds: Odds) -> Odds:
        """The log odds where labels come as often as in life."""
        warmth, bad, good = self._nature
        return warmth * odds[0] + bad, warmth * odds[1] + good

    def pushed(self, odds: Odds, taught: "Taught", words: Sequence[str], moved: list[float]) -> Odds:
        """With what was taught, which is in log odds as in life; `moved` counts each word's part of it."""
        parts = [0.0] * len(words)
        negative, positive = taught.push(words, parts)
        for at, part in enumerate(parts):
            moved[at] += part / self._nature[0]
        return odds[0] + negative / self._nature[0], odds[1] + positive / self._nature[0]

    def natural(self, odds: Odds) -> tuple[float, float, float]:
        negative, positive = (exp(max(-30.0, min(30.0, one))) for one in self.in_life(odds))
        whole = 1.0 + negative + positive
        negative, positive = round(negative / whole, 4), round(positive / whole, 4)
        return negative, round(1.0 - negative - positive, 4), positive

    def balanced(self, odds: Odds) -> Sentiment:
        """As the table was taught, each label counting the same."""
        negative, positive = odds
        if max(negative, positive) <= 0:
            return Sentiment.NEUTRAL
        return Sentiment.NEGATIVE if negative >= positive else Sentiment.POSITIVE

    def listed(self, weight: Weight, ironic: bool) -> tuple[float, float]:
        """How far blame, and praise, that the lexicon knows move the odds of positive against negative: what
        these would lose without it."""

        def lean(of: Weight) -> float:
            named = features.weighed(of, ironic)
            known = ((self._named.get(name), value) for name, value in named.items())
            return sum((found[1] - found[0]) * value for found, value in known if found)

        whole = lean(weight)
        return (
            whole - lean(spared(weight, good=False)) if weight.bad else 0.0,
            whole - lean(spared(weight, good=True)) if weight.good else 0.0,
        )


class Embedded:
    """Plays `ports.Judge`. Tables are checked and read here, lexicons on first use of their language."""

    version = "tables-5"

    def __init__(self) -> None:
        """Raises TableError, with its name and checksum, for a table that is not as it was made."""
        found = {name: load(name) for name in {*present(), "language", "en"}}
        self._tongues = Tongues(found.pop("language"))
        self._feelings = {name: Feeling(table) for name, table in found.items()}

    @property
    def languages(self) -> Set[str]:
        return self._feelings.keys()

    def read(self, text: str, hint: str = "", delta: "Delta | None" = None) -> Reading:
        """`delta` of another version of this judge counts for nothing."""
        taught = delta.taught if delta and delta.judge == self.version else {}
        found = self.judge(text, hint, taught)
        return Reading(
            language=found.language,
            sentiment=found.label,
            probabilities=found.probabilities,
            evidence=found.evidence,
            intents=found.intents,
            urgency=found.urgency,
            signals=found.signals,
            judge=delta.version if delta and found.language in taught else self.version,
        )

    def odds(self, text: str, language: str) -> tuple[Odds, list[str]]:
        """Log odds as in life, of a text in one of `languages`; and its words as they are counted."""
        found = tokens(text)
        said = [token for token in found if is_said(token.text)]
        weight = weigh(said, lexicon(language), language)
        irony = ironic(heard([token.text for token in said]))
        shown = features.shown(found, weight, language, ironic=irony, linked=features.is_linked(text))
        feeling = self._feelings[language]
        odds, _ = feeling.odds(shown)
        return feeling.in_life(_doubted(odds) if irony else odds), shown.words

    def judge(self, text: str, hint: str = "", taught: Mapping[str, "Taught"] = _UNTAUGHT) -> Judgement:
        found = tokens(text)
        language = self._tongues.guess([token.text for token in found if is_word(token.text)], hint)
        known = language in self._feelings
        if not known:  # what faces say is understood everywhere
            found = [token for token in found if not is_word(token.text)]
        feeling = self._feelings.get(language) or self._feelings["en"]
        spoken = language if known else "en"
        said = [token for token in found if is_said(token.text)]
        weight = weigh(said, lexicon(language) if known else _NOTHING, spoken)
        cues = heard([token.text for token in said])
        irony = ironic(cues)
        linked = features.is_linked(text)
        shown = features.shown(found, weight, spoken, ironic=irony, linked=linked)
        odds, moved = feeling.odds(shown)
        if irony:
            odds = _doubted(odds)
        felt = denials(found, spoken)
        if language in taught:
            odds = feeling.pushed(odds, taught[language], shown.words, moved)
            felt.update(at for at, word in enumerate(shown.words) if word in taught[language].words)
        probabilities = feeling.natural(odds)
        balanced = feeling.balanced(odds) if known else Sentiment.UNSURE
        urgent = urgency(cues, balanced)
        praised = any(hit.score >= _PRAISE for hit in weight.hits)
        return Judgement(
            language,
            _label(probabilities, weight) if known else Sentiment.UNSURE,
            balanced,
            probabilities,
            tuple(evidence(found, moved, weight, felt, feeling.listed(weight, irony))),
            intents(cues, balanced, urgent, praised=praised, linked=linked),
            urgent,
            signals(cues),
        )


def _doubted(odds: Odds) -> Odds:
    return odds[0] * _IRONIC, odds[1] * _IRONIC


def _label(probabilities: tuple[float, float, float], weight: Weight) -> Sentiment:
    negative, neutral, positive = probabilities
    good, bad = weight.good / (weight.good + features.HALF), weight.bad / (weight.bad + features.HALF)
    if min(good, bad) >= _BOTH and neutral < max(negative, positive) and abs(negative - positive) < _CLEARLY:
        return Sentiment.MIXED
    best = max(probabilities)
    if best < _CERTAIN_ENOUGH:
        return Sentiment.UNSURE
    if best == neutral:
        return Sentiment.NEUTRAL
    return Sentiment.NEGATIVE if best == negative else Sentiment.POSITIVE
