"""Cases of one person: merge another one into this, and split it off again."""

import re
from dataclasses import replace

from chalicelib.domain.case import Case, CaseKey
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import merge
from chalicelib.web.pages import person
from chalicelib.web.pages.case import key_of
from chalicelib.web.pages.deeds import led, once_more, rev_of
from chalicelib.web.pages.person import Affair
from chalicelib.web.visit import Go, Outcome, Page, Visit

_ADDRESS = re.compile(r"(?:.*/cases/)?([\w-]+)/?(?:[?#].*)?", re.ASCII)


def choose(visit: Visit, slug: str) -> Outcome:
    """Their other cases of the last months, and a place for the address of any other."""
    case = visit.desk.cases.get(key_of(slug))
    visit.own(case)
    if case.into:
        return Go(f"/cases/{case.into.slug}")
    return _page(visit, case)


def join(visit: Visit, slug: str) -> Outcome:
    """Merge the case that `other` chooses, or whose `address` was pasted, into this one."""
    key, member = key_of(slug), visit.member
    case = visit.desk.cases.get(key)
    brand = visit.own(case)
    try:
        other = _other(visit)
        merge.merge(
            key,
            rev_of(visit),
            other,
            visit.form.get("reason", ""),
            member.name,
            by_id=member.id,
            brand=brand,
            cases=visit.desk.cases,
            now=visit.now,
        )
    except Conflict:
        return once_more(visit, visit.desk.cases.get(key), {})
    except BadInput as error:
        return _page(visit, led(visit, visit.desk.cases.get(key)), _fault(visit, error))
    return Go(f"/cases/{slug}?done=merged")


def split(visit: Visit, slug: str) -> Outcome:
    """Make `other` a case of its own again."""
    key, member, desk = key_of(slug), visit.member, visit.desk
    brand = visit.own(desk.cases.get(key))
    try:
        merge.split(
            key,
            rev_of(visit),
            key_of(visit.form.get("other", "")),
            member.name,
            by_id=member.id,
            brand=brand,
            cases=desk.cases,
            mentions=desk.mentions,
            now=visit.now,
        )
    except Conflict:
        return once_more(visit, desk.cases.get(key), {})
    except BadInput as error:
        return _page(visit, led(visit, desk.cases.get(key)), _fault(visit, error))
    return Go(f"/cases/{slug}?done=split")


def _other(visit: Visit) -> CaseKey:
    """A case that the member may see. Raises BadInput (`other`)."""
    given = visit.form.get("address", "").strip() or visit.form.get("other", "")
    wrong = BadInput("other", "the address of another case")
    if not (named := _ADDRESS.fullmatch(given)):
        raise wrong
    try:
        key = CaseKey.from_slug(named[1])
    except ValueError:
        raise wrong from None
    found = visit.desk.cases.find(key)
    if found is None or not visit.owns(found):
        raise wrong
    return key


def _page(visit: Visit, case: Case, fault: str = "") -> Page:
    brand = visit.own(case)
    values = {
        "case": case,
        "slug": case.key.slug,
        "others": _others(replace(visit, brand=brand), case),
        "typed": {name: visit.form.get(name, "") for name in ("address", "other", "reason")},
        "fault": fault,
    }
    return Page(
        template="merge.html", place="cases", values=values, brand=brand, status=422 if fault else 200
    )


def _others(visit: Visit, case: Case) -> list[Affair]:
    """Of the same person, in the last months; what waits first."""
    found = person.find(visit, case.platform, case.author, person.last_day(visit, None))
    rest = [each for each in found.cases.values() if each.key != case.key]
    rest.sort(key=lambda each: not each.state.waits_for_us)
    return [person.affair(each, visit.words) for each in rest]


def _fault(visit: Visit, error: BadInput) -> str:
    _ = visit.words.gettext
    return {
        "other": _("Choose another case, or paste the address of one that you may see."),
        "many": _("At most ten cases can be one."),
        "sending": _("An answer of one of the two is on its way, or somebody has to look at it first."),
        "taken": _("A colleague works on one of the two. Take it over first."),
        "gone": _("Its messages are not kept any more."),
    }[error.field]
