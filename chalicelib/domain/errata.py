"""What came late to a month that is reported: counts as they were frozen, and as they are now."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.shape import load, stamp
from chalicelib.domain.verdict import Sentiment

LEFT = frozenset({DeliveryState.SENT, DeliveryState.CONFIRMED, DeliveryState.REMOVING, DeliveryState.REMOVED})

Counts = dict[str, int]
"""By name: mentions, positive, negative, asked (for an answer or thanks), posts, replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """The counts that are not, or no longer, what the report says; and those that the erratum before this
    one named. In the file `present` is `is`."""

    at: datetime
    was: Counts
    present: Counts


def counts(mentions: Iterable[tuple[str, str]], deliveries: Iterable[tuple[str, str]]) -> Counts:
    """`mentions` as (label, what was decided), `deliveries` as (post or reply, state). What ordinary work
    changes afterwards, such as a case that is answered, is not counted: that is no error of the report."""
    found = dict.fromkeys(("mentions", "positive", "negative", "asked", "posts", "replies"), 0)
    for label, state in mentions:
        found["mentions"] += 1
        found["asked"] += state != "ignore"
        if label in (Sentiment.POSITIVE, Sentiment.NEGATIVE):
            found[label] += 1
    for kind, state in deliveries:
        if state in LEFT:
            found["posts" if kind == "post" else "replies"] += 1
    return found


def erratum(frozen: Counts, told: Counts, present: Counts, at: datetime) -> Erratum | None:
    """`told` is what the erratum before said, {} where there is none. None where nothing is new."""
    last = {**frozen, **told}
    if present == last:
        return None
    changed = [name for name in present if not present[name] == last[name] == frozen[name]]
    return Erratum(
        at=at,
        was={name: frozen[name] for name in changed},
        present={name: present[name] for name in changed},
    )


def to_bytes(erratum: Erratum) -> bytes:
    told = {"at": stamp(erratum.at), "was": erratum.was, "is": erratum.present}
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def from_bytes(body: bytes) -> Erratum:
    """Raises ValueError."""
    told = json.loads(body)
    return load(Erratum, {"at": told["at"], "was": told["was"], "present": told["is"]})
