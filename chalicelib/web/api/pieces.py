"""What the pieces of a brand look like, for the description: said by the very forms that check them.

Two things differ between a piece under settings and the same one in a brand file. Under settings it has no
secrets, as those are set by themselves; in a file one may stand as the name of a variable, or be left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib.brandfile.connected import Caller, Connected, Form
from chalicelib.brandfile.forms import FORMS, BrandForm, HeadForm
from chalicelib.web.connecting import KINDS as CONNECTED
from chalicelib.web.operations import Operation
from chalicelib.web.settings import HEAD, ONE

SECTIONS = tuple(name for name in ONE if name != HEAD)
HIDDEN = {form.__name__: form.SECRETS for form in FORMS.values() if issubclass(form, Connected)}
HIDDEN |= {"Alert": ("webhook",)}
"""The secrets among the fields of a form."""
KEYED = ("departments", "sources", "channels")
"""Sections whose entries may have a secret."""
OF = {"settings_change": HEAD, "trials_watch": "watches"}
"""Of which section the body is, where the address does not say it."""
HERE, IN_FILE = "#/components/schemas/{model}", "#/components/schemas/InFile.{model}"
NULL = {"type": "null"}
Schema = dict[str, Any]


def sections(each: Operation) -> tuple[str, ...]:
    """Those at which an operation finds something."""
    if each.work == "entry_secrets:end_old":
        return ("sources",)
    if each.work == "entry_secrets:connect":
        return tuple(CONNECTED)
    return KEYED if each.work.startswith("entry_secrets:") else SECTIONS


def given(operation: str, section: str) -> Schema | None:
    """What a body that is a piece looks like; None for any other body."""
    if operation == "trials_source":
        return {"oneOf": [_with_secret(form) for form in _forms("sources")]}
    if operation in ("settings_add", "settings_change_entry"):
        return _piece(section)
    return _piece(OF[operation]) if operation in OF else None


def shown(schema: Schema, section: str) -> Schema:
    """An answer with entries of a section."""
    if not section:
        return schema
    entry = {"properties": {"values": _piece(section)}}
    if schema["$ref"].endswith("Listed_Entry_"):
        entry = {"properties": {"items": {"items": entry}}}
    return {"allOf": [schema, entry]}


def filled(definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """All definitions, those of the pieces among them, and what stood open filled in."""
    forms = [form for section in (HEAD, *SECTIONS) for form in _forms(section)]
    found = dict(definitions)
    for name, each in _defined(forms, HERE).items():
        found[name] = _without(each, HIDDEN.get(name, ()))
    for name, each in _defined([BrandForm], IN_FILE).items():
        found[f"InFile.{name}"] = _free(each, HIDDEN.get(name, ()))
    file = {"$ref": IN_FILE.format(model=BrandForm.__name__)}
    for name, field, schema in (
        ("Head", "values", _piece(HEAD)),
        ("BrandFile", "file", file),
        ("NewFile", "file", {"anyOf": [file, NULL]}),
        ("SourceTrial", "source", {"anyOf": [_piece("sources"), NULL]}),
    ):
        properties = {**found[name]["properties"], field: schema}
        found[name] = {**found[name], "properties": properties}
    return found


def _piece(section: str) -> Schema:
    refs = [{"$ref": HERE.format(model=form.__name__)} for form in _forms(section)]
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def _forms(section: str) -> list[type[Form]]:
    """The form of a section, or one for each platform and kind."""
    if section == HEAD:
        return [HeadForm]
    one = FORMS.get((section,))
    return [one] if one else [form for shape, form in FORMS.items() if shape[:1] == (section,)]


def _defined(forms: Iterable[type[Form]], template: str) -> dict[str, Schema]:
    """By name, with what they refer to."""
    _, found = models_json_schema([(form, "validation") for form in forms], ref_template=template)
    return {name: _plain(each) for name, each in found["$defs"].items()}


def _plain(node: Any) -> Any:
    """Each choice in one row, as one within another confuses readers. The least that a list has is said as
    that: of one behind a function pydantic says it as of a text."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {name: _plain(each) for name, each in node.items() if name != "discriminator"}
    if "oneOf" in found:
        found["oneOf"] = [one for each in found["oneOf"] for one in each.get("oneOf", [each])]
    if found.get("type") == "array" and "minLength" in found:
        found["minItems"] = found.pop("minLength")
    return found


def _without(form: Schema, hidden: tuple[str, ...]) -> Schema:
    properties = {name: each for name, each in form["properties"].items() if name not in hidden}
    return {**_free(form, hidden), "properties": properties}


def _free(form: Schema, names: tuple[str, ...]) -> Schema:
    """These may be left out."""
    return {**form, "required": [name for name in form.get("required", ()) if name not in names]}


def _with_secret(form: type[Form]) -> Schema:
    """What is tried is not kept yet, so its secret comes along."""
    own = _without(_defined([form], HERE)[form.__name__], HIDDEN[form.__name__])
    asked = HIDDEN[form.__name__] and not issubclass(form, Caller)
    secret = {"secret": {"type": "string", "description": "As its network shows it"}} if asked else {}
    return {**own, "properties": {**own["properties"], **secret}}
