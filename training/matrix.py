"""Messages as rows of numbers: what `features.shown` shows of each, in the form that training reads."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalicelib.judge import features
from chalicelib.judge.cues import heard
from chalicelib.judge.lexicon import lexicon
from chalicelib.judge.rules import ironic
from chalicelib.judge.tokens import is_said, tokens
from chalicelib.judge.weighing import weigh

NAMED = 1 << 32
"""Columns from here on are named features, in the order of `NAMES`; those below are CRCs."""

runs = lru_cache(200_000)(features.runs)
word_number = lru_cache(200_000)(features.word_number)


class Matrix(NamedTuple):
    """Row r holds `values[starts[r]:starts[r + 1]]` in the columns `columns[...]`."""

    columns: NDArray[np.int64]
    values: NDArray[np.float32]
    starts: NDArray[np.int64]

    def rows(self) -> int:
        return len(self.starts) - 1


NAMES = [
    "bias", "good", "bad", "both", "not", "stretched", "ironic", "ironic praise", "turned good",
    "last good", "last bad", "link", "headline",
    *(f"lean {n}" for n in range(-5, 6)),
    *(f"long {n}" for n in range(8)),
    *(f"{kind} {n}" for kind in ("loud", "!", "?") for n in (1, 2, 3)),
]  # fmt: skip
PLACES = {name: place for place, name in enumerate(NAMES)}


def sentiment_row(text: str, language: str) -> dict[int, float]:
    found = tokens(text)
    said = [token for token in found if is_said(token.text)]
    weight = weigh(said, lexicon(language), language)
    irony = ironic(heard([token.text for token in said]))
    shown = features.shown(found, weight, language, ironic=irony, linked=features.is_linked(text))
    words = [word for word in shown.words if word != features.RAISES]
    row: dict[int, float] = {}
    for share, numbers in (
        (1.0, [word_number(word) for word in words]),
        (1.0, [run for word in words for run in runs(word)]),
        (features.PAIRS, [number for _, number in shown.pairs]),
        (features.DENIALS, [number for _, number in shown.denied]),
    ):
        for number in features.told(numbers, shown.headline):
            row[number] = row.get(number, 0.0) + share / sqrt(len(numbers))
    for name, value in shown.named.items():
        row[NAMED + PLACES[name]] = value
    return row


def matrix(rows: Iterable[dict[int, float]]) -> Matrix:
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for row in rows:
        columns.extend(row)
        values.extend(row.values())
        starts.append(len(columns))
    return Matrix(np.array(columns, np.int64), np.array(values, np.float32), np.array(starts, np.int64))


def joined(parts: Sequence[Matrix]) -> Matrix:
    ends = np.cumsum([0, *(part.starts[-1] for part in parts)])
    starts = [part.starts[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
    return Matrix(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([np.zeros(1, np.int64), *starts]),
    )


def chosen(whole: Matrix, rows: Sequence[int] | NDArray[np.int64]) -> Matrix:
    pieces = [np.arange(whole.starts[row], whole.starts[row + 1]) for row in rows]
    at = np.concatenate(pieces) if pieces else np.zeros(0, np.int64)
    starts = np.cumsum([0, *(len(piece) for piece in pieces)])
    return Matrix(whole.columns[at], whole.values[at], starts.astype(np.int64))
