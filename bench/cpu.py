"""Processor time a mention: the real handlers, warm, with AWS and the internet answered in process.

What botocore takes to build and read a call is in it; what the network and AWS take is not.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from random import Random
from statistics import median
from time import process_time
from unittest import mock

from bench import Figure, Line, Note
from bench.brand import THE_BRAND, account, asks, feed, hook
from bench.events import PARAMETERS, Event, scheduled, signed_call
from bench.first_answer import Context, answer_for_aws
from bench.internet import FEED_PAGE, STATUS_PAGE, Internet
from bench.table import Recorder, Stored
from bench.texts import texts
from chalicelib import wiring
from chalicelib.aws import clients
from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.sources import Sources
from chalicelib.domain.mention import Author, Mention, MentionKey, native_id
from chalicelib.domain.source import SourceState, seen_mark
from chalicelib.domain.verdict import Verdict
from chalicelib.tasks import Hear, Judged, Poll, Respond, Understand
from tests.harness.poller import body_event
from tests.harness.world import TABLE_NAME, environment, forget

ROUNDS, CALLS = 7, 12
NEW = 5
"""Of the twenty items of a feed's page; the others were seen before."""
FEEDS = 5
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Shares:
    """Microseconds of processor time on this machine."""

    listen: float
    """A new mention of a feed, its share of the poll included."""
    scan: float
    """A new mention of a network, its share of a page of forty included."""
    understand: float
    respond: float
    """A case with an alert."""
    tick: float
    """A call, with 220 sources on the list."""
    idle_tick: float
    """A call, with three."""
    receive: float
    """A call."""
    hear: float
    """A mention."""


def figures(shares: Shares) -> Iterator[Line]:
    yield Note(
        f"processor time: median of {ROUNDS} rounds of {CALLS} calls of warm handlers, logging included"
    )
    yield Note(
        f"listen: {FEEDS} feeds a call, {FEED_PAGE} items each, {NEW} new; understand: {FEEDS} x {NEW}"
    )
    names = {"listen": "listen_feed", "scan": "listen_network", "understand": "understand", "hear": "hear"}
    for share, name in names.items():
        yield Figure(f"cpu_{name}", round(getattr(shares, share), 1), "us/mention")
    yield Figure("cpu_respond", round(shares.respond, 1), "us/case")
    yield Figure("cpu_listen_and_understand", round(shares.listen + shares.understand, 1), "us/mention")
    yield Figure("cpu_receive_webhook", round(shares.receive, 1), "us/call")
    yield Figure("cpu_tick", round(shares.tick, 1), "us/call")


def measured() -> Shares:
    import app

    with _canned(feeds=3, networks=0) as now:
        idle_tick = _us(app.tick, scheduled(now))
    with _canned(feeds=200, networks=20) as now:
        sample = list(islice(texts(Random(SEED), 1 / 20, asks), FEEDS * NEW))
        angry = next(text for text in texts(Random(SEED), 1, asks))
        mentions = [_mention(number, text, now) for number, text in enumerate(sample)]
        runs = [mentions[start : start + NEW] for start in range(0, len(mentions), NEW)]
        hooked = [
            Hear(THE_BRAND.id, "reviews", {}, _body(n, text, now), now) for n, text in enumerate(sample[:10])
        ]
        ours = body_event("respond", Respond((_judged(_mention(1, angry, now)),)).to_json())
        polls = [Poll(THE_BRAND.id, f"feed-{n}").to_json() for n in range(FEEDS)]
        return Shares(
            listen=_us(app.poll_sources, body_event("poll", *polls)) / (FEEDS * NEW),
            scan=_us(app.poll_sources, body_event("poll", Poll(THE_BRAND.id, "account-0").to_json()))
            / STATUS_PAGE,
            understand=_us(
                app.understand_mentions,
                body_event("understand", *(Understand(tuple(run)).to_json() for run in runs)),
            )
            / len(mentions),
            respond=_us(app.respond_to_mentions, ours),
            tick=_us(app.tick, scheduled(now)),
            idle_tick=idle_tick,
            receive=_us(app.receive_webhook, signed_call(1, sample[0], now)),
            hear=_us(app.hear_webhooks, body_event("hear", *(task.to_json() for task in hooked)))
            / len(hooked),
        )


def _us(handler: Callable[[Event, Context], object], event: Event) -> float:
    """Of one call. The first, which imports and connects, is not counted."""
    context = Context()
    rounds = []
    with redirect_stdout(StringIO()):
        handler(event, context)
        for _ in range(ROUNDS):
            gc.collect()
            began = process_time()
            for _ in range(CALLS):
                handler(event, context)
            rounds.append((process_time() - began) / CALLS)
    return median(rounds) * 1e6


@contextmanager
def _canned(feeds: int, networks: int) -> Iterator[datetime]:
    """The environment, the answers of AWS, and an internet; gives the moment it all began."""
    now = datetime.now(UTC)
    internet = Internet()
    with mock.patch.dict(os.environ, environment()), mock.patch.object(wiring, "http", return_value=internet):
        forget()
        clients.reset()
        answer_for_aws(_stored(now, internet, feeds, networks), PARAMETERS)
        try:
            yield now
        finally:
            clients.reset()
            forget()


def _stored(now: datetime, internet: Internet, feeds: int, networks: int) -> Stored:
    """A brand with its sources. The first feeds always have five new items, the first network forty."""
    recorder = Recorder()
    Brands(lambda: recorder, TABLE_NAME).put(THE_BRAND)
    sources = Sources(lambda: recorder, TABLE_NAME)
    began = now - timedelta(days=1)
    written = texts(Random(SEED), 1 / 20, asks)
    for number in range(feeds):
        sources.put(feed(number, began))
    for number in range(networks):
        sources.put(account(number, began))
    internet.post(0, list(enumerate(islice(written, STATUS_PAGE))), always=True)
    sources.put(hook(began))
    for number in range(min(feeds, FEEDS)):
        page = list(enumerate(islice(written, FEED_PAGE)))
        internet.publish(number, page)
        known = [(f"https://feeds.example/{number}/?p={id}", text) for id, text in page[:-NEW]]
        seen = b"".join(seen_mark(native_id(id), text) for id, text in known)
        sources.set_state(feed(number, began), SourceState(), SourceState(rev=1, seen=seen, last_success=now))
    return recorder.items


def _mention(number: int, text: str, now: datetime) -> Mention:
    return Mention(
        key=MentionKey(THE_BRAND.id, "feed", native_id(f"https://feeds.example/1/?p={number}")),
        source="feed-1",
        author=Author(id="redactie", handle="redactie"),
        text=text,
        posted_at=now,
        heard_at=now,
        url=f"https://feeds.example/1/2026/11/bericht-{number}",
        watches=("brand",),
    )


def _judged(mention: Mention) -> Judged:
    reading = wiring.judge().read(mention.text)
    return Judged(mention, Verdict(reading=reading, department="service", rule="bench"))


def _body(number: int, text: str, now: datetime) -> str:
    body: str = signed_call(number, text, now)["body"]
    return body
