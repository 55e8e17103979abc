"""What the door for those who call us refused lately, as its log tells: a call that is refused writes nothing
else (S1).

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.ports import Refusal

BACK = timedelta(days=1)
MOST = 50
PAGES = 5
"""Requests of one look; in a flood the log is longer than that."""


class Refusals:
    """Plays `ports.Refusals`. `group` is the log group of the door."""

    def __init__(self, logs: Callable[[], Any], group: str) -> None:
        self._logs = logs
        self._group = group

    def of(self, brand: str, source: str, now: datetime) -> list[Refusal]:
        name = f"{brand}/{source}"
        found = [
            Refusal(at=at, status=int(line["status"]), reason=str(line["reason"]))
            for at, line in self._lines(f'{{ ($.source = "{name}") && ($.status >= 400) }}', now)
            # emulators of AWS let every line through
            if line.get("source") == name and line.get("reason") and line.get("status")
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]

    def _lines(self, pattern: str, now: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
        start = int((now - BACK).timestamp() * 1000)
        asked = {"logGroupName": self._group, "filterPattern": pattern, "startTime": start}
        logs = self._logs()
        for _ in range(PAGES):
            try:
                reply = logs.filter_log_events(**asked)
            except logs.exceptions.ResourceNotFoundException:
                return  # nobody called yet
            for event in reply.get("events", ()):
                try:
                    line = json.loads(event["message"])
                except ValueError:
                    continue
                if isinstance(line, dict):
                    yield datetime.fromtimestamp(event["timestamp"] / 1000, UTC), line
            if not reply.get("nextToken"):
                return
            asked = {**asked, "nextToken": reply["nextToken"]}
