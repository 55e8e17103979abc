"""What shows that the house runs: schedules under the tick's key; keys, tallies, failures by brand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.pulse import Failure, KeyState, Tally

if TYPE_CHECKING:  # few Lambdas ask for it
    from chalicelib.domain.tested import Tested


class Pulse:
    """Implements `ports.Pulse`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def ran(self, schedule: str, at: datetime) -> None:
        self._store.put({**keys.run(schedule), "v": keys.VERSION, "at": keys.moment(at)})

    def runs(self) -> dict[str, datetime]:
        items = self._store.query("#pk = :pk", {"pk": keys.LAST_TICK["pk"]})
        return {keys.read_run(item): keys.read_moment(item["at"]) for item in items}

    def key_worked(self, brand: str, channel: str, at: datetime) -> None:
        item = {**keys.channel_key(brand, channel), "v": keys.VERSION, "brand": brand}
        self._store.put({**item, "worked": keys.moment(at)})

    def key_refused(self, brand: str, channel: str, at: datetime) -> None:
        given = {"v": keys.VERSION, "brand": brand, "since": keys.moment(at)}
        try:
            self._store.update(
                keys.channel_key(brand, channel),
                "SET #v = :v, #brand = :brand, #since = :since",
                given,
                condition="attribute_not_exists(#since)",
            )
        except Refused:
            return

    def tested(self, brand: str) -> dict[str, Tested]:
        from chalicelib.domain.tested import Tested

        start = keys.tested(brand, "")
        values = {"pk": start["pk"], "sk": start["sk"]}
        items = self._store.query("#pk = :pk AND begins_with(#sk, :sk)", values)
        found = (
            from_text(Tested, item["tested"], of=item["sk"].removeprefix(start["sk"]))
            for item in items
            if "tested" in item
        )
        return {tested.of: tested for tested in found}

    def test(self, brand: str, tested: Tested) -> None:
        key = keys.tested(brand, tested.of)
        self._store.put({**key, "v": keys.VERSION, "brand": brand, "tested": to_text(tested, "of")})

    def untest(self, brand: str, of: str) -> None:
        self._store.put({**keys.tested(brand, of), "v": keys.VERSION, "brand": brand})

    def count(self, brand: str, tally: Tally) -> None:
        key = keys.tally(brand, tally.month)
        self._store.put({**key, "v": keys.VERSION, "brand": brand, "tally": to_text(tally, "month")})

    def failed(self, brand: str, failure: Failure) -> None:
        key = keys.failure(brand, failure.what)
        told = {"at": keys.moment(failure.at), "reason": failure.reason[:300]}
        self._store.put({**key, "v": keys.VERSION, "brand": brand, **told})

    def mended(self, brand: str, what: str, at: datetime) -> None:
        self._store.put(
            {**keys.failure(brand, what), "v": keys.VERSION, "brand": brand, "at": keys.moment(at)}
        )

    def failures(self, brand: str) -> dict[str, Failure]:
        start = keys.failure(brand, "")
        values = {"pk": start["pk"], "sk": start["sk"]}
        items = self._store.query("#pk = :pk AND begins_with(#sk, :sk)", values)
        found = (
            Failure(
                what=item["sk"].removeprefix(start["sk"]),
                at=keys.read_moment(item["at"]),
                reason=item["reason"],
            )
            for item in items
            if "reason" in item
        )
        return {failure.what: failure for failure in found}

    def of(self, brand: str, month: str) -> tuple[list[KeyState], Tally | None]:
        items = list(self._store.query("#pk = :pk", {"pk": keys.tally(brand, "")["pk"]}))
        channels = keys.channel_key(brand, "")["sk"]
        states = [_read(item) for item in items if item["sk"].startswith(channels)]
        sk = keys.tally(brand, month)["sk"]
        found = next(
            (from_text(Tally, item["tally"], month=month) for item in items if item["sk"] == sk), None
        )
        return states, found


def _read(item: Item) -> KeyState:
    worked, since = item.get("worked"), item.get("since")
    return KeyState(
        channel=item["sk"].partition("#")[2],
        worked=keys.read_moment(worked) if worked else None,
        refused_since=keys.read_moment(since) if since else None,
    )
