"""What a million mentions cost: the real handlers on moto, every call counted from what it really carried.

Ten thousand mentions from 200 feeds (20 a page, 15 of them seen before) and 20 hashtags on other servers
(40 a page), polled every five minutes, and then one round in which nobody has news. Apart from these,
1,000 signed webhooks.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from random import Random

from bench import Figure, Line, Note, cpu
from bench.billing import Billing, Handler, assumptions
from bench.brand import asks, hook
from bench.events import PARAMETERS, scheduled, signed_call
from bench.internet import STATUS_PAGE, News
from bench.texts import MEDIAN, P90, texts
from bench.town import FEED_ROUNDS, FEEDS, MINUTES, NEW, ROUNDS, SERVER_ROUNDS, SERVERS, Town, town
from chalicelib import wiring
from tests.harness.meter import Meter
from tests.harness.poller import Context, Poller
from tests.harness.world import forget

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
"""The name of a figure by the price behind it."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was made, and what it cost."""

    meter: Meter
    mentions: int
    cases: int


def figures(shares: cpu.Shares) -> Iterator[Line]:
    yield from assumptions()
    yield Note(f"texts: invented, {MEDIAN} characters in the median, {P90} at the 90th percentile")
    yield Note(
        f"{ALERT_SHARE:.0%} become a case with an alert, the others none; one department hears of most"
    )
    number = FEED_ROUNDS * FEEDS * NEW + SERVER_ROUNDS * SERVERS * STATUS_PAGE
    yield Note(
        f"{number} mentions in {FEED_ROUNDS * MINUTES} minutes, then {MINUTES} without news, then 6 for mails"
    )
    yield Note("a batch holds what the one call before it sent, at most ten, as app.py says")
    yield Note("every minute brand and secrets are read anew; each sandbox starts once; ticks are included")
    with town(_written(0)) as here:
        yield from _told(_polled(here, shares), "")
    for batch, hooks, what in ((10, HOOKS, "_webhooks"), (1, HOOKS // 5, "_webhooks_one_by_one")):
        yield Note(f"{hooks} webhooks of one mention each, 100 a minute, heard in batches of {batch};")
        yield Note("they say that they are not addressed to us: cases are opened by the rules for a feed")
        with town(_written(1)) as here:
            yield from _told(_hooked(here, shares, hooks, batch), what)


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
        total = sum(usd.values()) * million
        yield Figure(f"usd_per_million{what or '_mentions'}{mark}", round(total, 3), "USD")


def _written(seed: int) -> Iterator[News]:
    return enumerate(texts(Random(cpu.SEED + seed), ALERT_SHARE, asks))


def _polled(here: Town, shares: cpu.Shares) -> Run:
    import app

    here.connect()
    with Meter() as meter, _billed(meter, here, shares, SANDBOXES) as billing:
        tick = billing.of("tick", app.tick)
        polls = Poller(
            here.world, {"poll": billing.of("poll_sources", app.poll_sources)}, batch=10, meter=meter
        )
        workers = _workers(here, billing, meter, {})
        for minute in range(ROUNDS * MINUTES + 6):  # the last few send what was gathered
            if minute % MINUTES == 0:
                here.publish(minute // MINUTES)
            _next_minute(here, tick)
            while minute < ROUNDS * MINUTES and polls.step():
                workers.drain()
        _check(polls, workers)
    return Run(meter, here.count("M#", "M"), here.count("C#", "C"))


def _hooked(here: Town, shares: cpu.Shares, hooks: int, batch: int) -> Run:
    import app

    wiring.sources().put(hook(here.now - timedelta(days=1)))
    for name, value in PARAMETERS.items():
        here.world.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    with Meter() as meter, _billed(meter, here, shares, HOOK_SANDBOXES) as billing:
        tick = billing.of("tick", app.tick)
        receive = billing.of("receive_webhook", app.receive_webhook)
        workers = _workers(here, billing, meter, {"hear": billing.of("hear_webhooks", app.hear_webhooks)})
        for number, text in islice(here.written, hooks):
            if number % 100 == 0:
                _next_minute(here, tick)
            answer = receive(signed_call(number, text, here.now), Context())
            if answer["statusCode"] != 202:
                raise RuntimeError(f"the webhook was answered {answer}")
            if (number + 1) % batch == 0:
                workers.drain()
        for _ in range(6):
            _next_minute(here, tick)
        _check(workers)
    return Run(meter, here.count("M#", "M"), here.count("C#", "C"))


def _next_minute(here: Town, tick: Handler) -> None:
    here.now += timedelta(minutes=1)
    forget()
    tick(scheduled(here.now), Context())


def _workers(here: Town, billing: Billing, meter: Meter, more: Mapping[str, Handler]) -> Poller:
    import app

    ours = {
        "understand": billing.of("understand_mentions", app.understand_mentions),
        "respond": billing.of("respond_to_mentions", app.respond_to_mentions),
    }
    return Poller(here.world, {**more, **ours}, meter=meter)


def _check(*pollers: Poller) -> None:
    """Raises what a handler raised: a figure of a run that failed means nothing."""
    for error in (error for poller in pollers for error in poller.errors):
        raise error


@contextmanager
def _billed(meter: Meter, here: Town, shares: cpu.Shares, sandboxes: Mapping[str, int]) -> Iterator[Billing]:
    billing = Billing(meter, here.internet, shares)
    for name, number in sandboxes.items():
        billing.start(name, number)
    with billing.listening():
        yield billing
