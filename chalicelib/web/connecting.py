"""Accounts whose network asks a person itself: what their page shows of it, and the way there and back.

What goes there and comes back is bound to whom it belongs. The `state` is random, names its holder, lasts ten
minutes and is good once; it was offered to this person in this session, at this brand, for this network at
this address, and to nobody else (S35). One that a program asked for with a key was offered to whoever made
the key, in no session, and names its brand, as they may be looking at another. The verifier (RFC 7636) is
made of it with a key that stays here.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2s, sha256
from urllib.parse import urlsplit

from chalicelib.brandfile import plain
from chalicelib.domain.brand import Channel
from chalicelib.domain.keyring import Holder
from chalicelib.domain.source import Source
from chalicelib.errors import BadInput, Forbidden, NotFound
from chalicelib.ports.connecting import OAuth
from chalicelib.web import steps
from chalicelib.web.i18n import called
from chalicelib.web.visit import Visit

LASTS = timedelta(minutes=10)
BACK = "/connect/back"
"""The beginning of our addresses for networks; `door.py` takes what stands behind `?` there into no link."""
SECRET = "client_secret"  # noqa: S105 - the name of the secret that proves our client
KINDS = {"channels": "channel", "sources": "source"}
SECTIONS = {kind: section for section, kind in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """What a page shows of connecting: `callback` is to be copied to the network, "" where that is told by
    itself; `since` when it was connected last, in words, "" if it was not; `lacks`: it has to be told first
    how its network calls us."""

    network: str
    action: str
    forget: str
    callback: str
    since: str
    lacks: bool


def holder_of(visit: Visit, section: str, id: str) -> Holder:
    """Raises NotFound where there is none, or its network asks nobody."""
    found: Channel | Source | None = None
    if section == "channels":
        found = visit.desk.brands.latest(visit.brand.id)[0].channel(id)
    elif section == "sources":
        found = visit.desk.sources.get(visit.brand.id, id)[0]
    if found is None or visit.desk.accounts.way(found.platform) is None:
        raise NotFound("its network asks nobody")
    return Holder(
        kind="channel" if section == "channels" else "source",
        brand=visit.brand.id,
        id=id,
        platform=found.platform,
        name=found.name,
        settings=found.settings,
    )


def way(visit: Visit, holder: Holder) -> OAuth:
    found = visit.desk.accounts.way(holder.platform)
    assert found is not None
    return found


def shown(visit: Visit, section: str, id: str) -> Connect | None:
    """None where its network asks nobody, or where it lacks what it is asked by."""
    try:
        holder = holder_of(visit, section, id)
        there = visit.desk.accounts.there(holder)
    except (NotFound, BadInput):
        return None
    how = way(visit, holder)
    dates = visit.desk.secrets.dates(holder.brand)
    since = dates.get(holder.secret)
    form = plain.form_of(section, {"platform": holder.platform, **holder.settings})
    unproven = SECRET in form.SECRETS and holder.typed not in dates
    lacks = not how.registers and (unproven or not holder.settings.get("client_id"))
    return Connect(
        network=called(holder.platform),
        action=f"/connect/{section}/{id}",
        forget=f"{holder.path}/secret",
        callback="" if how.registers else callback(visit, holder, there),
        since=visit.words.at(since) if since else "",
        lacks=lacks,
    )


def where(holder: Holder, how: OAuth, there: str) -> str:
    """The end of our address for a network, another for each that asks: what one gives cannot be brought
    where another's is waited for (RFC 9700, section 4.4)."""
    if "{" not in how.authorize:
        return holder.platform
    host = urlsplit(there).netloc.casefold()
    return f"{holder.platform}-{blake2s(host.encode(), digest_size=6).hexdigest()}"


def callback(visit: Visit, holder: Holder, there: str) -> str:
    return f"{visit.origin}{BACK}/{where(holder, way(visit, holder), there)}"


def begin(visit: Visit, holder: Holder, *, by_key: bool) -> str:
    """The address where the person is asked. Raises BadInput, PlatformError."""
    there = visit.desk.accounts.there(holder)
    named = (holder.kind, holder.id, *([holder.brand] if by_key else []))
    state = ".".join((secrets.token_urlsafe(32), *named))
    redirect = callback(visit, holder, there)
    address = visit.desk.accounts.begin(
        holder, redirect=redirect, state=state, verifier=_verifier(visit, state)
    )
    visit.desk.once.offer(_mark(visit, state, redirect, there), visit.now + LASTS)
    return address


def at_its_brand(visit: Visit) -> Visit:
    """At the brand of the key with which it was begun; as it is, where a person began it here. Raises
    BadInput for a brand at which this person may not."""
    brand = _of_key(visit.query.get("state", ""))
    try:
        return replace(visit, brand=visit.brand_of(brand)) if brand else visit
    except (NotFound, Forbidden):
        raise BadInput("state", "of a brand that is not this person's") from None


def returned(visit: Visit, given: str) -> tuple[Holder, str]:
    """Whose account it is, and our address that was asked; the state is used up. Raises BadInput for what was
    not begun here, by this person, or came to another address than it was asked for."""
    state = visit.query.get("state", "")
    _, kind, id, *_ = (*state.split("."), "", "", "")
    try:
        holder = holder_of(visit, SECTIONS.get(kind, ""), id)
        there = visit.desk.accounts.there(holder)
    except NotFound:
        raise BadInput("state", "of nothing that there is") from None
    redirect = callback(visit, holder, there)
    if not visit.desk.once.spend(_mark(visit, state, redirect, there), visit.now):
        raise BadInput("state", "not begun here, too long ago, or used before")
    if given != redirect.rpartition("/")[2]:
        raise BadInput("state", "it came to the address of another network")
    if "iss" in visit.query and not _says_so(visit.query["iss"], way(visit, holder), there):
        raise BadInput("iss", "another network says that it asked")
    return holder, redirect


def finish(visit: Visit, holder: Holder, redirect: str) -> None:
    """Raises BadInput, PlatformError."""
    state, code = visit.query["state"], visit.query.get("code", "")
    if not code:
        raise BadInput("code", "is missing")
    visit.desk.accounts.finish(holder, code=code, redirect=redirect, verifier=_verifier(visit, state))


def _verifier(visit: Visit, state: str) -> str:
    made = hmac.digest(visit.desk.link_key(), f"connect\0{state}".encode(), sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")


def _mark(visit: Visit, state: str, redirect: str, there: str) -> str:
    session = "" if _of_key(state) else visit.refresh
    return steps.mark("connect", state, visit.member.id, session, visit.brand.id, redirect, there)


def _of_key(state: str) -> str:
    """The brand that a state of a key names; "" for any other."""
    return (*state.split("."), "", "", "", "")[3]


def _says_so(issuer: str, how: OAuth, there: str) -> bool:
    """RFC 9207: who gave the code is who was asked."""
    if how.issuer:
        return hmac.compare_digest(issuer.encode(), how.issuer.encode())
    try:
        said, asked = urlsplit(issuer), urlsplit(there)
    except ValueError:
        return False
    return (said.scheme, said.netloc) == (asked.scheme, asked.netloc)
