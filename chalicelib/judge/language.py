"""Which language is this? By the words and their runs of letters, the same features that sentiment rests on.

Tells seven languages apart; any other, and a text that says too little, is "und".
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, sqrt

from chalicelib.judge.features import runs, spelled, word_number
from chalicelib.judge.table import Table

OTHER = "other"
"""The class that the table knows beside the languages it names: their neighbours and the rest."""
_HINTED = 1.5
"""What a hint adds to the log odds of its language."""
_ENOUGH = 0.4
"""Likelihood below which a language is not named."""
_HINT_ENOUGH = 0.25
"""And below which not even the hint's."""
_FEW = 5
"""Words up to which a hint is believed though little speaks for it."""
_MOST_WORDS = 200
"""Read of a text; more would not change the answer."""


class Tongues:
    """`table.head["languages"]` names the table's columns; `OTHER` is what is left."""

    def __init__(self, table: Table) -> None:
        self.names: tuple[str, ...] = tuple(table.head["languages"])
        self._bias: tuple[float, ...] = tuple(table.head["bias"])
        self._table = table
        self._of = lru_cache(20_000)(self._sums)

    def _sums(self, word: str) -> tuple[float, ...]:
        numbers = [word_number(word), *runs(word)]
        return (float(len(numbers)), *self._table.sums(numbers))

    def likely(self, words: Sequence[str], hint: str = "") -> list[float]:
        """How likely each of `names` is; what is missing to 1 is `OTHER`."""
        size, *sums = (sum(column) for column in zip(*map(self._of, words), strict=True))
        odds = [
            exp(min(30.0, total / sqrt(size) + bias)) for total, bias in zip(sums, self._bias, strict=True)
        ]
        if hint in self.names:
            odds[self.names.index(hint)] *= exp(_HINTED)
        whole = 1.0 + sum(odds)
        return [one / whole for one in odds]

    def guess(self, words: Sequence[str], hint: str = "") -> str:
        """The language of a text's words, in small letters: ISO 639-1, or "und".

        `hint` (ISO 639-1, a region is ignored) decides where the words say too little.
        """
        words = words[:_MOST_WORDS]
        latin = [spelled(word) for word in words if word[0] < "\u0250"]
        if not latin or 2 * len(latin) < len(words):
            return "und"
        hint = hint[:2].lower()
        likely = self.likely(latin, hint)
        best = max(likely)
        name = self.names[likely.index(best)]
        if best >= _ENOUGH or (name == hint and best >= _HINT_ENOUGH):
            return name
        if hint in self.names and len(latin) <= _FEW:
            return hint
        return "und"
