"""From a brand's corrections to its delta: logistic regression on top of what the judge says already.

In plain Python and the same for the same corrections: five hundred texts take some three seconds.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import exp, sqrt
from zlib import crc32

from chalicelib.domain.correction import Correction
from chalicelib.domain.delta import (
    FEWEST,
    LABELS,
    Delta,
    Measured,
    Push,
    Score,
    Taught,
    added,
    counted,
    why_not,
)
from chalicelib.domain.verdict import Sentiment
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


def delta(
    brand: str,
    corrections: Iterable[Correction],
    judge: Embedded,
    until: datetime,
    others: Sequence[tuple[str, str]] = (),
) -> Delta:
    """Learned from the corrections before `until`, the beginning of the brand's day; whether it helps is
    measured on corrections it had not seen, and on `others`: language and text of messages that nobody
    corrected."""
    taught, measured = {}, {}
    known = counted(corrections, until)
    for language in sorted({one.language for one in known}):
        own = [one for one in known if one.language == language]
        beside = [text for other, text in others if other == language]
        whole, parts = _taught(own, language, judge)
        measured[language] = Measured(
            classes=_classes(own, language, parts, judge),
            known=language in judge.languages,
            others=len(beside),
            moved=sum(
                _said(judge, text, language) is not _said(judge, text, language, whole) for text in beside
            ),
        )
        if why_not(measured[language]) is None:
            taught[language] = whole
    day = f"{until:%Y-%m-%d}"
    return Delta(brand=brand, judge=judge.version, day=day, until=until, taught=taught, measured=measured)


def _taught(own: Sequence[Correction], language: str, judge: Embedded) -> tuple[Taught, list[Taught]]:
    """By all of them; and for each part by the others. By too few, nothing."""
    learnable = [one for one in own if one.now in LABELS]
    if language not in judge.languages or len(learnable) < FEWEST:
        return Taught(), [Taught()] * PARTS
    lessons = [(*judge.odds(one.text, language), LABELS.index(one.now)) for one in learnable]
    parts = [_part(one) for one in learnable]
    rest = [[one for one, its in zip(lessons, parts, strict=True) if its != part] for part in range(PARTS)]
    return _learned(lessons), [_learned(each) for each in rest]


def _classes(
    own: Sequence[Correction], language: str, parts: Sequence[Taught], judge: Embedded
) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for one in own:
        was = _said(judge, one.text, language) is one.now
        now = _said(judge, one.text, language, parts[_part(one)]) is one.now
        found[one.now.value] = added([found.get(one.now.value, Score()), _case(was, now)])
    return found


def _part(one: Correction) -> int:
    """By its words: a message that was shared a hundred times is never both learned from and held out."""
    return crc32(one.text.encode()) % PARTS


def _case(was: bool, now: bool) -> Score:
    return Score(cases=1, before=was, gained=now and not was, lost=was and not now)


def _said(judge: Embedded, text: str, language: str, taught: Taught | None = None) -> Sentiment:
    """The label that a page would show."""
    return judge.judge(text, language, {language: taught} if taught else {}).label


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
