"""R20, R21 on networks that are there: who may not be asked waits, nothing is burned, people see until when.

The real workers and queues, on moto; the networks misbehave over HTTP.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

import app
from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.pace import ASKED, DOWN, OPEN, STRIKES, TOO_OFTEN, Limit
from chalicelib.platforms import feed
from chalicelib.tasks import QUEUES
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context, Poller
from tests.harness.world import World
from tests.servers.base import Reply
from tests.servers.feeds import Feeds, item, rss
from tests.servers.mastodon import Mastodon
from tests.stages.networked import heard
from tests.stages.test_alerting import subjects
from tests.stages.test_crashes import breakable, mend
from tests.stages.test_mastodon_story import REPLY, SAID, approve, connected
from tests.stages.town import BRAND, COMPLAINT, HANDLERS, TICK, Town
from tests.web.browser import Browser

DOWN_PAGE = 502, b"<html>Bad gateway</html>"


@pytest.fixture
def network() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


@pytest.fixture
def here(town: Town, network: Mastodon, monkeypatch: pytest.MonkeyPatch) -> Town:
    connect(town, network, monkeypatch)
    return town


def connect(town: Town, network: Mastodon, monkeypatch: pytest.MonkeyPatch) -> None:
    """A town, as it stands, that also listens and answers on Mastodon, by two sources."""
    connected_town = connected(town.world, town.feeds, network, monkeypatch)
    connected_town.now = town.now
    monkeypatch.setattr(wiring, "now", lambda: town.now)
    settings.cache_clear()
    town.world.clock = lambda: town.now.timestamp()
    about = {"instance": network.url, "kind": "hashtag", "tag": "lindebieb", "account": "brand"}
    wiring.secrets().put(f"source/{BRAND}/tag", {"token": "test-token-not-a-secret"})
    town.source("tag", "mastodon", about, interval=1, channel="masto")


def dead(world: World) -> list[str]:
    return [body for queue in QUEUES for body in world.waiting(f"{queue}-dead")]


def most_receives(world: World) -> int:
    """Of what lies in the queues."""
    from tests.harness.world import _queue

    return max(
        (int(one.approximate_receive_count) for queue in QUEUES for one in _queue(queue)._messages), default=0
    )


def pass_by(town: Town, minutes: int) -> None:
    """Each tick, and each message when its delay is over."""
    town.run(town.now + timedelta(minutes=minutes))


def source_state(id: str) -> tuple[str, object]:
    _, state = wiring.sources().get(BRAND, id)
    return state.reason, state.wait_until


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_rest_that_one_worker_is_asked_for_all_workers_keep(
    here: Town, network: Mastodon, status: int, as_date: bool
) -> None:
    """Polls, a second source, an answer and the figures; the answer leaves as soon as it may."""
    network.say(SAID)
    heard(here)
    approve(here, network)
    here.wait(minutes=1)
    until = here.now + timedelta(minutes=6)
    said = format_datetime(until, usegmt=True) if as_date else "360"
    network.asks_for_rest = Reply(status, b"{}", {"Retry-After": said})
    here.tick()
    Poller(here.world, {"poll": HANDLERS["poll"]}).step()
    asked = len(network.requests)
    network.asks_for_rest = None
    while here.now < until - timedelta(minutes=1):
        pass_by(here, 1)
        app.measure_posts(TICK, Context())
    assert len(network.requests) == asked, "nobody asked before"
    (delivery,) = here.history(here.case())[1]
    assert (delivery.state, delivery.reason, delivery.tries) == (DeliveryState.PLANNED, ASKED, 0)
    assert until <= delivery.due <= until + timedelta(seconds=1)
    here.until(lambda: here.case().state is CaseState.ANSWERED, 4)
    assert [status.text for status in network.ours()] == [REPLY]
    here.until(
        lambda: source_state("masto")[1] is None or not wiring.sources().get(BRAND, "tag")[1].waits(here.now),
        3,
    )
    assert dead(here.world) == []


def test_a_network_that_is_down_is_probed_by_one_and_no_message_is_burned(
    here: Town, network: Mastodon
) -> None:
    """R21: four hours of it. The answer waits with its attempts, and its department hears at once, once."""
    network.say(SAID)
    heard(here)
    approve(here, network)
    network.answers = DOWN_PAGE
    start, asked = here.now, len(network.requests)
    most = 0
    for _ in range(240):
        pass_by(here, 1)
        most = max(most, most_receives(here.world))
    probes = len(network.requests) - asked
    longest = OPEN[-1] / timedelta(minutes=1)
    assert STRIKES + len(OPEN) <= probes <= STRIKES + len(OPEN) + 240 / longest + 2, probes
    assert dead(here.world) == []
    assert most <= 1, "no message came back to be tried again"
    assert source_state("masto")[0] == source_state("tag")[0] == DOWN
    app.relate_to_people(TICK, Context())
    pass_by(here, 2)
    rung = [
        subject
        for subject in subjects(here)
        if "Masto" in subject or "Tag" in subject or "bronnen" in subject
    ]
    assert len(rung) == 1, rung
    network.answers = None
    network.say("@brand Zijn jullie er nog?", "piet@elsewhere.example")
    pass_by(here, 17)
    assert len(here.cases()) == 2, "what was said meanwhile is heard"
    assert here.now - start < timedelta(hours=5)
    assert dead(here.world) == []


def test_an_answer_waits_out_an_outage_with_all_its_attempts(here: Town, network: Mastodon) -> None:
    network.say(SAID)
    heard(here)
    network.answers = DOWN_PAGE
    pass_by(here, 5)
    asked = len(network.requests)
    approve(here, network)
    pass_by(here, 1)
    (delivery,) = here.history(here.case())[1]
    assert (delivery.state, delivery.reason, delivery.tries) == (DeliveryState.PLANNED, DOWN, 0)
    rung = [subject for subject in subjects(here) if "niet verstuurd" in subject]
    assert len(rung) == 1
    pass_by(here, 60)
    assert len([subject for subject in subjects(here) if "niet verstuurd" in subject]) == 1, "once"
    assert len(network.requests) - asked < 12
    network.answers = None
    pass_by(here, 18)
    assert here.case().state is CaseState.ANSWERED
    assert [status.text for status in network.ours()] == [REPLY]
    (delivery,) = here.history(here.case())[1]
    assert delivery.tries <= 2


def test_two_sources_of_one_feed_ask_no_more_often_than_it_wants_and_both_hear(town: Town) -> None:
    """Its ten minutes are kept by both together, and each has its turn."""
    url = town.feeds.publish(
        "/slow.xml",
        rss(item("https://blog.example/1", COMPLAINT), channel="<title>Slow</title><ttl>10</ttl>"),
    )
    for id in ("one", "two"):
        town.source(id, "feed", {"url": url}, interval=5, channel="wall")
    at: list[object] = []
    seen = 0
    for _ in range(90):
        pass_by(town, 1)
        new = [request for request in town.feeds.requests[seen:] if request.path == "/slow.xml"]
        seen = len(town.feeds.requests)
        at += [town.now] * len(new)
    assert len(at) <= 9 + 1, at
    for id in ("one", "two"):
        _, state = wiring.sources().get(BRAND, id)
        assert state.last_success
        assert state.reason in ("", TOO_OFTEN)
        assert not state.failures
    assert dead(town.world) == []


def test_all_feeds_of_a_site_share_what_it_is_asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their own intervals are; who finds no token waits for one, and nothing fails."""
    most = Limit(10, timedelta(minutes=5), ours=True)
    monkeypatch.setattr(feed, "LIMIT", most)
    ids = [f"feed-{n}" for n in range(8)]
    for id in ids:
        text = COMPLAINT.replace("Lindebieb", f"Lindebieb {id}")
        url = town.feeds.publish(f"/{id}.xml", rss(item(f"https://blog.example/{id}", text)))
        town.source(id, "feed", {"url": url}, interval=5, channel="wall")
    at: list[datetime] = []
    for _ in range(40):
        seen = len(town.feeds.requests)
        pass_by(town, 1)
        at += [town.now] * (len(town.feeds.requests) - seen)
    assert max(sum(start <= each < start + most.within for each in at) for start in at) <= most.number
    assert len(at) >= 30, "and it is asked nearly as often as that"
    for id in ids:
        _, state = wiring.sources().get(BRAND, id)
        assert state.reason in ("", most.said)
        assert not state.failures
    assert dead(town.world) == []


def test_the_page_says_what_waits_and_until_when(
    console: Browser, town: Town, network: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the console: a source, the health page and a case, in words."""
    connect(town, network, monkeypatch)
    network.say(SAID)
    heard(town)
    network.asks_for_rest = Reply(429, b"{}", {"Retry-After": "600"})
    pass_by(town, 1)
    approve(town, network)
    network.asks_for_rest = None
    pass_by(town, 2)
    for path in ("/sources/tag", "/sources", "/status"):
        page = console.get(path).body.decode()
        assert "Waits until" in page or "We ask it again" in page, path
        assert "he network asks" in page, path
    case = console.get(f"/cases/{town.case().key.slug}").body.decode()
    assert "The answer waits until" in case
    assert "the network asks for rest" in case


@pytest.mark.crash
def test_whatever_breaks_a_source_that_waits_is_asked_when_it_may_be(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its host asks for rest; broken off at every call from then until it was heard."""

    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        url = town.feed(COMPLAINT)
        feeds.misbehave("/news.xml", Reply(503, headers={"Retry-After": "90"}))
        town.source("others", "feed", {"url": f"{url}?of=others"}, interval=1, channel="wall")
        return town

    def run(town: Town, points: Points) -> None:
        for _ in range(2):
            town.wait(minutes=1)
            town.tick()
            Poller(town.world, {"poll": HANDLERS["poll"]}).step()

    def redeliver(town: Town) -> None:
        feeds.publish("/news.xml", rss(item("https://blog.example/0", COMPLAINT)))
        pass_by(town, 10)

    for mode, k, town in every_crash(fresh, run, redeliver):
        where = f"{mode} call {k}"
        for id in ("news", "others"):
            _, state = wiring.sources().get(BRAND, id)
            assert state.last_success, where
            assert not state.waits(town.now), where
        assert [pk for pk in town.mentions() if "blog.example/0" in pk], where
        assert town.world.waiting("poll") == [], where
        assert dead(town.world) == [], where


@pytest.mark.crash
def test_whatever_breaks_an_answer_that_waits_leaves_once(
    aws: World, feeds: Feeds, network: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its network is down, and comes back; broken off at every call while it waits and as the probe goes."""

    def fresh() -> Town:
        network.answers = None
        network.statuses.clear()
        network.notifications.clear()
        network.keys.clear()
        mend(monkeypatch)
        town = connected(aws.fresh(), feeds, network, monkeypatch)
        network.say(SAID)
        heard(town)
        network.answers = DOWN_PAGE
        pass_by(town, 4)
        approve(town, network)
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        Poller(town.world, {"deliver": HANDLERS["deliver"]}).step()
        network.answers = None
        town.wait(minutes=15)
        town.world.let_time_pass()
        Poller(town.world, {"deliver": HANDLERS["deliver"]}).step()

    def redeliver(town: Town) -> None:
        network.answers = None
        mend(monkeypatch)
        pass_by(town, 45)  # what may have left is looked for, for twenty
        assert town.case().state is CaseState.ANSWERED

    for mode, k, town in every_crash(fresh, run, redeliver):
        where = f"{mode} call {k}"
        assert [status.text for status in network.ours()] == [REPLY], where
        assert dead(town.world) == [], where
