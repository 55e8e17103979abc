"""A watch: what we listen for; with a trial run over what was kept, before it is kept itself."""

from collections.abc import Sequence

from chalicelib.brandfile import made
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.brand import Brand, Watch
from chalicelib.domain.roles import Deed
from chalicelib.web import brand_fields, settings, trial
from chalicelib.web.pages.brand import theirs, unplaced
from chalicelib.web.pages.entry import choices
from chalicelib.web.query_words import EXAMPLES
from chalicelib.web.settings import Changed
from chalicelib.web.trial import Fetched, Trial
from chalicelib.web.visit import Go, Outcome, Page, Visit

SECTION = "watches"


def show(visit: Visit, id: str) -> Page:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    own = "" if id == "new" else id
    return form(visit, brand, own, settings.piece(brand, SECTION, own))


def keep(visit: Visit, id: str) -> Outcome:
    """With `do=try` nothing is kept: it shows what this watch would have found."""
    own, do = "" if id == "new" else id, visit.form.get("do", "")
    if do == "remove":
        return _remove(visit, own)
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    given = brand_fields.read(brand_fields.WATCH, visit.form)
    if do == "try":
        return attempt(visit, brand, own, given)
    try:
        saved = settings.save(visit, SECTION, own, given, visit.form.get("mark", ""))
    except Changed as changed:
        return form(visit, brand, own, given, now=theirs(brand_fields.WATCH, changed.now, visit.words))
    if saved.faults:
        return form(visit, brand, own, given, faults=saved.faults)
    return Go("/sources?kept=watch#watches")


def attempt(visit: Visit, brand: Brand, own: str, given: Plain) -> Page:
    """The page with what the watch that was typed finds."""
    found, faults = wished(visit, brand, own, given)
    if found is None:
        return form(visit, brand, own, given, faults=faults)
    tried, before = trials(visit, brand, own, found)
    chosen = visit.form.get("at", "")
    source = next((each for each, _ in visit.desk.sources.of(brand.id) if each.id == chosen), None)
    pays = visit.form.get("pays", "") == "yes"
    fetched = trial.at_source(visit, source, found, pays=pays) if source else None
    return form(visit, brand, own, given, tried=tried, before=before, fetched=fetched)


def wished(visit: Visit, brand: Brand, own: str, given: Plain) -> tuple[Watch | None, list[Fault]]:
    """The watch that this form would make."""
    wanted = settings.merged(settings.piece(brand, SECTION, own), given)
    wanted.setdefault("id", own or settings.new_id(wanted, SECTION, [each.id for each in brand.watches]))
    found, faults = settings.validated(visit, brand, SECTION, own, wanted)
    return (None, faults) if faults else (made.watch(found), [])


def trials(visit: Visit, brand: Brand, own: str, found: Watch) -> tuple[Trial, Trial | None]:
    """What it would have found, and what the watch finds as it is kept now, to lay beside it."""
    there = brand.watch(own)
    lately = trial.kept(visit, *filter(None, (found, there)))
    return trial.on_kept(visit, found, lately), trial.on_kept(visit, there, lately) if there else None


def form(
    visit: Visit,
    brand: Brand,
    id: str,
    values: Plain,
    *,
    faults: Sequence[Fault] = (),
    now: Sequence[tuple[str, str]] = (),
    tried: Trial | None = None,
    before: Trial | None = None,
    fetched: Fetched | None = None,
    removing: bool = False,
) -> Page:
    words = visit.words
    kept = settings.piece(brand, SECTION, id)
    shown = brand_fields.shown(
        brand_fields.WATCH, values, words, faults=faults, choices=choices(brand, words)
    )
    found = {
        "heading": str(kept["name"]) if id else words.gettext("New watch"),
        "action": f"/sources/watches/{id or 'new'}",
        "id": id,
        "fields": shown,
        "mark": settings.mark(kept) if kept else "",
        "wrong": unplaced(faults, brand_fields.WATCH, words),
        "faulty": bool(faults),
        "now": now,
        "tried": tried,
        "before": before,
        "fetched": fetched,
        "places": _places(visit),
        "locked": _locked(visit),
        "at": visit.form.get("at", ""),
        "examples": [(query, words.gettext(said)) for query, said in EXAMPLES],
        "removing": removing,
        "may": visit.may(Deed.MANAGE),
    }
    status = 409 if now else 422 if faults else 200
    return Page(template="watch.html", place="sources", values=found, status=status)


def _places(visit: Visit) -> list[tuple[str, str]]:
    """Sources that can be asked without a key: the console reads none."""
    if not visit.may(Deed.MANAGE):
        return []
    sources = (source for source, _ in visit.desk.sources.of(visit.brand.id))
    return [(each.id, each.name) for each in sources if each.interval and visit.desk.keyless(each.platform)]


def _locked(visit: Visit) -> list[str]:
    """Names of sources whose network charges for being read, and asks for a key: they cannot be tried."""
    if not visit.may(Deed.MANAGE):
        return []
    desk = visit.desk
    sources = (source for source, _ in desk.sources.of(visit.brand.id))
    return [each.name for each in sources if desk.read_prices(each) and not desk.keyless(each.platform)]


def _remove(visit: Visit, id: str) -> Outcome:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    was = settings.piece(brand, SECTION, id)
    if visit.form.get("sure") != "yes":
        return form(visit, brand, id, was, removing=True)
    try:
        settings.remove(visit, SECTION, id, visit.form.get("mark", ""))
    except Changed as changed:
        now = theirs(brand_fields.WATCH, changed.now, visit.words)
        return form(visit, brand, id, changed.now, now=now)
    return Go("/sources?kept=removed#watches")
