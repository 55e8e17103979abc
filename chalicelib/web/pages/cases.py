"""Cases: all that wait for us, by department."""

from chalicelib.web import worklist
from chalicelib.web.visit import Page, Visit

SHOWN = 100


def show(visit: Visit) -> Page:
    cases = worklist.read(visit)
    known = visit.desk.mentions.get_many([case.mention for case in cases[:SHOWN]])
    groups = []
    for department in visit.brand.departments:
        ours = [case for case in cases if case.department == department.id]
        rows = worklist.rows(ours[:SHOWN], known, visit.brand, visit.words)
        groups.append((department, rows, len(ours)))
    values = {"groups": groups, "waiting": len(cases), "most": worklist.LIMIT}
    return Page(template="cases.html", place="cases", values=values)
