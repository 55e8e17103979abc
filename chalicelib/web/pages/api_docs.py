"""The API's own page: what it is, how to ask, and every operation, from the same document that is served."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.request import Request
from chalicelib.web.visit import Outcome, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`fields` of the body and `asked` of the address, as (name, what it is)."""

    id: str
    method: str
    path: str
    said: str
    scope: str
    headers: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]


def show(request: Request, desk: Desk, words: Words) -> tuple[Outcome, tuple[str, ...]]:
    from chalicelib.web.api import openapi
    from chalicelib.web.api.problem import TITLES
    from chalicelib.web.operations import BASE

    document = openapi.document()
    groups = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            groups[found["tags"][0]].append(_operation(method, BASE + path, found, document))
    values = {"groups": dict(groups), "problems": TITLES, "base": BASE, "host": request.host}
    return Page(template="api_docs.html", place="", values=values), ()


def _operation(method: str, path: str, found: dict[str, Any], document: dict[str, Any]) -> Operation:
    parameters = found["parameters"]
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        said=found["summary"],
        scope=found["description"].removeprefix("Scope: ").rstrip("."),
        headers=tuple(each["name"] for each in parameters if each["in"] == "header"),
        asked=tuple((each["name"], _kind(each["schema"])) for each in parameters if each["in"] == "query"),
        fields=tuple(_fields(body, document)),
        answers=tuple(found["responses"]),
    )


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> list[tuple[str, str]]:
    if choices := schema.get("oneOf"):
        return [_choice(_properties(each, document)) for each in choices]
    return [(name, _kind(each)) for name, each in _properties(schema, document).items()]


def _properties(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(name, schema)
    return dict(found.get("properties", {}))


def _choice(properties: dict[str, Any]) -> tuple[str, str]:
    """One of several shapes: what tells it from the others, and the names of its fields."""
    apart = {name: each["const"] for name, each in properties.items() if "const" in each}
    said = ", ".join(f"{name}: {value}" for name, value in apart.items())
    return said, ", ".join(name for name in properties if name not in apart)


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few words: `text, at most 200`."""
    if options := schema.get("anyOf"):
        return " | ".join(_kind(option) for option in options)
    if reference := schema.get("$ref"):
        return str(reference.rpartition("/")[2])
    said = str(schema.get("format") or schema.get("type", ""))
    if choices := schema.get("enum"):
        said = " | ".join(map(str, choices))
    if schema.get("type") == "array":
        said = f"[{_kind(schema['items'])}]"
    about = [schema["description"]] if "description" in schema else []
    if "maxLength" in schema:
        about.append(f"<= {schema['maxLength']}")
    return ", ".join([said, *about])
