"""The whole system on one real server: asked of those that `make peers` runs, by name, and of no other.

A person names us there; it becomes a case; an answer that a colleague approved stands below it, once, though
the network's word of it was lost on the way.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from os import environ
from typing import Any
from urllib.parse import urlsplit
from xmlrpc.client import ServerProxy

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Channel
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.errors import Lost
from chalicelib.http import Http
from chalicelib.platforms._atproto import at_uri
from chalicelib.ports import Answer
from tests.harness.world import World
from tests.platforms.peers import platform
from tests.platforms.real_bluesky import opened as bluesky
from tests.platforms.real_mastodon import http_to
from tests.platforms.real_snac import opened as snac
from tests.platforms.real_wordpress import opened as wordpress
from tests.servers.base import Reply, Request, Server
from tests.servers.feeds import Feeds
from tests.stages import networked
from tests.stages.networked import heard
from tests.stages.test_crashes import states
from tests.stages.town import Town, brand

COMPLAINT = "Wat een slechte service bij de Lindebieb, ik ben boos!"
REPLY = "We kijken het vandaag na. Noor, Lindebieb"


@dataclass
class There:
    """A server as a story needs it. `ours`: what we wrote below this message; `say`: a stranger writes."""

    platform: str
    settings: dict[str, str]
    secrets: dict[str, str]
    address: str
    writes: str
    """What the address ends with at which a message is written."""
    say: Callable[[str], str]
    below: Callable[[str], list[str]]

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 443


def at_snac() -> There:
    peer = snac()
    instance = peer.instance
    return There(
        platform="mastodon",
        settings={"instance": instance, "account": peer.us.name},
        secrets={"token": peer.token},
        address=instance,
        writes="/api/v1/statuses",
        say=peer.say,
        below=lambda id: [one["content"] for one in peer.written() if one["in_reply_to_id"] == id],
    )


def at_bluesky() -> There:
    peer = bluesky()
    us = peer.us
    return There(
        platform="bluesky",
        settings={"service": us.service, "handle": us.handle},
        secrets={"app_password": us.app_password},
        address=us.service,
        writes="/xrpc/com.atproto.repo.putRecord",
        say=peer.say,
        below=lambda id: [
            one["value"]["text"]
            for one in us.written()
            if one["value"].get("reply", {}).get("parent", {}).get("uri") == at_uri(id)
        ],
    )


def at_wordpress(name: str) -> There:
    peer = wordpress(name)
    peer.clean()
    return There(
        platform="wordpress",
        settings={"site": peer.site, "account": peer.name},
        secrets={"app_password": peer.password},
        address=peer.site,
        writes="/wp/v2/comments",
        say=peer.say,
        below=lambda id: [
            one["content"]["rendered"]
            for one in peer.comments()
            if str(one["parent"]) == id.rpartition("/")[2]
        ],
    )


SITES = [name for name in ("WEBSPIN_PEER_WORDPRESS", "WEBSPIN_PEER_WORDPRESS_PLAIN") if name in environ]
SNAC = ["snac"] if "WEBSPIN_PEER_SNAC" in environ else []
SERVERS: dict[str, Callable[[], There]] = {
    **dict.fromkeys(SNAC, at_snac),
    **dict.fromkeys(["bluesky"] if "WEBSPIN_PEER_BLUESKY" in environ else [], at_bluesky),
    **{name: partial(at_wordpress, name) for name in SITES},
}


class Losing(Http):
    """A door out by which a message gets there, and the word that it did not back, `times` times."""

    def __init__(self, there: There, town: Town, times: int) -> None:
        super().__init__(frozenset({(there.host, there.port), (town.feeds.host, town.feeds.port)}))
        self._ends, self.left, self.sent = there.writes, times, 0

    def request(self, method: str, url: str, **how: Any) -> Answer:
        answer = super().request(method, url, **how)
        if method == "POST" and url.endswith(self._ends):
            self.sent += 1
            if self.left:
                self.left -= 1
                raise Lost("the connection broke")
        return answer


@pytest.mark.parametrize("lost", [0, 1], ids=["", "answer lost"])
@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_a_mention_comes_in_and_one_answer_stands_below_it(
    server: Callable[[], There], lost: int, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = server()
    town = Town(aws, feeds, monkeypatch)
    town.now = datetime.now(UTC)
    wiring.sources().set_last_tick(town.now - timedelta(minutes=1))
    channel = Channel(id="there", platform=there.platform, name="There", settings=there.settings)
    ours = replace(brand(), channels=(*brand().channels, channel))
    door = Losing(there, town, lost)
    monkeypatch.setattr(wiring, "http", lambda: door)
    about = there.settings | ({"kind": "mentions"} if there.platform != "wordpress" else {})
    networked.connect(town, ours, "there", there, there.secrets, about, monkeypatch)

    id = there.say(COMPLAINT)
    case = heard(town)
    assert COMPLAINT in case.title
    networked.approve(town, ours, "there", REPLY)
    town.drain()
    town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 60)

    (answer,) = there.below(id)
    assert REPLY in answer
    assert town.case().state is CaseState.ANSWERED
    (delivery,) = town.history(town.case())[1]
    assert (delivery.remote_id != "", door.sent, door.left) == (True, 1, 0)


@pytest.mark.parametrize("server", SNAC)
def test_it_ignores_the_key_by_which_others_know_a_message_again(server: str) -> None:
    """Else the story would show nothing."""
    peer = snac()
    first, second = (peer.channel.publish(None, "Open!", "one-token", "en").remote_id for _ in range(2))
    assert first != second
    assert len(peer.written()) == 2


@pytest.mark.parametrize("name", SITES)
def test_a_page_that_links_to_a_post_is_heard_with_its_address(name: str) -> None:
    """By a pingback, the only word of a link elsewhere that WordPress takes by itself."""
    peer = wordpress(name)
    peer.clean()
    with Page(f'<title>Soup</title><p>How <a href="{peer.site}/?p=1">their soup</a> is made.</p>') as page:
        ServerProxy(f"{peer.site}/xmlrpc.php").pingback.ping(page.url, f"{peer.site}/?p=1")
    (found,) = peer.source.listen("").found
    assert "their soup" in found.text
    (comment,) = peer.comments()
    assert (comment["type"], comment["author_url"]) == ("pingback", page.url)
    peer.clean()


@pytest.mark.parametrize("name", SITES)
def test_the_feed_of_comments_brings_them_too(name: str) -> None:
    peer = wordpress(name)
    peer.clean()
    peer.say(COMPLAINT)
    url = f"{peer.site}/?feed=comments-rss2"
    (found,) = platform("feed", {"url": url}, {}, http_to(url)).listen("").found
    assert (found.text.splitlines()[-1], found.author.name) == (COMPLAINT, "Anna")
    peer.clean()


class Page(Server):
    """Somebody's, at any address."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self._body = body

    def answer(self, request: Request) -> Reply:
        return Reply(200, f"<html><body>{self._body}</body></html>".encode(), {"Content-Type": "text/html"})
