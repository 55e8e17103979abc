"""Meta calls, over HTTP: what a call only names is asked for by the channel's key, and answered there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.knock import slots
from chalicelib.stages import answer
from chalicelib.stages.owners import OfCase
from tests.harness.world import World
from tests.platforms.peer_instagram import served
from tests.platforms.peer_whatsapp import served as chats
from tests.platforms.recorded import payload
from tests.servers.base import Reply
from tests.servers.feeds import Feeds
from tests.servers.graph import TOKEN
from tests.servers.instagram import NAME, USER, Instagram
from tests.servers.whatsapp import NUMBER, WhatsApp
from tests.stages import callers, networked
from tests.stages.networked import heard
from tests.stages.test_crashes import states
from tests.stages.town import BRAND, Town, brand

SAID = "@bakery Wat een slechte service bij de Lindebieb, ik ben boos!"
REPLY = "We kijken het vandaag na. Noor, Lindebieb"
ABOUT = {"user": USER, "account": NAME, "by_page": "yes"}


@pytest.fixture
def instagram() -> Iterator[Instagram]:
    with served() as server:
        yield server


@pytest.fixture
def town(aws: World, feeds: Feeds, instagram: Instagram, monkeypatch: pytest.MonkeyPatch) -> Town:
    made = Town(aws, feeds, monkeypatch)
    networked.connect(made, ours(), "photos", instagram, {"token": TOKEN}, ABOUT, monkeypatch)
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept("meta"))
    made.source("caller", "webhook", {"scheme": "meta"}, interval=0, channel="photos")
    return made


def ours() -> Brand:
    channel = Channel(id="photos", platform="instagram", name="Photos", settings=ABOUT)
    return replace(brand(), channels=(*brand().channels, channel))


def call(town: Town, name: str, account: Any = USER, **value: Any) -> None:
    told = payload(name)
    told["entry"][0] |= {"time": int(town.now.timestamp()), "id": account}
    told["entry"][0]["changes"][0]["value"] = value
    headers, body = callers.call("meta", json.dumps(told).encode(), town.now)
    assert town.call(body, callers.path("meta"), headers=headers)["statusCode"] == 200
    town.drain()


def test_who_names_us_elsewhere_is_a_case_that_is_answered_there(town: Town, instagram: Instagram) -> None:
    post = instagram.theirs
    said = instagram.say(SAID, to=post.id)
    for _ in range(2):
        call(town, "instagram_mentions_comment", media_id=post.id, comment_id=said.id)
    case = heard(town)
    assert case.key.platform == "instagram"
    networked.approve(town, ours(), "photos", REPLY)
    town.settle(3)
    assert [(each.text, each.media, each.parent) for each in instagram.ours()] == [(REPLY, post.id, said.id)]
    assert states(town) == {DeliveryState.CONFIRMED}


def test_the_same_comment_by_call_and_by_poll_is_one_and_our_own_none(
    town: Town, instagram: Instagram
) -> None:
    said = instagram.say(SAID)
    author = {"id": said.by, "username": said.name}
    call(town, "instagram_comments", id=said.id, text=SAID, media={"id": said.media}, **{"from": author})
    town.settle(2)
    assert len(town.cases()) == 1
    mine = instagram.say(REPLY, by=USER)
    us = {"id": USER, "username": NAME}
    call(town, "instagram_comments", id=mine.id, text=REPLY, media={"id": said.media}, **{"from": us})
    town.settle(2)
    assert len(town.cases()) == 1


def test_what_another_account_of_the_same_app_is_told_is_not_answered_from_this_one(
    town: Town, instagram: Instagram
) -> None:
    said = instagram.say(SAID)
    author = {"id": said.by, "username": said.name}
    value = {"id": said.id, "text": SAID, "media": {"id": said.media}, "from": author}
    call(town, "instagram_comments", "17841400000000001", **value)
    assert town.cases() == []
    call(town, "instagram_comments", **value)
    assert len(town.cases()) == 1


@pytest.mark.parametrize("lost", [False, True])
def test_two_people_in_one_thread_each_get_the_same_answer(
    town: Town, instagram: Instagram, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what became of the second is not known: the first one's answer is not taken for it."""
    root = instagram.say("Wat mooi, dank jullie wel!", by=USER)
    instagram.say(SAID, to=root.id)
    town.until(lambda: len(town.cases()) == 1, 6)
    networked.approve(town, ours(), "photos", REPLY)
    town.settle(3)
    assert [case.state for case in town.cases()] == [CaseState.ANSWERED]
    instagram.say("@bakery Ik ook, schandalig slecht, ik ben woedend over de Lindebieb!", to=root.id)
    town.until(lambda: any(case.state is CaseState.OPEN for case in town.cases()), 8)
    (case,) = (case for case in town.cases() if case.state is CaseState.OPEN)
    counts = wiring.channel_platform(ours(), "photos")
    answer.approve(
        case.key,
        case.rev,
        REPLY,
        "Noor",
        brand=ours(),
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        counts=counts,
        now=town.now,
    )
    with monkeypatch.context() as patched:
        if lost:
            patched.setattr(instagram, "_comment", lambda to, text: Reply(500, b"<html>Oops</html>"))
        town.drain()
    assert len(instagram.ours()) == 3 - lost
    town.until(lambda: len(instagram.ours()) == 3, 40)
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 10)
    assert [each.text for each in instagram.ours()][1:] == [REPLY, REPLY]
    first, second = wiring.cases().history(case.key)[1]
    owner = OfCase(case.key, cases=wiring.cases(), deliveries=wiring.deliveries())
    wiring.cases().link(CaseKey(BRAND, "instagram", "1"), "999")
    asked = (second.remote_id, "1000", first.remote_id, "999")
    assert [owner.free(second, id) for id in asked] == [True, True, False, False]


@pytest.fixture
def whatsapp() -> Iterator[WhatsApp]:
    with chats() as server:
        yield server


def chatting(aws: World, feeds: Feeds, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town that is told what people write to a number, and answers there."""
    town = Town(aws, feeds, monkeypatch)
    monkeypatch.setenv("HTTP_ALLOW", f"{whatsapp.host}:{whatsapp.port}")
    settings.cache_clear()
    wiring.brands().put(with_chats())
    wiring.secrets().put(f"channel/{BRAND}/chats", {"token": TOKEN})
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept("meta"))
    town.source("caller", "webhook", {"scheme": "meta"}, interval=0, channel="chats")
    return town


def with_chats() -> Brand:
    channel = Channel(id="chats", platform="whatsapp", name="Chats", settings={"number": NUMBER})
    return replace(brand(), channels=(*brand().channels, channel))


def unanswered(town: Town, whatsapp: WhatsApp) -> None:
    """An answer of ours left, and the network's answer to that was lost."""
    whatsapp.say(SAID)
    told(town, whatsapp)
    heard(town)
    whatsapp.fails_after_publishing = True
    networked.approve(town, with_chats(), "chats", REPLY)
    town.drain()
    whatsapp.fails_after_publishing = False


def test_an_answer_on_whatsapp_is_confirmed_when_its_webhook_is_told_that_it_left(
    aws: World, feeds: Feeds, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = chatting(aws, feeds, whatsapp, monkeypatch)
    unanswered(town, whatsapp)
    assert states(town) == {DeliveryState.UNKNOWN}
    told(town, whatsapp)
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)
    assert [each.text for each in whatsapp.ours()] == [REPLY]


def test_an_answer_of_which_its_webhook_is_told_nothing_is_never_sent_twice(
    aws: World, feeds: Feeds, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = chatting(aws, feeds, whatsapp, monkeypatch)
    unanswered(town, whatsapp)
    town.settle(90)
    assert [each.text for each in whatsapp.ours()] == [REPLY]
    assert states(town) == {DeliveryState.UNKNOWN}
    (case,) = town.cases()
    assert (case.state, "not told yet" in case.reason) == (CaseState.STUCK, True)


def test_an_answer_that_did_not_arrive_brings_its_case_back_with_the_reason(
    aws: World, feeds: Feeds, whatsapp: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = chatting(aws, feeds, whatsapp, monkeypatch)
    whatsapp.say(SAID)
    told(town, whatsapp)
    heard(town)
    networked.approve(town, with_chats(), "chats", REPLY)
    town.drain()
    assert states(town) == {DeliveryState.SENT}
    whatsapp.becomes(whatsapp.ours()[0], "failed", {"code": 131026, "title": "Message undeliverable"})
    told(town, whatsapp)
    town.settle(10)
    assert states(town) == {DeliveryState.FAILED}
    (case,) = town.cases()
    assert (case.state, case.reason) == (CaseState.STUCK, "Message undeliverable (131026)")
    assert (case.answered_at, case.draft and case.draft.text) == (None, REPLY)


def told(town: Town, whatsapp: WhatsApp) -> None:
    """Its webhook is told what lies ready, each twice."""
    for made in list(whatsapp.calls):
        made["entry"][0]["changes"][0]["value"].get("messages", [{}])[0]["timestamp"] = str(
            int(town.now.timestamp())
        )
        for _ in range(2):
            headers, body = callers.call("meta", json.dumps(made).encode(), town.now)
            assert town.call(body, callers.path("meta"), headers=headers)["statusCode"] == 200
            town.drain()
        whatsapp.calls.remove(made)
