"""The team of the brand: who works there, in which role and in which departments; invited, and let go.

A key gives no more than it may itself, and nothing to who made it. An account is of every brand: a key does
something to one only in the name of somebody who is an administrator at that moment, and only to who is seen
at its own brand. Who is an administrator is said in the console, by a person.
"""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.roles import Grant, Role
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Account
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal
from chalicelib.web.api.shapes import Asked, Cursor, Empty, Given, Listed, Shape, paged, show
from chalicelib.web.pages import team as page, team_deeds as deeds
from chalicelib.web.pages.team_deeds import NAME_ROOM, Wish

Departments = Annotated[list[str], Field(max_length=50, default_factory=list)]
Granted = Literal["reader", "agent", "editor", "manager"]


class TeamAsked(Asked):
    cursor: Cursor = None


class Colleague(Shape):
    """`role` is null for none; `everywhere`: by their account, at every brand. `departments` empty: all.
    `state`: in, invited, disabled, or none for who has no role here."""

    id: str
    name: str
    email: str
    role: Role | None
    everywhere: bool
    departments: list[str]
    state: Literal["in", "invited", "disabled", "none"]


class Invitation(Given):
    name: Annotated[str, Field(min_length=1, max_length=NAME_ROOM)]
    email: Annotated[str, Field(max_length=254, examples=["jip@library.example"])]
    role: Granted
    departments: Departments


class NewRole(Given):
    """`role` null takes it back; `departments` empty: all of them."""

    role: Granted | None
    departments: Departments


def browse(call: Call, query: TeamAsked) -> Listed[Colleague]:
    """Everybody with a role here, by name."""
    found = [_shown(account, grant) for account, grant, _ in page.everybody(call.visit)]
    return paged("team", found, query.cursor, lambda each: (each.name.casefold(), each.id), lambda each: each)


def get(call: Call, colleague: str) -> Colleague:
    """One colleague."""
    return _shown(*page.found(call.visit, colleague))


def invite(call: Call, body: Invitation) -> Colleague:
    """An account, if there is none, with a mail that leads in; and the role."""
    if there := _given_already(call, body.email):
        return get(call, there)
    wish = Wish(Role(body.role), deeds.known(call.visit, body.departments))
    account = deeds.ask_in(call.visit, body.name, body.email, wish)
    return get(call, account.id)


def set_role(call: Call, colleague: str, body: NewRole) -> Colleague:
    """Give another role here, or take it back: then they are no colleague here any more."""
    seen = page.seen(call.desk.team.grant(call.brand.id, colleague))
    account, _ = _expected(call, colleague)
    departments = deeds.known(call.visit, body.departments)
    wish = Wish(Role(body.role) if body.role else None, departments, seen=seen)
    deeds.give(call.visit, account, wish)
    return _shown(account, call.desk.team.grant(call.brand.id, account.id))


def remind(call: Call, colleague: str, body: Empty) -> Colleague:
    """Mail the invitation once more, to who has not come in."""
    deeds.ask_again(call.visit, *_expected(call, colleague))
    return get(call, colleague)


def _given_already(call: Call, email: str) -> str:
    """The id of who has had a role since this was asked for first, "" for nobody: what became of that role
    later stays as it is. Raises Conflict where it was taken back."""
    if not call.asked_again:
        return ""
    address = email.strip().lower()
    account = next((each for each in call.desk.colleagues.all() if each.email == address), None)
    grant = call.desk.team.grant(call.brand.id, account.id) if account else None
    if account is None or grant is None or grant.since < call.first_asked:
        return ""
    if grant.role is None:
        raise Conflict("their role was taken back since")
    return account.id


def disable(call: Call, colleague: str, body: Empty) -> Colleague:
    """From now on nobody comes in with this account, at any brand; the keys they made are revoked."""
    return _let_in(call, colleague, "disable")


def enable(call: Call, colleague: str, body: Empty) -> Colleague:
    """They may come in again, in the roles that they have."""
    return _let_in(call, colleague, "enable")


def sign_out(call: Call, colleague: str, body: Empty) -> Colleague:
    """Wherever they are signed in, they have to sign in again."""
    return _let_in(call, colleague, "sign-out")


def _let_in(call: Call, id: str, do: str) -> Colleague:
    _must_govern(call)
    account, _ = _expected(call, id)
    deeds.let_in(call.visit, account, do)
    return get(call, id)


def _must_govern(call: Call) -> None:
    """Asked of the user pool each time: a key outlives what its maker was when it was made."""
    try:
        maker = call.desk.colleagues.get(call.key.by_id)
    except NotFound:
        maker = None
    if maker is None or not maker.enabled or maker.role is not Role.ADMINISTRATOR:
        raise Refusal(403, "An account is of every brand: it takes a key that an administrator made.")


def _expected(call: Call, id: str) -> tuple[Account, Grant | None]:
    account, grant = page.found(call.visit, id)
    call.expect(_shown(account, grant))
    return account, grant


def _shown(account: Account, grant: Grant | None) -> Colleague:
    role, everywhere, departments = page.position(account, grant)
    return show(
        Colleague,
        account,
        role=role,
        everywhere=everywhere,
        departments=list(departments),
        state=page.state(account, role),
    )
