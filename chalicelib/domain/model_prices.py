"""What a model of Amazon is paid for a request, in micro-dollars: so much a token, or a piece of text.

List prices of us-east-1, `CHECKED` on that day against what others write of them, not read from AWS's own
list: elsewhere they differ by a tenth or so. The first line whose name is part of a model's id holds for it;
one that is not here is reckoned as the dearest, so that a budget stops too soon, never too late.
"""

from collections.abc import Sequence
from datetime import date
from math import ceil

CHECKED = date(2026, 11, 30)
DEAREST = (15.0, 75.0)
TOKENS: Sequence[tuple[str, tuple[float, float]]] = (
    ("claude-opus-4-5", (5.0, 25.0)),
    ("claude-opus", DEAREST),
    ("claude-3-opus", DEAREST),
    ("claude-haiku-4-5", (1.0, 5.0)),
    ("claude-3-5-haiku", (0.8, 4.0)),
    ("claude-3-haiku", (0.25, 1.25)),
    ("sonnet", (3.0, 15.0)),
    ("nova-micro", (0.035, 0.14)),
    ("nova-lite", (0.06, 0.24)),
    ("nova-pro", (0.8, 3.2)),
    ("nova-premier", (2.5, 12.5)),
    ("mistral-large", (4.0, 12.0)),
    ("mixtral", (0.45, 0.7)),
    ("mistral-7b", (0.15, 0.2)),
    ("llama3-1-8b", (0.22, 0.22)),
    ("llama3-1-70b", (0.72, 0.72)),
    ("llama3-3-70b", (0.72, 0.72)),
)
"""By part of an id: micro-dollars a token that it reads, and a token that it writes."""
PIECE, LEAST, UNIT = 100, 3, 100
"""Characters of a piece, as Amazon Comprehend counts; the fewest that a text counts for; micro-dollars a
piece."""


def tokens(model: str, read: int, written: int) -> int:
    of_read, of_written = next((price for name, price in TOKENS if name in model), DEAREST)
    return ceil(read * of_read + written * of_written)


def at_most(model: str, characters: int, written: int) -> int:
    """Of a request with so many characters, before it is made: one makes no more than a token."""
    return tokens(model, characters, written)


def pieces(texts: Sequence[str]) -> int:
    """Of sentiments of Amazon Comprehend."""
    return sum(max(LEAST, ceil(len(text) / PIECE)) for text in texts) * UNIT
