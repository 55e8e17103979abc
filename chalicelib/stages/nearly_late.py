"""Tell of what is nearly late: before the promise is broken, not after.

Every ten minutes the tick looks for cases that wait and fall due within half an hour. Each moment of becoming
due is looked at once: the order of effects is ring, then note up to when was looked. A crash in between
rings again for the same, and leaves none out. What came in with less time than that rang when it came
(`respond.py`).
"""

from collections import defaultdict
from datetime import datetime, timedelta

from chalicelib.domain.alerting import EVERY, LATE, bell, looked_until
from chalicelib.domain.case import CaseKey
from chalicelib.ports import Alerts, Brands, Cases, Notices

LONGEST = timedelta(hours=6)
"""After an outage what fell due before that is told of no more: it is late, and lists say so."""


def due(now: datetime) -> bool:
    """Is this tick's minute one that looks?"""
    return now.minute % (EVERY // timedelta(minutes=1)) == 0


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
