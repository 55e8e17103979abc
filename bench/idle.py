"""What a month costs in which nothing is said: three sources asked every five minutes, nobody signs in.

Reckoned from the design, not from a run: what is asked how often is in the lines below. Prices are those of
`chalicelib/prices.json`, without any free tier.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from bench import Figure, Line, Note
from bench.billing import INTERNET_MS, MEMORY, PLATFORM_LOG, VCPU_MB, WAIT_MS, WIRE_US
from bench.cpu import Shares
from chalicelib.aws.secrets import KNOWN_SECONDS
from chalicelib.domain.alerting import EVERY
from chalicelib.domain.source import NOTE_SUCCESS_EVERY
from chalicelib.stages.tick import NOTED
from chalicelib.tasks import QUEUES
from tests.harness.meter import prices

MONTH = 30 * 24 * 60
"""Minutes."""
SOURCES, INTERVAL = 3, 5
POLLERS, WAIT_SECONDS = 5, 20
"""Lambda asks an SQS queue with five long polls at a time, each of twenty seconds."""
TICK_CALLS = 7
"""Of the table: last tick, sources, deliveries (soon, overdue), alerts, calls of webhooks, the note of this
tick."""
QUARTERS, HOURS, DAYS = 30 * 24 * 4, 30 * 24, 30
HABIT_UNITS = 3
"""Of eight weeks of hours in which little is said, packed."""
REPORT_FILES = 11
REPORTS_GB = 0.02
"""Of a year; they are kept for good."""
LINE = 300
"""Bytes of a handler's own log line."""
STORED_GB = 0.01
PACKAGES_GB = 0.1
REGIONS = ("us-east-1", "eu-west-1")
ALWAYS_FREE = {
    "alarm_month": 10.0,
    "kms_request": 20_000.0,
    "lambda_gb_second": 400_000.0,
    "lambda_request": 1e6,
    "log_gb": 5.0,
    "sqs_request": 1e6,
    "table_gb_month": 25.0,
}
"""A month, an account, without an end date. From memory: look it up before resting on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """`units` of a month by the name of their price; `why` names what was assumed."""

    name: str
    units: dict[str, float]
    why: str


def figures(shares: Shares) -> Iterator[Line]:
    yield Note(f"idle: 30 days, {SOURCES} sources asked every {INTERVAL} minutes, no news, nobody signed in")
    items = list(_items(shares))
    for item in items:
        yield Note(f"idle {item.name}: {item.why}")
    for region in REGIONS:
        mark = "" if region == "us-east-1" else f"_{region.replace('-', '_')}"
        of = prices(region)
        sums = {item.name: sum(number * of[price] for price, number in item.units.items()) for item in items}
        for name, usd in sums.items():
            yield Figure(f"idle_usd_{name}{mark}", round(usd, 4), "USD/month")
        yield Figure(f"idle_usd{mark}", round(sum(sums.values()), 3), "USD/month")
        units: Counter[str] = Counter()
        for item in items:
            units.update(item.units)
        paid = sum(max(0, number - ALWAYS_FREE.get(price, 0)) * of[price] for price, number in units.items())
        yield Note("with what AWS gives every account each month, if nothing else in the account uses it:")
        yield Figure(f"idle_usd_after_always_free{mark}", round(paid, 3), "USD/month")


def _items(shares: Shares) -> Iterator[Item]:
    polls = SOURCES * MONTH / INTERVAL
    notes = SOURCES * MONTH / (NOTE_SUCCESS_EVERY.total_seconds() / 60)
    noted = max(min(1.0, SOURCES / INTERVAL), timedelta(minutes=1) / NOTED)
    waits = len(QUEUES) * POLLERS * MONTH * 60 / WAIT_SECONDS
    yield Item(
        "empty_receives",
        {"sqs_request": waits},
        f"{len(QUEUES)} queues, {POLLERS} long polls of {WAIT_SECONDS} s at a time each",
    )
    table = TICK_CALLS * WAIT_MS["dynamodb"]
    tick = _gb_seconds("tick", table, shares.idle_tick + TICK_CALLS * WIRE_US["aws"])
    yield Item(
        "ticks",
        {
            "lambda_request": MONTH,
            "lambda_gb_second": MONTH * tick,
            "write_unit": MONTH * noted,
            "read_unit": MONTH * 3.5,
        },
        f"one a minute: 1 strong and 5 index reads, its moment noted in {noted:.0%} of them,"
        f" {table:g} ms of waiting; its schedule is free",
    )
    waiting = INTERNET_MS + 2 * WAIT_MS["dynamodb"] + WAIT_MS["ssm"]
    poll = _gb_seconds("poll_sources", waiting, shares.listen + 3 * WIRE_US["aws"] + WIRE_US["internet"])
    yield Item(
        "polls",
        {
            "lambda_request": polls,
            "lambda_gb_second": polls * poll,
            "sqs_request": 3 * polls,
            "read_unit": 2 * polls,
            "write_unit": notes,
            "parameter_request": polls * INTERVAL * 60 / KNOWN_SECONDS,
        },
        f"{polls:.0f} answers without news, each a message: sent, received, deleted; {notes:.0f} noted",
    )
    yield Item(
        "keys",
        {"kms_request": polls * INTERVAL * 60 / KNOWN_SECONDS},
        f"a token is read anew every {KNOWN_SECONDS / 60:g} minutes, as if all sources had one",
    )
    yield from _scheduled(shares)
    yield Item("alarms", {"alarm_month": len(QUEUES)}, "one for each dead-letter queue")
    calls = MONTH + polls + QUARTERS + 2 * HOURS
    yield Item(
        "logs",
        {"log_gb": calls * (LINE + PLATFORM_LOG) / 1e9},
        f"{LINE} bytes of ours and {PLATFORM_LOG} of Lambda's a call",
    )
    yield Item(
        "storage",
        {
            "table_gb_month": STORED_GB,
            "backup_gb_month": STORED_GB,
            "s3_gb_month": PACKAGES_GB + REPORTS_GB,
        },
        f"a table of {STORED_GB * 1000:g} MB with its backup, {PACKAGES_GB * 1000:g} MB of packages,"
        f" {REPORTS_GB * 1000:g} MB of reports",
    )
    yield Item(
        "people",
        {},
        "Cognito charges by the month for who signs in; idle, nobody does. Own metrics: none idle",
    )


def _scheduled(shares: Shares) -> Iterator[Item]:
    """One brand with one channel, on which nothing is published."""
    looks = MONTH / (EVERY / timedelta(minutes=1))
    yield Item(
        "watching",
        {
            "lambda_gb_second": looks * _gb_seconds("tick", 5 * WAIT_MS["dynamodb"], 5 * WIRE_US["aws"]),
            "read_unit": looks * 3.5,
            "write_unit": looks,
        },
        "what is nearly late: every ten minutes within a tick, 3 strong reads, an index's, a note",
    )
    yield Item(
        "measuring",
        {
            **_calls("measure_posts", QUARTERS, {"dynamodb": 8}, shares),
            "read_unit": QUARTERS * 5.5,
            "write_unit": QUARTERS + HOURS * HABIT_UNITS + DAYS * 2,
        },
        "one a quarter of an hour: 4 strong reads, 3 of an index, a note; a count of followers a day; the"
        f" habit of hours kept each hour in {HABIT_UNITS} write units",
    )
    yield Item(
        "relating",
        {
            **_calls("relate_to_people", HOURS, {"dynamodb": 5}, shares),
            "read_unit": HOURS * 4 + DAYS * 20,
            "write_unit": HOURS + 2 * DAYS,
        },
        "one an hour: 4 strong reads, a note that it ran; once a day a month of days is read, a list and the"
        " day of the digest put",
    )
    yield Item(
        "reporting",
        {
            **_calls("evaluate_months", HOURS, {"dynamodb": 3, "s3": 1}, shares),
            "read_unit": HOURS * 2 + DAYS * 60,
            "write_unit": HOURS + DAYS,
            "s3_get": HOURS + DAYS * 3,
            "s3_put": DAYS * 2 + REPORT_FILES,
        },
        f"one an hour: 2 strong reads, a look into the bucket, a note; once a day 3 months are counted;"
        f" once a month {REPORT_FILES} files",
    )


def _calls(name: str, calls: int, waits: dict[str, int], shares: Shares) -> dict[str, float]:
    """Lambda's part of it; its processor time is taken to be an idle tick's."""
    us = shares.idle_tick + sum(waits.values()) * WIRE_US["aws"]
    wait_ms = sum(WAIT_MS[service] * number for service, number in waits.items())
    return {"lambda_request": calls, "lambda_gb_second": calls * _gb_seconds(name, wait_ms, us)}


def _gb_seconds(name: str, wait_ms: float, us: float) -> float:
    """Of one call."""
    memory = MEMORY[name]
    return memory / 1024 * ceil(wait_ms + us / 1000 * max(1, VCPU_MB / memory)) / 1000
