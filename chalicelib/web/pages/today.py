"""Today: what needs me now, by due time; beside it what goes out, the good deeds, and what we do not hear.

Three requests of the table once it is warm: who comes in (`door.py`), what waits, what goes out today. What
stands beside the work may be a minute old.
"""

from collections.abc import Sequence

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Waiting
from chalicelib.domain.outreach import DeedState, Morning
from chalicelib.domain.verdict import Sentiment
from chalicelib.web import clockface, held, listening, outgoing, worklist
from chalicelib.web.i18n import Words
from chalicelib.web.visit import Page, Visit

ROWS = 20
READ = 150
"""Of what waits; who has more works on the first."""
SENT = 8
DECISIONS = 5


def show(visit: Visit) -> Page:
    words, brand = visit.words, visit.brand
    waits = visit.desk.cases.waits(brand.id, worklist.departments(visit), limit=READ, awake=visit.now)
    beside = visit.desk.beside.of(brand.id, words.today().isoformat())
    ears = listening.ears(beside.sources, brand, words)
    undecided = outgoing.lines(outgoing.own(visit, waits.held), brand, words)
    leaving = outgoing.today(visit)
    member = visit.member
    mine = [case for case in waits.cases if case.is_of(member.name, member.id, visit.now)]
    values = {
        "heading": words.day_title(words.today()),
        "standing": _standing(waits.cases, waits.more, len(undecided), brand, words),
        "alarm": _alarm(waits.cases, words),
        "undecided": undecided[:DECISIONS],
        "decisions": len(undecided),
        "rows": worklist.rows(waits.cases[:ROWS], visit),
        "mine": worklist.rows(mine[:DECISIONS], visit),
        "over": held.over(visit, {source.id: source.name for source, _state in beside.sources}),
        "asked": sum(case.asks(member.id) for case in waits.cases),
        "waiting": len(waits.cases) + len(undecided),
        "open_cases": len(waits.cases),
        "more": waits.more,
        "leaving": leaving[-SENT:],
        "earlier": max(0, len(leaving) - SENT),
        "deeds": _deeds(beside.morning),
        "ears": [ear for ear in ears if ear.trouble],
        "sources": len(ears),
    }
    return Page(template="today.html", place="today", values=values)


def _alarm(cases: Sequence[Waiting], words: Words) -> tuple[str, str, str] | None:
    """Of whom a department was told at once and whom nobody is answering yet: what to say, in how many words
    more, and where to look."""
    angry = [
        case
        for case in cases
        if case.strong
        and case.sentiment is Sentiment.NEGATIVE
        and not (case.drafted or case.holder(words.now))
    ]
    if not angry:
        return None
    count = words.count(len(angry))
    title = words.ngettext(
        "%(count)s clear complaint.", "%(count)s clear complaints.", len(angry), count=count
    )
    said = words.gettext(
        "Nobody is answering yet; the first is due %(time)s.", time=words.moment(angry[0].due)
    )
    return title, said, f"/cases/{angry[0].key.slug}" if len(angry) == 1 else "/cases?mood=negative"


def _deeds(morning: Morning | None) -> tuple[int, int, str] | None:
    """Done of all, and what the first open one is about."""
    if morning is None or not morning.outreach:
        return None
    still = [each for each in morning.outreach if each.state is DeedState.OPEN]
    return len(morning.outreach) - len(still), len(morning.outreach), still[0].excerpt if still else ""


def _standing(
    cases: Sequence[Waiting], more: bool, undecided: int, brand: Brand, words: Words
) -> list[tuple[str, bool]]:
    """How it stands, in two or three sentences; True marks the one that presses."""
    _, now = words.gettext, words.now
    late = sum(case.due < now for case in cases)
    coming = [case.due for case in cases if case.due >= now]
    said = [(_("Nothing waits for you."), False)]
    if more:
        said = [(_("More than %(count)s cases wait.", count=words.number(len(cases))), False)]
    elif cases:
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
    if closes := clockface.closing(brand, words):
        said.append((_("Open until %(time)s.", time=words.time(closes)), False))
    return said
