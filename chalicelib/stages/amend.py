"""What became known of a month after its report was written: put beside it, as `erratum-<n>.json`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import errata
from chalicelib.domain.brand import Brand
from chalicelib.domain.figures_sent import LEFT, posts_left
from chalicelib.domain.measuring import AGES, UNTIL
from chalicelib.domain.month import DeliveryRow, Facts, from_bytes
from chalicelib.domain.post import PostKey
from chalicelib.ports import Bucket, Outgoing
from chalicelib.stages.gather import Gatherer


@dataclass(frozen=True, slots=True)
class Amender:
    """Reads the month anew, and puts files into the bucket of its report."""

    _gatherer: Gatherer
    _bucket: Bucket

    def run(self, brand: Brand, month: str, now: datetime) -> bool:
        """Put an erratum if the month is reported and its rows are not those that were said last."""
        body = self._bucket.get(file_name(brand, month, "facts.json"))
        if not body:
            return False
        facts = from_bytes(body)
        frozen = errata.rows(
            ((row.id, row.label, row.state) for row in facts.mentions),
            ((row.id, row.kind, row.state) for row in facts.deliveries),
        )
        listings = self._gatherer.listings(brand, month)
        outgoing = self._gatherer.outgoing(brand, month)
        present = errata.rows(
            ((str(listing.key), listing.label, listing.state) for listing in listings),
            ((str(one.key), _kind(one), one.state) for one in outgoing),
        )
        if grown := self._grown(brand, facts, outgoing, now):
            frozen |= errata.numbers(facts.deliveries)
            present |= errata.numbers(grown)
        last = self._bucket.names(file_name(brand, month, "erratum-"))
        said = [errata.from_bytes(self._bucket.get(name) or b"") for name in last]
        told = max(said, key=lambda each: each.at) if said else None
        found = errata.erratum(frozen, told, present, now)
        if found is None:
            return False
        name = file_name(brand, month, f"erratum-{len(said) + 1}.json")
        return self._bucket.put_once(name, errata.to_bytes(found), "application/json")

    def _grown(
        self, brand: Brand, facts: Facts, outgoing: Sequence[Outgoing], now: datetime
    ) -> list[DeliveryRow]:
        """What left, with the numbers of a week, once every post has them or can get none any more; [] before
        that, and where the report has them already."""
        if all(row.step >= len(AGES) for row in posts_left(facts.deliveries)):
            return []
        if any(now < one.at + AGES[-1] for one in outgoing if _kind(one) == "post" and one.state in LEFT):
            return []
        rows = list(self._gatherer.deliveries_of(brand, outgoing))
        old = (row.step >= len(AGES) or now >= row.at + UNTIL[-1] for row in posts_left(rows))
        return rows if all(old) else []


def file_name(brand: Brand, month: str, file: str) -> str:
    """Of a file of a report, in the bucket."""
    return f"{brand.id}/{month}/{file}"


def _kind(one: Outgoing) -> str:
    return "post" if isinstance(one.key.owner, PostKey) else "reply"
