"""Figures of what departments handed over to each other: how many, and how long it waited for us there."""

from collections import defaultdict
from dataclasses import replace
from statistics import median

from chalicelib.domain.figures_kinds import Figure, Handover, count
from chalicelib.domain.month import Facts, HandoverRow


def handovers(facts: Facts) -> tuple[list[Figure], tuple[Handover, ...] | None]:
    """By the clock, nights and weekends too: so long somebody outside waited. No figure where facts were
    frozen before hand-overs were kept."""
    if facts.handovers is None:
        return [], None
    pairs: dict[tuple[str, str], list[HandoverRow]] = defaultdict(list)
    for row in facts.handovers:
        pairs[row.origin, row.department].append(row)
    names = {each.id: each.name for each in facts.departments}
    figures, found = [count("handed", "handovers", facts.handovers)], []
    most_first = sorted(pairs.items(), key=lambda pair: (-sum(map(_waited, pair[1])), pair[0]))
    for (origin, department), rows in most_first:
        line = Handover(
            origin=names.get(origin, origin),
            department=names.get(department, department),
            rows=f"handed-{origin}.{department}",
            half=f"handedhalf-{origin}.{department}",
            longest=f"handedlongest-{origin}.{department}",
            together=sum(map(_waited, rows)),
        )
        figures += _figures(line, rows, len(facts.handovers))
        found.append(line)
    return figures, tuple(found)


def _figures(line: Handover, rows: list[HandoverRow], whole: int) -> list[Figure]:
    label = f"{line.origin} → {line.department}"
    half = count(line.half, "handovers", rows, of=len(rows), label=label)
    last = max(rows, key=_waited)
    longest = count(line.longest, "handovers", [last], of=len(rows), label=label)
    return [
        count(line.rows, "handovers", rows, of=whole, label=label),
        replace(half, value=int(median(map(_waited, rows)))),
        replace(longest, value=_waited(last)),
    ]


def _waited(row: HandoverRow) -> int:
    """Seconds."""
    return int((row.at - row.since).total_seconds())
