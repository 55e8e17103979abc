"""Who may be asked about a case: those who may see it."""

from collections.abc import Sequence

from chalicelib.domain.case import Case, Colleague
from chalicelib.domain.roles import at, standing
from chalicelib.web.visit import Visit


def colleagues(visit: Visit, case: Case) -> Sequence[Colleague]:
    """By name: whose account works, and whose role here has the case's department."""
    brand = visit.brand_of(case.key.brand)
    department = brand.department(case.department)
    grants = {grant.user: grant for grant in visit.desk.team.grants(brand.id)}
    found = []
    for account in visit.desk.colleagues.all():
        groups = (account.role.value,) if account.role else ()
        here = standing(groups, at(brand, grants.get(account.id)))
        if account.enabled and here and department in here.sees(brand):
            found.append(Colleague(account.id, account.name, account.email))
    return sorted(found, key=lambda each: each.name.casefold())
