"""From a session to a visit: at which brands somebody has something, which one they are at, and what they
may.

That costs one request to the table: grants, the brake, and since when tokens of this member count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.roles import LOWEST, Deed, at, of_groups, standing
from chalicelib.errors import Forbidden, NotFound
from chalicelib.ports import Brake, Welcome
from chalicelib.web import session
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request
from chalicelib.web.session import Session
from chalicelib.web.visit import Visit

UNSET = Brand(id="", name="Webspin", zone="UTC", languages=(), departments=(Department(id="", name=""),))
"""Where nothing was set up yet: the guide begins there."""


class Nobody(Forbidden):
    """Signed in, and let in at no brand."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """`cookies` are to be set with the answer; those of a refreshed session, and the brand this browser is
    at."""

    visit: Visit
    cookies: tuple[str, ...]


def arrive(
    request: Request,
    desk: Desk,
    language: Callable[[Request, tuple[str, ...]], str],
    *,
    needs: Deed,
    page: bool,
) -> Arrival | None:
    """None: there is no session. Raises Nobody, and NotFound for a brand at which the member has nothing.

    `page` False: what is asked is no page, and needs no brake.
    """
    now = desk.now()
    found = session.of(request, desk.users, now)
    if found is None:
        return None
    brands = tuple(desk.brands.all()) or (UNSET,)
    asked = request.form.get("brand", "") or request.query.get("brand", "")
    wished = _one(brands, asked or request.cookie("brand")) or brands[0]
    told = Welcome()
    if page or not _may_everywhere(found, needs):
        told = desk.team.welcome(found.member.id, [brand.id for brand in brands], wished.id if page else "")
        renewed = _renewed(request, desk, found, told, now)
        if renewed is None:
            return None
        found = renewed
    held = ((brand, standing(found.member.groups, at(brand, told.grants.get(brand.id)))) for brand in brands)
    standings = {brand.id: each for brand, each in held if each}
    own = tuple(brand for brand in brands if brand.id in standings)
    if not own:
        raise Nobody("let in at no brand")
    if asked and _one(own, asked) is None:
        raise NotFound("no such brand")
    brand = _one(own, wished.id) or own[0]
    cookies = found.cookies
    if asked and page:
        cookies += (session.cookie(request, "brand", brand.id, age=session.YEAR),)
    visit = Visit(
        desk=desk,
        member=found.member,
        brands=own,
        brand=brand,
        words=Words(language(request, brand.languages), brand.zone, now),
        now=now,
        query=request.query,
        form=request.form,
        images=request.images,
        prefix=request.prefix,
        origin=request.origin,
        standings=standings,
        needs=needs,
        refresh=request.cookie("refresh"),
        brake=_brake(desk, brand, wished, told) if page else None,
        request_id=request.id,
    )
    return Arrival(visit, cookies)


def _one(brands: tuple[Brand, ...], id: str) -> Brand | None:
    return next((brand for brand in brands if brand.id == id), None)


def _may_everywhere(found: Session, needs: Deed) -> bool:
    """By their groups alone."""
    role = of_groups(found.member.groups)
    return role is not None and role.includes(LOWEST[needs])


def _renewed(request: Request, desk: Desk, found: Session, told: Welcome, now: datetime) -> Session | None:
    """The session, refreshed if its token was made before the member's role was changed or they were signed
    out everywhere; None if it cannot be."""
    if told.renew is None or found.member.issued > told.renew.timestamp():
        return found
    return session.refreshed(request, desk.users, now)


def _brake(desk: Desk, brand: Brand, wished: Brand, told: Welcome) -> Brake | None:
    """As it came with the welcome; asked for where the visit is to another brand than was wished."""
    return told.brake if brand is wished else desk.brakes.get(brand.id)
