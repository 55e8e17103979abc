"""Does the house run? Schedules, keys and spend, as the health page says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain import spend
from chalicelib.domain.month import month_of
from chalicelib.domain.pulse import SCHEDULES, KeyState, Tally, late
from chalicelib.domain.source import Source, SourceState
from chalicelib.domain.tested import Tested
from chalicelib.tasks import QUEUES
from chalicelib.web import outgoing
from chalicelib.web.i18n import COSTS, N_
from chalicelib.web.visit import Visit

NAMES = {
    "tick": N_("The clock: what is due"),
    "measure": N_("Measuring what we sent"),
    "relate": N_("The morning's good deeds"),
    "evaluate": N_("The month's report"),
}
REFUSES = ("HTTP 401", "HTTP 403", "refuse our key", "refused our key", "app password")
"""How a source says that its key is not taken."""


LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    name: str
    ran: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Key:
    """`worked` is its last success; `refused` since when its network takes it no more; `tried` when it was
    tried last by itself, `ends` when somebody must act. `path` is where it is mended."""

    name: str
    worked: datetime | None
    refused: datetime | None
    tried: datetime | None
    ends: datetime | None
    path: str


@dataclass(frozen=True, slots=True)
class Spend:
    """`parts` as (name, sum, count); `counted`: when mentions and messages were counted, None: not yet."""

    total: str
    parts: tuple[tuple[str, str, str], ...]
    counted: datetime | None


def schedules(visit: Visit, tick: datetime | None) -> list[Schedule]:
    ran = {**visit.desk.pulse.runs(), **({"tick": tick} if tick else {})}
    return [
        Schedule(visit.words.gettext(NAMES[each]), ran.get(each), late(each, ran.get(each), visit.now))
        for each in SCHEDULES
    ]


def keys(
    visit: Visit,
    sources: Sequence[tuple[Source, SourceState]],
    states: Sequence[KeyState],
    tests: Mapping[str, Tested],
) -> list[Key]:
    """Of the channels and sources that have one: those that are refused, then those that end soonest."""
    known = {state.channel: state for state in states}
    found = []
    for channel in visit.brand.channels:
        if visit.desk.keyless(channel.platform):
            continue
        state = known.get(channel.id, KeyState(channel=channel.id))
        name = outgoing.channel(visit.brand, channel.id, visit.words)
        path = f"/brand/channels/{channel.id}"
        tested = tests.get(f"channel/{channel.id}")
        found.append(_key(name, state.worked, state.refused_since, tested, path))
    for source, polled in sources:
        if visit.desk.keyless(source.platform) or source.interval <= 0:
            continue
        refused = polled.failing_since if any(sign in polled.reason for sign in REFUSES) else None
        tested = tests.get(f"source/{source.id}")
        found.append(_key(source.name, polled.last_success, refused, tested, f"/sources/{source.id}"))
    return sorted(found, key=lambda key: (key.refused is None, key.ends or LAST, key.name.casefold()))


def _key(
    name: str, worked: datetime | None, refused: datetime | None, tested: Tested | None, path: str
) -> Key:
    """What was learned last counts."""
    if tested is None:
        return Key(name, worked, refused, None, None, path)
    held = max(filter(None, (worked, tested.held)), default=None)
    if tested.refused is None and refused and tested.held and tested.held > refused:
        refused = None
    return Key(name, held, tested.refused or refused, tested.tried, tested.ends, path)


def spent(visit: Visit, tally: Tally | None) -> Spend:
    """An estimate from our own counts and list prices."""
    found = _estimate(visit, tally)
    words = visit.words
    parts = tuple(
        (
            words.gettext(COSTS[part.name]),
            words.usd(part.usd),
            words.number(part.count) if part.count else "",
        )
        for part in found
    )
    return Spend(words.usd(sum(part.usd for part in found)), parts, tally.at if tally else None)


def spend_rows(visit: Visit) -> list[tuple[str, int | None, float]]:
    """The same for a file: the part, of what is counted how many, and USD."""
    _, tally = visit.desk.pulse.of(visit.brand.id, month(visit))
    return [(part.name, part.count or None, round(part.usd, 6)) for part in _estimate(visit, tally)]


def _estimate(visit: Visit, tally: Tally | None) -> list[spend.Part]:
    return spend.estimate(
        visit.desk.prices(),
        visit.now,
        visit.brand.zone,
        queues=len(QUEUES),
        mentions=tally.mentions if tally else 0,
        sent=tally.sent if tally else 0,
    )


def month(visit: Visit) -> str:
    return month_of(visit.now, visit.brand.zone)
