"""Teaches what a text in one language feels: `chalicelib/judge/tables/<language>.table`."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.learn import Floats, Learned, learn
from training.matrix import NAMES, PLACES, Matrix, chosen, joined, matrix, sentiment_row
from training.measures import Labels, accuracy, calibration_error, macro_f1, macro_recall
from training.quantise import packed
from training.recipes import Part, Recipe

NATURAL = (0.30, 0.43, 0.27)
"""Shares of negative, neutral and positive in what an organisation hears, as far as one knows beforehand."""
FOLDS = 5
FIRST = 2
"""Times that the table which reads the others goes over the texts: half as often does for that."""
BESIDE = np.float32(0.5)
"""How much of the table beside is added."""
AS_READ = 0.3
"""What a text weighs that a first table labels, each of those labels counting the same."""

Measured = tuple[float, float, float]
"""A value, and the ends of its 95 % interval."""
Unseen: TypeAlias = "tuple[Part, Labels, Floats]"
"""Of an anchor: its labels, and the logits of tables that were taught without that text."""
Tell = Callable[[int], None]


class Score(NamedTuple):
    """Of texts that were not taught, by the balanced label; `error` is the expected calibration error."""

    texts: int
    recall: Measured
    f1: Measured
    accuracy: float
    error: float


class Taught(NamedTuple):
    """A `Part` as rows of numbers."""

    part: Part
    shown: Matrix
    labels: Labels

    def only(self, rows: Labels) -> "Taught":
        return Taught(self.part, chosen(self.shown, rows), self.labels[rows])


def table(recipe: Recipe, tell: Tell) -> tuple[bytes, dict[str, Score]]:
    """The table, and how well each anchor's texts are read by tables that were not taught with them."""
    taught, others = _as_numbers(recipe), _others(recipe)
    unseen = _unseen(recipe, taught, others, tell)
    natural = _natural(unseen)
    whole = _with_read(recipe, taught, others, tell)
    relative = _relative(_mean(recipe, whole, recipe.rounds, tell).weights)
    size = 1 << recipe.bits
    head = {
        "bits": recipe.bits,
        "language": recipe.language,
        "named": {
            name: [round(float(value), 4) for value in row]
            for name, row in zip(NAMES, relative[size:], strict=True)
            if row.any()
        },
        "natural": natural,
    }
    return packed(head, relative[:size]), _scores(unseen, natural)


def scores(recipe: Recipe) -> dict[str, Score]:
    """Those of `table`, without the table."""
    unseen = _unseen(recipe, _as_numbers(recipe), _others(recipe), lambda rows: None)
    return _scores(unseen, _natural(unseen))


def _as_numbers(recipe: Recipe) -> list[Taught]:
    return [
        Taught(
            part,
            matrix(sentiment_row(text, recipe.language) for text, _ in part.texts),
            np.array([label for _, label in part.texts]),
        )
        for part in recipe.parts
    ]


def _others(recipe: Recipe) -> Matrix:
    return matrix(sentiment_row(text, recipe.language) for text in recipe.others)


def _with_read(recipe: Recipe, taught: Sequence[Taught], others: Matrix, tell: Tell) -> Sequence[Taught]:
    """And the texts without a label of ours, as a table reads them that `taught` alone teaches."""
    if not others.rows():
        return taught
    first = recipe._replace(pace=recipe.pace._replace(epochs=FIRST))
    read = _learned(first, taught, 1, tell).logits(others).argmax(1)
    return [*taught, Taught(Part("as read", [], AS_READ), others, read)]


def _mean(recipe: Recipe, taught: Sequence[Taught], rounds: int, tell: Tell) -> Learned:
    first, *others = (_learned(recipe, taught, seed, tell).weights for seed in range(1, rounds + 1))
    for other in others:
        first += other
    found = first / np.float32(rounds)
    if recipe.beside:
        found += BESIDE * _learned(recipe._replace(pace=recipe.beside), taught, 1, tell).weights
    if recipe.ordered:
        ordered(found[1 << recipe.bits :])
    return Learned(recipe.bits, found)


def _relative(weights: Floats) -> Floats:
    """Negative and positive, both against neutral."""
    return weights[:, [0, 2]] - weights[:, [1]]


def _learned(recipe: Recipe, taught: Sequence[Taught], seed: int, tell: Tell) -> Learned:
    labels = np.concatenate([one.labels for one in taught])
    weights = np.concatenate([_weights(one) for one in taught])
    open_to = np.ones((len(labels), 3), bool)
    open_to[:, 1] = np.concatenate([np.full(len(one.labels), not one.part.polar) for one in taught])
    shown = joined([one.shown for one in taught])
    return learn(shown, labels, weights, open_to, recipe.bits, seed, recipe.pace, tell)


def _weights(one: Taught) -> Floats:
    """Each label of a set counts the same."""
    there = np.bincount(one.labels, minlength=3)
    share = len(one.labels) / (there > 0).sum() / np.maximum(there, 1)
    return np.asarray(one.part.weight * share[one.labels], np.float32)


def ordered(named: Floats) -> None:
    """More praise never says less, nor more blame: `lean` weights where they do are evened out, in place.

    `named` has a row for each of `NAMES`; they are told against neutral, which becomes 0.
    """
    named -= named[:, [1]]
    for sign, mine, other in ((1, 2, 0), (-1, 0, 2)):
        rows = [PLACES[f"lean {sign * n}"] for n in range(1, 6)]
        named[rows, mine] = rising(named[rows, mine])
        named[rows, other] = -rising(-named[rows, other])


def rising(values: Floats) -> Floats:
    """The nearest that never falls: neighbours that do become their mean."""
    levels: list[tuple[float, int]] = []
    for value in values:
        level, width = float(value), 1
        while levels and levels[-1][0] > level:
            before, wide = levels.pop()
            level, width = (before * wide + level * width) / (wide + width), wide + width
        levels.append((level, width))
    return np.repeat(np.array([level for level, _ in levels], np.float32), [width for _, width in levels])


def _unseen(recipe: Recipe, taught: Sequence[Taught], others: Matrix, tell: Tell) -> list[Unseen]:
    logits = {one.part.name: np.zeros((len(one.labels), 3), np.float32) for one in taught if one.part.anchor}
    fold_of = {one.part.name: _folds(one) for one in taught}
    for fold in range(FOLDS):
        kept = [
            one.only(np.flatnonzero(fold_of[one.part.name] != fold)) if one.part.anchor else one
            for one in taught
        ]
        found = _mean(recipe, _with_read(recipe, kept, others, tell), recipe.rounds_aside, tell)
        for one in taught:
            if one.part.anchor:
                aside = np.flatnonzero(fold_of[one.part.name] == fold)
                logits[one.part.name][aside] = found.logits(chosen(one.shown, aside))
    return [(one.part, one.labels, logits[one.part.name]) for one in taught if one.part.anchor]


def _folds(one: Taught) -> Labels:
    size = len(one.labels)
    if one.part.ordered:
        return np.arange(size) * FOLDS // size
    return np.random.default_rng(7).permutation(size) % FOLDS


def _scores(unseen: Sequence[Unseen], natural: Sequence[float]) -> dict[str, Score]:
    return {part.name: _score(labels, logits, natural) for part, labels, logits in unseen}


def _score(labels: Labels, logits: Floats, natural: Sequence[float]) -> Score:
    told = logits.argmax(1)
    random = np.random.default_rng(3)
    draws = [random.integers(0, len(labels), len(labels)) for _ in range(400)]

    def measured(measure: Callable[[Labels, Labels], float]) -> Measured:
        low, high = np.quantile([measure(labels[draw], told[draw]) for draw in draws], [0.025, 0.975])
        return measure(labels, told), float(low), float(high)

    return Score(
        len(labels),
        measured(macro_recall),
        measured(macro_f1),
        accuracy(labels, told),
        calibration_error(_likely(logits, natural), labels),
    )


def _likely(logits: Floats, natural: Sequence[float]) -> NDArray[np.float64]:
    """Probabilities as in life."""
    warmth, bad, good = natural
    odds = warmth * (logits - logits[:, [1]]).astype(np.float64) + np.array([bad, 0, good])
    odds = np.exp(odds - odds.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True))


def _natural(unseen: Sequence[Unseen]) -> list[float]:
    """Warmth of the logits, and what to add to negative and positive: the likeliest, by Newton's method.

    Each anchor counts the same, and within it each label as much as `NATURAL` says.
    """
    labels = np.concatenate([found for _, found, _ in unseen])
    logits = np.concatenate([found for _, _, found in unseen]).astype(np.float64)
    weights = np.concatenate(
        [np.array(NATURAL)[found] / np.bincount(found, minlength=3)[found] for _, found, _ in unseen]
    )
    logits = logits - logits[:, [1]]
    at = np.array([1.0, 0.0, 0.0])
    push = np.zeros((len(labels), 3, 3))  # a row a text: what each constant adds to each class
    push[:, 0, :] = logits
    push[:, 1, 0] = push[:, 2, 2] = 1
    for _ in range(30):
        odds = np.einsum("p,npk->nk", at, push)
        odds = np.exp(odds - odds.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        mean = np.einsum("nk,npk->np", odds, push)
        slope = (weights[:, None] * (mean - push[np.arange(len(labels)), :, labels])).sum(0)
        bend = np.einsum("n,nk,npk,nqk->pq", weights, odds, push, push)
        bend -= np.einsum("n,np,nq->pq", weights, mean, mean)
        at -= np.linalg.solve(bend + 1e-6 * np.eye(3), slope)
    return [round(float(value), 4) for value in at]
