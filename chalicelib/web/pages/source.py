"""A source: added by pasting an address, looked at before it is kept; changed, paused, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.brandfile import made, plain
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.domain.knock import SIGNINGS
from chalicelib.domain.roles import Deed
from chalicelib.domain.shape import stamp
from chalicelib.domain.source import FOR_GOOD, Source
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.web import (
    brand_fields,
    callers,
    connecting,
    costs,
    gauge,
    held,
    keeping,
    listening,
    looking,
    settings,
)
from chalicelib.web.brand_fields import Field
from chalicelib.web.i18n import N_, Words
from chalicelib.web.keeping import Once
from chalicelib.web.looking import Look
from chalicelib.web.pages.brand import theirs, unplaced
from chalicelib.web.pages.entry import choices
from chalicelib.web.settings import Changed
from chalicelib.web.unheard import CALLS, calling, left_out
from chalicelib.web.visit import Go, Outcome, Page, Visit


def new(visit: Visit) -> Page:
    """`kind` chooses the form; without, the one for an address."""
    return _new_page(visit, {}, Look())


def add(visit: Visit) -> Outcome:
    """`do=look` shows what there is; else it is kept. A source with a key is asked once before that."""
    fields, given = _form(visit)
    feed = given["platform"] == "feed"
    secrets = brand_fields.secrets(fields, visit.form)
    look = looking.at_address(visit, given) if feed else looking.ask(visit, given, secrets)
    if look.source is None or look.reason or (feed and visit.form.get("do") == "look"):
        return _new_page(visit, given, look)
    source = look.source
    if look.known:
        return _new_page(visit, given, look)
    try:
        once = keeping.add(visit, source, secrets)
    except BadInput:
        said = visit.words.gettext("This cannot be its secret. Copy it again.")
        return _new_page(visit, given, Look(reason=said))
    except Conflict:
        return _new_page(
            visit, given, Look(reason=visit.words.gettext("Somebody just added this. Look at the list."))
        )
    if once:
        return _page(visit, source.id, once=once)
    if looking.waits(source, secrets):
        return Go(f"/sources/{source.id}?kept=connect")
    return Go(f"/sources/{source.id}?kept={'calls' if source.platform == 'webhook' else 'new'}")


def _form(visit: Visit) -> tuple[tuple[Field, ...], Plain]:
    """The fields of the kind that is added, and what was filled in."""
    platform, _, kind = visit.form.get("kind", "feed").partition("-")
    fields = _fields(platform, kind)
    given = brand_fields.read(fields, visit.form)
    given |= {"platform": platform, **({"kind": kind} if kind else {})}
    if platform == "feed":
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
    begin = brand_fields.begin((platform, kind)) | given
    if look.source is not None:
        begin |= plain.source(look.source)
    shown = brand_fields.shown(fields, begin, words, faults=look.faults, choices=choices(brand, words))
    values = {
        "kind": chosen,
        "others": _others(chosen, words),
        "fields": shown,
        "look": look,
        "wrong": unplaced(look.faults, fields, words),
        "may": visit.may(Deed.MANAGE),
        "guide": False,
    }
    refused = look.faults or look.reason or (look.known and visit.form.get("do") == "save")
    return Page(template="source_new.html", place="sources", values=values, status=422 if refused else 200)


def _others(chosen: str, words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """What else may be added: by network its kinds, each the address' own word and what is heard by it ("":
    as the network is called)."""
    kinds = [("-".join(filter(None, key)), words.gettext(name)) for key, name in brand_fields.KINDS.items()]
    by_calls = words.gettext("%(network)s: by its own calls")
    kinds += [(CALLS, by_calls % {"network": words.network(name)}) for name in calling()]
    found: dict[str, list[tuple[str, str]]] = {}
    for value, label in kinds:
        network, _, what = label.partition(": ")
        if value != chosen:
            found.setdefault(network, []).append((value, what))
    return sorted(found.items(), key=lambda each: each[0].casefold())


# one that is there ------------------------------------------------------------------------------


def show(visit: Visit, id: str) -> Page:
    return _page(visit, id)


def keep(visit: Visit, id: str) -> Outcome:
    """`do`: save, pause, resume, catch-up (the same with what came meanwhile), mute (`until`), unmute, ask
    (now), or remove (with `sure`)."""
    do, seen = visit.form.get("do", "save"), visit.form.get("mark", "")
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    fields = _fields(source.platform, source.settings.get("kind", ""))
    if do == "ask":
        keeping.poll_now(visit, id)
        return Go(f"/sources/{id}?kept=asked")
    if do == "remove" and visit.form.get("sure") != "yes":
        return _page(visit, id, removing=True)
    given: Plain = {"paused": "yes" if do == "pause" else "no"}
    if do in ("mute", "unmute"):
        given = {"muted": _muted_until(visit) if do == "mute" else ""}
    if do == "save":
        given = brand_fields.read(brand_fields.changeable(fields), visit.form)
    try:
        if do == "remove":
            keeping.remove(visit, id, seen)
            return Go("/sources?kept=removed")
        saved = keeping.change(visit, id, given, seen, meanwhile=do == "catch-up")
    except (Changed, Conflict) as error:
        now = error.now if isinstance(error, Changed) else plain.source(source)
        return _page(visit, id, given=given, now=theirs(fields, now, visit.words))
    if saved.faults:
        return _page(visit, id, given=given, faults=saved.faults)
    if do == "save":
        do = "anew" if visit.desk.sources.get(visit.brand.id, id)[0].place != source.place else do
    return Go(f"/sources/{id}?kept={do}")


MUTES = {
    "1": N_("For an hour"),
    "8": N_("For eight hours"),
    "24": N_("For a day"),
    "168": N_("For a week"),
    "": N_("Until I say so"),
}
"""Hours."""


def _muted_until(visit: Visit) -> str:
    hours = visit.form.get("until", "")
    if hours not in MUTES:
        raise BadInput("until", "one of the lengths on the page")
    return stamp(visit.now.replace(microsecond=0) + timedelta(hours=int(hours))) if hours else FOR_GOOD


def set_secret(visit: Visit, id: str) -> Outcome:
    """Set or take away its key. Of a source that calls us, a new one beside the old, shown this once where we
    made it; or end the old one."""
    if visit.form.get("do") == "end":
        end_old_secret(visit, id)
        return Go(f"/sources/{id}?kept=ended")
    if visit.form.get("do") == "remove":
        remove_secret(visit, id)
        return Go(f"/sources/{id}?kept=keyless")
    which = visit.form.get("which", "")
    try:
        once = put_secret(visit, id, visit.form.get("secret", "").strip(), which)
    except BadInput:
        return _page(visit, id, wrong_secret=True, which=which)
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    kept = "set" if source.platform == "webhook" else "key"
    return _page(visit, id, once=once) if once else Go(f"/sources/{id}?kept={kept}")


def put_secret(visit: Visit, id: str, value: str, which: str = "") -> Once:
    """`which` of several, by name; "": the first. Raises BadInput, NotFound."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    if source.platform == "webhook":
        return keeping.put_hook_secret(visit, source, value)
    name = made.source_secret(source.brand, id, source.platform)
    key = _key(source, which)
    if not keeping.usable(value):
        raise BadInput("secret", "a key as its network shows it")
    keeping.put_keys(visit, name, _own_key(source), {key: value})
    keeping.poll_now(visit, id)
    return keeping.NOTHING


def end_old_secret(visit: Visit, id: str) -> None:
    """Raises NotFound."""
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    keeping.end_old_secret(visit, source)


def remove_secret(visit: Visit, id: str) -> None:
    source, _ = visit.desk.sources.get(visit.brand.id, id)
    if source.platform == "webhook":
        keeping.drop_secrets(visit, source)
    else:
        keeping.drop_secret(visit, made.source_secret(source.brand, id, source.platform))


def _key(source: Source, which: str) -> str:
    """Raises NotFound where there is none to set."""
    fields = _fields(source.platform, source.settings.get("kind", ""))
    names = [field.name for field in fields if field.kind == "secret"]
    if not names or (which and which not in names):
        raise NotFound("there is no secret here")
    return which or names[0]


def _own_key(source: Source) -> str:
    own: str = plain.form_of("sources", {"platform": source.platform, **source.settings}).OWN
    return own


def _page(
    visit: Visit,
    id: str,
    *,
    given: Plain | None = None,
    faults: Sequence[Fault] = (),
    now: Sequence[tuple[str, str]] = (),
    once: Once = keeping.NOTHING,
    removing: bool = False,
    wrong_secret: bool = False,
    which: str = "",
) -> Page:
    words = visit.words
    source, state = visit.desk.sources.get(visit.brand.id, id)
    was = plain.source(source)
    fields = _fields(source.platform, source.settings.get("kind", ""))
    dates = visit.desk.secrets.dates(source.brand)
    name = made.source_secret(source.brand, id, source.platform)
    shown = brand_fields.shown(
        fields, {**was, **(given or {})}, words, faults=faults, choices=choices(visit.brand, words)
    )
    counts = visit.desk.noise.counts(source.brand, [id], visit.now)
    values = {
        "source": source,
        "held": held.counted(counts.get(id, {}), words),
        "muted": source.mutes(visit.now),
        "muted_until": ""
        if source.muted in ("", FOR_GOOD)
        else words.moment(datetime.fromisoformat(source.muted)),
        "mutes": [(hours, words.gettext(said)) for hours, said in MUTES.items()],
        "ear": listening.ears([(source, state)], visit.brand, words)[0],
        "gauge": gauge.gauge(
            source,
            state,
            visit.brand,
            words,
            costs.of_source(visit, id) if visit.desk.read_prices(source) else None,
        ),
        "fields": [each for each in shown if each.kind != "secret" and each.name not in brand_fields.LASTING],
        "caller": _caller(visit, source, dates, once) if source.platform == "webhook" else None,
        "left_out": left_out(visit, source),
        "mark": settings.mark(was),
        "wrong": unplaced(faults, fields, words),
        "faulty": bool(faults),
        "now": now,
        "once": once,
        "removing": removing,
        "secrets": keeping.said(visit, name, _own_key(source), fields)
        if source.platform != "webhook"
        else (),
        "tested": visit.desk.pulse.tested(source.brand).get(f"source/{id}"),
        "connect": connecting.shown(visit, "sources", id),
        "wrong_secret": wrong_secret,
        "which": which,
        "kept": visit.query.get("kept", ""),
        "may": visit.may(Deed.MANAGE),
    }
    status = 409 if now else 422 if faults or wrong_secret else 200
    return Page(template="source.html", place="sources", values=values, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """How a source calls us, on its page. `since` are the moments at which its secrets were set, the newest
    first: two while one is replaced. `once` is what is shown now and never again."""

    name: str
    address: str
    in_path: bool
    paste: str
    ours: bool
    hint: str
    since: Sequence[str]
    once: Sequence[tuple[str, str]]


def _caller(visit: Visit, source: Source, dates: Mapping[str, datetime], once: Once) -> Calling:
    words, scheme = visit.words, callers.scheme_of(source)
    caller, in_path = callers.CALLERS[scheme], SIGNINGS[scheme].in_path
    address = callers.address(visit.desk.webhook_url, source, once.word if in_path else "")
    public, auth = once.keys
    told = [
        (words.gettext("Address"), address if once else ""),
        (words.gettext("Feed, or your site"), source.settings.get("topic", "") if once else ""),
        (
            words.gettext("Secret"),
            once.secret if scheme not in ("unsigned", "webmention", "web-push") else "",
        ),
        (words.gettext("Word"), once.word if not in_path else ""),
        ("p256dh", public),
        ("auth", auth),
    ]
    return Calling(
        name=callers.named(source, words),
        address=address if not in_path else "",
        in_path=in_path,
        paste=words.gettext(caller.paste),
        ours=SIGNINGS[scheme].ours,
        hint=words.gettext(caller.secret) if caller.secret else "",
        since=[words.at(dates[name]) for name in keeping.hook_secrets(dates, source.brand, source.id)],
        once=[each for each in told if each[1]],
    )
