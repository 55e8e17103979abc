"""The passages a verdict rests on: words that carry a feeling, and moved the odds as that feeling says.

A table moves the odds by every word, by "swimming pool" too where its few texts were angry ones. Such words
count, and show a reader nothing. Shown is what a reader knows for a feeling: words and phrases of the lists,
faces, denials with the word they deny, and what a brand's corrections taught.
"""

from collections.abc import Iterator, Sequence, Set

from chalicelib.domain.verdict import Evidence, Sentiment
from chalicelib.judge.tokens import Token, is_mark
from chalicelib.judge.weighing import NOT, Weight

_MOST = 8
_MOVES = 0.2
"""Log odds from which a passage is shown,"""
_SHARE = 0.1
"""if it is this share of all that the passages moved."""

_FEELS = 0.5
"""What a word or phrase scores at least, of 4."""

Passage = tuple[int, int, float]
"""`text[start:end]`, and how far it moves the log odds of positive against negative."""


def denials(tokens: Sequence[Token], language: str) -> set[int]:
    """Places of negations, and of the word that follows each."""
    negators = NOT[language]
    found = set()
    for at, token in enumerate(tokens):
        if token.text in negators:
            found.add(at)
            if at + 1 < len(tokens) and tokens[at + 1].text[0].isalpha():
                found.add(at + 1)
    return found


def evidence(
    tokens: Sequence[Token],
    moved: Sequence[float],
    weight: Weight,
    felt: Set[int],
    listed: tuple[float, float],
) -> Iterator[Evidence]:
    """In the order of the text. `moved` is what each token moves by itself, `listed` what the blame that the
    lexicon knows, and the praise, move together; `felt` has the places of other words that feel."""
    passages = _joined(_units(tokens, moved, weight, felt, listed))
    floor = max(_MOVES, _SHARE * sum(abs(move) for _, _, move in passages))
    shown = [passage for passage in passages if abs(passage[2]) >= floor]
    for start, end, move in sorted(sorted(shown, key=lambda passage: -abs(passage[2]))[:_MOST]):
        side = Sentiment.POSITIVE if move > 0 else Sentiment.NEGATIVE
        yield Evidence(start, end, side, round(abs(move), 2))


def _joined(units: Iterator[Passage | None]) -> list[Passage]:
    """Neighbours of one mind are one."""
    passages: list[Passage] = []
    joins = False
    for unit in units:
        if unit is None:
            joins = False
        elif joins and (passages[-1][2] > 0) == (unit[2] > 0):
            passages[-1] = (passages[-1][0], unit[1], passages[-1][2] + unit[2])
        else:
            passages.append(unit)
            joins = True
    return passages


def _units(
    tokens: Sequence[Token],
    moved: Sequence[float],
    weight: Weight,
    felt: Set[int],
    listed: tuple[float, float],
) -> Iterator[Passage | None]:
    """Tokens with what they move, those of one hit ("niet goed") together; None where one shows nothing."""
    hits = iter(weight.hits)
    hit = next(hits, None)
    start, whole = -1, 0.0
    for at, (token, move) in enumerate(zip(tokens, moved, strict=True)):
        if hit is None or token.start < hit.start:
            yield (token.start, token.end, move) if at in felt and not is_mark(token.text) else None
            continue
        start, whole = (token.start, move) if start < 0 else (start, whole + move)
        if token.end >= hit.end:
            good = hit.score > 0
            whole += abs(hit.score) * (listed[1] / weight.good if good else listed[0] / weight.bad)
            agrees = (whole > 0) is good and abs(hit.score) >= _FEELS
            yield (start, token.end, whole) if agrees else None
            hit, start = next(hits, None), -1
