"""Stage 5 for one channel's message of a post, a person's: let it go after all, keep it, drop it, take it
away.

Written as every change is (`plan.py`): under the condition of what was read, with the epoch plus one,
together with the post.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import (
    BRAKED,
    STOPPABLE,
    Delivery,
    DeliveryKey,
    DeliveryState,
    anew,
    as_what,
    cancelled,
    changed,
    comment_below,
    going,
    removable,
)
from chalicelib.domain.drafting import plain
from chalicelib.domain.post import BOOST, Post, PostEvent, PostEventKind, Slot
from chalicelib.domain.slots import slot_of
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Brake, Brakes, Cases, Deliveries, Due, Posts, Tasks
from chalicelib.stages import answer
from chalicelib.stages.tick import queue_soon
from chalicelib.stages.wish import GRACE, Counting, refuse_comment, refuse_moment, refuse_text

Changes = list[tuple[Delivery | None, Delivery]]
"""What a change writes of deliveries, as (was, now); None: it is new."""
LEAST_LATENESS = 2
"""Minutes, of what a person lets go: the minute it is filed under may be over when a worker has it."""


def release(
    key: DeliveryKey,
    by: str,
    *,
    by_id: str = "",
    deliveries: Deliveries,
    posts: Posts,
    cases: Cases,
    brakes: Brakes | None,
    tasks: Tasks,
    now: datetime,
    slot: Slot | None = None,
) -> None:
    """A person lets go what is held, or a post's that failed: at once, or (a post's) at a new moment.

    While the brake is on, it passes this pull of it; what is still planned then leaves at its own moment.
    `brakes` None: it passes no brake, and is held again by one that is on.
    Raises NotFound, Conflict (it does not wait for anybody, or its post is cancelled), BadInput (`when`: the
    moment is past, or more than a year ahead).
    """
    pull = brakes.get(key.brand) if brakes else None
    released = pull.pulled_at if pull else None
    if isinstance(key.owner, CaseKey):
        answer.release(
            key, by, released, by_id=by_id, deliveries=deliveries, cases=cases, tasks=tasks, now=now
        )
        return
    post, was = _one(posts, key)
    below = bool(key.comment)
    if was.state not in STOPPABLE or (was.slot is None and not below):
        raise Conflict(f"{key} is {was.state.value}")
    if below and slot:
        raise BadInput("when", "a first comment goes below its post at once")
    if post.cancelled:  # while it was at its network, which then refused it
        raise Conflict(f"{post.key} is cancelled")
    lateness = max(was.lateness, LEAST_LATENESS)
    if slot:
        refuse_moment(slot, now, min(timedelta(minutes=lateness), GRACE))
    go = replace(was, state=DeliveryState.PLANNED, released=released, reason="", lease_until=None)
    go = replace(go, exceeds=True)
    if was.slot is None:
        go = replace(go, due=now, since=now, lateness=lateness, tries=0, looks=0)
    elif slot or was.state is not DeliveryState.PLANNED:
        when = slot or slot_of(now, was.slot.zone)
        go = replace(go, slot=when, due=when.at(), lateness=lateness, tries=0, looks=0)
    failed = was.state is DeliveryState.FAILED
    changes: Changes = [(was, cancelled(was)), (None, anew(go))] if failed else [(was, changed(go))]
    _write(post, changes, PostEventKind.RELEASED, (by, by_id), posts, now)
    queue(changes, tasks, now)


def hold(key: DeliveryKey, by: str, *, by_id: str = "", posts: Posts, now: datetime) -> None:
    """One channel's message of a post waits until a person lets it go. Raises Conflict if it has left."""
    post, was = _one(posts, key)
    if was.state is DeliveryState.HELD:
        return
    if was.state is not DeliveryState.PLANNED:
        raise Conflict(f"{key} is {was.state.value}")
    held = replace(was, state=DeliveryState.HELD, reason=BRAKED)
    _write(post, [(was, changed(held))], PostEventKind.HELD, (by, by_id), posts, now)


def drop(key: DeliveryKey, by: str, *, by_id: str = "", posts: Posts, now: datetime) -> None:
    """One channel's message of a post stays unsent, for good. Raises Conflict if it has left."""
    post, was = _one(posts, key)
    if was.state not in STOPPABLE:
        raise Conflict(f"{key} is {was.state.value}")
    _write(post, [(was, cancelled(was))], PostEventKind.CANCELLED, (by, by_id), posts, now)


def remove(
    key: DeliveryKey, by: str, *, by_id: str = "", posts: Posts, tasks: Tasks, counts: Counting, now: datetime
) -> None:
    """A message of a post is taken away at its network, by the worker, and its first comment with it: one
    that may be leaving at this moment is taken from whoever has it, looked for, and goes if it is found.

    Raises Conflict if it is not `removable`, BadInput for a network that cannot.
    """
    post, was, found = _one_of(posts, key)
    if not removable(was):
        raise Conflict(f"{key} is {was.state.value}")
    if not hasattr(counts(key.channel), "delete"):
        raise BadInput("channel", "this network cannot take a message away; do it there")
    changes: Changes = [(was, changed(going(was, now)))]
    if not key.comment and (comment := comment_below(was, found)):
        changes = [*_with(comment, now), *changes]
    _write(post, changes, PostEventKind.REMOVING, (by, by_id), posts, now)
    at_once = (after for _, after in changes if after.state is DeliveryState.REMOVING)
    queue_soon([Due(each.key, each.due) for each in at_once], tasks, now)


def edit(
    key: DeliveryKey,
    text: str,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    posts: Posts,
    tasks: Tasks,
    counts: Counting,
    now: datetime,
    past: Brake | None = None,
) -> None:
    """A message of a post that stands at its network says this from now on; the worker has it corrected.
    Whoever asks stands behind the new text; the history keeps both. `past`: the pull of the brake past which
    they let it; one that comes later stops it.

    Raises Conflict if it does not stand there, BadInput: `channel` for a network that lets nobody correct,
    `text` for what cannot stand there.
    """
    post, was = _one(posts, key)
    if was.state is not DeliveryState.CONFIRMED:
        raise Conflict(f"{key} is {was.state.value}")
    if was.way == BOOST:
        raise BadInput("channel", "a boost has no words of ours")
    if not hasattr(counts(key.channel), "edit"):
        raise BadInput("channel", "this network lets nobody correct a message")
    said = plain(text)
    if said == was.text:
        raise BadInput("text", "that is what it says")
    if key.comment:
        refuse_comment(key.channel, said, brand, counts)
    else:
        refuse_text(key.channel, said, "" if was.way else post.shares, brand, counts)
    asked = replace(was, state=DeliveryState.EDITING, correction=said, due=now, tries=0, looks=0, reason="")
    asked = replace(asked, approved_by=by, approved_at=now, lease_until=None)
    asked = replace(asked, released=past.pulled_at if past else None)
    _write(
        post, [(was, changed(asked))], PostEventKind.EDITING, (by, by_id), posts, now, said=(was.text, said)
    )
    queue_soon([Due(key, now)], tasks, now)


def queue(changes: Changes, tasks: Tasks, now: datetime) -> None:
    """Send on what of it is due soon; the tick finds the rest."""
    planned = (after for _, after in changes if after.state is DeliveryState.PLANNED)
    queue_soon([Due(after.key, after.due) for after in planned], tasks, now)


def named(by: str) -> None:
    """Raises BadInput where nobody says yes by name."""
    if not by:
        raise BadInput("by", "a named person approves")


def _with(comment: Delivery, now: datetime) -> Changes:
    """What becomes of a first comment whose post is taken away."""
    if comment.state in STOPPABLE:
        return [(comment, cancelled(comment))]
    if comment.state in (DeliveryState.CLAIMED, DeliveryState.UNKNOWN):
        return [(comment, changed(comment))]  # whoever has it loses it; the next to look takes it away
    if comment.state in (DeliveryState.SENT, DeliveryState.CONFIRMED, DeliveryState.EDITING):
        return [(comment, changed(going(comment, now)))]
    return []


def _one(posts: Posts, key: DeliveryKey) -> tuple[Post, Delivery]:
    """A delivery of a post, with it. Raises NotFound; Conflict for a reply."""
    post, was, _ = _one_of(posts, key)
    return post, was


def _one_of(posts: Posts, key: DeliveryKey) -> tuple[Post, Delivery, Sequence[Delivery]]:
    """The same, and all that the post has."""
    if isinstance(key.owner, CaseKey):
        raise Conflict(f"{key} is a reply")
    post, deliveries = posts.get(key.owner)
    was = next((each for each in deliveries if each.key == key), None)
    if was is None:
        raise NotFound(f"delivery {key}")
    return post, was, deliveries


def _write(
    post: Post,
    changes: Changes,
    kind: PostEventKind,
    who: tuple[str, str],
    posts: Posts,
    now: datetime,
    said: tuple[str, str] = ("", ""),
) -> None:
    """One channel's delivery, with the post's next revision; `who` is their name and id, `said` the text
    before and after where that is what changes."""
    by, by_id = who
    named(by)
    newest = changes[-1][1].key
    variants = tuple(
        replace(each, n=newest.n) if each.channel == newest.channel else each for each in post.variants
    )
    after = replace(post, rev=post.rev + 1, variants=variants)
    event = PostEvent(
        at=now, id=f"{kind.value}-{after.rev}", kind=kind, by=by, by_id=by_id, channel=newest.channel
    )
    event = replace(event, way=as_what(changes[-1][1]), before=said[0], text=said[1])
    posts.change(after, changes, event)
