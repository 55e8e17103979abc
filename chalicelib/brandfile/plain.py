"""From the brand back to what its file says: the plain values that the forms take, section by section.

Values are texts, lists and groups, as YAML gives them. Each is whole; `shortened` leaves out what goes
without saying. A secret is named, never shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pydantic import BaseModel

from chalicelib.brandfile.connected import Connected, Form
from chalicelib.brandfile.forms import FORMS
from chalicelib.brandfile.made import source_secret, templates
from chalicelib.brandfile.values import DAYS, GENERATE
from chalicelib.domain.brand import (
    Adviser,
    Brand,
    Channel,
    Department,
    Drafter,
    Goal,
    Snippet,
    Template,
    Topic,
    Watch,
)
from chalicelib.domain.budget import dollars
from chalicelib.domain.honesty import USUAL as AS_USUAL
from chalicelib.domain.keyring import beside
from chalicelib.domain.knock import SIGNINGS, USUAL
from chalicelib.domain.source import Source

Plain = dict[str, Any]
HEAD = ("name", "id", "zone", "languages", "story", "tone", "disclosure", "mail_from", "report_mail")


def whole(brand: Brand, sources: Iterable[Source], kept: Collection[str] = ()) -> Plain:
    """All of it, as short as it can be said. `kept` are the names of the secrets there are."""
    found: Plain = shortened(head(brand), ())
    sections: dict[str, list[Plain]] = {
        "goals": [goal(each) for each in brand.goals],
        "departments": [department(each) for each in brand.departments],
        "watches": [watch(each) for each in brand.watches],
        "topics": [topic(each) for each in brand.topics],
        "sources": [source(each, kept) for each in sources],
        "channels": [channel(each, brand.id, kept) for each in brand.channels],
        "templates": [template(each) for each in own_templates(brand)],
        "snippets": [snippet(each) for each in brand.snippets],
    }
    if brand.adviser:
        found["second_opinion"] = shortened(adviser(brand.adviser), ("second_opinion",))
    for section, listed in sections.items():
        if listed:
            found[section] = [shortened(each, shape(section, each)) for each in listed]
    return found


def head(brand: Brand) -> Plain:
    found = {name: getattr(brand, name) for name in HEAD}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    closed = {
        "holidays": brand.closed.holidays,
        "open_on": list(brand.closed.open_on),
        "days": list(brand.closed.days),
        "feed": brand.closed.feed,
    }
    model = {"drafter": drafter(brand.drafter)} if brand.drafter else {}
    money = {"budget": budget(brand.budget), "warn_at": brand.warn_at}
    return {**plain, "honesty": {**AS_USUAL, **brand.honesty}, "closed": closed, **money, **model}


def budget(given: int | None) -> str:
    return "" if given is None else dollars(given)


def goal(given: Goal) -> Plain:
    return {"name": given.name, "id": given.id}


def topic(given: Topic) -> Plain:
    return {"name": given.name, "id": given.id, "words": list(given.words)}


def adviser(given: Adviser) -> Plain:
    return {"by": given.by, "a_day": given.a_day, "model": given.model}


def drafter(given: Drafter) -> Plain:
    return {"by": given.by, "model": given.model, "a_day": given.a_day, "four_eyes": given.four_eyes}


def watch(given: Watch) -> Plain:
    return {
        "name": given.name,
        "id": given.id,
        "query": given.query,
        "terms": list(given.terms),
        "exclude": list(given.exclude),
        "languages": list(given.languages),
        "department": given.department,
        "kind": given.kind,
        "budget": budget(given.budget),
    }


def department(given: Department) -> Plain:
    return {
        "name": given.name,
        "id": given.id,
        "hours": by_day(given.hours),
        "answer_within": {
            "complaint": given.complaint_within,
            "other": given.other_within,
            "praise": given.praise_within,
        },
        "topics": list(given.topics),
        "four_eyes": given.four_eyes,
        "four_eyes_unhappy": given.four_eyes_unhappy,
        "four_eyes_reach": given.four_eyes_reach,
        "always": given.always,
        "budget": budget(given.budget),
        "alert": {
            "mail": list(given.alert_mail),
            "webhook": _variable("alert", given.id) if given.alert_webhook else "",
            "quiet": given.quiet,
            "unopened": given.escalate_after,
            "escalate": list(given.escalate_mail),
            "digest": given.digest,
        },
    }


def channel(given: Channel, brand: str = "", kept: Collection[str] = ()) -> Plain:
    """With the secrets that it needs, and those there are."""
    settings = given.settings
    if given.platform == "sandbox":
        settings = {name: value for name, value in settings.items() if name != "account"}
    form = form_of("channels", {"platform": given.platform})
    name = f"channel/{brand}/{given.id}"
    secrets = _named(form, name, kept)
    return {
        "name": given.name,
        "id": given.id,
        "platform": given.platform,
        **settings,
        **{each: _variable("channel", given.id, each) for each in secrets},
        "slots": by_day(given.slots),
    }


def source(given: Source, kept: Collection[str] = ()) -> Plain:
    settings = given.settings
    if given.platform == "sandbox":
        settings = {name: value for name, value in settings.items() if name == "kind"}
    form = form_of("sources", {"platform": given.platform, **settings})
    name = source_secret(given.brand, given.id, given.platform)
    secrets = {each: _variable("source", given.id, each) for each in _named(form, name, kept)}
    if given.platform == "webhook":
        scheme = settings.get("scheme", USUAL)
        settings = {"scheme": scheme, "topic": settings.get("topic", "")}
        made = SIGNINGS[scheme].ours
        secrets = {"secret": GENERATE if made else _variable("source", given.id, "secret")}
    names = ("watch", "interval", "watched", "cap", "muted", "paused")
    rest: Plain = {name: getattr(given, name) for name in names}
    return {
        "name": given.name,
        "id": given.id,
        "platform": given.platform,
        **settings,
        **secrets,
        "channel": given.channel,
        **{name: _said(value) for name, value in rest.items() if name in form.model_fields},
    }


def _named(form: Any, kept_as: str, kept: Collection[str]) -> list[str]:
    """The secrets that are named in a file: those that are needed, and those there are."""
    there = {each for each in form.SECRETS if (kept_as if each == form.OWN else beside(kept_as)) in kept}
    return [each for each in form.SECRETS if form.model_fields[each].is_required() or each in there]


def template(given: Template) -> Plain:
    return {"when": given.when, "language": given.language, "text": given.text}


def snippet(given: Snippet) -> Plain:
    return {
        "name": given.name,
        "id": given.id,
        "language": given.language,
        "text": given.text,
        "link": given.link,
        "department": given.department,
    }


def own_templates(brand: Brand) -> Sequence[Template]:
    """Without those that every brand gets where it has none."""
    for own in range(len(brand.templates)):
        if templates(brand.templates[:own], brand.languages) == brand.templates:
            return brand.templates[:own]
    return brand.templates


def by_day(given: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Blocks or times of each day, as `09:00-12:00, 13:00-17:00`."""
    return {day: ", ".join(given[day]) for day in DAYS if given.get(day)}


def shape(section: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The key in `FORMS` of an entry of a section."""
    tags = (given.get("platform", ""), given.get("kind", ""))
    shapes = ((section, *tags), (section, tags[0]))
    return next((shape for shape in shapes if shape in FORMS), (section,))


def form_of(section: str, given: Mapping[str, Any]) -> Any:
    """The form of a source or channel; of one that was set up otherwise, what all of them have."""
    return FORMS.get(shape(section, given), Connected)


def shortened(given: Plain, form: tuple[str, ...]) -> Plain:
    """Without what is taken for granted; days in a row that are alike in one."""
    fields = FORMS.get(form, Connected).model_fields
    found: Plain = {}
    for name, value in given.items():
        inner = (*form, name)
        if isinstance(value, dict) and inner in FORMS:
            value = shortened(value, inner)
            if not value:
                continue
        needed = name in fields and fields[name].is_required()
        default = _default(fields[name].default, name) if name in fields and not needed else None
        if value not in (default, "", [], {}) or needed:
            found[name] = _runs(value) if name in ("hours", "slots") else value
    return found


def _default(value: Any, name: str) -> Any:
    if isinstance(value, (Form, BaseModel)):
        return None
    if name in ("hours", "slots"):
        return by_day(value)
    return list(value) if isinstance(value, tuple) else _said(value)


def _said(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _runs(days: Mapping[str, str]) -> dict[str, str]:
    """`mon-fri` for five days that are alike."""
    found = {}
    for said, run in groupby(DAYS, key=lambda day: days.get(day, "")):
        listed = list(run)
        if said:
            found["-".join(dict.fromkeys((listed[0], listed[-1])))] = said
    return found


def _variable(*parts: str) -> str:
    """What a file says of a secret: where its value is to be found, on the machine that loads it."""
    return "env:" + "_".join(parts).upper().replace("-", "_")
