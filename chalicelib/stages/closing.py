"""The closed days that a brand's calendar elsewhere names, read once a day.

The order of effects: ask; keep what it says, or that it could not be read: then the days of the last time
stand. A crash in between asks again within the hour. What was due keeps its sum: a day that comes or goes
later changes no due time that was told.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand, Fed
from chalicelib.errors import BadInput, PlatformError
from chalicelib.ports import Brands

EVERY = timedelta(hours=20)
"""Read anew after it; sooner where it failed, or where the address changed."""
AGAIN = timedelta(hours=2)
ROOM_MS = 30_000
"""What must be left of the call to begin with a calendar; the next hour goes on from there."""
AHEAD, BACK = timedelta(days=400), timedelta(days=31)

ReadCalendar = Callable[[str, date, date], tuple[str, ...]]
"""`platforms/_calendar.py`: the closed days of an address. Raises PlatformError, BadInput."""
log = logging.getLogger("webspin")


def run(
    *, brands: Brands, read: ReadCalendar, remaining_ms: Callable[[], int], now: datetime
) -> dict[str, int]:
    """How many calendars were read, and how many could not be."""
    counts = {"calendars": 0, "unread": 0}
    for brand in brands.all():
        if not is_due(brand, now):
            continue
        if remaining_ms() < ROOM_MS:
            break
        try:
            fed = ask(brand, read, now)
            brands.feed(brand.id, fed)
        except Exception as error:  # one brand must not take the others along
            counts["unread"] += 1
            log.error("calendar not kept", exc_info=error, extra={"brand": brand.id})
            continue
        counts["unread" if fed.fault else "calendars"] += 1
    return counts


def is_due(brand: Brand, now: datetime) -> bool:
    address, fed = brand.closed.feed, brand.fed
    if not address or address != fed.address or fed.asked_at is None:
        return bool(address)
    return now - fed.asked_at >= (AGAIN if fed.fault else EVERY)


def ask(brand: Brand, read: ReadCalendar, now: datetime) -> Fed:
    """What the brand's calendar says now. Where it cannot be read, the days of the same address stay."""
    address, was = brand.closed.feed, brand.fed
    today = now.astimezone(ZoneInfo(brand.zone)).date()
    try:
        days = read(address, today - BACK, today + AHEAD)
    except (PlatformError, BadInput) as error:
        log.warning("calendar not read", extra={"brand": brand.id, "reason": str(error)})
        reason = error.message if isinstance(error, BadInput) else error.reason
        kept = was.days if was.address == address else ()
        read_at = was.read_at if was.address == address else None
        return Fed(address=address, days=kept, read_at=read_at, asked_at=now, fault=reason)
    return Fed(address=address, days=days, read_at=now, asked_at=now)
