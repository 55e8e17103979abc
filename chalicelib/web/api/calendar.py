"""The calendar: what left and what is to leave, and the slots in which nothing is planned yet."""

from datetime import date
from typing import Annotated

from pydantic import Field

from chalicelib.domain import slots
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.errors import NotFound
from chalicelib.ports import Outgoing
from chalicelib.web import outgoing
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Asked, Cursor, Listed, Moment, Month, Shape, paged, show, sortable
from chalicelib.web.pages import calendar as page, composer

PAGE = 200
MOST_SLOTS = 50


class CalendarAsked(Asked):
    """`month` is the brand's own; without it the one that runs."""

    month: Month | None = None
    cursor: Cursor = None


class Leaving(Shape):
    """One message on one channel: of a `post` or, as a reply, of a `case`. `at` is when it was sent, until
    then when it is due."""

    post: str | None
    case: str | None
    channel: str
    n: int
    at: Moment
    state: DeliveryState
    text: Annotated[str, Field(description="A post's working title, a reply's first line")]
    language: str
    reason: str
    way: Annotated[str, Field(description="boost, quote; empty for a message of its own")]
    commented: Annotated[bool, Field(description="A first comment goes below it")]


class SlotsAsked(Asked):
    """From now on, of one channel or of all."""

    channel: Annotated[str, Field(max_length=40)] = ""
    count: Annotated[int, Field(ge=1, le=MOST_SLOTS)] = 10


class FreeSlot(Shape):
    """A moment on the wall of `zone` at which nothing is planned; `at` by the rules of today."""

    when: str
    zone: str
    at: Moment


def browse(call: Call, query: CalendarAsked) -> Listed[Leaving]:
    """Everything that leaves or left in a month, by moment."""
    found = outgoing.own(call.visit, between(call, query.month))
    return paged(
        "calendar", found, query.cursor, lambda each: (sortable(each.at), str(each.key)), _line, PAGE
    )


def free(call: Call, query: SlotsAsked) -> Listed[FreeSlot]:
    """The next slots that ask for a post."""
    brand, now = call.brand, call.visit.now
    if query.channel and brand.channel(query.channel) is None:
        raise NotFound("no such channel")
    channels = [each.id for each in brand.channels if query.channel in ("", each.id)]
    found = call.desk.deliveries.between(brand.id, now, now + composer.AHEAD)
    next_ = slots.next_slots(brand, channels, page.taken(found), now, query.count)
    return Listed[FreeSlot](items=[FreeSlot(when=each.wall, zone=each.zone, at=each.at()) for each in next_])


def between(call: Call, month: str | None) -> list[Outgoing]:
    """What leaves or left in a month on the brand's clock; without one in the one that runs."""
    words = call.visit.words
    first = date.fromisoformat(f"{month}-01") if month else words.today().replace(day=1)
    start, end = words.midnight(first), words.midnight(page.step(first, 1))
    return call.desk.deliveries.between(call.brand.id, start, end)


def _line(each: Outgoing) -> Leaving:
    owner = each.key.owner
    post, case = (owner.id, None) if isinstance(owner, PostKey) else (None, owner.slug)
    return show(Leaving, each, post=post, case=case, channel=each.key.channel, n=each.key.n)
