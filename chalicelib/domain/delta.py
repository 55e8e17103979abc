"""What one brand's people taught the judge: small, readable, measured, and taken back as easily as given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

from chalicelib.domain.correction import Correction
from chalicelib.domain.verdict import Sentiment

FEWEST = 20
"""Corrections below which nothing is learned: a handful says more about the handful than about the brand."""
LABELS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)

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
class Measured:
    """Corrections, each judged by what was learned from others: how many were right without, and with."""

    cases: int = 0
    before: int = 0
    after: int = 0
    gained: int = 0
    """Wrong without, and right with."""
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """`judge` is the version of the judge that it was learned on top of, and fits no other."""

    brand: str
    judge: str
    made_at: datetime
    taught: dict[str, Taught]
    """By language, ISO 639-1."""
    measured: dict[str, Measured]

    @property
    def version(self) -> str:
        """Names the judge with this delta, in a verdict."""
        return f"{self.judge}+{self.made_at:%Y-%m-%d}"

    @property
    def helps(self) -> bool:
        """May it go live? By the sum over its languages: see `helpful`."""
        found = self.measured.values()
        return helpful(sum(one.gained for one in found), sum(one.lost for one in found))


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
    return chance / 2.0**changed <= 0.05


def counted(corrections: list[Correction], until: datetime) -> list[Correction]:
    """What counts: one a mention, the last before `until`, with a label that can be learned; oldest first."""
    last: dict[tuple[str, str], Correction] = {}
    for one in sorted(corrections, key=lambda one: (one.at, one.platform, one.id)):
        if one.at < until:
            last.pop((one.platform, one.id), None)
            last[one.platform, one.id] = one
    return [one for one in last.values() if one.now in LABELS]
