"""One's own account: who one is here, the second factor, and signing out everywhere."""

from typing import Any

from chalicelib.domain.logged import facts
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Challenge, Tokens
from chalicelib.web import qr, steps
from chalicelib.web.noting import noted
from chalicelib.web.pages.second import wrong
from chalicelib.web.visit import Go, Outcome, Page, Visit


def show(visit: Visit) -> Outcome:
    return _page(visit, has=_has(visit), done=visit.query.get("done", ""))


def begin(visit: Visit) -> Outcome:
    """A secret for an app, for who knows the password. It counts for nothing until the app gave a code."""
    _own_account(visit)
    try:
        found = _prove(visit)
    except BadInput as error:
        return _page(visit, has=False, faults={"password": error.message}, status=422)
    if isinstance(found, Challenge):
        raise Conflict("there is a second factor already")
    visit.desk.users.sign_out(found.refresh)
    return _enrol(visit, visit.desk.users.enrol(_access(visit)))


def confirm(visit: Visit) -> Outcome:
    """The app's code is right: from now on it is asked for."""
    _own_account(visit)
    secret = qr.checked(visit.form.get("secret", ""))
    access, who = _access(visit), _codes(visit)
    if steps.tries.rest(who, visit.now):
        return _enrol(visit, secret, fault=_enough(visit), status=429)
    line = visit.line("team.second-factor", visit.member.email, after=facts({"state": "on"}))
    try:
        code = steps.digits(visit.form.get("code", ""))
        visit.desk.users.prove(access, code)
        steps.use_up(visit.desk, visit.member.id, code, visit.now)
    except BadInput as error:
        if error.field != "code":
            raise
        steps.tries.failed(who, visit.now)
        return _enrol(visit, secret, fault=wrong(visit.words), status=422)
    with noted(visit.desk, line):
        visit.desk.users.ask_code(access, wanted=True)
    return Go("/me?done=on")


def remove(visit: Visit) -> Outcome:
    """For who knows the password and has the app: a session alone must not open the door wider."""
    _own_account(visit)
    users, who = visit.desk.users, _codes(visit)
    if steps.tries.rest(who, visit.now):
        return _page(visit, has=True, faults={"code": _enough(visit)}, status=429)
    try:
        found = _prove(visit)
    except BadInput as error:
        return _page(visit, has=True, faults={"password": error.message}, status=422)
    if isinstance(found, Tokens):
        users.sign_out(found.refresh)
        return Go("/me")  # there was none any more
    try:
        code = steps.digits(visit.form.get("code", ""))
        tokens = users.code(found, code)
        steps.use_up(visit.desk, visit.member.id, code, visit.now)
    except BadInput:
        steps.tries.failed(who, visit.now)
        return _page(visit, has=True, faults={"code": wrong(visit.words)}, status=422)
    steps.tries.succeeded(who)
    with noted(
        visit.desk, visit.line("team.second-factor", visit.member.email, after=facts({"state": "off"}))
    ):
        users.ask_code(tokens.access, wanted=False)
    users.sign_out(tokens.refresh)
    return Go("/me?done=off")


def leave_everywhere(visit: Visit) -> Outcome:
    """Every session of one's own, this one too: first at the user pool, then the tokens that are still
    good."""
    with noted(visit.desk, visit.line("team.sign-out", visit.member.email)):
        visit.desk.colleagues.sign_out(visit.member.username)
        visit.desk.team.renew(visit.member.id, visit.now)
    return Go("/sign-in")


def _own_account(visit: Visit) -> None:
    if visit.member.federated:
        raise BadInput("", "the organisation looks after this account")


def _access(visit: Visit) -> str:
    """Raises BadInput where the session has ended meanwhile."""
    return visit.desk.users.refresh(visit.refresh).access


def _has(visit: Visit) -> bool:
    return not visit.member.federated and visit.desk.users.has_second_factor(_access(visit))


def _codes(visit: Visit) -> str:
    """Under which wrong codes are counted: with those of signing in."""
    return f"code {visit.member.email.lower()}"


def _enough(visit: Visit) -> str:
    return visit.words.gettext("Too many tries. Wait a while.")


def _prove(visit: Visit) -> Tokens | Challenge:
    """It is really them, and not who sat down at their desk. Raises BadInput, in words."""
    email, _ = visit.member.email, visit.words.gettext
    if steps.tries.rest(email, visit.now):
        raise BadInput("password", _enough(visit))
    try:
        found = visit.desk.users.sign_in(email, visit.form.get("password", ""))
    except BadInput:
        steps.tries.failed(email, visit.now)
        raise BadInput("password", _("This is not your password.")) from None
    steps.tries.succeeded(email)
    return found


def _page(
    visit: Visit, *, has: bool, faults: dict[str, str] | None = None, done: str = "", status: int = 200
) -> Page:
    roles = [
        (brand, visit.standings[brand.id].role, visit.standings[brand.id].sees(brand))
        for brand in visit.brands
    ]
    values: dict[str, Any] = {
        "roles": [
            (
                brand.name,
                visit.words.role(role),
                [each.name for each in seen] if len(seen) < len(brand.departments) else [],
            )
            for brand, role, seen in roles
        ],
        "has": has,
        "done": done,
        "faults": faults or {},
    }
    return Page(template="me.html", place="me", values=values, status=status)


def _enrol(visit: Visit, secret: str, *, fault: str = "", status: int = 200) -> Page:
    values = {
        "secret": secret,
        "spaced": qr.spaced(secret),
        "picture": qr.picture(visit.member.email, secret),
        "fault": fault,
    }
    return Page(template="enrol.html", place="me", values=values, status=status)
