"""API keys, made and revoked: by a member on a page, or by a key of scope admin.

The key and its line of the log are one transaction. What is shown once is known to nobody afterwards.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex, token_urlsafe

from chalicelib.domain import apikey
from chalicelib.domain.apikey import NAME_ROOM, ApiKey, Scope
from chalicelib.domain.brand import Brand
from chalicelib.domain.roles import Role, Standing
from chalicelib.errors import BadInput
from chalicelib.web.visit import Visit

LONGEST = timedelta(days=2 * 366)
ROLES = {Scope.READ: Role.READER, Scope.WRITE: Role.EDITOR, Scope.ADMIN: Role.MANAGER}
"""As whom a key works in what pages and API share."""


def make(
    visit: Visit,
    name: str,
    scope: Scope,
    *,
    by: str,
    by_id: str,
    departments: Sequence[str] = (),
    until: date | None = None,
    id: str = "",
) -> tuple[ApiKey, str]:
    """A new key and the text that opens with it; "" where the key of this `id` is there already.

    `until` is the last day it works, on the brand's clock. Raises BadInput.
    """
    brand, now = visit.brand, visit.now
    key_id, secret = id or token_hex(8), token_urlsafe(32)
    key = ApiKey(
        brand=brand.id,
        id=key_id,
        name=_name(name),
        scope=scope,
        hash=apikey.digest(secret),
        by=_member(by),
        by_id=by_id,
        made_at=now.replace(microsecond=0),
        departments=_departments(departments, brand),
        expires=end_of(until, visit),
    )
    line = visit.line("key.make", f"{key.id} {key.name}", after=_said(key))
    if not visit.desk.api_keys.add(key, line):
        return visit.desk.api_keys.get(brand.id, key_id), ""
    return key, apikey.written(brand.id, key_id, secret)


def revoke(visit: Visit, key: ApiKey) -> ApiKey:
    """It opens nothing from here on. Raises Conflict if it changed since it was read."""
    if key.revoked_at:
        return key
    after = replace(key, rev=key.rev + 1, revoked_at=visit.now.replace(microsecond=0))
    line = visit.line("key.revoke", f"{key.id} {key.name}", before=_said(key))
    visit.desk.api_keys.change(after, replace(line, brand=key.brand))
    return after


def standing(key: ApiKey) -> Standing:
    return Standing(ROLES[key.scope], key.departments)


def follow(visit: Visit, brand: str, maker: str, now_is: Standing | None) -> None:
    """Before somebody's role at a brand becomes this one (None: none): what opens more than they then may
    opens nothing any more. Broken off, it may be done again. Raises Conflict."""
    for key in visit.desk.api_keys.of(brand):
        if key.by_id == maker and not (now_is and now_is.includes(standing(key))):
            revoke(visit, key)


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not 1 <= len(name) <= NAME_ROOM or not name.isprintable():
        raise BadInput("name", f"a name of at most {NAME_ROOM} characters")
    return name


def _member(name: str) -> str:
    if not name:
        raise BadInput("by", "a named person approves")
    return name


def _departments(given: Sequence[str], brand: Brand) -> tuple[str, ...]:
    known = {each.id for each in brand.departments}
    if not known.issuperset(given):
        raise BadInput("departments", "departments of this brand")
    return tuple(dict.fromkeys(given))


def end_of(until: date | None, visit: Visit) -> datetime | None:
    """The end of that day; None for none. Raises BadInput."""
    if until is None:
        return None
    if not visit.words.today() <= until <= visit.words.today() + LONGEST:
        raise BadInput("until", "a day within two years")
    return datetime.combine(until + timedelta(days=1), time(), visit.words.zone).astimezone(UTC)


def _said(key: ApiKey) -> str:
    where = f" {','.join(key.departments)}" if key.departments else ""
    ends = f" until {key.expires:%Y-%m-%dT%H:%MZ}" if key.expires else ""
    return f"{key.scope.value}{where}{ends}"
