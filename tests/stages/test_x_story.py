"""X over HTTP, whatever it does wrong: who summons us is answered once, others are for a person to answer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.knock import slots
from tests.platforms.peer_x import running
from tests.servers.x import OUR_ID, TOKEN, US, X
from tests.stages import callers, networked
from tests.stages.networked import heard
from tests.stages.test_crashes import states
from tests.stages.town import BRAND, Town, brand
from tests.web.browser import Browser
from tests.web.checks import text_of

REPLY = "@anna We kijken het vandaag na. Noor, Lindebieb"
SAID = "Wat een slechte service bij de Lindebieb, ik ben boos!"


@pytest.fixture
def network() -> Iterator[X]:
    with running() as server:
        yield server


def ours() -> Brand:
    channel = Channel(id="x", platform="x", name="X", settings={"account": US})
    return replace(brand(), channels=(*brand().channels, channel))


def connect(town: Town, network: X, monkeypatch: pytest.MonkeyPatch, **about: str) -> Town:
    return networked.connect(
        town, ours(), "x", network, {"token": TOKEN}, {"account": US, **about}, monkeypatch
    )


MISBEHAVIOUR: dict[str, Callable[[X], object]] = {
    "nothing": lambda network: None,
    "answers 503 after publishing": lambda network: setattr(network, "fails_after_publishing", True),
    "lists late": lambda network: setattr(network, "lists_late", 2),
    "answers 503, lists late": lambda network: vars(network).update(
        fails_after_publishing=True, lists_late=2
    ),
}


@pytest.mark.parametrize("misbehave", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_who_names_us_is_answered_once_whatever_x_does(
    misbehave: Callable[[X], object], town: Town, network: X, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(town, network, monkeypatch)
    asked = network.say(f"@{US} {SAID}")
    case = heard(town)
    assert case.direct
    misbehave(network)
    networked.approve(town, ours(), "x", REPLY)
    town.drain()
    network.fails_after_publishing = False
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 30)
    (post,) = network.ours()
    assert (post.text, post.reply_to) == ("We kijken het vandaag na. Noor, Lindebieb", asked.id)
    assert town.case().state is CaseState.ANSWERED


def test_who_only_speaks_of_us_is_answered_by_a_person(
    town: Town, network: X, console: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(town, network, monkeypatch, kind="search", query="Lindebieb")
    network.say(SAID)
    case = heard(town)
    assert not case.direct
    assert not wiring.takes(case, ours())
    path = f"/cases/{case.key.slug}"
    page = text_of(console.get(path).body.decode())
    assert (
        "By a person, in the browser: X takes answers of ours only to who names or quotes our account" in page
    )
    sent = console.post(f"{path}/reply", {"text": REPLY, "rev": str(case.rev), "do": "send"})
    assert sent.status_code == 422
    town.drain()
    assert network.ours() == []
    form = {"rev": str(case.rev), "do": "answered", "url": "https://x.com/brand/status/1"}
    assert console.post(f"{path}/solve", form).status_code == 303
    assert town.case().state is CaseState.SOLVED


def test_what_x_tells_and_what_is_polled_is_one_message(
    town: Town, network: X, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(town, network, monkeypatch)
    post = network.say(f"@{US} {SAID}")
    event = {
        "event_type": "post.mention.create",
        "event_uuid": str(post.id),
        "filter": {"user_id": OUR_ID},
        "payload": network._post(post),
        "includes": {"users": [network._user("anna")]},
    }
    town.source("caller", "webhook", {"scheme": "x"}, interval=0, channel="x")
    wiring.secrets().put(slots(BRAND, "caller")[0], callers.kept("x"))
    headers, made = callers.call("x", json.dumps({"data": event}).encode(), town.now)
    assert town.call(made, callers.path("x", "caller"), headers=headers)["statusCode"] == 200
    town.until(lambda: len(town.cases()) == 1, 3)
    town.settle(3)
    assert len(town.mentions()) == 1
    assert town.case().author == "anna"
