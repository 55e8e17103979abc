"""Stage 5 for posts, a person's: plan one, change it, cancel it (one channel's message of it: `single.py`).

Planning lays the images with the post (`images.py`), writes the post and one delivery a channel in one
transaction, and queues what is due soon after it. A crash in between costs nothing: the tick finds every
delivery that is due.

Every change writes what it does to the deliveries under the condition of the state and epoch that were read,
and their epoch plus one, in one transaction with the post: so whoever was about to send what was changed
loses, and sends nothing. What is at the network at this moment (claimed, unknown) is written as it
was: a change holds only if it did not move in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.delivery import (
    STOPPABLE,
    Delivery,
    DeliveryKey,
    DeliveryState,
    anew,
    cancelled,
    changed,
    newest,
    token,
)
from chalicelib.domain.outreach import Morning
from chalicelib.domain.post import ImageFile, Post, PostEvent, PostEventKind, PostKey, Variant
from chalicelib.errors import BadInput, Conflict, Left
from chalicelib.ports import Due, Posts, Tasks
from chalicelib.stages.images import Album
from chalicelib.stages.single import Changes, drop, edit, named, queue, release, remove
from chalicelib.stages.tick import queue_soon
from chalicelib.stages.wish import Counting, Wish, comment_on, faults, images_on, tidy

__all__ = ["Wish", "cancel", "change", "drop", "edit", "faults", "plan", "release", "remove"]

AT_WORK = (DeliveryState.CLAIMED, DeliveryState.UNKNOWN)
GONE = (DeliveryState.CANCELLED, DeliveryState.REMOVED)


@dataclass(frozen=True, slots=True)
class Beside:
    """What leaves with a channel's text, and what goes below it."""

    images: tuple[ImageFile, ...]
    comment: str


Shown = Mapping[str, Beside]
"""By channel."""


def plan(
    wish: Wish,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    posts: Posts,
    tasks: Tasks,
    counts: Counting,
    now: datetime,
    deed: tuple[Morning, AuditLine] | None = None,
    album: Album | None = None,
) -> Post:
    """Keep a post with its deliveries; the one there is, if its id was planned before. `deed`: the morning's
    list on which that is a good deed, as it is then, and what the log says of it: kept with a new post.

    Raises BadInput with the first of `faults`; Conflict where the list was changed meanwhile.
    """
    wish = tidy(wish)
    _refuse(faults(wish, brand=brand, counts=counts, now=now, album=album), by)
    key = PostKey(brand.id, wish.id)
    variants = tuple(
        Variant(channel=channel, text=text, way=wish.way(channel)) for channel, text in wish.texts
    )
    post = _post(key, 1, wish, variants, by, now)
    shown = _shown(wish, brand, album, counts)
    deliveries = [_delivery(key, wish, variant, shown, by, now) for variant in variants]
    if album:
        album.keep(key, wish.images)
    event = PostEvent(at=now, id="planned", kind=PostEventKind.PLANNED, by=by, by_id=by_id, text=post.title)
    if not posts.add(post, deliveries, event, deed):
        return posts.get(key)[0]
    queue_soon([Due(each.key, each.due) for each in deliveries], tasks, now)
    return post


def change(
    key: PostKey,
    rev: int,
    wish: Wish,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    posts: Posts,
    tasks: Tasks,
    counts: Counting,
    now: datetime,
    album: Album | None = None,
) -> Post:
    """New texts, images, channels or moment (`wish.id` is not read). Whatever has not left follows: a channel
    that is not named any more is cancelled, one that failed and is changed or moved is sent anew.

    What a person keeps back (held) goes again where it is moved. What has left, or may leave at this
    moment, stays as it is. Raises Conflict if the post changed since `rev`, is cancelled, or a text that
    has left would change; Left if a first comment would whose post has; BadInput with the first of `faults`
    of what is still to leave.
    """
    post, found = _as_read(posts, key, rev)
    deliveries = [each for each in found if not each.key.comment]
    wish = replace(tidy(wish), id=key.id)
    moved = wish.slot != post.slot
    changes, variants, left = _follow(post, deliveries, wish, _shown(wish, brand, album, counts), by, now)
    leaving = any(
        after.state is DeliveryState.PLANNED and after.slot == wish.slot for _, after in changes
    )  # what was let go alone has a moment of its own
    wrong = faults(wish, brand=brand, counts=counts, now=now, kept=post.slot, album=album)
    passed = {f"texts.{channel}" for channel in left} | (set() if leaving else {"when"})
    _refuse([fault for fault in wrong if fault.field not in passed], by)
    after = _post(key, rev + 1, wish, variants, by, now)
    after = replace(
        after,
        slot=wish.slot if leaving else post.slot,
        planned_by=post.planned_by,
        planned_at=post.planned_at,
    )
    had = [(each.channel, each.text) for each in post.variants]
    same = [(each.channel, each.text) for each in variants] == had
    same = same and (wish.images, wish.comment) == (post.images, post.comment)
    kind = PostEventKind.MOVED if moved and same else PostEventKind.CHANGED
    text = f"{after.slot.wall} {after.slot.zone}" if kind is PostEventKind.MOVED else after.title
    event = PostEvent(at=now, id=f"{kind.value}-{after.rev}", kind=kind, by=by, by_id=by_id, text=text)
    if album:
        album.keep(key, after.images)
    posts.change(after, changes, event)
    queue(changes, tasks, now)
    if album and post.images:
        now_so = {each.key: each for each in (*deliveries, *(each for _, each in changes))}
        holding = (each.images for each in now_so.values() if each.state is not DeliveryState.CANCELLED)
        album.forget(key, {image.name for images in (after.images, *holding) for image in images})
    for channel in sorted({channel for channel, _ in had} - {each.channel for each in variants}):
        id = f"cancelled-{after.rev}-{channel}"
        posts.note(key, replace(event, id=id, kind=PostEventKind.CANCELLED, text="", channel=channel))
    return after


def cancel(key: PostKey, rev: int, by: str, *, by_id: str = "", posts: Posts, now: datetime) -> Post:
    """Everything that has not left stays unsent. Raises Conflict if the post changed since `rev`, or all
    of it has left."""
    post, deliveries = _as_read(posts, key, rev)
    changes = [(each, cancelled(each)) for each in deliveries if each.state in STOPPABLE]
    at_work = [(each, each) for each in deliveries if each.state in AT_WORK]
    if not changes and not at_work:
        raise Conflict(f"{key} has left")
    after = replace(post, rev=rev + 1, cancelled=True)
    event = PostEvent(at=now, id=f"cancelled-{after.rev}", kind=PostEventKind.CANCELLED, by=by, by_id=by_id)
    posts.change(after, [*changes, *at_work], event)
    return after


# how it is written -------------------------------------------------------------------------------


def _shown(wish: Wish, brand: Brand, album: Album | None, counts: Counting) -> Shown:
    return {
        channel: Beside(images_on(channel, wish, brand, album), comment_on(channel, wish, counts))
        for channel, _ in wish.texts
    }


def _follow(
    post: Post, deliveries: Sequence[Delivery], wish: Wish, shown: Shown, by: str, now: datetime
) -> tuple[Changes, tuple[Variant, ...], set[str]]:
    """What becomes of each channel: the writes, the variants, and the channels that stay as they are."""
    latest = newest(deliveries)
    had = {each.channel: each.text for each in post.variants}
    texts = dict(wish.texts)
    changes: Changes = []
    variants, stay = [], set()
    for channel in [*texts, *(channel for channel in latest if channel not in texts)]:
        was, text = latest.get(channel), texts.get(channel)
        if was is None or (was.state in GONE and text not in (None, had.get(channel))):
            n = was.key.n + 1 if was else 1
            variants.append(Variant(channel=channel, text=texts[channel], n=n, way=wish.way(channel)))
            changes.append((None, _delivery(post.key, wish, variants[-1], shown, by, now)))
        elif was.state not in STOPPABLE:
            if text not in (None, was.text) and was.state not in GONE:
                raise Conflict(
                    f"{channel} was taken by its network" if was.sent_at else f"{channel} has left"
                )
            one = was.comment or (channel in shown and shown[channel].comment)
            if one and wish.comment != post.comment and was.state not in GONE:
                raise Left("the post has left, and its first comment stays as it was")
            stay.add(channel)
            if channel in had:
                variants.append(Variant(channel=channel, text=had[channel], n=was.key.n, way=was.way))
            if was.state in AT_WORK:
                changes.append((was, was))
        elif text is None:
            changes.append((was, cancelled(was)))
        else:
            changes += (after := _followed(was, text, shown[channel], wish, wish.slot != post.slot, by, now))
            n = after[-1][1].key.n if after else was.key.n
            variants.append(Variant(channel=channel, text=text, n=n, way=wish.way(channel)))
    return changes, tuple(variants), stay


def _followed(
    was: Delivery,
    text: str,
    beside: Beside,
    wish: Wish,
    moved: bool,
    by: str,
    now: datetime,
) -> Changes:
    """A delivery that has not left, as it is wished now, with this text and what goes with it; nothing where
    it is so already.

    A network that was asked before may know the old text under its token: another text goes as a new
    delivery.
    """
    after = replace(was, title=wish.title, language=wish.language, lateness=wish.lateness)
    way = wish.way(was.key.channel)
    other = (text, beside.images, way) != (was.text, was.images, was.way)
    if other or beside.comment != was.comment:
        after = replace(after, text=text, images=beside.images, comment=beside.comment)
        after = replace(after, approved_by=by, approved_at=now, released=None)
        after = replace(after, way=way, of=wish.of if way else None)
    if moved:
        after = replace(after, slot=wish.slot, due=wish.slot.at(), tries=0, looks=0)
    failed = was.state is DeliveryState.FAILED
    if moved or (failed and other):
        after = replace(after, state=DeliveryState.PLANNED, reason="", lease_until=None)
    if after == was:
        return []
    asked = was.first_try is not None and other
    if asked or (failed and after.state is not was.state):
        return [(was, cancelled(was)), (None, anew(after))]
    return [(was, changed(after))]


def _post(key: PostKey, rev: int, wish: Wish, variants: tuple[Variant, ...], by: str, now: datetime) -> Post:
    return Post(
        key=key,
        rev=rev,
        title=wish.title,
        language=wish.language,
        variants=variants,
        slot=wish.slot,
        lateness=wish.lateness,
        goal=wish.goal,
        audience=wish.audience,
        why=wish.why,
        shares=wish.shares,
        of=wish.of,
        images=wish.images,
        comment=wish.comment,
        planned_by=by,
        planned_at=now,
    )


def _delivery(post: PostKey, wish: Wish, variant: Variant, shown: Shown, by: str, now: datetime) -> Delivery:
    key = DeliveryKey(post, variant.channel, variant.n)
    return Delivery(
        key=key,
        state=DeliveryState.PLANNED,
        text=variant.text,
        images=shown[variant.channel].images,
        comment=shown[variant.channel].comment,
        way=variant.way,
        of=wish.of if variant.way else None,
        language=wish.language,
        title=wish.title,
        slot=wish.slot,
        lateness=wish.lateness,
        due=wish.slot.at(),
        approved_by=by,
        approved_at=now,
        token=token(key),
    )


def _as_read(posts: Posts, key: PostKey, rev: int) -> tuple[Post, list[Delivery]]:
    """The post as the person saw it. Raises NotFound, Conflict."""
    post, deliveries = posts.get(key)
    if post.rev != rev:
        raise Conflict(f"{key} changed since it was read")
    if post.cancelled:
        raise Conflict(f"{key} is cancelled")
    return post, deliveries


def _refuse(found: Sequence[BadInput], by: str) -> None:
    named(by)
    if found:
        raise found[0]
