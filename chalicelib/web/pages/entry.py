"""One entry of a section: a department, a channel, a goal, a template, each with a form of its own."""

from collections.abc import Mapping, Sequence

from chalicelib.brandfile import plain
from chalicelib.brandfile.lines import Fault
from chalicelib.brandfile.plain import Plain
from chalicelib.brandfile.values import is_address
from chalicelib.domain.alerting import ENDED, NO_CHAT, chat_of
from chalicelib.domain.brand import Brand
from chalicelib.domain.keyring import beside
from chalicelib.domain.roles import Deed
from chalicelib.errors import BadInput, NotFound
from chalicelib.web import brand_fields, connecting, keeping, settings
from chalicelib.web.brand_fields import Choices, Field
from chalicelib.web.i18n import N_, Words, called
from chalicelib.web.keeping import Secret
from chalicelib.web.pages.brand import theirs, unplaced
from chalicelib.web.settings import Changed
from chalicelib.web.visit import Go, Outcome, Page, Visit

NAMES = {
    "departments": (N_("Department"), N_("New department")),
    "channels": (N_("Channel"), N_("New channel: %(network)s")),
    "goals": (N_("Goal"), N_("New goal")),
    "templates": (N_("Template"), N_("New template")),
    "snippets": (N_("Snippet"), N_("New snippet")),
}
LOST = {
    "departments": N_(
        "Its open work goes to the first department. What it answered stays as it is. Roles and keys for it "
        "give nothing there any more, and those for it alone nothing at all."
    ),
    "channels": N_(
        "Nothing is published or answered there any more; what was planned for it stays undone. "
        "What left stays where it is."
    ),
    "goals": N_("Posts that serve it serve no goal then. Past reports stay as they are."),
    "templates": N_("Drafts are made of our own text again, where there is one in its language."),
    "snippets": N_("Nobody can put it into an answer any more. Drafts that have it stay as they are."),
}
"""What is lost with it, said before it is removed."""
PRACTICE = N_("Practice page, in this console only")

WHY_NONE = {
    ENDED: N_("Microsoft ended addresses like this. Make one in Teams with the app Workflows."),
    NO_CHAT: N_("Put the number of the chat behind it: ?chat_id=, and the number."),
}


def platforms(words: Words) -> list[tuple[str, str]]:
    """Those that we can publish on, by name; what is there for practice first."""
    others = sorted((called(each), each) for each in brand_fields.CHANNELS if each != "sandbox")
    practice = [("sandbox", words.gettext(PRACTICE))] if "sandbox" in brand_fields.CHANNELS else []
    return [*practice, *((each, name) for name, each in others)]


def show(visit: Visit, section: str, id: str) -> Page:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    if id == "new":
        chosen = visit.query.get("platform", "")
        platform = chosen if section != "channels" or chosen in brand_fields.CHANNELS else "sandbox"
        return form(
            visit, brand, section, "", {"platform": platform} if section == "channels" else _begin(section)
        )
    return form(visit, brand, section, id, settings.piece(brand, section, id))


def _begin(section: str) -> Plain:
    """What a new one has as long as nobody says otherwise."""
    if section == "departments":
        week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
        within = {"complaint": 60, "other": 240, "praise": 480}
        return {"hours": week, "answer_within": within, "alert": {"unopened": 15}, "four_eyes_reach": 0}
    return {}


def keep(visit: Visit, section: str, id: str) -> Outcome:
    if visit.form.get("do") == "remove":
        return _remove(visit, section, id)
    own = "" if id == "new" else id
    platform = visit.form.get("platform", "")
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    if own and section == "channels":
        platform = str(settings.piece(brand, section, own)["platform"])
    fields = fields_of(section, platform)
    given = brand_fields.read(fields, visit.form)
    if section == "channels":
        given["platform"] = platform
    try:
        saved = settings.save(visit, section, own, given, visit.form.get("mark", ""))
    except Changed as changed:
        now = theirs(fields, changed.now, visit.words)
        return form(visit, brand, section, own, {**changed.now, **given}, now=now)
    if saved.faults:
        return form(visit, brand, section, own, given, faults=saved.faults)
    secrets = brand_fields.secrets(fields, visit.form)
    if section == "channels" and secrets and all(map(keeping.usable, secrets.values())):
        keeping.put_keys(visit, f"channel/{brand.id}/{saved.id}", _own_secret(given), secrets)
    if not own and section == "channels" and connecting.shown(visit, section, saved.id):
        return Go(f"/brand/channels/{saved.id}")
    return Go(f"/brand?kept={section}#{section}")


def set_secret(visit: Visit, section: str, id: str) -> Outcome:
    """Set, replace or take away a channel's key, or the address that is told of a department's alerts."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    was = settings.piece(brand, section, id)
    which = visit.form.get("which", "")
    if visit.form.get("do") == "remove":
        remove_secret(visit, section, id)
        return Go(f"/brand/{section}/{id}?secret=removed")
    try:
        put_secret(visit, section, id, visit.form.get("secret", "").strip(), which)
    except BadInput as error:
        wrong = (which, refused(error, visit.words))
        return form(visit, brand, section, id, was, wrong_secret=wrong)
    return Go(f"/brand/{section}/{id}?secret=set")


def refused(error: BadInput, words: Words) -> str:
    """Why a secret is none, in words."""
    found = WHY_NONE.get(error.message, N_("This cannot be it. Copy it again."))
    return words.gettext(found)


def put_secret(visit: Visit, section: str, id: str, value: str, which: str = "") -> None:
    """`which` of several, by name; "": the first. Raises BadInput for what cannot be one, NotFound where
    there is none to set."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    was = settings.piece(brand, section, id)
    key = _secret_of(section, was, which)
    if not keeping.usable(value) or (section == "departments" and not is_address(value)):
        raise BadInput("secret", "a key as its network shows it, or an address that begins with https://")
    if section == "departments":
        chat_of(value)
    own = _own_secret(was) if section == "channels" else key
    keeping.put_keys(visit, secret_name(brand, section, id), own, {key: value})
    if section == "departments":
        settings.save(visit, section, id, {"alert": {"webhook": "env:KEPT"}}, settings.mark(was))


def remove_secret(visit: Visit, section: str, id: str) -> None:
    """Raises NotFound where there is none to remove."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    was = settings.piece(brand, section, id)
    if section != "channels" or visit.desk.accounts.way(str(was["platform"])) is None:
        _secret_of(section, was)
    if section == "departments":
        settings.save(visit, section, id, {"alert": {"webhook": ""}}, settings.mark(was))
    keeping.drop_secret(visit, secret_name(brand, section, id))


def remove(visit: Visit, section: str, id: str, seen: str) -> list[str]:
    """The entry, then its secret; or the names of what still needs it. Raises Changed, NotFound."""
    needed = settings.remove(visit, section, id, seen)
    name = secret_name(visit.brand, section, id)
    if not needed and name:
        there = visit.desk.secrets.dates(visit.brand.id)
        for each in (name, beside(name)):
            if each in there:
                keeping.drop_secret(visit, each)
    return needed


def form(
    visit: Visit,
    brand: Brand,
    section: str,
    id: str,
    values: Plain,
    *,
    faults: Sequence[Fault] = (),
    now: Sequence[tuple[str, str]] = (),
    wrong_secret: tuple[str, str] = ("", ""),
    needed: Sequence[str] = (),
    removing: bool = False,
) -> Page:
    words = visit.words
    platform = str(values.get("platform", ""))
    fields = fields_of(section, platform)
    new, title = not id, NAMES[section]
    kept = settings.piece(brand, section, id)
    shown = [
        each
        for each in brand_fields.shown(fields, values, words, faults=faults, choices=_own(brand, words))
        if new or each.kind != "secret"
    ]
    values_ = {
        "heading": words.gettext(title[1]) % {"network": words.network(platform)}
        if new
        else str(kept.get("name") or words.gettext(title[0])),
        "up": ("/brand", words.gettext("Brand")),
        "action": f"/brand/{section}/{id or 'new'}",
        "fields": shown,
        "platform": platform,
        "platforms": platforms(words) if new and section == "channels" else (),
        "mark": settings.mark(kept) if kept else "",
        "wrong": unplaced(faults, fields, words),
        "faulty": bool(faults),
        "now": now,
        "secrets": _secrets(visit, brand, section, id, values) if id else (),
        "tested": visit.desk.pulse.tested(brand.id).get(f"channel/{id}") if section == "channels" else None,
        "connect": connecting.shown(visit, section, id) if id and section == "channels" else None,
        "wrong_secret": wrong_secret,
        "lost": words.gettext(LOST[section]),
        "removing": removing,
        "needed": needed,
        "may": visit.may(Deed.MANAGE),
        "id": id,
        "did": visit.query.get("secret", ""),
    }
    status = 409 if now or needed else 422 if faults or wrong_secret[1] else 200
    return Page(template="entry.html", place="brand", values=values_, status=status)


def _remove(visit: Visit, section: str, id: str) -> Outcome:
    """First a page that names what is lost; then, with `sure`, it is gone."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    was = settings.piece(brand, section, id)
    if visit.form.get("sure") != "yes":
        return form(visit, brand, section, id, was, removing=True)
    try:
        needed = remove(visit, section, id, visit.form.get("mark", ""))
    except Changed as changed:
        fields = fields_of(section, str(was.get("platform", "")))
        return form(visit, brand, section, id, changed.now, now=theirs(fields, changed.now, visit.words))
    if needed:
        return form(visit, brand, section, id, was, needed=needed)
    return Go(f"/brand?kept=removed#{section}")


def fields_of(section: str, platform: str = "") -> tuple[Field, ...]:
    """Raises NotFound."""
    if section == "channels" and platform in brand_fields.CHANNELS:
        return brand_fields.CHANNELS[platform]
    found = {
        "departments": brand_fields.DEPARTMENT,
        "goals": brand_fields.GOAL,
        "templates": brand_fields.TEMPLATE,
        "snippets": brand_fields.SNIPPET,
    }.get(section)
    if found is None:
        raise NotFound(f"section {section}")
    return found


def choices(brand: Brand, words: Words) -> Mapping[str, Choices]:
    """Of the fields whose choices are the brand's own."""
    departments = [(each.id, each.name) for each in brand.departments]
    return {
        "department": [("", words.gettext("Whoever it is for")), *departments],
        "watch": [("", words.gettext("Whoever hears it")), *((each.id, each.name) for each in brand.watches)],
        "channel": [("", words.gettext("Nowhere")), *((each.id, each.name) for each in brand.channels)],
    }


def _own(brand: Brand, words: Words) -> Mapping[str, Choices]:
    """Of a snippet."""
    departments = [(each.id, each.name) for each in brand.departments]
    return {"department": [("", words.gettext("Everybody")), *departments]}


def secret_name(brand: Brand, section: str, id: str) -> str:
    kind = {"channels": "channel", "departments": "alert"}.get(section, "")
    return f"{kind}/{brand.id}/{id}" if kind else ""


def _secret_of(section: str, values: Plain, which: str = "") -> str:
    """How the secret is called. Raises NotFound where there is none to set."""
    if section == "departments":
        return "url"
    fields = fields_of(section, str(values.get("platform", "")))
    names = [field.name for field in fields if field.kind == "secret"]
    if not names or (which and which not in names):
        raise NotFound("there is no secret here")
    return which or names[0]


def _own_secret(values: Plain) -> str:
    own: str = plain.form_of("channels", {"platform": str(values.get("platform", ""))}).OWN
    return own


def _secrets(visit: Visit, brand: Brand, section: str, id: str, values: Plain) -> list[Secret]:
    if section == "departments":
        hint = N_(
            "The webhook of a channel in Slack, Teams or Discord, a bot of Telegram, or any https address "
            "that takes JSON."
        )
        told = Field("url", N_("Address that is told of its alerts"), "secret", hint)
        return keeping.said(visit, secret_name(brand, section, id), "url", [told])
    if section != "channels" or values.get("platform") == "sandbox":
        return []
    fields = fields_of(section, str(values.get("platform", "")))
    return keeping.said(visit, secret_name(brand, section, id), _own_secret(values), fields)
