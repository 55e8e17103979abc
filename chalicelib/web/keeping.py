"""Sources and secrets as a person changes them. A secret is set, replaced or removed, and never read.

In this order: a secret before what needs it, and after what needed it; so that nothing is asked before it can
be answered.
"""

import secrets as chance
from base64 import b64encode
from dataclasses import replace

from chalicelib.brandfile import made, plain
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.source import Source
from chalicelib.errors import Conflict
from chalicelib.tasks import Poll
from chalicelib.web import settings
from chalicelib.web.noting import noted
from chalicelib.web.settings import Changed, Saved
from chalicelib.web.visit import Visit

LONGEST = 2000
"""Characters of a secret."""


def wish(visit: Visit, given: Plain) -> tuple[Source | None, list[Fault]]:
    """A source that is not kept yet, as this form would make it."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    ids = [source.id for source, _ in visit.desk.sources.of(brand.id)]
    wanted = settings.merged({}, given)
    wanted.setdefault("id", settings.new_id(wanted, "sources", ids))
    form, faults = settings.validated(visit, brand, "sources", "", wanted)
    return (None, faults) if faults else (made.source(brand.id, form, visit.now), [])


def add(visit: Visit, source: Source, secrets: dict[str, str]) -> str:
    """Its secret, the source, its first poll. Gives the secret that was made for what calls us, else "".
    Raises Conflict if somebody else just added one of its id."""
    if source.platform == "webhook":
        secrets = hook_values()
    if secrets:
        put_secret(visit, made.source_secret(source.brand, source.id, source.platform), secrets)
    _, after = settings.differing({}, plain.source(source))
    visit.desk.sources.add(source, visit.line("source.add", of=source.id, after=after))
    _ask(visit, source)
    return secrets["secret"] if source.platform == "webhook" else ""


def change(visit: Visit, id: str, given: Plain, seen: str) -> Saved:
    """Raises Changed, NotFound."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    was = plain.source(source)
    if settings.mark(was) != seen:
        raise Changed(was)
    wanted = settings.merged(was, given)
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    form, faults = settings.validated(visit, brand, "sources", id, wanted)
    if faults:
        return Saved(id=id, faults=tuple(faults))
    new = replace(made.source(brand.id, form, visit.now), connected_at=source.connected_at)
    before, after = settings.differing(was, plain.source(new))
    try:
        visit.desk.sources.change(new, source, visit.line("source.change", of=id, before=before, after=after))
    except Conflict:
        raise Changed(plain.source(visit.desk.sources.get(visit.brand.id, id)[0])) from None
    _ask(visit, new)
    return Saved(id=id)


def remove(visit: Visit, id: str, seen: str) -> None:
    """The source, then its secret. Raises Changed, NotFound."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    was = plain.source(source)
    if settings.mark(was) != seen:
        raise Changed(was)
    before, _ = settings.differing(was, {})
    visit.desk.sources.remove(source, visit.line("source.remove", of=id, before=before))
    name = made.source_secret(source.brand, id, source.platform)
    if name in visit.desk.secrets.dates(source.brand):
        drop_secret(visit, name)


def poll_now(visit: Visit, id: str) -> None:
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    _ask(visit, source)


def _ask(visit: Visit, source: Source) -> None:
    if source.interval and not source.paused:
        visit.desk.tasks.send([Poll(source.brand, source.id)])


# secrets -----------------------------------------------------------------------------------------


def put_secret(visit: Visit, name: str, values: dict[str, str]) -> None:
    """Named in the log before it is set, without its value."""
    with noted(visit.desk, visit.line("secret.set", of=name)):
        visit.desk.secrets.put(name, values)


def drop_secret(visit: Visit, name: str) -> None:
    with noted(visit.desk, visit.line("secret.remove", of=name)):
        visit.desk.secrets.remove(name)


def hook_values() -> dict[str, str]:
    """A new secret of Standard Webhooks, as it is kept."""
    return {
        "scheme": "standard-webhooks",
        "secret": f"whsec_{b64encode(chance.token_bytes(32)).decode()}",
    }


def usable(value: str) -> bool:
    return bool(value) and len(value) <= LONGEST and value.isprintable()
