"""What the brand is, piece by piece, each as the brand file says it (docs/brand-file.md). No secret is ever
among it.

A piece is put whole: what is left out is as if nobody had ever said it. What is given out as an id stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from chalicelib.brandfile import made, plain
from chalicelib.brandfile.forms import OFFICE
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.brandfile.values import short_name
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.web import keeping, looking, settings
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal, Wrong, pointer
from chalicelib.web.api.shapes import SHOWN_ONCE, Empty, Listed, Moment, Note, Shape
from chalicelib.web.keeping import NOTHING, Once
from chalicelib.web.pages import entry as page
from chalicelib.web.settings import HEAD, Saved

FIXED = {"sources": ("id", "platform", "kind", "scheme", "topic"), "channels": ("id", "platform")}
"""What a piece keeps for as long as it is there; any other its id."""


class Piece(BaseModel):
    """The fields of a piece as in the brand file: `{"name": "Our name", "terms": ["library"]}`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    def fields(self) -> Plain:
        return dict(self.model_extra or {})


class Head(Shape):
    """What the brand says of itself: name, zone, languages, story, tone, disclosure, mail; and what the
    honesty check does, on which days it is closed, and which model drafts (`drafter`; left out: none)."""

    id: str
    values: dict[str, Any]


class Entry(Shape):
    """`values` as in the brand file, without secrets; `secret_since` is when its secret was set, and
    `old_secret_since` when the one before it was, of a source that calls us, while that is good too."""

    section: str
    id: str
    values: dict[str, Any]
    secret_since: Moment | None
    old_secret_since: Moment | None


class MadeEntry(Entry):
    """`secret` is what a source that calls us signs with, shown this once; null for any other, and where its
    network made it. `word` goes with it: what its network asks with, or the end of its address. `keys` are
    p256dh and auth for Web Push. `note` says so where they were shown before."""

    once = frozenset({"secret", "word", "keys", "note"})
    secret: str | None
    word: str | None
    keys: tuple[str, str] | None
    note: Note = None

    def without_secret(self) -> Self:
        gone = {"secret": None, "word": None, "keys": None, "note": SHOWN_ONCE}
        return self.model_copy(update=gone) if self.secret or self.word else self


def get(call: Call) -> Head:
    """What the brand says of itself."""
    brand, _ = call.desk.brands.latest(call.brand.id)
    return Head(id=brand.id, values=settings.piece(brand, HEAD, HEAD))


def change(call: Call, body: Piece) -> Head:
    """Say it anew."""
    kept = get(call)
    call.expect(kept)
    given = whole(kept.values, body.fields(), ("id",))
    refuse(settings.save(call.visit, HEAD, HEAD, given, settings.mark(kept.values)))
    return get(call)


def browse(call: Call, section: str) -> Listed[Entry]:
    """All entries of a section: departments, watches, sources, channels, goals or templates."""
    dates = call.desk.secrets.dates(call.brand.id)
    found = _entries(call, section).items()
    return Listed[Entry](items=[_shown(call, section, id, each, dates) for id, each in found])


def get_entry(call: Call, section: str, entry: str) -> Entry:
    """One entry."""
    dates = call.desk.secrets.dates(call.brand.id)
    return _shown(call, section, entry, _piece(call, section, entry), dates)


def add(call: Call, section: str, body: Piece) -> MadeEntry:
    """Add one. Its id is made of its name where none is given; its secret is set after it."""
    known, given = _entries(call, section), body.fields()
    keyless(section, given)
    if there := call.made(f"{settings.ONE[section]}.add"):
        return _made(call, section, there)
    if section == "templates":
        return _made(call, section, _saved(call, section, given))
    id = given.get("id") or short_name(str(given.get("name") or ""))
    if not isinstance(id, str) or not id:
        raise BadInput("name", "a name, of which an id can be made")
    if id in known or id in settings.RESERVED:
        raise BadInput("id", f"another id than {id}, which is taken")
    if section == "sources":
        return _add_source(call, {**given, "id": id})
    return _made(call, section, _saved(call, section, {**given, "id": id}))


def change_entry(call: Call, section: str, entry: str, body: Piece) -> Entry:
    """Say anew what it is. Of a source that goes on after a pause `"meanwhile": "yes"` makes work of what
    came in it; else that is history."""
    kept, was = expected(call, section, entry)
    given = body.fields()
    meanwhile = given.pop("meanwhile", "no") if section == "sources" else "no"
    if meanwhile not in ("yes", "no"):
        raise BadInput("meanwhile", "yes or no")
    keyless(section, given)
    given = whole(kept.values, given, FIXED.get(section, ("id",)))
    if section == "departments":
        given = _staffed(was, given)
    seen = settings.mark(was)
    if section == "sources":
        refuse(keeping.change(call.visit, entry, given, seen, meanwhile=meanwhile == "yes"))
        return get_entry(call, section, entry)
    return get_entry(call, section, _saved(call, section, given, entry, seen))


def remove(call: Call, section: str, entry: str, body: Empty) -> Entry:
    """For good, with its secret; not what another entry names."""
    kept, was = expected(call, section, entry)
    seen = settings.mark(was)
    if section == "sources":
        keeping.remove(call.visit, entry, seen)
    elif needed := page.remove(call.visit, section, entry, seen):
        raise Refusal(409, f"It is still needed by: {', '.join(needed)}.")
    return kept


def expected(call: Call, section: str, entry: str) -> tuple[Entry, Plain]:
    """The entry that If-Match is of, as it is shown and as it is kept: by one look, for the write to be held
    against."""
    was = _piece(call, section, entry)
    found = _shown(call, section, entry, was, call.desk.secrets.dates(call.brand.id))
    call.expect(found)
    return found, was


def refuse(saved: Saved) -> str:
    """The id of what was kept. Raises Refusal for what is wrong, each at its field."""
    if saved.faults:
        raise faulty(saved.faults)
    return saved.id


def faulty(faults: Sequence[Fault]) -> Refusal:
    return Refusal(422, "", *(Wrong(detail=each.said, pointer=pointer(each.path)) for each in faults))


def _saved(call: Call, section: str, given: Plain, id: str = "", seen: str = "") -> str:
    return refuse(settings.save(call.visit, section, id, given, seen))


def _add_source(call: Call, given: Plain) -> MadeEntry:
    """A feed is looked at before it is kept, as in the console; a page that names one leads to it."""
    if given.get("platform") == "feed":
        look = looking.at_address(call.visit, given)
        found, faults = look.source, list(look.faults)
        if look.links:
            named = ", ".join(link.url for link in look.links)
            raise BadInput("url", f"one feed; this page names {named}")
        if not faults and look.reason:
            raise BadInput("url", look.reason)
        known = look.known
    else:
        found, faults = keeping.wish(call.visit, given)
        known = keeping.twin(call.visit, found) if found else None
    if found is None:
        raise faulty(faults)
    if known:
        raise Refusal(409, f"The source {known.id} listens there already.")
    try:
        once = keeping.add(call.visit, found, {})
    except Conflict:
        once = NOTHING
    return _made(call, "sources", found.id, once)


def _entries(call: Call, section: str) -> dict[str, Plain]:
    """Raises NotFound for a section that there is not."""
    if section == "sources":
        return {each.id: plain.source(each) for each, _ in call.desk.sources.of(call.brand.id)}
    brand, _ = call.desk.brands.latest(call.brand.id)
    return dict(settings.pieces(brand, section))


def _piece(call: Call, section: str, id: str) -> Plain:
    found = _entries(call, section).get(id)
    if found is None:
        raise NotFound("no such entry")
    return found


def _made(call: Call, section: str, id: str, once: Once = NOTHING) -> MadeEntry:
    found = get_entry(call, section, id)
    hidden = not once and found.secret_since and found.values.get("platform") == "webhook"
    return once_made(found, once, SHOWN_ONCE if hidden else None)


def once_made(found: Entry, once: Once, note: str | None = None) -> MadeEntry:
    return MadeEntry(
        **found.model_dump(),
        secret=once.secret or None,
        word=once.word or None,
        keys=once.keys if any(once.keys) else None,
        note=note,
    )


def _shown(call: Call, section: str, id: str, found: Plain, dates: Mapping[str, datetime]) -> Entry:
    if section == "sources" and found["platform"] == "webhook":
        names = keeping.hook_secrets(dates, call.brand.id, id)
    elif section == "sources":
        names = [made.source_secret(call.brand.id, id, str(found["platform"]))]
    else:
        names = [page.secret_name(call.brand, section, id)]
    since, old = [*(dates.get(name) for name in names), None, None][:2]
    return Entry(
        section=section, id=id, values=shown(section, found), secret_since=since, old_secret_since=old
    )


def shown(section: str, found: Plain) -> Plain:
    """Without its secrets."""
    hidden = secret_names(section, found)
    values = {name: value for name, value in found.items() if name not in hidden}
    if section == "departments":
        values["alert"] = {"mail": found["alert"]["mail"]}
    return values


def secret_names(section: str, found: Plain) -> tuple[str, ...]:
    return plain.form_of(section, found).SECRETS if section in ("sources", "channels") else ()


def keyless(section: str, given: Plain) -> None:
    """Raises Refusal for a secret among what is given: those have an operation of their own."""
    texts = {name: value if isinstance(value, str) else "" for name, value in given.items()}
    named: list[tuple[str, ...]] = [(name,) for name in secret_names(section, texts) if name in given]
    alert = given.get("alert")
    if section == "departments" and isinstance(alert, dict) and "webhook" in alert:
        named = [("alert", "webhook")]
    said = "a secret is set by itself, at the address of what it is of"
    if named:
        raise Refusal(422, "", *(Wrong(detail=said, pointer=pointer(each)) for each in named))


def _staffed(was: Plain, given: Plain) -> Plain:
    """A department with the hours that go without saying; who is told of its alerts is kept apart."""
    alert = given.get("alert") or {"mail": []}
    if isinstance(alert, dict):
        alert = {**alert, "webhook": was["alert"]["webhook"]}
    return {"hours": plain.by_day(OFFICE), **given, "alert": alert}


def whole(was: Plain, given: Plain, fixed: Sequence[str]) -> Plain:
    """What replaces `was`: all that it had and is not given is empty. Raises BadInput for another of what is
    `fixed`."""
    for name in fixed:
        if name in was and given.setdefault(name, was[name]) != was[name]:
            raise Refusal(422, "", Wrong(detail=f"stays {was[name]}", pointer=pointer((name,))))
    found: Plain = {**{name: "" for name in was if name != "hours"}, **given}
    for name, value in given.items():
        if isinstance(value, dict) and isinstance(was.get(name), dict) and name not in ("hours", "slots"):
            found[name] = whole(was[name], value, ())
    return found
