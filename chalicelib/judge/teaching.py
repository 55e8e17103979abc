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

Lesson = tuple[Odds, list[str], Push]
"""What the judge says of a text, the text's words, and how likely negative and positive are to be."""


def delta(
    brand: str,
    corrections: Iterable[Correction],
    judge: Embedded,
    until: datetime,
    others: Sequence[tuple[str, str]] = (),
) -> Delta:
    """Learned from the corrections before `until`, the beginning of the brand's day; and from `others`,
    language and text of messages that nobody corrected, that those stay as they are read: who corrects looks
    at what is wrong, so that a word as common as "the" would become a bad or a good one. Whether it helps is
    measured on corrections and others that it had not seen."""
    taught, measured = {}, {}
    known = counted(corrections, until)
    for language in sorted({one.language for one in known}):
        own = [one for one in known if one.language == language]
        beside = [text for other, text in others if other == language]
        whole, parts = _taught(own, beside, language, judge)
        moved = [
            _said(judge, text, language) is not _said(judge, text, language, parts[_part(text)])
            for text in beside
        ]
        measured[language] = Measured(
            classes=_classes(own, language, parts, judge),
            known=language in judge.languages,
            others=len(beside),
            moved=sum(moved),
        )
        if why_not(measured[language]) is None:
            taught[language] = whole
    day = f"{until:%Y-%m-%d}"
    return Delta(brand=brand, judge=judge.version, day=day, until=until, taught=taught, measured=measured)


def _taught(
    own: Sequence[Correction], others: Sequence[str], language: str, judge: Embedded
) -> tuple[Taught, list[Taught]]:
    """By all of them; and for each part by the other parts. By too few, nothing."""
    learnable = [one for one in own if one.now in LABELS]
    if language not in judge.languages or len(learnable) < FEWEST:
        return Taught(), [Taught()] * PARTS
    lessons = [(_part(text), _stays(judge, text, language)) for text in others]
    lessons += [(_part(one.text), _corrected(judge, one)) for one in learnable]
    rest = [[lesson for its, lesson in lessons if its != part] for part in range(PARTS)]
    return _learned([lesson for _, lesson in lessons]), [_learned(each) for each in rest]


def _corrected(judge: Embedded, one: Correction) -> Lesson:
    odds, words = judge.odds(one.text, one.language)
    return odds, words, (float(one.now is Sentiment.NEGATIVE), float(one.now is Sentiment.POSITIVE))


def _stays(judge: Embedded, text: str, language: str) -> Lesson:
    odds, words = judge.odds(text, language)
    return odds, words, _likely(odds)


def _classes(
    own: Sequence[Correction], language: str, parts: Sequence[Taught], judge: Embedded
) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for one in own:
        was = _said(judge, one.text, language) is one.now
        now = _said(judge, one.text, language, parts[_part(one.text)]) is one.now
        found[one.now.value] = added([found.get(one.now.value, Score()), _case(was, now)])
    return found


def _part(text: str) -> int:
    """By its words: a message that was shared a hundred times is never both learned from and held out."""
    return crc32(text.encode()) % PARTS


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
        for odds, said, likely in lessons:
            push = Taught(
                always=(always[0], always[1]),
                words={word: (found[0], found[1]) for word in said if (found := words.get(word))},
            ).push(said)
            negative, positive = _likely(_sum(odds, push))
            errors = negative - likely[0], positive - likely[1]
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


def _likely(odds: Odds) -> Push:
    """How likely negative and positive are."""
    negative, positive = (exp(min(30.0, one)) for one in odds)
    whole = 1.0 + negative + positive
    return negative / whole, positive / whole
