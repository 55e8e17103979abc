"""Cold starts: what a fresh process loads, and how long it takes, until it has given its first answer."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import Figure, Line, Note
from bench.events import EVENTS, PARAMETERS, page, seed
from tests.harness.world import environment
from tests.servers.base import Reply, Request, Server

ROOT = Path(__file__).parent.parent
ROUNDS = 5
BOTO3 = 'import boto3; boto3.client("dynamodb")'
APP = "import app"

APP_MODULES, WEBHOOK_MODULES, WORKER_MODULES = 110, 400, 450
"""The most that may be loaded after `import app`, the webhook's first answer, and a worker's."""
REPORT_MODULES = 475
"""Of the Lambda that evaluates months: it renders, once an hour."""
NEVER_AT_IMPORT = ("boto3", "botocore", "pydantic", "jinja2", "requests")

_ENVIRONMENT = {
    "PATH": os.defpath,
    "PYTHONPATH": str(ROOT),
    "SETUPTOOLS_USE_DISTUTILS": "stdlib",  # or setuptools, where there is one, adds a module of its own
}


@dataclass(frozen=True, slots=True)
class Start:
    """One fresh process."""

    modules: int
    ms: float
    loaded: frozenset[str]
    answer: Any
    said: dict[str, Any]
    """The handler's own log line."""


def figures(rounds: int = ROUNDS) -> Iterator[Line]:
    yield Note(f"cold start: Python {sys.version.split()[0]}, median of {rounds} fresh processes, AWS canned")
    yield Note("the interpreter's own start is in the modules and not in the milliseconds")
    for name, statement in (("boto3_dynamodb_client", BOTO3), ("import_app", APP)):
        yield from _told(name, [statement_start(statement) for _ in range(rounds)])
    with Feed() as feed:
        for handler in EVENTS:
            yield from _told(f"first_{handler}", [first_answer(handler, feed) for _ in range(rounds)])


def _told(name: str, starts: list[Start]) -> Iterator[Line]:
    yield Figure(f"{name}_modules", median(start.modules for start in starts), "modules")
    yield Figure(f"{name}_ms", round(median(start.ms for start in starts), 1), "ms")


def statement_start(statement: str) -> Start:
    return _run({"handler": "", "statement": statement}, {})


def first_answer(handler: str, feed: "Feed") -> Start:
    """The first call of one handler."""
    now = datetime.now(UTC)
    case = {
        "handler": "app" if handler == "api_handler" else handler,
        "event": EVENTS[handler](now),
        "stored": seed(feed.url, now),
        "parameters": PARAMETERS,
    }
    return _run(case, {"HTTP_ALLOW": f"{feed.host}:{feed.port}"})


def _run(case: Mapping[str, Any], more: Mapping[str, str]) -> Start:
    """Raises RuntimeError with what the process said."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_text(json.dumps(case), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-P", str(ROOT / "bench" / "first_answer.py"), str(path)],
            env={**_ENVIRONMENT, **environment(), **more},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{case['handler'] or case['statement']}: {done.stderr[-2000:]}")
    *said, last = done.stdout.strip().split("\n")
    found = json.loads(last)
    told = [json.loads(line) for line in said if line.startswith("{")]
    line: dict[str, Any] = next((one for one in reversed(told) if "ms" in one), {})
    return Start(found["modules"], found["ms"], frozenset(found["loaded"]), found["answer"], line)


class Feed(Server):
    """Gives the same page of twenty items to whoever asks."""

    def answer(self, request: Request) -> Reply:
        return Reply(body=page(datetime.now(UTC)), headers={"Content-Type": "application/rss+xml"})
