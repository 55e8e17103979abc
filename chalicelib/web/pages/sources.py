"""Sources: who listens as usual, who does not and why, and what we cannot hear at all."""

from chalicelib.web import listening
from chalicelib.web.visit import Page, Visit


def show(visit: Visit) -> Page:
    found = visit.desk.sources.of(visit.brand.id)
    ears = listening.ears(found, visit.words)
    counts = {
        state: sum(ear.state == state for ear in ears) for state in ("well", "waiting", "silent", "failing")
    }
    values = {
        "ears": ears,
        "counts": counts,
        "deaf": listening.deaf(visit.brand, found, visit.words),
        "watches": visit.brand.watches,
    }
    return Page(template="sources.html", place="sources", values=values)
