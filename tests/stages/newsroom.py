"""The town with three channels, for posts: what reaches the networks is written down, and ticks may be late.

room = Newsroom(town, monkeypatch)
room.run(until, around(moment))    # these ticks, and one worker with each message on its second
room.lines                         # each ask to publish, in order: when, where, what, by which token
room.shown("wall")                 # what stands at that network
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

import app
from chalicelib import wiring
from chalicelib.aws.table.deliveries import from_item
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.post import PostKey
from tests.harness.crash import Points
from tests.harness.poller import Poller
from tests.harness.world import REGION, TABLE_NAME
from tests.stages.town import BRAND, Town, brand

CHANNELS = ("wall", "hall", "yard")
WAITING = (DeliveryState.HELD, DeliveryState.FAILED)
ASKED = ("publish", "find", "read_back", "delete", "edit", "boost", "boosted")
WORK: dict[str, Callable[..., Any]] = {"deliver": app.deliver_replies}


@dataclass(frozen=True)
class Line:
    """One ask to publish, as it arrived."""

    at: datetime
    channel: str
    text: str
    token: str


class Newsroom:
    """`seconds` is what one ask to publish takes. `inside` is called within the next one, once: before the
    network has heard it, or (`inside_after`) when it has, and has not answered yet. Calls to networks are
    `points` to break off at."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        self.town = town
        self.lines: list[Line] = []
        self.seconds = 0.0
        self.inside: Callable[[], object] | None = None
        self.inside_after = False
        self.points: Points | None = None
        self._connect = wiring.channel_platform
        monkeypatch.setattr(wiring, "channel_platform", self.connect)
        wiring.brands().put(of_three())

    def connect(self, brand: Brand, channel: str, *, fresh: bool = False) -> Any:
        return _Tapped(self._connect(brand, channel, fresh=fresh), self, channel)

    # what happens --------------------------------------------------------------------------------

    def run(self, until: datetime, ticks: Iterable[datetime] = ()) -> None:
        """The world up to a moment: these ticks (later, where the worker was busy), and one worker, that
        takes one message at a time."""
        town, left = self.town, sorted(tick for tick in ticks if self.town.now <= tick <= until)
        worker = Poller(town.world, WORK, batch=1)
        while True:
            ready = town.world.next_message(WORK)
            moment = min(left[:1] + [after(ready)] * (ready is not None), default=until)
            if moment > until:
                break
            town.now = max(town.now, moment)
            if left and left[0] <= town.now:
                del left[0]
                town.tick()
            elif ready is None or not worker.step():
                break
        town.now = max(town.now, until)

    def settle(self, minutes: int) -> None:
        """What schedules and queues do in the next minutes."""
        self.run(self.town.now + timedelta(minutes=minutes), around(self.town.now, 0, minutes))

    def rest(self, minutes: int = 40) -> None:
        """As `settle`, until nothing is on its way any more; within so many minutes."""
        for _ in range(minutes):
            if all(each.state.rests for each in self.deliveries()):
                return
            self.settle(1)
        left = [f"{each.key} is {each.state.value}" for each in self.deliveries() if not each.state.rests]
        assert not left, f"after {minutes} minutes"

    def mood(self, mood: str) -> None:
        for channel in CHANNELS:
            wiring.desk().set_mood(wiring.brands().get(BRAND), channel, mood)

    # what is there -------------------------------------------------------------------------------

    def shown(self, channel: str = "wall") -> list[str]:
        """Our texts at this network, sorted."""
        lines = wiring.desk().wall(wiring.brands().get(BRAND), channel)
        return sorted(line.text for line in lines if line.ours)

    def held(self) -> list[Delivery]:
        return wiring.deliveries().held(BRAND)

    def told_true(self, where: str = "") -> None:
        """What every story ends in: what is confirmed stands at its network, in its text, once; nothing else
        does; and what does not stand there has a reason, or was a person's wish."""
        found = self.deliveries()
        for channel in CHANNELS:
            ours = [each for each in found if each.key.channel == channel]
            kept = [each.text for each in ours if each.state is DeliveryState.CONFIRMED]
            assert self.shown(channel) == sorted(kept), where
        silent = [each for each in found if each.state in WAITING and not each.reason]
        assert not silent, where
        assert self.town.world.waiting("deliver-dead") == [], where

    def deliveries(self) -> list[Delivery]:
        """Of all posts, as they are kept now; read without a call."""
        return [from_item(item) for item in _kept("P#") if "delivery" in item]

    def posts(self) -> list[PostKey]:
        return sorted(
            (PostKey(*item["pk"].split("#", 2)[1:]) for item in _kept("P#") if "post" in item), key=str
        )


def _kept(prefix: str) -> list[dict[str, Any]]:
    """Items of the table whose pk begins so."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE_NAME]
    found = (each.to_json()["Attributes"] for each in table.all_items())
    return [
        {
            name: int(text) if kind == "N" else text
            for name, value in item.items()
            for kind, text in value.items()
        }
        for item in found
        if item["pk"]["S"].startswith(prefix)
    ]


class _Tapped:
    """A platform of a channel; what it is asked to publish is written down."""

    def __init__(self, inner: Any, room: Newsroom, channel: str) -> None:
        self._inner, self._room, self._channel = inner, room, channel

    def __getattr__(self, name: str) -> Any:
        found = self._publish if name == "publish" else getattr(self._inner, name)
        points = self._room.points
        if points is None or name not in ASKED:
            return found
        return lambda *args: points.call(name, lambda: found(*args))

    def _publish(self, to: Any, text: str, token: str, language: str, *images: Any) -> Any:
        room = self._room
        room.lines.append(Line(room.town.now, self._channel, text, token))
        room.town.now += timedelta(seconds=room.seconds)
        meanwhile, room.inside = room.inside, None
        if meanwhile and not room.inside_after:
            meanwhile()
        try:
            return self._inner.publish(to, text, token, language, *images)
        finally:
            if meanwhile and room.inside_after:
                meanwhile()


def of_three() -> Brand:
    """The town's brand with three walls, the last two without slots of their own."""
    (wall,) = brand().channels
    more = (
        Channel(id=id, platform="sandbox", name=id.title(), settings={"account": f"{BRAND}.{id}"})
        for id in CHANNELS[1:]
    )
    return replace(brand(), channels=(wall, *more))


def around(moment: datetime, before: int = 4, after: int = 4, second: float = 0) -> list[datetime]:
    """A tick each minute around a moment, on this second of it."""
    minute = moment.replace(second=0, microsecond=0)
    return [minute + timedelta(minutes=n, seconds=second) for n in range(-before, after + 1)]


def after(moment: float | None) -> datetime:
    """The first millisecond after it."""
    return datetime.fromtimestamp(int((moment or 0) * 1000) / 1000 + 0.001, UTC)


class Snapshot:
    """The world as it is now, to go back to: faster than a fresh one. Nothing our modules remember between
    calls is forgotten."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._held = deepcopy(self._state())
        self._now, self._lines = room.town.now, tuple(room.lines)

    def restore(self) -> None:
        for (owner, name), value in zip(_places(), deepcopy(self._held), strict=True):
            setattr(owner, name, value)
        self._room.town.now, self._room.lines[:] = self._now, self._lines
        self._room.inside = self._room.points = None

    def _state(self) -> list[Any]:
        return [getattr(owner, name) for owner, name in _places()]


def _places() -> list[tuple[Any, str]]:
    """Where moto keeps the table, the messages of the queues, and the mails."""
    queues = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues
    kept = ("_messages", "_pending_messages", "deleted_messages")
    return [
        (dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION], "tables"),
        (ses_backends[DEFAULT_ACCOUNT_ID][REGION], "sent_messages"),
        *((queue, name) for queue in queues.values() for name in kept),
    ]
