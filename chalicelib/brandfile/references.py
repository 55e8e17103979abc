"""What one section of a brand file says of another: does it exist, and only once?

Read from the raw values: a fault elsewhere must not hide these.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.brandfile.lines import Document, Fault, Path
from chalicelib.brandfile.values import short_name, suggestion

NAMED = ("departments", "watches", "topics", "sources", "channels", "goals", "snippets")
"""The sections whose entries have an id."""


def faults(document: Document) -> Iterator[Fault]:
    ids = {section: [id_of(entry) for entry in entries(document, section)] for section in NAMED}
    yield from _named_once(document, ids)
    yield from _unknown(document, "watches", "department", ids["departments"])
    yield from _unknown(document, "snippets", "department", ids["departments"])
    yield from _unknown(document, "sources", "channel", ids["channels"])
    yield from _unknown(document, "sources", "watch", ids["watches"])
    yield from _sandboxes(document)
    yield from _senderless(document)


def entries(document: Document, section: str) -> list[dict[str, Any]]:
    """The entries of a list of the file; an empty one for whatever is not a group of lines."""
    found = document.value.get(section) if isinstance(document.value, dict) else None
    listed = found if isinstance(found, list) else []
    return [entry if isinstance(entry, dict) else {} for entry in listed]


def id_of(entry: dict[str, Any]) -> str:
    given = entry.get("id") or short_name(str(entry.get("name") or ""))
    return given if isinstance(given, str) else ""


def _senderless(document: Document) -> Iterator[Fault]:
    given = document.value if isinstance(document.value, dict) else {}
    if given.get("report_mail") and "mail_from" not in given:
        yield _fault(document, ("report_mail",), "needs mail_from, the address that sends it")


def _sandboxes(document: Document) -> Iterator[Fault]:
    """A sandbox source hears what is written on its channel's own page."""
    platforms = {id_of(entry): entry.get("platform") for entry in entries(document, "channels")}
    for at, entry in enumerate(entries(document, "sources")):
        channel = entry.get("channel")
        if entry.get("platform") != "sandbox" or not isinstance(channel, str):
            continue
        if platforms.get(channel, "sandbox") != "sandbox":
            yield _fault(document, ("sources", at, "channel"), f"{channel} is not a sandbox channel")


def _named_once(document: Document, ids: dict[str, list[str]]) -> Iterator[Fault]:
    for section, names in ids.items():
        counts = Counter(names)
        for at, name in enumerate(names):
            if name and counts[name] > 1 and names.index(name) < at:
                yield _fault(document, (section, at), f"a second {name}; give each its own id")
    if isinstance(document.value, dict):
        yield from _nameless(document, (), document.value)
    for section in NAMED:
        for at, entry in enumerate(entries(document, section)):
            yield from _nameless(document, (section, at), entry)


def _nameless(document: Document, path: Path, entry: dict[str, Any]) -> Iterator[Fault]:
    """A name without letters or digits of the alphabet makes no id."""
    if isinstance(entry.get("name"), str) and "id" not in entry and not id_of(entry):
        yield Fault(document.line(path), "is missing", (*path, "id"))


def _unknown(document: Document, section: str, key: str, known: list[str]) -> Iterator[Fault]:
    known = list(dict.fromkeys(filter(None, known)))
    for at, entry in enumerate(entries(document, section)):
        given = entry.get(key)
        if isinstance(given, str) and given and given not in known:
            near = suggestion(given, known) or f" (known: {', '.join(known) or 'none'})"
            yield _fault(document, (section, at, key), f"there is no {key} {given}{near}")


def _fault(document: Document, path: Path, said: str) -> Fault:
    return Fault(document.line(path), said, path)
