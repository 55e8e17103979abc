"""Those who work here, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roles import Grant, Role
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Account, Challenge, Member, Tokens, Welcome
from tests.web.fakes import Audit
from tests.web.fakes_sent import Brakes

PASSWORD = "plainly a fake password"
CODE = "123456"
"""What everybody's app shows, and every mail brings."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SAM, NOOR, ADA = "1", "2", "3"
"""The ids of those who have an account."""


class Users:
    """One person, Sam, and one who has to choose a password first, Noor. Tokens are their own names."""

    def __init__(self) -> None:
        self.valid = {"id-sam": Member(SAM, "sam@veldermeer.example", "Sam de Wit", ("agent",))}
        self.refreshed = {"refresh-sam": "id-sam"}
        self.ended: list[str] = []
        self.factors: set[str] = set()
        """The addresses of who has a second factor."""
        self.required = False
        self.mailed: list[str] = []
        self.password = PASSWORD

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        if password != self.password:
            raise BadInput("", "wrong")
        if email == "noor@veldermeer.example":
            return Challenge("NEW_PASSWORD_REQUIRED", "step-1", email)
        if email != "sam@veldermeer.example":
            raise BadInput("", "unknown")
        if email in self.factors:
            return Challenge("SOFTWARE_TOKEN_MFA", "step-2", email)
        if self.required:
            return Challenge("MFA_SETUP", "step-3", email)
        return Tokens("id-sam", "access-sam", "refresh-sam")

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        if challenge.session != "step-1":
            raise BadInput("", "stale")
        self.valid["id-noor"] = Member(NOOR, challenge.email, name, ("agent",))
        return Tokens("id-noor", "access-noor", "refresh-noor")

    def code(self, challenge: Challenge, code: str) -> Tokens:
        if code != CODE:
            raise BadInput("code", "wrong")
        return Tokens("id-sam", "access-sam", "refresh-sam")

    def begin_setup(self, challenge: Challenge) -> tuple[str, Challenge]:
        return SECRET, replace(challenge, session="step-4")

    def end_setup(self, challenge: Challenge, code: str) -> Tokens:
        tokens = self.code(challenge, code)
        self.factors.add(challenge.email)
        return tokens

    def refresh(self, token: str) -> Tokens:
        if token not in self.refreshed:
            raise BadInput("", "ended")
        return Tokens(self.refreshed[token], "access-sam", "")

    def member(self, id_token: str, now: datetime, nonce: str = "") -> Member:
        if id_token not in self.valid:
            raise BadInput("", "no token of ours")
        return self.valid[id_token]

    def sign_out(self, refresh_token: str) -> None:
        self.ended.append(refresh_token)

    def forgot(self, email: str) -> None:
        if email == "sam@veldermeer.example":
            self.mailed.append(email)

    def reset(self, email: str, code: str, password: str) -> None:
        if code != CODE or email not in self.mailed:
            raise BadInput("code", "wrong")
        self.password = password

    def enrol(self, access: str) -> str:
        return SECRET

    def prove(self, access: str, code: str) -> None:
        if code != CODE:
            raise BadInput("code", "wrong")

    def ask_code(self, access: str, *, wanted: bool) -> None:
        (self.factors.add if wanted else self.factors.discard)("sam@veldermeer.example")

    def has_second_factor(self, access: str) -> bool:
        return "sam@veldermeer.example" in self.factors


def account(id: str, name: str, role: Role | None = None) -> Account:
    email = f"{name.lower()}@veldermeer.example"
    return Account(id=id, username=id, email=email, name=name, role=role)


class Colleagues:
    """Sam, Noor who was invited, and Ada, the administrator."""

    def __init__(self) -> None:
        self.kept = {
            SAM: account(SAM, "Sam", Role.AGENT),
            NOOR: replace(account(NOOR, "Noor"), invited=True),
            ADA: account(ADA, "Ada", Role.ADMINISTRATOR),
        }
        self.mailed: list[str] = []
        self.signed_out: list[str] = []
        self.broken = False

    def all(self) -> list[Account]:
        return list(self.kept.values())

    def get(self, id: str) -> Account:
        if id not in self.kept:
            raise NotFound(id)
        return replace(self.kept[id], second_factor=False)

    def administrators(self) -> list[str]:
        return [each.id for each in self.kept.values() if each.role is Role.ADMINISTRATOR and each.enabled]

    def invite(self, email: str, name: str) -> Account:
        known = next((each for each in self.kept.values() if each.email == email), None)
        if known is None:
            known = replace(account(f"u-{len(self.kept)}", name), email=email, invited=True)
            self.kept[known.id] = known
            self.mailed.append(email)
        return known

    def remind(self, account: Account) -> None:
        self.mailed.append(account.email)

    def set_role(self, account: Account, role: Role | None) -> None:
        if self.broken:
            raise RuntimeError("the user pool does not answer")
        self.kept[account.id] = replace(self.kept[account.id], role=role)

    def disable(self, account: Account) -> None:
        self.kept[account.id] = replace(self.kept[account.id], enabled=False)

    def enable(self, account: Account) -> None:
        self.kept[account.id] = replace(self.kept[account.id], enabled=True)

    def sign_out(self, username: str) -> None:
        self.signed_out.append(username)


class Once:
    def __init__(self) -> None:
        self.marks: dict[str, tuple[bool, datetime]] = {}
        """Open or spent, and until when."""

    def offer(self, mark: str, until: datetime) -> None:
        self.marks[mark] = (True, until)

    def is_open(self, mark: str, now: datetime) -> bool:
        return mark in self.marks and self.marks[mark][0] and self.marks[mark][1] > now

    def spend(self, mark: str, now: datetime) -> bool:
        if not self.is_open(mark, now):
            return False
        self.marks[mark] = (False, self.marks[mark][1])
        return True

    def first(self, mark: str, now: datetime, until: datetime) -> bool:
        if mark in self.marks and self.marks[mark][1] > now:
            return False
        self.marks[mark] = (False, until)
        return True


class Team:
    def __init__(self, brakes: Brakes, audit: Audit) -> None:
        self.brakes = brakes
        self.audit = audit
        self.kept: dict[tuple[str, str], Grant] = {}
        self.seen: dict[str, datetime] = {}
        self.renewed: dict[str, datetime] = {}

    def welcome(self, user: str, brands: Sequence[str], brake: str = "") -> Welcome:
        return Welcome(
            grants={brand: self.kept[brand, user] for brand in brands if (brand, user) in self.kept},
            brake=self.brakes.get(brake) if brake else None,
            renew=self.renewed.get(user),
        )

    def grant(self, brand: str, user: str) -> Grant | None:
        return self.kept.get((brand, user))

    def grants(self, brand: str) -> list[Grant]:
        return [grant for (at, _), grant in self.kept.items() if at == brand and grant.role]

    def change(self, grant: Grant, line: AuditLine) -> None:
        was = self.kept.get((grant.brand, grant.user))
        if (was.rev if was else 0) != grant.rev - 1:
            raise Conflict("changed")
        self.kept[grant.brand, grant.user] = grant
        self.audit.note(line)

    def came_in(self, user: str, at: datetime) -> None:
        self.seen[user] = at

    def renew(self, user: str, at: datetime) -> None:
        self.renewed[user] = at

    def last_seen(self, users: Sequence[str]) -> dict[str, datetime]:
        return {user: self.seen[user] for user in users if user in self.seen}
