"""Sources: what we listen to, and whether it listens as it should."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.source import Source as Kept, SourceState
from chalicelib.errors import NotFound
from chalicelib.web import keeping, listening
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape, show


class Source(Shape):
    """`state`: well, waiting (not heard yet), silent (not asked in time), failing (then `reason`) or paused.
    What it is set to stands under settings."""

    id: str
    platform: str
    name: str
    interval: Annotated[int, Field(description="Minutes between two polls; 0: it calls us")]
    channel: str
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


def poll(call: Call, source: str, body: Empty) -> Source:
    """Ask it now. One that calls us, or is paused, is not asked."""
    keeping.poll_now(call.visit, source)
    return get(call, source)


def _shown(call: Call, source: Kept, state: SourceState) -> Source:
    (ear,) = listening.ears([(source, state)], call.visit.words)
    times = {name: getattr(state, name) for name in ("failing_since", "last_success", "last_heard")}
    reason = state.reason if ear.state == "failing" else ""
    return show(Source, source, state=ear.state, reason=reason, **times)
