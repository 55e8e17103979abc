"""What pydantic finds wrong with a brand file, in plain words, each with its line."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chalicelib.brandfile.forms import FORMS
from chalicelib.brandfile.lines import Document, Fault, Path
from chalicelib.brandfile.values import suggestion

_LIST = "expected a list (lines that begin with -), got {got}"
_GROUP = "expected lines of the form `name: value`, got {got}"
_NUMBER = "expected a whole number, got {got}"
WORDS = {
    "value_error": "{error}",
    "literal_error": "expected one of {expected}, got {got}",
    "string_type": "expected a text, got {got}",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} signs",
    "string_pattern_mismatch": "expected a name of letters, digits and _ (no # or @), got {got}",
    "tuple_type": _LIST,
    "too_short": "needs at least one",
    "too_long": "has more than {max_length} lines",
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "greater_than_equal": "expected at least {ge}, got {got}",
    "less_than_equal": "expected at most {le}, got {got}",
    "bool_type": "expected yes or no, got {got}",
    "bool_parsing": "expected yes or no, got {got}",
}
"""By pydantic's own name of the error; the blanks are its context, and `got` what was written."""
EMPTY = "is empty; fill it in or remove the line (a text that begins with # needs quotes)"


def plain(error: ValidationError, document: Document, under: Path = ()) -> Iterator[Fault]:
    """`under` is where in the document stands what was validated."""
    for detail in error.errors():
        shape, path = _place((*under, *detail["loc"]))
        if detail["type"] in ("union_tag_not_found", "union_tag_invalid"):
            path = (*path, detail["ctx"]["discriminator"].strip("'"))
        if said := _said(detail, shape, path):
            yield Fault(document.line(path), said, path)


def _said(detail: ErrorDetails, shape: tuple[str, ...], path: Path) -> str:
    """ "" where other faults say it better."""
    kind, given = detail["type"], detail["input"]
    if kind == "too_short" and given:
        return ""  # its items are wrong, and each is named by itself
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        known = tuple(FORMS[shape].model_fields)
        return "is not known here" + (suggestion(str(path[-1]), known) or f" (known: {', '.join(known)})")
    if given is None:
        return EMPTY
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _choice(detail, shape, str(path[-1]))
    words = {name: str(value) for name, value in detail.get("ctx", {}).items()}
    if kind == "literal_error":
        words["expected"] = words["expected"].replace("'", "")
    return WORDS[kind].format(**words, got=_shown(given)) if kind in WORDS else detail["msg"]


def _choice(detail: ErrorDetails, shape: tuple[str, ...], name: str) -> str:
    """`name` is platform, or a platform's kind: not given, or not known."""
    depth = len(shape)
    known = sorted({form[depth] for form in FORMS if form[:depth] == shape and len(form) > depth})
    tag = detail["input"].get(name)
    if not isinstance(tag, str):
        return f"is missing; one of {', '.join(known)}"
    return f"{tag} is not known here" + (suggestion(tag, known) or f" (known: {', '.join(known)})")


def _place(loc: tuple[int | str, ...]) -> tuple[tuple[str, ...], Path]:
    """The key in `FORMS` and the path in the file: pydantic puts platform and kind into its own path."""
    rest = [part for part in loc if part != "[key]"]
    shape: tuple[str, ...] = ()
    path: Path = ()
    for at, part in enumerate(rest):
        longer = (*shape, part) if isinstance(part, str) else shape
        fits = any(form[: len(longer)] == longer for form in FORMS)
        if isinstance(part, str) and fits and (at < len(rest) - 1 or _tag(longer)):
            shape = longer
            path = path if _tag(longer) else (*path, part)
        else:
            path = (*path, part)
    return shape, path


def _tag(shape: tuple[str, ...]) -> bool:
    return len(shape) > 1 and shape[0] in ("sources", "channels")


def _shown(given: Any) -> str:
    if isinstance(given, str):
        return given if len(given) <= 60 else f"{given[:60]}..."
    return "a list" if isinstance(given, (list, tuple)) else "a group of lines"
