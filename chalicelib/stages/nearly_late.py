"""Tell of what is nearly late: before the promise is broken, not after.

Every ten minutes the tick looks for cases that wait and fall due within half an hour. Each moment of becoming
due is looked at once: the order of effects is ring, then note up to when was looked. A crash in between
rings again for the same, and leaves none out. What came in with less time than that rang when it came
(`respond.py`).
"""

from collections import defaultdict
from datetime import datetime, timedelta

from chalicelib.domain.alerting import LATE, SOON, bell
from chalicelib.domain.case import CaseKey
from chalicelib.ports import Alerts, Brands, Cases, Notices

EVERY = timedelta(minutes=10)
NOTED = timedelta(hours=1)
"""So old the note of the last look may be where nothing was found; a look starts no earlier than that."""


def due(now: datetime) -> bool:
    """Is this tick's minute one that looks?"""
    return now.minute % (EVERY // timedelta(minutes=1)) == 0


def run(*, brands: Brands, cases: Cases, alerts: Alerts, notices: Notices, now: datetime) -> int:
    """Ring for the departments whose cases are nearly late; how many cases."""
    until = now + SOON
    told = notices.told_until()
    since = max(told, until - NOTED - EVERY) if told else now
    found = 0
    for brand in brands.all():
        rung: dict[str, list[CaseKey]] = defaultdict(list)
        for each in cases.due_between(brand.id, since, until):
            rung[brand.department(each.department).id].append(each.key)
        for department, waiting in rung.items():
            alerts.add(brand.id, bell(department, LATE), waiting, now)
            found += len(waiting)
    if found or told is None or until - told >= NOTED:
        notices.set_told_until(until)
    return found
