"""Posts with their deliveries and history: what belongs together is written together."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.aws.table import deliveries, keys, mornings
from chalicelib.aws.table.audit import put_of
from chalicelib.aws.table.docs import from_text, to_text
from chalicelib.aws.table.hooks import puts_of
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import ABSENT, Put, Refused, Store
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.hook import Call
from chalicelib.domain.logged import Changes, of_post
from chalicelib.domain.outreach import Morning
from chalicelib.domain.post import COMMENT, Post, PostEvent, PostEventKind, PostKey
from chalicelib.domain.shape import dump, stamp
from chalicelib.errors import Conflict, NotFound, NotOurs


class Posts:
    """Implements `ports.Posts`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def get(self, key: PostKey) -> tuple[Post, list[Delivery]]:
        post: Post | None = None
        found: list[Delivery] = []
        for item in self._store.query("#pk = :pk", {"pk": keys.under(key)}):
            if "post" in item:
                post = _read(item)
            elif "delivery" in item:
                found.append(deliveries.from_item(item))
        if post is None:
            raise NotFound(f"post {key}")
        return post, sorted(found, key=lambda one: (one.key.channel, one.key.n, one.key.comment))

    def get_many(self, keys_: Sequence[PostKey]) -> list[Post]:
        return list(map(_read, self._store.get_all([keys.post(key) for key in dict.fromkeys(keys_)])))

    def add(
        self,
        post: Post,
        new: Sequence[Delivery],
        event: PostEvent,
        deed: tuple[Morning, AuditLine] | None = None,
    ) -> bool:
        changes = [(None, delivery) for delivery in new]
        puts = [(_item(post), ABSENT, {}), *map(_new, new), *_event(post.key, event, changes)]
        done = mornings.puts_of(*deed) if deed else []
        try:
            self._store.put_together(*puts, *done)
        except Refused as refused:
            if refused.parts == [len(puts)]:
                raise Conflict(f"the list on which {post.key} is a good deed was changed") from None
            return False
        return True

    def change(
        self, post: Post, changes: Sequence[tuple[Delivery | None, Delivery]], event: PostEvent
    ) -> None:
        puts: list[Put] = [(_item(post), "#rev = :was", {"was": post.rev - 1})]
        for was, now in changes:
            unchanged = deliveries.UNCHANGED
            puts.append((deliveries.to_item(now), unchanged, deliveries.as_read(was)) if was else _new(now))
        try:
            self._store.put_together(*puts, *_event(post.key, event, changes))
        except Refused:
            raise Conflict(f"post {post.key} or a delivery of it was changed by someone else") from None

    def conclude(
        self,
        delivery: Delivery,
        event: PostEvent,
        calls: Sequence[Call] = (),
        *,
        alone: bool = False,
        below: Delivery | None = None,
    ) -> None:
        put = deliveries.to_item(delivery), "#epoch = :epoch", {"epoch": delivery.epoch}
        has = [_message(delivery)] if alone else [_new(below)] if below else []
        try:
            self._store.put_together(put, *has, *_event(_post_of(delivery.key), event), *puts_of(calls))
        except Refused as refused:
            if refused.parts == [1] and below:  # put before, by a write whose answer was lost
                return self.conclude(delivery, event, calls)
            if refused.parts == [1]:
                raise NotOurs(f"{delivery.remote_id} is not that of {delivery.key}") from None
            raise Conflict(f"delivery {delivery.key} was changed by someone else") from None

    def whose(self, brand: str, channel: str, remote_id: str) -> DeliveryKey | None:
        item = self._store.get(keys.message(brand, channel, remote_id))
        return from_text(DeliveryKey, item["delivery"]) if item else None

    def history(self, key: PostKey) -> list[PostEvent]:
        where = "#pk = :pk AND begins_with(#sk, :events)"
        events = map(_read_event, self._store.query(where, {"pk": keys.under(key), "events": "E#"}))
        order = list(PostEventKind)
        return sorted(events, key=lambda event: (event.at, event.way == COMMENT, order.index(event.kind)))

    def note(self, key: PostKey, event: PostEvent) -> None:
        first, *line = _event(key, event)
        if line:
            self._store.put_together(first, *line)
        else:
            self._store.put(first[0])


def _item(post: Post) -> Item:
    return {
        **keys.post(post.key),
        "v": keys.VERSION,
        "brand": post.key.brand,
        "rev": post.rev,
        "post": to_text(post, "key", "rev"),
    }


def _read(item: Item) -> Post:
    return from_text(Post, item["post"], key=dump(keys.read_post(item["pk"])), rev=item["rev"])


def _new(delivery: Delivery) -> Put:
    return deliveries.to_item(delivery), ABSENT, {}


def _event(key: PostKey, event: PostEvent, changes: Changes = ()) -> list[Put]:
    """The history's line, and the log's where it is for the log: written in one transaction."""
    item = {
        **keys.event(key, event.at, event.id),
        "v": keys.VERSION,
        "brand": key.brand,
        "event": to_text(event, "at", "id", "by_id"),
    }
    line = of_post(key, event, changes)
    return [(item, "", {}), *([put_of(line)] if line else [])]


def _read_event(item: Item) -> PostEvent:
    at, id = keys.read_event(item)
    return from_text(PostEvent, item["event"], at=stamp(at), id=id)


def _message(delivery: Delivery) -> Put:
    """Put once; by the same delivery again, as an answer of the table may be lost."""
    of = {"delivery": to_text(delivery.key)}
    key = keys.message(delivery.key.brand, delivery.key.channel, delivery.remote_id)
    item = {**key, "v": keys.VERSION, "brand": delivery.key.brand, **of}
    return item, f"{ABSENT} OR #delivery = :delivery", of


def _post_of(key: DeliveryKey) -> PostKey:
    if not isinstance(key.owner, PostKey):
        raise TypeError(f"delivery {key} is of no post")
    return key.owner
