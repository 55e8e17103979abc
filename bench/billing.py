"""What Lambda bills for a handler's calls: waits and processor time made into GB-seconds, and its log."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from bench import Line, Note
from bench.cpu import NEW, Shares
from bench.events import Event
from bench.internet import Internet
from tests.harness.hooks import hooked
from tests.harness.meter import Meter

Handler = Callable[[Event, Any], Any]

WAIT_MS = {"dynamodb": 5.0, "sqs": 8.0, "ssm": 10.0, "sesv2": 60.0, "s3": 30.0}
INTERNET_MS = 200.0
WIRE_US = {"aws": 200.0, "internet": 4000.0}
"""Processor time of a call beyond what a canned answer shows: sockets, TLS; for strangers a handshake."""
SIDE_BY_SIDE = {"poll_sources": 5, "understand_mentions": 4}
"""How many records of a batch wait at the same time (app.py)."""
VCPU_MB = 1769
PLATFORM_LOG = 450
"""Bytes of Lambda's own START, END and REPORT of a call."""
START_MS = 500.0
"""The initialisation of a new sandbox, billed since August 2025."""

_CONFIG: dict[str, Any] = json.loads((Path(__file__).parent.parent / ".chalice/config.json").read_text())
MEMORY: dict[str, int] = {
    name: lambda_["lambda_memory_size"] for name, lambda_ in _CONFIG["lambda_functions"].items()
}


def assumptions() -> Iterator[Line]:
    waits = ", ".join(f"{service} {ms:g} ms" for service, ms in WAIT_MS.items())
    yield Note(f"waits a call: {waits}, a feed or network {INTERNET_MS:g} ms")
    yield Note(
        "one call waits after the other, but of polls five side by side, of messages to understand four"
    )
    yield Note(
        f"processor time as measured here (cpu_*), plus {WIRE_US['aws']:g} us a call of AWS and"
        f" {WIRE_US['internet']:g} us of a network for sockets and TLS; slowed by memory / {VCPU_MB} MB"
    )
    yield Note(f"memory as configured: {', '.join(f'{name} {mb} MB' for name, mb in MEMORY.items())}; x86")
    yield Note(f"log: what the handlers wrote, and {PLATFORM_LOG} bytes of Lambda's own a call")


class Billing:
    """Runs handlers for `meter`'s account."""

    def __init__(self, meter: Meter, internet: Internet, shares: Shares) -> None:
        self._meter = meter
        self._internet = internet
        self._shares = shares
        self._calls: Counter[str] = Counter()

    @contextmanager
    def listening(self) -> Iterator[None]:
        with hooked(("before-call", self._called)):
            yield

    def _called(self, model: Any, **_: Any) -> None:
        self._calls[model.service_model.service_name] += 1

    def of(self, name: str, handler: Handler) -> Handler:
        """The handler, billed."""

        def billed(event: Event, context: Any) -> Any:
            calls, asked = self._calls.copy(), self._internet.requests
            said = StringIO()
            with redirect_stdout(said):
                answer = handler(event, context)
            made = self._calls - calls
            requests = self._internet.requests - asked
            wait = sum(WAIT_MS[service] * number for service, number in made.items()) + INTERNET_MS * requests
            wait /= min(SIDE_BY_SIDE.get(name, 1), len(event.get("Records", "1")))
            us = self._cpu(name, event, said.getvalue())
            us += WIRE_US["aws"] * made.total() + WIRE_US["internet"] * requests
            memory = MEMORY[name]
            self._meter.invoked(name, wait + us / 1000 * max(1, VCPU_MB / memory), memory)
            self._meter.logged(len(said.getvalue().encode()) + PLATFORM_LOG)
            return answer

        return billed

    def start(self, name: str, sandboxes: int) -> None:
        """New sandboxes; their initialisation is no request of its own."""
        self._meter.units["lambda_gb_second", f"{name} start"] += (
            sandboxes * MEMORY[name] / 1024 * START_MS / 1000
        )

    def _cpu(self, name: str, event: Event, said: str) -> float:
        """Microseconds, from the shares of what the call was about."""
        us = 0.0
        records = [json.loads(record["body"]) for record in event.get("Records", ())]
        match name:
            case "poll_sources":
                lines = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
                new = sum(line.get("new", 0) for line in lines)
                feeds = sum(body["source"].startswith("feed") for body in records)
                of_feeds = min(new, NEW * feeds)
                us = self._shares.listen * max(of_feeds, len(records)) + self._shares.scan * (new - of_feeds)
            case "understand_mentions":
                us = self._shares.understand * sum(len(body["mentions"]) for body in records)
            case "respond_to_mentions":
                us = self._shares.respond * sum(len(body["judged"]) for body in records)
            case "hear_webhooks":
                us = self._shares.hear * len(records)
            case "receive_webhook":
                us = self._shares.receive
            case "tick":
                us = self._shares.tick
            case _:
                raise KeyError(name)
        return us
