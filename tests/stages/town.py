"""A town with one brand, for stories: a feed, a webhook, a sandbox; the real handlers, on moto.

    town = Town(aws, feeds)
    town.hear(text="Al een uur in de wacht", author="kees")   # a signed call at the door
    town.tick(); town.drain()                                 # the schedule, and every queue until quiet
    town.approve(town.case(), "Noor")

    post = town.plan("2026-11-21T10:00")                      # in the brand's zone
    town.run(until)                                           # the schedule, and each message on its second
    town.post(post).states                                    # what became of it

Time is in the test's hands: `town.now`, moved by `town.wait` and `town.run`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.brand import Brand, Channel, Department, Goal, Template, Watch
from chalicelib.domain.case import Case, CaseEvent, CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey
from chalicelib.domain.source import Source
from chalicelib.stages import answer
from chalicelib.stages.deliver import Deliverer
from chalicelib.stages.gather import Gatherer
from tests.conftest import NOW as TODAY
from tests.harness.poller import Context, Poller
from tests.harness.world import SENDER, World
from tests.servers.feeds import Feeds, item, rss
from tests.stages.planning import BRAND, POST, ZONE, Planning

NOW = TODAY - timedelta(days=7)
"""A Monday, 09:12 UTC; in the past, as feeds do not believe dates to come."""

ACCOUNT = "lindebieb.wall"
DOOR = "door.lambda-url.eu-west-1.on.aws"
SECRET = "whsec_" + base64.b64encode(b"not a secret, only a test of one").decode()
HOURS: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("mon", "tue", "wed", "thu", "fri", "sat"), ("09:00-17:30",)
)
SLOTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:30", "17:00")),
    **dict.fromkeys(("sat", "sun"), ("10:00", "14:00", "20:00")),
}

HANDLERS: Mapping[str, Callable[..., Any]] = {
    "poll": app.poll_sources,
    "hear": app.hear_webhooks,
    "understand": app.understand_mentions,
    "respond": app.respond_to_mentions,
    "deliver": app.deliver_replies,
}

COMPLAINT = "Wat een slechte service, ik ben boos: al drie dagen geen antwoord van de Lindebieb!"
COMPLIMENT = "Thank you so much, the Lindebieb is wonderful and the staff were excellent and kind."


def brand() -> Brand:
    return Brand(
        id=BRAND,
        name="Lindebieb",
        zone=ZONE,
        languages=("nl", "en"),
        departments=(
            Department(id="desk", name="Balie", hours=HOURS, alert_mail=("desk@lindebieb.example",)),
        ),
        channels=(
            Channel(
                id="wall", platform="sandbox", name="Sandbox", settings={"account": ACCOUNT}, slots=SLOTS
            ),
        ),
        goals=(Goal(id="loans", name="1,000 more loans before 1 July"),),
        watches=(Watch(id="brand", name="Lindebieb", terms=("lindebieb",)),),
        templates=tuple(
            Template(id=f"{when}-{on}", language=on, when=when, text=f"{{author}} {words} {{agent}}")
            for on, when, words in (
                ("nl", "complaint", "Wat vervelend."),
                ("en", "complaint", "Sorry."),
                ("nl", "praise", "Dank je wel!"),
                ("en", "praise", "Thank you!"),
                ("nl", "other", "We zoeken het uit."),
            )
        ),
        console_url="https://console.example",
        mail_from=SENDER,
    )


class Town(Planning):
    """The promises of a test are asked of `cases`, `mentions`, `wall` and of `world`."""

    def __init__(self, world: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.feeds = feeds
        self.now = NOW
        self.key = "key-of-now"
        self._monkeypatch = monkeypatch
        world.clock = lambda: self.now.timestamp()
        monkeypatch.setenv("HTTP_ALLOW", f"{feeds.host}:{feeds.port}")
        monkeypatch.setattr(wiring, "now", lambda: self.now)
        settings.cache_clear()
        wiring.brands().put(brand())
        wiring.secrets().put(f"hook/{BRAND}/reviews", {"scheme": "standard-webhooks", "secret": SECRET})
        self.source("reviews", "webhook", interval=0, watched=False, channel="wall")
        self.source("visitors", "sandbox", {"account": ACCOUNT}, interval=5, watched=False, channel="wall")
        wiring.sources().set_last_tick(NOW - timedelta(minutes=1))

    def source(self, id: str, platform: str, settings: dict[str, str] | None = None, **more: Any) -> Source:
        made = Source(
            brand=BRAND,
            id=id,
            platform=platform,
            name=id.title(),
            settings=settings or {},
            connected_at=NOW - timedelta(hours=1),
            **more,
        )
        wiring.sources().put(made)
        return made

    def feed(self, *texts: str, id: str = "news", posted: datetime = NOW) -> str:
        """A feed source with these items; its address."""
        date = format_datetime(posted)
        items = [item(f"https://blog.example/{i}", text, date=date) for i, text in enumerate(texts)]
        url = self.feeds.publish(f"/{id}.xml", rss(*items))
        self.source(id, "feed", {"url": url}, interval=1, channel="wall")
        return url

    # what happens --------------------------------------------------------------------------------

    def tick(self) -> None:
        app.tick(TICK, Context())

    def wait(self, **span: float) -> None:
        self.now += timedelta(**(span or {"minutes": 1}))

    def call(self, body: bytes, path: str = f"/{BRAND}/reviews", **changes: Any) -> dict[str, Any]:
        """A signed call at the Function URL; `changes` are to the event."""
        headers = changes.pop("headers", None) or signed(body, self.now, changes.pop("id", "msg_1"))
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {"domainName": DOOR, "http": {"method": "POST", "path": path}},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
            **changes,
        }
        answered: dict[str, Any] = app.receive_webhook(event, Context())
        return answered

    def hear(self, text: str, author: str = "kees", id: str = "r-1", **more: Any) -> dict[str, Any]:
        """Somebody writes a review, and the review site tells us."""
        return self.say("mention.created", {"id": id, "text": text, "author": {"handle": author}, **more})

    def say(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        """The review site tells us something of a review."""
        body = {"type": kind, "timestamp": self.now.isoformat(), "data": data}
        call = f"msg_{hashlib.sha256(data['id'].encode()).hexdigest()[:16]}"
        return self.call(json.dumps(body).encode(), id=call)

    def edit(self, text: str, author: str = "kees", id: str = "r-1") -> dict[str, Any]:
        return self.say("mention.updated", {"id": id, "text": text, "author": {"handle": author}})

    def retract(self, id: str = "r-1") -> dict[str, Any]:
        return self.say("mention.deleted", {"id": id})

    def drain(self, **how: Any) -> Poller:
        """Every queue until quiet. While it waits, the clock moves and the schedule ticks."""
        poller = Poller(self.world, HANDLERS, wait=self._minute, **how)
        poller.drain()
        return poller

    def settle(self, minutes: int = 12) -> None:
        """What schedules and queues do in the next minutes."""
        for _ in range(minutes):
            self._minute()
            self.drain()

    def until(self, done: Callable[[], bool], minutes: int) -> None:
        """As `settle`, until it is so."""
        for _ in range(minutes):
            if done():
                return
            self.settle(1)
        assert done(), f"not within {minutes} minutes"

    def _minute(self) -> None:
        self.wait(minutes=1)
        self.tick()

    def approve(self, case: Case, by: str = "Noor", text: str = "", messages: int = 1) -> DeliveryKey:
        return answer.approve(
            case.key,
            case.rev,
            text or f"@{case.author} We kijken het na. {by}, Lindebieb",
            by,
            messages=messages,
            brand=brand(),
            cases=wiring.cases(),
            tasks=wiring.tasks(),
            counts=wiring.channel_platform(brand(), "wall"),
            now=self.now,
        )

    def run(
        self, until: datetime, *, ticks: bool = True, work: bool = True, second: int = 0, **how: Any
    ) -> None:
        """The world by its own clock up to a moment: a tick each minute (on this `second`), and each message
        when its delay is over. Without `ticks` or `work` that part is out; `how` as `Poller`'s."""
        poller = Poller(self.world, HANDLERS if work else {}, **how)
        minute = self.now.replace(second=second, microsecond=0)
        while self.now < until:
            while minute <= self.now:
                minute += timedelta(minutes=1)
            moments = [until, minute]
            if work and (ready := self.world.next_message(HANDLERS)):
                moments.append(max(self.now, _past(ready)))
            self.now = min(moments)
            if ticks and self.now == minute:
                self.tick()
            while poller.step():
                pass

    # what is there -------------------------------------------------------------------------------

    def cases(self) -> list[Case]:
        keys = {item["pk"]["S"] for item in self.world.items("C#") if "case" in item}
        return [wiring.cases().get(CaseKey(*pk.split("#", 3)[1:])) for pk in sorted(keys)]

    def case(self) -> Case:
        (only,) = self.cases()
        return only

    def history(self, case: Case) -> tuple[list[CaseEvent], list[Delivery]]:
        return wiring.cases().history(case.key)

    def mentions(self) -> list[str]:
        return sorted(item["pk"]["S"] for item in self.world.items("M#"))

    def judged(self) -> list[str]:
        return sorted(item["pk"]["S"] for item in self.world.items("M#") if "day" in item)

    def ours(self) -> list[str]:
        """Texts of ours that stand at the network."""
        return [line.text for line in wiring.desk().wall(brand(), "wall") if line.ours]


def _past(moment: float) -> datetime:
    """The first millisecond after it."""
    return datetime.fromtimestamp(int(moment * 1000) / 1000 + 0.001, UTC)


EMPTY = ("account", "region", "source", "detail-type", "id", "time", "version")
TICK: Mapping[str, Any] = {**dict.fromkeys(EMPTY, ""), "resources": [], "detail": {}}


def signed(body: bytes, now: datetime, id: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        "content-type": "application/json",
    }


def shuffled(seed: int) -> Random:
    return Random(seed)


__all__ = [
    "BRAND",
    "COMPLAINT",
    "COMPLIMENT",
    "NOW",
    "POST",
    "SECRET",
    "UTC",
    "ZONE",
    "Town",
    "brand",
    "shuffled",
    "signed",
]


def deliverer(town: Town) -> Deliverer:
    """As the app makes it, to be called without its queue."""
    return Deliverer(
        deliveries=wiring.deliveries(),
        cases=wiring.cases(),
        posts=wiring.posts(),
        brands=wiring.brands(),
        alerts=wiring.alerts(),
        tasks=wiring.tasks(),
        connect=wiring.channel_platform,
        now=lambda: town.now,
        album=wiring.album(),
    )


def gatherer() -> Gatherer:
    """As the app makes it."""
    return Gatherer(
        mentions=wiring.mentions(),
        cases=wiring.cases(),
        deliveries=wiring.deliveries(),
        posts=wiring.posts(),
        measurements=wiring.measurements(),
        followings=wiring.followings(),
        mornings=wiring.mornings(),
        sources=wiring.sources(),
        ledger=wiring.ledger(),
    )
