"""Write a brand as its file says through the ports: the same on AWS and on the local emulator."""

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.brandfile import hooks
from chalicelib.brandfile.made import BrandSetup
from chalicelib.brandfile.values import GENERATE
from chalicelib.domain import audit
from chalicelib.domain.brand import Brand
from chalicelib.domain.logged import facts
from chalicelib.domain.source import Source, continued
from chalicelib.errors import NotFound
from chalicelib.ports import Brands, Secrets, Sources, Tasks
from chalicelib.tasks import Poll


def load(setup: BrandSetup, *, brands: Brands, sources: Sources, secrets: Secrets, tasks: Tasks) -> list[str]:
    """Safe to repeat. A source that was there keeps the moment it was connected, or its history would
    become news, or its news history (another address begins anew); a generated secret is made once.

    Secrets go first and sources last, so that nothing is asked before it can be answered; what is new
    or changed is polled at once, not when its minute comes. Returns lines to print.
    """
    for name, values in setup.secrets.items():
        _keep(name, values, secrets)
    told = {"sources": str(len(setup.sources)), "channels": str(len(setup.brand.channels))}
    line = audit.line(setup.brand.id, datetime.now(UTC), "load", "brand.load", after=facts(told))
    brands.put(_following(setup.brand, brands), line)
    changed = []
    for source in setup.sources:
        known = _known(source, sources)
        wanted = continued(source, known, source.connected_at) if known else source
        if wanted != known:
            sources.change(wanted, known) if known else sources.add(wanted)
            changed.append(wanted)
    tasks.send(Poll(source.brand, source.id) for source in changed if source.interval)
    named = {source.id for source in setup.sources}
    left = (source for source, _ in sources.of(setup.brand.id) if source.id not in named)
    return [*_told(setup), *map(_left, left)]


def hook_path(source: Source) -> str:
    """Where a source is called, below the webhook Lambda's address."""
    return f"/{source.brand}/{source.id}"


def _following(brand: Brand, brands: Brands) -> Brand:
    try:
        return brand.following(brands.latest(brand.id)[0])
    except NotFound:
        return brand


def _known(source: Source, sources: Sources) -> Source | None:
    try:
        return sources.get(source.brand, source.id)[0]
    except NotFound:
        return None


def _keep(name: str, values: dict[str, str], secrets: Secrets) -> None:
    kept = dict(secrets.get(name, fresh=True))
    if "given_at" in kept:
        return  # its network gave it to a person, who connected the account
    if "app/" in name:
        values = {**kept, **values}
    if "scheme" in values:
        values = hooks.completed(values, kept)
    if values.get("secret") == GENERATE:
        same = kept if kept.get("scheme") == values["scheme"] else {}
        if not same and secrets.get(f"{name}/b", fresh=True).get("scheme") == values["scheme"]:
            return  # it was renewed in the console
        made = same.get("secret") or hooks.new_secret(values["scheme"])
        values = {**same, **values, "secret": made}  # a second secret, while one is changed, stays
    if values != kept:
        secrets.put(name, values)


def _told(setup: BrandSetup) -> Iterator[str]:
    brand = setup.brand
    yield f"{brand.name}: {len(setup.sources)} sources, {len(brand.channels)} channels"
    for source in setup.sources:
        name = f"hook/{source.brand}/{source.id}"
        if name in setup.secrets:
            yield f"{source.name} is called at POST {hook_path(source)}; its secret is kept as {name}"


def _left(source: Source) -> str:
    return f"{source.name} ({source.id}) is no longer in the file, and is still listened to"
