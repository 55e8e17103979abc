"""How far what was told agrees with what was asked: figures of labels as numbers, 0 to 2."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Labels: TypeAlias = "NDArray[np.int64]"


def macro_recall(asked: Labels, told: Labels) -> float:
    return float(np.mean([(told[asked == one] == one).mean() for one in np.unique(asked)]))


def macro_f1(asked: Labels, told: Labels) -> float:
    found = []
    for one in range(3):
        hits = int(((asked == one) & (told == one)).sum())
        found.append(2 * hits / max(1, int((asked == one).sum()) + int((told == one).sum())))
    return float(np.mean(found))


def accuracy(asked: Labels, told: Labels) -> float:
    return float((asked == told).mean())


def calibration_error(found: NDArray[np.float64], asked: Labels) -> float:
    """Expected: how far certainty and accuracy lie apart, in ten bins, weighed by their size."""
    certain, right = found.max(1), found.argmax(1) == asked
    bins = np.minimum((certain * 10).astype(int), 9)
    return float(sum(abs((right[bins == b] - certain[bins == b]).sum()) for b in range(10)) / len(asked))
