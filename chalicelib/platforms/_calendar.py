"""The closed days of a calendar that somebody keeps elsewhere: an address of iCalendar (RFC 5545).

A whole-day event closes its days; one with hours says nothing of the day, and is left out, as is one that was
cancelled. What repeats is followed over the days asked for (`_repeats.py`). A stranger writes the file, and
one that would take long is refused. The library is loaded where one is read.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.errors import BadInput, HttpError, Rejected, Unavailable
from chalicelib.platforms._repeats import Budget, read as read_rule
from chalicelib.ports import Http

SECONDS, BYTES = 15, 1_000_000
LINES = 30_000
"""Of the file: half a second to take apart."""
DAYS = 300_000
"""Held against the rules of all its events: half a second too."""
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
    if body.count(b"\n") > LINES:
        raise BadInput("feed", "this calendar cannot be read: too long")
    try:
        events, budget = Calendar.from_ical(body).walk("VEVENT"), Budget(DAYS)
        lines: set[str] = set()
        for event in events:
            for line in _lines(event, first, last, budget):
                lines.add(line)
                if len(lines) > MOST:
                    raise BadInput("feed", f"a calendar with more than {MOST} closed days a year")
    except BadInput:
        raise
    except Exception as error:  # strangers' files fail in every way that a parser can
        raise BadInput("feed", f"this calendar cannot be read: {type(error).__name__}") from None
    return tuple(sorted(lines))


def _lines(event: Any, first: date, last: date, budget: Budget) -> Iterator[str]:
    """One for each time that it closes days of these; none for an event that closes nothing."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    end = event["DTEND"].dt if "DTEND" in event else start + timedelta(days=1)
    days = min(max(1, (end - start).days), LONGEST)
    name = "".join(sign for sign in " ".join(str(event.get("SUMMARY", "")).split()) if sign.isprintable())
    for day in _times(event, start, first - timedelta(days=days - 1), last, budget):
        stretch = f"{day}/{day + timedelta(days=days - 1)}" if days > 1 else f"{day}"
        yield f"{stretch} {name[:NAME]}".strip()


def _times(event: Any, start: date, first: date, last: date, budget: Budget) -> Iterator[date]:
    """The days on which it begins, of these: once, or as its rule says (RRULE, RDATE, EXDATE)."""
    out = _dates(event, "EXDATE")
    for day in sorted({start, *_dates(event, "RDATE")} - out):
        if first <= day <= last:
            yield day
    for rule in _listed(event, "RRULE"):
        for day in read_rule(rule, start).days(first, last, budget):
            if day not in out:
                yield day


def _dates(event: Any, name: str) -> set[date]:
    days = (each.dt for listed in _listed(event, name) for each in listed.dts)
    return {date(day.year, day.month, day.day) for day in days}


def _listed(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]
