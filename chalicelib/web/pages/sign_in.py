"""Signing in: e-mail address and password, then what else the account asks for."""

from chalicelib.errors import BadInput
from chalicelib.ports import Challenge, Tokens
from chalicelib.web import steps
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.pages import second
from chalicelib.web.request import Request
from chalicelib.web.steps import CODE, NEW_PASSWORD, SETUP, SHORTEST, Asked, Step
from chalicelib.web.visit import Page


def show(request: Request, desk: Desk, words: Words) -> Step:
    asked = Asked(request, desk, words)
    done = words.gettext("Your password is changed. Sign in with it.")
    return steps.form(asked, done=done if request.query.get("done") == "reset" else ""), ()


def enter(request: Request, desk: Desk, words: Words) -> Step:
    """Unknown people and wrong passwords get the same words."""
    asked = Asked(request, desk, words)
    email, password = asked.text("email"), request.form.get("password", "")
    _ = words.gettext
    if rest := asked.rest(email):
        return steps.form(asked, fault=rest, status=429), ()
    if not email or not password:
        return steps.form(asked, fault=_("Fill in your e-mail address and your password."), status=422), ()
    try:
        found = desk.users.sign_in(email, password)
    except BadInput:
        steps.tries.failed(email, asked.now)
        wrong = _("This e-mail address and password do not belong together. Check both.")
        return steps.form(asked, fault=wrong, status=401), ()
    steps.tries.succeeded(email)
    return _on(asked, found)


def choose(request: Request, desk: Desk, words: Words) -> Step:
    """The first time: a name to sign approvals with, and a password that only its owner knows."""
    asked = Asked(request, desk, words)
    name, password = " ".join(asked.text("name").split()), request.form.get("password", "")
    _ = words.gettext
    faults = {}
    if not 1 <= len(name) <= 100:
        faults["name"] = _("Fill in your name as colleagues know you.")
    if len(password) < SHORTEST:
        faults["password"] = _("Use %(count)s characters or more.", count=SHORTEST)
    try:
        challenge = steps.offered(asked, NEW_PASSWORD)
        if not faults:
            found = desk.users.new_password(challenge, password, name)
            steps.taken(asked, challenge)
            return _on(asked, found)
    except BadInput as error:
        if error.field != "password":
            return steps.anew(asked)
        faults["password"] = _("This password is too easy to guess. Choose a longer one.")
    return _own_password(challenge, asked, name=name, faults=faults, status=422), ()


def _on(asked: Asked, found: Tokens | Challenge) -> Step:
    if isinstance(found, Tokens):
        return steps.come_in(asked, found)
    if found.name == SETUP:
        return second.begin(asked, found)
    if found.name in (CODE, NEW_PASSWORD):
        steps.offer(asked, found)
    if found.name == CODE:
        return second.ask(asked, found), ()
    if found.name == NEW_PASSWORD:
        return _own_password(found, asked, name="", faults={}, status=200), ()
    unknown = asked.words.gettext(
        "This account asks for a step that this page does not know: %(step)s.", step=found.name
    )
    return steps.form(asked, fault=unknown, status=422), ()


def _own_password(
    challenge: Challenge, asked: Asked, *, name: str, faults: dict[str, str], status: int
) -> Page:
    values = {
        "challenge": challenge,
        "next": asked.next,
        "name": name,
        "faults": faults,
        "shortest": SHORTEST,
    }
    return Page(template="new_password.html", place="", values=values, status=status)
