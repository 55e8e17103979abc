"""Signing in where the organisation does: there, and back with a code.

What we sent along (state, nonce, verifier) lies in a cookie of the browser that left: a code that comes back
to another browser, twice, or without being asked for is worth nothing (RFC 9700).
"""

import secrets
from datetime import timedelta
from hmac import compare_digest

from chalicelib.errors import BadInput, NotFound
from chalicelib.web import session, steps
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request, own_path
from chalicelib.web.steps import Asked, Step
from chalicelib.web.visit import Away

LASTS = timedelta(minutes=10)
KEPT = "sso"


def leave(request: Request, desk: Desk, words: Words) -> Step:
    if desk.sso is None:
        raise NotFound("no sign-in of the organisation's own")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    next = own_path(request.query.get("next", "/"))
    kept = ".".join((state, nonce, verifier, next.encode().hex()))
    cookie = session.cookie(request, KEPT, kept, age=int(LASTS.total_seconds()))
    return Away(desk.sso.address(state, nonce, verifier)), (cookie,)


def back(request: Request, desk: Desk, words: Words) -> Step:
    """The state is used up first, then the code: whoever comes second gets nothing."""
    if desk.sso is None:
        raise NotFound("no sign-in of the organisation's own")
    asked = Asked(request, desk, words)
    gone = session.cookie(request, KEPT, "", age=0)
    try:
        nonce, verifier, next = _kept(request)
        state = steps.mark("state", request.query["state"])
        if not desk.once.first(state, asked.now, asked.now + LASTS):
            raise BadInput("state", "used before")
        tokens = desk.sso.tokens(request.query.get("code", ""), verifier)
        desk.users.member(tokens.id, asked.now, nonce)
        outcome, cookies = steps.come_in(asked, tokens, next)
        return outcome, (*cookies, gone)
    except BadInput:
        fault = words.gettext("Your organisation did not let you in, or it took too long. Try it once more.")
        return steps.form(asked, fault=fault, status=400), (gone,)


def _kept(request: Request) -> tuple[str, str, str]:
    """Nonce, verifier and the page to go to, if this browser left with this state. Raises BadInput."""
    try:
        state, nonce, verifier, next = request.cookie(KEPT).split(".")
        page = own_path(bytes.fromhex(next).decode())
    except ValueError:
        raise BadInput("state", "this browser did not leave from here") from None
    given = request.query.get("state", "")
    if not state or not compare_digest(state.encode(), given.encode()):
        raise BadInput("state", "not the one that was sent along")
    return nonce, verifier, page
