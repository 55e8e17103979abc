"""R7-R10 for posts on networks that are really there, over HTTP, whatever those do wrong. Asked is the
network's own log: never more than one message a delivery, and only the version approved last.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.brand import Channel
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.errors import Conflict, Unknown
from tests.harness.crash import Crash
from tests.servers import bluesky, mastodon
from tests.servers.base import Server
from tests.stages.newsroom import Newsroom, Snapshot, around
from tests.stages.town import BRAND, Town, brand

pytestmark = pytest.mark.crash

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WALL = "2026-11-21T10:00"
TEXT = "Zaterdag zijn we open van 10 tot 17 uur: https://lindebieb.example/open #lezen\n\nKom langs, @anna!"
NEW = "Zaterdag zijn we open tot 18 uur."
KEY = PostKey(BRAND, "post")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Kind:
    """A network: its server, how a channel of it is set up, and what stands there by its own account."""

    make: Callable[[], Any]
    settings: Callable[[Any], dict[str, str]]
    secrets: Mapping[str, str]
    log: Callable[[Any], list[tuple[str, datetime]]]
    empty: Callable[[Any], object]
    faults: Mapping[str, Mapping[str, Any]]


HARM: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "answers 500 after publishing": {"fails_after_publishing": True},
    "drops its answer": {"drops_answer": True},
    "lists late": {"lists_late": 2},
    "drops its answer, lists late": {"drops_answer": True, "lists_late": 2},
    "drops its answer, lists very late": {"drops_answer": True, "lists_late": 5},
}


def _harm(more: str, key: str) -> dict[str, Mapping[str, Any]]:
    """All of it, and all of it from a network that knows no key."""
    return {**HARM, **{f"{more}, {name}": {**how, key: True} for name, how in HARM.items()}}


NETWORKS = {
    "mastodon": Kind(
        make=mastodon.Mastodon,
        settings=lambda server: {"instance": server.url, "account": "brand"},
        secrets={"token": mastodon.TOKEN},
        log=lambda server: [(status.text, status.at) for status in server.ours()],
        empty=lambda server: (server.statuses.clear(), server.keys.clear()),
        faults=_harm("ignores the key", "ignores_key"),
    ),
    "bluesky": Kind(
        make=bluesky.Bluesky,
        settings=lambda server: {"service": server.url, "handle": bluesky.US},
        secrets={"app_password": bluesky.PASSWORD},
        log=lambda server: [(post.record["text"], post.at) for post in server.ours()],
        empty=lambda server: server.posts.clear(),
        faults=_harm("overwrites", "overwrites"),
    ),
}
EVERY_HARM = [(name, harm) for name, kind in NETWORKS.items() for harm in kind.faults]


class Desk:
    """A newsroom with one channel, `net`, on one of the networks; forty seconds before the post's moment."""

    def __init__(self, kind: Kind, server: Server, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_ALLOW", f"{server.host}:{server.port}")
        settings.cache_clear()
        self.kind, self.server = kind, server
        self.room = Newsroom(town, monkeypatch)
        self.town = town
        channel = Channel(id="net", platform=_name(kind), name="Net", settings=kind.settings(server))
        wiring.brands().put(replace(brand(), channels=(channel,)))
        wiring.secrets().put(f"channel/{BRAND}/net", kind.secrets)
        for module in (mastodon, bluesky):
            monkeypatch.setattr(module, "datetime", _clock(town))
        town.now = AT - 40 * SECOND

    def harm(self, name: str) -> None:
        for attribute, value in self.kind.faults[name].items():
            setattr(self.server, attribute, value)

    def well(self) -> None:
        for attribute in {name for harm in self.kind.faults.values() for name in harm}:
            setattr(self.server, attribute, 0 if attribute == "lists_late" else False)

    def plan(self, text: str = TEXT, id: str = "post") -> None:
        self.town.plan(WALL, texts=(("net", text),), id=id)

    def lose(self, *reached: bool) -> None:
        """No answer comes to the next calls; so many of them the network has heard."""
        fates = list(reached)

        def lost() -> None:
            del fates[0]
            if fates:
                self.room.inside, self.room.inside_after = lost, fates[0]
            raise Unknown(_name(self.kind), "no answer within 20 s")

        self.room.inside, self.room.inside_after = lost, fates[0]

    def log(self) -> list[str]:
        return [text for text, _ in self.kind.log(self.server)]

    def states(self) -> list[DeliveryState]:
        return self.town.post(KEY).states


@pytest.fixture
def at(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Desk]]:
    """`at("mastodon")` is a desk at a server of its own."""
    servers: list[Any] = []

    def open_(name: str) -> Desk:
        kind = NETWORKS[name]
        servers.append(kind.make().__enter__())
        return Desk(kind, servers[-1], town, monkeypatch)

    yield open_
    for server in servers:
        server.__exit__(None, None, None)


@pytest.mark.parametrize(("network", "harm"), EVERY_HARM)
def test_one_message_stands_there_whatever_the_network_does(
    network: str, harm: str, at: Callable[[str], Desk]
) -> None:
    """R7, R8, R11: each message of the queue comes twice, and so does each tick."""
    desk = at(network)
    desk.plan()
    desk.harm(harm)
    desk.room.run(AT + SECOND, [*around(AT, 1, 0)] * 2)
    desk.room.rest()
    assert desk.log() == [TEXT]
    assert desk.states() == [DeliveryState.CONFIRMED]
    ((_, arrived),) = desk.kind.log(desk.server)
    assert timedelta() <= arrived - AT < 10 * SECOND
    assert desk.town.world.mails() == []


@pytest.mark.parametrize(("network", "harm"), EVERY_HARM)
def test_a_worker_that_dies_within_its_call_leaves_one_message(
    network: str, harm: str, at: Callable[[str], Desk]
) -> None:
    """R7, R8: before the network hears of it, and when it has it and its answer is on the way."""
    desk = at(network)
    desk.plan()
    start = Snapshot(desk.room)
    for after in (False, True):
        start.restore()
        desk.kind.empty(desk.server)
        desk.well()
        desk.harm(harm)
        desk.room.inside, desk.room.inside_after = _die, after
        with pytest.raises(Crash):
            desk.room.run(AT + 10 * SECOND)
        assert desk.log() == [TEXT] * after
        desk.room.rest()
        assert desk.log() == [TEXT]
        assert desk.states() == [DeliveryState.CONFIRMED]


def _die() -> None:
    raise Crash("within a call to the network")


@pytest.mark.parametrize(
    ("network", "harm"),
    [
        ("bluesky", "nothing"),
        ("mastodon", "nothing"),
        ("mastodon", "lists late"),
        ("mastodon", "ignores the key, nothing"),
        ("mastodon", "ignores the key, lists late"),
    ],
)
@pytest.mark.parametrize("reached", [(True, True), (True, False), (False, True), (False, False)])
def test_two_posts_of_the_same_words_are_two_messages(
    network: str, harm: str, reached: tuple[bool, bool], at: Callable[[str], Desk]
) -> None:
    """R7, R8: at one moment on one account. No call was answered, and only some `reached` the network: the
    message of one is never taken for that of the other."""
    desk = at(network)
    desk.plan()
    desk.plan(id="twin")
    desk.harm(harm)
    desk.lose(*reached)
    desk.room.settle(3)
    desk.room.rest(60)
    _two_stand_there(desk)


def test_what_another_post_took_for_its_own_goes_again(at: Callable[[str], Desk]) -> None:
    """R7, R9: the first one is still at the network when the second, whose call was lost, looks and finds the
    message of the first. The first is then told of a message that is another's."""
    desk = at("mastodon")
    desk.plan()
    desk.plan(id="twin")
    room = desk.room

    def meanwhile() -> None:
        desk.lose(False)
        room.run(desk.town.now + MINUTE, around(AT, 0, 2))

    room.inside, room.inside_after = meanwhile, True
    room.settle(3)
    room.rest(60)
    _two_stand_there(desk)


def _two_stand_there(desk: Desk) -> None:
    assert desk.log() == [TEXT] * 2
    found = desk.room.deliveries()
    assert [each.state for each in found] == [DeliveryState.CONFIRMED] * 2
    assert len({each.remote_id for each in found}) == 2
    assert desk.town.world.mails() == []


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("pause", [SECOND, 5 * MINUTE])
def test_a_second_worker_finds_what_the_first_one_has_sent(
    network: str, pause: timedelta, at: Callable[[str], Desk]
) -> None:
    """R7-R9: the first one sleeps between the network's yes and its own note; the network knows no key."""
    desk = at(network)
    desk.plan()
    desk.harm(next(name for name in desk.kind.faults if name.endswith("nothing") and name != "nothing"))
    desk.room.inside = lambda: desk.room.run(desk.town.now + pause, around(AT, 0, 6))
    desk.room.inside_after = True
    desk.room.run(AT + 10 * SECOND)
    desk.room.rest()
    assert desk.log() == [TEXT]
    assert len(desk.room.lines) == 1
    assert desk.states() == [DeliveryState.CONFIRMED]


@pytest.mark.parametrize("network", NETWORKS)
def test_only_the_version_approved_last_is_ever_seen_there(network: str, at: Callable[[str], Desk]) -> None:
    """R10: edited when its message was in the queue; another time cancelled; another time while unknown."""
    desk = at(network)
    desk.plan()
    start = Snapshot(desk.room)
    desk.town.change(KEY, text=NEW)
    desk.room.rest()
    assert desk.log() == [NEW]

    start.restore()
    desk.kind.empty(desk.server)
    desk.town.cancel(KEY)
    desk.room.run(AT + 5 * MINUTE, around(AT, 0, 5))
    assert desk.log() == []

    start.restore()
    desk.harm("drops its answer")
    desk.room.run(AT + 2 * SECOND)
    assert desk.states() == [DeliveryState.UNKNOWN]
    with pytest.raises(Conflict):
        desk.town.change(KEY, text=NEW)
    desk.room.rest()
    assert desk.log() == [TEXT]


@pytest.mark.parametrize("network", NETWORKS)
def test_what_was_refused_goes_in_its_new_version_once(network: str, at: Callable[[str], Desk]) -> None:
    """R10: a person hears of it, mends the text, and that is another delivery with another key."""
    desk = at(network)
    desk.plan()
    desk.server.refuses = True  # type: ignore[attr-defined]
    desk.room.run(AT + MINUTE, around(AT, 0, 1))
    assert desk.states() == [DeliveryState.FAILED]
    assert "niet geplaatst" in vars(desk.town.world.mails()[0])["subject"]
    desk.server.refuses = False  # type: ignore[attr-defined]
    desk.harm("drops its answer")
    desk.town.change(KEY, text=NEW)
    desk.room.rest()
    assert desk.log() == [NEW]
    assert desk.states() == [DeliveryState.CANCELLED, DeliveryState.CONFIRMED]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("harm", ["nothing", "answers 500 after publishing", "drops its answer"])
def test_what_is_taken_away_is_gone_and_called_so(network: str, harm: str, at: Callable[[str], Desk]) -> None:
    """R8: also where the network never answers that it did."""
    desk = at(network)
    desk.plan()
    desk.room.rest()
    desk.harm(harm)
    desk.town.remove(desk.town.delivery(KEY).key)
    desk.room.rest()
    assert desk.log() == []
    assert desk.states() == [DeliveryState.REMOVED]
    assert desk.town.world.mails() == []


def _name(kind: Kind) -> str:
    return next(name for name, one in NETWORKS.items() if one is kind)


def _clock(town: Town) -> type[datetime]:
    """The town's, for a server."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return town.now

    return Clock
