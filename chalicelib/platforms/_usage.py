"""How much of what Meta lets an account ask is used, as each of its answers says in hundredths.

Headers: https://developers.facebook.com/docs/graph-api/overview/rate-limiting, read 2026-11-21.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.source import Quota

APPS = ("x-app-usage", "x-page-usage")
BUSINESS = "x-business-use-case-usage"
PARTS = ("call_count", "total_time", "total_cputime")
WHOLE = 100
WINDOW = timedelta(hours=1)
"""What is used is counted over an hour that moves on; of a whole day where Meta counts for a Page, and then
it says how long that still lasts."""
LONGEST = 24 * 60


def usage(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """What is left of a hundred; None where nothing is said."""
    told = list(_told(headers))
    used = [int(part) for each in told for name in PARTS if (part := _number(each.get(name))) is not None]
    if not used:
        return None
    rest = timedelta(minutes=minutes(headers))
    return Quota(left=max(0, WHOLE - max(used)), of=WHOLE, until=now + (rest or WINDOW))


def minutes(headers: Mapping[str, str]) -> int:
    """So long until we may ask again, as it says; 0 where it does not."""
    waits = (_number(each.get("estimated_time_to_regain_access")) or 0 for each in _told(headers))
    return min(int(max(waits, default=0)), LONGEST)


def _told(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in APPS:
        if isinstance(found := _json(headers.get(name, "")), dict):
            yield found
    found = _json(headers.get(BUSINESS, ""))
    for several in found.values() if isinstance(found, dict) else ():
        yield from (each for each in several if isinstance(each, dict)) if isinstance(several, list) else ()


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _number(value: Any) -> float | None:
    return value if type(value) in (int, float) and 0 <= value < 1_000_000 else None
