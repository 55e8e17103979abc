"""The same machine on a network that is really there, over HTTP, whatever that network does wrong: R7, R8.

The crash harness breaks our side off at every place; here the network misbehaves.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Poller
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.servers.mastodon import TOKEN, Mastodon
from tests.stages import networked
from tests.stages.networked import heard
from tests.stages.test_crashes import breakable, mend, states
from tests.stages.town import BRAND, HANDLERS, Town, brand

REPLY = "@anna@elsewhere.example We kijken het vandaag na. Noor, Lindebieb"
SAID = "@brand Wat een slechte service bij de Lindebieb, ik ben boos!"


@pytest.fixture
def network() -> Iterator[Mastodon]:
    with Mastodon() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, network: Mastodon, monkeypatch: pytest.MonkeyPatch) -> Town:
    return connected(aws, feeds, network, monkeypatch)


def connected(aws: World, feeds: Feeds, network: Mastodon, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town that listens and answers on Mastodon."""
    about = {"instance": network.url, "kind": "mentions", "account": "brand"}
    town = Town(aws, feeds, monkeypatch)
    return networked.connect(town, ours(network), "masto", network, {"token": TOKEN}, about, monkeypatch)


def ours(network: Mastodon) -> Brand:
    about = {"instance": network.url, "account": "brand"}
    channel = Channel(id="masto", platform="mastodon", name="Mastodon", settings=about)
    return replace(brand(), channels=(*brand().channels, channel))


def approve(town: Town, network: Mastodon) -> None:
    networked.approve(town, ours(network), "masto", REPLY)


MISBEHAVIOUR: dict[str, Callable[[Mastodon], object]] = {
    "nothing": lambda network: None,
    "ignores the key": lambda network: setattr(network, "ignores_key", True),
    "answers 500 after publishing": lambda network: setattr(network, "fails_after_publishing", True),
    "drops its answer": lambda network: setattr(network, "drops_answer", True),
    "lists late": lambda network: setattr(network, "lists_late", 2),
}


def both(*names: str) -> Callable[[Mastodon], object]:
    return lambda network: [MISBEHAVIOUR[name](network) for name in names]


CASES = {
    **MISBEHAVIOUR,
    "ignores the key, answers 500": both("ignores the key", "answers 500 after publishing"),
    "ignores the key, drops its answer, lists late": both(
        "ignores the key", "drops its answer", "lists late"
    ),
}


@pytest.mark.parametrize("misbehave", CASES.values(), ids=CASES)
def test_one_reply_stands_there_whatever_the_network_does(
    misbehave: Callable[[Mastodon], object], town: Town, network: Mastodon
) -> None:
    network.say(SAID)
    heard(town)
    misbehave(network)
    approve(town, network)
    town.drain()
    network.fails_after_publishing = network.drops_answer = False
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)

    assert [status.text for status in network.ours()] == [REPLY]
    assert town.case().state is CaseState.ANSWERED
    (delivery,) = town.history(town.case())[1]
    assert delivery.remote_id == network.ours()[0].id
    assert delivery.remote_url.startswith("https://")


@pytest.mark.crash
def test_one_reply_stands_there_wherever_we_break_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after every call to AWS and to the network, which ignores our key."""
    with Mastodon() as network:
        network.ignores_key = True

        def fresh() -> Town:
            mend(monkeypatch)
            network.statuses.clear()
            network.notifications.clear()
            town = connected(aws.fresh(), feeds, network, monkeypatch)
            network.say(SAID)
            heard(town)
            return town

        def run(town: Town, points: Points) -> None:
            breakable(points, monkeypatch)
            approve(town, network)
            town.drain()

        def redeliver(town: Town) -> None:
            mend(monkeypatch)
            if town.case().state is CaseState.OPEN:
                approve(town, network)
            town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)

        for mode, k, town in every_crash(fresh, run, redeliver):
            assert [status.text for status in network.ours()] == [REPLY], f"{mode} call {k}"
            assert town.case().state is CaseState.ANSWERED, f"{mode} call {k}"


def test_a_key_that_was_renewed_is_read_anew_without_a_person(town: Town, network: Mastodon) -> None:
    """Remembered for minutes, but not after a refusal."""
    network.say(SAID)
    heard(town)
    secrets = wiring.secrets()
    secrets.put(f"channel/{BRAND}/masto", {"token": "an old one"})
    secrets.get(f"channel/{BRAND}/masto")
    parameter = f"/webspin/test/channel/{BRAND}/masto"
    client = town.world.client("ssm")
    client.put_parameter(Name=parameter, Value=f'{{"token": "{TOKEN}"}}', Type="SecureString", Overwrite=True)
    approve(town, network)
    town.drain()
    assert [status.text for status in network.ours()] == [REPLY]


def test_a_key_that_was_taken_back_stops_at_a_person(town: Town, network: Mastodon) -> None:
    network.say(SAID)
    heard(town)
    network.expired_token = True
    approve(town, network)
    town.drain()
    stuck = town.case()
    assert stuck.state is CaseState.STUCK
    assert stuck.draft is not None
    assert stuck.draft.text == REPLY
    assert network.ours() == []


def test_a_network_that_asks_for_rest_gets_it(town: Town, network: Mastodon) -> None:
    network.say(SAID)
    heard(town)
    approve(town, network)
    network.rate_limited = {"Retry-After": "120"}
    asked = len(network.requests)
    Poller(town.world, {"deliver": HANDLERS["deliver"]}).step()
    assert len(network.requests) == asked + 1
    (delivery,) = town.history(town.case())[1]
    assert delivery.state is DeliveryState.PLANNED
    assert (delivery.due - town.now).total_seconds() == 120
    network.rate_limited = None
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 5)
    assert [status.text for status in network.ours()] == [REPLY]
