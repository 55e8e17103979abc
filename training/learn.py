"""Linear models over hashed features, a row at a time, each weight with a pace of its own (Adagrad)."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.matrix import NAMED, NAMES, Matrix

Floats: TypeAlias = "NDArray[np.float32]"


class Learned(NamedTuple):
    """`weights` has 2**bits rows for hashed features, then one for each of `NAMES`; a column a class."""

    bits: int
    weights: Floats

    def logits(self, shown: Matrix) -> Floats:
        """One row a message, one column a class."""
        if not shown.rows():
            return np.zeros((0, self.weights.shape[1]), np.float32)
        found = self.weights[places(shown, self.bits)] * shown.values[:, None]
        return np.add.reduceat(found, shown.starts[:-1], axis=0)


class Pace(NamedTuple):
    epochs: int = 4
    rate: float = 0.1
    decay: float = 5e-3
    drop: float = 0.0
    """The share of a row's features that is left out, others each time, so that none is relied on alone."""
    ground: float = 0.01
    """What each weight's sum of squared slopes begins at: the higher, the less is believed of the rare."""
    loss: Literal["log", "hinge"] = "log"
    """"hinge" is squared, each class against the rest: what is told rightly by far teaches no more."""


def places(shown: Matrix, bits: int) -> NDArray[np.int64]:
    size = 1 << bits
    return np.where(shown.columns >= NAMED, shown.columns - NAMED + size, shown.columns & (size - 1))


def learn(
    shown: Matrix,
    labels: NDArray[np.int64],
    weights: Floats,
    open_to: NDArray[np.bool_],
    bits: int,
    seed: int,
    pace: Pace,
    tell: Callable[[int], None],
) -> Learned:
    """`open_to` has a row a message and a column a class: False where the set does not know that class.

    `tell` is called with the number of rows done since the last call. The same arguments give the same
    weights.
    """
    classes = open_to.shape[1]
    at = places(shown, bits)
    # Each weight beside its sum of squared slopes: both are fetched at once, which is most of the time.
    state = np.zeros(((1 << bits) + len(NAMES), 2 * classes), np.float32)
    state[:, classes:] = pace.ground
    random = np.random.default_rng(seed)
    closed = np.where(open_to, 0, -1e9).astype(np.float32)
    rate, decay = np.float32(pace.rate), np.float32(pace.decay)
    error_of = _ERRORS[pace.loss]
    for _ in range(pace.epochs):
        for done, row in enumerate(random.permutation(len(labels))):
            start, end = shown.starts[row], shown.starts[row + 1]
            where, values = at[start:end], shown.values[start:end]
            if pace.drop:
                kept = random.random(end - start) >= pace.drop
                where, values = where[kept], values[kept] / np.float32(1 - pace.drop)
            both = state.take(where, axis=0)
            now = both[:, :classes].copy()
            error = error_of(values @ now + closed[row], labels[row])
            error *= weights[row]
            slope = values[:, None] * error + decay * now
            pushed = both[:, classes:] + slope * slope
            both[:, classes:] = pushed
            both[:, :classes] = now - rate * slope / np.sqrt(pushed)
            state[where] = both
            if not done % 1000:
                tell(1000)
    return Learned(bits, state[:, :classes].copy())


def _log(odds: Floats, label: np.int64) -> Floats:
    odds = np.exp(odds - odds.max())
    error: Floats = odds / odds.sum()
    error[label] -= 1
    return error


def _hinge(odds: Floats, label: np.int64) -> Floats:
    error = np.maximum(1 + odds, 0)
    error[label] = np.minimum(odds[label] - 1, 0)
    return error


_ERRORS = {"log": _log, "hinge": _hinge}
"""How far each class is from what its label asks, by the logits, which are far below 0 for a closed one."""
