"""What the brand cannot hear, and what can be done about it."""

from chalicelib.web import unheard
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Listed, Shape, show


class Unheard(Shape):
    """`why`: trouble (a source that fails or is silent), stopped (its budget is used), paused, unwatched (no
    watch: only what is addressed to you is kept), partly (what a connected source leaves out), unconnected
    (Webspin can listen there), network (it cannot), closed (nobody may). `said` and `do` are words for
    people; `source` is the id of one that is connected."""

    why: unheard.Why
    what: str
    said: list[str]
    do: str
    source: str | None


def browse(call: Call) -> Listed[Unheard]:
    """What is wrong now first, what never can be heard last. All of it on one page."""
    found = unheard.unheard(call.visit, call.desk.sources.of(call.brand.id))
    return Listed[Unheard](
        items=[show(Unheard, each, said=list(each.said), source=each.source or None) for each in found]
    )
