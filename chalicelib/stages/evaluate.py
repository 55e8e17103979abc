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

Of a month in which nothing was known of the brand yet nothing is written or mailed, but if a person asks.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain import events
from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.month import Earlier, Facts, before, from_bytes, month_of, span, to_bytes
from chalicelib.domain.post import PostKey
from chalicelib.domain.pulse import Tally
from chalicelib.domain.shape import load
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import (
    Brands,
    Bucket,
    Cases,
    Deliveries,
    Followings,
    Mail,
    Measurements,
    Mentions,
    Mornings,
    Posts,
    Pulse,
    Sources,
)
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.stages.gather import Gatherer

HOUR = 6
"""Of the first of a month, where the brand is: from then on the month before is evaluated."""
LOOK_BACK = 11
"""Earlier months a report compares with; and so far back we can gather, as what we heard is kept a year."""
CORRECTED = 2
"""Of so many reported months we look for what came late."""
JSON = "application/json"

log = logging.getLogger("webspin")


class Evaluator:
    """`files` makes a report's files, as (name, body, content type), and `letter` its mail, as (subject,
    text); each the same for the same facts. `now` is asked once a brand."""

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
        bucket: Bucket,
        mail: Mail,
        files: Callable[[Facts], Iterable[tuple[str, bytes, str]]],
        letter: Callable[[Facts, str], tuple[str, str]],
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
        )
        self._bucket = bucket
        self._mail = mail
        self._files = files
        self._letter = letter
        self._now = now
        self._pulse = pulse
        self._tell_of = tell

    def run(self, brand: str = "", month: str = "") -> dict[str, int]:
        """The month that is due of every brand; or, with both given, that month of that brand, on demand.

        Counts reports `made`, brands `failed`, and `errata` put. What fails is logged, and stops no other.
        """
        counts = {"made": 0, "failed": 0, "errata": 0}
        if brand or month:
            self._on_demand(brand, month, counts)
            return counts
        for each in self._brands.all():
            try:
                self._scheduled(each, counts)
            except Exception as error:  # one brand must not take the others along
                counts["failed"] += 1
                log.error("month not evaluated", exc_info=error, extra={"brand": each.id})
        return counts

    # when ----------------------------------------------------------------------------------------

    def _scheduled(self, brand: Brand, counts: dict[str, int]) -> None:
        now = self._now()
        month = due_month(now, brand.zone)
        if self._bucket.get(_name(brand, month, "mailed")) is None:
            facts = self._make(brand, month, now, asked=False)
            if facts.known:
                self._told(brand, facts)
                self._tell(brand, facts)
                counts["made"] += 1
        if now.astimezone(ZoneInfo(brand.zone)).hour == HOUR:
            months = (before(month, by) for by in range(CORRECTED))
            counts["errata"] += sum(self._correct(brand, each, now) for each in months)
            self._count(brand, now)

    def _on_demand(self, brand_id: str, month: str, counts: dict[str, int]) -> None:
        """Any month that has ended; only the last one is mailed, if it was not yet. What cannot be made is
        logged; what fails otherwise is raised, for Lambda to try again: nobody asks for it a second time."""
        now = self._now()
        try:
            brand = self._brands.get(brand_id)
            facts = self._make(brand, _ended(month, brand.zone, now), now, asked=True)
        except (BadInput, NotFound) as error:
            counts["failed"] += 1
            log.warning("month not evaluated", extra={"brand": brand_id, "reason": str(error)})
            return
        self._told(brand, facts)
        last = month == before(month_of(now, brand.zone))
        if last and facts.known and self._bucket.get(_name(brand, month, "mailed")) is None:
            self._tell(brand, facts)
        counts["made"] += 1
        counts["errata"] += self._correct(brand, month, now)

    # what ----------------------------------------------------------------------------------------

    def _make(self, brand: Brand, month: str, now: datetime, *, asked: bool) -> Facts:
        """The month's files, and the frozen facts they are made of; unasked, none of a month in which
        nothing was known of the brand. Raises BadInput."""
        name = _name(brand, month, "facts.json")
        body = self._bucket.get(name) or self._gathered(brand, month, now)
        if not (asked or from_bytes(body).known):
            return from_bytes(body)
        if not self._bucket.put_once(name, body, JSON):
            body = self._bucket.get(name) or body
        facts = from_bytes(body)
        for file, made, kind in self._files(facts):
            self._bucket.put_once(_name(brand, month, file), made, kind)
        return facts

    def _gathered(self, brand: Brand, month: str, now: datetime) -> bytes:
        if month < before(month_of(now, brand.zone), LOOK_BACK):
            raise BadInput("month", f"{month} is too long ago: what we hear is kept for a year")
        return to_bytes(self._gatherer.facts(brand, month, self._earlier(brand, month), now))

    def _earlier(self, brand: Brand, month: str) -> list[Earlier]:
        """What the reports of the months before said, oldest first; a month without one is left out."""
        names = [_name(brand, before(month, by), "report.json") for by in range(LOOK_BACK, 0, -1)]
        return [row for name in names if (body := self._bucket.get(name)) and (row := _earlier_row(body))]

    def _tell(self, brand: Brand, facts: Facts) -> None:
        """Mail, then mark; where nobody is to be told, the mark alone."""
        if brand.mail_from and brand.report_mail:
            subject, text = self._letter(facts, f"{brand.console_url}/reports/{facts.month}?brand={brand.id}")
            self._mail.send(sender=brand.mail_from, to=brand.report_mail, subject=subject, text=text)
        self._bucket.put_once(_name(brand, facts.month, "mailed"), b"", "text/plain")

    def _told(self, brand: Brand, facts: Facts) -> None:
        """Of the same report the same event."""
        event = events.report(brand.id, facts.month, facts.frozen_at, brand.console_url)
        self._tell_of(brand, "report", [event])

    def _count(self, brand: Brand, now: datetime) -> None:
        """The running month so far, for the estimate of what it costs."""
        month = month_of(now, brand.zone)
        outgoing = self._gatherer.outgoing(brand, month)
        sent = sum(one.state in (DeliveryState.SENT, DeliveryState.CONFIRMED) for one in outgoing)
        mentions = len(self._gatherer.listings(brand, month))
        self._pulse.count(brand.id, Tally(month=month, at=now, mentions=mentions, sent=sent))

    # what came late ------------------------------------------------------------------------------

    def _correct(self, brand: Brand, month: str, now: datetime) -> bool:
        """Put an erratum if the month is reported and its counts are not what was said last."""
        body = self._bucket.get(_name(brand, month, "facts.json"))
        if not body:
            return False
        facts = from_bytes(body)
        from chalicelib.domain import errata  # rare: once a day, in one hour

        frozen = errata.counts(
            ((row.label, row.state) for row in facts.mentions),
            ((row.kind, row.state) for row in facts.deliveries),
        )
        listings = self._gatherer.listings(brand, month)
        outgoing = self._gatherer.outgoing(brand, month)
        counted = errata.counts(
            ((listing.label, listing.state) for listing in listings),
            (("post" if isinstance(one.key.owner, PostKey) else "reply", one.state) for one in outgoing),
        )
        last = self._bucket.names(_name(brand, month, "erratum-"))
        said = [errata.from_bytes(self._bucket.get(name) or b"") for name in last]
        told = max(said, key=lambda each: each.at).present if said else {}
        found = errata.erratum(frozen, told, counted, now)
        if found is None:
            return False
        name = _name(brand, month, f"erratum-{len(said) + 1}.json")
        return self._bucket.put_once(name, errata.to_bytes(found), JSON)


def due_month(now: datetime, zone: str) -> str:
    """The month that ended last; in the first hours of a month the one before that."""
    here = now.astimezone(ZoneInfo(zone))
    early = here.day == 1 and here.hour < HOUR
    return before(month_of(now, zone), 2 if early else 1)


def _name(brand: Brand, month: str, file: str) -> str:
    return f"{brand.id}/{month}/{file}"


def _ended(month: str, zone: str, now: datetime) -> str:
    """The month, as given. Raises BadInput where it is none, or has not ended."""
    try:
        _, end = span(month, zone)
    except (ValueError, OverflowError):
        raise BadInput("month", "expected one that has ended, written 2026-11") from None
    if end > now:
        raise BadInput("month", f"{month} has not ended")
    return month


def _earlier_row(report: bytes) -> Earlier | None:
    """What a report says of itself for those after it; None where nothing was known then, or it was written
    in another form."""
    try:
        said = json.loads(report)["earlier_row"]
        return None if said is None else load(Earlier, said)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("an earlier report is not readable", extra={"reason": str(error)})
        return None
