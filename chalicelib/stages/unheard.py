"""Which sources are not heard? Once an hour each brand's are looked at, and the first department is told of
those that do not answer, or are silent beyond their own habit.

The order of effects: ring; keep what was rung for, with what is over taken out. A crash in between may ring
twice for one cause, never not at all. A cause rings once, as long as it lasts; what was mended and breaks
again is another one.
"""

import logging
from datetime import datetime

from chalicelib.domain.alerting import SILENT, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.holidays import closed, fed
from chalicelib.domain.hush import hush
from chalicelib.ports import Alerts, Brands, Notices, Sources

log = logging.getLogger("webspin")


def run(
    *, brands: Brands, sources: Sources, alerts: Alerts, notices: Notices, now: datetime
) -> dict[str, int]:
    """How many sources were rung for, and how many brands could not be looked at."""
    counts = {"hushed": 0, "unlooked": 0}
    for brand in brands.all():
        try:
            counts["hushed"] += _look(brand, sources, alerts, notices, now)
        except Exception as error:  # one brand must not take the others along
            counts["unlooked"] += 1
            log.error("sources not looked at", exc_info=error, extra={"brand": brand.id})
    return counts


def _look(brand: Brand, sources: Sources, alerts: Alerts, notices: Notices, now: datetime) -> int:
    shut = closed(brand.closed, fed(brand))
    each = (hush(source, state, brand.zone, shut, now) for source, state in sources.of(brand.id))
    found = [one for one in each if one]
    told = notices.hushes(brand.id)
    news = [one for one in found if one not in told]
    if news:
        alerts.add(brand.id, bell(brand.departments[0].id, SILENT), news, now)
    if news or len(found) != len(told):
        notices.set_hushes(brand.id, found)
    return len(news)
