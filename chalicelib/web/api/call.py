"""One request of a program, let in: who asks, of which brand, and under which conditions."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from chalicelib.domain.apikey import ApiKey
from chalicelib.domain.brand import Brand
from chalicelib.domain.post import post_id
from chalicelib.ports import Asked
from chalicelib.web.api.problem import Refusal
from chalicelib.web.api.shapes import tag
from chalicelib.web.desk import Desk
from chalicelib.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`visit` is the same as a page's, so that both call the same functions: its member is the key."""

    visit: Visit
    key: ApiKey
    operation: str
    if_match: tuple[str, ...] = ()
    token: str = ""
    asked: Asked | None = None
    """Of a create: when its token was first used."""

    @property
    def desk(self) -> Desk:
        return self.visit.desk

    @property
    def brand(self) -> Brand:
        return self.visit.brand

    @property
    def by(self) -> str:
        """Under which name it acts: whose yes it is, and by which key."""
        return self.visit.member.name

    @property
    def asked_again(self) -> bool:
        """Was this create asked for before, under the same token?"""
        return self.asked is not None and self.asked.again

    @property
    def first_asked(self) -> datetime:
        """When this create was asked for first."""
        return self.asked.at if self.asked else self.visit.now

    @property
    def new_id(self) -> str:
        """The id of what a create makes: the same whenever the same key asks under the same token, for as
        long as that is known."""
        since = self.first_asked.isoformat(timespec="milliseconds")
        return post_id(self.brand.id, "api", self.key.id, self.operation, self.token, since)

    def made(self, what: str) -> str:
        """What this very request made before it broke off, by its own line of the log; "" for nothing."""
        if not self.asked_again:
            return ""
        lines = self.desk.audit.of_request(self.brand.id, self.first_asked, self.visit.request_id)
        return next((line.of for line in lines if line.what == what), "")

    def expect(self, shown: BaseModel) -> None:
        """Refuses a change of what is not as the caller read it."""
        if tag(shown) not in self.if_match:
            raise Refusal(412, "Read it again, and decide anew.")
