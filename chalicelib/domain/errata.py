"""What came late to a month that is reported: its rows as they were frozen, and as they are now."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.figures_sent import posts_left
from chalicelib.domain.measuring import AGES, UNTIL
from chalicelib.domain.month import UNASKED, DeliveryRow, Facts
from chalicelib.domain.post import BOOST
from chalicelib.domain.shape import load, stamp
from chalicelib.domain.verdict import Sentiment

LEFT = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.CONFIRMED,
        DeliveryState.REMOVING,
        DeliveryState.REMOVED,
        DeliveryState.EDITING,
    }
)
FIGURES = {
    "mentions": "mentions",
    "positive": "positive",
    "negative": "negative",
    "asked": "asked",
    "posts": "posts",
    "replies": "answers",
    "reach": "reach",
    "reactions": "reactions",
    "replied": "replies",
}
"""What is compared, and the figure of a report that has its rows (`figures.py`)."""
NUMBERS = ("reach", "reactions", "replied")
"""What networks give: the sum of it, None where none gave any. `replies` are our own; `replied` are what came
back on our posts."""

Rows = dict[str, dict[str, int]]
"""By name (mentions, positive, negative, asked for an answer or thanks, posts, replies; `NUMBERS`): the ids
of its rows, and what each amounts to."""
Counts = dict[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """What is not, or no longer, as the report says; and what the erratum before this one named. In the file
    `present` is `is`.

    `came` and `gone` are how many rows did: one of each leaves the count as it was. `marks` stand for the
    rows themselves, so that the next erratum knows what was told; one of before they were kept has none.
    """

    at: datetime
    was: Counts
    present: Counts
    came: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)


def rows(mentions: Iterable[tuple[str, str, str]], deliveries: Iterable[tuple[str, str, str]]) -> Rows:
    """`mentions` as (id, label, what was decided), `deliveries` as (id, kind, state): post, boost, reply or
    holding. What ordinary work changes afterwards, such as a case that is answered, is left out: no error of
    the report."""
    found: Rows = {name: {} for name in ("mentions", "positive", "negative", "asked", "posts", "replies")}
    for id, label, state in mentions:
        found["mentions"][id] = 1
        if state not in UNASKED:
            found["asked"][id] = 1
        if label in (Sentiment.POSITIVE, Sentiment.NEGATIVE):
            found[label][id] = 1
    for id, kind, state in deliveries:
        if state in LEFT and kind in ("post", "reply"):
            found["posts" if kind == "post" else "replies"][id] = 1
    return found


def rows_of(facts: Facts) -> Rows:
    return rows(
        ((row.id, row.label, row.state) for row in facts.mentions),
        ((row.id, _kind(row), row.state) for row in facts.deliveries),
    )


def _kind(row: DeliveryRow) -> str:
    return "holding" if row.holding else BOOST if row.way == BOOST else row.kind


def numbers(deliveries: Iterable[DeliveryRow]) -> Rows:
    """What the networks gave of the posts that left."""
    left = posts_left(deliveries)
    return {
        "reach": {row.id: row.reach for row in left if row.reach is not None},
        "reactions": {row.id: row.reactions for row in left if row.reactions is not None},
        "replied": {row.id: row.replies for row in left if row.replies is not None},
    }


def complete(deliveries: Iterable[DeliveryRow]) -> bool:
    """Has every post that left its numbers of a week?"""
    return all(row.step >= len(AGES) for row in posts_left(deliveries))


def grown(frozen: Iterable[DeliveryRow], present: Sequence[DeliveryRow], at: datetime) -> bool:
    """Are the numbers of the month for an erratum: the report has not all of a week, and now every post has
    them or can get none any more?"""
    left = posts_left(present)
    if complete(frozen) or any(at < row.at + AGES[-1] for row in left):
        return False
    return all(row.step >= len(AGES) or at >= row.at + UNTIL[-1] for row in left)


def between(frozen: Facts, told: Erratum | None, later: Facts) -> Erratum | None:
    """What the later facts of a month say that neither its report nor the erratum before this one did."""
    was, present = rows_of(frozen), rows_of(later)
    if grown(frozen.deliveries, later.deliveries, later.frozen_at):
        was |= numbers(frozen.deliveries)
        present |= numbers(later.deliveries)
    return erratum(was, told, present, later.frozen_at)


def erratum(frozen: Rows, told: Erratum | None, present: Rows, at: datetime) -> Erratum | None:
    """`told` is the erratum before, if there is one. Of `frozen` only what `present` has too is compared.
    None where nothing is new."""
    if all(_known(name, frozen[name], told, now) for name, now in present.items()):
        return None
    named = told.present if told else {}
    changed = [name for name, now in present.items() if now != frozen[name] or name in named]
    return Erratum(
        at=at,
        was={name: _total(name, frozen[name]) for name in changed},
        present={name: _total(name, present[name]) for name in changed},
        came={name: len(present[name].keys() - frozen[name].keys()) for name in changed},
        gone={name: len(frozen[name].keys() - present[name].keys()) for name in changed},
        marks={name: _mark(present[name]) for name in changed},
    )


def _known(name: str, frozen: Mapping[str, int], told: Erratum | None, now: Mapping[str, int]) -> bool:
    """Is this as it was said last?"""
    if told is None or name not in told.present:
        return now == frozen
    if name not in told.marks:
        return _total(name, now) == told.present[name]
    return _mark(now) == told.marks[name]


def _total(name: str, rows: Mapping[str, int]) -> int | None:
    return None if name in NUMBERS and not rows else sum(rows.values())


def _mark(rows: Mapping[str, int]) -> str:
    return blake2s(json.dumps(rows, sort_keys=True).encode(), digest_size=8).hexdigest()


def to_bytes(erratum: Erratum) -> bytes:
    told = {
        "at": stamp(erratum.at),
        "was": erratum.was,
        "is": erratum.present,
        "came": erratum.came,
        "gone": erratum.gone,
        "marks": erratum.marks,
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def from_bytes(body: bytes) -> Erratum:
    """Raises ValueError."""
    told = json.loads(body)
    more = {name: told[name] for name in ("came", "gone", "marks") if name in told}
    return load(Erratum, {"at": told["at"], "was": told["was"], "present": told["is"], **more})
