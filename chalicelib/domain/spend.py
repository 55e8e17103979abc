"""What a month costs: an estimate from our own counts and list prices, with its parts. The console's health
page says it of the running month so far, the report of the whole.

Never a bill. It knows no free tier, no discount and nothing that others run in the same account. Units are
those of `prices.json`; how many a mention or a message takes was measured by `make bench`, which prints them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.month import Rate, month_of, span

MINUTES = 30 * 24 * 60
STANDING: Mapping[str, Mapping[str, float]] = {
    "queues": {"sqs_request": 5 * 3 * MINUTES},
    "alarms": {"alarm_month": 1},
    "clock": {
        "lambda_request": MINUTES + 4_320,
        "lambda_gb_second": 400,
        "read_unit": 4 * MINUTES,
        "write_unit": MINUTES / 4 + 4_320,
        "log_gb": 0.04,
    },
}
"""Of a month, whatever happens. `queues` and `alarms` are of each queue: five long polls of twenty seconds,
and one alarm."""
MENTION: Mapping[str, float] = {
    "write_unit": 3.2,
    "read_unit": 0.5,
    "sqs_request": 0.3,
    "lambda_request": 0.1,
    "lambda_gb_second": 0.006,
    "log_gb": 0.0000002,
}
SENT: Mapping[str, float] = {
    "write_unit": 60,
    "read_unit": 12,
    "sqs_request": 4,
    "lambda_request": 3,
    "lambda_gb_second": 0.4,
    "log_gb": 0.000003,
}
"""A post or reply on one channel, up to its third measurement."""


COUNTED = ("mentions", "sending")


@dataclass(frozen=True, slots=True)
class Part:
    """`name`: queues, alarms, clock, mentions or sending; `count` of what, 0 where nothing is counted."""

    name: str
    usd: float
    count: int = 0


def rates(prices: Mapping[str, float], *, queues: int) -> tuple[Rate, ...]:
    """Of this installation, which has so many queues."""
    times = {"queues": queues, "alarms": queues}
    standing = (
        Rate(name=name, usd=_usd(units, prices) * times.get(name, 1)) for name, units in STANDING.items()
    )
    counted = zip(COUNTED, (MENTION, SENT), strict=True)
    return (*standing, *(Rate(name=name, usd=_usd(units, prices)) for name, units in counted))


def parts(rates: Iterable[Rate], *, mentions: int, sent: int, gone: float = 1.0) -> list[Part]:
    """Of a month of which so much is gone. `sent` are posts and replies that left, on each channel."""
    counts = dict(zip(COUNTED, (mentions, sent), strict=True))
    return [
        Part(rate.name, rate.usd * counts.get(rate.name, gone), counts.get(rate.name, 0)) for rate in rates
    ]


def estimate(
    prices: Mapping[str, float], now: datetime, zone: str, *, queues: int, mentions: int, sent: int
) -> list[Part]:
    """What is spent since the month began, where the brand is."""
    start, end = span(month_of(now, zone), zone)
    gone = (now.astimezone(ZoneInfo(zone)) - start) / (end - start)
    return parts(rates(prices, queues=queues), mentions=mentions, sent=sent, gone=gone)


def _usd(units: Mapping[str, float], prices: Mapping[str, float]) -> float:
    return sum(number * prices[name] for name, number in units.items())
