"""Sources: what we listen to, and whether it listens as it should."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.source import Source as Kept, SourceState
from chalicelib.errors import NotFound
from chalicelib.web import callers, keeping, listening
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape, show
from chalicelib.web.pages import refused


class Refusal(Shape):
    """A call that was refused: `status` is our answer, `reason` why, in one word."""

    at: Moment
    status: int
    reason: str


class Source(Shape):
    """`state`: well, waiting (not heard yet), silent (not asked in time), failing (then `reason`) or paused.
    What it is set to stands under settings."""

    id: str
    platform: str
    name: str
    interval: Annotated[int, Field(description="Minutes between two polls; 0: it calls us")]
    channel: str
    address: Annotated[
        str | None,
        Field(description="Where it calls us; null if it does not, or if it ends in a word shown once"),
    ]
    state: Literal["well", "waiting", "silent", "failing", "paused"]
    reason: str
    failing_since: Moment | None
    last_success: Moment | None
    last_heard: Moment | None


def browse(call: Call) -> Listed[Source]:
    """All sources of the brand, trouble first."""
    found = [_shown(call, *each) for each in call.desk.sources.of(call.brand.id)]
    order = ("failing", "silent", "waiting", "well", "paused")
    return Listed[Source](items=sorted(found, key=lambda each: (order.index(each.state), each.id)))


def get(call: Call, source: str) -> Source:
    """One source."""
    found = (each for each in call.desk.sources.of(call.brand.id) if each[0].id == source)
    if (one := next(found, None)) is None:
        raise NotFound("no such source")
    return _shown(call, *one)


def refusals(call: Call, source: str) -> Listed[Refusal]:
    """Its calls of the last 24 hours that were refused, the newest first: at most 50, from our log."""
    found = refused.calling(call.visit, source)
    told = call.desk.refusals.of(found.brand, source, call.visit.now)
    return Listed[Refusal](items=[show(Refusal, each) for each in told])


def poll(call: Call, source: str, body: Empty) -> Source:
    """Ask it now. One that calls us, or is paused, is not asked."""
    keeping.poll_now(call.visit, source)
    return get(call, source)


def _shown(call: Call, source: Kept, state: SourceState) -> Source:
    (ear,) = listening.ears([(source, state)], call.visit.words)
    times = {name: getattr(state, name) for name in ("failing_since", "last_success", "last_heard")}
    reason = state.reason if ear.state == "failing" else ""
    calls = source.platform == "webhook"
    address = callers.address(call.desk.webhook_url, source) if calls else ""
    return show(Source, source, address=address or None, state=ear.state, reason=reason, **times)
