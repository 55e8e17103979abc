"""Today: what waits for us by due time; beside it what goes out today and what we do not hear."""

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.web import clockface, listening, outgoing, worklist
from chalicelib.web.i18n import Words
from chalicelib.web.visit import Page, Visit

ROWS = 20
SENT = 8
DECISIONS = 5


def show(visit: Visit) -> Page:
    cases = worklist.read(visit, visit.departments)
    first = cases[:ROWS]
    known = visit.desk.mentions.get_many([case.mention for case in first])
    ears = listening.ears(visit.desk.sources.of(visit.brand.id), visit.words)
    undecided = outgoing.undecided(visit)
    leaving = outgoing.today(visit)
    values = {
        "heading": visit.words.day_title(visit.words.today()),
        "standing": _standing(cases, len(undecided), visit.brand, visit.words),
        "undecided": undecided[:DECISIONS],
        "decisions": len(undecided),
        "rows": worklist.rows(first, known, visit.brand, visit.words),
        "waiting": len(cases) + len(undecided),
        "open_cases": len(cases),
        "leaving": leaving[-SENT:],
        "earlier": max(0, len(leaving) - SENT),
        "ears": [ear for ear in ears if ear.trouble],
        "sources": len(ears),
    }
    return Page(template="today.html", place="today", values=values)


def _standing(cases: list[Case], undecided: int, brand: Brand, words: Words) -> list[tuple[str, bool]]:
    """How it stands, in two or three sentences; True marks the one that presses."""
    _, now = words.gettext, words.now
    late = sum(case.due < now for case in cases)
    coming = [case.due for case in cases if case.due >= now]
    said = [(_("Nothing waits for you."), False)]
    if cases:
        count = words.count(len(cases))
        waits = words.ngettext("%(count)s case waits.", "%(count)s cases wait.", len(cases), count=count)
        said = [(waits, False)]
    if undecided:
        asks = words.ngettext(
            "%(count)s message needs a decision.",
            "%(count)s messages need a decision.",
            undecided,
            count=words.count(undecided),
        )
        said = [*(said if cases else []), (asks, True)]
    if late:
        count = words.count(late)
        said.append((words.ngettext("%(count)s is late.", "%(count)s are late.", late, count=count), True))
    if coming:
        said.append((_("The next is due %(time)s.", time=words.moment(min(coming))), not late))
    if closes := clockface.closing(brand.departments, words):
        said.append((_("Open until %(time)s.", time=words.time(closes)), False))
    return said
