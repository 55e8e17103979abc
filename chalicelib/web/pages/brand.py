"""Brand: what the organisation says of itself. Everybody reads it; managers change it, piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain, own_templates
from chalicelib.domain.brand import Brand
from chalicelib.domain.holidays import closed, fed
from chalicelib.domain.roles import Deed
from chalicelib.errors import NotFound
from chalicelib.stages import closing
from chalicelib.web import brand_fields, settings
from chalicelib.web.brand_fields import Field, Shown
from chalicelib.web.brand_words import sentence
from chalicelib.web.i18n import N_, Words
from chalicelib.web.reasons import told
from chalicelib.web.settings import HEAD, Changed
from chalicelib.web.visit import Go, Outcome, Page, Visit

PARTS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "who": (N_("Who you are"), brand_fields.WHO),
    "mail": (N_("Mail"), brand_fields.MAIL),
    "honesty": (N_("Honesty check of answers"), brand_fields.HONESTY),
    "closed": (N_("Closed days"), brand_fields.CLOSED),
    "budget": (N_("Budget"), brand_fields.BUDGETS),
    "drafter": (N_("A model that drafts"), brand_fields.DRAFTER),
}
"""The forms that the head of a brand is changed by."""
COMING = 14
SAID = {
    "who": N_("Kept: who you are."),
    "mail": N_("Kept: mail."),
    "honesty": N_("Kept: the honesty check."),
    "closed": N_("Kept: the closed days."),
    "budget": N_("Kept: the budget."),
    "drafter": N_("Kept: the model that drafts."),
    "departments": N_("Kept: the department."),
    "channels": N_("Kept: the channel."),
    "goals": N_("Kept: the goal."),
    "templates": N_("Kept: the template."),
    "snippets": N_("Kept: the snippet."),
    "import": N_("Kept: what the file said."),
    "removed": N_("It is gone."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One form of the head; `open` where it is being mended."""

    id: str
    name: str
    fields: list[Shown]
    wrong: tuple[str, ...]


def show(visit: Visit) -> Page:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    return page(visit, brand)


def keep(visit: Visit, part: str) -> Outcome:
    """Raises NotFound."""
    if part not in PARTS:
        raise NotFound(f"part {part}")
    _, fields = PARTS[part]
    given = brand_fields.read(fields, visit.form)
    if part == "drafter" and not given["drafter"]["model"]:
        given = {"drafter": ""}
    try:
        saved = settings.save(visit, HEAD, HEAD, given, visit.form.get("mark", ""))
    except Changed as changed:
        brand, _ = visit.desk.brands.latest(visit.brand.id)
        return page(visit, brand, typed={part: given}, now=theirs(fields, changed.now, visit.words))
    if saved.faults:
        brand, _ = visit.desk.brands.latest(visit.brand.id)
        return page(visit, brand, typed={part: given}, faults=saved.faults)
    if part == "closed":
        _read_calendar(visit)
    return Go(f"/brand?kept={part}")


def _read_calendar(visit: Visit) -> None:
    """At once, where the address is new: so that the page says what it closes, or why it cannot be read."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    if brand.closed.feed and brand.closed.feed != brand.fed.address:
        visit.desk.brands.feed(brand.id, closing.ask(brand, visit.desk.read_calendar, visit.now))


def page(
    visit: Visit,
    brand: Brand,
    *,
    typed: dict[str, Plain] | None = None,
    faults: Sequence[Fault] = (),
    now: Sequence[tuple[str, str]] = (),
) -> Page:
    typed = typed or {}
    head = settings.piece(brand, HEAD, HEAD)
    parts = []
    for id, (name, fields) in PARTS.items():
        own = faults if id in typed else ()
        parts.append(
            Part(
                id=id,
                name=visit.words.gettext(name),
                fields=brand_fields.shown(fields, typed.get(id, head), visit.words, faults=own),
                wrong=unplaced(own, fields, visit.words),
            )
        )
    kept = SAID.get(visit.query.get("kept", ""), "")
    values = {
        "it": brand,
        "parts": parts,
        "mark": settings.mark(head),
        "editing": visit.query.get("edit", "") or next(iter(typed), ""),
        "may": visit.may(Deed.MANAGE),
        "now": now,
        "kept": visit.words.gettext(kept) if kept else "",
        "own": [each.id for each in own_templates(brand)],
        "closed": coming(brand, visit.words),
        "fed": brand.fed if brand.closed.feed and brand.fed.address == brand.closed.feed else None,
        "unfed": told(brand.fed.fault, visit.words),
        "zones": zones(),
    }
    status = 409 if now else 422 if faults else 200
    return Page(template="brand.html", place="brand", values=values, status=status)


def coming(brand: Brand, words: Words) -> list[str]:
    """The next closed days, each with its date."""
    days = sorted(each for each in closed(brand.closed, fed(brand)).items() if each[0] >= words.today())
    return [f"{words.day(day)} {name}".strip() for day, name in days[:COMING]]


def theirs(fields: Sequence[Field], now: Plain, words: Words) -> list[tuple[str, str]]:
    """What it is by now, as (label, value): for who changed it at the same time."""
    found = []
    for each in brand_fields.shown(fields, now, words):
        value = "; ".join(f"{part.label} {part.value}" for part in each.parts if part.value) or each.value
        if value:
            found.append((each.label, dict(each.choices).get(value, value)))
    return found


def unplaced(faults: Sequence[Fault], fields: Sequence[Field], words: Words) -> tuple[str, ...]:
    """What is wrong and has no field to be said at."""
    return tuple(sentence(fault, words) for fault in faults if not brand_fields.place_of(fault, fields))


def zones() -> list[str]:
    """Those people live in, not what computers call them too."""
    from zoneinfo import available_timezones

    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return sorted(zone for zone in available_timezones() if zone.startswith(regions))
