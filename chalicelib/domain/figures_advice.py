"""What changed and why, and three things to do: rules over the figures.

Where no row shows a cause none is named.
"""

from collections.abc import Iterator

from chalicelib.domain.figures_chance import Outcome
from chalicelib.domain.figures_kinds import Advice, Figure, Figures, Finding, Step, Told
from chalicelib.domain.month import Facts

FINDINGS = 4
STEPS = 3
CROWD = 5
"""Complaints from which one department can have most of them."""
MOVED = (Outcome.UP, Outcome.DOWN)


def findings(figures: Figures, facts: Facts) -> tuple[Finding, ...]:
    return tuple(_findings(figures, facts))[:FINDINGS]


def advice(figures: Figures, facts: Facts) -> tuple[Advice, ...]:
    """What comes first, first; a department owns each. None where there is no department, and none for a
    month in which nothing was known of the brand."""
    return tuple(_advice(figures, facts))[:STEPS] if facts.departments and facts.known else ()


def _findings(figures: Figures, facts: Facts) -> Iterator[Finding]:
    if _moved(figures["reach"]):
        yield Finding(told=Told.REACH, rows="reach", beside="posts")
    if _moved(figures[f"{figures.effect}-weekend"]):
        rows, beside = f"{figures.effect}-weekend", f"{figures.effect}-working"
        yield Finding(told=Told.WEEKEND, rows=rows, beside=beside)
    if figures.peaks:
        peak = max(figures.peaks, key=lambda each: (each.mentions, each.day))
        yield Finding(told=Told.PEAK, rows=peak.rows, peak=peak)
    for told, name in (
        (Told.ANSWERS, "on-time"),
        (Told.POSITIVE, "positive"),
        (Told.NEGATIVE, "negative"),
    ):
        if _moved(figures[name]):
            yield Finding(told=told, rows=name)
    if crowd := _crowd(figures, facts):
        yield Finding(told=Told.CROWDED, rows=crowd.name, beside="complaints")


def _moved(figure: Figure) -> bool:
    return figure.change is not None and figure.change.outcome in MOVED


def _crowd(figures: Figures, facts: Facts) -> Figure | None:
    """The department with at least half of the complaints, where there are more departments."""
    for figure in figures.family("complaints-to-"):
        count, whole = figure.value or 0, figure.of or 0
        if len(facts.departments) > 1 and figure.label and whole >= CROWD and 2 * count >= whole:
            return figure
    return None


def _advice(figures: Figures, facts: Facts) -> Iterator[Advice]:
    first = facts.departments[0].id
    cases = {row.id: row for row in facts.cases}
    sources = {row.id: row for row in facts.sources}
    if waiting := figures["waiting"].rows:
        yield Advice(step=Step.COMPLAINTS, owner=cases[waiting[0]].department or first, rows="waiting")
    if failing := figures["failing"].rows:
        yield Advice(step=Step.REPAIR, owner=first, rows="failing", about=sources[failing[0]].name)
    if figures["unknown"].value:
        yield Advice(step=Step.UNKNOWN, owner=first, rows="unknown")
    if figures["stranded"].value:
        yield Advice(step=Step.STRANDED, owner=first, rows="stranded")
    if figures.weekends:
        yield Advice(step=Step.WEEKEND, owner=first, rows="posts")
    if late := figures.family("late-at-"):
        most = max(late, key=lambda figure: figure.value or 0)
        yield Advice(step=Step.LATE, owner=most.name.removeprefix("late-at-") or first, rows=most.name)
    for goal in figures.family("goal-"):
        if not goal.value:
            yield Advice(step=Step.UNSERVED, owner=first, rows=goal.name, about=goal.label)
            break
    if figures["aimless"].value and facts.goals:
        yield Advice(step=Step.AIMLESS, owner=first, rows="aimless")
    if figures.fans:
        fan = figures.fans[0]
        yield Advice(step=Step.THANK, owner=first, rows=fan.rows, about=fan.author)
    if silent := figures["silent"].rows:
        yield Advice(step=Step.SILENT, owner=first, rows="silent", about=sources[silent[0]].name)
    if not figures["deeds"].value and figures["deeds"].of:
        yield Advice(step=Step.DEEDS, owner=first, rows="deeds")
