"""What networks say of requests that are left, as they write it; and nothing where they say nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.source import Quota
from chalicelib.platforms._http_json import quota

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "soon"}, None),
        ({"x-ratelimit-remaining": "١٢"}, None),
        ({"x-ratelimit-remaining": "0"}, Quota(left=0)),
        (
            {
                "x-ratelimit-remaining": "298",
                "x-ratelimit-limit": "300",
                "x-ratelimit-reset": "2026-11-23T08:15:00.000000Z",
            },
            Quota(left=298, of=300, until=NOW + timedelta(minutes=3)),
        ),
        (
            {
                "ratelimit-remaining": "2999",
                "ratelimit-limit": "3000",
                "ratelimit-reset": str(int(NOW.timestamp()) + 60),
            },
            Quota(left=2999, of=3000, until=NOW + timedelta(minutes=1)),
        ),
        (
            {"ratelimit-remaining": "5", "ratelimit-reset": "30"},
            Quota(left=5, until=NOW + timedelta(seconds=30)),
        ),
    ],
)
def test_requests_that_are_left(headers: dict[str, str], expected: Quota | None) -> None:
    assert quota(headers, NOW) == expected
