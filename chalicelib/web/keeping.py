"""Sources and secrets as a person changes them. A secret is set, replaced or removed, and never read.

In this order: a secret before what needs it, and after what needed it; so that nothing is asked before it can
be answered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.brandfile import hooks, made, plain
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.keyring import beside
from chalicelib.domain.knock import SIGNINGS, fits, slots
from chalicelib.domain.source import Source, continued
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.tasks import Poll
from chalicelib.web import callers, settings
from chalicelib.web.brand_fields import Field
from chalicelib.web.noting import noted
from chalicelib.web.settings import Changed, Saved
from chalicelib.web.visit import Visit

LONGEST = 2000
"""Characters of a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What was made for a source that calls us, to be shown this once. `secret` is "" where its network had
    it; `word` as in `domain/knock.py`; `keys` are p256dh and auth of who is pushed to."""

    secret: str = ""
    word: str = ""
    keys: tuple[str, str] = ("", "")

    def __bool__(self) -> bool:
        return bool(self.secret or self.word)


NOTHING = Once()


def wish(visit: Visit, given: Plain) -> tuple[Source | None, list[Fault]]:
    """A source that is not kept yet, as this form would make it."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    ids = [source.id for source, _ in visit.desk.sources.of(brand.id)]
    wanted = settings.merged({}, given)
    wanted.setdefault("id", settings.new_id(wanted, "sources", ids))
    form, faults = settings.validated(visit, brand, "sources", "", wanted)
    return (None, faults) if faults else (made.source(brand.id, form, visit.now), [])


def twin(visit: Visit, source: Source) -> Source | None:
    """A source that is kept and listens to the same already. Those that call us are told apart by their own
    addresses, and sandboxes are no place."""
    if source.platform in ("webhook", "sandbox"):
        return None
    listed = (each for each, _ in visit.desk.sources.of(visit.brand.id) if each.platform == source.platform)
    return next((each for each in listed if _told(each.place) == _told(source.place)), None)


def _told(place: Mapping[str, str]) -> dict[str, str]:
    """Addresses without what makes no other of them."""
    bare = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
    return {
        name: bare.sub("", value).rstrip("/").casefold() if bare.match(value) else value
        for name, value in place.items()
    }


def add(visit: Visit, source: Source, secrets: Mapping[str, str]) -> Once:
    """Its secret, the source, its first poll. Raises Conflict if somebody else just added one of its id, and
    BadInput for a secret that cannot be one."""
    once = NOTHING
    if source.platform == "webhook":
        once = put_hook_secret(visit, source, secrets.get("secret", ""), needed=False)
    elif secrets:
        own = plain.form_of("sources", {"platform": source.platform, **source.settings}).OWN
        put_keys(visit, made.source_secret(source.brand, source.id, source.platform), own, secrets)
    _, after = settings.differing({}, plain.source(source))
    visit.desk.sources.add(source, visit.line("source.add", of=source.id, after=after))
    _ask(visit, source)
    return once


def change(visit: Visit, id: str, given: Plain, seen: str, *, meanwhile: bool = False) -> Saved:
    """Where a pause ends, what came `meanwhile` is history unless it is asked for; where the address is
    another, what is there is. Raises Changed, NotFound."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    was = plain.source(source)
    if settings.mark(was) != seen:
        raise Changed(was)
    wanted = settings.merged(was, given)
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    form, faults = settings.validated(visit, brand, "sources", id, wanted)
    if faults:
        return Saved(id=id, faults=tuple(faults))
    new = continued(made.source(brand.id, form, visit.now), source, visit.now, meanwhile=meanwhile)
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
    drop_secrets(visit, source)


def poll_now(visit: Visit, id: str) -> None:
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    _ask(visit, source)


def _ask(visit: Visit, source: Source) -> None:
    if source.interval and not source.paused:
        visit.desk.tasks.send([Poll(source.brand, source.id)])


# secrets -----------------------------------------------------------------------------------------


def put_secret(visit: Visit, name: str, values: Mapping[str, str]) -> None:
    """Named in the log before it is set, without its value."""
    with noted(visit.desk, visit.line("secret.set", of=name)):
        visit.desk.secrets.put(name, values)


def put_keys(visit: Visit, name: str, own: str, values: Mapping[str, str]) -> None:
    """What a person typed for a channel or source: the one called `own` by itself, the others beside it."""
    if kept := {key: value for key, value in values.items() if key == own}:
        put_secret(visit, name, kept)
    if rest := {key: value for key, value in values.items() if key != own}:
        with noted(visit.desk, visit.line("secret.set", of=beside(name))):
            visit.desk.accounts.type(beside(name), rest)
    untest(visit, name)


def untest(visit: Visit, name: str) -> None:
    """What the daily test knew of the key that is kept so holds no more."""
    kind, _, rest = name.partition("/")
    visit.desk.pulse.untest(visit.brand.id, f"{kind}/{rest.partition('/')[2]}")


def drop_secret(visit: Visit, name: str) -> None:
    with noted(visit.desk, visit.line("secret.remove", of=name)):
        visit.desk.secrets.remove(name)
    if name.startswith(("channel/", "source/")):
        untest(visit, name)


def drop_secrets(visit: Visit, source: Source) -> None:
    """All that a source has."""
    there = visit.desk.secrets.dates(source.brand)
    one = made.source_secret(source.brand, source.id, source.platform)
    for name in slots(source.brand, source.id) if source.platform == "webhook" else (one, beside(one)):
        if name in there:
            drop_secret(visit, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What is said of a secret; `since` when it was set, in words, "" if it is not there. `own`: it lies by
    itself."""

    name: str
    own: bool
    label: str
    hint: str
    since: str


def said(visit: Visit, kept: str, own: str, fields: Sequence[Field]) -> list[Secret]:
    """Of the secrets among these fields; what lies beside `kept` has one moment together."""
    dates = visit.desk.secrets.dates(visit.brand.id)
    besides = dates.get(beside(kept))
    typed = visit.desk.accounts.typed(beside(kept)) if besides else ()
    found = []
    for field in (field for field in fields if field.kind == "secret"):
        since = dates.get(kept) if field.name == own else besides if field.name in typed else None
        found.append(
            Secret(
                name=field.name,
                own=field.name == own,
                label=visit.words.gettext(field.label),
                hint=visit.words.gettext(field.hint) if field.hint else "",
                since=visit.words.at(since) if since else "",
            )
        )
    return found


def put_hook_secret(visit: Visit, source: Source, given: str, *, needed: bool = True) -> Once:
    """A new secret of a source that calls us, beside the newest there is: both are good until the older one
    is ended, or another comes. `given` is what its network shows; "" where we make one. Raises BadInput."""
    scheme = callers.scheme_of(source)
    if given and not fits(scheme, given):
        raise BadInput("secret", "a secret as its network shows it")
    values = hooks.fresh(source.settings, given, visit.now)
    if not values and needed:
        raise BadInput("secret", "the secret that its network shows")
    if not values:
        return NOTHING
    a, b = slots(source.brand, source.id)
    newest = next(iter(hook_secrets(visit.desk.secrets.dates(source.brand), source.brand, source.id)), "")
    put_secret(visit, b if newest == a else a, values)
    word = values.get("word", "") or (values["secret"] if SIGNINGS[scheme].in_path else "")
    keys = visit.desk.push_keys(values["secret"]) if scheme == "web-push" and not given else ("", "")
    return Once(secret="" if given else values["secret"], word=word, keys=keys)


def end_old_secret(visit: Visit, source: Source) -> None:
    """Only the newest is good from now on. Raises NotFound where there is one."""
    kept = hook_secrets(visit.desk.secrets.dates(source.brand), source.brand, source.id)
    if len(kept) < 2:
        raise NotFound("there is no older secret")
    drop_secret(visit, kept[1])


def hook_secrets(dates: Mapping[str, datetime], brand: str, id: str) -> list[str]:
    """The names of the secrets by which a source calls us, the newest first."""
    there = [name for name in slots(brand, id) if name in dates]
    return sorted(there, key=lambda name: (dates[name], name), reverse=True)


def usable(value: str) -> bool:
    return bool(value) and len(value) <= LONGEST and value.isprintable()
