"""Trying again, a bounded number of times, with pauses that differ between callers (full jitter)."""

from collections.abc import Iterator
from random import uniform
from time import sleep

TRIES = 5
BASE = 0.05


def attempts() -> Iterator[int]:
    """0 at once, then 1 to 4 after a random pause of at most 0.1, 0.2, 0.4 and 0.8 seconds."""
    for n in range(TRIES):
        if n:
            sleep(uniform(0, BASE * 2**n))  # noqa: S311 - spreads callers, guards nothing
        yield n
