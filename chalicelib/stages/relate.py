"""Stage 8. Each morning, from seven o'clock where the brand is: at most five good deeds, and the fans.

The order of effects: read, reckon, then put the day's list once. A crash before that leaves no list, and the
next hour makes it; of two at once one list is kept. A brand that fails stops no other.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand
from chalicelib.domain.measuring import Following
from chalicelib.domain.people import Line, begins_passing_on
from chalicelib.domain.pulse import Failure, why
from chalicelib.domain.relations import WINDOW, choose, left, morning
from chalicelib.ports import Brands, Followings, Listing, Mentions, Mornings, Pulse

HOUR = 7
MOST = 5_000
"""Mentions of a window that are looked at, the newest; an index page of 1 MB holds some 3,000."""
PAGE = 1_000
COUNTED = timedelta(days=7)
"""So old a count of followers may be to rely on."""

log = logging.getLogger("webspin")


def run(
    *,
    brands: Brands,
    mentions: Mentions,
    followings: Followings,
    mornings: Mornings,
    pulse: Pulse,
    now: datetime,
) -> dict[str, int]:
    """Make the list of today for each brand that has none yet; how many were `made` and `failed`. Why one
    failed is kept for the page, until it is made."""
    counts = {"made": 0, "failed": 0}
    for brand in brands.all():
        try:
            made = _relate(brand, mentions, followings, mornings, now)
        except Exception as error:  # one brand must not take the others along
            counts["failed"] += 1
            log.error("no list of the morning", exc_info=error, extra={"brand": brand.id})
            today = _day(now.astimezone(ZoneInfo(brand.zone)).date())
            pulse.failed(brand.id, Failure(what=today, at=now, reason=why(error)))
        else:
            counts["made"] += made
    return counts


def _relate(
    brand: Brand, mentions: Mentions, followings: Followings, mornings: Mornings, now: datetime
) -> bool:
    """True if this run made the list."""
    here = now.astimezone(ZoneInfo(brand.zone))
    today = here.date()
    if here.hour < HOUR or mornings.get(brand.id, today.isoformat()):
        return False
    lines = lines_of(brand, mentions, now)
    earlier = mornings.between(brand.id, _day(today - WINDOW), _day(today - timedelta(days=1)))
    followed = mornings.followed(brand.id)
    choice = choose(brand, lines, _counts(brand, followings, today), earlier, followed, now)
    return mornings.add(morning(brand, choice, mentions.get_many, day=_day(today), now=now))


def lines_of(brand: Brand, mentions: Mentions, now: datetime) -> list[Line]:
    """Each story once: a copy of it on another site is no second suggestion."""
    heard = listings(brand.id, mentions, now)
    return [line_of(listing, brand.zone) for listing in heard if not listing.copy_of]


def line_of(listing: Listing, zone: str) -> Line:
    return Line(
        key=listing.key,
        posted_at=listing.posted_at,
        day=_day(listing.posted_at.astimezone(ZoneInfo(zone)).date()),
        author=listing.author,
        label=listing.label,
        watches=listing.watches,
        state=listing.state,
        passed_on=begins_passing_on(listing.excerpt),
    )


def listings(brand: str, mentions: Mentions, now: datetime) -> Iterator[Listing]:
    """Newest first, at most `MOST`."""
    rest, day = MOST, now.astimezone(UTC).date()
    first = (now - WINDOW).astimezone(UTC).date()
    while day >= first and rest > 0:
        before = ""
        while rest > 0:
            page, before = mentions.day(brand, _day(day), limit=min(PAGE, rest), before=before)
            yield from page
            rest -= len(page)
            if not before:
                break
        day -= timedelta(days=1)


def _counts(brand: Brand, followings: Followings, today: date) -> dict[str, Following]:
    """The latest by channel."""
    found = {channel.id: latest(brand.id, channel.id, followings, today) for channel in brand.channels}
    return {channel: following for channel, following in found.items() if following}


def latest(brand: str, channel: str, followings: Followings, today: date) -> Following | None:
    """How many follow us and we them, as last counted; None where that is too long ago."""
    counted = followings.of(brand, channel, _day(today - COUNTED), _day(today))
    return counted[-1] if counted else None


def full(brand: Brand, channel: str, followings: Followings, mornings: Mornings, today: date) -> bool:
    """Do we follow as many there as follow us, with whom we followed since they were counted? Not known to be
    so where that is not given."""
    counted = latest(brand.id, channel, followings, today)
    lists = mornings.between(brand.id, _day(today - WINDOW), _day(today)) if counted else []
    room = left(counted, lists, brand.zone, open_too=False)
    return room is not None and room <= 0


def _day(day: date) -> str:
    return day.isoformat()
