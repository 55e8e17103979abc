"""Feeds that push: each hour the hubs are asked to call us that were not yet, or will soon forget us.

The order of effects: note that the hub is asked; ask. A crash in between leaves it unasked for six hours;
asked twice it calls us once. The hub then asks back at the door, which takes that to the queue: what it
grants is noted at the source, and so is what it refuses, with the reason, until it calls.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.knock import slots
from chalicelib.domain.source import Source, SourceState, failed
from chalicelib.domain.subscribing import Subscription
from chalicelib.errors import PlatformError
from chalicelib.ports import Brands, Secrets, Sources
from chalicelib.stages.hear import DENIED, LEASED

ROOM_MS = 30_000
"""What must be left of the call to begin with a hub; the next hour goes on from there."""
SCHEME = "websub"
REFUSED = "its hub does not call us"
"""So begins the reason of such a source."""

Subscribe = Callable[[str, str, str], str]
"""Ask the hub of a feed to call an address, with a secret: which hub took it. Raises PlatformError."""
log = logging.getLogger("webspin")


def run(
    *,
    brands: Brands,
    sources: Sources,
    secrets: Secrets,
    subscribe: Subscribe,
    door: str,
    remaining_ms: Callable[[], int],
    now: datetime,
) -> dict[str, int]:
    """How many hubs were asked, and how many could not be. `door` is where sources call us."""
    counts = {"subscribed": 0, "unsubscribed": 0}
    if not door:
        return counts
    for brand in brands.all():
        try:
            found = [pair for pair in sources.of(brand.id) if _wants(*pair, now)]
            for source, state in found:
                if remaining_ms() < ROOM_MS:
                    return counts
                asked = _ask(source, state, sources, secrets, subscribe, door, now)
                counts["subscribed" if asked else "unsubscribed"] += 1
        except Exception as error:  # one brand must not take the others along
            counts["unsubscribed"] += 1
            log.error("hubs not asked", exc_info=error, extra={"brand": brand.id})
    return counts


def _wants(source: Source, state: SourceState, now: datetime) -> bool:
    pushes = source.settings.get("scheme") == SCHEME and source.settings.get("topic")
    return bool(pushes) and not source.paused and Subscription.of(state.cursor).due(now)


def _ask(
    source: Source,
    state: SourceState,
    sources: Sources,
    secrets: Secrets,
    subscribe: Subscribe,
    door: str,
    now: datetime,
) -> bool:
    kept = [each for each in (secrets.get(slot) for slot in slots(source.brand, source.id)) if _usable(each)]
    if not kept:
        return False
    newest = max(kept, key=lambda each: each.get("since", ""))
    asked = replace(state, rev=state.rev + 1, cursor=str(Subscription.of(state.cursor).renewed(now)))
    if not sources.set_state(source, state, asked):
        return False  # the next hour asks
    address = "/".join((door.rstrip("/"), source.brand, source.id, newest["word"]))
    try:
        subscribe(source.settings["topic"], address, newest["secret"])
    except PlatformError as error:
        _refused(sources, source, error.reason, now)
        return False
    return True


def _usable(kept: Mapping[str, str]) -> bool:
    return kept.get("scheme") == SCHEME and bool(kept.get("word") and kept.get("secret"))


def told(
    sources: Sources, source: Source, state: SourceState, headers: Mapping[str, str], now: datetime
) -> None:
    """What its hub says at the door. Where somebody wrote the state meanwhile it is told once more."""
    if reason := headers.get(DENIED, ""):
        _refused(sources, source, reason, now)
        return
    seconds = headers.get(LEASED, "")
    granted = Subscription.of(state.cursor).confirmed(now, int(seconds) if seconds.isdecimal() else 0)
    after = replace(state, rev=state.rev + 1, cursor=str(granted))
    if state.reason.startswith(REFUSED):
        after = replace(after, reason="", failures=0, failing_since=None)
    for _ in range(3):
        if sources.set_state(source, state, after):
            return
        _, state = sources.get(source.brand, source.id)
        after = replace(state, rev=state.rev + 1, cursor=str(granted))


def _refused(sources: Sources, source: Source, reason: str, now: datetime) -> None:
    _, state = sources.get(source.brand, source.id)
    after = failed(state, now, f"{REFUSED}: {reason}", source.interval)
    if state.reason != after.reason:
        sources.set_state(source, state, after)
