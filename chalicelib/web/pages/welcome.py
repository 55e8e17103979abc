"""The first-run guide: from nothing to the first mention, in four steps.

Each is kept by itself, so that one can stop and go on another day: what is there says which step is next.
A form carries a name of its own (`form`); what it made is marked with that, so that the same form sent again,
twice in a second or from an old page, leads on to what is there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

from chalicelib.brandfile import made, plain
from chalicelib.brandfile.checked import checked
from chalicelib.brandfile.forms import DepartmentForm, HeadForm
from chalicelib.brandfile.lines import Document, Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.brand import Brand
from chalicelib.domain.keyring import TOKEN
from chalicelib.errors import BadInput, Conflict
from chalicelib.web import brand_fields, connecting, keeping, looking, settings, trial
from chalicelib.web.brand_fields import CHANNELS, Field
from chalicelib.web.i18n import N_
from chalicelib.web.pages import watch
from chalicelib.web.pages.brand import unplaced, zones
from chalicelib.web.pages.entry import platforms
from chalicelib.web.settings import Saved
from chalicelib.web.steps import mark
from chalicelib.web.trial import Trial
from chalicelib.web.visit import Go, Outcome, Page, Visit

STEPS = ("brand", "watch", "source", "channel", "done")
NAMES = (N_("Your organisation"), N_("What you listen for"), N_("Where you listen"), N_("Where you answer"))
BRAND = (
    Field("name", N_("Name of your organisation"), needed=True),
    *(field for field in brand_fields.WHO if field.name in ("languages", "zone")),
    brand_fields.HOURS,
)
WATCH = tuple(
    replace(field, needed=field.needed or field.name == "terms")
    for field in brand_fields.WATCH
    if field.name in ("name", "terms", "exclude")
)
SOURCE = (
    Field(
        "url",
        N_("Address"),
        hint=N_("Of a feed, or of a page that names one: a news site, a blog, a forum."),
        needed=True,
    ),
)
ZONES = {"nl": "Europe/Amsterdam", "en": "Europe/London"}
"""Where most who read these languages live; one can say otherwise."""
WAIT = 20
"""Seconds between two looks for the first mention."""
DAYS = 31
BEGUN = timedelta(days=1)
"""So long the same name, by the same person, is the brand that they began."""
KNOWN = timedelta(days=365)
"""So long the same form is known again."""
UNTOLD = {
    "csrf",
    "brand",
    *(field.name for each in CHANNELS.values() for field in each if field.kind == "secret"),
}


def show(visit: Visit) -> Page:
    return _page(visit, _step(visit))


def keep(visit: Visit) -> Outcome:
    """One step. What is not its turn yet is shown, not kept."""
    step = visit.form.get("step", "")
    if step not in STEPS[:-1] or (step != "brand" and not visit.brand.id):
        raise BadInput("step", "a step of the guide")
    return {"brand": _brand, "watch": _watch, "source": _source, "channel": _channel}[step](visit)


def _step(visit: Visit) -> str:
    """The one asked for, or the first that is not done."""
    if not visit.brand.id:
        return "brand"
    asked = visit.query.get("step", "")
    return asked if asked in STEPS else _next(visit)


def _next(visit: Visit) -> str:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    if not brand.watches:
        return "watch"
    if not visit.desk.sources.of(brand.id):
        return "source"
    return "channel" if not brand.channels else "done"


# the steps ---------------------------------------------------------------------------------------


def _brand(visit: Visit) -> Outcome:
    """The brand, with one department that answers everything: more of them come later. The same name, by the
    same person, leads on to the brand that is there."""
    given = brand_fields.read(BRAND, visit.form)
    hours = given.pop("hours")
    there = visit.desk.brands.all()
    if made_before := _made(visit, "brand", [each.id for each in there]):
        return Go(f"/welcome?brand={made_before}")
    given["id"] = settings.new_id(given, settings.HEAD, [brand.id for brand in there])
    head, faults = checked(HeadForm, settings.merged({}, given), Document())
    team = {"name": visit.words.gettext("Team"), "id": "team", "hours": hours}
    department, more = checked(DepartmentForm, team, Document())
    if faults or more or head is None or department is None:
        return _page(visit, "brand", {**given, "hours": hours}, faults=[*faults, *more])
    if begun := next((each for each in there if each.name == head.name and _began(visit, each.id)), None):
        return Go(f"/welcome?brand={begun.id}")
    brand = Brand(
        id=head.id,
        departments=(made.department(department),),
        templates=made.templates((), head.languages),
        console_url=visit.origin,
        **made.head(head),
    )
    line = visit.line("brand.add", of=brand.id, after=settings.differing({}, given)[1])
    visit.desk.once.offer(_mark(visit, brand.id), visit.now + BEGUN)
    _makes(visit, "brand", brand.id)
    with suppress(Conflict):  # it was sent twice: the first time made it
        visit.desk.brands.add(brand, replace(line, brand=brand.id))
    return Go(f"/welcome?brand={brand.id}")


def _began(visit: Visit, brand: str) -> bool:
    return visit.desk.once.is_open(_mark(visit, brand), visit.now)


def _mark(visit: Visit, brand: str) -> str:
    return mark("welcome", visit.member.id, brand)


def _makes(visit: Visit, section: str, id: str) -> None:
    """Marks what this form is about to make."""
    visit.desk.once.offer(_form(visit, section, id), visit.now + KNOWN)


def _made(visit: Visit, section: str, ids: Iterable[str]) -> str:
    """Which of these this very form made when it was sent before; "" for none."""
    if not visit.form.get("form"):
        return ""
    return next((id for id in ids if visit.desk.once.is_open(_form(visit, section, id), visit.now)), "")


def _form(visit: Visit, section: str, id: str) -> str:
    """With all that was typed but keys: what was sent otherwise is another form."""
    brand = "" if section == "brand" else visit.brand.id
    typed = sorted(f"{name}={value}" for name, value in visit.form.items() if name not in UNTOLD)
    return mark("welcome", visit.member.id, section, brand, id, *typed)


def _entry(visit: Visit, section: str, given: Plain) -> Saved:
    """A new entry of the brand, or the one that this form made before."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    ids = [id for id, _ in settings.pieces(brand, section)]
    if made_before := _made(visit, section, ids):
        return Saved(id=made_before)
    id = settings.new_id(given, section, ids)
    _makes(visit, section, id)
    saved = settings.save(visit, section, "", {**given, "id": id}, "")
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    if saved.faults and id in dict(settings.pieces(brand, section)):  # sent twice at the same moment
        return Saved(id=id)
    return saved


def _watch(visit: Visit) -> Outcome:
    given = brand_fields.read(WATCH, visit.form)
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    wished, faults = watch.wished(visit, brand, "", given)
    if wished is None:
        return _page(visit, "watch", given, faults=faults)
    if visit.form.get("do") == "try":
        return _page(visit, "watch", given, tried=trial.on_kept(visit, wished))
    saved = _entry(visit, "watches", given)
    if saved.faults:
        return _page(visit, "watch", given, faults=saved.faults)
    return Go("/welcome?step=source")


def _source(visit: Visit) -> Outcome:
    given: Plain = {**brand_fields.read(SOURCE, visit.form), "platform": "feed"}
    if name := visit.form.get("name", "").strip():
        given["name"] = name
    if visit.form.get("all"):
        given["watched"] = "no"
    keeps = visit.form.get("do") != "look"
    if keeps and _made(visit, "sources", (each.id for each, _ in visit.desk.sources.of(visit.brand.id))):
        return Go("/welcome?step=channel")
    look = looking.at_address(visit, given)
    if look.source is None or look.reason or not keeps:
        return _page(visit, "source", given, faults=look.faults, look=look)
    if look.known:
        return Go("/welcome?step=channel")
    _makes(visit, "sources", look.source.id)
    with suppress(Conflict):  # it was sent twice
        keeping.add(visit, look.source, {})
    return Go("/welcome?step=channel")


def _channel(visit: Visit) -> Outcome:
    if visit.form.get("do") == "skip":
        return Go("/welcome?step=done")
    platform = visit.form.get("platform", "")
    if platform not in CHANNELS:
        raise BadInput("platform", "a platform that we publish on")
    fields = _channel_fields(platform)
    given = {**brand_fields.read(fields, visit.form), "platform": platform}
    secrets = brand_fields.secrets(fields, visit.form)
    if faults := list(_keyless(fields, secrets)):
        return _page(visit, "channel", given, faults=faults)
    saved = _entry(visit, "channels", given)
    if saved.faults:
        return _page(visit, "channel", given, faults=saved.faults)
    if secrets:
        own = plain.form_of("channels", {"platform": platform}).OWN
        keeping.put_keys(visit, f"channel/{visit.brand.id}/{saved.id}", own, secrets)
    if TOKEN not in secrets and connecting.shown(visit, "channels", saved.id):
        return Go(f"/brand/channels/{saved.id}")
    return Go("/welcome?step=done")


def _keyless(fields: Sequence[Field], secrets: dict[str, str]) -> Iterator[Fault]:
    """A channel without its key would stand there as if one could answer from it."""
    for field in fields:
        if field.kind == "secret" and field.needed and field.name not in secrets:
            yield Fault(0, "is empty", (field.name,))
        elif field.name in secrets and not keeping.usable(secrets[field.name]):
            yield Fault(0, "cannot be a key", (field.name,))


def _channel_fields(platform: str) -> tuple[Field, ...]:
    return tuple(field for field in CHANNELS[platform] if field.kind != "days")


# the page ----------------------------------------------------------------------------------------


def _page(
    visit: Visit,
    step: str,
    given: Plain | None = None,
    *,
    faults: Sequence[Fault] = (),
    tried: Trial | None = None,
    look: looking.Look | None = None,
) -> Page:
    words = visit.words
    platform = str((given or {}).get("platform") or visit.query.get("platform", "") or "sandbox")
    platform = platform if platform in CHANNELS else "sandbox"
    fields = {
        "brand": BRAND,
        "watch": WATCH,
        "source": SOURCE,
        "channel": _channel_fields(platform),
        "done": (),
    }[step]
    first = _first(visit) if step == "done" else None
    values = {
        "step": step,
        "steps": [(id, words.gettext(name)) for id, name in zip(STEPS, NAMES, strict=False)],
        "at": STEPS.index(step),
        "fields": brand_fields.shown(fields, given or _begin(visit, step), words, faults=faults),
        "wrong": unplaced(faults, fields, words),
        "faulty": bool(faults),
        "tried": tried,
        "look": look,
        "platform": platform,
        "platforms": platforms(words),
        "zones": zones() if step == "brand" else (),
        "first": first,
        "begun": bool(visit.brand.id),
        "form_name": visit.form.get("form", "")[:40] or token_hex(8),
    }
    waits = WAIT if step == "done" and first is None and visit.desk.sources.of(visit.brand.id) else 0
    wrong = bool(faults) or bool(look and look.reason)
    return Page(
        template="welcome.html", place="brand", values=values, status=422 if wrong else 200, refresh=waits
    )


def _begin(visit: Visit, step: str) -> Plain:
    """What most would fill in."""
    language = visit.words.language
    if step == "brand":
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
        return {"languages": [language], "zone": ZONES.get(language, ""), "hours": week}
    if step == "watch":
        return {"name": visit.brand.name, "terms": [visit.brand.name.lower()]}
    return {}


def _first(visit: Visit) -> object:
    """The newest mention there is; None as long as there is none."""
    for back in range(DAYS):
        day = (visit.now - timedelta(days=back)).date().isoformat()
        found, _ = visit.desk.mentions.day(visit.brand.id, day, limit=1)
        if found:
            return found[0]
    return None
