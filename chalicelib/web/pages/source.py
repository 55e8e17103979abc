"""A source: added by pasting an address, looked at before it is kept; changed, paused, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.brandfile import made, plain
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.roles import Deed
from chalicelib.domain.source import Source
from chalicelib.errors import BadInput, Conflict, NotFound, PlatformError
from chalicelib.ports import FeedLink
from chalicelib.web import brand_fields, keeping, listening, settings, trial
from chalicelib.web.brand_fields import Field
from chalicelib.web.pages.brand import theirs, unplaced
from chalicelib.web.pages.entry import choices
from chalicelib.web.reasons import told
from chalicelib.web.settings import Changed
from chalicelib.web.trial import Hit
from chalicelib.web.visit import Go, Outcome, Page, Visit

PREVIEW = 10
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an address holds: a source as it would be kept and its newest items, or the feeds its page names,
    or a reason why not. `kept` of `count` items would be kept; `week` of them are of the last seven days:
    None where some have no date."""

    source: Source | None = None
    hits: tuple[Hit, ...] = ()
    count: int = 0
    kept: int = 0
    week: int | None = None
    links: tuple[FeedLink, ...] = ()
    reason: str = ""
    faults: tuple[Fault, ...] = ()


def new(visit: Visit) -> Page:
    """`kind` chooses the form; without, the one for an address."""
    return _new_page(visit, {}, Look())


def add(visit: Visit) -> Outcome:
    """`do=look` shows what there is; else it is kept. A source with a key is asked once before that."""
    fields, given = _form(visit)
    feed = given["platform"] == "feed"
    look = look_at(visit, given) if feed else _asked(visit, fields, given)
    if look.source is None or look.reason or (feed and visit.form.get("do") == "look"):
        return _new_page(visit, given, look)
    source, secrets = look.source, brand_fields.secrets(fields, visit.form)
    once = ""
    if source.platform == "webhook":
        secrets = keeping.hook_values()
        once = secrets["secret"]
    try:
        keeping.add(visit, source, secrets)
    except Conflict:
        return _new_page(
            visit, given, Look(reason=visit.words.gettext("Somebody just added this. Look at the list."))
        )
    if once:
        return _page(visit, source.id, once=once)
    return Go(f"/sources/{source.id}?kept=new")


def look_at(visit: Visit, given: Plain) -> Look:
    """The feed at an address, or the one that the page there names."""
    source, faults = keeping.wish(visit, {"name": _host(given.get("url", "")) or "feed", **_filled(given)})
    if source is None:
        return Look(faults=tuple(faults))
    look = _tried(visit, source, {})
    if not look.reason or ("web page" not in look.reason and "not a feed" not in look.reason):
        return _worded(visit, look)
    try:
        links = tuple(visit.desk.feeds_at(source.settings["url"]))
    except PlatformError as error:
        return Look(reason=_said(visit, error.reason))
    if not links:
        return Look(reason=visit.words.gettext("This page names no feed. Look on the site for RSS or Atom."))
    if len(links) > 1:
        return Look(links=links)
    name = given.get("name") or links[0].title or _host(links[0].url)
    found, faults = keeping.wish(visit, {**_filled(given), "url": links[0].url, "name": name})
    return Look(faults=tuple(faults)) if found is None else _worded(visit, _tried(visit, found, {}))


def _asked(visit: Visit, fields: Sequence[Field], given: Plain) -> Look:
    """Of a source that is no feed: can it be asked, with the key that was typed?"""
    source, faults = keeping.wish(visit, given)
    if source is None:
        return Look(faults=tuple(faults))
    secrets = brand_fields.secrets(fields, visit.form)
    if not all(map(keeping.usable, secrets.values())):
        return Look(reason=visit.words.gettext("This cannot be a key. Copy it again."))
    return (
        Look(source=source)
        if source.platform == "webhook"
        else _worded(visit, _tried(visit, source, secrets))
    )


def _tried(visit: Visit, source: Source, secrets: Mapping[str, str]) -> Look:
    """With its reason as the platform says it."""
    try:
        page = visit.desk.try_source(source, secrets)
    except PlatformError as error:
        return Look(source=source, reason=error.reason)
    except BadInput as error:
        return Look(source=source, reason=f"the source is not set up well: {error}")
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    hits = trial.on_found(page.found, brand.watches, watched=source.watched)
    ages = [(visit.now - hit.at).days if hit.at else None for hit in hits]
    dated = bool(ages) and None not in ages
    return Look(
        source=source,
        hits=tuple(hits[:PREVIEW]),
        count=len(hits),
        kept=sum(hit.kept for hit in hits),
        week=sum(age is not None and age < WEEK for age in ages) if dated else None,
    )


def _worded(visit: Visit, look: Look) -> Look:
    if not look.reason:
        return look
    return Look(source=look.source, reason=_said(visit, look.reason))


def _said(visit: Visit, reason: str) -> str:
    return listening.sentence(told(reason, visit.words))


def _filled(given: Plain) -> Plain:
    return {name: value for name, value in given.items() if value not in ("", [])}


def _host(url: object) -> str:
    from urllib.parse import urlsplit

    try:
        return (urlsplit(str(url)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _form(visit: Visit) -> tuple[tuple[Field, ...], Plain]:
    """The fields of the kind that is added, and what was filled in."""
    platform, _, kind = visit.form.get("kind", "feed").partition("-")
    fields = _fields(platform, kind)
    given = brand_fields.read(fields, visit.form)
    given |= {"platform": platform, **({"kind": kind} if kind else {})}
    if platform == "feed":
        url = str(given.get("url", ""))
        given["url"] = url if "://" in url or not url else f"https://{url}"
        given.setdefault("watched", "yes")
    return fields, {name: value for name, value in given.items() if value != ""}


def _fields(platform: str, kind: str = "") -> tuple[Field, ...]:
    """Raises NotFound."""
    found = brand_fields.SOURCES.get((platform, kind))
    if found is None:
        raise NotFound(f"kind {platform} {kind}")
    return found


def _new_page(visit: Visit, given: Plain, look: Look) -> Page:
    brand, words = visit.brand, visit.words
    chosen = visit.form.get("kind", "") or visit.query.get("kind", "feed")
    platform, _, kind = chosen.partition("-")
    fields = _fields(platform, kind)
    begin: Plain = {"watched": "yes", "interval": 1 if platform == "sandbox" else 5}
    begin |= given
    if look.source is not None:
        begin |= plain.source(look.source)
    shown = brand_fields.shown(fields, begin, words, faults=look.faults, choices=choices(brand, words))
    values = {
        "kind": chosen,
        "kinds": [
            ("-".join(filter(None, key)), words.gettext(name)) for key, name in brand_fields.KINDS.items()
        ],
        "fields": shown,
        "look": look,
        "wrong": unplaced(look.faults, fields, words),
        "may": visit.may(Deed.MANAGE),
        "guide": False,
    }
    status = 422 if look.faults or look.reason else 200
    return Page(template="source_new.html", place="sources", values=values, status=status)


# one that is there ------------------------------------------------------------------------------


def show(visit: Visit, id: str) -> Page:
    return _page(visit, id)


def keep(visit: Visit, id: str) -> Outcome:
    """`do`: save, pause, resume, ask (now), or remove (with `sure`)."""
    do, seen = visit.form.get("do", "save"), visit.form.get("mark", "")
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    fields = _fields(source.platform, source.settings.get("kind", ""))
    if do == "ask":
        keeping.poll_now(visit, id)
        return Go(f"/sources/{id}?kept=asked")
    if do == "remove" and visit.form.get("sure") != "yes":
        return _page(visit, id, removing=True)
    given: Plain = {"paused": "yes" if do == "pause" else "no"}
    if do == "save":
        given = brand_fields.read(fields, visit.form)
    try:
        if do == "remove":
            keeping.remove(visit, id, seen)
            return Go("/sources?kept=removed")
        saved = keeping.change(visit, id, given, seen)
    except (Changed, Conflict) as error:
        now = error.now if isinstance(error, Changed) else plain.source(source)
        return _page(visit, id, given=given, now=theirs(fields, now, visit.words))
    if saved.faults:
        return _page(visit, id, given=given, faults=saved.faults)
    return Go(f"/sources/{id}?kept={do}")


def set_secret(visit: Visit, id: str) -> Outcome:
    """Set or take away its key; of a source that calls us, make a new one, and show it this once."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    name = made.source_secret(source.brand, id, source.platform)
    if visit.form.get("do") == "remove":
        keeping.drop_secret(visit, name)
        return Go(f"/sources/{id}?kept=keyless")
    if source.platform == "webhook":
        values = keeping.hook_values()
        keeping.put_secret(visit, name, values)
        return _page(visit, id, once=values["secret"])
    key, value = _key(source), visit.form.get("secret", "").strip()
    if not keeping.usable(value):
        return _page(visit, id, wrong_secret=True)
    keeping.put_secret(visit, name, {key: value})
    keeping.poll_now(visit, id)
    return Go(f"/sources/{id}?kept=key")


def _key(source: Source) -> str:
    """Raises NotFound where there is none to set."""
    fields = _fields(source.platform, source.settings.get("kind", ""))
    found = next((field.name for field in fields if field.kind == "secret"), "")
    if not found:
        raise NotFound("there is no secret here")
    return found


def _page(
    visit: Visit,
    id: str,
    *,
    given: Plain | None = None,
    faults: Sequence[Fault] = (),
    now: Sequence[tuple[str, str]] = (),
    once: str = "",
    removing: bool = False,
    wrong_secret: bool = False,
) -> Page:
    words = visit.words
    source, state = visit.desk.sources.get(visit.brand.id, id)
    was = plain.source(source)
    fields = _fields(source.platform, source.settings.get("kind", ""))
    secret = next((field for field in fields if field.kind == "secret"), None)
    since = visit.desk.secrets.dates(source.brand).get(made.source_secret(source.brand, id, source.platform))
    shown = brand_fields.shown(
        fields, {**was, **(given or {})}, words, faults=faults, choices=choices(visit.brand, words)
    )
    values = {
        "source": source,
        "ear": listening.ears([(source, state)], words)[0],
        "fields": [each for each in shown if each.kind != "secret"],
        "mark": settings.mark(was),
        "wrong": unplaced(faults, fields, words),
        "faulty": bool(faults),
        "now": now,
        "once": once,
        "removing": removing,
        "has_key": secret is not None or source.platform == "webhook",
        "label": words.gettext(secret.label) if secret else words.gettext("Secret it signs with"),
        "hint": words.gettext(secret.hint) if secret and secret.hint else "",
        "since": words.moment(since) if since else "",
        "wrong_secret": wrong_secret,
        "kept": visit.query.get("kept", ""),
        "may": visit.may(Deed.MANAGE),
    }
    status = 409 if now else 422 if faults or wrong_secret else 200
    return Page(template="source.html", place="sources", values=values, status=status)
