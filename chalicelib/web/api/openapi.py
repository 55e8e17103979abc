"""The description of the API: OpenAPI 3.1, from the table of operations and the models in their functions."""

import inspect
import json
import re
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.web.api import pieces, problem
from chalicelib.web.api.problem import TITLES, Problem
from chalicelib.web.api.settings import Piece
from chalicelib.web.operations import BASE, BRAND, OPERATIONS, Operation

SAID = """What the console does, for programs. The guide with examples is docs/api.md.

A key (`wsp_...`) is made by a manager on the page Team, for one brand, with a scope: read, write or admin,
each including the one before. What is sent under it is approved by the member who made it, and recorded so.
"""
SLUG = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"}
ENCODED = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,400}$"}
PARTS: dict[str, dict[str, Any]] = {
    "mention": ENCODED,
    "case": ENCODED,
    "n": {"type": "string", "pattern": "^[1-9][0-9]{0,4}$"},
    "month": {"type": "string", "pattern": "^2[0-9]{3}-(0[1-9]|1[0-2])$"},
    "day": {"type": "string", "format": "date"},
    "author": ENCODED,
    "colleague": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "file": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]*\.[a-z0-9]+$"},
    "deed": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$"},
}
"""What the parts of a path look like; every other is a short name of ours."""
Schemas = Mapping[type[BaseModel], dict[str, Any]]
ALWAYS = (401, 429, 500)
TAG = {"type": "string", "pattern": '^"[!#-~]*"$'}
TOKEN = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}


def text(prefix: str) -> bytes:
    """The document as it is served below `prefix`."""
    return json.dumps({**document(), "servers": [{"url": prefix + BASE}]}, ensure_ascii=False).encode()


@cache
def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    schemas, definitions = _schemas()
    for each in OPERATIONS:
        for section, path in places(each).items():
            paths.setdefault(path, {})[each.method.lower()] = _operation(each, path, section, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Webspin", "version": "1", "description": SAID},
        "servers": [{"url": BASE}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "wsp_..."}},
            "responses": {f"problem-{status}": _problem(status) for status in TITLES},
        },
    }


def places(each: Operation) -> dict[str, str]:
    """Where it is described: what is of a section for each section by itself, as its shape is its own."""
    if "{section}" not in each.path:
        return {"": each.path}
    return {name: each.path.replace("{section}", name) for name in pieces.sections(each)}


def statuses(operation: Operation) -> list[int]:
    """The problems that an operation may answer with."""
    found = {*ALWAYS, 400}
    if operation.path.startswith(BRAND):
        found |= {403, 404}
    if _kinds(operation).get("body"):
        found |= {413, 415, 422}
    if operation.create:
        found |= {409, 422}
    if operation.of:
        found |= {409, 412, 422, 428}
    return sorted(found)


def _operation(each: Operation, path: str, section: str, schemas: Schemas) -> dict[str, Any]:
    said = inspect.getdoc(each.function) or ""
    kinds = _kinds(each)
    found: dict[str, Any] = {
        "operationId": f"{each.id}_{section}" if section else each.id,
        "tags": [each.work.split(":")[0]],
        "summary": said.partition("\n\n")[0].replace("\n", " "),
        "description": f"Scope: {each.scope}.",
        "parameters": [*_path(path), *_query(kinds.get("query")), *_headers(each, section)],
        "responses": {str(each.status): _answer(each, pieces.shown(schemas[kinds["return"]], section))},
    }
    if each.method == "GET":
        found["responses"]["304"] = {"description": "As you have it"}
    for status in statuses(each):
        found["responses"][str(status)] = {"$ref": f"#/components/responses/problem-{status}"}
    if body := kinds.get("body"):
        content = {"application/json": {"schema": pieces.given(each.id, section) or schemas[body]}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _kinds(each: Operation) -> dict[str, type[BaseModel]]:
    return typing.get_type_hints(each.function)


def _schemas() -> tuple[Schemas, dict[str, Any]]:
    """Each model's reference by the model, and what they refer to by name."""
    asked: list[Any] = [(Problem, "serialization")]
    for each in OPERATIONS:
        kinds = _kinds(each)
        asked.append((kinds["return"], "serialization"))
        if (body := kinds.get("body")) and not issubclass(body, Piece):
            asked.append((body, "validation"))
    asked = list(dict.fromkeys(asked))
    template = "#/components/schemas/{model}"
    found, definitions = models_json_schema(asked, ref_template=template)
    told = pieces.filled(definitions["$defs"])
    return {kind: found[kind, mode] for kind, mode in asked}, told


def _path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PARTS.get(name, SLUG)}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": found}
        for name, found in ((name, _plain(found, inner)) for name, found in schema["properties"].items())
    ]


def _plain(found: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    """A query's field as it is in an address: no null, nothing by reference."""
    options = [option for option in found.get("anyOf", [found]) if option.get("type") != "null"]
    (only,) = options
    if reference := only.get("$ref"):
        only = inner[reference.rpartition("/")[2]]
    kept = {name: value for name, value in found.items() if name in ("description",)}
    return {**{name: value for name, value in only.items() if name not in ("title", "default")}, **kept}


def _headers(each: Operation, section: str) -> list[dict[str, Any]]:
    found = []
    if each.of:
        said = f"The ETag of {BASE}{each.of.replace('{section}', section)}, as you read it"
        unseen = each.id == "brake_pull"
        schema = {**TAG, "pattern": f"{TAG['pattern']}|^[*]$"} if unseen else TAG
        said += "; or * where it was not read" if unseen else ""
        found.append({"name": "If-Match", "description": said, "schema": schema})
    if each.create:
        said = "Your own name for this request: asking twice under one makes one thing"
        found.append({"name": "Idempotency-Key", "description": said, "schema": TOKEN})
    return [{"in": "header", "required": True, **header} for header in found]


def _answer(each: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    headers = {"ETag": {"required": True, "schema": TAG}}
    if each.location:
        headers["Location"] = {"required": True, "schema": {"type": "string"}}
    said = "Made, or there already under this Idempotency-Key" if each.create else "As it is now"
    if each.tries:
        said = "What would come of it"
    return {
        "description": said,
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }


def _problem(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": TITLES[status],
        "content": {problem.MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        found["headers"] = {"Retry-After": {"required": True, "schema": {"type": "string"}}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return found
