"""Is more said than usual? Every quarter of an hour the hour behind us is counted, for each brand.

The order of effects: count; ring, where it is news; keep the habit with what was told. A crash in between
may ring twice for one storm, never not at all. Whole hours become part of the habit once they are over, each
once: what is kept for an hour is not counted anew.
"""

import logging
from datetime import UTC, datetime, timedelta

from chalicelib.domain import spike
from chalicelib.domain.alerting import SPIKE, bell
from chalicelib.domain.brand import Brand
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.spike import HOUR, Counts
from chalicelib.domain.verdict import Sentiment
from chalicelib.ports import Alerts, Brands, Mentions, Notices

PAGE = 1_000
MOST = 10_000
"""Messages of an hour that are counted; more are a spike by any habit."""
CATCH_UP = timedelta(hours=6)
"""Of hours that were missed so many are counted after all."""

log = logging.getLogger("webspin")


def run(
    *, brands: Brands, mentions: Mentions, alerts: Alerts, notices: Notices, now: datetime
) -> dict[str, int]:
    """Count, and ring for what is news; how many `spikes`, and how many brands `uncounted` by a failure."""
    counts = {"spikes": 0, "uncounted": 0}
    for brand in brands.all():
        try:
            counts["spikes"] += _look(brand, mentions, alerts, notices, now)
        except Exception as error:  # one brand must not take the others along
            counts["uncounted"] += 1
            log.error("hours not counted", exc_info=error, extra={"brand": brand.id})
    return counts


def _look(brand: Brand, mentions: Mentions, alerts: Alerts, notices: Notices, now: datetime) -> bool:
    known, told = notices.habit(brand.id)
    at = now.replace(second=0, microsecond=0)
    hours = dict(known)
    this_hour = at.astimezone(UTC).replace(minute=0)
    hour = max((max(known) + HOUR) if known else this_hour - HOUR, this_hour - CATCH_UP)
    while hour < this_hour:
        hours[hour] = counted(brand, mentions, hour, hour + HOUR)
        hour += HOUR
    found = spike.surge(brand.id, hours, counted(brand, mentions, at - HOUR, at), at, brand.zone)
    news = found is not None and spike.news(found, told)
    if found and news:
        alerts.add(brand.id, bell(brand.departments[0].id, SPIKE), [found], now)
        told = found
    if news or hours.keys() != known.keys():
        notices.set_habit(brand.id, spike.forget(hours, at), told)
    return news


def counted(brand: Brand, mentions: Mentions, start: datetime, end: datetime) -> Counts:
    """Messages of us from `start` until before `end`, at most a day apart, and how many were negative. A
    story that forty sites carry is one: its copies are reach, and no storm."""
    total = negative = 0
    kinds = Kinds(brand)
    for day in sorted(
        {start.astimezone(UTC).date(), (end - timedelta(milliseconds=1)).astimezone(UTC).date()}
    ):
        last = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        before = "" if last <= end else f"{end.astimezone(UTC):%H:%M}"
        while total < MOST:
            page, before = mentions.day(brand.id, day.isoformat(), limit=PAGE, before=before)
            inside = [each for each in page if each.posted_at >= start]
            ours = [each for each in inside if kinds.ours(each) and not each.copy_of]
            total += len(ours)
            negative += sum(each.label == Sentiment.NEGATIVE for each in ours)
            if not before or len(inside) < len(page):
                break
    return total, negative
