"""Signing in: e-mail address and password, and a password of one's own the first time."""

from datetime import timedelta

from chalicelib.errors import BadInput
from chalicelib.ports import Challenge, Tokens
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request, own_path
from chalicelib.web.session import Tries, begin
from chalicelib.web.visit import Go, Outcome, Page

SHORTEST = 12
"""As the user pool asks (`infra/resources.yaml`); checked here too, for where it is not enforced."""
NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name Cognito gives the step
tries = Tries()

Step = tuple[Outcome, tuple[str, ...]]


def show(request: Request, desk: Desk, words: Words) -> Step:
    return _form(desk, email="", next=own_path(request.query.get("next", "/"))), ()


def enter(request: Request, desk: Desk, words: Words) -> Step:
    """Unknown people and wrong passwords get the same words."""
    now = desk.now()
    email = request.form.get("email", "").strip()
    next = own_path(request.form.get("next", "/"))
    _ = words.gettext
    if rest := tries.rest(email, now):
        minutes = words.span(rest + timedelta(minutes=1))
        wait = _("Too many tries. Wait %(span)s, then try again.", span=minutes)
        return _form(desk, email=email, next=next, fault=wait, status=429), ()
    if not email or not request.form.get("password"):
        missing = _("Fill in your e-mail address and your password.")
        return _form(desk, email=email, next=next, fault=missing, status=422), ()
    try:
        found = desk.users.sign_in(email, request.form["password"])
    except BadInput:
        tries.failed(email, now)
        wrong = _("This e-mail address and password do not belong together. Check both.")
        return _form(desk, email=email, next=next, fault=wrong, status=401), ()
    tries.succeeded(email)
    return _on(request, found, next, desk, words)


def choose(request: Request, desk: Desk, words: Words) -> Step:
    """The first time: a name to sign approvals with, and a password that only its owner knows."""
    form = request.form
    next = own_path(form.get("next", "/"))
    challenge = Challenge(NEW_PASSWORD, form.get("session", ""), form.get("email", ""))
    name, password = " ".join(form.get("name", "").split()), form.get("password", "")
    _ = words.gettext
    faults = {}
    if not 1 <= len(name) <= 100:
        faults["name"] = _("Fill in your name as colleagues know you.")
    if len(password) < SHORTEST:
        faults["password"] = _("Use %(count)s characters or more.", count=SHORTEST)
    if not faults:
        try:
            return _on(request, desk.users.new_password(challenge, password, name), next, desk, words)
        except BadInput as error:
            if error.field != "password":
                stale = _("This step took too long. Sign in again with the password from the mail.")
                return _form(desk, email=challenge.email, next=next, fault=stale, status=401), ()
            faults["password"] = _("This password is too easy to guess. Choose a longer one.")
    return _own_password(challenge, next, name=name, faults=faults, status=422), ()


def _on(request: Request, found: Tokens | Challenge, next: str, desk: Desk, words: Words) -> Step:
    if isinstance(found, Tokens):
        return Go(next), begin(request, found)
    if found.name == NEW_PASSWORD:
        return _own_password(found, next, name="", faults={}, status=200), ()
    unknown = words.gettext(
        "This account asks for a step that this page does not know: %(step)s.", step=found.name
    )
    return _form(desk, email=found.email, next=next, fault=unknown, status=422), ()


def _form(desk: Desk, *, email: str, next: str, fault: str = "", status: int = 200) -> Page:
    names = [brand.name for brand in desk.brands.all()]
    values = {"email": email, "next": next, "fault": fault, "at": names[0] if len(names) == 1 else ""}
    return Page(template="sign_in.html", place="", values=values, status=status)


def _own_password(challenge: Challenge, next: str, *, name: str, faults: dict[str, str], status: int) -> Page:
    values = {"challenge": challenge, "next": next, "name": name, "faults": faults, "shortest": SHORTEST}
    return Page(template="new_password.html", place="", values=values, status=status)
