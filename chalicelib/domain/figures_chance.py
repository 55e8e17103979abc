"""What chance alone may do to a figure, at 95 %: a difference within it is never called one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

Z = 1.96
ENOUGH = 20
"""Of fewer a share is not compared."""
FEWEST = 5
"""A sum or an average of fewer rows is not compared."""


class Outcome(StrEnum):
    """`FIRST`: there is nothing to compare with; `SILENT`: there was nothing given before, or now."""

    FIRST = "first"
    SILENT = "silent"
    FEW = "few"
    SAME = "same"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Against the month before. `by` is the difference and `noise` what chance explains of it at most:
    of shares in parts of one (0.05: five points), of sums in parts of what it was (0.05: 5 %)."""

    outcome: Outcome
    was: int | None = None
    was_of: int | None = None
    by: float = 0.0
    noise: float = 0.0


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval of a share, in parts of one; of nothing it is everything."""
    if not whole:
        return 0.0, 1.0
    share, room = part / whole, Z * Z / whole
    middle = (share + room / 2) / (1 + room)
    half = Z * sqrt(share * (1 - share) / whole + room / (4 * whole)) / (1 + room)
    return max(0.0, middle - half), min(1.0, middle + half)


def shares(part: int, whole: int, was: int, was_of: int) -> Change:
    """A share against the one before: a difference only where the intervals lie apart."""
    if min(whole, was_of) < ENOUGH:
        return Change(outcome=Outcome.FEW, was=was, was_of=was_of)
    now, before = part / whole, was / was_of
    noise = Z * sqrt(now * (1 - now) / whole + before * (1 - before) / was_of)
    outcome = _apart(interval(part, whole), interval(was, was_of))
    return Change(outcome=outcome, was=was, was_of=was_of, by=now - before, noise=noise)


def counts(now: int, was: int) -> Change:
    """What comes by itself, against the month before (Poisson)."""
    if min(now, was) < FEWEST:
        return Change(outcome=Outcome.FEW, was=was)
    outcome = _apart(_around(now, Z * sqrt(now)), _around(was, Z * sqrt(was)))
    return Change(outcome=outcome, was=was, by=(now - was) / was, noise=Z * sqrt(now + was) / was)


def sums(values: Sequence[int], was: int, was_of: int) -> Change:
    """A sum over rows of which we choose how many there are, against a sum over `was_of` before: by chance
    each is more or less than their average. Those before are taken to be as uneven as these."""
    total = sum(values)
    if min(len(values), was_of) < FEWEST or not was or not total:
        return Change(outcome=Outcome.FEW, was=was)
    middle = total / len(values)
    each = max(middle, sum((value - middle) ** 2 for value in values) / (len(values) - 1))
    own, old = len(values) * each, was_of * each * (was / was_of / middle) ** 2
    outcome = _apart(_around(total, Z * sqrt(own)), _around(was, Z * sqrt(old)))
    return Change(outcome=outcome, was=was, by=(total - was) / was, noise=Z * sqrt(own + old) / was)


def averages(here: Sequence[int], there: Sequence[int]) -> Outcome:
    """Is the average of `here` above that of `there`? `SAME` where their intervals overlap."""
    if min(len(here), len(there)) < FEWEST:
        return Outcome.FEW
    return _apart(_mean(here), _mean(there))


def _mean(values: Sequence[int]) -> tuple[float, float]:
    """Student's interval; his factor by two terms of its series, which is good to 0.05 from four on."""
    free = len(values) - 1
    middle = sum(values) / len(values)
    spread = sqrt(sum((value - middle) ** 2 for value in values) / free / len(values))
    return _around(middle, (Z + 2.37 / free + 2.82 / free**2) * spread)


def _around(middle: float, half: float) -> tuple[float, float]:
    return middle - half, middle + half


def _apart(now: tuple[float, float], before: tuple[float, float]) -> Outcome:
    if now[0] > before[1]:
        return Outcome.UP
    return Outcome.DOWN if now[1] < before[0] else Outcome.SAME
