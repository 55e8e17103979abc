"""A brand's file, as a newcomer writes it, made into a brand, its sources and their secrets.

docs/brand-file.md explains the file. Every fault is named at once, each with its line; a secret is
never in the file, only the name of the variable that holds it.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from chalicelib.brandfile import faults as found_wrong, made, references
from chalicelib.brandfile.forms import BrandForm
from chalicelib.brandfile.lines import Document, Fault, parse
from chalicelib.brandfile.made import BrandSetup
from chalicelib.brandfile.values import APART

ROOM = 1_000_000
"""Bytes; a brand with a thousand feeds needs a quarter of it."""


class BrandFileError(Exception):
    """`found` is everything that is wrong, in the file's order; `faults` the same as lines to print."""

    def __init__(self, found: Iterable[Fault]) -> None:
        self.found = sorted(set(found), key=lambda fault: (fault.line, str(fault)))
        self.faults = list(map(str, self.found))
        super().__init__("\n".join(self.faults))


def read(path: Path, *, now: datetime) -> BrandSetup:
    """On a machine whose variables hold the secrets. `now` is when its sources are connected: what was
    posted before is history.

    Raises BrandFileError.
    """
    return _understood(parse(_text(path)), now, apart=False)


def read_apart(text: str, *, now: datetime) -> BrandSetup:
    """As `read`, where secrets are kept apart and no variable is looked at: what the file says of them is
    not more than that there are some. Such a brand may still be without sources.

    Raises BrandFileError.
    """
    if len(text.encode("utf-8", "replace")) > ROOM:
        raise BrandFileError([_too_large()])
    return _understood(parse(text), now, apart=True)


def _understood(document: Document, now: datetime, *, apart: bool) -> BrandSetup:
    if document.value is None:
        raise BrandFileError(document.faults or [Fault(1, "the file is empty")])
    wrong = [*document.faults, *references.faults(document)]
    if not apart:
        wrong += _deaf(document)
    try:
        form = BrandForm.model_validate(document.value, context=APART if apart else None)
    except ValidationError as error:
        raise BrandFileError([*wrong, *found_wrong.plain(error, document)]) from None
    if wrong:
        raise BrandFileError(wrong)
    return made.setup(form, now)


def _deaf(document: Document) -> list[Fault]:
    """Who writes a file means to listen."""
    given = document.value if isinstance(document.value, dict) else {"sources": None}
    if "sources" not in given:
        return [Fault(1, "is missing", ("sources",))]
    if given["sources"] == []:
        return [Fault(document.line(("sources",)), "needs at least one", ("sources",))]
    return []


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(ROOM + 1)
    except OSError as error:
        raise BrandFileError([Fault(1, f"{path}: {error.strerror}")]) from None
    if len(raw) > ROOM:
        raise BrandFileError([_too_large()])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrandFileError([Fault(line, "not UTF-8; save the file as UTF-8")]) from None


def _too_large() -> Fault:
    return Fault(1, f"the file is larger than {ROOM // 1_000_000} MB")
