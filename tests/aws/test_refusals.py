"""What was refused of a source is read from the door's log, and from nothing else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.aws import refusals as module
from chalicelib.aws.clients import client
from chalicelib.aws.refusals import Refusals
from tests.harness.world import World

GROUP = "/aws/lambda/webspin-test-receive-webhook"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def refusals(aws: World) -> Refusals:
    return Refusals(lambda: client("logs"), GROUP)


def logged(*lines: tuple[datetime, Any]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    events = [
        {
            "timestamp": int(at.timestamp() * 1000),
            "message": each if isinstance(each, str) else json.dumps(each),
        }
        for at, each in sorted(lines, key=lambda line: line[0])
    ]
    logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)


def line(source: str, status: int = 401, reason: str = "wrong") -> dict[str, Any]:
    told = {"message": "receive_webhook", "source": source, "status": status}
    return {**told, "reason": reason} if reason else told


def test_before_anybody_called_there_is_nothing(refusals: Refusals) -> None:
    assert refusals.of("bakery", "reviews", NOW) == []


def test_the_refused_of_one_source_in_the_last_day_newest_first(refusals: Refusals) -> None:
    logged(
        (NOW - timedelta(hours=25), line("bakery/reviews", reason="missing")),
        (NOW - timedelta(hours=2), line("bakery/reviews", reason="stale")),
        (NOW - timedelta(hours=1), line("bakery/reviews", 413, "too-big")),
        (NOW - timedelta(minutes=9), line("bakery/reviews", 202, "")),
        (NOW - timedelta(minutes=8), line("bakery/reviews-2", reason="wrong")),
        (NOW - timedelta(minutes=7), line("other/reviews", reason="wrong")),
        (NOW - timedelta(minutes=6), 'START "bakery/reviews" "reason"'),
        (NOW - timedelta(minutes=5), ["bakery/reviews", "reason"]),
    )
    found = refusals.of("bakery", "reviews", NOW)
    assert [(each.status, each.reason) for each in found] == [(413, "too-big"), (401, "stale")]
    assert found[0].at == NOW - timedelta(hours=1)


def test_of_a_flood_it_reads_so_much_and_no_more(refusals: Refusals, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Endless:
        class exceptions:
            ResourceNotFoundException = KeyError

        def filter_log_events(self, **call: Any) -> dict[str, Any]:
            asked.append(call)
            at = int(NOW.timestamp() * 1000)
            events = [{"timestamp": at, "message": json.dumps(line("bakery/reviews"))}] * 40
            return {"events": events, "nextToken": str(len(asked))}

    found = Refusals(Endless, GROUP).of("bakery", "reviews", NOW)
    assert len(found) == module.MOST
    assert len(asked) == module.PAGES
    assert asked[1]["nextToken"] == "1"
