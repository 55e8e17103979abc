"""People: each morning's list of good deeds, and those who are glad of us and pass it on."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.outreach import Deed as Kind, DeedState, Morning as Kept
from chalicelib.errors import NotFound
from chalicelib.web import good_deeds
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Asked, Day, Given, Listed, Moment, Shape, show

BACK = timedelta(days=31)


class MorningsAsked(Asked):
    """The days up to `until`, the brand's own; 31 of them."""

    until: Annotated[Day | None, Field(ge=date(1900, 1, 1), lt=date(3000, 1, 1))] = None


class Deed(Shape):
    """One suggestion. `times` is how often they wrote of us lately, `glad` how often gladly. `text` is what
    to post, where there is any; `url` where one goes for it."""

    id: str
    deed: Kind
    state: DeedState
    mention: str
    platform: str
    author: str
    url: str
    excerpt: str
    language: str
    times: int
    glad: int
    aside: Annotated[str, Field(description="The watch for a topic or a peer that heard it; else empty")]
    channel: str
    text: str
    by: str
    at: Moment | None
    link: Annotated[str, Field(description="Where it was done")]


class Fan(Shape):
    """Glad on more than one occasion. Never by the number of their followers."""

    platform: str
    author: str
    url: str
    glad: int
    times: int
    days: int
    shared: int
    last: Annotated[str, Field(description="The id of their last mention")]


class MorningLine(Shape):
    day: str
    made_at: Moment
    done: int
    deeds: int


class Morning(Shape):
    """`withheld` are channels on which nobody is suggested to follow: we follow more than follow us."""

    day: str
    made_at: Moment
    deeds: list[Deed]
    fans: list[Fan]
    withheld: list[str]


class Doing(Given):
    """`link` is where it was done; an answer is done when it is known."""

    do: Literal["done", "pass"]
    link: Annotated[str, Field(max_length=2_000)] = ""


def browse(call: Call, query: MorningsAsked) -> Listed[MorningLine]:
    """The mornings of a month that have a list, newest first."""
    until = query.until or call.visit.words.today()
    found = call.desk.mornings.between(call.brand.id, (until - BACK).isoformat(), until.isoformat())
    return Listed[MorningLine](items=[_line(each) for each in reversed(found)])


def get(call: Call, day: str) -> Morning:
    """The list of one day."""
    return _shown(call, _read(call, day))


def fans(call: Call) -> Listed[Fan]:
    """The fans, as the newest list of the last week has them."""
    today = call.visit.words.today()
    first = today - timedelta(days=7)
    found = call.desk.mornings.between(call.brand.id, first.isoformat(), today.isoformat())
    return Listed[Fan](items=_fans(found[-1]) if found else [])


def act(call: Call, day: str, deed: str, body: Doing) -> Morning:
    """It was done, or is passed over."""
    call.expect(_shown(call, _read(call, day)))
    state = DeedState.DONE if body.do == "done" else DeedState.PASSED
    return _shown(call, good_deeds.settle(call.visit, day, deed, state, body.link.strip()))


def _read(call: Call, day: str) -> Kept:
    found = call.desk.mornings.get(call.brand.id, day)
    if found is None:
        raise NotFound("no list of that day")
    return found


def _line(found: Kept) -> MorningLine:
    done = sum(each.state is DeedState.DONE for each in found.outreach)
    return show(MorningLine, found, done=done, deeds=len(found.outreach))


def _shown(call: Call, found: Kept) -> Morning:
    """An answer is signed by who made the key, in whose name it acts."""
    deeds = [
        show(Deed, each, mention=each.mention.slug, text=good_deeds.text_of(each, call.key.by))
        for each in found.outreach
    ]
    return show(Morning, found, deeds=deeds, fans=_fans(found))


def _fans(found: Kept) -> list[Fan]:
    return [show(Fan, each, last=each.last.slug) for each in found.fans]
