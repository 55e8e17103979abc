"""What we know, at a case: the answers that fit its message and those we gave to others like it, to put into
the draft, and a field to look for others.

A page of its own, so that the case's page asks nothing for it: htmx lays its part into the case's page, and
who has no script opens it.
"""

import re

from chalicelib.domain.answered import Answered
from chalicelib.domain.drafting import address, fill, plain
from chalicelib.domain.knowledge import Passage
from chalicelib.errors import BadInput, Conflict
from chalicelib.web import knowing
from chalicelib.web.leaving import note
from chalicelib.web.pages import deeds
from chalicelib.web.pages.case import draft_text, key_of, page, read
from chalicelib.web.visit import Go, Outcome, Page, Visit

_PLACE = re.compile(r"([a-z0-9][a-z0-9-]{0,39})\.([1-9][0-9]{0,3})")


def show(visit: Visit, slug: str) -> Page:
    key = key_of(slug)
    case = visit.desk.cases.get(key)
    brand = visit.own(case)
    asked = plain(visit.query.get("q", ""))[: knowing.ASKED]
    hits: list[Passage] = []
    before: list[Answered] = []
    well = True
    try:
        hits = [hit.passage for hit in knowing.fitting(visit, case, asked)]
        before = knowing.before(visit, case)
    except Exception as error:  # it is laid into a page on which somebody may be typing
        note(None, error)
        well = False
    names = {"author": address(case.author), "agent": visit.member.name}
    values = {
        "case": case,
        "slug": slug,
        "text": draft_text(case, visit),
        "editable": case.state.waits_for_us,
        "asked": asked,
        "hits": hits,
        "before": [(each, fill(each.text, names)) for each in before],
        "pages": bool(brand.known.pages),
        "well": well,
    }
    return Page(template="known.html", place="cases", values=values, brand=brand)


def put(visit: Visit, slug: str) -> Outcome:
    """An answer or a snippet into the draft, below what was typed: kept as the draft, and sent nowhere."""
    key = key_of(slug)
    case = visit.desk.cases.get(key)
    visit.own(case)
    named, snippet = _PLACE.fullmatch(visit.form.get("put", "")), visit.form.get("snippet", "")
    given, _, n = visit.form.get("before", "").rpartition(".")
    if not named and not snippet and not (given and n.isdecimal()):
        raise BadInput("put", "a form of ours")
    text, rev = visit.form.get("text", ""), deeds.rev_of(visit)
    try:
        if named:
            knowing.put(visit, case, rev, text, named[1], int(named[2]))
        elif given:
            knowing.put_before(visit, case, rev, text, key_of(given), int(n))
        else:
            knowing.put_snippet(visit, case, rev, text, snippet)
    except Conflict:
        return deeds.both(visit, visit.desk.cases.get(key), text)
    except BadInput as error:
        found = read(visit, visit.desk.cases.get(key))
        return page(visit, found, typed=text, fault=deeds.fault_of(error, found, visit), field=error.field)
    return Go(f"/cases/{slug}?done=put")
