"""The closed days of a calendar that somebody keeps elsewhere: an address of iCalendar (RFC 5545).

A whole-day event closes its days; one with hours says nothing of the day, and is left out, as is one that was
cancelled. What repeats is followed over the days asked for. The libraries are loaded where one is read.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from chalicelib.errors import BadInput, HttpError, Rejected, Unavailable
from chalicelib.ports import Http

if TYPE_CHECKING:
    from dateutil.rrule import rrule

SECONDS, BYTES = 15, 2_000_000
MOST = 400
"""Events of the days asked for; a calendar that closes more is no calendar of closed days."""
NAME, LONGEST = 80, 366


def closed_days(http: Http, address: str, first: date, last: date) -> tuple[str, ...]:
    """The events that touch these days as lines of `holidays.own`, by day. Raises Unavailable, Rejected, and
    BadInput (`feed`) for what is no calendar."""
    try:
        answer = http.request("GET", address, seconds=SECONDS, max_bytes=BYTES)
    except HttpError as error:
        raise Unavailable("calendar", str(error)) from None
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable("calendar", f"HTTP {answer.status}")
    if answer.status >= 300:
        raise Rejected("calendar", f"HTTP {answer.status}")
    return read(answer.body, first, last)


def read(body: bytes, first: date, last: date) -> tuple[str, ...]:
    """Raises BadInput (`feed`)."""
    from icalendar import Calendar

    if b"BEGIN:VCALENDAR" not in body[:1000]:
        raise BadInput("feed", "this is not a calendar")
    try:
        events = Calendar.from_ical(body).walk("VEVENT")
        lines = sorted({line for event in events for line in _lines(event, first, last)})
    except Exception as error:  # strangers' files fail in every way that a parser can
        raise BadInput("feed", f"this calendar cannot be read: {type(error).__name__}") from None
    if len(lines) > MOST:
        raise BadInput("feed", f"a calendar with more than {MOST} closed days a year")
    return tuple(lines)


def _lines(event: Any, first: date, last: date) -> Iterator[str]:
    """One for each time that it closes days of these; none for an event that closes nothing."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    end = event["DTEND"].dt if "DTEND" in event else start + timedelta(days=1)
    days = min(max(1, (end - start).days), LONGEST)
    name = "".join(sign for sign in " ".join(str(event.get("SUMMARY", "")).split()) if sign.isprintable())
    for day in _times(event, start, first - timedelta(days=days - 1), last):
        stretch = f"{day}/{day + timedelta(days=days - 1)}" if days > 1 else f"{day}"
        yield f"{stretch} {name[:NAME]}".strip()


def _times(event: Any, start: date, first: date, last: date) -> Iterator[date]:
    """The days on which it begins, of these: once, or as its rule says (RRULE, RDATE, EXDATE)."""
    from dateutil.rrule import rruleset, rrulestr

    begin = datetime.combine(start, time())
    times = rruleset()
    times.rdate(begin)
    for rule in _listed(event, "RRULE"):
        written = rule.to_ical().decode()
        if not re.search(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)", written):
            raise ValueError("repeats more often than once a day")
        until_a_day = re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", written)
        times.rrule(cast("rrule", rrulestr(until_a_day, dtstart=begin)))
    for name, add in (("RDATE", times.rdate), ("EXDATE", times.exdate)):
        for each in (each for listed in _listed(event, name) for each in listed.dts):
            add(datetime.combine(each.dt, time()))
    for found in times.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True):
        yield found.date()


def _listed(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]
