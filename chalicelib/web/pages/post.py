"""One post: what leaves where and when, how each channel's message fares, what came of it, its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.delivery import (
    STOPPABLE,
    Delivery,
    DeliveryKey,
    DeliveryState,
    comment_below,
    newest,
    removable,
)
from chalicelib.domain.measuring import AGES, Measurement
from chalicelib.domain.post import BOOST, ImageFile, Post, PostEvent, PostEventKind, PostKey
from chalicelib.errors import NotFound
from chalicelib.web import export, outgoing, wishing
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told
from chalicelib.web.visit import Outcome, Page, Picture, Visit

REFRESH = 3
SOON = timedelta(minutes=2)
"""A planned one that leaves so soon is waited for on the page."""
OVER = (DeliveryState.CANCELLED, DeliveryState.REMOVING, DeliveryState.REMOVED)
RAN_INTO = (DeliveryState.HELD, DeliveryState.FAILED)
MOVING = (
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.UNKNOWN,
    DeliveryState.REMOVING,
    DeliveryState.EDITING,
)
AGE = (N_("after 1 hour"), N_("after 1 day"), N_("after 7 days"))
GIVEN = {
    "reach": N_("Reach"),
    "reactions": N_("Reactions"),
    "replies": N_("Answers"),
    "shares": N_("Shares"),
}
COLUMNS = ("channel", "measured", *GIVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The newest message of one channel. `measured`: of each measurement its age and figures, "" where the
    network gives none."""

    channel: str
    n: int
    name: str
    text: str
    state: str
    reason: str
    url: str
    lang: str
    measured: tuple[tuple[str, tuple[str, ...]], ...]
    images: tuple[ImageFile, ...]
    way: str
    asks: bool
    """A person has to decide."""
    removable: bool
    editable: bool
    at: str
    """Of which its parts of the page are named."""
    comment: int = 0
    """The number of its sending, of a first comment."""
    below: "Leg | None" = None
    """Its first comment."""
    to_come: str = ""
    """What its first comment will say, once it stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    post: Post
    newest: Sequence[Delivery]
    """Of each channel, in the order of the post's variants."""
    comments: Sequence[Delivery] = ()
    """First comments, each sending of one."""


def key_of(visit: Visit, id: str) -> PostKey:
    """Raises NotFound for what no page of ours made."""
    try:
        return PostKey(visit.brand.id, id)
    except ValueError:
        raise NotFound("no such post") from None


def read(visit: Visit, key: PostKey) -> Found:
    """Raises NotFound."""
    post, deliveries = visit.desk.posts.get(key)
    below = [each for each in deliveries if each.key.comment]
    return Found(post=post, newest=list(newest(deliveries).values()), comments=below)


def show(visit: Visit, id: str) -> Outcome:
    """The post, of which a file has what was measured."""
    key = key_of(visit, id)
    if export.asked(visit):
        latest = {each.key for each in read(visit, key).newest}
        found = (each for each in visit.desk.measurements.of(key) if each[0] in latest)
        return export.download(visit, f"post-{key.id}", COLUMNS, (_cells(*each) for each in found))
    return page(visit, key)


def _cells(of: DeliveryKey, measured: Measurement) -> FileRow:
    return of.channel, measured.at, *(getattr(measured.numbers, name) for name in GIVEN)


def image(visit: Visit, id: str, name: str) -> Outcome:
    """One of its images; or of a form for it that is still being filled in. Raises NotFound."""
    try:
        named = ImageFile(name)
    except ValueError:
        raise NotFound("no such image") from None
    body = wishing.album(visit.desk).read(key_of(visit, id), named)
    if body is None:
        raise NotFound("no such image")
    return Picture(named.type, body)


def page(visit: Visit, key: PostKey, *, fault: str = "", field: str = "", happened: str = "") -> Page:
    """The post as it stands. `fault` is what was wrong with a deed; `happened` who was first, for a 409."""
    found = read(visit, key)
    post, words = found.post, visit.words
    history = visit.desk.posts.history(key)
    measured = visit.desk.measurements.of(key)
    legs = [
        _leg(visit, each, [m for of, m in measured if of == each.key], comment_below(each, found.comments))
        for each in found.newest
    ]
    goal = visit.brand.goal(post.goal)
    values = {
        "post": post,
        "id": key.id,
        "at": post.slot.at(),
        "moment": words.long_moment(post.slot.at()),
        "clock": post.slot.zone if post.slot.zone != visit.brand.zone else "",
        "wall": post.slot.wall[11:],
        "legs": legs,
        "first_asks": next((leg.at for leg in _each(legs) if leg.asks), ""),
        "changeable": [each for each in found.newest if each.state in STOPPABLE],
        "late": words.span(timedelta(minutes=post.lateness)),
        "goal": goal.name if goal else "",
        "history": [(event, said(event, visit)) for event in history],
        "columns": [words.gettext(word) for word in GIVEN.values()],
        "fault": fault,
        "field": field,
        "happened": happened,
        "when": visit.form.get("when", ""),
        "correction": visit.form.get("text", ""),
        "done": visit.query.get("done", ""),
    }
    waits = any(_on_its_way(visit, each) for each in (*found.newest, *found.comments))
    status = 409 if happened else 422 if fault else 200
    return Page(
        template="post.html",
        place="calendar",
        values=values,
        status=status,
        refresh=REFRESH if waits and status == 200 else 0,
    )


def said(event: PostEvent, visit: Visit) -> str:
    """A line of the history, in words."""
    words = visit.words
    _ = words.gettext
    name, reason = event.by, told(event.text, words)
    line = {
        PostEventKind.PLANNED: _("%(name)s planned it", name=name),
        PostEventKind.CHANGED: _("%(name)s changed it", name=name),
        PostEventKind.MOVED: _("%(name)s moved it", name=name),
        PostEventKind.RELEASED: _("%(name)s let it go", name=name),
        PostEventKind.CANCELLED: _("%(name)s cancelled it", name=name),
        PostEventKind.HELD: _("%(name)s held it back", name=name) if name else _held(reason, words),
        PostEventKind.UNKNOWN: _("No answer from the network: %(reason)s", reason=reason),
        PostEventKind.SENT: _("Sent to the network") if not reason else _unseen(reason, words),
        PostEventKind.CONFIRMED: _("Seen at the network"),
        PostEventKind.FAILED: _("Not sent: %(reason)s", reason=reason),
        PostEventKind.REMOVING: _("%(name)s had it taken away", name=name),
        PostEventKind.REMOVED: _("Taken away at the network"),
        PostEventKind.EDITING: _(
            "%(name)s had it corrected. It said: “%(before)s” It shall say: “%(after)s”",
            name=name,
            before=event.before,
            after=event.text,
        ),
        PostEventKind.EDITED: _("Corrected at the network"),
    }[event.kind]
    channel = outgoing.channel(visit.brand, event.channel, words)
    way = words.gettext(outgoing.WAYS[event.way]) if event.way in outgoing.WAYS else ""
    return f"{f'{channel}, {way}' if way else channel}: {line}" if channel else line


def _unseen(reason: str, words: Words) -> str:
    return f"{words.gettext('Sent, not yet seen at the network')}: {reason}"


def _held(reason: str, words: Words) -> str:
    return words.gettext("Held back: %(reason)s", reason=reason)


def _on_its_way(visit: Visit, delivery: Delivery) -> bool:
    soon = delivery.state is DeliveryState.PLANNED and delivery.due - visit.now < SOON
    return delivery.state in MOVING or (soon and visit.brake is None)


def _leg(
    visit: Visit, delivery: Delivery, measured: Sequence[Measurement] = (), below: Delivery | None = None
) -> Leg:
    words, id = visit.words, delivery.key.channel
    asks = delivery.state in RAN_INTO
    deletes = removable(delivery) and visit.desk.can(visit.brand, id, "delete")
    return Leg(
        channel=id,
        n=delivery.key.n,
        name=outgoing.channel(visit.brand, id, words),
        text=delivery.text,
        images=delivery.images,
        way=delivery.way,
        state=delivery.state.value,
        reason=outgoing.why(delivery, words),
        url=delivery.remote_url,
        lang=outgoing.other(delivery.language, words),
        measured=tuple((_age(each.step, words), _figures(each, words)) for each in measured),
        asks=asks,
        removable=deletes,
        editable=delivery.way != BOOST and visit.desk.can(visit.brand, id, "edit"),
        at=f"{id}.comment" if delivery.key.comment else id,
        comment=delivery.key.comment,
        below=_leg(visit, below) if below else None,
        to_come="" if below or delivery.state in OVER else delivery.comment,
    )


def _each(legs: Sequence[Leg]) -> Iterator[Leg]:
    """Each with its first comment."""
    for leg in legs:
        yield from (leg, leg.below) if leg.below else (leg,)


def _age(step: int, words: Words) -> str:
    return words.gettext(AGE[step - 1]) if 1 <= step <= len(AGES) else ""


def _figures(measurement: Measurement, words: Words) -> tuple[str, ...]:
    given = (getattr(measurement.numbers, name) for name in GIVEN)
    return tuple("" if number is None else words.number(number) for number in given)
