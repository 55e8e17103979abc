"""What a page is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain import audit
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Case
from chalicelib.domain.roles import Deed, Role, Standing
from chalicelib.errors import Forbidden, NotFound
from chalicelib.ports import Brake, Member
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One person asking for one page of one brand at one moment.

    `brands` are those at which the member has something; `standings` says what, by brand. `needs` is what it
    takes to do what is asked, and holds at every brand that is touched. `refresh` brings fresh tokens.
    """

    desk: Desk
    member: Member
    brands: tuple[Brand, ...]
    brand: Brand
    words: Words
    now: datetime
    query: Mapping[str, str]
    form: Mapping[str, str]
    images: tuple[bytes, ...] = ()
    """The files of its form, as they came."""
    prefix: str = ""
    origin: str = ""
    """This console's own address, as it was asked: where links in mails lead. No slash at the end."""
    standings: Mapping[str, Standing]
    needs: Deed = Deed.READ
    refresh: str = field(default="", repr=False)
    brake: Brake | None = None
    """The brake of `brand`, as it was when the page was asked for."""
    request_id: str = ""
    asked: datetime | None = None
    """When a create of the API was asked for first: so that asking again makes the same line of the log."""

    def line(self, what: str, of: str = "", *, before: str = "", after: str = "") -> AuditLine:
        """A line of the audit log: this person did this, now. The same request makes the same line."""
        return audit.line(
            self.brand.id,
            self.asked or self.now,
            f"{self.request_id}.{what}.{of}",
            what,
            of=of,
            by=self.member.name,
            by_id=self.member.id,
            before=before,
            after=after,
        )

    @property
    def role(self) -> Role:
        """The member's at `brand`."""
        return self.standings[self.brand.id].role

    @property
    def departments(self) -> tuple[Department, ...]:
        """Those of `brand` whose work the member sees and does: all, unless a grant says which."""
        return self.standings[self.brand.id].sees(self.brand)

    def owns(self, case: Case) -> bool:
        """Is this the work of a department of the member's?"""
        brand = next((each for each in self.brands if each.id == case.key.brand), None)
        return brand is not None and brand.department(case.department) in self.standings[brand.id].sees(brand)

    @property
    def restricted(self) -> bool:
        """Does the member see the work of some departments only?"""
        return bool(self.standings[self.brand.id].departments)

    def may(self, deed: Deed, brand: Brand | None = None) -> bool:
        """May the member do this, at `brand` or at another one of theirs?"""
        found = self.standings.get((brand or self.brand).id)
        return found is not None and found.may(deed)

    def brand_of(self, id: str) -> Brand:
        """A brand of the member's, at which they may do what was asked. Raises NotFound, Forbidden."""
        found = next((brand for brand in self.brands if brand.id == id), None)
        if found is None:
            raise NotFound("no such brand")
        if not self.may(self.needs, found):
            raise Forbidden(f"{self.needs.value} at {id}")
        return found

    def own(self, case: Case) -> Brand:
        """The brand of a case that is of a department of the member's; else it is not there. Raises NotFound,
        Forbidden."""
        brand = self.brand_of(case.key.brand)
        if not self.owns(case):
            raise NotFound("no such case")
        return brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`refresh`: seconds after which a page that waits looks again at its content; 0: it does not wait.

    `place` is the entry of the navigation it belongs to. `brand` where it is another than the visit's.
    """

    template: str
    place: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    refresh: int = 0
    brand: Brand | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """Look there: a path of ours, without the prefix."""

    path: str


@dataclass(frozen=True, slots=True)
class Away:
    """A file of the bucket, or the organisation's own sign-in: an address that we made and nobody gave us."""

    url: str


@dataclass(frozen=True, slots=True)
class File:
    """To be saved under this name: letters, digits, `.`, `_` and `-`. `kind` is its content type."""

    name: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """To be looked at on a page of ours. Its address is made of its bytes."""

    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Data:
    """For a script of ours, as JSON."""

    values: Mapping[str, Any]


Outcome = Page | Go | Away | File | Picture | Data
Work = Callable[..., Outcome]
"""A page or a deed: takes a Visit, then what its path names."""
