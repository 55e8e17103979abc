"""A password that was forgotten: a code by mail, and a new password. Nobody is told whether we know an
address."""

from chalicelib.errors import BadInput
from chalicelib.web import steps
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request
from chalicelib.web.steps import SHORTEST, Asked, Step
from chalicelib.web.visit import Go, Page


def show(request: Request, desk: Desk, words: Words) -> Step:
    return Page(template="forgot.html", place="", values={"email": "", "fault": ""}), ()


def ask(request: Request, desk: Desk, words: Words) -> Step:
    asked = Asked(request, desk, words)
    email = asked.text("email")
    if not email:
        fault = words.gettext("Fill in your e-mail address.")
        return Page(template="forgot.html", place="", values={"email": "", "fault": fault}, status=422), ()
    desk.users.forgot(email)
    return _form(email), ()


def choose(request: Request, desk: Desk, words: Words) -> Step:
    """The code and a password of one's own; then one signs in with it."""
    asked = Asked(request, desk, words)
    email, password = asked.text("email"), request.form.get("password", "")
    who, faults = f"reset {email.lower()}", {}
    _ = words.gettext
    if rest := asked.rest(who):
        return _form(email, {"code": rest}, 429), ()
    if len(password) < SHORTEST:
        faults["password"] = _("Use %(count)s characters or more.", count=SHORTEST)
    try:
        code = steps.digits(asked.text("code"))
        if not faults:
            desk.users.reset(email, code, password)
            _note(asked, email)
            steps.tries.succeeded(who)
            return Go("/sign-in?done=reset"), ()
    except BadInput as error:
        if error.field == "password":
            faults["password"] = _("This password is too easy to guess. Choose a longer one.")
        else:
            steps.tries.failed(who, asked.now)
            faults["code"] = _("This code is wrong or too old. Check it, or ask for another.")
    return _form(email, faults, 422), ()


def _note(asked: Asked, email: str) -> None:
    """Whose it is the user pool knows, as nobody is signed in yet."""
    found = (each for each in asked.desk.colleagues.all() if each.email.lower() == email.lower())
    for account in found:
        steps.note(asked, "team.password", account)


def _form(email: str, faults: dict[str, str] | None = None, status: int = 200) -> Page:
    values = {"email": email, "faults": faults or {}, "shortest": SHORTEST}
    return Page(template="reset.html", place="", values=values, status=status)
