"""The address of a person's page, and what is read of people from the lists of mentions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from chalicelib.domain.mention import DRILL, slug
from chalicelib.ports import Listing, Wanted
from chalicelib.web.visit import Visit

PAGE = 1_000
AT_ONCE = 8
"""Reads of days under way at the same time."""


def path(platform: str, author: str) -> str:
    """Without the prefix; "" for who has no name, or is invented."""
    return f"/people/{platform}/{slug(author)}" if author and platform != DRILL else ""


def listings(visit: Visit, last: date, days: int, most: int, wanted: Wanted) -> Iterator[Listing]:
    """Mentions of so many UTC days up to and including `last`, newest first, at most `most`."""
    left = most
    for back in range(days):
        before, day = "", (last - timedelta(days=back)).isoformat()
        while left > 0:
            found, before = visit.desk.mentions.day(
                visit.brand.id, day, limit=min(PAGE, left), before=before, wanted=wanted
            )
            yield from found
            left -= len(found)
            if not before:
                break


def of_days(visit: Visit, last: date, days: int, wanted: Wanted) -> list[Listing]:
    """What little is wanted of many days, newest first; the days are read side by side."""

    def read(day: date) -> list[Listing]:
        return list(listings(visit, day, 1, PAGE, wanted))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(read, (last - timedelta(days=back) for back in range(days)))
        return [listing for day in found for listing in day]
