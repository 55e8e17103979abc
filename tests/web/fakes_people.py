"""Those who work here, in memory."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.roles import Grant
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Challenge, Member, Tokens, Welcome
from tests.web.fakes import Audit
from tests.web.fakes_sent import Brakes

PASSWORD = "plainly a fake password"


class Users:
    """One person, Sam, and one who has to choose a password first, Noor. Tokens are their own names."""

    def __init__(self) -> None:
        self.valid = {"id-sam": Member("1", "sam@veldermeer.example", "Sam de Wit", ("agent",))}
        self.refreshed = {"refresh-sam": "id-sam"}
        self.ended: list[str] = []
        self.changed: list[str] = []
        """What was done to accounts."""

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        if password != PASSWORD:
            raise BadInput("", "wrong")
        if email == "noor@veldermeer.example":
            return Challenge("NEW_PASSWORD_REQUIRED", "step-1", email)
        if email != "sam@veldermeer.example":
            raise BadInput("", "unknown")
        return Tokens("id-sam", "access-sam", "refresh-sam")

    def new_password(self, challenge: Challenge, password: str, name: str) -> Tokens | Challenge:
        if challenge.session != "step-1":
            raise BadInput("", "stale")
        self.valid["id-noor"] = Member("2", challenge.email, name, ("agent",))
        return Tokens("id-noor", "access-noor", "refresh-noor")

    def refresh(self, token: str) -> Tokens:
        if token not in self.refreshed:
            raise BadInput("", "ended")
        return Tokens(self.refreshed[token], "access-sam", "")

    def member(self, id_token: str, now: datetime) -> Member:
        if id_token not in self.valid:
            raise BadInput("", "no token of ours")
        return self.valid[id_token]

    def sign_out(self, refresh_token: str) -> None:
        self.ended.append(refresh_token)


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
