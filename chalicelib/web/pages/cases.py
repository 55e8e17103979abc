"""Cases: what waits for us, by due time; what is done, by month, newest first. Filters are the address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseState, Done, Waiting
from chalicelib.domain.month import before, month_of
from chalicelib.domain.phases import Phase, phases
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Waits
from chalicelib.web import cells, export, held, on_duty, outgoing, people, worklist
from chalicelib.web.i18n import N_
from chalicelib.web.phases import WORDS
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
OPEN = (Phase.NEW, Phase.REOPENED, Phase.CLAIMED, Phase.DRAFTED, Phase.APPROVAL, Phase.STUCK)
CLOSED = {"done": None, "customer": CaseState.ANSWERED, "solved": CaseState.SOLVED}
"""What is done, and in which state."""
STATES = {
    "": N_("Waiting"),
    **{phase.value: WORDS[phase] for phase in OPEN},
    "asleep": WORDS[Phase.SNOOZED],
    "done": N_("Answered or closed"),
    "customer": WORDS[Phase.CUSTOMER],
    "solved": WORDS[Phase.SOLVED],
}
FILTERS = ("department", "state", "mood", "mine", "label")
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
    "asked",
    "labels",
    "case",
)
DONE = (
    "at",
    "state",
    "by_them",
    "department",
    "network",
    "author",
    "title",
    "feeling",
    "language",
    "labels",
    "case",
)


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
    labels: tuple[str, ...]


def show(visit: Visit) -> Outcome:
    """`department`, `state`, `mood`, `mine` and `label` come from the address."""
    chosen = {name: visit.query.get(name, "")[:60] for name in FILTERS}
    _check(visit, chosen)
    return _done(visit, chosen) if chosen["state"] in CLOSED else _waiting(visit, chosen)


def _check(visit: Visit, chosen: dict[str, str]) -> None:
    """Raises NotFound, BadInput."""
    if chosen["department"] not in ("", *(each.id for each in visit.departments)):
        raise NotFound("no such department")
    if chosen["state"] not in STATES:
        raise BadInput("state", "one of those to choose from")


def _waiting(visit: Visit, chosen: dict[str, str]) -> Outcome:
    asked = worklist.departments(visit, chosen["department"])
    if export.asked(visit):
        all_of_them = visit.desk.cases.all_waiting(visit.brand.id, asked)
        rows = (_cells(case, visit.brand) for case in all_of_them if _fits(case, chosen, visit))
        return export.download(visit, "cases", WAITING, rows)
    waits = _read(visit, chosen, asked)
    cases = [case for case in waits.cases if _fits(case, chosen, visit)]
    values = {
        **_common(visit, chosen, cases),
        "rows": worklist.rows(cases[:ROWS], visit),
        "total": max(waits.count, len(cases)),
        "on_duty": on_duty.lines(visit, visit.brand, visit.departments),
        "given": visit.query.get("given", ""),
        "over": held.over(visit),
        "more": waits.more,
    }
    return Page(template="cases.html", place="cases", values=values)


def _read(visit: Visit, chosen: dict[str, str], asked: worklist.Departments | None) -> Waits:
    """Of one department its own list, however many others wait: but of the first one, which has the work of
    departments that are gone as well, only where looking through all does not fill the page."""
    brand, cases = visit.brand, visit.desk.cases
    filters = any(chosen[name] for name in FILTERS if name != "department")
    alone = bool(chosen["department"]) and not filters
    if alone and chosen["department"] != brand.departments[0].id:
        return cases.waits_of(brand.id, chosen["department"], limit=ROWS, awake=visit.now)
    limit = READ_THROUGH if filters else READ
    awake = None if chosen["state"] == "asleep" else visit.now
    waits = cases.waits(brand.id, asked, limit=limit, awake=awake)
    if alone and waits.more and len(waits.cases) < ROWS:
        return cases.waits_of(brand.id, chosen["department"], limit=ROWS, awake=visit.now)
    return waits


def _fits(case: Waiting, chosen: dict[str, str], visit: Visit) -> bool:
    """`mine`: on which I work, or whose draft I wrote; `asked`: about which a colleague asked me. What sleeps
    has a list of its own."""
    member = visit.member
    if case.asleep(visit.now) != (chosen["state"] == "asleep"):
        return False
    if chosen["state"] in OPEN and Phase(chosen["state"]) not in phases(case, visit.now):
        return False
    if chosen["label"] and chosen["label"] not in case.labels:
        return False
    if chosen["mine"] == "asked" and not case.asks(member.id):
        return False
    mine = chosen["mine"] in ("", "asked") or case.is_of(member.name, member.id, visit.now)
    return mine and chosen["mood"] in ("", case.sentiment.value)


def _done(visit: Visit, chosen: dict[str, str]) -> Outcome:
    month, cursor = _place(visit)
    seen = worklist.departments(visit, chosen["department"])

    def fits(case: Done) -> bool:
        ours = (seen is None or case.department in seen) and chosen["mood"] in ("", case.sentiment.value)
        ours = ours and CLOSED[chosen["state"]] in (None, case.state)
        return ours and (not chosen["label"] or chosen["label"] in case.labels)

    if export.asked(visit):
        found = (_done_cells(case, visit.brand) for case in _all_done(visit, month) if fits(case))
        return export.download(visit, "cases-done", DONE, found)
    cases, further = visit.desk.cases.done(visit.brand.id, month, limit=ROWS, before=cursor)
    oldest = before(month_of(visit.now, "UTC"), BACK)
    place = f"{month}~{further}" if further else f"{before(month, 1)}~" if month > oldest else ""
    kept = {name: value for name, value in chosen.items() if value}
    values = {
        **_common(visit, chosen, cases),
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


def _common(visit: Visit, chosen: dict[str, str], shown: Iterable[Waiting | Done]) -> dict[str, object]:
    words = visit.words
    kept = {name: value for name, value in chosen.items() if value}
    return {
        "chosen": chosen,
        "filtered": bool(kept),
        "states": [(state, words.gettext(said)) for state, said in STATES.items()],
        "labels": _labels(visit, chosen, shown),
        "moods": [(mood, words.gettext(said)) for mood, said in LABELS.items()],
        "file": "/cases?" + urlencode({**kept, "as": ""}),
        "here_again": "/cases" + ("?" + urlencode(kept) if kept else ""),
    }


def _labels(visit: Visit, chosen: dict[str, str], shown: Iterable[Waiting | Done]) -> list[str]:
    """To choose from: those in use, which may lag a minute behind, and those of the rows at hand."""
    here = {each for case in shown for each in case.labels}
    return sorted({*visit.brand.labels, *here, chosen["label"]} - {""})


def _done_row(case: Done, visit: Visit) -> DoneRow:
    words = visit.words
    phase = Phase.CUSTOMER if case.state is CaseState.ANSWERED else Phase.SOLVED
    closed = words.gettext("Solved, they say") if case.by_them else words.gettext("Closed by us")
    return DoneRow(
        slug=case.key.slug,
        at=case.at,
        state=words.gettext(WORDS[phase]) if phase is Phase.CUSTOMER else closed,
        author=case.author,
        person=people.path(case.platform, case.author),
        network=words.network(case.platform),
        title=case.title,
        lang=outgoing.other(case.language, words),
        mood=case.sentiment.value,
        label=label(case.sentiment.value, words),
        department=visit.brand.department(case.department).name,
        labels=case.labels,
    )


def _cells(case: Waiting, brand: Brand) -> cells.Row:
    return (
        case.due,
        case.received_at,
        case.state.value,
        brand.department(case.department).id,
        case.platform,
        case.author,
        case.said,
        case.sentiment.value,
        case.intents,
        case.channel,
        case.drafted,
        case.taken_by,
        case.taken_until,
        case.snoozed_until,
        tuple(each.name for each in case.asked),
        case.labels,
        str(case.key),
    )


def _done_cells(case: Done, brand: Brand) -> cells.Row:
    return (
        case.at,
        case.state.value,
        case.by_them,
        brand.department(case.department).id,
        case.platform,
        case.author,
        case.title,
        case.sentiment.value,
        case.language,
        case.labels,
        str(case.key),
    )
