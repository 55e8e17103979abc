"""Tell of what is nearly late: before the promise is broken, not after.

Every ten minutes the tick looks for cases that wait and fall due within half an hour. Each moment of becoming
due is looked at once: the order of effects is ring, then note up to when was looked. A crash in between
rings again for the same, and leaves none out. What came in with less time than that rang when it came
(`respond.py`), and what comes to another department, or back to work, rings before that is written (`ring`).
"""

from collections import defaultdict
from datetime import datetime, timedelta

from chalicelib.domain.alerting import EVERY, LATE, bell, looked_until
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseKey
from chalicelib.ports import Alerts, Brands, Cases, Notices

LONGEST = timedelta(hours=6)
"""After an outage what fell due before that is told of no more: it is late, and lists say so."""


def due(now: datetime) -> bool:
    """Is this tick's minute one that looks?"""
    return now.minute % (EVERY // timedelta(minutes=1)) == 0


def ring(case: Case, brand: Brand, alerts: Alerts, now: datetime) -> None:
    """For a case that comes to a department so late that the look above has passed it by."""
    if case.due <= looked_until(now):
        department = brand.department(case.department).id
        alerts.add(brand.id, bell(department, LATE, drill=case.key.drill), [case.key], now)


def run(*, brands: Brands, cases: Cases, alerts: Alerts, notices: Notices, now: datetime) -> int:
    """Ring for the departments whose cases are nearly late; how many cases."""
    until = looked_until(now)
    since = max(notices.told_until() or now, until - LONGEST)
    found = 0
    for brand in brands.all():
        rung: dict[tuple[str, bool], list[CaseKey]] = defaultdict(list)
        for each in cases.due_between(brand.id, since, until):
            rung[brand.department(each.department).id, each.key.drill].append(each.key)
        for (department, drill), waiting in rung.items():
            alerts.add(brand.id, bell(department, LATE, drill=drill), waiting, now)
            found += len(waiting)
    notices.set_told_until(until)
    return found
