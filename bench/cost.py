"""What a million mentions cost: the real handlers on moto, every call counted from what it really carried.

Ten thousand mentions from 200 feeds (20 a page, 15 of them seen before) and 20 hashtags on other servers (40 a
page), polled every five minutes, and then one round in which nobody has news. Apart from these, 1,000 signed webhooks.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from unittest import mock

from bench import Figure, Line, Note, cpu
from bench.billing import Billing, assumptions
from bench.brand import THE_BRAND, account, asks, feed, hook
from bench.events import PARAMETERS, scheduled, signed_call
from bench.internet import FEED_PAGE, STATUS_PAGE, Internet, News
from bench.texts import MEDIAN, P90, texts
from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.domain.mention import native_id
from chalicelib.domain.source import SourceState, seen_mark
from tests.harness.meter import Meter
from tests.harness.poller import Context, Poller
from tests.harness.world import TABLE_NAME, World, forget

FEEDS, SERVERS, NEW = 200, 20, 5
FEED_ROUNDS, SERVER_ROUNDS, ROUNDS, MINUTES = 6, 5, 7, 5
"""200 x 5 x 6 + 20 x 40 x 5 = 10,000; the seventh round is empty."""
ALERT_SHARE = 0.05
HOOKS = 1000
SANDBOXES = {"tick": 1, "poll_sources": 4, "understand_mentions": 4, "respond_to_mentions": 2}
HOOK_SANDBOXES = {
    "receive_webhook": 2,
    "hear_webhooks": 2,
    "understand_mentions": 4,
    "respond_to_mentions": 2,
}
REGIONS = ("us-east-1", "eu-west-1")

GROUPS = {
    "write_unit": "dynamodb_writes",
    "read_unit": "dynamodb_reads",
    "sqs_request": "sqs",
    "lambda_request": "lambda_requests",
    "lambda_gb_second": "lambda_time",
    "log_gb": "logs",
    "mail": "ses",
    "kms_request": "kms",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What was made, and what it cost."""

    meter: Meter
    mentions: int
    cases: int


@dataclass
class Town:
    """The world of one run: AWS, the internet, and the moment it is."""

    world: World
    internet: Internet = field(default_factory=Internet)
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))


def figures(shares: cpu.Shares) -> Iterator[Line]:
    yield from assumptions()
    yield Note(
        f"texts: invented, {MEDIAN} characters in the median and {P90} at the 90th percentile; {ALERT_SHARE:.0%} become a case with an alert"
    )
    yield Note(
        f"{FEED_ROUNDS * FEEDS * NEW + SERVER_ROUNDS * SERVERS * STATUS_PAGE} mentions in {ROUNDS * MINUTES} minutes; a worker's batch holds what the one call before it sent"
    )
    yield Note(
        "every minute each Lambda reads brand and secrets anew; each new sandbox starts once; ticks are included"
    )
    with _town() as town:
        yield from _told(_polled(town, shares), "")
    for batch, hooks, what in ((10, HOOKS, "_webhooks"), (1, HOOKS // 5, "_webhooks_one_by_one")):
        yield Note(
            f"{hooks} webhooks of one mention each, heard in batches of {batch}; the Function URL is free"
        )
        with _town() as town:
            yield from _told(_hooked(town, shares, hooks, batch), what)


def _told(run: Run, what: str) -> Iterator[Line]:
    million = 1e6 / run.mentions
    yield Figure(f"mentions{what}", run.mentions, "mentions")
    yield Figure(f"cases{what}", run.cases, "cases")
    for price, group in GROUPS.items():
        yield Figure(f"{group}{what}_per_million", round(run.meter.count(price) * million, 2), price)
    for region in REGIONS:
        mark = "" if region == "us-east-1" else f"_{region.replace('-', '_')}"
        usd = run.meter.usd(region)
        for price, group in GROUPS.items():
            yield Figure(f"usd_{group}{what}_per_million{mark}", round(usd.get(price, 0) * million, 3), "USD")
        yield Figure(
            f"usd_per_million{what or '_mentions'}{mark}", round(sum(usd.values()) * million, 3), "USD"
        )


# the two runs --------------------------------------------------------------------------------------


def _polled(town: Town, shares: cpu.Shares) -> Run:
    import app

    written = enumerate(texts(Random(cpu.SEED), ALERT_SHARE, asks))
    _connect(town, written)
    with Meter() as meter, _billed(meter, town, shares, SANDBOXES) as billing:
        tick = billing.of("tick", app.tick)
        polls = Poller(
            town.world, {"poll": billing.of("poll_sources", app.poll_sources)}, batch=5, meter=meter
        )
        workers = _workers(town, billing, meter, {})
        for minute in range(ROUNDS * MINUTES + 6):  # the last few send what was gathered
            if minute % MINUTES == 0:
                _publish(town, written, minute // MINUTES)
            town.now += timedelta(minutes=1)
            forget()
            tick(scheduled(town.now), Context())
            while minute < ROUNDS * MINUTES and polls.step():
                workers.drain()
        _check(polls, workers)
    return Run(meter, _count(town, "M#"), _count(town, "C#", "C"))


def _hooked(town: Town, shares: cpu.Shares, hooks: int, batch: int) -> Run:
    import app

    wiring.sources().put(hook(town.now - timedelta(days=1)))
    for name, value in PARAMETERS.items():
        town.world.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    with Meter() as meter, _billed(meter, town, shares, HOOK_SANDBOXES) as billing:
        receive = billing.of("receive_webhook", app.receive_webhook)
        workers = _workers(town, billing, meter, {"hear": billing.of("hear_webhooks", app.hear_webhooks)})
        tick = billing.of("tick", app.tick)
        for number, text in islice(enumerate(texts(Random(cpu.SEED + 1), ALERT_SHARE, asks)), hooks):
            if number % 100 == 0:
                town.now += timedelta(minutes=1)
                forget()
                tick(scheduled(town.now), Context())
            answer = receive(signed_call(number, text, town.now), Context())
            if answer["statusCode"] != 202:
                raise RuntimeError(f"the webhook was answered {answer}")
            if (number + 1) % batch == 0:
                workers.drain()
        _check(workers)
    return Run(meter, _count(town, "M#"), _count(town, "C#", "C"))


def _workers(town: Town, billing: Billing, meter: Meter, more: Mapping[str, Any]) -> Poller:
    import app

    ours = {
        "understand": billing.of("understand_mentions", app.understand_mentions),
        "respond": billing.of("respond_to_mentions", app.respond_to_mentions),
    }
    return Poller(town.world, {**more, **ours}, meter=meter)


def _check(*pollers: Poller) -> None:
    """Raises what a handler raised: a figure of a run that failed means nothing."""
    for error in (error for poller in pollers for error in poller.errors):
        raise error


def _count(town: Town, pk: str, sk: str = "") -> int:
    """Items of a kind, every page of them."""
    pages = (
        town.world.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=TABLE_NAME, ConsistentRead=True)
    )
    keys = ((item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"])
    return sum(found.startswith(pk) and sort.startswith(sk) for found, sort in keys)


# the world they run in -----------------------------------------------------------------------------


@contextmanager
def _town() -> Iterator[Town]:
    with ExitStack() as stack:
        clients.reset()
        town = Town(stack.enter_context(World()))
        stack.callback(clients.reset)
        town.world.client("sesv2").create_email_identity(EmailIdentity=THE_BRAND.mail_from)
        stack.enter_context(mock.patch.object(wiring, "http", lambda: town.internet))
        stack.enter_context(mock.patch.object(wiring, "now", lambda: town.now))
        wiring.brands().put(THE_BRAND)
        wiring.sources().set_last_tick(town.now)
        yield town


@contextmanager
def _billed(meter: Meter, town: Town, shares: cpu.Shares, sandboxes: Mapping[str, int]) -> Iterator[Billing]:
    billing = Billing(meter, town.internet, shares)
    for name, number in sandboxes.items():
        billing.start(name, number)
    with billing.listening():
        yield billing


def _connect(town: Town, written: Iterator[News]) -> None:
    """All sources, as they are after they were polled before: each knows its last page."""
    began = town.now - timedelta(days=1)
    for number in range(FEEDS):
        page = list(islice(written, FEED_PAGE))
        town.internet.publish(number, page)
        ids = [native_id(f"https://feeds.example/{number}/?p={id}") for id, _ in page]
        state = SourceState(rev=1, seen=b"".join(map(seen_mark, ids)), last_success=town.now)
        wiring.sources().put(source := feed(number, began))
        wiring.sources().set_state(source, SourceState(), state)
    for number in range(SERVERS):
        state = SourceState(rev=1, cursor="1", last_success=town.now)
        wiring.sources().put(source := account(number, began))
        wiring.sources().set_state(source, SourceState(), state)


def _publish(town: Town, written: Iterator[News], round_: int) -> None:
    if round_ < FEED_ROUNDS:
        for number in range(FEEDS):
            town.internet.publish(number, list(islice(written, NEW)))
    if round_ < SERVER_ROUNDS:
        for number in range(SERVERS):
            town.internet.post(number, list(islice(written, STATUS_PAGE)))
