"""From the forms of a brand file to the brand, its sources and their secrets."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.brandfile.connected import AnyChannel, AnySource, Caller, Connected, Metered, Named, Through
from chalicelib.brandfile.forms import (
    BrandForm,
    DepartmentForm,
    GoalForm,
    HeadForm,
    SnippetForm,
    TemplateForm,
    TopicForm,
    WatchForm,
)
from chalicelib.brandfile.lines import parse
from chalicelib.brandfile.references import entries
from chalicelib.brandfile.values import short_name
from chalicelib.domain.brand import (
    Adviser,
    Brand,
    Channel,
    ClosedDays,
    Department,
    Drafter,
    Goal,
    Snippet,
    Template,
    Topic,
    Watch,
)
from chalicelib.domain.honesty import USUAL
from chalicelib.domain.keyring import beside
from chalicelib.domain.source import Source

TEMPLATES = Path(__file__).with_name("templates.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandSetup:
    """`secrets` by the name they are kept under: `channel/<brand>/<id>`, `source/<brand>/<id>`,
    `channelapp/...` and `sourceapp/...` (what lies beside those), `hook/<brand>/<source>`,
    `alert/<brand>/<department>`. A webhook's secret may be `GENERATE`: `load.py` makes it once. Where secrets
    are kept apart, each is `KEPT`."""

    brand: Brand
    sources: tuple[Source, ...]
    secrets: dict[str, dict[str, str]] = field(repr=False)


def setup(form: BrandForm, now: datetime) -> BrandSetup:
    brand = own_id(form)
    return BrandSetup(
        brand=Brand(
            id=brand,
            departments=tuple(map(department, form.departments)),
            channels=tuple(channel(brand, given) for given in form.channels),
            watches=tuple(map(watch, form.watches)),
            templates=templates(map(template, form.templates), form.languages),
            snippets=tuple(map(snippet, form.snippets)),
            goals=tuple(map(goal, form.goals)),
            topics=tuple(map(topic, form.topics)),
            adviser=Adviser(**form.second_opinion.model_dump()) if form.second_opinion else None,
            **head(form),
        ),
        sources=tuple(source(brand, given, now) for given in form.sources),
        secrets=dict(_secrets(brand, form)),
    )


def own_id(form: Named) -> str:
    return form.id or short_name(form.name)


def head(form: HeadForm) -> dict[str, Any]:
    """What a brand says of itself, as fields of Brand."""
    said = {name: getattr(form, name) for name in HeadForm.model_fields if name != "id"}
    does = form.honesty.model_dump()
    honesty = {rule: what for rule, what in does.items() if what != USUAL[rule]}
    return {
        **said,
        "honesty": honesty,
        "closed": ClosedDays(**form.closed.model_dump()),
        "drafter": Drafter(**form.drafter.model_dump()) if form.drafter else None,
    }


def topic(form: TopicForm) -> Topic:
    return Topic(**{**form.model_dump(), "id": own_id(form)})


def department(form: DepartmentForm) -> Department:
    return Department(
        id=own_id(form),
        name=form.name,
        hours=form.hours,
        complaint_within=form.answer_within.complaint,
        other_within=form.answer_within.other,
        praise_within=form.answer_within.praise,
        topics=form.topics,
        four_eyes=form.four_eyes,
        four_eyes_unhappy=form.four_eyes_unhappy,
        four_eyes_reach=form.four_eyes_reach,
        always=form.always,
        budget=form.budget,
        alert_mail=form.alert.mail,
        alert_webhook=bool(form.alert.webhook),
        quiet=form.alert.quiet,
        escalate_after=form.alert.unopened,
        escalate_mail=form.alert.escalate,
        digest=form.alert.digest,
    )


def watch(form: WatchForm) -> Watch:
    """A query is kept as it was typed, and as it is matched."""
    plan = ""
    if form.query:
        from chalicelib.domain.query import to_text
        from chalicelib.querying.parse import parse

        plan = to_text(parse(form.query))
    return Watch(**{**form.model_dump(), "id": own_id(form), "plan": plan})


def goal(form: GoalForm) -> Goal:
    return Goal(id=own_id(form), name=form.name)


def snippet(form: SnippetForm) -> Snippet:
    return Snippet(**{**form.model_dump(), "id": own_id(form), "text": form.text.strip()})


def channel(brand: str, form: AnyChannel) -> Channel:
    id = own_id(form)
    settings = form.settings()
    if form.platform == "sandbox":
        settings |= {"account": f"{brand}.{id}"}
    return Channel(id=id, platform=form.platform, name=form.name, settings=settings, slots=form.slots)


def source(brand: str, form: AnySource, now: datetime) -> Source:
    settings = form.settings()
    if isinstance(form, Through):
        settings |= {"account": f"{brand}.{form.channel}"}
    return Source(
        brand=brand,
        id=own_id(form),
        platform=form.platform,
        name=form.name,
        settings=settings,
        interval=0 if isinstance(form, Caller) else form.interval,
        connected_at=now.replace(microsecond=0),
        channel=form.channel,
        watched=True if isinstance(form, Caller) else form.watched,
        paused=form.paused,
        muted=form.muted,
        cap=form.cap,
        watch=form.watch if isinstance(form, Metered) else "",
    )


def template(form: TemplateForm) -> Template:
    """Its id is given where all of them stand together."""
    return Template(id="", language=form.language, when=form.when, text=form.text.strip())


def templates(own: Iterable[Template], languages: Iterable[str]) -> tuple[Template, ...]:
    """The brand's own; and ours where it has none for an occasion in one of its languages."""
    own, languages = tuple(own), tuple(languages)
    taken = {(given.language, given.when) for given in own}
    ours = [
        given
        for given in _built_in()
        if given.language in languages and (given.language, given.when) not in taken
    ]
    numbers: Counter[str] = Counter()
    found = []
    for given in (*own, *ours):
        name = f"{given.when}-{given.language}"
        numbers[name] += 1
        id = name if numbers[name] == 1 else f"{name}-{numbers[name]}"
        found.append(Template(id=id, language=given.language, when=given.when, text=given.text))
    return tuple(found)


@cache
def _built_in() -> tuple[Template, ...]:
    listed = entries(parse(TEMPLATES.read_text("utf-8")), "templates")
    return tuple(template(TemplateForm.model_validate(given)) for given in listed)


def _secrets(brand: str, form: BrandForm) -> Iterator[tuple[str, dict[str, str]]]:
    for channel in form.channels:
        yield from _apart(f"channel/{brand}/{own_id(channel)}", channel)
    for source in form.sources:
        yield from _apart(source_secret(brand, own_id(source), source.platform), source)
    for department in form.departments:
        if department.alert.webhook:
            yield f"alert/{brand}/{own_id(department)}", {"url": department.alert.webhook}


def _apart(name: str, form: Connected) -> Iterator[tuple[str, dict[str, str]]]:
    """The secrets of a form: the one that lies by itself, and what lies beside it."""
    found = form.secrets()
    if isinstance(form, Caller):
        yield name, found
        return
    for at, kept in (
        (name, {key: value for key, value in found.items() if key == form.OWN}),
        (beside(name), {key: value for key, value in found.items() if key != form.OWN}),
    ):
        if kept:
            yield at, kept


def source_secret(brand: str, id: str, platform: str) -> str:
    """The name its secret is kept under: what a stranger signs with lies apart from our own keys."""
    return f"{'hook' if platform == 'webhook' else 'source'}/{brand}/{id}"
