"""The same machine on a forum, over HTTP, whatever the forum does wrong; and called by the forum: R7, R8."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.knock import slots
from chalicelib.domain.mention import MentionKey
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.discourse import KEY, US, Discourse, cooked
from tests.servers.feeds import Feeds
from tests.stages import callers, networked
from tests.stages.networked import heard
from tests.stages.test_crashes import breakable, mend, states
from tests.stages.town import BRAND, Town, brand

REPLY = "We kijken het vandaag na. Noor, Lindebieb"
SAID = "@brand Wat een slechte service bij de Lindebieb, ik ben boos!"


@pytest.fixture
def forum() -> Iterator[Discourse]:
    with Discourse() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, forum: Discourse, monkeypatch: pytest.MonkeyPatch) -> Town:
    return connected(aws, feeds, forum, monkeypatch)


def connected(aws: World, feeds: Feeds, forum: Discourse, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town that listens and answers on a forum."""
    town = Town(aws, feeds, monkeypatch)
    return networked.connect(town, ours(forum), "forum", forum, {"api_key": KEY}, about(forum), monkeypatch)


def about(forum: Discourse) -> dict[str, str]:
    return {"forum": forum.url, "account": US}


def ours(forum: Discourse) -> Brand:
    channel = Channel(id="forum", platform="discourse", name="Forum", settings=about(forum))
    return replace(brand(), channels=(*brand().channels, channel))


def approve(town: Town, forum: Discourse) -> None:
    networked.approve(town, ours(forum), "forum", REPLY)


MISBEHAVIOUR: dict[str, Callable[[Discourse], object]] = {
    "nothing": lambda forum: None,
    "answers 500 after publishing": lambda forum: setattr(forum, "fails_after_publishing", True),
    "lists late": lambda forum: setattr(forum, "lists_late", 2),
    "answers 500, lists late": lambda forum: vars(forum).update(fails_after_publishing=True, lists_late=2),
}


@pytest.mark.parametrize("misbehave", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_one_reply_stands_there_whatever_the_forum_does(
    misbehave: Callable[[Discourse], object], town: Town, forum: Discourse
) -> None:
    forum.say(SAID)
    heard(town)
    misbehave(forum)
    approve(town, forum)
    town.drain()
    forum.fails_after_publishing = False
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)
    assert [(post.raw, post.topic, post.reply_to) for post in forum.ours()] == [(REPLY, 42, 1)]
    assert town.case().state is CaseState.ANSWERED
    (delivery,) = town.history(town.case())[1]
    assert delivery.remote_url == f"{forum.url}/t/a-topic/42/2"


def test_thanks_below_our_answer_close_the_case(town: Town, forum: Discourse) -> None:
    asked = forum.say(SAID)
    heard(town)
    approve(town, forum)
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)
    forum.say("Dank je wel, helemaal opgelost!", topic=asked.topic, reply_to=2)
    town.until(lambda: town.case().state is CaseState.SOLVED, 5)


@pytest.mark.crash
def test_one_reply_stands_there_wherever_we_break_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after every call to AWS and to the forum."""
    with Discourse() as forum:

        def fresh() -> Town:
            mend(monkeypatch)
            forum.posts.clear()
            forum.titles.clear()
            town = connected(aws.fresh(), feeds, forum, monkeypatch)
            forum.say(SAID)
            heard(town)
            return town

        def run(town: Town, points: Points) -> None:
            breakable(points, monkeypatch)
            approve(town, forum)
            town.drain()

        def redeliver(town: Town) -> None:
            mend(monkeypatch)
            if town.case().state is CaseState.OPEN:
                approve(town, forum)
            town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)

        for mode, k, town in every_crash(fresh, run, redeliver):
            assert [post.raw for post in forum.ours()] == [REPLY], f"{mode} call {k}"
            assert town.case().state is CaseState.ANSWERED, f"{mode} call {k}"


# called by the forum ---------------------------------------------------------------------------------


def call(town: Town, forum: Discourse, event: str, **post: Any) -> None:
    """A signed call of the forum's webhook, and what comes of it."""
    told = {
        "id": 8437,
        "username": "anna",
        "created_at": town.now.isoformat(),
        "topic_id": 7,
        "post_number": 2,
        "post_type": 1,
        **post,
        "cooked": cooked(post.get("raw", SAID)),
    }
    body = json.dumps({"post": told}).encode()
    headers, made = callers.call("discourse", body, town.now)
    headers |= {"X-Discourse-Event": event, "X-Discourse-Instance": forum.url}
    answer = town.call(made, callers.path("discourse", "caller"), headers=headers)
    assert answer["statusCode"] == 200
    town.drain()
    assert town.world.reasons("hear") == []


def test_what_the_forum_tells_becomes_a_case_changes_and_goes_and_our_own_words_do_not(
    town: Town, forum: Discourse
) -> None:
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept("discourse"))
    town.source("caller", "webhook", {"scheme": "discourse"}, interval=0, watched=False, channel="forum")
    call(town, forum, "post_created", username="Brand", raw="Wij zijn morgen open.", post_number=3)
    call(town, forum, "topic_created")
    assert town.cases() == []
    call(town, forum, "post_created")
    case = town.case()
    assert (case.key.platform, case.channel, case.author) == ("discourse", "forum", "anna")
    assert case.title.startswith("@brand Wat een slechte service")
    call(town, forum, "post_edited", raw="Het is opgelost, dank bij de Lindebieb!")
    key = MentionKey(BRAND, "discourse", f"{forum.host}:{forum.port}/7/2")
    mention, _ = wiring.mentions().get(key)
    assert mention.text.startswith("Het is opgelost")
    call(town, forum, "post_destroyed")
    mention, _ = wiring.mentions().get(key)
    assert mention.gone
