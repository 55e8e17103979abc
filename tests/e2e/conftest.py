"""The whole system as `make run` brings it out, in a folder of its own.

`stack` is one for all tests that ask for it; so `moment` is moved, and its department Zwemles written to, by
test_story.py alone and by what comes after it, and its brake is pressed by test_story_days.py alone. A test
that needs the place to itself takes `brought_out`.
"""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest import mock
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from chalicelib.aws import clients
from chalicelib.brandfile.file import read
from chalicelib.brandfile.made import BrandSetup
from chalicelib.domain.source import Source
from chalicelib.tasks import Poll
from infra.clients import Client, emulated, emulated_variables
from infra.deploy import load_brand
from infra.local import adapt
from infra.local.emulator import Emulator, free_port
from infra.local.run import STAGE, Clock, Place, deploy, load, start_past
from infra.local.world import EXAMPLE, HOOK, at_port
from infra.local.world.reviewer import post, signed
from infra.local.world.server import World
from infra.local.world.times import Calendar
from infra.package import package
from tests.e2e.chromium import OUTPUT, launched
from tests.e2e.visitor import Planned, Visitor
from tests.harness.world import forget

OPENED = timedelta(hours=1)
"""So long ago the example's day began, and its sources were connected."""
AHEAD = timedelta(seconds=8)
"""Enough to plan in and to cancel."""
JUDGING = ("Judging mentions", "Making cases")
"""Queues between what was read and what we think of it."""
SECONDS = 45.0
"""Nothing that is waited for takes longer, also on a busy machine."""


def until(so: Callable[[], Any]) -> Any:
    """Ask again and again until it is so; what it answered."""
    end = time.monotonic() + SECONDS
    while not (found := so()):
        assert time.monotonic() < end, f"not within {SECONDS:.0f} seconds"
        time.sleep(0.1)
    return found


@dataclass
class Stack:
    """`console`, without a slash at its end, is where a browser goes; `webhooks` the Function URL.

    The example world stands still at `moment` until `catch_up`: its feed holds what was said by then.
    """

    emulator: Emulator
    place: Place
    setup: BrandSetup
    client: Client
    secret: str
    """Of the example's webhook source `HOOK`, as `whsec_...`."""
    moment: datetime

    calendar: Calendar
    """When the example world's people say what they say."""
    world: str
    """Its address, without a slash at its end."""

    @property
    def console(self) -> str:
        return self.place.console

    @property
    def webhooks(self) -> str:
        return self.place.webhooks

    def poll(self, source: str) -> None:
        """What the tick does when the source's minute has come; the queues do the rest by themselves."""
        sqs = self.client("sqs")
        (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "PollQueue" in url]
        sqs.send_message(QueueUrl=queue, MessageBody=Poll(HOOK[0], source).to_json())

    def call(
        self,
        data: dict[str, Any],
        *,
        id: str,
        at: str = "/".join(HOOK),
        signer: str = "",
        late: float = 0,
        more: str = "",
    ) -> int:
        """Tell of a message at the webhook's door, with event id `id`, signed by its secret or by `signer`,
        `late` seconds ago, with `more` bytes behind it; the status of the answer."""
        now = datetime.now(UTC)
        body = {"type": "mention.created", "timestamp": now.isoformat(), "data": data}
        payload = (json.dumps(body, ensure_ascii=False) + more).encode()
        headers = signed(id, payload, signer or self.secret, now - timedelta(seconds=late))
        return post(self.webhooks + at, payload, headers)

    def connect(self, *sources: Source) -> None:
        """As `make brand` with these added to the brand's file: what is new is polled at once."""
        self.change(replace(self.setup, sources=(*self.setup.sources, *sources)))

    def change(self, setup: BrandSetup) -> None:
        """As `make brand` with another file."""
        with _own_environment():
            os.environ.update(emulated_variables(self.emulator.endpoint))
            load_brand(setup, STAGE, self.client, self.console)

    def catch_up(self) -> None:
        """Let the example world's people say what they say in the hour until now."""
        self.moment = datetime.now(UTC)

    def remember(self) -> None:
        """Let the example brand have had a month, as `make run` does: posts, talks, and a report of it."""
        past = start_past(self.emulator)
        assert past.process.wait(3 * SECONDS) == 0, past.log.read_text()

    def wake(self, function: str) -> None:
        """Let a schedule have its moment now; `function` as in app.py."""
        adapt.wake(function.replace("_", "-"), STAGE, self.client)

    def mails(self) -> list[dict[str, Any]]:
        """Everything SES was asked to send: `To`, `Subject`, `BodyText`."""
        with urlopen(f"{self.emulator.endpoint}/_ministack/ses/messages") as got:
            return [mail for sent in json.load(got)["messages"].values() for mail in sent]

    def keys(self, kind: str) -> list[tuple[str, str]]:
        """Partition and sort key of all items whose partition key begins with `kind`."""
        (table,) = self.client("dynamodb").list_tables()["TableNames"]
        pages = (
            self.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=table, ProjectionExpression="pk, sk", ConsistentRead=True)
        )
        found = [(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]]
        return sorted(key for key in found if key[0].startswith(kind))

    def routes(self) -> list[tuple[str, str]]:
        """Method and path of everything the console's API answers to."""
        gateway = self.client("apigateway")
        (api,) = gateway.get_rest_apis()["items"]
        resources = gateway.get_resources(restApiId=api["id"], limit=500)["items"]
        return [(method, one["path"]) for one in resources for method in one.get("resourceMethods", ())]

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

    def log(self, function: str) -> list[dict[str, Any]]:
        """What a Lambda logged and counted, oldest first. `function` as in app.py."""
        name = f"/aws/lambda/webspin-{STAGE}-{function.replace('_', '-')}"
        lines = [
            event["message"] for event in self.client("logs").filter_log_events(logGroupName=name)["events"]
        ]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def heard(self) -> int:
        """How many messages were read out of the webhook's calls, behind the queue."""
        return sum(line.get("found", 0) for line in self.log("hear_webhooks"))

    def visitor(self, role: str = "") -> Visitor:
        """A colleague's browser, signed in, in English: the administrator's, or of a person in this role."""
        visitor = Visitor(self.console)
        email = self.colleague(role) if role else self.place.email
        assert visitor.sign_in(email, self.place.password).status == 200
        return visitor

    def colleague(self, role: str) -> str:
        """The e-mail address of somebody who has just joined."""
        cognito, email = self.client("cognito-idp"), f"{role}-{token_hex(4)}@wiekeling.example"
        (pool,) = cognito.list_user_pools(MaxResults=10)["UserPools"]
        person = {"UserPoolId": pool["Id"], "Username": email}
        given = {"email": email, "email_verified": "true", "name": f"{role} Robin".title()}
        attributes = [{"Name": name, "Value": value} for name, value in given.items()]
        cognito.admin_create_user(**person, UserAttributes=attributes, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**person, Password=self.place.password, Permanent=True)
        cognito.admin_add_user_to_group(**person, GroupName=role)
        return email


def review(id: str, author: str, text: str) -> dict[str, Any]:
    """What a review site tells the webhook of one review."""
    return {"id": id, "author": {"handle": author}, "text": text}


@pytest.fixture
def visitor(stack: Stack) -> Visitor:
    return stack.visitor()


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with launched(request.config) as browser:
        OUTPUT.mkdir(exist_ok=True)
        yield browser


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with brought_out(tmp_path_factory.mktemp("webspin")) as made:
        yield made


@pytest.fixture(scope="session")
def soon(stack: Stack) -> tuple[Planned, Planned]:
    """Two posts for the next whole minute; the second was cancelled in time."""
    visitor = stack.visitor()
    moment = (datetime.now(UTC) + AHEAD).replace(second=0, microsecond=0) + timedelta(minutes=1)
    leaves, never = visitor.plan(moment, "Over een minuut"), visitor.plan(moment, "Toch maar niet")
    cancelled = visitor.submit(visitor.get(never.path), f"{never.path}/cancel")
    assert cancelled.location == f"{never.path}?done=cancelled"
    return leaves, never


@pytest.fixture(scope="session")
def guest_book(stack: Stack) -> Stack:
    """With what was said in the hour until now and in the days before, last month too, read and judged."""
    stack.catch_up()
    stack.poll("square")
    stack.poll("guestbook")
    visitor = stack.visitor()
    until(
        lambda: re.search(r"Gastenboek Feed, [\w :,;]+ (As usual|Too little)", visitor.get("/sources").text)
    )
    until(lambda: all(f"{name} 0 0 0" in visitor.get("/status").text for name in JUDGING))
    return stack


@contextmanager
def brought_out(data: Path) -> Iterator[Stack]:
    """A system with the example brand, and its world; gone afterwards."""
    opened = datetime.now(UTC) - OPENED
    world_port = free_port()
    setup = at_port(read(EXAMPLE, now=opened), world_port)
    emulator = Emulator(data, free_port())
    calendar = Calendar(data / "world", opened)
    stacks: list[Stack] = []
    world = World(world_port, calendar, lambda: stacks[0].moment if stacks else opened)
    threading.Thread(target=world.serve_forever, args=(0.05,), daemon=True).start()
    try:
        emulator.start()
        place = _bring_out(emulator, setup, world_port)
        client = emulated(emulator.endpoint)
        secret = adapt.hook_secret(*HOOK, STAGE, client)
        stacks.append(Stack(emulator, place, setup, client, secret, opened, calendar, world.url))
        yield stacks[0]
    finally:
        emulator.stop()
        world.shutdown()
        world.server_close()


def _bring_out(emulator: Emulator, setup: BrandSetup, world_port: int) -> Place:
    made = package(STAGE, for_host=True, say=lambda text: None)
    with _own_environment():
        place = deploy(emulator, made, Clock(), allow=[f"127.0.0.1:{world_port}"])
        load(emulator, setup, place, Clock())
        return place


@contextmanager
def _own_environment() -> Iterator[None]:
    """The deploy program sets variables of this process, which the other tests must not see."""
    with mock.patch.dict(os.environ):
        clients.reset()
        forget()
        try:
            yield
        finally:
            clients.reset()
            forget()
