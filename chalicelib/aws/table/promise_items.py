"""A promise as attributes: `listed` has what a list shows, `state` and `rev` stand beside it, for they change
without it being read."""

import json

from chalicelib.aws.table import keys
from chalicelib.aws.table.docs import from_text
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Update
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.promise import Promise, PromiseKey, PromiseState, unmade
from chalicelib.domain.shape import dump


def to_item(promise: Promise) -> Item:
    apart = ("key", "state", "remind")
    listed = {name: value for name, value in dump(promise).items() if name not in apart}
    item: Item = {
        **keys.promise(promise.key),
        "v": keys.VERSION,
        "brand": promise.key.case.brand,
        "ttl": keys.ttl(promise.at),
        "rev": promise.rev,
        "state": promise.state.value,
        "listed": json.dumps(listed, ensure_ascii=False, separators=(",", ":")),
    }
    if promise.state is PromiseState.OPEN:
        item |= keys.promise_work(promise.key, promise.due)
        if promise.remind:
            item |= keys.promise_reminder(promise.key, promise.remind)
    return item


def from_item(item: Item) -> Promise:
    """Also of an entry of the index of work, which does not say when it is reminded of."""
    case, n, i = keys.read_promise(item)
    remind = {"remind": dump(keys.read_reminder(item))} if "day_key" in item else {}
    key = dump(PromiseKey(case, n, i))
    return from_text(Promise, item["listed"], key=key, state=item["state"], **remind)


def withdrawn(delivery: Delivery) -> list[Update]:
    """Its promises, if it did not leave: whatever somebody made of them meanwhile."""
    change = "SET #state = :withdrawn, #rev = #rev + :one REMOVE #work, #work_key, #day, #day_key"
    values: Item = {"withdrawn": PromiseState.WITHDRAWN.value, "one": 1}
    there = "attribute_exists(#pk)"
    return [(keys.promise(key), change, values, there) for key in unmade(delivery)]
