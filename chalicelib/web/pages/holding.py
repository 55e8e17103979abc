"""The holding reply of a case, which a person sends with one press."""

from dataclasses import dataclass

from chalicelib.domain import holding
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case
from chalicelib.domain.drafting import sign
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import holding as stage
from chalicelib.web import permitted
from chalicelib.web.pages.case import counter, key_of, page, read
from chalicelib.web.pages.deeds import once_more, rev_of, taken
from chalicelib.web.visit import Go, Outcome, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    text: str
    lang: str


def ready(visit: Visit, case: Case, brand: Brand) -> Ready | None:
    """What this member would send; None where none is wanted now."""
    draft = holding.ready(case, brand, visit.now)
    return Ready(text=sign(draft.text, visit.member.name), lang=draft.language) if draft else None


def send(visit: Visit, slug: str) -> Outcome:
    """Exactly the text that was on the page."""
    key, cases, _ = key_of(slug), visit.desk.cases, visit.words.gettext
    case = cases.get(key)
    brand = visit.own(case)
    try:
        stage.send(
            key,
            rev_of(visit),
            visit.form.get("text", ""),
            visit.member.name,
            by_id=visit.member.id,
            refused=permitted.refused(visit.desk, case, brand, visit.now),
            brand=brand,
            cases=cases,
            tasks=visit.desk.tasks,
            counts=counter(visit, brand, case.channel),
            now=visit.now,
        )
    except Conflict:
        case = cases.get(key)
        if case.rev != rev_of(visit):
            return once_more(visit, case, {})
        fault = _("There is no such holding reply now: they are there again, or the brand has another text.")
        return page(visit, read(visit, case), fault=fault, field="holding")
    except BadInput as error:
        case = cases.get(key)
        fault = _("This text cannot be sent as it is. A manager mends it: Brand, Templates.")
        if error.field == "channel":
            fault = _("No channel of ours reaches this message. Answer it at the network.")
        fault = taken(visit, case) if error.field == "taken" else fault
        return page(visit, read(visit, case), fault=fault, field=error.field)
    return Go(f"/cases/{slug}?done=held-off")
