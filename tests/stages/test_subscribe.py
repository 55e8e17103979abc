"""Feeds that push: the hub is asked by us, asks back, pushes, and is asked again before it forgets us."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.source import SourceState
from chalicelib.domain.subscribing import AGAIN, LEASE, Subscription
from chalicelib.stages import subscribe
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.servers.hub import Hub
from tests.stages.test_feed_names import texts
from tests.stages.town import BRAND, COMPLAINT, DOOR, TICK, Town

WORD = "a-word-that-only-we-and-the-hub-know"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Town:
    return pushed_to(aws, feeds, hub, monkeypatch)


def pushed_to(aws: World, feeds: Feeds, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with a source that a hub is to call."""
    town = Town(aws, feeds, monkeypatch)
    monkeypatch.setenv("HTTP_ALLOW", f"{feeds.host}:{feeds.port},{hub.host}:{hub.port}")
    monkeypatch.setenv("WEBHOOK_URL", f"https://{DOOR}/")
    settings.cache_clear()
    wiring.http.cache_clear()
    kept = {"scheme": "websub", "secret": "a secret of ours", "word": WORD, "topic": hub.topic}
    wiring.secrets().put(f"hook/{BRAND}/blog", kept)
    about = {"scheme": "websub", "topic": hub.topic}
    town.source("blog", "webhook", about, interval=0, watched=False, channel="wall")
    return town


class At:
    """The door of a town. Plays `Door` of the hub."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def __call__(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str]:
        about = {"domainName": DOOR, "http": {"method": method, "path": path}}
        told = self._town.call(
            body, path, rawQueryString=query, headers=dict(headers) or {"host": DOOR}, requestContext=about
        )
        return told["statusCode"], told["body"]


def relate(left: int = 900_000) -> None:
    app.relate_to_people(TICK, Context(left=left))


def state() -> SourceState:
    return wiring.sources().get(BRAND, "blog")[1]


def entry(town: Town, text: str = COMPLAINT) -> str:
    at = town.now.isoformat()
    return f"<entry><id>tag:blog,2026:1</id><title>{text}</title><updated>{at}</updated></entry>"


def test_a_hub_is_asked_asks_back_and_pushes(town: Town, hub: Hub) -> None:
    relate()
    (wish,) = hub.asked
    assert wish.callback == f"https://{DOOR}/{BRAND}/blog/{WORD}"
    assert (wish.topic, wish.lease) == (hub.topic, LEASE.total_seconds())
    assert hub.verify(At(town), town.now) == 1
    town.drain()
    granted = Subscription.of(state().cursor)
    assert granted.until == town.now + LEASE
    assert hub.push(At(town), hub.feed(entry(town)), town.now) == [202]
    town.drain()
    assert texts(town) == [COMPLAINT]
    assert Subscription.of(state().cursor) == granted


def test_it_is_asked_again_before_the_lease_ends_and_not_before(town: Town, hub: Hub) -> None:
    hub.grants = 10 * 3600
    relate()
    asked = []
    for _ in range(48):
        asked.append(len(hub.asked))
        hub.verify(At(town), town.now)
        town.drain()
        town.wait(hours=1)
        relate()
        assert hub.push(At(town), hub.feed(entry(town)), town.now), "no hour without it"
        town.drain()
    assert sum(asked) == 8, "every six hours of ten"
    assert len(texts(town)) == 1


def test_who_does_not_ask_back_is_asked_every_six_hours(town: Town, hub: Hub) -> None:
    for _ in range(13):
        relate()
        town.wait(hours=1)
    assert len(hub.asked) == 3
    assert timedelta(hours=6) == AGAIN


def test_a_refusal_is_told_at_the_source_until_the_hub_calls(town: Town, hub: Hub) -> None:
    hub.refuses = 400, b"<p>No such topic</p>"
    relate()
    assert state().reason == "its hub does not call us: the hub answered 400: No such topic"
    assert state().failing_since
    hub.refuses = None
    town.wait(hours=6)
    relate()
    hub.verify(At(town), town.now)
    town.drain()
    assert (state().reason, state().failing_since) == ("", None)


def test_a_hub_may_say_no_when_it_asks_back(town: Town, hub: Hub) -> None:
    relate()
    hub.deny(At(town), "not\nfor you")
    town.drain()
    assert state().reason == "its hub does not call us: not for you"
    relate()
    assert hub.asked == []


def test_a_feed_without_a_hub_says_so(town: Town, hub: Hub) -> None:
    hub.page = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A blog</title></feed>"
    relate()
    assert state().reason == "its hub does not call us: this feed names no hub: it does not push"


def test_nobody_asks_for_a_source_that_is_paused_or_has_no_secret_yet(town: Town, hub: Hub) -> None:
    source, _ = wiring.sources().get(BRAND, "blog")
    wiring.sources().put(replace(source, paused=True))
    relate()
    wiring.sources().put(source)
    wiring.secrets().remove(f"hook/{BRAND}/blog")
    relate()
    wiring.secrets().put(f"hook/{BRAND}/blog", {"scheme": "websub", "secret": "s" * 9, "topic": hub.topic})
    relate()
    assert hub.requests == []


def test_of_two_secrets_the_hub_is_given_the_newest(town: Town, hub: Hub) -> None:
    kept = {
        "scheme": "websub",
        "word": "another-word",
        "topic": hub.topic,
        "since": "2026-11-16T09:00:00+00:00",
    }
    wiring.secrets().put(f"hook/{BRAND}/blog/b", {**kept, "secret": "a newer secret"})
    relate()
    (wish,) = hub.asked
    assert (wish.secret, wish.callback.rpartition("/")[2]) == ("a newer secret", "another-word")
    assert hub.verify(At(town), town.now) == 1


def test_who_does_not_know_the_word_changes_nothing(town: Town, hub: Hub) -> None:
    query = f"hub.mode=denied&hub.topic={hub.topic}&hub.reason=x"
    assert At(town)("GET", f"/{BRAND}/blog/another-word", query, {}, b"")[0] == 404
    headers = {"hub-denied": "x", "x-hub-signature": "sha256=00"}
    assert At(town)("POST", f"/{BRAND}/blog/{WORD}", "", headers, b"<feed/>")[0] == 401
    town.drain()
    assert state() == SourceState()


def test_an_hour_that_is_too_short_leaves_it_to_the_next(town: Town, hub: Hub) -> None:
    relate(left=subscribe.ROOM_MS - 1)
    assert hub.requests == []
    relate()
    assert len(hub.asked) == 1


@pytest.mark.crash
def test_wherever_it_breaks_off_the_hub_calls_in_the_end(
    aws: World, feeds: Feeds, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        hub.asked.clear()
        hub.active.clear()
        return pushed_to(aws.fresh(), feeds, hub, monkeypatch)

    def run(town: Town, points: Points) -> None:
        asks = subscribe_of

        def pointed(*given: str) -> str:
            return str(points.call("subscribe", lambda: asks(*given)))

        monkeypatch.setattr(wiring, "subscribe", pointed)
        with points:
            relate()
            hub.verify(At(town), town.now)
            town.drain()

    def after(town: Town) -> None:
        monkeypatch.setattr(wiring, "subscribe", subscribe_of)
        for _ in range(8):
            hub.verify(At(town), town.now)
            town.drain()
            town.wait(hours=1)
            relate()

    for mode, k, town in every_crash(fresh, run, after):
        hub.push(At(town), hub.feed(entry(town)), town.now)
        town.drain()
        assert texts(town) == [COMPLAINT], f"{mode} call {k}"


subscribe_of = wiring.subscribe
