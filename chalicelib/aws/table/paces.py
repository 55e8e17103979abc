"""How fast each account is asked: one item an account, written only as it was read."""

from collections.abc import Callable
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.pace import Pace


class Paces:
    """Implements `ports.Paces`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, account: str) -> Pace:
        return _read(self._store.get(keys.account(account)))

    def change(self, account: str, was: Pace, now: Pace) -> Pace | None:
        given: Item = {"v": keys.VERSION, "rev": now.rev, "pace": to_text(now, "rev")}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        condition = "attribute_not_exists(#rev)"
        if was.rev:
            condition = "#rev = :was"
            given["was"] = was.rev
        try:
            self._store.update(keys.account(account), change, given, condition)
        except Refused as refused:
            return _read(refused.item)
        return None


def _read(item: Item | None) -> Pace:
    return from_text(Pace, item["pace"], rev=item["rev"]) if item else Pace()
