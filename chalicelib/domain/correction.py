"""A person says that a verdict was wrong, and what it should have been. The judge learns from it."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.verdict import Sentiment

TEXT_KEPT = 1_000
"""Characters of the mention that a correction keeps: what the judge learns from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One person's word on one mention; a later one on the same mention takes its place.

    `brand`, `platform` and `id` are those of the mention's key.
    """

    brand: str
    platform: str
    id: str
    text: str
    """The mention's first `TEXT_KEPT` characters."""
    language: str
    """ISO 639-1, as the verdict said, or as the person corrected it."""
    was: Sentiment
    now: Sentiment
    by: str
    """Who said so: their account's id, as in a case's history."""
    at: datetime
    """Aware."""
