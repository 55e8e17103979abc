"""The same machine in chats that call us, whatever they do wrong: heard, answered where it was said, once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.knock import slots
from chalicelib.domain.mention import MentionKey
from tests.harness.world import World
from tests.platforms import peer_slack, peer_telegram
from tests.servers.feeds import Feeds
from tests.servers.slack import TOKEN as SLACKS_TOKEN, Slack
from tests.servers.telegram import ALONE, TOKEN as TELEGRAMS_TOKEN, US, Telegram
from tests.stages import callers, networked
from tests.stages.test_crashes import states
from tests.stages.town import BRAND, Town, brand

REPLY = "We kijken het vandaag na. Noor, Lindebieb"
SAID = "Wat een slechte service bij de Lindebieb, ik ben boos!"


@dataclass
class Story:
    """A town that one chat calls, and that answers there."""

    town: Town
    name: str

    def ours(self) -> Brand:
        about = {"account": US} if self.name == "telegram" else {}
        channel = Channel(id="chat", platform=self.name, name="Chat", settings=about)
        return replace(brand(), channels=(*brand().channels, channel))

    def called(self, value: dict[str, Any]) -> None:
        """A signed call, and what comes of it."""
        headers, body = callers.call(self.name, json.dumps(value).encode(), self.town.now)
        answer = self.town.call(body, callers.path(self.name, "caller"), headers=headers)
        assert answer["statusCode"] == 200
        self.town.drain()
        assert self.town.world.reasons("hear") == []

    def approve(self) -> None:
        networked.approve(self.town, self.ours(), "chat", REPLY)


def begun(
    name: str,
    server: Slack | Telegram,
    token: str,
    aws: World,
    feeds: Feeds,
    monkeypatch: pytest.MonkeyPatch,
) -> Story:
    story = Story(Town(aws, feeds, monkeypatch), name)
    monkeypatch.setenv("HTTP_ALLOW", f"{server.host}:{server.port},{feeds.host}:{feeds.port}")
    settings.cache_clear()
    wiring.brands().put(story.ours())
    wiring.secrets().put(f"channel/{BRAND}/chat", {"token": token})
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept(name))
    story.town.source("caller", "webhook", {"scheme": name}, interval=0, watched=False, channel="chat")
    return story


@pytest.fixture
def workspace() -> Iterator[Slack]:
    with peer_slack.served() as server:
        yield server


@pytest.fixture
def slack(aws: World, feeds: Feeds, workspace: Slack, monkeypatch: pytest.MonkeyPatch) -> Story:
    return begun("slack", workspace, SLACKS_TOKEN, aws, feeds, monkeypatch)


@pytest.fixture
def bots() -> Iterator[Telegram]:
    with peer_telegram.served() as server:
        yield server


@pytest.fixture
def telegram(aws: World, feeds: Feeds, bots: Telegram, monkeypatch: pytest.MonkeyPatch) -> Story:
    return begun("telegram", bots, TELEGRAMS_TOKEN, aws, feeds, monkeypatch)


MISBEHAVIOUR: dict[str, Callable[[Slack], object]] = {
    "nothing": lambda server: None,
    "answers 500 after publishing": lambda server: setattr(server, "fails_after_doing", True),
    "lists late": lambda server: setattr(server, "lists_late", 3),
    "answers 500, lists late": lambda server: vars(server).update(fails_after_doing=True, lists_late=3),
}


@pytest.mark.parametrize("misbehave", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_one_answer_stands_in_the_thread_whatever_slack_does(
    misbehave: Callable[[Slack], object], slack: Story, workspace: Slack
) -> None:
    asked = workspace.say(SAID)
    slack.called(workspace.events[-1])
    slack.called(workspace.events[-1])
    case = slack.town.case()
    assert (case.key.platform, case.channel, case.author) == ("slack", "chat", "U123ABC456")
    misbehave(workspace)
    slack.approve()
    slack.town.drain()
    workspace.fails_after_doing = False
    slack.town.until(lambda: states(slack.town) == {DeliveryState.CONFIRMED}, 30)
    assert [(each.text, each.thread) for each in workspace.ours()] == [(REPLY, asked.ts)]
    assert slack.town.case().state is CaseState.ANSWERED
    slack.called(workspace.events[-1])
    assert len(slack.town.cases()) == 1, "what we wrote comes back, and is not heard"


def test_thanks_in_the_thread_close_the_case(slack: Story, workspace: Slack) -> None:
    asked = workspace.say(SAID)
    slack.called(workspace.events[-1])
    slack.approve()
    slack.town.until(lambda: states(slack.town) == {DeliveryState.CONFIRMED}, 30)
    workspace.say("Dank je wel, helemaal opgelost!", thread=asked.ts)
    slack.called(workspace.events[-1])
    slack.town.until(lambda: slack.town.case().state is CaseState.SOLVED, 5)


def test_what_is_changed_and_removed_in_slack_is_so_here(slack: Story, workspace: Slack) -> None:
    asked = workspace.say(SAID)
    slack.called(workspace.events[-1])
    key = MentionKey(BRAND, "slack", f"{asked.channel}/{asked.ts}")
    told = {"type": "message", "channel": asked.channel, "hidden": True}
    slack.town.wait(minutes=1)
    stamp = f"{slack.town.now.timestamp():.6f}"
    asked.text, asked.edited = "Het is opgelost bij de Lindebieb, dank!", stamp
    workspace.tell({**told, "subtype": "message_changed", "message": workspace.shown(asked), "ts": stamp})
    slack.called(workspace.events[-1])
    assert wiring.mentions().get(key)[0].text == asked.text
    was = {"deleted_ts": asked.ts, "previous_message": workspace.shown(asked)}
    slack.town.wait(minutes=1)
    workspace.tell({**told, "subtype": "message_deleted", "ts": f"{slack.town.now.timestamp():.6f}", **was})
    slack.called(workspace.events[-1])
    assert wiring.mentions().get(key)[0].gone


def test_who_writes_to_the_bot_is_answered_there_and_it_is_seen(telegram: Story, bots: Telegram) -> None:
    asked = bots.say(SAID, chat=ALONE)
    telegram.called(bots.updates[-1])
    case = telegram.town.case()
    assert (case.key.platform, case.channel, case.author) == ("telegram", "chat", "anna")
    telegram.approve()
    telegram.town.until(lambda: states(telegram.town) == {DeliveryState.CONFIRMED}, 30)
    assert [(each.text, each.reply_to) for each in bots.ours()] == [(REPLY, asked.number)]
    assert telegram.town.case().state is CaseState.ANSWERED


def test_what_nobody_can_look_up_is_never_sent_again_and_a_person_is_asked(
    telegram: Story, bots: Telegram
) -> None:
    bots.say(SAID, chat=ALONE)
    telegram.called(bots.updates[-1])
    bots.fails_after_doing = True
    telegram.approve()
    telegram.town.drain()
    bots.fails_after_doing = False
    assert states(telegram.town) == {DeliveryState.UNKNOWN}
    telegram.town.until(lambda: "no list of its messages" in telegram.town.case().reason, 200)
    assert telegram.town.case().state is CaseState.STUCK
    telegram.town.wait(hours=30)
    telegram.town.drain()
    assert states(telegram.town) == {DeliveryState.UNKNOWN}
    assert [each.text for each in bots.ours()] == [REPLY]
