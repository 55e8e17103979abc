"""Copies: the other sites that carry a story."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.mention import Copy as Kept
from chalicelib.web.api import mentions
from chalicelib.web.api.call import Call
from chalicelib.web.api.mentions import Mention
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape, show
from chalicelib.web.pages import copies as page, verdict as verdicts


class Copy(Shape):
    """`id` is that of its mention. `followers` of its author, null where the network gave none."""

    id: str
    site: str
    author: str
    url: str
    posted_at: Moment
    followers: Annotated[int | None, Field(description="As they were when we heard it")]


def browse(call: Call, mention: str) -> Listed[Copy]:
    """The copies of a story, by when they were posted; of a copy there are none."""
    kept, _ = call.desk.mentions.get(verdicts.key_of(call.visit, mention))
    return Listed[Copy](items=[_shown(each) for each in call.desk.mentions.copies(kept.key)])


def part(call: Call, mention: str, body: Empty) -> Mention:
    """Say that a copy is a story of its own: it opens the case that it would have opened."""
    key = verdicts.key_of(call.visit, mention)
    call.expect(mentions.shown(call, *call.desk.mentions.get(key)))
    verdicts.refuse_others(call.visit, key)
    page.apply(call.visit, key)
    return mentions.get(call, mention)


def _shown(copy: Kept) -> Copy:
    return show(Copy, copy, id=copy.key.slug)
