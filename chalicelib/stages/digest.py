"""A digest by mail, from seven o'clock where the brand is: to departments and colleagues who want one.

The order of effects: read; send each letter; note the day. A crash in between sends them again in the next
hour, and leaves nobody out. An address that takes none stops no other; a brand that fails stops no other.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import digest
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Done
from chalicelib.domain.digest import Came
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import PlatformError
from chalicelib.ports import Brands, Cases, Listing, Mail, Mentions, Notices

MOST = 50_000
"""Messages of a stretch that are counted."""
PAGE = 1_000

Reader = tuple[tuple[str, ...], tuple[str, ...], str, str]
"""Addresses, departments (empty: all), daily or weekly, and the language they read."""
log = logging.getLogger("webspin")


def run(
    *,
    brands: Brands,
    mentions: Mentions,
    cases: Cases,
    notices: Notices,
    mail: Mail,
    failed: Callable[[str, str], None],
    now: datetime,
) -> dict[str, int]:
    """How many letters went out (`digests`), and how many brands had none for a failure (`undigested`)."""
    counts = {"digests": 0, "undigested": 0}
    for brand in brands.all():
        try:
            counts["digests"] += _send(brand, mentions, cases, notices, mail, failed, now)
        except Exception as error:  # one brand must not take the others along
            counts["undigested"] += 1
            log.error("no digest", exc_info=error, extra={"brand": brand.id})
    return counts


def _send(
    brand: Brand,
    mentions: Mentions,
    cases: Cases,
    notices: Notices,
    mail: Mail,
    failed: Callable[[str, str], None],
    now: datetime,
) -> int:
    here = now.astimezone(ZoneInfo(brand.zone))
    today = here.date()
    if here.hour < digest.HOUR or not brand.mail_from or notices.digested(brand.id) == today.isoformat():
        return 0
    sent = 0
    readers = list(_readers(brand, notices))
    waiting = [each for each in cases.all_waiting(brand.id) if not each.key.drill] if readers else []
    for which in digest.every(today):
        wanting = [reader for reader in readers if reader[2] == which]
        if not wanting:
            continue
        days = digest.stretch(which, today)
        came, done = _came(brand, mentions, days), list(_done(brand, cases, days))
        for addresses, departments, _, language in wanting:
            subject, text = digest.letter(brand, departments, which, days, came, done, waiting, now, language)
            try:
                mail.send(sender=brand.mail_from, to=addresses, subject=subject, text=text)
                sent += 1
            except PlatformError as error:
                failed("mail", str(error))
    notices.set_digested(brand.id, today.isoformat())
    return sent


def _readers(brand: Brand, notices: Notices) -> Iterator[Reader]:
    for department in brand.departments:
        if department.digest and department.alert_mail:
            yield department.alert_mail, (department.id,), department.digest, brand.languages[0]
    for each in notices.colleagues(brand.id):
        if each.digest and each.mail:
            yield (each.mail,), each.departments, each.digest, each.reads(brand)


def _came(brand: Brand, mentions: Mentions, days: tuple[date, date]) -> Came:
    """Days are the brand's own, the index's are UTC: the edges are looked at one by one."""
    start, end = digest.moments(*days, brand.zone)
    listed = filter(Kinds(brand).ours, _listed(brand.id, mentions, start, end))
    found = [each for each in listed if start <= each.posted_at < end and not each.copy_of]
    return Came(
        count=len(found),
        negative=sum(each.label == Sentiment.NEGATIVE for each in found),
        positive=sum(each.label == Sentiment.POSITIVE for each in found),
    )


def _listed(brand: str, mentions: Mentions, start: datetime, end: datetime) -> Iterator[Listing]:
    day, last, left = start.astimezone(UTC).date(), end.astimezone(UTC).date(), MOST
    while day <= last:
        before = ""
        while left > 0:
            page, before = mentions.day(brand, day.isoformat(), limit=PAGE, before=before)
            yield from page
            left -= len(page)
            if not before:
                break
        day += timedelta(days=1)


def _done(brand: Brand, cases: Cases, days: tuple[date, date]) -> Iterator[Done]:
    start, end = digest.moments(*days, brand.zone)
    months = {f"{start.astimezone(UTC):%Y-%m}", f"{end.astimezone(UTC):%Y-%m}"}
    for month in sorted(months, reverse=True):
        before = ""
        while True:
            page, before = cases.done(brand.id, month, limit=PAGE, before=before)
            yield from (each for each in page if start <= each.at < end)
            if not before or (page and page[-1].at < start):
                break
