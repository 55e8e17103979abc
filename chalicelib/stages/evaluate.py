"""Stage 9. Evaluate a brand's month, once it has ended: freeze its facts, make the report, tell of it.

The order of effects, for each brand:

1. `facts.json`: every row of the month, put under the condition that there is none; who comes second takes
   the first one's. All that follows is made from those bytes alone;
2. the report's files, each put under the same condition;
3. the calls of webhooks, the mail, with a link to the report's page;
4. the mark `mailed`, after which the month is done.

So it does not matter where a run breaks off, or whether two run at once: there is one set of files, made
from one set of facts. The mail never fails to go out; broken off between 3 and 4, or run by two at once, it
goes out twice.

What came late is not written into the report: once a day, in the hour in which months are evaluated, the
last two months are counted anew, and what differs is put beside the report as `erratum-<n>.json`.

Of a month in which nothing was known of the brand yet nothing is written or mailed, but if a person asks. A
month that ended while nothing ran is made up for, if it can still be gathered, and not mailed.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain import events
from chalicelib.domain.brand import Brand
from chalicelib.domain.figures_sent import LEFT
from chalicelib.domain.month import (
    Earlier,
    Facts,
    before,
    from_bytes,
    month_of,
    span,
    stretch,
    to_bytes,
    unjudged,
)
from chalicelib.domain.pulse import Failure, Tally, why
from chalicelib.domain.shape import load
from chalicelib.domain.spend import rates
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import (
    Brands,
    Bucket,
    Cases,
    Deliveries,
    Followings,
    Ledger,
    Mail,
    Measurements,
    Mentions,
    Mornings,
    Posts,
    Pulse,
    Sources,
)
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.stages.amend import Amender, file_name
from chalicelib.stages.gather import Gatherer
from chalicelib.tasks import QUEUES

HOUR = 6
"""Of the first of a month, where the brand is: from then on the month before is evaluated."""
LOOK_BACK = 11
"""Earlier months a report compares with; and so far back we can gather, as what we heard is kept a year."""
CORRECTED = 2
"""Of so many reported months we look for what came late."""
JSON = "application/json"

Work = Callable[[Brand, str, dict[str, int], datetime], None]
"""On a brand's month; adds to the counts."""

log = logging.getLogger("webspin")


class Evaluator:
    """`files` makes a report's files, as (name, body, content type), and `letter` its mail, as (subject,
    text); each the same for the same facts. `prices` are what a unit costs, `now` is asked once a brand."""

    def __init__(
        self,
        *,
        brands: Brands,
        mentions: Mentions,
        cases: Cases,
        deliveries: Deliveries,
        posts: Posts,
        measurements: Measurements,
        followings: Followings,
        mornings: Mornings,
        sources: Sources,
        ledger: Ledger,
        bucket: Bucket,
        mail: Mail,
        files: Callable[[Facts], Iterable[tuple[str, bytes, str]]],
        letter: Callable[[Facts, str], tuple[str, str]],
        prices: Callable[[], Mapping[str, float]],
        now: Callable[[], datetime],
        pulse: Pulse,
        tell: Tell = nobody,
    ) -> None:
        self._brands = brands
        self._gatherer = Gatherer(
            mentions=mentions,
            cases=cases,
            deliveries=deliveries,
            posts=posts,
            measurements=measurements,
            followings=followings,
            mornings=mornings,
            sources=sources,
            ledger=ledger,
        )
        self._amender = Amender(self._gatherer, bucket)
        self._bucket = bucket
        self._mail = mail
        self._files = files
        self._letter = letter
        self._prices = prices
        self._now = now
        self._pulse = pulse
        self._tell_of = tell

    def run(self, brand: str = "", month: str = "") -> dict[str, int]:
        """The month that is due of every brand, and older ones that were missed; or, with both given, that
        month of that brand, on demand.

        Counts reports `made`, months `failed`, and `errata` put; on demand also what was `refused`. What
        fails is logged and kept for the reports page, until it is made; it stops no other.
        """
        counts = {"made": 0, "failed": 0, "errata": 0}
        if brand or month:
            self._on_demand(brand, month, counts)
            return counts
        for each in self._brands.all():
            now = self._now()
            self._try(each, due_month(now, each.zone), self._due, counts, now)
            if now.astimezone(ZoneInfo(each.zone)).hour == HOUR:
                running = month_of(now, each.zone)
                for month in (before(running, by) for by in range(1, CORRECTED + 1)):
                    self._try(each, month, self._late, counts, now)
                self._try(each, running, self._count, counts, now)
        return counts

    # when ----------------------------------------------------------------------------------------

    def _try(self, brand: Brand, month: str, work: Work, counts: dict[str, int], now: datetime) -> None:
        try:
            work(brand, month, counts, now)
        except Exception as error:  # neither one brand nor one month must take the others along
            counts["failed"] += 1
            log.error("month not evaluated", exc_info=error, extra={"brand": brand.id, "month": month})

    def _due(self, brand: Brand, month: str, counts: dict[str, int], now: datetime) -> None:
        """What was missed before it comes first: this month is compared with it. Once a day that is looked
        for again, as it may have failed."""
        done = self._done(brand, month)
        if not done or now.astimezone(ZoneInfo(brand.zone)).hour == HOUR:
            for missed in self._missed(brand, month, now):
                self._try(brand, missed, self._make_up, counts, now)
        if not done:
            self._finish(brand, month, counts, now, mail=True)

    def _missed(self, brand: Brand, month: str, now: datetime) -> list[str]:
        """Earlier months, oldest first, that ended after the brand began and were never done: nothing ran
        then."""
        oldest = before(month_of(now, brand.zone), LOOK_BACK)
        months = [each for by in range(LOOK_BACK, 0, -1) if (each := before(month, by)) >= oldest]
        since = self._gatherer.since(brand, months)
        return [each for each in months if since and each >= since and not self._done(brand, each)]

    def _make_up(self, brand: Brand, month: str, counts: dict[str, int], now: datetime) -> None:
        """A report that comes so late is no news: it is not mailed."""
        self._finish(brand, month, counts, now, mail=False)

    def _finish(self, brand: Brand, month: str, counts: dict[str, int], now: datetime, *, mail: bool) -> None:
        with self._kept(brand, month, now):
            facts = self._make(brand, month, now, asked=False)
            if facts.known:
                self._told(brand, facts)
                self._tell(brand, facts, mail=mail)
                counts["made"] += 1

    def _late(self, brand: Brand, month: str, counts: dict[str, int], now: datetime) -> None:
        with self._kept(brand, f"{month}/late", now):
            counts["errata"] += self._amender.run(brand, month, now)

    def _on_demand(self, brand_id: str, month: str, counts: dict[str, int]) -> None:
        """Any month that has ended; only the last one is mailed, if it was not yet. What cannot be made is
        refused; what fails otherwise is raised, for Lambda to try again: nobody asks for it a second time."""
        now = self._now()
        try:
            brand = self._brands.get(brand_id)
            _ended(month, brand.zone, now)
            with self._kept(brand, month, now):
                self._asked(brand, month, now)
        except (BadInput, NotFound) as error:
            counts["refused"] = 1
            log.warning("month not evaluated", extra={"brand": brand_id, "reason": str(error)})
            return
        counts["made"] += 1
        self._late(brand, month, counts, now)

    def _asked(self, brand: Brand, month: str, now: datetime) -> None:
        facts = self._make(brand, month, now, asked=True)
        self._told(brand, facts)
        last = month == before(month_of(now, brand.zone))
        if last and facts.known and not self._done(brand, month):
            self._tell(brand, facts, mail=True)

    @contextmanager
    def _kept(self, brand: Brand, what: str, now: datetime) -> Iterator[None]:
        """Why it failed is kept for the reports page, and raised; once done it is no failure any more."""
        try:
            yield
        except Exception as error:
            self._pulse.failed(brand.id, Failure(what=what, at=now, reason=why(error)))
            raise
        if what in self._pulse.failures(brand.id):
            self._pulse.mended(brand.id, what, now)

    # what ----------------------------------------------------------------------------------------

    def _make(self, brand: Brand, month: str, now: datetime, *, asked: bool) -> Facts:
        """The month's files, and the frozen facts they are made of; unasked, none of a month in which
        nothing was known of the brand. Raises BadInput."""
        name = file_name(brand, month, "facts.json")
        body = self._bucket.get(name) or self._gathered(brand, month, now)
        if not (asked or from_bytes(body).known):
            return from_bytes(body)
        if not self._bucket.put_once(name, body, JSON):
            body = self._bucket.get(name) or body
        facts = from_bytes(body)
        for file, made, kind in self._files(facts):
            self._bucket.put_once(file_name(brand, month, file), made, kind)
        return facts

    def _gathered(self, brand: Brand, month: str, now: datetime) -> bytes:
        if month < before(month_of(now, brand.zone), LOOK_BACK):
            raise BadInput("month", f"{month} is too long ago: what we hear is kept for a year")
        body = self._bucket.get(file_name(brand, before(month), "facts.json"))
        last = from_bytes(body) if body else None
        ended = stretch(last)[1] if last and last.zone != brand.zone else None
        waited = unjudged(last) if last else ()
        facts = self._gatherer.facts(brand, month, self._earlier(brand, month), now, waited, ended)
        return to_bytes(replace(facts, rates=rates(self._prices(), queues=len(QUEUES))))

    def _earlier(self, brand: Brand, month: str) -> list[Earlier]:
        """What the reports of the months before said, oldest first; a month without one is left out."""
        names = [file_name(brand, before(month, by), "report.json") for by in range(LOOK_BACK, 0, -1)]
        return [row for name in names if (body := self._bucket.get(name)) and (row := _earlier_row(body))]

    def _done(self, brand: Brand, month: str) -> bool:
        return self._bucket.get(file_name(brand, month, "mailed")) is not None

    def _tell(self, brand: Brand, facts: Facts, *, mail: bool) -> None:
        """Mail, then mark; where nobody is to be told, the mark alone."""
        if mail and brand.mail_from and brand.report_mail:
            subject, text = self._letter(facts, f"{brand.console_url}/reports/{facts.month}?brand={brand.id}")
            self._mail.send(sender=brand.mail_from, to=brand.report_mail, subject=subject, text=text)
        self._bucket.put_once(file_name(brand, facts.month, "mailed"), b"", "text/plain")

    def _told(self, brand: Brand, facts: Facts) -> None:
        """Of the same report the same event."""
        event = events.report(brand.id, facts.month, facts.frozen_at, brand.console_url)
        self._tell_of(brand, "report", [event])

    def _count(self, brand: Brand, month: str, _counts: dict[str, int], now: datetime) -> None:
        """The running month so far, for the estimate of what it costs."""
        outgoing = self._gatherer.outgoing(brand, span(month, brand.zone))
        sent = sum(one.state in LEFT for one in outgoing)
        mentions = len(self._gatherer.listings(brand, span(month, brand.zone)))
        self._pulse.count(brand.id, Tally(month=month, at=now, mentions=mentions, sent=sent))


def due_month(now: datetime, zone: str) -> str:
    """The month that ended last; in the first hours of a month the one before that."""
    here = now.astimezone(ZoneInfo(zone))
    early = here.day == 1 and here.hour < HOUR
    return before(month_of(now, zone), 2 if early else 1)


def _ended(month: str, zone: str, now: datetime) -> None:
    """Raises BadInput where it is no month, or has not ended."""
    try:
        _, end = span(month, zone)
    except (ValueError, OverflowError):
        raise BadInput("month", "expected one that has ended, written 2026-11") from None
    if end > now:
        raise BadInput("month", f"{month} has not ended")


def _earlier_row(report: bytes) -> Earlier | None:
    """What a report says of itself for those after it; None where nothing was known then, or it was written
    in another form."""
    try:
        said = json.loads(report)["earlier_row"]
        return None if said is None else load(Earlier, said)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("an earlier report is not readable", extra={"reason": str(error)})
        return None
