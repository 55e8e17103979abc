"""Days on which an organisation is closed: the public holidays of where it is, and its own.

The tables beside this file come from the library `holidays` (`infra/holidays.py`), up to the end of 2045.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from chalicelib.domain.brand import Brand, ClosedDays, Department

FOLDER = Path(__file__).parent
LONGEST = 366
"""Days in one stretch of the organisation's own."""

_OWN = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?(?:\s+(.+))?", re.ASCII)


def off(brand: Brand, department: Department) -> Mapping[date, str]:
    """On which dates nobody of this department works, whatever its hours say."""
    return {} if department.always else closed(brand.closed, fed(brand))


def fed(brand: Brand) -> tuple[str, ...]:
    """The days of the brand's calendar elsewhere; none of an address that it has no more."""
    return brand.fed.days if brand.closed.feed and brand.closed.feed == brand.fed.address else ()


@lru_cache(maxsize=16)
def closed(days: ClosedDays, fed: tuple[str, ...] = ()) -> Mapping[date, str]:
    """The dates, each with what it is called ("": nobody gave it a name). Days that the brand names itself go
    before those of its calendar, and those before public holidays."""
    public = {day: name for day, name in public_days(days.holidays).items() if name not in days.open_on}
    return {**public, **{day: name for line in (*fed, *days.days) for day, name in own(line)}}


@lru_cache(maxsize=16)
def public_days(place: str) -> Mapping[date, str]:
    """The public holidays of a country or region, such as NL or DE-BY; none of "" or an unknown one."""
    country, _, region = place.partition("-")
    if place not in places():
        return {}
    return {
        date(int(day[:4]), int(day[4:6]), int(day[6:])): name
        for where, name, days in _lines(f"{country}.tsv")
        if where in ("", region)
        for day in days.split(" ")
    }


@lru_cache(maxsize=1)
def places() -> Mapping[str, str]:
    """The countries and regions there are tables of, by code, and what they are called there."""
    return {line[0]: line[1] for line in _lines("places.tsv")}


def own(line: str) -> list[tuple[date, str]]:
    """`2026-12-24 Kerstavond`, or a stretch: `2026-12-24/2027-01-03 Kerstvakantie`. Raises ValueError."""
    match = _OWN.fullmatch(line.strip())
    try:
        if not match:
            raise ValueError("no date")
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
    except ValueError:
        raise ValueError(f"expected a date such as 2026-12-24 and a name, got {line[:60]}") from None
    if not 0 <= (last - first).days < LONGEST:
        raise ValueError(f"expected at most a year, first day first, got {line[:60]}")
    return [(first + timedelta(days=n), match[3] or "") for n in range((last - first).days + 1)]


def _lines(name: str) -> Iterator[Sequence[str]]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        yield line.split("\t")
