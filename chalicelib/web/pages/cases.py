"""Cases: what waits for us, by due time; what is done, by month, newest first. Filters are the address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseState, Done, Waiting
from chalicelib.domain.month import before, month_of
from chalicelib.errors import BadInput, NotFound
from chalicelib.web import cells, export, on_duty, outgoing, people, worklist
from chalicelib.web.i18n import N_
from chalicelib.web.places import INDEXED, MONTH, sound
from chalicelib.web.reading import LABELS, label
from chalicelib.web.visit import Outcome, Page, Visit

READ = 300
"""Of what waits; who has more works on the first."""
READ_THROUGH = 3_000
"""Looked through for a feeling, or for one's own drafts: what one request brings of the index, at most."""
ROWS = 50
BACK = 12
"""Months of cases that are done; their messages are kept for a year."""
STATES = {"": N_("Waiting"), "asleep": N_("Snoozed"), "done": N_("Answered or closed")}
WAITING = (
    "due",
    "received",
    "state",
    "department",
    "network",
    "author",
    "text",
    "feeling",
    "intents",
    "channel",
    "draft_by",
    "taken_by",
    "taken_until",
    "snoozed_until",
    "case",
)
DONE = ("at", "state", "department", "network", "author", "title", "feeling", "language", "case")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    slug: str
    at: datetime
    state: str
    author: str
    person: str
    network: str
    title: str
    lang: str
    mood: str
    label: str
    department: str


def show(visit: Visit) -> Outcome:
    """`department`, `state`, `mood` and `mine` come from the address."""
    chosen = {name: visit.query.get(name, "")[:60] for name in ("department", "state", "mood", "mine")}
    _check(visit, chosen)
    return _done(visit, chosen) if chosen["state"] == "done" else _waiting(visit, chosen)


def _check(visit: Visit, chosen: dict[str, str]) -> None:
    """Raises NotFound, BadInput."""
    if chosen["department"] not in ("", *(each.id for each in visit.departments)):
        raise NotFound("no such department")
    if chosen["state"] not in STATES:
        raise BadInput("state", "waiting, asleep or done")


def _waiting(visit: Visit, chosen: dict[str, str]) -> Outcome:
    asked = worklist.departments(visit, chosen["department"])
    if export.asked(visit):
        all_of_them = visit.desk.cases.all_waiting(visit.brand.id, asked)
        rows = (_cells(case, visit.brand) for case in all_of_them if _fits(case, chosen, visit))
        return export.download(visit, "cases", WAITING, rows)
    limit = READ_THROUGH if chosen["mood"] or chosen["mine"] or chosen["state"] else READ
    awake = None if chosen["state"] else visit.now
    waits = visit.desk.cases.waits(visit.brand.id, asked, limit=limit, awake=awake)
    cases = [case for case in waits.cases if _fits(case, chosen, visit)]
    values = {
        **_common(visit, chosen),
        "rows": worklist.rows(cases[:ROWS], visit.brand, visit.words),
        "total": len(cases),
        "on_duty": on_duty.lines(visit, visit.brand, visit.departments),
        "given": visit.query.get("given", ""),
        "more": waits.more,
    }
    return Page(template="cases.html", place="cases", values=values)


def _fits(case: Waiting, chosen: dict[str, str], visit: Visit) -> bool:
    """`mine`: on which I work, or whose draft I wrote. What sleeps has a list of its own."""
    member = visit.member
    if case.asleep(visit.now) != (chosen["state"] == "asleep"):
        return False
    mine = not chosen["mine"] or case.is_of(member.name, member.id, visit.now)
    return mine and chosen["mood"] in ("", case.sentiment.value)


def _done(visit: Visit, chosen: dict[str, str]) -> Outcome:
    month, cursor = _place(visit)
    seen = worklist.departments(visit, chosen["department"])

    def fits(case: Done) -> bool:
        return (seen is None or case.department in seen) and chosen["mood"] in ("", case.sentiment.value)

    if export.asked(visit):
        found = (_done_cells(case, visit.brand) for case in _all_done(visit, month) if fits(case))
        return export.download(visit, "cases-done", DONE, found)
    cases, further = visit.desk.cases.done(visit.brand.id, month, limit=ROWS, before=cursor)
    oldest = before(month_of(visit.now, "UTC"), BACK)
    place = f"{month}~{further}" if further else f"{before(month, 1)}~" if month > oldest else ""
    kept = {name: value for name, value in chosen.items() if value}
    values = {
        **_common(visit, chosen),
        "done": [_done_row(case, visit) for case in cases if fits(case)],
        "month": month,
        "older": "/cases?" + urlencode({**kept, "from": place}) if place else "",
    }
    return Page(template="cases_done.html", place="cases", values=values)


def _place(visit: Visit) -> tuple[str, str]:
    """UTC month and the table's own cursor in it. Raises BadInput."""
    given = visit.query.get("from", "")
    month, _, cursor = given.partition("~")
    if not given:
        return month_of(visit.now, "UTC"), ""
    if not MONTH.fullmatch(month):
        raise BadInput("from", "a place that a page of ours gave")
    return month, sound(INDEXED, cursor, "from")


def _all_done(visit: Visit, month: str) -> Iterator[Done]:
    for back in range(BACK + 1):
        cursor = ""
        while True:
            found, cursor = visit.desk.cases.done(
                visit.brand.id, before(month, back) if back else month, limit=1_000, before=cursor
            )
            yield from found
            if not cursor:
                break


def _common(visit: Visit, chosen: dict[str, str]) -> dict[str, object]:
    words = visit.words
    kept = {name: value for name, value in chosen.items() if value}
    return {
        "chosen": chosen,
        "filtered": bool(kept),
        "states": [(state, words.gettext(said)) for state, said in STATES.items()],
        "moods": [(mood, words.gettext(said)) for mood, said in LABELS.items()],
        "file": "/cases?" + urlencode({**kept, "as": ""}),
        "here_again": "/cases" + ("?" + urlencode(kept) if kept else ""),
    }


def _done_row(case: Done, visit: Visit) -> DoneRow:
    words = visit.words
    said = words.gettext("Answered") if case.state is CaseState.ANSWERED else words.gettext("Closed")
    return DoneRow(
        slug=case.key.slug,
        at=case.at,
        state=said,
        author=case.author,
        person=people.path(case.key.platform, case.author),
        network=words.network(case.key.platform),
        title=case.title,
        lang=outgoing.other(case.language, words),
        mood=case.sentiment.value,
        label=label(case.sentiment.value, words),
        department=visit.brand.department(case.department).name,
    )


def _cells(case: Waiting, brand: Brand) -> cells.Row:
    return (
        case.due,
        case.received_at,
        case.state.value,
        brand.department(case.department).id,
        case.key.platform,
        case.author,
        case.said,
        case.sentiment.value,
        case.intents,
        case.channel,
        case.drafted,
        case.taken_by,
        case.taken_until,
        case.snoozed_until,
        str(case.key),
    )


def _done_cells(case: Done, brand: Brand) -> cells.Row:
    return (
        case.at,
        case.state.value,
        brand.department(case.department).id,
        case.key.platform,
        case.author,
        case.title,
        case.sentiment.value,
        case.language,
        str(case.key),
    )
