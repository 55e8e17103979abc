"""What one brand's people taught the judge: small, readable, measured, and taken back as easily as given.

A delta judges along in a language only where it helps there, on corrections that it had not seen (`why_not`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import sqrt

from chalicelib.domain.correction import Correction
from chalicelib.domain.verdict import WITH, Sentiment

FEWEST = 20
"""Cases below which nothing is learned: a handful says more about the handful than about the brand."""
LABELS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
"""What can be learned; what is both is measured and not learned."""
_CHANCE = 0.05
_SPARED = 0.9
"""Of a class's right verdicts at least so large a share must be left."""
_ELSEWHERE = 0.25
"""Of the messages that nobody corrected at most so large a share may be read otherwise."""

Push = tuple[float, float]
"""Added to the log odds of negative, and of positive, against neutral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Of one language: a push for every text, and one for each of some words."""

    always: Push = (0.0, 0.0)
    words: dict[str, Push] = field(default_factory=dict)

    def push(self, said: Sequence[str], moved: list[float] | None = None) -> Push:
        """Of a text of these words. To `moved`, a number a word, is added how far each moves its odds."""
        negative, positive = self.always
        share = 1 / sqrt(max(1, len(said)))
        for at, word in enumerate(said):
            if push := self.words.get(word):
                negative += share * push[0]
                positive += share * push[1]
                if moved:
                    moved[at] += share * (push[1] - push[0])
        return negative, positive


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Cases of one class, each judged by what was learned from others."""

    cases: int = 0
    before: int = 0
    """Right by the judge alone."""
    gained: int = 0
    """Wrong without what was taught, and right with it."""
    lost: int = 0

    @property
    def after(self) -> int:
        """Right with what was taught."""
        return self.before + self.gained - self.lost


def added(scores: Iterable[Score]) -> Score:
    listed = list(scores)
    return Score(
        cases=sum(one.cases for one in listed),
        before=sum(one.before for one in listed),
        gained=sum(one.gained for one in listed),
        lost=sum(one.lost for one in listed),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Of one language: what people said, class by class, against what the judge says.

    `known`: does the judge know this language? `others` are messages that nobody corrected, `moved` how many
    of them would be read otherwise.
    """

    classes: dict[str, Score] = field(default_factory=dict)
    """By what people said: a Sentiment's value."""
    known: bool = True
    others: int = 0
    moved: int = 0

    @property
    def whole(self) -> Score:
        return added(self.classes.values())

    @property
    def lessons(self) -> int:
        """Cases that can be learned from."""
        return sum(score.cases for name, score in self.classes.items() if name in LABELS)


class Why(StrEnum):
    """Why what was taught of a language does not judge along."""

    FOREIGN = "foreign"
    FEW = "few"
    CHANCE = "chance"
    CLASS = "class"
    ELSEWHERE = "elsewhere"


def why_not(found: Measured) -> Why | None:
    """None: it helps. More held-out cases became right than wrong, beyond chance; no class lost more than a
    tenth of what was right; and of the messages that nobody corrected few are read otherwise: who corrects
    looks at what is wrong, so that corrections alone would not show what was broken elsewhere."""
    if not found.known:
        return Why.FOREIGN
    if found.lessons < FEWEST:
        return Why.FEW
    whole = found.whole
    if not helpful(whole.gained, whole.lost):
        return Why.CHANCE
    if any(score.after < _SPARED * score.before for score in found.classes.values()):
        return Why.CLASS
    if found.moved > _ELSEWHERE * found.others:
        return Why.ELSEWHERE
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """`judge` is the version of the judge that it was learned on top of, and fits no other.

    `taught` has the languages that it helps in, `measured` all that were corrected; both by ISO 639-1.
    """

    brand: str
    judge: str
    day: str
    """The morning it was made, where the brand is: yyyy-mm-dd."""
    until: datetime
    """Corrections before it counted."""
    taught: dict[str, Taught]
    measured: dict[str, Measured]

    @property
    def version(self) -> str:
        """Names the judge with this delta, in a verdict."""
        return f"{self.judge}{WITH}{self.day}"

    @property
    def helps(self) -> bool:
        """May it judge along?"""
        return bool(self.taught)


def helpful(gained: int, lost: int) -> bool:
    """Is this more than chance? As a coin that is thrown for every case that changed: within 5 %."""
    changed = gained + lost
    if gained <= lost:
        return False
    chance, ways = 0.0, 1.0
    for heads in range(changed + 1):
        if heads >= gained:
            chance += ways
        ways = ways * (changed - heads) / (heads + 1)
    return chance / 2.0**changed <= _CHANCE


def counted(corrections: Iterable[Correction], until: datetime) -> list[Correction]:
    """What counts: one a mention, the last before `until`; oldest first."""
    last: dict[tuple[str, str], Correction] = {}
    for one in sorted(corrections, key=lambda one: (one.at, one.platform, one.id)):
        if one.at < until:
            last.pop((one.platform, one.id), None)
            last[one.platform, one.id] = one
    return list(last.values())
