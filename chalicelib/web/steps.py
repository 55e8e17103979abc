"""The steps of signing in, each of which can be taken once, and what is done when the last one is through.

Cognito says itself whether a step is still good; emulators take it twice, from anybody and for anybody. So
what we did not offer is not taken, nor what was taken before.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2s
from urllib.parse import urlencode

from chalicelib.domain import audit
from chalicelib.errors import BadInput
from chalicelib.ports import Account, Challenge, Member, Tokens
from chalicelib.web import session
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request, own_path
from chalicelib.web.session import Tries
from chalicelib.web.visit import Go, Outcome, Page

SHORTEST = 12
"""As the user pool asks (`infra/resources.yaml`); checked here too, for where it is not enforced."""
LASTS = timedelta(minutes=5)
"""A step, as `AuthSessionValidity` in the template."""
REPLAYED = timedelta(minutes=2)
"""As long as the same code of an app may be good."""
NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name Cognito gives the step
CODE, SETUP = "SOFTWARE_TOKEN_MFA", "MFA_SETUP"
tries = Tries()

Step = tuple[Outcome, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, where, and in which words."""

    request: Request
    desk: Desk
    words: Words
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", self.desk.now())

    def text(self, name: str) -> str:
        return self.request.form.get(name, "").strip()

    @property
    def next(self) -> str:
        """Where to go when signed in."""
        return own_path(self.request.form.get("next") or self.request.query.get("next", "/"))

    def rest(self, whom: str) -> str:
        """Why `whom` (an address, or a step of one) has to wait; "" if they may try."""
        left = tries.rest(whom, self.now)
        if not left:
            return ""
        span = self.words.span(left + timedelta(minutes=1))
        return self.words.gettext("Too many tries. Wait %(span)s, then try again.", span=span)


def mark(*parts: str) -> str:
    return blake2s("\0".join(parts).encode(), digest_size=20).hexdigest()


def offer(asked: Asked, challenge: Challenge) -> None:
    asked.desk.once.offer(_of(challenge), asked.now + LASTS)


def offered(asked: Asked, name: str) -> Challenge:
    """The step that this form answers. Raises BadInput if we did not offer it, or it was taken."""
    challenge = Challenge(name, asked.request.form.get("session", ""), asked.text("email"))
    if not asked.desk.once.is_open(_of(challenge), asked.now):
        raise BadInput("", "no step of ours")
    return challenge


def taken(asked: Asked, challenge: Challenge) -> None:
    """Raises BadInput if somebody else has just taken it."""
    if not asked.desk.once.spend(_of(challenge), asked.now):
        raise BadInput("", "this step was taken")


def use_up(desk: Desk, user: str, code: str, now: datetime) -> None:
    """A code that is seen over a shoulder opens nothing. Raises BadInput."""
    if not desk.once.first(mark("code", user, code), now, now + REPLAYED):
        raise BadInput("code", "this code was used")


def note(asked: Asked, what: str, who: Member | Account, after: str = "") -> None:
    """What somebody did to their own account before they were in, in every brand's log: an account is of all.
    It comes after what it tells, as before that nobody knows who it is."""
    for brand in asked.desk.brands.all():
        id = f"{asked.request.id}.{what}.{who.id}"
        asked.desk.audit.note(
            audit.line(brand.id, asked.now, id, what, of=who.email, by=who.name, by_id=who.id, after=after)
        )


def come_in(asked: Asked, tokens: Tokens, next: str = "") -> Step:
    """Signed in: noted, and on to what was asked for."""
    member = asked.desk.users.member(tokens.id, asked.now)
    asked.desk.team.came_in(member.id, asked.now)
    return Go(next or asked.next), session.begin(asked.request, tokens)


def digits(code: str) -> str:
    """As an app shows it, with or without a space in the middle. Raises BadInput."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdecimal() and len(plain) == 6):
        raise BadInput("code", "six digits")
    return plain


def form(asked: Asked, *, fault: str = "", done: str = "", status: int = 200, email: str = "") -> Page:
    """Where signing in begins."""
    names = [brand.name for brand in asked.desk.brands.all()]
    values = {
        "email": email or asked.text("email"),
        "next": asked.next,
        "fault": fault,
        "done": done,
        "at": names[0] if len(names) == 1 else "",
        "sso": asked.desk.sso is not None,
        "here": "/sign-in",
        "asked": urlencode({"next": asked.next}),
    }
    return Page(template="sign_in.html", place="", values=values, status=status)


def anew(asked: Asked) -> Step:
    """A step that is too old, or is none of ours."""
    stale = asked.words.gettext("This step took too long. Sign in again.")
    return form(asked, fault=stale, status=401), ()


def _of(challenge: Challenge) -> str:
    return mark(challenge.name, challenge.session, challenge.email)
