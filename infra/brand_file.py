"""A brand's file, as a newcomer writes it, made into a brand, its sources and their secrets.

docs/brand-file.md explains the file. Every fault is named at once, each with its line; a secret is
never in the file, only the name of the variable that holds it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chalicelib.domain.brand import Adviser, Brand, Channel, Department, Goal, Template, Topic, Watch
from chalicelib.domain.source import Source
from infra import brand_faults
from infra.brand_forms import (
    AnyChannel,
    AnySource,
    BrandForm,
    DepartmentForm,
    Named,
    SandboxSource,
    TemplateForm,
    WebhookSource,
)
from infra.brand_values import short_name, suggestion
from infra.yaml_lines import Document, Fault, parse, place
from infra.yaml_lines import Path as Place

ROOM = 1_000_000
"""Bytes; a brand with a thousand feeds needs a quarter of it."""
TEMPLATES = Path(__file__).with_name("templates.yaml")
NAMED = ("departments", "watches", "topics", "sources", "channels", "goals")


class BrandFileError(Exception):
    """`faults` name everything that is wrong, each beginning with `line n: `, in the file's order."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandSetup:
    """`secrets` by the name they are kept under: `channel/<brand>/<id>`, `source/<brand>/<id>`,
    `hook/<brand>/<source>`, `alert/<brand>/<department>`. A webhook's secret may be `GENERATE`:
    `load.py` makes it once."""

    brand: Brand
    sources: tuple[Source, ...]
    secrets: dict[str, dict[str, str]] = field(repr=False)


def read(path: Path, *, now: datetime) -> BrandSetup:
    """`now` is when its sources are connected: what was posted before is history.

    Raises BrandFileError.
    """
    document = parse(_text(path))
    if document.value is None:
        raise BrandFileError(_lines(document.faults or [Fault(1, "the file is empty")]))
    form, faults = _validated(document)
    faults += _references(document)
    if form is None or faults:
        raise BrandFileError(_lines(faults))
    return _setup(form, now)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(ROOM + 1)
    except OSError as error:
        raise BrandFileError([f"line 1: {path}: {error.strerror}"]) from None
    if len(raw) > ROOM:
        raise BrandFileError([f"line 1: the file is larger than {ROOM // 1_000_000} MB"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrandFileError([f"line {line}: not UTF-8; save the file as UTF-8"]) from None


def _validated(document: Document) -> tuple[BrandForm | None, list[Fault]]:
    try:
        return BrandForm.model_validate(document.value), list(document.faults)
    except ValidationError as error:
        return None, [*document.faults, *brand_faults.plain(error, document)]


def _lines(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in sorted(set(faults))]


# what one section says of another -------------------------------------------------------------------


def _references(document: Document) -> Iterator[Fault]:
    """Faults between sections, read from the raw file: a fault elsewhere must not hide these."""
    ids = {section: [_id(entry) for entry in _entries(document, section)] for section in NAMED}
    yield from _named_once(document, ids)
    yield from _unknown(document, "watches", "department", ids["departments"])
    yield from _unknown(document, "sources", "channel", ids["channels"])
    yield from _sandboxes(document)
    yield from _senderless(document)


def _senderless(document: Document) -> Iterator[Fault]:
    given = document.value if isinstance(document.value, dict) else {}
    if given.get("report_mail") and "mail_from" not in given:
        yield Fault(
            document.line(("report_mail",)), "report_mail: needs mail_from, the address that sends it"
        )


def _sandboxes(document: Document) -> Iterator[Fault]:
    """A sandbox source hears what is written on its channel's own page."""
    platforms = {_id(entry): entry.get("platform") for entry in _entries(document, "channels")}
    for at, entry in enumerate(_entries(document, "sources")):
        channel = entry.get("channel")
        if entry.get("platform") != "sandbox" or not isinstance(channel, str):
            continue
        if platforms.get(channel, "sandbox") != "sandbox":
            path = ("sources", at, "channel")
            yield Fault(document.line(path), f"{place(path)}: {channel} is not a sandbox channel")


def _named_once(document: Document, ids: dict[str, list[str]]) -> Iterator[Fault]:
    for section, names in ids.items():
        counts = Counter(names)
        for at, name in enumerate(names):
            if name and counts[name] > 1 and names.index(name) < at:
                path = (section, at)
                yield Fault(document.line(path), f"{place(path)}: a second {name}; give each its own id")
    if isinstance(document.value, dict):
        yield from _nameless(document, (), document.value)
    for section in NAMED:
        for at, entry in enumerate(_entries(document, section)):
            yield from _nameless(document, (section, at), entry)


def _nameless(document: Document, path: Place, entry: dict[str, Any]) -> Iterator[Fault]:
    """A name without letters or digits of the alphabet makes no id."""
    if isinstance(entry.get("name"), str) and "id" not in entry and not _id(entry):
        yield Fault(document.line(path), f"{place((*path, 'id'))}: is missing")


def _unknown(document: Document, section: str, key: str, known: list[str]) -> Iterator[Fault]:
    known = list(dict.fromkeys(filter(None, known)))
    for at, entry in enumerate(_entries(document, section)):
        given = entry.get(key)
        if isinstance(given, str) and given not in known:
            path = (section, at, key)
            near = suggestion(given, known) or f" (known: {', '.join(known) or 'none'})"
            yield Fault(document.line(path), f"{place(path)}: there is no {key} {given}{near}")


def _entries(document: Document, section: str) -> list[dict[str, Any]]:
    """The entries of a list of the file; an empty one for whatever is not a group of lines."""
    found = document.value.get(section) if isinstance(document.value, dict) else None
    listed = found if isinstance(found, list) else []
    return [entry if isinstance(entry, dict) else {} for entry in listed]


def _id(entry: dict[str, Any]) -> str:
    given = entry.get("id") or short_name(str(entry.get("name") or ""))
    return given if isinstance(given, str) else ""


# from the file's forms to the domain's ----------------------------------------------------------------


def _setup(form: BrandForm, now: datetime) -> BrandSetup:
    brand = _own_id(form)
    return BrandSetup(
        brand=Brand(
            id=brand,
            name=form.name,
            zone=form.zone,
            languages=form.languages,
            departments=tuple(_department(given) for given in form.departments),
            channels=tuple(_channel(brand, given) for given in form.channels),
            watches=tuple(Watch(**{**given.model_dump(), "id": _own_id(given)}) for given in form.watches),
            templates=_templates(form),
            goals=tuple(Goal(id=_own_id(given), name=given.name) for given in form.goals),
            topics=tuple(Topic(**{**given.model_dump(), "id": _own_id(given)}) for given in form.topics),
            adviser=Adviser(**form.second_opinion.model_dump()) if form.second_opinion else None,
            report_mail=form.report_mail,
            mail_from=form.mail_from,
        ),
        sources=tuple(_source(brand, given, now) for given in form.sources),
        secrets=dict(_secrets(brand, form)),
    )


def _own_id(form: Named) -> str:
    return form.id or short_name(form.name)


def _department(form: DepartmentForm) -> Department:
    return Department(
        id=_own_id(form),
        name=form.name,
        hours=form.hours,
        complaint_within=form.answer_within.complaint,
        other_within=form.answer_within.other,
        praise_within=form.answer_within.praise,
        topics=form.topics,
        alert_mail=form.alert.mail,
        alert_webhook=bool(form.alert.webhook),
    )


def _channel(brand: str, form: AnyChannel) -> Channel:
    id = _own_id(form)
    settings = {"account": f"{brand}.{id}"} if form.platform == "sandbox" else form.settings()
    return Channel(id=id, platform=form.platform, name=form.name, settings=settings, slots=form.slots)


def _source(brand: str, form: AnySource, now: datetime) -> Source:
    sandbox = isinstance(form, SandboxSource)
    return Source(
        brand=brand,
        id=_own_id(form),
        platform=form.platform,
        name=form.name,
        settings={"account": f"{brand}.{form.channel}"} if sandbox else form.settings(),
        interval=0 if isinstance(form, WebhookSource) else form.interval,
        connected_at=now.replace(microsecond=0),
        channel=form.channel,
        watched=True if isinstance(form, WebhookSource) else form.watched,
    )


def _templates(form: BrandForm) -> tuple[Template, ...]:
    """The brand's own; and ours where it has none for an occasion in one of its languages."""
    own = {(given.language, given.when) for given in form.templates}
    ours = [
        given
        for given in map(TemplateForm.model_validate, _built_in())
        if given.language in form.languages and (given.language, given.when) not in own
    ]
    numbers: Counter[str] = Counter()
    found = []
    for given in (*form.templates, *ours):
        name = f"{given.when}-{given.language}"
        numbers[name] += 1
        id = name if numbers[name] == 1 else f"{name}-{numbers[name]}"
        found.append(Template(id=id, language=given.language, when=given.when, text=given.text.strip()))
    return tuple(found)


def _built_in() -> list[dict[str, Any]]:
    return _entries(parse(TEMPLATES.read_text("utf-8")), "templates")


def _secrets(brand: str, form: BrandForm) -> Iterator[tuple[str, dict[str, str]]]:
    for channel in form.channels:
        if found := channel.secrets():
            yield f"channel/{brand}/{_own_id(channel)}", found
    for source in form.sources:
        if isinstance(source, WebhookSource):
            yield f"hook/{brand}/{_own_id(source)}", {"scheme": "standard-webhooks", **source.secrets()}
        elif found := source.secrets():
            yield f"source/{brand}/{_own_id(source)}", found
    for department in form.departments:
        if department.alert.webhook:
            yield f"alert/{brand}/{_own_id(department)}", {"url": department.alert.webhook}
