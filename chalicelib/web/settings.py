"""What a person changes of a brand: one piece at a time, checked by the very forms of the brand file.

A piece is the head, or an entry of a section. Whoever changes one names it as they saw it (`mark`): if it
is another by now, they are shown that first. A change of another piece in between is no conflict, and stays.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Any

from chalicelib.brandfile import made, plain, references
from chalicelib.brandfile.checked import checked
from chalicelib.brandfile.connected import AnyChannel, AnySource
from chalicelib.brandfile.forms import (
    DepartmentForm,
    GoalForm,
    HeadForm,
    SnippetForm,
    TemplateForm,
    WatchForm,
)
from chalicelib.brandfile.lines import Document, Fault, Path
from chalicelib.brandfile.plain import Plain
from chalicelib.brandfile.values import short_name
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.budget import budgets
from chalicelib.domain.logged import facts
from chalicelib.domain.source import Source
from chalicelib.errors import Conflict, NotFound, WebspinError
from chalicelib.web import costs
from chalicelib.web.visit import Visit

HEAD = "brand"
FORMS: dict[str, Any] = {
    HEAD: HeadForm,
    "departments": DepartmentForm,
    "watches": WatchForm,
    "goals": GoalForm,
    "templates": TemplateForm,
    "snippets": SnippetForm,
    "channels": AnyChannel,
    "sources": AnySource,
}
ONE = {
    HEAD: "brand",
    "departments": "department",
    "watches": "watch",
    "goals": "goal",
    "templates": "template",
    "snippets": "snippet",
    "channels": "channel",
    "sources": "source",
}
"""What an entry of a section is called, in the log and where it has no name of its own."""
RESERVED = frozenset({"new", "watches", "import", "file"})
"""No ids: they are addresses."""
TRIES = 5


class Changed(Conflict):
    """Somebody changed it since it was shown; `now` is what it is."""

    def __init__(self, now: Plain) -> None:
        super().__init__("somebody changed it first")
        self.now = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """`faults` have their paths within the piece; empty: it is kept, under `id`."""

    id: str
    faults: tuple[Fault, ...] = ()


def pieces(brand: Brand, section: str) -> list[tuple[str, Plain]]:
    """The entries of a section by id, as their forms take them."""
    match section:
        case "departments":
            return [(each.id, plain.department(each)) for each in brand.departments]
        case "watches":
            return [(each.id, plain.watch(each)) for each in brand.watches]
        case "goals":
            return [(each.id, plain.goal(each)) for each in brand.goals]
        case "channels":
            return [(each.id, plain.channel(each)) for each in brand.channels]
        case "templates":
            return [(each.id, plain.template(each)) for each in brand.templates]
        case "snippets":
            return [(each.id, plain.snippet(each)) for each in brand.snippets]
    raise NotFound(f"section {section}")


def piece(brand: Brand, section: str, id: str) -> Plain:
    """What stands there; {} for a new one. Raises NotFound."""
    if section == HEAD:
        return plain.head(brand)
    if not id:
        return {}
    found = dict(pieces(brand, section)).get(id)
    if found is None:
        raise NotFound(f"{section} {id}")
    return found


def mark(found: Plain) -> str:
    return blake2s(json.dumps(found, sort_keys=True).encode(), digest_size=8).hexdigest()


def save(visit: Visit, section: str, id: str, given: Plain, seen: str) -> Saved:
    """`id` "" for a new entry; `given` is merged over what stands there. Raises Changed, NotFound."""
    for _ in range(TRIES):
        brand, rev = visit.desk.brands.latest(visit.brand.id)
        was = piece(brand, section, id)
        if id and mark(was) != seen:
            raise Changed(was)
        wanted = merged(was, given)
        if section in references.NAMED and not id and not wanted.get("id"):
            wanted["id"] = new_id(wanted, section, [each for each, _ in pieces(brand, section)])
        form, faults = validated(visit, brand, section, id, wanted)
        if faults:
            return Saved(id=id, faults=tuple(faults))
        changed, kept = _with(brand, section, id, form)
        try:
            visit.desk.brands.change(
                changed, rev, line(visit, section, kept, was, piece(changed, section, kept))
            )
        except Conflict:
            continue
        if budgets(changed) != budgets(brand):
            costs.wake(visit, costs.STALE)
        return Saved(id=kept)
    raise WebspinError("the brand is changed by others all the time")


def remove(visit: Visit, section: str, id: str, seen: str) -> list[str]:
    """The names of what still needs it; empty: it is gone. Raises Changed, NotFound."""
    for _ in range(TRIES):
        brand, rev = visit.desk.brands.latest(visit.brand.id)
        was = piece(brand, section, id)
        if mark(was) != seen:
            raise Changed(was)
        left = _without(brand, section, id)
        if needed := list(_needing(visit, brand, left)):
            return needed
        try:
            visit.desk.brands.change(left, rev, line(visit, section, id, was, {}))
        except Conflict:
            continue
        return []
    raise WebspinError("the brand is changed by others all the time")


def validated(visit: Visit, brand: Brand, section: str, id: str, wanted: Plain) -> tuple[Any, list[Fault]]:
    """The form of a piece, and what is wrong with it: by itself, and beside the others."""
    sources = [source for source, _ in visit.desk.sources.of(brand.id)]
    document = _document(brand, sources)
    before = set(references.faults(document))
    under: Path = ()
    if section == HEAD:
        document.value = {**_raw(document), **wanted}
    else:
        listed = _raw(document).setdefault(section, [])
        ids = [references.id_of(each) for each in listed] if section != "templates" else []
        at = ids.index(id) if id in ids else len(listed)
        listed[at : at + 1] = [wanted]
        under = (section, at)
    faults = [fault for fault in references.faults(document) if fault not in before]
    form, wrong = checked(FORMS[section], wanted, document, under)
    return form, [replace(fault, path=fault.path[len(under) :]) for fault in dict.fromkeys(faults + wrong)]


def merged(was: Plain, given: Plain) -> Plain:
    """What is given over what stands there, without what is left empty."""
    found = dict(was)
    for name, value in given.items():
        below = found.get(name)
        inner = isinstance(value, dict) and isinstance(below, dict) and name not in ("hours", "slots")
        found[name] = merged(below or {}, value) if inner else value
    return {name: value for name, value in found.items() if name == "hours" or value not in ("", [], {})}


def new_id(wanted: Plain, section: str, taken: Sequence[str]) -> str:
    """Made of the name, and another than those there are."""
    base = short_name(str(wanted.get("name") or "")) or ONE[section]
    if base not in taken and base not in RESERVED:
        return base
    numbered = (f"{base[:36]}-{n}" for n in range(2, 1000))
    return next(each for each in numbered if each not in taken)


def _with(brand: Brand, section: str, id: str, form: Any) -> tuple[Brand, str]:
    """The brand with this piece, and the id it has there."""
    if section == HEAD:
        changed = replace(brand, **made.head(form))
        own = plain.own_templates(brand)
        return replace(changed, templates=made.templates(own, changed.languages)), ""
    if section == "templates":
        return _with_template(brand, id, form)
    new = _made(brand, section, form)
    listed = getattr(brand, section)
    listed = tuple(new if each.id == id else each for each in listed) if id else (*listed, new)
    return _replaced(brand, section, listed).following(brand), new.id


def _made(brand: Brand, section: str, form: Any) -> Any:
    match section:
        case "departments":
            return made.department(form)
        case "watches":
            return made.watch(form)
        case "goals":
            return made.goal(form)
        case "snippets":
            return made.snippet(form)
    return made.channel(brand.id, form)


def _replaced(brand: Brand, section: str, listed: tuple[Any, ...]) -> Brand:
    change: dict[str, Any] = {section: listed}
    return replace(brand, **change)


def _with_template(brand: Brand, id: str, form: TemplateForm) -> tuple[Brand, str]:
    """One of ours that was changed is the brand's own from then on."""
    own = list(plain.own_templates(brand))
    at = next((at for at, each in enumerate(own) if each.id == id), len(own))
    own[at : at + 1] = [made.template(form)]
    listed = made.templates(own, brand.languages)
    return replace(brand, templates=listed), listed[at].id


def _without(brand: Brand, section: str, id: str) -> Brand:
    if section == "templates":
        own = [each for each in plain.own_templates(brand) if each.id != id]
        return replace(brand, templates=made.templates(own, brand.languages))
    listed = tuple(each for each in getattr(brand, section) if each.id != id)
    return _replaced(brand, section, listed).following(brand)


def _needing(visit: Visit, brand: Brand, left: Brand) -> Iterator[str]:
    """What would name something that is not there any more; a brand without departments answers nothing."""
    if not left.departments:
        yield brand.name
    sources = [source for source, _ in visit.desk.sources.of(brand.id)]
    before = {fault.said for fault in references.faults(_document(brand, sources))}
    document = _document(left, sources)
    for fault in references.faults(document):
        if fault.said not in before:
            entry = _raw(document)[str(fault.path[0])][int(fault.path[1])]
            yield str(entry["name"])


def _document(brand: Brand, sources: Sequence[Source]) -> Document:
    """The whole brand as the file would have it, without lines."""
    sections = {
        name: [value for _, value in pieces(brand, name)] for name in FORMS if name not in (HEAD, "sources")
    }
    head = {name: value for name, value in plain.head(brand).items() if value not in ("", [])}
    named = [
        {name: getattr(each, name) for name in ("name", "id", "platform", "channel", "watch")}
        for each in sources
    ]
    return Document(value={**head, **sections, "sources": [_said(each) for each in named]})


def _said(entry: Plain) -> Plain:
    return {name: value for name, value in entry.items() if value}


def _raw(document: Document) -> dict[str, Any]:
    assert isinstance(document.value, dict)
    return document.value


def line(visit: Visit, section: str, id: str, was: Plain, now: Plain) -> AuditLine:
    """Of one piece that is another now; {} for what was not, or is no more."""
    verb = "change" if was and now else "add" if now else "remove"
    before, after = differing(was, now)
    return visit.line(f"{ONE[section]}.{verb}", of=id or visit.brand.id, before=before, after=after)


def differing(was: Plain, now: Plain) -> tuple[str, str]:
    """What is not the same in both, for the log."""
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    before, after = ({name: in_words(found.get(name)) for name in names} for found in (was, now))
    return facts(before), facts(after)


def in_words(value: Any) -> str:
    """A plain value on one line."""
    if isinstance(value, list):
        return ", ".join(map(in_words, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
