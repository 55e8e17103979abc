"""The team: who works at this brand, in which role, and in which departments."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.roles import GRANTED, Deed, Grant, Role, Standing, at, may_grant
from chalicelib.errors import NotFound
from chalicelib.ports import Account
from chalicelib.web import export
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.visit import Away, File, Page, Visit

COLUMNS = ("name", "email", "role", "everywhere", "departments", "last_seen", "state")
Colleague = tuple[Account, Grant | None, datetime | None]
"""With their grant here, and when they were last seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`role` is what they are here; `everywhere`: by their account, at every brand. `state`: "in", "invited",
    "disabled", or "none" for who has an account and no role here."""

    id: str
    name: str
    email: str
    role: str
    everywhere: bool
    departments: tuple[str, ...]
    state: str
    seen: datetime | None


def show(visit: Visit) -> Page | File | Away:
    found = sorted(everybody(visit), key=_order)
    if export.asked(visit):
        return export.download(visit, "team", COLUMNS, (_cells(*each) for each in found))
    rows = [row(visit, *each) for each in found]
    return Page(
        template="team.html", place="team", values={"rows": rows, "done": visit.query.get("done", "")}
    )


def _order(found: Colleague) -> tuple[bool, str]:
    """By name, who has no role here last."""
    account, grant, _seen = found
    return state(account, position(account, grant)[0]) == "none", account.name.casefold()


def _cells(account: Account, grant: Grant | None, seen: datetime | None) -> FileRow:
    role, everywhere, departments = position(account, grant)
    named = account.name, account.email, role.value if role else None
    return *named, "yes" if everywhere else "no", departments, seen, state(account, role)


def everybody(visit: Visit) -> list[Colleague]:
    """All with a role here, with their grant and when they were last seen. Who governs sees also whose
    account has none."""
    grants = {grant.user: grant for grant in visit.desk.team.grants(visit.brand.id)}
    shown = [
        account
        for account in visit.desk.colleagues.all()
        if account.role or account.id in grants or visit.may(Deed.GOVERN)
    ]
    seen = visit.desk.team.last_seen([account.id for account in shown])
    return [(each, at(visit.brand, grants.get(each.id)), seen.get(each.id)) for each in shown]


def person(visit: Visit, id: str) -> Page:
    account, grant = found(visit, id)
    return of(visit, account, grant, done=visit.query.get("done", ""))


def invite(visit: Visit) -> Page:
    return invitation(visit, {}, {})


def invitation(visit: Visit, typed: dict[str, str], faults: dict[str, str]) -> Page:
    values = {
        "roles": choices(visit),
        "governs": visit.may(Deed.GOVERN),
        "departments": visit.departments,
        "typed": typed,
        "chosen": [name[3:] for name in typed if name.startswith("in.")],
        "faults": faults,
    }
    return Page(template="invite.html", place="team", values=values, status=422 if faults else 200)


def of(visit: Visit, account: Account, grant: Grant | None, *, done: str = "", fault: str = "") -> Page:
    """One colleague, with what this member may change of them."""
    standing = visit.standings[visit.brand.id]
    came = visit.desk.team.last_seen([account.id])
    mine = account.id == visit.member.id
    values = {
        "account": account,
        "row": row(visit, account, grant, came.get(account.id)),
        "grant": grant,
        "role": account.role.value if account.role else "",
        "seen": seen(grant),
        "seen_everywhere": seen(account),
        "roles": choices(visit),
        "all_roles": [(role.value, visit.words.role(role)) for role in Role],
        "chosen": grant.departments if grant else (),
        "departments": visit.departments,
        "may_grant": not mine and may_touch(standing, account, grant),
        "governs": visit.may(Deed.GOVERN) and not mine,
        "mine": mine,
        "done": done,
        "fault": fault,
    }
    return Page(template="colleague.html", place="team", values=values, status=409 if fault else 200)


def found(visit: Visit, id: str) -> tuple[Account, Grant | None]:
    """A colleague whom this member may see, and what their grant gives now. Raises NotFound."""
    account = visit.desk.colleagues.get(id)
    grant = visit.desk.team.grant(visit.brand.id, account.id)
    if not (account.role or (grant and grant.role) or visit.may(Deed.GOVERN)):
        raise NotFound("no such colleague")
    return account, at(visit.brand, grant)


def seen(role_of: Account | Grant | None) -> str:
    """What a form says of the role it was shown with: another after every change."""
    if isinstance(role_of, Account):
        return role_of.role.value if role_of.role else "none"
    return str(role_of.rev) if role_of else "0"


def may_touch(standing: Standing, account: Account, grant: Grant | None) -> bool:
    return may_grant(standing, None, (), grant, account.role)


def choices(visit: Visit) -> list[tuple[str, str]]:
    """The roles that this member may give here."""
    mine = visit.role
    return [(role.value, visit.words.role(role)) for role in GRANTED if mine.includes(role)]


def row(visit: Visit, account: Account, grant: Grant | None, seen: datetime | None) -> Row:
    role, everywhere, departments = position(account, grant)
    return Row(
        id=account.id,
        name=account.name,
        email=account.email,
        role=visit.words.role(role) if role else "",
        everywhere=everywhere,
        departments=tuple(visit.brand.department(each).name for each in departments),
        state=state(account, role),
        seen=seen,
    )


def position(account: Account, grant: Grant | None) -> tuple[Role | None, bool, tuple[str, ...]]:
    """Their role at the grant's brand, whether it holds everywhere, and its departments (empty: all)."""
    granted = grant.role if grant else None
    if grant and granted and (account.role is None or not account.role.includes(granted)):
        return granted, False, grant.departments
    return account.role, account.role is not None, ()


def state(account: Account, role: Role | None) -> str:
    if not account.enabled:
        return "disabled"
    if role is None:
        return "none"
    return "invited" if account.invited else "in"
