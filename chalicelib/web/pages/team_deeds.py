"""What is changed of the team. Nobody changes their own role, gives more than they have, or leaves the
installation without an administrator.

A role here is a grant: one write of our table, with its line. A role at every brand, and what becomes of an
account, is the user pool's: the line first, then the change, then every token of theirs from before has to
be renewed. What breaks off in between may be done again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.logged import facts
from chalicelib.domain.roles import GRANTED, Deed, Grant, Role, Standing, at, may_grant, standing
from chalicelib.errors import BadInput, Conflict, Forbidden
from chalicelib.ports import Account
from chalicelib.web import access_keys, rostering, standing as signed
from chalicelib.web.noting import everywhere, noted
from chalicelib.web.pages import team, ways
from chalicelib.web.steps import mark
from chalicelib.web.visit import Go, Outcome, Visit

NAME_ROOM = 100
ONE_AT_A_TIME = timedelta(seconds=30)
"""Longer than a request lives: two administrators who take each other's role away must not both succeed."""
EVERYWHERE = "everywhere"


class Stale(Conflict):
    """The form is of a role that somebody changed since."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The role that is asked for (None: to be taken back), and in which departments of this brand; or at
    every brand. `seen` is what stood there when it was asked (`team.seen`); None: whatever it was."""

    role: Role | None
    departments: tuple[str, ...] = ()
    everywhere: bool = False
    seen: str | None = None


def invite(visit: Visit) -> Outcome:
    _, typed = visit.words.gettext, dict(visit.form)
    said = {
        "name": _("Fill in their name as colleagues know them."),
        "email": _("Fill in their e-mail address."),
    }
    name, email = _named(typed.get("name", "")), typed.get("email", "").strip().lower()
    wrong = [each for each, fine in (("name", name), ("email", _is_address(email))) if not fine]
    if wrong:
        return team.invitation(visit, typed, {each: said[each] for each in wrong})
    wish = _wish(visit)
    try:
        ask_in(visit, name, email, wish)
    except BadInput as error:
        if error.field not in said:
            raise
        return team.invitation(visit, typed, {error.field: said[error.field]})
    return Go("/team?done=invited")


def ask_in(visit: Visit, name: str, email: str, wish: Wish) -> Account:
    """An account, if there is none, then the role. Who is invited twice has one account, and the later role.
    Raises BadInput, Forbidden, Conflict."""
    name, email = _named(name), email.strip().lower()
    if not name:
        raise BadInput("name", "their name as colleagues know them")
    if not _is_address(email):
        raise BadInput("email", "an e-mail address")
    if wish.everywhere:
        _must_govern(visit)
    elif wish.role is None or not may_grant(
        visit.standings[visit.brand.id], wish.role, wish.departments, None
    ):
        raise Forbidden("grant")
    with noted(visit.desk, visit.line("team.invite", email)):
        account = visit.desk.colleagues.invite(email, name)
    give(visit, account, wish)
    return account


def set_role(visit: Visit, id: str) -> Outcome:
    account, _ = team.found(visit, id)
    try:
        give(visit, account, replace(_wish(visit), seen=visit.form.get("seen", "")))
    except Stale:
        fault = visit.words.gettext(
            "Somebody else changed this role while you did. Nothing of yours was kept: this is how it stands"
            " now."
        )
        return team.of(visit, *team.found(visit, id), fault=fault)
    except Conflict:
        return _again(visit, id)
    return Go(f"/team/{id}?done=role")


def remind(visit: Visit, id: str) -> Outcome:
    done = ask_again(visit, *team.found(visit, id))
    return Go(f"/team/{id}?done=reminded" if done else f"/team/{id}")


def ask_again(visit: Visit, account: Account, grant: Grant | None) -> bool:
    """Mail the invitation once more; False: they have come in. Raises Forbidden."""
    if not visit.may(Deed.GOVERN) and (
        account.role or not team.may_touch(visit.standings[visit.brand.id], account, grant)
    ):
        raise Forbidden("invitation")
    if account.invited:
        with noted(visit.desk, visit.line("team.remind", account.email)):
            visit.desk.colleagues.remind(account)
    return account.invited


def set_access(visit: Visit, id: str) -> Outcome:
    """`do`: disable, enable, or sign-out."""
    account, _ = team.found(visit, id)
    do = visit.form.get("do", "")
    if do not in ("disable", "enable", "sign-out"):
        raise BadInput("do", "a form of ours")
    try:
        let_in(visit, account, do)
    except Conflict:
        return _again(visit, id)
    return Go(f"/team/{id}?done={do}")


def let_in(visit: Visit, account: Account, do: str) -> None:
    """Disable, enable, or sign-out, at every brand. Whoever is disabled or signed out is so at once: their
    tokens count no longer. Raises Forbidden, Conflict."""
    accounts = visit.desk.colleagues
    if account.id == visit.member.id and do != "sign-out":
        raise Forbidden("oneself")
    if do == "disable":
        _keep_an_administrator(visit, account)
        for brand in visit.desk.brands.all():
            _follow(visit, brand.id, account.id, None)
    with noted(visit.desk, *everywhere(visit, visit.line(f"team.{do}", account.email))):
        if do == "enable":
            accounts.enable(account)
        else:
            if do == "disable":
                accounts.disable(account)
            accounts.sign_out(account.username)
            visit.desk.team.renew(account.id, visit.now)


def _wish(visit: Visit) -> Wish:
    """What the form asks for; role "" takes it back. Raises BadInput."""
    given = visit.form.get("role", "")
    if given not in ("", *(role.value for role in Role)):
        raise BadInput("role", "a form of ours")
    departments = [name[3:] for name in visit.form if name.startswith("in.")]
    return Wish(
        Role(given) if given else None,
        known(visit, departments),
        everywhere=visit.form.get("where") == EVERYWHERE,
    )


def known(visit: Visit, departments: Iterable[str]) -> tuple[str, ...]:
    """Each once. Raises BadInput for one that this brand does not have."""
    found = tuple(sorted(set(departments)))
    if not {department.id for department in visit.brand.departments}.issuperset(found):
        raise BadInput("departments", "departments of this brand")
    return found


def give(visit: Visit, account: Account, wish: Wish) -> None:
    """Raises Forbidden, Conflict; Stale where it is not any more what was seen."""
    if account.id == visit.member.id:
        raise Forbidden("nobody changes their own role")
    if wish.everywhere:
        _must_govern(visit)
        _everywhere(visit, account, wish)
    else:
        _here(visit, account, wish)


def _here(visit: Visit, account: Account, wish: Wish) -> None:
    role, departments = wish.role, wish.departments
    was = visit.desk.team.grant(visit.brand.id, account.id)
    gives = at(visit.brand, was)
    if not may_grant(visit.standings[visit.brand.id], role, departments, gives, account.role):
        raise Forbidden("grant")
    if wish.seen not in (None, team.seen(was)):
        raise Stale("another role by now")
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
    _follow(visit, grant.brand, account.id, standing(_groups(account.role), grant))
    line = visit.line("team.grant", account.email, before=_told(was), after=_told(grant))
    visit.desk.team.change(grant, line)


def _everywhere(visit: Visit, account: Account, wish: Wish) -> None:
    role = wish.role
    if wish.seen not in (None, team.seen(account)):
        raise Stale("another role by now")
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(visit, account)
    line = visit.line(
        "team.role",
        account.email,
        before=facts({"role": account.role or ""}),
        after=facts({"role": role or ""}),
    )
    _keys_follow(visit, account, role)
    with noted(visit.desk, *everywhere(visit, line)):
        visit.desk.colleagues.set_role(account, role)
        visit.desk.team.renew(account.id, visit.now)


def _keys_follow(visit: Visit, account: Account, role: Role | None) -> None:
    """What a colleague's keys open is, at every brand, no more than they may once this is their role."""
    for brand in visit.desk.brands.all():
        grant = visit.desk.team.grant(brand.id, account.id)
        _follow(visit, brand.id, account.id, standing(_groups(role), grant))


def _follow(visit: Visit, brand: str, user: str, now_is: Standing | None) -> None:
    """Before somebody's role becomes this one: their keys open no more than that, nothing goes out under
    what they signed and could sign no longer, alerts tell no more, and they are on no other shift."""
    access_keys.follow(visit, brand, user, now_is)
    signed.follow(visit, brand, user, now_is)
    ways.follow(visit, brand, user, now_is)
    rostering.follow(visit, brand, user, now_is)


def _groups(role: Role | None) -> tuple[str, ...]:
    return (role.value,) if role else ()


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


def _named(given: str) -> str:
    """In one line; "" where it is no name."""
    name = " ".join(given.split())
    return name if len(name) <= NAME_ROOM and name.isprintable() else ""


def _is_address(email: str) -> bool:
    name, at, host = email.partition("@")
    fine = email.isascii() and email.isprintable() and not any(c in email for c in " \"'<>,;\\")
    return fine and bool(name and at) and "." in host and "@" not in host and len(email) <= 254
