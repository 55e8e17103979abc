"""Cases: all that wait for us, by department of the member's; of one where the address names it."""

from chalicelib.domain.brand import Department
from chalicelib.errors import NotFound
from chalicelib.web import worklist
from chalicelib.web.visit import Page, Visit

SHOWN = 100


def show(visit: Visit) -> Page:
    chosen = visit.query.get("department", "")
    departments = asked_for(visit, chosen)
    cases = worklist.read(visit, departments)
    known = visit.desk.mentions.get_many([case.mention for case in cases[:SHOWN]])
    groups = []
    for department in departments:
        ours = [case for case in cases if case.department == department.id]
        rows = worklist.rows(ours[:SHOWN], known, visit.brand, visit.words)
        groups.append((department, rows, len(ours)))
    values = {"groups": groups, "waiting": len(cases), "most": worklist.LIMIT, "chosen": chosen}
    return Page(template="cases.html", place="cases", values=values)


def asked_for(visit: Visit, chosen: str) -> tuple[Department, ...]:
    """All, or the one with this id. Raises NotFound."""
    found = tuple(each for each in visit.departments if chosen in ("", each.id))
    if not found:
        raise NotFound("no such department")
    return found
