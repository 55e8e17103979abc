"""The whole system and a real WebSub hub: asked of the one that `make peers` runs, and of no other.

The hub is asked, asks back, and calls with what a feed says, signed; it is asked anew before it forgets us,
and calls no more once nobody wants it. The feed and our door are small servers of this test.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from os import environ
from threading import Lock
from time import monotonic, sleep
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.subscribing import LEASE, Subscription
from tests.harness.world import World
from tests.servers.base import Reply, Request, Server
from tests.servers.feeds import Feeds
from tests.stages.test_feed_names import texts
from tests.stages.test_subscribe import At, relate, state
from tests.stages.town import BRAND, Town

WORD = "a-word-that-only-we-and-the-hub-know"
HUB = environ.get("WEBSPIN_PEER_HUB", "")
PATIENCE = 20.0


class Blog(Server):
    """A feed that names the hub, and tells it when there is news."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []

    @property
    def topic(self) -> str:
        return f"{self.url}/feed.xml"

    def answer(self, request: Request) -> Reply:
        entries = "".join(self.entries)
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A blog</title>{entries}</feed>'
        links = f'<{HUB}>; rel="hub", <{self.topic}>; rel="self"'
        return Reply(200, feed.encode(), {"Content-Type": "application/atom+xml", "Link": links})

    def publish(self, text: str) -> None:
        at = datetime.now(UTC).isoformat()
        number = len(self.entries) + 1
        self.entries.insert(
            0, f"<entry><id>tag:blog,2026:{number}</id><title>{text}</title><updated>{at}</updated></entry>"
        )
        ask(mode="publish", topic=self.topic)


class Door(Server):
    """Where the hub calls us. `calls` is how each was answered, by its method."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, int]] = []
        self._at: At | None = None
        self._one = Lock()

    def leads_to(self, town: Town) -> None:
        self._at = At(town)

    def answer(self, request: Request) -> Reply:
        assert self._at
        query = urlencode({name: values[0] for name, values in request.query.items()})
        with self._one:
            status, said = self._at(request.method, request.path, query, request.headers, request.body)
        self.calls.append((request.method, status))
        return Reply(status, said.encode())

    def wait(self, method: str, times: int = 1) -> list[int]:
        """How its calls of this method were answered, once there are so many."""
        end = monotonic() + PATIENCE
        while len(found := [status for name, status in self.calls if name == method]) < times:
            assert monotonic() < end, f"the hub made {self.calls}, and no more"
            sleep(0.1)
        return found


def ask(**said: str) -> None:
    """The hub, as who has a feed or wants no more of it does."""
    form = urlencode({f"hub.{name}": value for name, value in said.items()}).encode()
    with urlopen(HUB, form, timeout=10) as answer:
        assert answer.status == 202


@pytest.fixture
def blog() -> Iterator[Blog]:
    with Blog() as server:
        yield server


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, blog: Blog, door: Door, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(aws, feeds, monkeypatch)
    town.now = datetime.now(UTC).replace(microsecond=0)
    wiring.sources().set_last_tick(town.now - timedelta(minutes=1))
    places = (urlsplit(each).netloc for each in (feeds.url, blog.url, HUB))
    monkeypatch.setenv("HTTP_ALLOW", ",".join(places))
    monkeypatch.setenv("WEBHOOK_URL", f"{door.url}/")
    settings.cache_clear()
    wiring.http.cache_clear()
    kept = {"scheme": "websub", "secret": "a secret of ours", "word": WORD, "topic": blog.topic}
    wiring.secrets().put(f"hook/{BRAND}/blog", kept)
    about = {"scheme": "websub", "topic": blog.topic}
    town.source("blog", "webhook", about, interval=0, watched=False, channel="wall")
    door.leads_to(town)
    return town


@pytest.mark.skipif(not HUB, reason="no hub runs")
def test_a_hub_is_asked_asks_back_pushes_is_asked_anew_and_stops(town: Town, blog: Blog, door: Door) -> None:
    relate()
    assert state().reason == ""
    assert door.wait("GET") == [200]
    town.drain()
    assert Subscription.of(state().cursor).until == town.now + LEASE

    blog.publish("De Lindebieb is dicht")
    assert door.wait("POST") == [202]
    town.drain()
    assert texts(town) == ["De Lindebieb is dicht"]

    town.wait(days=7)
    relate()
    assert door.wait("GET", 2) == [200, 200]
    town.drain()
    assert Subscription.of(state().cursor).until == town.now + LEASE
    blog.publish("De Lindebieb is weer open")
    assert door.wait("POST", 2) == [202, 202]
    town.drain()
    assert sorted(texts(town)) == ["De Lindebieb is dicht", "De Lindebieb is weer open"]

    callback = f"{door.url}/{BRAND}/blog/{WORD}"
    ask(mode="unsubscribe", topic=blog.topic, callback=callback)
    assert door.wait("GET", 3) == [200] * 3
    blog.publish("De Lindebieb viert feest")
    town.wait(days=7)
    relate()
    assert door.wait("GET", 4) == [200] * 4
    blog.publish("De Lindebieb was gezellig")
    assert door.wait("POST", 3) == [202] * 3, "it does one thing after the other: of the feast it told nobody"
    town.drain()
    assert len(texts(town)) == 4, "what was missed stands in the feed that comes next"
