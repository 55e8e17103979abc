"""Standing approvals, kept beside their brand and read with it; and the writes of what is sent under them.

That one is not revoked is a condition of the write that plans a holding reply, and of the claim that lets it
leave: so it holds from the moment somebody revoked it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Check, Put, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import StandingApproval
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.errors import Conflict, NotFound

_STANDS = "attribute_exists(#pk) AND attribute_not_exists(#revoked)"


class StandingApprovals:
    """Implements `ports.StandingApprovals`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def of(self, brand: str) -> list[StandingApproval]:
        where, pk = "#pk = :pk AND begins_with(#sk, :sk)", keys.standing(brand, "")
        found = map(read, self._store.query(where, pk))
        return sorted(found, key=lambda each: (each.signed_at, each.id), reverse=True)

    def get(self, brand: str, id: str) -> StandingApproval:
        item = self._store.get(keys.standing(brand, id))
        if item is None:
            raise NotFound(f"standing approval {brand}/{id}")
        return read(item)

    def add(self, approval: StandingApproval, *lines: AuditLine) -> bool:
        try:
            self._store.put_together((_item(approval), ABSENT, {}), *map(put_of, lines))
        except Refused:
            return False
        return True

    def change(self, approval: StandingApproval, *lines: AuditLine) -> None:
        put: Put = (_item(approval), "#rev = :was", {"was": approval.rev - 1})
        try:
            self._store.put_together(put, *map(put_of, lines))
        except Refused:
            raise Conflict(f"{approval.brand}/{approval.id} was changed by someone else") from None

    def sent(self, brand: str, id: str, *, limit: int) -> list[DeliveryKey]:
        items, _ = self._store.page(
            "#pk = :pk", {"pk": keys.sent_under(brand, id)}, Limit=limit, ScanIndexForward=False
        )
        return [_key(item["sk"].partition("#")[2]) for item in items]


def read(item: Item) -> StandingApproval:
    brand, id = item["pk"].partition("#")[2], item["sk"].partition("#")[2]
    return from_text(StandingApproval, item["approval"], brand=brand, id=id, rev=item["rev"])


def holds(delivery: Delivery) -> Check:
    """That the standing approval was not revoked."""
    return keys.standing(delivery.key.brand, delivery.under), _STANDS, {}


def puts_of(delivery: Delivery, author: str, until: datetime) -> list[Put]:
    """Beside a holding reply that is planned: that this person hears nothing more by itself `until`; and
    where it goes under a standing approval, its line there, and only if they did not hear yet."""
    assert isinstance(delivery.key.owner, CaseKey)
    now = delivery.approved_at
    key = keys.heard_by_itself(delivery.key.brand, delivery.key.owner.platform, author)
    rest = {"v": keys.VERSION, "brand": delivery.key.brand}
    mark: Item = {**key, **rest, "until": keys.moment(until), "ttl": int(until.timestamp()) + 1}
    if not delivery.under:
        return [(mark, "", {})]
    listed = {**keys.listed_under(delivery.key, delivery.under, now), **rest, "ttl": keys.ttl(now)}
    free = "attribute_not_exists(#pk) OR #until <= :now"
    return [(mark, free, {"now": keys.moment(now)}), (listed, "", {})]


def _item(approval: StandingApproval) -> Item:
    item: Item = {
        **keys.standing(approval.brand, approval.id),
        "v": keys.VERSION,
        "brand": approval.brand,
        "ttl": keys.ttl(approval.until),
        "rev": approval.rev,
        "approval": to_text(approval, "brand", "id", "rev"),
    }
    if approval.revoked_at:
        item["revoked"] = keys.moment(approval.revoked_at)
    return item


def _key(text: str) -> DeliveryKey:
    """Of a reply, as its name has it; only a root may have slashes of its own."""
    owner, channel, n = text.rsplit("/", 2)
    return DeliveryKey(CaseKey(*owner.split("/", 2)), channel, int(n))
