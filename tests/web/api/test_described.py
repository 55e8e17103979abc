"""Every operation as it is described, and as it is not: no 500, and no answer that the description lacks.

The served document is read as a stranger reads it; requests are made from it, sound and unsound, over things
that are there, so that they come past "not found".
"""

import re
from functools import cache
from typing import Any

import pytest
import schemathesis
from chalice.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import app
from chalicelib import wiring
from chalicelib.ports import Page
from chalicelib.web.api import openapi
from chalicelib.web.operations import BASE, OPERATIONS, Operation
from tests.web.api.bridge import wsgi
from tests.web.api.office import Office
from tests.web.api.works import Scene, scene

pytestmark = pytest.mark.fuzz
EXAMPLES = 5
"""Of each operation, sound and unsound each."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PLACES = [
    pytest.param(each, section, path, id=f"{each.id} {section}".rstrip())
    for each in OPERATIONS
    for section, path in openapi.places(each).items()
]
ORDINARY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def served() -> Any:
    """As it is served, and read once: that takes longer than the tests."""
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", wsgi(Client(app)))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sound", "unsound"])
@pytest.mark.parametrize(("operation", "section", "path"), PLACES)
def test_an_operation_answers_as_it_says(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    operation: Operation,
    section: str,
    path: str,
    mode: GenerationMode,
) -> None:
    monkeypatch.setattr("chalicelib.web.api.gate.PER_MINUTE", 10**6)
    monkeypatch.setattr(wiring, "ask_report", lambda brand, month: None)
    monkeypatch.setattr(wiring, "try_source", lambda source, secrets: Page(found=(), cursor=""))
    wiring.desk.cache_clear()
    set_up = scene(office, operation.id, section)
    described = served()[path][operation.method]
    seen = set()

    @ORDINARY
    @given(case=described.as_strategy(generation_mode=mode), elsewhere=st.integers(0, 5))
    def ask(case: Any, elsewhere: int) -> None:
        _there(case, set_up, operation, elsewhere == 0)
        if mode is GenerationMode.POSITIVE:  # a cursor that no list gave would hide what else is asked
            case.query = {name: value for name, value in case.query.items() if name != "cursor"}
        answer = case.call(headers={"Authorization": f"Bearer {set_up.reader.text}"})
        case.validate_response(answer, checks=CHECKS)
        seen.add(answer.status_code)

    ask()
    if mode is GenerationMode.POSITIVE:
        assert seen & {200, 201, 409, 412, 422}, f"never came past {seen}"


def _there(case: Any, set_up: Scene, operation: Operation, elsewhere: bool) -> None:
    """Names things that are there, as they are now; unless it is to be `elsewhere`."""
    if elsewhere:
        return
    known = {"brand": "lindebieb", **set_up.names}
    case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
    if operation.of:
        stands = set_up.reader.get(f"{BASE}{set_up.path(operation, operation.of)}")
        tag = stands.headers.get("ETag", '"gone"')  # an example before may have taken it away
        case.headers = {**(case.headers or {}), "If-Match": tag}


def test_the_brake_alone_takes_a_star_and_says_so() -> None:
    for path, methods in openapi.document()["paths"].items():
        for each in methods.values():
            tags = [head["schema"]["pattern"] for head in each["parameters"] if head["name"] == "If-Match"]
            assert [bool(re.search(tag, "*")) for tag in tags] == [path.endswith("/brake/pull")] * len(tags)
