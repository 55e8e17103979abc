"""What it costs to say something: the real stages and handlers on moto, from plan to third measurement.

`POSTS` posts on one channel that fall due in the same minute: each is planned by a person and queued, claimed
with the brake's condition, sent to the sandbox, read back, and measured at 1 h, 24 h and 7 d.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from typing import Any

from bench import Figure, Line, Note
from bench.billing import MEMORY, PLATFORM_LOG, VCPU_MB, WAIT_MS, WIRE_US
from bench.brand import THE_BRAND
from bench.cpu import Shares
from bench.events import Event, scheduled
from bench.town import Town, town
from chalicelib import wiring
from chalicelib.domain.measuring import AGES
from chalicelib.domain.post import post_id
from chalicelib.domain.slots import slot_of
from chalicelib.stages.plan import Wish, plan
from tests.harness.hooks import hooked
from tests.harness.meter import Meter
from tests.harness.poller import Context, Handler, Poller
from tests.harness.world import forget

POSTS = 20
PRICED = {
    "write_unit": "writes",
    "read_unit": "reads",
    "sqs_request": "sqs",
    "lambda_gb_second": "gb_seconds",
}
REGIONS = ("us-east-1", "eu-west-1")


def figures(shares: Shares) -> Iterator[Line]:
    yield Note(
        f"a published post: {POSTS} on one channel in one minute, from the plan to the third measurement;"
    )
    yield Note("the ticks and measuring runs that come anyway are in idle; processor time as an idle tick's")
    with town(iter(())) as here, Meter() as meter:
        calls = _published(here, meter, shares)
    for price, name in PRICED.items():
        yield Figure(f"post_{name}", round(meter.count(price) / POSTS, 2), price)
    yield Figure("post_requests", round(calls / POSTS, 1), "requests")
    for region in REGIONS:
        mark = "" if region == "us-east-1" else f"_{region.replace('-', '_')}"
        yield Figure(f"usd_per_1000_posts{mark}", round(meter.total(region) / POSTS * 1000, 4), "USD")


def _published(here: Town, meter: Meter, shares: Shares) -> int:
    """How many requests to AWS it took. Raises what a handler raised."""
    import app

    billed = _Billed(meter, shares)
    with hooked(("before-call", billed.called)):
        planned = here.now + timedelta(minutes=1)
        for number in range(POSTS):
            wish = Wish(
                id=post_id("bench", str(number)),
                title=f"Zondag {number}",
                language="nl",
                texts=(("sandbox", f"Zondag rijden we ook, rit {number}. Tot in de bus."),),
                slot=slot_of(planned, THE_BRAND.zone),
                audience="reizigers",
                why="in het weekend is er tijd om te lezen",
            )
            plan(
                wish,
                "Anna",
                brand=THE_BRAND,
                posts=wiring.posts(),
                tasks=wiring.tasks(),
                counts=lambda channel: wiring.channel_platform(THE_BRAND, channel),
                now=here.now,
            )
        deliver = Poller(
            here.world,
            {"deliver": billed.of("deliver_replies", app.deliver_replies)},
            batch=1,
            meter=meter,
            wait=lambda: _pass(here, timedelta(minutes=1)),
        )
        deliver.drain()
        for error in deliver.errors:
            raise error
        measure = billed.of("measure_posts", app.measure_posts)
        for age in AGES:
            here.now = planned + age + timedelta(minutes=15)
            forget()
            measure(scheduled(here.now), Context())
    return billed.calls.total()


def _pass(here: Town, span: timedelta) -> None:
    here.now += span
    forget()


class _Billed:
    def __init__(self, meter: Meter, shares: Shares) -> None:
        self._meter = meter
        self._shares = shares
        self.calls: Counter[str] = Counter()

    def called(self, model: Any, **_: Any) -> None:
        self.calls[model.service_model.service_name] += 1

    def of(self, name: str, handler: Handler) -> Handler:
        def billed(event: Event, context: object) -> Any:
            before, said = self.calls.copy(), StringIO()
            with redirect_stdout(said):
                answer = handler(event, context)
            made = self.calls - before
            us = self._shares.idle_tick + WIRE_US["aws"] * made.total()
            wait = sum(WAIT_MS[service] * number for service, number in made.items())
            self._meter.invoked(name, wait + us / 1000 * max(1, VCPU_MB / MEMORY[name]), MEMORY[name])
            self._meter.logged(len(said.getvalue().encode()) + PLATFORM_LOG)
            return answer

        return billed
