"""What is changed of the team. Nobody changes their own role, gives more than they have, or leaves the
installation without an administrator.

A role here is a grant: one write of our table, with its line. A role at every brand, and what becomes of an
account, is the user pool's: the line first, then the change, then every token of theirs from before has to
be renewed. What breaks off in between may be done again.
"""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.logged import facts
from chalicelib.domain.roles import GRANTED, Deed, Grant, Role, may_grant
from chalicelib.errors import BadInput, Conflict, Forbidden
from chalicelib.ports import Account
from chalicelib.web.noting import everywhere, noted
from chalicelib.web.pages import team
from chalicelib.web.steps import mark
from chalicelib.web.visit import Go, Outcome, Visit

ONE_AT_A_TIME = timedelta(seconds=30)
"""Longer than a request lives: two administrators who take each other's role away must not both succeed."""
EVERYWHERE = "everywhere"


def invite(visit: Visit) -> Outcome:
    """An account, if there is none, then the role. Who is invited twice has one account, and the later
    role."""
    _, typed = visit.words.gettext, dict(visit.form)
    email, name = typed.get("email", "").strip().lower(), " ".join(typed.get("name", "").split())
    faults = {}
    if not name or len(name) > 100:
        faults["name"] = _("Fill in their name as colleagues know them.")
    if not _is_address(email):
        faults["email"] = _("Fill in their e-mail address.")
    if faults:
        return team.invitation(visit, typed, faults)
    role, departments = _wish(visit)
    if visit.form.get("where") == EVERYWHERE:
        _must_govern(visit)
    elif role is None or not may_grant(visit.standings[visit.brand.id], role, departments, None):
        raise Forbidden("grant")
    try:
        with noted(visit.desk, visit.line("team.invite", email)):
            account = visit.desk.colleagues.invite(email, name)
    except BadInput:
        return team.invitation(visit, typed, {"email": _("Fill in their e-mail address.")})
    _set(visit, account, role, departments)
    return Go("/team?done=invited")


def set_role(visit: Visit, id: str) -> Outcome:
    account, _ = team.found(visit, id)
    role, departments = _wish(visit)
    try:
        _set(visit, account, role, departments)
    except Conflict:
        return _again(visit, id)
    return Go(f"/team/{id}?done=role")


def remind(visit: Visit, id: str) -> Outcome:
    account, grant = team.found(visit, id)
    if not visit.may(Deed.GOVERN) and (
        account.role or not team.may_touch(visit.standings[visit.brand.id], grant)
    ):
        raise Forbidden("invitation")
    if not account.invited:
        return Go(f"/team/{id}")
    with noted(visit.desk, visit.line("team.remind", account.email)):
        visit.desk.colleagues.remind(account)
    return Go(f"/team/{id}?done=reminded")


def set_access(visit: Visit, id: str) -> Outcome:
    """`do`: disable, enable, or sign-out. Whoever is disabled or signed out is so at once: their tokens count
    no longer."""
    account, _ = team.found(visit, id)
    do, accounts = visit.form.get("do", ""), visit.desk.colleagues
    if account.id == visit.member.id and do != "sign-out":
        raise Forbidden("oneself")
    if do not in ("disable", "enable", "sign-out"):
        raise BadInput("do", "a form of ours")
    if do == "disable":
        try:
            _keep_an_administrator(visit, account)
        except Conflict:
            return _again(visit, id)
    with noted(visit.desk, *everywhere(visit, visit.line(f"team.{do}", account.email))):
        if do == "enable":
            accounts.enable(account)
        else:
            if do == "disable":
                accounts.disable(account)
            accounts.sign_out(account.username)
            visit.desk.team.renew(account.id, visit.now)
    return Go(f"/team/{id}?done={do}")


def _wish(visit: Visit) -> tuple[Role | None, tuple[str, ...]]:
    """The role ("" to take it back) and departments of the form. Raises BadInput."""
    given = visit.form.get("role", "")
    known = {department.id for department in visit.brand.departments}
    departments = tuple(sorted(name[3:] for name in visit.form if name.startswith("in.")))
    if given not in ("", *(role.value for role in Role)) or not known.issuperset(departments):
        raise BadInput("role", "a form of ours")
    return Role(given) if given else None, departments


def _set(visit: Visit, account: Account, role: Role | None, departments: tuple[str, ...]) -> None:
    """Raises Forbidden, Conflict."""
    if account.id == visit.member.id:
        raise Forbidden("nobody changes their own role")
    if visit.form.get("where") == EVERYWHERE:
        _must_govern(visit)
        _everywhere(visit, account, role)
    else:
        _here(visit, account, role, departments)


def _here(visit: Visit, account: Account, role: Role | None, departments: tuple[str, ...]) -> None:
    was = visit.desk.team.grant(visit.brand.id, account.id)
    if not may_grant(visit.standings[visit.brand.id], role, departments, was):
        raise Forbidden("grant")
    grant = Grant(
        brand=visit.brand.id,
        user=account.id,
        name=account.name,
        email=account.email,
        role=role,
        departments=departments if role in GRANTED else (),
        since=visit.now,
        rev=was.rev + 1 if was else 1,
    )
    if was and replace(was, since=grant.since, rev=grant.rev) == grant:
        return
    line = visit.line("team.grant", account.email, before=_told(was), after=_told(grant))
    visit.desk.team.change(grant, line)


def _everywhere(visit: Visit, account: Account, role: Role | None) -> None:
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(visit, account)
    line = visit.line(
        "team.role",
        account.email,
        before=facts({"role": account.role or ""}),
        after=facts({"role": role or ""}),
    )
    with noted(visit.desk, *everywhere(visit, line)):
        visit.desk.colleagues.set_role(account, role)
        visit.desk.team.renew(account.id, visit.now)


def _keep_an_administrator(visit: Visit, account: Account) -> None:
    """Before one is taken away: another one is left, and nobody takes that one away meanwhile. Raises
    Conflict."""
    if account.role is not Role.ADMINISTRATOR:
        return
    if not visit.desk.once.first(mark("administrators"), visit.now, visit.now + ONE_AT_A_TIME):
        raise Conflict("somebody else changes the administrators")
    if not set(visit.desk.colleagues.administrators()) - {account.id}:
        raise Conflict("the last administrator")


def _must_govern(visit: Visit) -> None:
    if not visit.may(Deed.GOVERN):
        raise Forbidden("everywhere")


def _again(visit: Visit, id: str) -> Outcome:
    """409: what stands now, and why nothing was done."""
    account, grant = team.found(visit, id)
    fault = visit.words.gettext(
        "Somebody else changed this just now, or this is the last administrator. Nothing was done. Look, and"
        " try again in half a minute."
    )
    return team.of(visit, account, grant, fault=fault)


def _told(grant: Grant | None) -> str:
    if grant is None or grant.role is None:
        return ""
    return facts({"role": grant.role.value, "departments": ", ".join(grant.departments)})


def _is_address(email: str) -> bool:
    name, at, host = email.partition("@")
    fine = email.isascii() and email.isprintable() and not any(c in email for c in " \"'<>,;\\")
    return fine and bool(name and at) and "." in host and "@" not in host and len(email) <= 254
