"""Slots: the moments on the wall at which a channel publishes, week after week.

A slot is a wall time and a zone; the instant is reckoned by the rules of its day (`Slot.at`).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from zoneinfo import ZoneInfo

from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.clock import DAYS
from chalicelib.domain.post import Slot

Taken = Collection[tuple[str, datetime]]
"""(channel, moment in UTC, whole minutes) of what is planned: one moment may have two times on the wall."""


def slots(channel: Channel, zone: str, since: datetime) -> Iterator[Slot]:
    """Every slot of the channel at or after `since`, in order, without end; nothing where it has none."""
    if not any(channel.slots.get(day) for day in DAYS):
        return
    day = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        yield from (slot for slot in _of_day(channel, zone, day) if slot.at() >= since)
        day += timedelta(days=1)


def next_slots(
    brand: Brand, channels: Sequence[str], taken: Taken, since: datetime, count: int
) -> list[Slot]:
    """The first `count` moments from `since` on at which one of these channels has a slot that is not taken.

    Of slots that are one moment (02:30 and 03:30 where the clocks skip) one is given.
    """
    found: dict[datetime, Slot] = {}
    for id in channels:
        if channel := brand.channel(id):
            empty = (slot for slot in slots(channel, brand.zone, since) if (id, slot.at()) not in taken)
            once = (same for _, (same, *_) in groupby(empty, Slot.at))
            found |= {slot.at(): slot for slot in islice(once, count)}
    return [found[at] for at in sorted(found)][:count]


def free(brand: Brand, taken: Taken, now: datetime, until: datetime) -> list[tuple[str, tuple[str, ...]]]:
    """The slots from `now` up to `until` in which nothing is planned, in order: wall time, and the channels
    it is of.
    """
    found: dict[Slot, list[str]] = {}
    for channel in brand.channels:
        for slot in slots(channel, brand.zone, now):
            if slot.at() >= until:
                break
            if (channel.id, slot.at()) not in taken:
                found.setdefault(slot, []).append(channel.id)
    return [(slot.wall, tuple(found[slot])) for slot in sorted(found, key=lambda s: (s.at(), s.wall))]


def slot_of(at: datetime, zone: str) -> Slot:
    """The minute of this moment as a slot. Where the wall of `zone` shows it for the second time, of UTC."""
    at = at.replace(second=0, microsecond=0)
    slot = Slot(_wall(at.astimezone(ZoneInfo(zone))), zone)
    return slot if slot.at() == at else Slot(_wall(at.astimezone(UTC)), "UTC")


def _of_day(channel: Channel, zone: str, day: date) -> list[Slot]:
    """One day's slots by time, each once."""
    times = channel.slots.get(DAYS[day.weekday()], ())
    return sorted({Slot(f"{day}T{time}", zone) for time in times}, key=lambda slot: (slot.at(), slot.wall))


def _wall(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")
