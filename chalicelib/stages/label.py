"""Put labels on a case, or take them off: whoever works on it, and whatever became of it.

One transaction: the case, the lines of its history, and what is offered from then on. Who labels twice, or
what another one labelled so already, changes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, EventKind
from chalicelib.domain.labels import OFFERED, changed
from chalicelib.errors import Conflict
from chalicelib.ports import Cases

TRIES = 5


def label(
    key: CaseKey,
    add: Iterable[str],
    drop: Iterable[str],
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """Raises NotFound, Conflict if it changes all the time, BadInput (`label`)."""
    add, drop = list(add), list(drop)
    for _ in range(TRIES):
        case = cases.get(key)
        if case.into:
            key = case.into
            continue
        after = changed(case.labels, add, drop)
        if after == case.labels:
            return case
        labelled = replace(case, rev=case.rev + 1, labels=after)
        new = tuple(each for each in after if each not in case.labels)
        gone = tuple(each for each in case.labels if each not in after)
        lines = [
            CaseEvent(
                at=now,
                id=f"{kind.value}-{labelled.rev}",
                kind=kind,
                by=by,
                by_id=by_id,
                text=", ".join(words),
            )
            for kind, words in ((EventKind.LABELLED, new), (EventKind.UNLABELLED, gone))
            if words
        ]
        offered = new if len(brand.labels) < OFFERED else ()
        try:
            cases.label(labelled, *lines, offered=offered)
        except Conflict:
            continue
        return labelled
    raise Conflict(f"{key} changes too fast")
