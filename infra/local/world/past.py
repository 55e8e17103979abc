"""Last month of the example brand: what it said, what it was asked and answered, and what came of it.

Nothing here writes around the system: its stages do it all, with a clock set back. What was asked is heard as
a source hears it and goes through the deployed queues, judge and all; posts and answers are approved in the
name of invented people and leave for the sandbox. Only what a network would have counted is laid down here.
Every id follows from the first start, so that a second start changes nothing.

    python -m infra.local.world.past --endpoint http://localhost:8640 --stage local --state .webspin/world

Posts of today and of the next days are planned too. Last month's report and this morning's list are asked for
before this month's posts are laid down.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from chalicelib import wiring
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import DeliveryKey
from chalicelib.domain.measuring import AGES, Following, Measurement, Numbers
from chalicelib.domain.mention import Author, Found
from chalicelib.domain.post import PostKey
from chalicelib.domain.shape import dump
from chalicelib.domain.source import Source
from chalicelib.errors import NotFound
from chalicelib.platforms.sandbox import Note, set_following
from chalicelib.ports import Tasks
from chalicelib.stages import answer, listen, promising
from chalicelib.stages.deliver import Deliverer
from chalicelib.stages.plan import plan
from chalicelib.tasks import Deliver, Poll, Task
from infra.clients import emulated, emulated_variables
from infra.deploy import use_settings
from infra.local import adapt
from infra.local.world import HOME, HOOK, posts
from infra.local.world.times import ZONE, Calendar, last_month, past_days, some_time

BRAND, REVIEWS = HOOK
GUEST_BOOK = "guestbook"
PATIENCE = 90.0
"""Seconds in which all that was said must be judged."""
STEPS = 6
"""Of a delivery; it is sent and read back in two."""
FOLLOWERS, FOLLOWING = 780, 212
"""Of the sandbox's account, on the first day."""


def main() -> int:
    given = _arguments().parse_args()
    os.environ.update(emulated_variables(given.endpoint))
    client = emulated(given.endpoint)
    use_settings(given.stage, client)
    calendar = Calendar(given.state, wiring.now())
    brand = wiring.brands().get(BRAND)
    plan_ahead(brand, wiring.now())
    hear(brand, calendar)
    all_judged = _rounds(brand)
    reply(brand, calendar, all_judged)
    publish(brand, posts.past(brand, calendar), calendar.first_start)
    count_followers(brand, calendar)
    if not any(all_judged):
        print(f"not everything is judged after {PATIENCE:.0f} s; start again for last month's report")
        return 1
    wiring.ask_report(brand.id, f"{last_month(calendar)[0]:%Y-%m}")
    adapt.wake("relate-to-people", given.stage, client)
    publish(brand, posts.recent(brand, calendar), calendar.first_start)
    return 0


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m infra.local.world.past", description="The example's past.")
    parser.add_argument("--endpoint", required=True, help="the emulator's address")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--state", type=Path, required=True, help="the example world's folder")
    return parser


# posts ----------------------------------------------------------------------------------------------


def plan_ahead(brand: Brand, now: datetime) -> None:
    """One post that leaves at once, and some for the slots of the next days."""
    waiting = wiring.deliveries().planned(brand.id, now)
    taken = {(each.key.channel, each.slot.at()) for each in waiting if each.slot}
    for planned in (posts.now(now), *posts.coming(brand, taken, now)):
        _plan(brand, planned, now, wiring.tasks())


def publish(brand: Brand, past: Iterable[posts.Planned], until: datetime) -> None:
    """Posts that left, planned the day before, with what came of each until then."""
    for planned in past:
        at = planned.wish.slot.at()
        _plan(brand, planned, at - timedelta(days=1), _Kept())
        key = DeliveryKey(PostKey(brand.id, planned.wish.id), posts.CHANNEL, 1)
        _deliver(brand, key, at)
        _measure(key, at, until)


def _plan(brand: Brand, planned: posts.Planned, now: datetime, tasks: Tasks) -> None:
    """Where there is one of its id, it stays as it is; also one that was cancelled."""
    try:
        wiring.posts().get(PostKey(brand.id, planned.wish.id))
    except NotFound:
        counts = lambda channel: wiring.channel_platform(brand, channel)  # noqa: E731
        plan(planned.wish, planned.by, brand=brand, posts=wiring.posts(), tasks=tasks, counts=counts, now=now)


def _measure(key: DeliveryKey, sent_at: datetime, until: datetime) -> None:
    """At the weekend more people have time to read."""
    chance = Random(str(key))  # noqa: S311 - the same figures at every start are the point
    weekend = sent_at.weekday() >= 5
    reach = round(chance.uniform(0.7, 1.4) * (430 if weekend else 260))
    reactions, shares = round(reach * chance.uniform(0.02, 0.07)), round(reach * chance.uniform(0, 0.015))
    replies = chance.randrange(6 if weekend else 4)
    for step, (age, part) in enumerate(zip(AGES, (0.45, 0.85, 1.0), strict=True), start=1):
        delivery = wiring.deliveries().get(key)
        if delivery.measured < step and sent_at + age <= until:
            parts = (round(part * all) for all in (reach, reactions, replies, shares))
            numbers = Numbers(**dict(zip(("reach", "reactions", "replies", "shares"), parts, strict=True)))
            wiring.measurements().add(delivery, Measurement(step=step, at=sent_at + age, numbers=numbers))


def count_followers(brand: Brand, calendar: Calendar) -> None:
    """Up to the first start: from then on the sandbox is asked, which goes on from there."""
    chance, followers = Random(BRAND), FOLLOWERS  # noqa: S311 - as above
    today = calendar.first_start.astimezone(ZONE).date()
    for day in [*past_days(calendar), today]:
        followers += chance.randrange(-1, 5)
        following = Following(
            channel=posts.CHANNEL, day=day.isoformat(), followers=followers, following=FOLLOWING
        )
        wiring.followings().put(brand.id, following)
    if channel := brand.channel(posts.CHANNEL):
        set_following(wiring.shelf(), channel.settings["account"], followers, FOLLOWING)


# questions and answers ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """`share` is how much of the promised time went by until the answer: above 1 it was late."""

    id: str
    at: datetime
    language: str
    share: float
    author: str
    by: str
    text: str
    answer: str


def talks(calendar: Calendar) -> Iterator[Talk]:
    """What was asked last month; not on its last days, so that every answer lies before the first start."""
    days = last_month(calendar)[:-5]
    chance = Random(f"talks of {days[0]}")  # noqa: S311 - as above
    lines = (HOME / "talks.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    for number, (language, _, share, author, by, text, reply) in enumerate(rows):
        at = some_time(days[number * len(days) // len(rows)], chance)
        yield Talk(f"{days[0]:%Y-%m}-{number:02}", at, language, float(share), author, by, text, reply)


def hear(brand: Brand, calendar: Calendar) -> None:
    """As the source of reviews would have heard it, had it been connected then."""
    source, _ = wiring.sources().get(brand.id, REVIEWS)
    for talk in talks(calendar):
        _accept(brand, source, talk)
    if _backfill_waits(brand):  # its first poll came before there was a guest book
        wiring.tasks().send([Poll(brand.id, GUEST_BOOK)])


def _accept(brand: Brand, source: Source, talk: Talk) -> None:
    found = Found(
        id=talk.id,
        author=Author(id=talk.author, handle=talk.author),
        text=talk.text,
        posted_at=talk.at,
        url=f"https://reviews.example/{brand.id}/{talk.id}",
        language=talk.language,
        direct=True,
    )
    listen.accept(
        brand,
        replace(source, connected_at=talk.at),
        [found],
        listen.Came(0, call=True),
        first=False,
        mentions=wiring.mentions(),
        tasks=wiring.tasks(),
        now=talk.at,
    )


def reply(brand: Brand, calendar: Calendar, all_judged: Iterator[bool]) -> None:
    """Answer what waits for us, in its time or too late; each as soon as it has a case, which stands as late.

    Ends where all are answered or `all_judged`: what has no case then asked for none.
    """
    waiting = [talk for talk in talks(calendar) if not _reply(brand, talk)]
    while waiting and not next(all_judged, True):
        waiting = [talk for talk in waiting if not _reply(brand, talk)]


def _reply(brand: Brand, talk: Talk) -> bool:
    """Whether it is answered, now or before."""
    case = wiring.cases().find(CaseKey(brand.id, "webhook", talk.id))
    if case is None or not case.state.waits_for_us:
        return case is not None
    at = case.received_at + talk.share * (case.due - case.received_at)
    key = answer.approve(
        case.key,
        case.rev,
        talk.answer,
        talk.by,
        brand=brand,
        cases=wiring.cases(),
        tasks=_Kept(),
        counts=None,
        now=at,
    )
    _deliver(brand, key, at)
    _keep(case.key, talk.by, at)
    return True


def _keep(case: CaseKey, by: str, at: datetime) -> None:
    """What was promised then was done."""
    for each in wiring.cases().dossier(case).promises:
        promising.keep(each.key, each.rev, by, promises=wiring.promises(), now=at + timedelta(hours=1))


# sending, waiting -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Kept:
    """Tasks of the past: they are done here, not by a Lambda, whose clock is today's."""

    sent: list[Task] = field(default_factory=list)

    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        self.sent += tasks


def _deliver(brand: Brand, key: DeliveryKey, at: datetime) -> None:
    """Send it to the sandbox at this moment, and read it back."""
    clock = at
    deliverer = Deliverer(
        deliveries=wiring.deliveries(),
        cases=wiring.cases(),
        posts=wiring.posts(),
        brands=wiring.brands(),
        alerts=wiring.alerts(),
        tasks=_Kept(),
        connect=wiring.channel_platform,
        now=lambda: clock,
        album=wiring.album(),
    )
    for _ in range(STEPS):
        delivery = wiring.deliveries().get(key)
        if delivery.state.rests:
            return
        _date(brand, key, at)
        deliverer.run(Deliver(key))
        clock += timedelta(minutes=1)


def _date(brand: Brand, key: DeliveryKey, at: datetime) -> None:
    """The sandbox dates what it takes with today; what lies there already it takes as it lies."""
    delivery, channel = wiring.deliveries().get(key), brand.channel(key.channel)
    if channel is None:
        raise NotFound(f"channel {key.channel}")
    account = channel.settings["account"]
    to = delivery.to.id if delivery.to else ""
    note = Note(author=account, text=delivery.text, at=at, reply_to=to, language=delivery.language)
    wiring.shelf().put(account, f"out-{delivery.token}", json.dumps(dump(note), ensure_ascii=False))


def _backfill_waits(brand: Brand) -> bool:
    return wiring.sources().get(brand.id, GUEST_BOOK)[1].last_success is None


def _rounds(brand: Brand) -> Iterator[bool]:
    """One a second, for `PATIENCE`: is the guest book read and all of it judged, twice in a row?"""
    quiet, until = 0, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        full = (queue for queue in wiring.pipes().state() if queue.name != Deliver.queue)
        at_work = any(queue.waiting + queue.at_work for queue in full)
        quiet = 0 if at_work or _backfill_waits(brand) else quiet + 1
        yield quiet >= 2
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
