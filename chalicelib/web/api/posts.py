"""Posts: planned, changed, let go, taken away. A person's name stands behind every text that leaves."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.delivery import DeliveryKey, comment_below
from chalicelib.domain.post import LATENESS, LONGEST_LATENESS, ImageFile, Post as Kept, PostEventKind, PostKey
from chalicelib.domain.roles import Deed
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import plan as stage
from chalicelib.stages.wish import ALT, IMAGES
from chalicelib.web import passing, sharing, wishing
from chalicelib.web.api import problem
from chalicelib.web.api.calendar import between
from chalicelib.web.api.call import Call
from chalicelib.web.api.deliveries import Delivery, ImageOf, sending
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Empty,
    Given,
    Listed,
    Moment,
    Month,
    Shape,
    paged,
    show,
    sortable,
)
from chalicelib.web.pages import post as page

PAGE = 50
Text = Annotated[str, Field(max_length=50_000)]
Wall = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$",
        description="A moment on the wall of the brand's zone",
        examples=["2026-11-28T10:00"],
    ),
]


class PostsAsked(Asked):
    """`month` is the brand's own; without it the one that runs."""

    month: Month | None = None
    cursor: Cursor = None


class ImageWish(Given):
    """An image that was sent in before (`images_add`); `alt` says what it shows to who does not see it."""

    name: Annotated[str, Field(max_length=80)]
    alt: Annotated[str, Field(max_length=ALT)]


class PostWish(Given):
    """What to say, where and when. A channel's text is what leaves on it, to the letter."""

    title: Annotated[str, Field(max_length=200, description="The working title; never sent")]
    language: Annotated[str, Field(max_length=3, description="ISO 639", examples=["nl"])]
    texts: Annotated[dict[str, Text], Field(max_length=20, description="By channel")]
    when: Wall
    lateness: Annotated[int, Field(ge=1, le=LONGEST_LATENESS, description="Minutes")] = LATENESS
    goal: Annotated[str, Field(max_length=40)] = ""
    audience: Annotated[str, Field(max_length=500)] = ""
    why: Annotated[str, Field(max_length=2_000)] = ""
    shares: Annotated[str, Field(max_length=2_000, description="Whose message it passes on")] = ""
    of: Annotated[str, Field(max_length=400, description="The id of the mention that `shares` is")] = ""
    ways: Annotated[
        dict[str, Literal["boost", "quote"]],
        Field(default_factory=dict, max_length=20, description="By channel: passed on in its network's way"),
    ]
    images: Annotated[list[ImageWish], Field(default_factory=list, max_length=IMAGES)]
    comment: Annotated[str, Field(max_length=10_000, description="Goes below it, where one can")] = ""


class Part(Given):
    """`comment`: its first comment is meant, not the message itself."""

    comment: bool = False


class Release(Part):
    """`when`: at another moment than at once; a first comment has none."""

    when: Wall | None = None


class Correction(Part):
    """What it says from now on."""

    text: Text


class PostLine(Shape):
    """A post as a list shows it; `at` by the rules of today."""

    id: str
    title: str
    when: str
    zone: str
    at: Moment
    channels: list[str]
    cancelled: bool


class Post(PostLine):
    """`rev` grows by one with each change."""

    rev: int
    language: str
    lateness: int
    goal: str
    audience: str
    why: str
    shares: str
    images: list[ImageOf]
    comment: Annotated[str, Field(description="The first comment that goes below it; empty for none")]
    planned_by: str
    planned_at: Moment
    deliveries: Annotated[list[Delivery], Field(description="The newest of each channel")]


class PostEvent(Shape):
    at: Moment
    kind: PostEventKind
    by: str
    channel: str
    way: Annotated[
        str, Field(description="boost, quote, comment (the first); empty for a message of its own")
    ]
    text: str
    before: Annotated[str, Field(description="Of a correction: what it said")]
    url: str


class Measured(Shape):
    """What its network said of one delivery; null is what it does not say. `step`: 1 h, 24 h, 7 days."""

    channel: str
    n: int
    step: int
    at: Moment
    reach: int | None
    reactions: int | None
    replies: int | None
    shares: int | None


def browse(call: Call, query: PostsAsked) -> Listed[PostLine]:
    """Posts that leave or left in a month, by moment."""
    moments: dict[PostKey, datetime] = {}
    for each in between(call, query.month):
        if isinstance(each.key.owner, PostKey):
            moments.setdefault(each.key.owner, each.at)
    found = paged(
        "posts", moments, query.cursor, lambda key: (sortable(moments[key]), key.id), lambda key: key, PAGE
    )
    kept = {post.key: post for post in call.desk.posts.get_many(found.items)}
    items = [_line(kept[key]) for key in found.items if key in kept]
    return Listed[PostLine](items=items, next=found.next)


def get(call: Call, post: str) -> Post:
    """One post, with how it fares on each channel."""
    return _shown(_read(call, post))


def plan(call: Call, body: PostWish) -> Post:
    """Plan a post: whoever made this key says yes to exactly these texts."""
    if not call.desk.posts.get_many([PostKey(call.brand.id, call.new_id)]):
        sharing.plan(call.visit, sound(call, body), call.by, by_id=call.key.by_id)
    return get(call, call.new_id)


def sound(call: Call, body: PostWish) -> stage.Wish:
    """The wish for a new post. Raises Refusal with everything that stands against planning it."""
    wish = _wish(call, call.new_id, body)
    counts, album = wishing.counting(call.desk, call.brand), wishing.album(call.desk)
    _refuse(stage.faults(wish, brand=call.brand, counts=counts, now=call.visit.now, album=album))
    return wish


def change(call: Call, post: str, body: PostWish) -> Post:
    """Another text, channel or moment; what has left stays as it is."""
    kept = _expected(call, post).post
    zone = wishing.zone_of({"when": body.when, "zone": kept.slot.zone}, kept.slot, call.brand)
    stage.change(
        kept.key,
        kept.rev,
        _wish(call, post, body, zone),
        call.by,
        by_id=call.key.by_id,
        brand=call.brand,
        posts=call.desk.posts,
        tasks=call.desk.tasks,
        counts=wishing.counting(call.desk, call.brand),
        now=call.visit.now,
        album=wishing.album(call.desk),
    )
    return get(call, post)


def cancel(call: Call, post: str, body: Empty) -> Post:
    """Everything of it that has not left stays unsent."""
    kept = _expected(call, post).post
    stage.cancel(kept.key, kept.rev, call.by, by_id=call.key.by_id, posts=call.desk.posts, now=call.visit.now)
    return get(call, post)


def release(call: Call, post: str, channel: str, n: str, body: Release) -> Post:
    """Let go what is held or failed; a key of scope admin lets it past the brake."""
    found, desk = _expected(call, post), call.desk
    past = call.visit.may(Deed.UPKEEP)
    stage.release(
        _delivery(found, channel, n, body),
        call.by,
        by_id=call.key.by_id,
        deliveries=desk.deliveries,
        posts=desk.posts,
        cases=desk.cases,
        brakes=desk.brakes if past else None,
        tasks=desk.tasks,
        now=call.visit.now,
        slot=wishing.slot_at(body.when, call.brand.zone) if body.when else None,
    )
    return get(call, post)


def leave(call: Call, post: str, channel: str, n: str, body: Part) -> Post:
    """What is planned, held or failed there stays unsent."""
    of, posts = _delivery(_expected(call, post), channel, n, body), call.desk.posts
    stage.drop(of, call.by, by_id=call.key.by_id, posts=posts, now=call.visit.now)
    return get(call, post)


def remove(call: Call, post: str, channel: str, n: str, body: Part) -> Post:
    """Have a message that was sent taken away at its network; a post's with its first comment."""
    found, desk = _expected(call, post), call.desk
    stage.remove(
        _delivery(found, channel, n, body),
        call.by,
        by_id=call.key.by_id,
        posts=desk.posts,
        tasks=desk.tasks,
        counts=wishing.counting(desk, call.brand),
        now=call.visit.now,
    )
    return get(call, post)


def edit(call: Call, post: str, channel: str, n: str, body: Correction) -> Post:
    """Have a message that stands at its network say something else."""
    found, desk = _expected(call, post), call.desk
    brake = desk.brakes.get(call.brand.id)
    if brake and not call.visit.may(Deed.UPKEEP):
        raise Conflict("the brake is on")
    stage.edit(
        _delivery(found, channel, n, body),
        body.text,
        call.by,
        by_id=call.key.by_id,
        brand=call.brand,
        posts=desk.posts,
        tasks=desk.tasks,
        counts=wishing.counting(desk, call.brand),
        now=call.visit.now,
        past=brake,
    )
    return get(call, post)


def history(call: Call, post: str) -> Listed[PostEvent]:
    """What happened to it, oldest first."""
    kept = _read(call, post).post
    events = call.desk.posts.history(kept.key)
    return Listed[PostEvent](items=[show(PostEvent, event) for event in events])


def measurements(call: Call, post: str) -> Listed[Measured]:
    """What came of it, as the networks say."""
    kept = _read(call, post).post
    found = call.desk.measurements.of(kept.key)
    return Listed[Measured](
        items=[
            show(Measured, each.numbers, channel=key.channel, n=key.n, step=each.step, at=each.at)
            for key, each in found
        ]
    )


def _read(call: Call, id: str) -> page.Found:
    return page.read(call.visit, page.key_of(call.visit, id))


def _expected(call: Call, id: str) -> page.Found:
    found = _read(call, id)
    call.expect(_shown(found))
    return found


def _delivery(found: page.Found, channel: str, n: str, body: Part) -> DeliveryKey:
    """Raises NotFound for one that this post does not have."""
    known = {(each.channel, str(each.n)) for each in found.post.variants}
    key = DeliveryKey(found.post.key, channel, int(n)) if (channel, n) in known else None
    if key and body.comment:
        there = next((each for each in found.newest if each.key == key), None)
        comment = comment_below(there, found.comments) if there else None
        key = comment.key if comment else None
    if key is None:
        raise NotFound("no such delivery")
    return key


def _wish(call: Call, id: str, body: PostWish, zone: str = "") -> stage.Wish:
    given = {name: getattr(body, name) for name in (*wishing.PLAIN, "comment")}
    given |= {"when": body.when, "lateness": str(body.lateness)}
    try:
        images = tuple(ImageFile(each.name, each.alt) for each in body.images)
    except ValueError:
        raise problem.of_input(
            [BadInput("images", "an image is named as it was when it was sent in")]
        ) from None
    try:
        of = passing.heard(call.visit, body.of)
    except BadInput as fault:
        raise problem.of_input([BadInput("of", fault.message)]) from None
    ways = tuple(body.ways.items())
    wish, unread = wishing.read(id, given, body.texts, call.brand, call.visit.now, zone, images, of, ways)
    _refuse(unread)
    return wish


def _refuse(found: list[BadInput]) -> None:
    if found:
        raise problem.of_input(found)


def _line(kept: Kept) -> PostLine:
    return PostLine.model_validate(_plain(kept))


def _plain(kept: Kept) -> dict[str, object]:
    return {
        "id": kept.key.id,
        "title": kept.title,
        "when": kept.slot.wall,
        "zone": kept.slot.zone,
        "at": kept.slot.at(),
        "channels": [each.channel for each in kept.variants],
        "cancelled": kept.cancelled,
    }


def _shown(found: page.Found) -> Post:
    kept = found.post
    sent = [sending(each, comment_below(each, found.comments)) for each in found.newest]
    return show(Post, kept, **_plain(kept), images=list(kept.images), deliveries=sent)
