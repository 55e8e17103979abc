"""A world in which all that people wrote is an attack: strangers, colleagues, networks, the brand's file."""

import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

from chalicelib.domain.month import to_bytes
from chalicelib.ports import Brake
from tests.web import months
from tests.web.furnished import furnished
from tests.web.world import World

WRITTEN = frozenset(
    {"about", "account", "audience", "author", "by", "disclosure", "excerpt", "exclude", "handle", "name"}
    | {"note", "planned_by", "approved_by", "reason", "story", "terms", "text", "title", "to_author", "tone"}
    | {"why"}
)
"""Fields of ours, whatever the dataclass, that hold what somebody wrote."""
POINTED = frozenset({"link", "url", "remote_url"})
"""And those that hold an address."""
FACTS = "veldermeer/2026-10/facts.json"


def poisoned(text: str = "", url: str = "") -> World:
    """As `furnished`, with this text wherever somebody wrote, or this address wherever one leads out."""
    world = furnished()
    world.brakes.kept["veldermeer"] = Brake(world.now, "Noor")
    changes = dict.fromkeys(WRITTEN, text) if text else dict.fromkeys(POINTED, url)
    for part in vars(world).values():
        if type(part).__module__.startswith("tests.web.fakes"):
            for name, value in vars(part).items():
                setattr(part, name, _changed(value, changes))
    world.lines = _changed(world.lines, changes)
    facts = to_bytes(_changed(months.full(), changes))
    world.bucket.kept[FACTS] = facts, "application/json"
    return world


def calm(text: str) -> str:
    """As long, with its spaces in the same places, and nothing in it."""
    return re.sub(r"\S", "x", text)


def _changed(value: Any, changes: dict[str, str]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        new: dict[str, Any] = {}
        for field in fields(value):
            old, wish = getattr(value, field.name), changes.get(field.name)
            if wish and old and isinstance(old, str):
                new[field.name] = wish
            elif wish and old and isinstance(old, tuple) and isinstance(old[0], str):
                new[field.name] = (wish,)
            elif (changed := _changed(old, changes)) is not old:
                new[field.name] = changed
        return replace(value, **new)
    if isinstance(value, dict):
        return {key: _changed(each, changes) for key, each in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(_changed(each, changes) for each in value)
    return value


class _Bones(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *sorted(name for name, _ in attrs)))
        self.links += [
            value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")
        ]

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment",))


def bones(html: str) -> list[tuple[str, ...]]:
    """Every tag and the names of its attributes: what a browser acts on."""
    return _read(html).found


def links(html: str) -> list[str]:
    return _read(html).links


def _read(html: str) -> _Bones:
    page = _Bones()
    page.feed(html)
    page.close()
    return page
