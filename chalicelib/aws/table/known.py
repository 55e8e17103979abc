"""Which pages a brand's knowledge has: one item beside the brand, read with it."""

from collections.abc import Callable
from typing import Any

from chalicelib.aws.table import audit, keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import NOTHING_KNOWN, Known
from chalicelib.errors import Conflict


class KnownPages:
    """Implements `ports.KnownPages`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def of(self, brand: str) -> Known:
        item = self._store.get(keys.brand(brand, keys.KNOWN))
        return known(item) if item else NOTHING_KNOWN

    def settle(self, brand: str, known: Known, *lines: AuditLine) -> None:
        item = {
            **keys.brand(brand, keys.KNOWN),
            "v": keys.VERSION,
            "brand": brand,
            "rev": known.rev,
            "known": to_text(known, "rev"),
        }
        condition, values = ("#rev = :was", {"was": known.rev - 1}) if known.rev > 1 else (ABSENT, {})
        try:
            self._store.put_together((item, condition, values), *map(audit.put_of, lines))
        except Refused:
            raise Conflict(f"what {brand} knows was changed by someone else") from None


def known(item: Item) -> Known:
    return from_text(Known, item["known"], rev=item["rev"])
