"""A message on its way to one channel, of a post or a case, as the API shows it."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.delivery import Delivery as Kept, DeliveryState
from chalicelib.web.api.shapes import Moment, Shape, show


class ImageOf(Shape):
    """An image by its name, and what it shows."""

    name: str
    alt: str


class FirstComment(Shape):
    """What went below a post, or is on its way there. `sending` counts how often it was sent."""

    sending: int
    state: DeliveryState
    text: str
    reason: str
    url: str
    due: Moment
    sent_at: Moment | None


class Delivery(Shape):
    """One channel's message of a post. `n` counts its sendings. `comment` is what goes below it there,
    `below` what became of that, null until the message stands."""

    channel: str
    n: int
    state: DeliveryState
    text: str
    way: Annotated[str, Field(description="boost, quote; empty for a message of its own")]
    images: list[ImageOf]
    comment: str
    below: FirstComment | None
    reason: str
    url: str
    due: Moment
    approved_by: str
    approved_at: Moment
    sent_at: Moment | None


def sending(each: Kept, below: Kept | None = None) -> Delivery:
    return show(
        Delivery,
        each,
        channel=each.key.channel,
        n=each.key.n,
        url=each.remote_url,
        images=list(each.images),
        below=_comment(below) if below else None,
    )


def _comment(each: Kept) -> FirstComment:
    return show(FirstComment, each, sending=each.key.comment, url=each.remote_url)
