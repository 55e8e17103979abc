"""What a cold start loads. Modules are counted, not milliseconds: they are the same on every machine."""

import json
from collections.abc import Iterator

import pytest

from bench import cold, platforms
from bench.events import EVENTS
from chalicelib.platforms import names

DID = {"measure_posts": ("measured", "counted"), "evaluate_months": ("made",)}
"""What a handler that answers nothing says that it did."""


@pytest.fixture(scope="module")
def feed() -> Iterator[cold.Feed]:
    with cold.Feed() as server:
        yield server


def test_importing_the_app_loads_little() -> None:
    start = cold.statement_start(cold.APP)
    assert "chalice.app" in start.loaded
    assert start.modules <= cold.APP_MODULES
    assert not start.loaded.intersection(cold.NEVER_AT_IMPORT)


@pytest.mark.parametrize("handler", EVENTS)
def test_a_first_answer_is_right_and_loads_no_more_than_it_may(handler: str, feed: cold.Feed) -> None:
    start = cold.first_answer(handler, feed)
    others = {"receive_webhook": cold.WEBHOOK_MODULES, "evaluate_months": cold.REPORT_MODULES}
    most = others.get(handler, cold.WORKER_MODULES)
    assert start.modules <= most
    assert _is_well(handler, start.answer)
    for count in DID.get(handler, ()):
        assert start.said[count] == 1, "the work itself was done"
    assert not start.said.get("failed")
    assert "boto3" not in start.loaded
    assert not start.loaded.intersection({"pydantic", "requests"})
    if handler == "receive_webhook":
        assert not start.loaded.intersection({"cryptography", "jwt"}), "only some of its callers need them"
    if handler not in ("api_handler", "evaluate_months"):
        assert "jinja2" not in start.loaded


def _is_well(handler: str, answer: object) -> bool:
    match handler:
        case "tick" | "measure_posts" | "relate_to_people" | "evaluate_months":
            return answer is None
        case "receive_webhook":
            return isinstance(answer, dict) and answer["statusCode"] == 202
        case "notify_hooks":
            return answer == {"done": 0, "failed": 0, "kept": 0}
        case "api_handler":
            return isinstance(answer, dict) and answer["statusCode"] == 200
    return answer == {"batchItemFailures": []}


@pytest.mark.parametrize("name", names())
def test_a_platform_loads_no_heavy_kit_at_import(name: str) -> None:
    start = platforms.alone(name)
    assert f"chalicelib.platforms.{name}" in start.loaded
    assert not start.loaded.intersection(platforms.NEVER)


def test_every_lambda_is_measured() -> None:
    config = json.loads((cold.ROOT / ".chalice" / "config.json").read_text())
    assert set(EVENTS) == set(config["lambda_functions"])
