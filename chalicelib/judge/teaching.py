"""From a brand's corrections to its delta: logistic regression on top of what the judge says already.

In plain Python and the same for the same corrections: a few hundred texts take some tens of milliseconds.
"""

from collections.abc import Sequence
from datetime import datetime
from math import exp, sqrt
from zlib import crc32

from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import FEWEST, LABELS, Delta, Measured, Push, Taught, counted
from chalicelib.judge.embedded import Embedded, Odds

PARTS = 5
"""Each of so many parts is judged by what was learned from the others."""
_ROUNDS = 30
_STEP = 0.3
_HOLD = 0.02
"""How hard each weight is pulled back to nothing."""
_MOST_WORDS = 200
"""Kept a language: a delta is some 10 KB at most."""
_FAINT = 0.1

Lesson = tuple[Odds, list[str], int]
"""What the judge says of a text, the text's words, and the right label's place in `LABELS`."""


def delta(brand: str, corrections: list[Correction], judge: Embedded, until: datetime) -> Delta:
    """Learned from the corrections before `until`; whether it helps is measured on texts it had not seen."""
    taught, measured = {}, {}
    known = counted(corrections, until)
    for language in sorted({one.language for one in known} & judge.languages):
        own = [one for one in known if one.language == language]
        if len(own) >= FEWEST:
            lessons = [_lesson(judge, one) for one in own]
            parts = [crc32(f"{one.platform}/{one.id}".encode()) % PARTS for one in own]
            measured[language] = _measured(lessons, parts)
            taught[language] = _learned(lessons)
    return Delta(brand=brand, judge=judge.version, made_at=until, taught=taught, measured=measured)


def _lesson(judge: Embedded, one: Correction) -> Lesson:
    odds, words = judge.odds(one.text, one.language)
    return odds, words, LABELS.index(one.now)


def _measured(lessons: Sequence[Lesson], parts: Sequence[int]) -> Measured:
    before = after = gained = lost = 0
    for part in range(PARTS):
        found = _learned([one for one, its in zip(lessons, parts, strict=True) if its != part])
        for (odds, words, label), its in zip(lessons, parts, strict=True):
            if its == part:
                was, now = _label(odds) == label, _label(_sum(odds, found.push(words))) == label
                before, after = before + was, after + now
                gained, lost = gained + (now and not was), lost + (was and not now)
    return Measured(cases=len(lessons), before=before, after=after, gained=gained, lost=lost)


def _learned(lessons: Sequence[Lesson]) -> Taught:
    """By gradient descent, a lesson at a time, in their order; faint words are left out."""
    always = [0.0, 0.0]
    words: dict[str, list[float]] = {}
    for turn in range(_ROUNDS):
        step = _STEP / (1 + turn / 10)
        for odds, said, label in lessons:
            push = Taught(
                always=(always[0], always[1]),
                words={word: (found[0], found[1]) for word in said if (found := words.get(word))},
            ).push(said)
            negative, positive = (exp(min(30.0, one)) for one in _sum(odds, push))
            whole = 1.0 + negative + positive
            errors = negative / whole - (label == 0), positive / whole - (label == 2)
            share = 1 / sqrt(len(said)) if said else 0.0
            for side, error in enumerate(errors):
                always[side] -= step * (error + _HOLD * always[side]) / 4
                for word in said:
                    weight = words.setdefault(word, [0.0, 0.0])
                    weight[side] -= step * (share * error + _HOLD * weight[side])
    heaviest = sorted(words, key=lambda word: (-max(map(abs, words[word])), word))[:_MOST_WORDS]
    return Taught(
        always=_rounded(always),
        words={word: _rounded(words[word]) for word in heaviest if max(map(abs, words[word])) >= _FAINT},
    )


def _rounded(push: Sequence[float]) -> Push:
    return round(push[0], 3), round(push[1], 3)


def _sum(odds: Odds, push: Push) -> Odds:
    return odds[0] + push[0], odds[1] + push[1]


def _label(odds: Odds) -> int:
    """The likeliest, as a place in `LABELS`."""
    if max(odds) <= 0:
        return 1
    return 0 if odds[0] >= odds[1] else 2
