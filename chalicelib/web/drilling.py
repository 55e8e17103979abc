"""How a drill went, as console and API show it."""

from datetime import timedelta

from chalicelib.domain.alerting import Notice
from chalicelib.domain.drill import Drill, Figures, figures
from chalicelib.web.visit import Visit

PAGES = 10
"""Of fifty alerts each that are looked through for the drill's own, the newest first."""
AFTER = timedelta(minutes=15)
"""So long after its end an alert of it may still go out."""


def how(visit: Visit, drill: Drill) -> Figures:
    desk = visit.desk
    cases = desk.cases.find_many(drill.keys)
    histories = {key: desk.cases.history(key)[0] for key in cases}
    return figures(drill, cases, histories, _alerts(visit, drill))


def _alerts(visit: Visit, drill: Drill) -> list[Notice]:
    found: list[Notice] = []
    before = ""
    for _ in range(PAGES):
        page, before = visit.desk.notices.newest(drill.brand, before=before)
        found += [each for each in page if each.drill and each.at <= drill.end() + AFTER]
        if not before or (page and page[-1].at < drill.started_at):
            break
    return found
