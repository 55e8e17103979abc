"""Which sources are not heard? Once an hour each brand's are looked at, and the first department is told of
those that do not answer, are silent beyond their own habit, or bring far less than usual; and of those that
bring so much that it opens no cases any more by itself, once a day. Whose key is refused is told of as that
(`try_keys.py`).

The order of effects: ring; keep what was rung for, with what is over taken out. A crash in between may ring
twice for one cause, never not at all. A cause rings once, as long as it lasts; what was mended and breaks
again is another one.
"""

import logging
from datetime import datetime

from chalicelib.domain.alerting import OVER_CAP, SILENT, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.holidays import closed, fed
from chalicelib.domain.hush import FAILS, FEW, OVER, hush, over
from chalicelib.ports import Alerts, Brands, Notices, Pulse, Sources
from chalicelib.stages.noise import waiting

log = logging.getLogger("webspin")


def run(
    *, brands: Brands, sources: Sources, alerts: Alerts, notices: Notices, pulse: Pulse, now: datetime
) -> dict[str, int]:
    """How many sources were rung for, and how many brands could not be looked at."""
    counts = {"hushed": 0, "unlooked": 0}
    for brand in brands.all():
        try:
            counts["hushed"] += _look(brand, sources, alerts, notices, pulse, now)
        except Exception as error:  # one brand must not take the others along
            counts["unlooked"] += 1
            log.error("sources not looked at", exc_info=error, extra={"brand": brand.id})
    return counts


def _look(
    brand: Brand, sources: Sources, alerts: Alerts, notices: Notices, pulse: Pulse, now: datetime
) -> int:
    shut = closed(brand.closed, fed(brand))
    listed = sources.of(brand.id)
    told = notices.hushes(brand.id)
    fewer = {one.source for one in told if one.kind == FEW}
    each = (hush(source, state, brand.zone, shut, now, told=source.id in fewer) for source, state in listed)
    storms = {one.source: one for one in waiting(brand, now)}
    capped = [over(source, storms[source.id]) for source, _ in listed if source.id in storms]
    refused = {of for of, one in pulse.tested(brand.id).items() if one.refused}
    deaf = (one for one in each if one and not (one.kind == FAILS and f"source/{one.source}" in refused))
    found = [*deaf, *capped]
    news = [one for one in found if one not in told]
    for rung in (SILENT, OVER_CAP):
        if of := [one for one in news if (one.kind == OVER) == (rung == OVER_CAP)]:
            alerts.add(brand.id, bell(brand.departments[0].id, rung), of, now)
    if news or len(found) != len(told):
        notices.set_hushes(brand.id, found)
    return len(news)
