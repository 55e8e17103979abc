"""Sources: who listens as usual, who does not and why, and what we cannot hear at all."""

from chalicelib.domain.roles import Deed
from chalicelib.web import export, listening
from chalicelib.web.i18n import N_
from chalicelib.web.visit import Away, File, Page, Visit

SAID = {
    "watch": N_("Kept: the watch. It counts for what comes in from now on."),
    "removed": N_("It is gone."),
}
COLUMNS = (
    "source",
    "kind",
    "state",
    "last_success",
    "last_mention",
    "week",
    "month",
    "usual_monday",
    "usual_tuesday",
    "usual_wednesday",
    "usual_thursday",
    "usual_friday",
    "usual_saturday",
    "usual_sunday",
)


def show(visit: Visit) -> Page | File | Away:
    found = visit.desk.sources.of(visit.brand.id)
    ears = listening.ears(found, visit.brand, visit.words)
    if export.asked(visit):
        return export.download(visit, "sources", COLUMNS, (listening.row(ear) for ear in ears))
    counts = {state: sum(ear.state == state for ear in ears) for state in listening.STATES}
    kept = SAID.get(visit.query.get("kept", ""), "")
    values = {
        "ears": ears,
        "charted": listening.week,
        "counts": counts,
        "unknown": sum(ear.state == "well" and not ear.known for ear in ears),
        "heard": len(ears) - counts["paused"],
        "deaf": listening.deaf(visit.brand, found, visit.words),
        "watches": visit.brand.watches,
        "may": visit.may(Deed.MANAGE),
        "kept": visit.words.gettext(kept) if kept else "",
    }
    return Page(template="sources.html", place="sources", values=values)
