"""What a month's report costs: 10,000 mentions in moto, the real handler, every request counted.

Moto works in this process, so that the handler's own processor time is measured apart: the report is made
once more from the frozen facts, which takes nothing but them.
"""

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from itertools import islice
from math import ceil
from random import Random
from time import process_time

from bench import Figure, Line, Note
from bench.billing import MEMORY, VCPU_MB, WAIT_MS, WIRE_US
from bench.brand import THE_BRAND, asks
from bench.events import scheduled
from bench.texts import texts
from bench.town import Town, town
from chalicelib import wiring
from chalicelib.aws.table import keys
from chalicelib.aws.table.packing import pack, pack_verdict
from chalicelib.aws.table.store import Store
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.month import before, from_bytes, month_of, span, to_bytes
from chalicelib.domain.verdict import Verdict
from tests.harness.meter import Meter
from tests.harness.poller import Context
from tests.harness.world import TABLE_NAME

MENTIONS = 10_000
SEED = 20261123
REGIONS = ("us-east-1", "eu-west-1")
LAMBDA = "evaluate_months"


def figures() -> Iterator[Line]:
    yield Note(f"a month's report: {MENTIONS} mentions, 5% of which ask for work and have no case; no posts")
    with town(iter(())) as here:
        month = before(month_of(here.now, THE_BRAND.zone))
        _fill(here, month)
        with Meter() as meter:
            _evaluate(here, month)
        files = here.world.files()
    facts = from_bytes(files[f"{THE_BRAND.id}/{month}/facts.json"])
    began = process_time()
    to_bytes(facts)
    made = sum(len(body) for _, body, _ in wiring.report_files(facts))
    cpu = process_time() - began
    calls = meter.calls.total()
    wait = sum(WAIT_MS[name.partition(".")[0]] * number for name, number in meter.calls.items())
    ms = wait + (cpu * 1e6 + calls * WIRE_US["aws"]) / 1000 * max(1, VCPU_MB / MEMORY[LAMBDA])
    meter.invoked(LAMBDA, ms, MEMORY[LAMBDA])
    yield Figure("report_mentions", len(facts.mentions), "mentions")
    yield Figure("report_cpu", round(cpu, 2), "s")
    yield Figure("report_lambda", ceil(ms / 1000), "s")
    yield Figure("report_requests", calls, "requests")
    yield Figure("report_read_units", meter.count("read_unit"), "read_unit")
    yield Figure("report_files", round(made / 1e6, 2), "MB")
    for region in REGIONS:
        mark = "" if region == "us-east-1" else f"_{region.replace('-', '_')}"
        yield Figure(f"usd_per_report{mark}", round(meter.total(region), 5), "USD")


def _evaluate(here: Town, month: str) -> None:
    import app

    event = {**scheduled(here.now), "detail": {"brand": THE_BRAND.id, "month": month}}
    with redirect_stdout(StringIO()):
        app.evaluate_months(event, Context(left=300_000))


def _fill(here: Town, month: str) -> None:
    """Judged mentions, evenly over the month, as the stages would have left them."""
    start, end = span(month, THE_BRAND.zone)
    step = (end - start) / MENTIONS
    judge = wiring.judge()
    written = islice(texts(Random(SEED), 0.05, asks), MENTIONS)
    store = Store(lambda: here.world.client("dynamodb"), TABLE_NAME)
    for number, text in enumerate(written):
        at = start + number * step
        mention = Mention(
            key=MentionKey(THE_BRAND.id, "feed", f"m{number}"),
            source="feed-1",
            author=Author(id=f"{number % 900}", handle=f"reiziger{number % 900}"),
            text=text,
            posted_at=at,
            heard_at=at + timedelta(minutes=3),
            url=f"https://feeds.example/1/{number}",
            watches=("brand",),
        )
        verdict = Verdict(reading=judge.read(text), department="service", rule="bench")
        state = "answer" if asks(text) else "ignore"
        day = keys.mention_day(mention.key, at, state)
        store.put({**pack(mention), **pack_verdict(verdict), **day, "state": state})
