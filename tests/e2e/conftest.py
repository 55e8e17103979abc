"""The whole system as `make run` brings it out, once for all end-to-end tests, in a folder of its own."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from chalicelib.aws import clients
from infra.brand_file import BrandSetup, read
from infra.clients import Client, emulated
from infra.local import adapt
from infra.local.emulator import Emulator, free_port
from infra.local.run import STAGE, Clock, Place, deploy
from infra.local.world import EXAMPLE, HOOK, at_port
from infra.local.world.server import World
from infra.local.world.times import Calendar
from infra.package import package
from tests.harness.world import forget

OPENED = timedelta(hours=1)
"""So long ago the example's day began, and its sources were connected."""


@dataclass
class Stack:
    """`console`, without a slash at its end, is where a browser goes; `webhooks` the Function URL.

    The example world stands still at `moment` until `catch_up`: its feed holds what was said by then.
    """

    place: Place
    setup: BrandSetup
    client: Client
    secret: str
    """Of the example's webhook source `HOOK`, as `whsec_...`."""
    moment: datetime

    @property
    def console(self) -> str:
        return self.place.console

    @property
    def webhooks(self) -> str:
        return self.place.webhooks

    def tick(self) -> None:
        """What EventBridge does every minute; the queues do the rest by themselves."""
        adapt.tick(STAGE, self.client)

    def catch_up(self) -> None:
        """Let the example world's people say what they say in the hour until now."""
        self.moment = datetime.now(UTC)

    def dead_letters(self) -> list[str]:
        """Bodies in all dead-letter queues; reading leaves them there."""
        sqs = self.client("sqs")
        urls = [url for url in sqs.list_queues()["QueueUrls"] if "Dead" in url]
        return [
            message["Body"]
            for url in urls
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get(
                "Messages", ()
            )
        ]

    def log(self, function: str) -> list[str]:
        """What a Lambda wrote, oldest first. `function` as in app.py."""
        name = f"/aws/lambda/webspin-{STAGE}-{function.replace('_', '-')}"
        events = self.client("logs").filter_log_events(logGroupName=name)["events"]
        return [event["message"] for event in events]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    data = tmp_path_factory.mktemp("webspin")
    opened = datetime.now(UTC) - OPENED
    world_port = free_port()
    setup = at_port(read(EXAMPLE, now=opened), world_port)
    emulator = Emulator(data, free_port())
    try:
        emulator.start()
        place = _bring_out(emulator, setup, world_port)
        client = emulated(emulator.endpoint)
        secret = adapt.hook_secret(*HOOK, STAGE, client)
        made = Stack(place, setup, client, secret, moment=opened)
        world = World(world_port, Calendar(data / "world", opened), lambda: made.moment)
        threading.Thread(target=world.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield made
        finally:
            world.shutdown()
            world.server_close()
    finally:
        emulator.stop()


def _bring_out(emulator: Emulator, setup: BrandSetup, world_port: int) -> Place:
    """As `make run` does; it sets variables of this process, which the other tests must not see."""
    made = package(STAGE, for_host=True, say=lambda text: None)
    with mock.patch.dict(os.environ):
        try:
            return deploy(emulator, made, setup, Clock(), allow=[f"127.0.0.1:{world_port}"])
        finally:
            clients.reset()
            forget()
