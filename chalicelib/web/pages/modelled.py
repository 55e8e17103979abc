"""Let a model draft an answer, at a case: one press, one question, a draft to be read by a person."""

from chalicelib.errors import BadInput, Conflict
from chalicelib.web import knowing
from chalicelib.web.pages import deeds
from chalicelib.web.pages.case import key_of, page, read
from chalicelib.web.visit import Go, Outcome, Visit


def draft(visit: Visit, slug: str) -> Outcome:
    key = key_of(slug)
    case = visit.desk.cases.get(key)
    visit.own(case)
    text, rev = visit.form.get("text", ""), deeds.rev_of(visit)
    try:
        knowing.let_model_draft(visit, case, rev, text)
    except Conflict:
        return deeds.both(visit, visit.desk.cases.get(key), text)
    except BadInput as error:
        found = read(visit, visit.desk.cases.get(key))
        return page(visit, found, typed=text, fault=deeds.fault_of(error, found, visit), field=error.field)
    return Go(f"/cases/{slug}?done=put")
