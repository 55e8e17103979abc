"""The second factor while signing in: a code from an app; where it is required and there is none, an app
first."""

from chalicelib.domain.logged import facts
from chalicelib.errors import BadInput
from chalicelib.ports import Challenge
from chalicelib.web import steps
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request
from chalicelib.web.steps import CODE, SETUP, Asked, Step
from chalicelib.web.visit import Page


def ask(asked: Asked, challenge: Challenge, *, fault: str = "", status: int = 200) -> Page:
    values = {"challenge": challenge, "next": asked.next, "fault": fault}
    return Page(template="code.html", place="", values=values, status=status)


def enter(request: Request, desk: Desk, words: Words) -> Step:
    """The order: the code is checked, the step is taken, the code is used up; a crash in between costs a
    try."""
    asked = Asked(request, desk, words)
    who = f"code {asked.text('email').lower()}"
    try:
        challenge = steps.offered(asked, CODE)
        if rest := asked.rest(who):
            return ask(asked, challenge, fault=rest, status=429), ()
        code = steps.digits(asked.text("code"))
        tokens = desk.users.code(challenge, code)
        steps.use_up(desk, desk.users.member(tokens.id, asked.now).id, code, asked.now)
        steps.taken(asked, challenge)
    except BadInput as error:
        if error.field != "code":
            return steps.anew(asked)
        steps.tries.failed(who, asked.now)
        return ask(asked, challenge, fault=wrong(words), status=401), ()
    steps.tries.succeeded(who)
    return steps.come_in(asked, tokens)


def begin(asked: Asked, challenge: Challenge) -> Step:
    """Show what the app needs; nothing counts until it gave a code."""
    try:
        secret, challenge = asked.desk.users.begin_setup(challenge)
    except BadInput:
        return steps.anew(asked)
    steps.offer(asked, challenge)
    return _setup(asked, challenge, secret), ()


def set_up(request: Request, desk: Desk, words: Words) -> Step:
    from chalicelib.web import qr

    asked = Asked(request, desk, words)
    secret = asked.text("secret")
    try:
        challenge = steps.offered(asked, SETUP)
        qr.checked(secret)
        code = steps.digits(asked.text("code"))
        tokens = desk.users.end_setup(challenge, code)
        member = desk.users.member(tokens.id, asked.now)
        steps.note(asked, "team.second-factor", member, after=facts({"state": "on"}))
        steps.use_up(desk, member.id, code, asked.now)
        steps.taken(asked, challenge)
    except BadInput as error:
        if error.field != "code":
            return steps.anew(asked)
        return _setup(asked, challenge, secret, fault=wrong(words), status=401), ()
    return steps.come_in(asked, tokens)


def wrong(words: Words) -> str:
    return words.gettext("This code is wrong or was used. Wait for the next one in your app.")


def _setup(asked: Asked, challenge: Challenge, secret: str, *, fault: str = "", status: int = 200) -> Page:
    from chalicelib.web import qr

    values = {
        "challenge": challenge,
        "next": asked.next,
        "fault": fault,
        "secret": secret,
        "spaced": qr.spaced(secret),
        "picture": qr.picture(challenge.email, secret),
    }
    return Page(template="set_up.html", place="", values=values, status=status)
