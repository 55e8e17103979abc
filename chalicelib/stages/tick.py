"""The schedule's minute: what is to be asked, what is to leave, what lost its message.

Nothing is decided here about a delivery: a message that comes too early, too late or twice finds that out
itself, at its claim.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from chalicelib.domain.delivery import DeliveryKey, untried
from chalicelib.domain.post import PostKey
from chalicelib.domain.source import due
from chalicelib.ports import Deliveries, Due, Sources, Tasks
from chalicelib.tasks import Deliver, Poll

CATCH_UP = timedelta(hours=6)
"""After a longer outage than this, sources are asked once; their pages hold no more anyway."""
HORIZON = timedelta(minutes=2)
"""Posts are queued this long before their moment: if one tick is missed, the next one is early enough."""
SWEEP = timedelta(minutes=1)
"""A reply this long past its moment has lost the message of its own; the tick sends another."""
REFILED = timedelta(days=2)
NOTED = timedelta(minutes=4)
"""So old the note of the last tick may be; the health page warns at ten minutes."""
MOST = 5000
"""Deliveries that are looked through at once: those within two minutes of now, as many that are overdue, and
once an hour of the next two days. Twice as many messages are put in their queue within half a minute."""


def run(sources: Sources, deliveries: Deliveries, tasks: Tasks, now: datetime) -> dict[str, int]:
    """Queue a poll for every source that fell due since the last tick, and every delivery that is due soon
    or overdue; however much is overdue, what has its moment now is among it. Once an hour posts are filed
    under their moment anew.

    The moment of the tick is written last, so that what a crash left out the next tick finds. Where nothing
    fell due, asking from the same moment again finds the same: then it is written every `NOTED` only, so that
    people see that the clock runs.
    """
    last = sources.last_tick()
    since = max(last or now - timedelta(minutes=1), now - CATCH_UP)
    polls = [Poll(s.brand, s.source) for s in sources.listed() if due(s, since, now)]
    tasks.send(polls)
    overdue = deliveries.due(now - HORIZON, limit=MOST)
    soon = deliveries.due(now + HORIZON, since=now - HORIZON, limit=MOST)
    sends = queue_soon([*overdue, *soon], tasks, now)
    new_hour = last is None or _hour(last) != _hour(now)
    refiled = refile(deliveries, now) if new_hour else 0
    if polls or new_hour or last is None or now - last >= NOTED:
        sources.set_last_tick(now)
    return {"polls": len(polls), "deliveries": sends, "refiled": refiled}


def queue_soon(found: Iterable[Due], tasks: Tasks, now: datetime) -> int:
    """Queue those that are due within `HORIZON`, each with the delay that is left; how many.

    Of a post each tick queues what lies before it: twice at most until its moment. What was tried has a
    message of its own, as a reply has from the start: a reply is queued here only if that was lost.
    """
    by_delay: dict[int, list[Deliver]] = defaultdict(list)
    for each in found:
        soonest = now + HORIZON if isinstance(each.key.owner, PostKey) else now - SWEEP
        if each.at <= soonest:
            by_delay[max(0, ceil((each.at - now).total_seconds()))].append(Deliver(each.key))
    for delay, sends in sorted(by_delay.items()):
        tasks.send(sends, delay=delay)
    return sum(map(len, by_delay.values()))


def refile(deliveries: Deliveries, now: datetime) -> int:
    """Posts of the next two days whose zone got other rules since they were planned: filed anew; how many.
    What somebody held, changed or claimed since it was read stays as they made it."""
    keys: list[DeliveryKey] = [
        each.key for each in deliveries.due(now + REFILED, limit=MOST) if isinstance(each.key.owner, PostKey)
    ]
    count = 0
    for was in deliveries.get_many(keys):
        if untried(was) and was.slot and (at := was.slot.at()) != was.due:
            count += deliveries.move(was, replace(was, due=at))
    return count


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
