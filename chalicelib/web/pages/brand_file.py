"""The brand as one file: saved without its secrets; read back with a look at what would change first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.brandfile import plain, written
from chalicelib.brandfile.file import BrandFileError, read_apart
from chalicelib.brandfile.made import BrandSetup
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.logged import facts
from chalicelib.domain.roles import Deed
from chalicelib.domain.source import Source, continued
from chalicelib.errors import BadInput, Conflict
from chalicelib.tasks import Poll
from chalicelib.web import brand_words, keeping, settings
from chalicelib.web.i18n import N_, Words
from chalicelib.web.noting import noted
from chalicelib.web.visit import File, Go, Outcome, Page, Visit

ORDER = ("departments", "watches", "sources", "channels", "goals", "templates", "snippets")
TITLES = {
    settings.HEAD: N_("Who you are"),
    "departments": N_("Departments"),
    "watches": N_("Watches"),
    "sources": N_("Sources"),
    "channels": N_("Channels"),
    "goals": N_("Goals"),
    "templates": N_("Templates"),
    "snippets": N_("Snippets"),
}
TOGETHER = 90
"""Lines of the log in the one write of the brand: DynamoDB takes 100 items. More are noted before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`state`: new, changed, gone (it is taken away) or left (it stays, although the file has it not).
    `before` and `after` are in words; `was` and `now` as its form takes them."""

    section: str
    id: str
    name: str
    state: str
    before: str = ""
    after: str = ""
    was: plain.Plain
    now: plain.Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The brand as it is now, with its sources; `rev` is what a change of it is held against."""

    brand: Brand
    rev: int
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a file makes of the brand that was at `rev`, with the sources it `kept` then."""

    setup: BrandSetup
    rev: int
    kept: Sequence[Source]
    changes: Sequence[Change]


class OtherBrand(BadInput):
    """The file is of another brand."""

    def __init__(self, said: str) -> None:
        super().__init__("id", said)


def save(visit: Visit) -> File:
    found, text = as_file(visit, here(visit))
    return File(f"{found['id']}.yaml", "application/yaml; charset=utf-8", text.encode())


def here(visit: Visit) -> Here:
    brand, rev = visit.desk.brands.latest(visit.brand.id)
    sources = [source for source, _ in visit.desk.sources.of(brand.id)]
    return Here(brand=brand, rev=rev, sources=sources)


def as_file(visit: Visit, was: Here) -> tuple[plain.Plain, str]:
    """The brand as plain values and as YAML. Without a secret: in its place stands the name of a variable,
    with a word about it."""
    words, brand = visit.words, was.brand
    found = plain.whole(brand, was.sources, visit.desk.secrets.dates(brand.id))
    above = words.gettext("%(brand)s as a file, without its secrets. docs/brand-file.md explains every line.")
    secret = words.gettext("a secret: kept in Webspin, not in this file")

    def comment(path: tuple[str | int, ...], value: Any) -> str:
        return secret if isinstance(value, str) and value.startswith("env:") else ""

    return found, written.text(found, above=above % {"brand": brand.name}, comment=comment)


def show(visit: Visit) -> Page:
    return _page(visit, "")


def take(visit: Visit) -> Outcome:
    """Check the file and show what would change; with `do=keep`, keep it, if nothing changed meanwhile.

    Brand first, then sources, each by a write of its own: after a crash the same file does the rest.
    """
    text = (visit.form.get("file", "") or visit.form.get("text", "")).removeprefix("\ufeff")
    try:
        found = understood(visit, text)
    except BrandFileError as error:
        faults = [brand_words.line(fault, visit.words) for fault in error.found]
        return _page(visit, text, faults=faults)
    except OtherBrand as error:
        return _page(visit, text, faults=[("", "id", error.message)])
    if visit.form.get("do") != "keep":
        return _page(visit, text, changes=found.changes, seen=str(found.rev))
    if visit.form.get("seen") != str(found.rev):
        return _page(visit, text, changes=found.changes, seen=str(found.rev), late=True)
    try:
        put(visit, found)
    except Conflict:
        _, rev = visit.desk.brands.latest(visit.brand.id)
        return _page(visit, text, changes=found.changes, seen=str(rev), late=True)
    return Go("/brand?kept=import")


def understood(visit: Visit, text: str) -> Understood:
    """What a file asks for, beside the brand as it is. Raises BrandFileError, OtherBrand."""
    was = here(visit)
    brand, kept = was.brand, was.sources
    setup = read_apart(text, now=visit.now)
    if setup.brand.id != brand.id:
        said = visit.words.gettext("This file is of another brand: its id is %(theirs)s, not %(ours)s.")
        raise OtherBrand(said % {"theirs": setup.brand.id, "ours": brand.id})
    wanted = replace(setup.brand, console_url=brand.console_url).following(brand)
    setup = replace(setup, brand=wanted)
    setup = replace(setup, sources=tuple(_connected(each, kept, visit.now) for each in setup.sources))
    return Understood(setup=setup, rev=was.rev, kept=kept, changes=_changes(setup, brand, kept))


def _connected(source: Source, kept: Sequence[Source], now: datetime) -> Source:
    """One that was there goes on: its history stays history."""
    was = next((each for each in kept if each.id == source.id), None)
    return continued(source, was, now) if was else source


def put(visit: Visit, found: Understood) -> None:
    """With a line for each piece that changes. Raises Conflict where the brand was changed since."""
    setup = found.setup
    whole, *pieces = _lines(visit, found)
    with noted(visit.desk, *pieces[TOGETHER:]):
        visit.desk.brands.change(setup.brand, found.rev, whole, *pieces[:TOGETHER])
    there = visit.desk.secrets.dates(setup.brand.id)
    known = {source.id: source for source in found.kept}
    for source in setup.sources:
        was = known.get(source.id)
        if source.platform == "webhook":
            _keep_secret(visit, source, was, there)
        before, after = settings.differing(plain.source(was) if was else {}, plain.source(source))
        if was is None:
            visit.desk.sources.add(source, visit.line("source.add", of=source.id, after=after))
        elif source != was:
            line = visit.line("source.change", of=source.id, before=before, after=after)
            visit.desk.sources.change(source, was, line)
        if source != was and source.interval and not source.paused:
            visit.desk.tasks.send([Poll(source.brand, source.id)])


def _keep_secret(visit: Visit, source: Source, was: Source | None, there: Mapping[str, datetime]) -> None:
    """One that has none gets one, where we make it; what signs otherwise than before, another."""
    if was and was.settings != source.settings:
        keeping.drop_secrets(visit, was)
    elif keeping.hook_secrets(there, source.brand, source.id):
        return
    keeping.put_hook_secret(visit, source, "", needed=False)


def _lines(visit: Visit, found: Understood) -> list[AuditLine]:
    """Of the file, with the names in each section; and of each piece, as if it was changed by itself. A
    source's goes with its own write."""
    before, after = (
        facts({section: _named(found.changes, section, side) for section in TITLES})
        for side in ("before", "after")
    )
    whole = visit.line("brand.import", of=found.setup.brand.id, before=before, after=after)
    pieces = (each for each in found.changes if each.section != "sources")
    return [whole, *(settings.line(visit, each.section, each.id, each.was, each.now) for each in pieces)]


def _named(changes: Sequence[Change], section: str, side: str) -> str:
    """`Balie (four_eyes: no); Jeugd`: what there was, or is now, of what changes in a section."""
    found = (each for each in changes if each.section == section and each.state != "left")
    there = [each for each in found if (each.was if side == "before" else each.now)]
    said = [getattr(each, side) for each in there]
    return "; ".join(
        f"{each.name} ({told})" if told else each.name for each, told in zip(there, said, strict=True)
    )


def _changes(setup: BrandSetup, brand: Brand, kept: Sequence[Source]) -> list[Change]:
    found = [_compared(settings.HEAD, "", plain.head(brand), plain.head(setup.brand))]
    for section in ORDER:
        if section == "sources":
            was = {each.id: plain.source(each) for each in kept}
            now = {each.id: plain.source(each) for each in setup.sources}
        else:
            was, now = dict(settings.pieces(brand, section)), dict(settings.pieces(setup.brand, section))
        found += [_compared(section, id, was.get(id, {}), now.get(id, {})) for id in {**was, **now}]
    return [change for change in found if change]


def _compared(section: str, id: str, was: plain.Plain, now: plain.Plain) -> Change | None:
    if was == now:
        return None
    before, after = _told(was, now)
    state = "changed" if was and now else "new" if now else "left" if section == "sources" else "gone"
    name = str((now or was).get("name") or id)
    return Change(
        section=section, id=id, name=name, state=state, before=before, after=after, was=was, now=now
    )


def _told(was: plain.Plain, now: plain.Plain) -> tuple[str, str]:
    if not (was and now):
        return "", ""
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return tuple(
        "; ".join(f"{name}: {settings.in_words(found.get(name))}" for name in names) for found in (was, now)
    )  # type: ignore[return-value]


def _page(
    visit: Visit,
    text: str,
    *,
    faults: Sequence[tuple[str, str, str]] = (),
    changes: Sequence[Change] | None = None,
    seen: str = "",
    late: bool = False,
) -> Page:
    values = {
        "text": text.replace("\r\n", "\n"),
        "faults": faults,
        "changes": changes,
        "titles": {name: _title(name, visit.words) for name in TITLES},
        "seen": seen,
        "late": late,
        "may": visit.may(Deed.MANAGE),
    }
    status = 422 if faults else 409 if late else 200
    return Page(template="brand_file.html", place="brand", values=values, status=status)


def _title(name: str, words: Words) -> str:
    return words.gettext(TITLES[name])
