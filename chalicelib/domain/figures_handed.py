"""Figures of what departments handed over to each other: how many, and how long it waited for us there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from chalicelib.domain.figures_kinds import Figure, Handover, count
from chalicelib.domain.month import HandoverRow, Named


def handovers(
    rows: Sequence[HandoverRow], departments: Sequence[Named]
) -> tuple[list[Figure], tuple[Handover, ...]]:
    """By the clock, nights and weekends too: so long somebody outside waited."""
    ways: dict[tuple[str, str], list[HandoverRow]] = defaultdict(list)
    for row in rows:
        ways[row.origin, row.department].append(row)
    names = {each.id: each.name for each in departments}
    figures, found = [], []
    for (origin, department), these in sorted(ways.items(), key=lambda way: (-_together(way[1]), way[0])):
        line = Handover(
            origin=names.get(origin, origin),
            department=names.get(department, department),
            rows=f"handed-{origin}.{department}",
            half=f"handedhalf-{origin}.{department}",
            longest=f"handedlongest-{origin}.{department}",
            together=_together(these),
        )
        figures += _figures(line, these, len(rows))
        found.append(line)
    return figures, tuple(found)


def _figures(line: Handover, rows: Sequence[HandoverRow], whole: int) -> list[Figure]:
    label = f"{line.origin} → {line.department}"
    half = count(line.half, "handovers", rows, of=len(rows), label=label)
    last = max(rows, key=_waited)
    longest = count(line.longest, "handovers", [last], of=len(rows), label=label)
    return [
        count(line.rows, "handovers", rows, of=whole, label=label),
        replace(half, value=int(median(map(_waited, rows)))),
        replace(longest, value=_waited(last)),
    ]


def _together(rows: Sequence[HandoverRow]) -> int:
    return sum(map(_waited, rows))


def _waited(row: HandoverRow) -> int:
    """Seconds."""
    return int((row.at - row.since).total_seconds())
