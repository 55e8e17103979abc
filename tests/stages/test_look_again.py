"""What its author removes at Mastodon goes here too, though nobody tells of it; and nothing else goes."""

import pytest

from chalicelib import wiring
from chalicelib.domain.case import WITHDRAWN, CaseState
from chalicelib.domain.mention import MentionKey
from chalicelib.platforms.mastodon import Mastodon as Module
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.servers.mastodon import Mastodon
from tests.stages.test_mastodon_story import SAID, connected, network, town
from tests.stages.town import BRAND, Town

__all__ = ["network", "town"]


def said(town: Town, network: Mastodon) -> str:
    """A complaint that became a case; the source was there before it."""
    town.settle(2)
    id = network.say(SAID, at=town.now)
    town.until(lambda: bool(town.cases()), 5)
    return id


def kept(id: str) -> str:
    return wiring.mentions().get(MentionKey(BRAND, "mastodon", id))[0].text


def test_within_the_hour_its_text_goes_and_its_work_is_closed(town: Town, network: Mastodon) -> None:
    id, other = said(town, network), network.say("@brand Nog iets over de Lindebieb", at=town.now)
    town.settle(2)
    network.take_away(id)
    town.settle(80)
    assert kept(id) == ""
    assert kept(other)
    cases = {case.mention.id: case for case in town.cases()}
    assert (cases[id].state, cases[id].reason) == (CaseState.SOLVED, WITHDRAWN)
    assert cases[other].state is CaseState.OPEN
    assert len(town.judged()) == 2, "it is still counted"


def test_it_is_looked_once_an_hour_with_few_requests(town: Town, network: Mastodon) -> None:
    said(town, network)
    for n in range(30):
        network.say(f"@brand Nog iets over de Lindebieb, {n}", at=town.now)
    town.settle(20)
    network.requests.clear()
    town.settle(120)
    asked = [each for each in network.requests if each.path == "/api/v1/statuses"]
    assert 2 <= len(asked) <= 6, "31 messages are two requests a look"
    assert not [each for each in network.requests if each.path.startswith("/api/v1/statuses/")]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_network_that_does_not_answer_says_nothing_of_its_messages(
    town: Town, network: Mastodon, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it answers to the look, while it lists what is new as ever."""
    id = said(town, network)
    whole = network._route

    def route(request: object) -> object:
        path = getattr(request, "path", "")
        if path.startswith("/api/v1/statuses"):
            from tests.servers.base import Reply

            return Reply(status, b'{"error": "no"}')
        return whole(request)  # type: ignore[arg-type]

    monkeypatch.setattr(network, "_route", route)
    town.settle(80)
    assert kept(id) == SAID
    assert town.case().state is CaseState.OPEN


def test_what_another_source_brought_is_not_looked_for(town: Town, network: Mastodon) -> None:
    """Its id is of another server, where it means something else."""
    id = said(town, network)
    source, _ = wiring.sources().get(BRAND, "masto")
    wiring.sources().remove(source)
    town.source("elders", "mastodon", dict(source.settings), interval=1, channel="masto")
    wiring.secrets().put(f"source/{BRAND}/elders", wiring.secrets().get(f"source/{BRAND}/masto"))
    network.take_away(id)
    town.settle(80)
    assert kept(id) == SAID


@pytest.mark.crash
def test_broken_off_anywhere_it_is_looked_again_and_nothing_else_is_lost(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mastodon() as server:
        ids: dict[Town, str] = {}

        def fresh() -> Town:
            server.statuses.clear()
            server.notifications.clear()
            town = connected(aws.fresh(), feeds, server, monkeypatch)
            ids[town] = said(town, server)
            server.take_away(ids[town])
            town.wait(minutes=75)
            return town

        def run(town: Town, points: Points) -> None:
            looks = Module.removed
            monkeypatch.setattr(
                Module, "removed", lambda self, of: points.call("removed", lambda: looks(self, of))
            )
            try:
                town.tick()
                town.drain()
            finally:
                monkeypatch.setattr(Module, "removed", looks)

        def after(town: Town) -> None:
            town.settle(17)

        for mode, k, town in every_crash(fresh, run, after):
            broken_at = f"{mode} call {k}"
            assert kept(ids[town]) == "", broken_at
            assert town.case().state is CaseState.SOLVED, broken_at
