"""What became known of a month after its report was written: put beside it, as `erratum-<n>.json`.

The order of effects: the month's rows as they are now, `later-<n>.json`, put under the condition that there
is none; then the erratum, made from those bytes alone. Broken off in between, the next run makes it of the
rows that lie there. So the numbers of an erratum open their rows, as the report's do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import errata
from chalicelib.domain.brand import ASIDE, Brand
from chalicelib.domain.errata import Erratum
from chalicelib.domain.kinds import Kinds
from chalicelib.domain.measuring import AGES
from chalicelib.domain.month import DeliveryRow, Facts, from_bytes, stretch, to_bytes
from chalicelib.domain.post import BOOST, PostKey
from chalicelib.ports import Bucket, Outgoing
from chalicelib.stages.gather import Gatherer

JSON = "application/json"


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
        frozen = from_bytes(body)
        brand = _as_reported(brand, frozen)
        names = self._bucket.names(file_name(brand, month, "erratum-"))
        said = [errata.from_bytes(self._bucket.get(name) or b"") for name in names]
        told = max(said, key=lambda each: each.at) if said else None
        if not self._differs(brand, frozen, told, now):
            return False
        n = len(said) + 1
        found = self._found(brand, frozen, told, file_name(brand, month, f"later-{n}.json"), now)
        if found is None:
            return False
        name = file_name(brand, month, f"erratum-{n}.json")
        return self._bucket.put_once(name, errata.to_bytes(found), JSON)

    def _differs(self, brand: Brand, frozen: Facts, told: Erratum | None, now: datetime) -> bool:
        """By the month's lists alone: on most days nothing came."""
        ours = filter(Kinds(brand).ours, self._gatherer.listings(brand, stretch(frozen)))
        listings = (each for each in ours if not each.copy_of)
        outgoing = self._gatherer.outgoing(brand, stretch(frozen))
        was = errata.rows_of(frozen)
        present = errata.rows(
            ((str(listing.key), listing.label, listing.state) for listing in listings),
            ((str(one.key), _kind(one), one.state) for one in outgoing),
        )
        grown = self._grown(brand, frozen, outgoing, now)
        if grown:
            was |= errata.numbers(frozen.deliveries)
            present |= errata.numbers(grown)
        return errata.erratum(was, told, present, now) is not None

    def _grown(
        self, brand: Brand, frozen: Facts, outgoing: Sequence[Outgoing], now: datetime
    ) -> list[DeliveryRow]:
        """What left, if its numbers are for an erratum (`errata.grown`); read only where they can be."""
        if errata.complete(frozen.deliveries):
            return []
        left = (one for one in outgoing if _kind(one) == "post" and one.state in errata.LEFT)
        if any(now < one.at + AGES[-1] for one in left):
            return []
        rows = list(self._gatherer.deliveries_of(brand, outgoing))
        return rows if errata.grown(frozen.deliveries, rows, now) else []

    def _found(
        self, brand: Brand, frozen: Facts, told: Erratum | None, name: str, now: datetime
    ) -> Erratum | None:
        """The erratum, of the rows in the file `name`, which is put if it says something."""
        if body := self._bucket.get(name):
            return errata.between(frozen, told, from_bytes(body))
        later = self._gatherer.facts(brand, frozen.month, frozen.earlier, now, since=frozen.since)
        found = errata.between(frozen, told, later)
        if found is None or self._bucket.put_once(name, to_bytes(later), JSON):
            return found
        first = self._bucket.get(name)  # of who ran at the same time
        return errata.between(frozen, told, from_bytes(first)) if first else None


def _as_reported(brand: Brand, frozen: Facts) -> Brand:
    """The brand in the zone it had, and its watches for whom they listened: whoever changes or removes one
    makes no error of the report."""
    kinds = {each.id: each.kind for each in frozen.watches if each.kind}
    watches = tuple(replace(each, kind=kinds.get(each.id, each.kind)) for each in brand.watches)
    once = {id for id in brand.once_aside if id not in kinds} | {id for id in kinds if kinds[id] in ASIDE}
    once -= {each.id for each in watches}
    return replace(brand, zone=frozen.zone, watches=watches, once_aside=tuple(sorted(once)))


def file_name(brand: Brand, month: str, file: str) -> str:
    """Of a file of a report, in the bucket."""
    return f"{brand.id}/{month}/{file}"


def _kind(one: Outgoing) -> str:
    if isinstance(one.key.owner, PostKey):
        return BOOST if one.way == BOOST else "post"
    return "holding" if one.holding else "reply"
