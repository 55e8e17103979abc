"""What its author removes or edits at Mastodon or Bluesky follows here, though nobody tells of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Channel
from chalicelib.domain.case import WITHDRAWN, CaseState, EventKind
from chalicelib.domain.mention import MentionKey
from chalicelib.platforms._atproto import short_id
from chalicelib.platforms.mastodon import Mastodon as Module
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.bluesky import PASSWORD, US, Bluesky, did_of
from tests.servers.feeds import Feeds
from tests.servers.mastodon import Mastodon
from tests.stages import networked
from tests.stages.test_mastodon_story import SAID, connected, network, town
from tests.stages.town import BRAND, Town, brand

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


# edited ----------------------------------------------------------------------------------------------

MORE = "@brand Excuses, jullie service bij de Lindebieb was geweldig. Heel erg bedankt allemaal!"


def test_what_was_edited_stands_here_as_there_and_is_judged_anew(town: Town, network: Mastodon) -> None:
    id, other = said(town, network), network.say("@brand Nog iets over de Lindebieb", at=town.now)
    town.settle(2)
    before = wiring.mentions().get(MentionKey(BRAND, "mastodon", id))[1]
    network.edit(id, MORE, at=town.now)
    town.settle(80)
    mention, verdict = wiring.mentions().get(MentionKey(BRAND, "mastodon", id))
    assert (mention.text, mention.edit and mention.edit.number) == (MORE, 1)
    assert before
    assert verdict
    assert before.reading.sentiment != verdict.reading.sentiment
    assert kept(other)
    events, _ = wiring.cases().history(next(case.key for case in town.cases() if case.mention.id == id))
    assert [event for event in events if event.kind == EventKind.EDITED]


def test_an_edit_is_followed_once_however_often_it_is_looked(town: Town, network: Mastodon) -> None:
    id = said(town, network)
    network.edit(id, MORE, at=town.now)
    town.settle(80)
    state = wiring.sources().get(BRAND, "masto")[1]
    town.settle(200)
    mention, _ = wiring.mentions().get(MentionKey(BRAND, "mastodon", id))
    assert mention.edit
    assert mention.edit.number == 1
    assert wiring.sources().get(BRAND, "masto")[1].in_hour <= state.in_hour, "it counts for no cap"


def test_what_was_edited_before_it_was_heard_is_no_edit(town: Town, network: Mastodon) -> None:
    town.settle(2)
    id = network.say(SAID, at=town.now)
    network.edit(id, SAID + " Nu!", at=town.now)
    town.settle(80)
    mention, _ = wiring.mentions().get(MentionKey(BRAND, "mastodon", id))
    assert (mention.text, mention.edit) == (SAID + " Nu!", None)


# Bluesky ---------------------------------------------------------------------------------------------


@pytest.fixture
def sky() -> Iterator[Bluesky]:
    with Bluesky() as server:
        yield server


@pytest.fixture
def under(aws: World, feeds: Feeds, sky: Bluesky, monkeypatch: pytest.MonkeyPatch) -> Town:
    return below(aws, feeds, sky, monkeypatch)


def below(aws: World, feeds: Feeds, sky: Bluesky, monkeypatch: pytest.MonkeyPatch) -> Town:
    about = {"service": sky.url, "handle": US}
    channel = Channel(id="sky", platform="bluesky", name="Bluesky", settings=about)
    ours = replace(brand(), channels=(*brand().channels, channel))
    town, secrets = Town(aws, feeds, monkeypatch), {"app_password": PASSWORD}
    return networked.connect(town, ours, "sky", sky, secrets, {**about, "kind": "mentions"}, monkeypatch)


LOUD = f"@{US} Wat een slechte service bij de Lindebieb, ik ben boos!"


def posted(town: Town, sky: Bluesky) -> tuple[str, MentionKey]:
    """A complaint that became a case: its address, and ours."""
    town.settle(2)
    uri = sky.say(LOUD, at=town.now)
    town.until(lambda: bool(town.cases()), 5)
    return uri, MentionKey(BRAND, "bluesky", short_id(uri))


def test_at_bluesky_too_what_was_removed_goes_and_its_work_is_closed(under: Town, sky: Bluesky) -> None:
    uri, key = posted(under, sky)
    sky.take_away(uri)
    under.settle(80)
    assert wiring.mentions().get(key)[0].text == ""
    assert (under.case().state, under.case().reason) == (CaseState.SOLVED, WITHDRAWN)
    assert len(under.judged()) == 1, "it is still counted"


def test_at_bluesky_too_what_has_another_text_there_has_it_here(under: Town, sky: Bluesky) -> None:
    uri, key = posted(under, sky)
    sky.edit(uri, f"@{US} Dank, jullie hielpen mij geweldig bij de Lindebieb!")
    under.settle(80)
    mention, _ = wiring.mentions().get(key)
    assert mention.text.endswith("geweldig bij de Lindebieb!")
    assert mention.edit
    assert mention.edit.number == 1


def test_who_blocks_us_removed_nothing(under: Town, sky: Bluesky) -> None:
    uri, key = posted(under, sky)
    sky.hides.add(uri)
    under.settle(80)
    assert wiring.mentions().get(key)[0].text == LOUD
    assert under.case().state is CaseState.OPEN


def test_whose_account_is_gone_has_nothing_there(under: Town, sky: Bluesky) -> None:
    uri, key = posted(under, sky)
    sky.take_away(uri)
    sky.handles.pop(did_of("anna.test"))
    under.settle(80)
    assert wiring.mentions().get(key)[0].text == ""


# broken off ------------------------------------------------------------------------------------------


@pytest.mark.crash
@pytest.mark.parametrize("then", ["removed", "edited"])
def test_broken_off_anywhere_it_is_looked_again_and_nothing_else_is_lost(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    with Mastodon() as server:
        ids: dict[Town, str] = {}

        def fresh() -> Town:
            server.statuses.clear()
            server.notifications.clear()
            town = connected(aws.fresh(), feeds, server, monkeypatch)
            id = ids[town] = said(town, server)
            if then == "removed":
                server.take_away(id)
            else:
                server.edit(id, MORE, at=town.now)
            town.wait(minutes=75)
            return town

        def run(town: Town, points: Points) -> None:
            looks = Module.look_again
            monkeypatch.setattr(
                Module, "look_again", lambda self, of: points.call("look_again", lambda: looks(self, of))
            )
            try:
                town.tick()
                town.drain()
            finally:
                monkeypatch.setattr(Module, "look_again", looks)

        def after(town: Town) -> None:
            town.settle(17)

        for mode, k, town in every_crash(fresh, run, after):
            broken_at = f"{mode} call {k}"
            mention, verdict = wiring.mentions().get(MentionKey(BRAND, "mastodon", ids[town]))
            if then == "removed":
                assert mention.text == "", broken_at
                assert town.case().state is CaseState.SOLVED, broken_at
            else:
                assert (mention.text, mention.edit and mention.edit.number) == (MORE, 1), broken_at
                assert verdict, broken_at
                assert verdict.reading.judge, broken_at
