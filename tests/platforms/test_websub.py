"""Where a feed names its hub, and how the hub is asked."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.errors import PlatformError, RateLimited, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms._websub import HUBS, subscribe
from tests.servers.base import Reply, Request
from tests.servers.hub import Hub

CALLBACK = "https://door.example/town/blog/word"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        yield server


def ask(hub: Hub) -> str:
    http = Http(allow=frozenset({(hub.host, hub.port)}))
    return subscribe(http, hub.topic, CALLBACK, "a secret of ours")


def test_the_hub_is_asked_as_the_standard_says(hub: Hub) -> None:
    assert ask(hub) == f"{hub.url}/hub"
    (wish,) = hub.asked
    assert (wish.callback, wish.topic, wish.secret, wish.lease) == (
        CALLBACK,
        hub.topic,
        "a secret of ours",
        864_000,
    )


@pytest.mark.parametrize(
    "links",
    [
        '<{hub}>; rel="hub"',
        "<{hub}>; rel=hub",
        '<https://a.example/,b>; rel="next"; title="a, b", <{hub}>; rel="hub", <{self}>; rel="self"',
        '<{hub}>; type="x"; rel="nofollow HUB"',
        "</hub>; rel=hub",
    ],
)
def test_a_header_names_it(hub: Hub, links: str) -> None:
    hub.links = links.format(hub=f"{hub.url}/hub", self=hub.topic)
    hub.page = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
    assert ask(hub) == f"{hub.url}/hub"


@pytest.mark.parametrize(
    "page",
    [
        "<rss xmlns:atom='urn:atom'><channel><atom:link href='{hub}' rel='hub'/></channel></rss>",
        '<feed><link rel="self hub" href="{hub}"/><link rel="self" href="{self}"/></feed>',
        '<feed>\n<link\n  href="/hub"\n  rel="hub" />\n</feed>',
        '{{"feed_url": "{self}", "hubs": [{{"type": "rssCloud"}}, {{"type": "WebSub", "url": "{hub}"}}]}}',
    ],
)
def test_a_feed_names_it(hub: Hub, page: str) -> None:
    hub.page = page.format(hub=f"{hub.url}/hub", self=hub.topic).encode()
    assert ask(hub) == f"{hub.url}/hub"


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html><head><title>x</title></head></html>",
        b"<feed><entry><link rel='hub' href='https://evil.example/'/></entry></feed>",
        b"<feed><link rel='hub'/></feed>",
        b'{"hubs": 3}',
        b'{"hubs": [{"type": "WebSub"}]}',
        b"{",
    ],
)
def test_what_names_none_does_not_push(hub: Hub, page: bytes) -> None:
    hub.page = page
    with pytest.raises(Rejected):
        ask(hub)
    assert hub.asked == []


def test_a_feed_that_pushes_as_another_says_as_which(hub: Hub) -> None:
    hub.page = (
        f'<feed><link rel="hub" href="{hub.url}/hub"/><link rel="self" href="/all.xml"/></feed>'.encode()
    )
    with pytest.raises(Rejected, match=f"pushes as {hub.url}/all.xml"):
        ask(hub)


@pytest.mark.parametrize(
    "address", ["http://hub.example/", "ftp://hub.example/", "https://a@hub.example/", "https://["]
)
def test_our_secret_travels_in_no_clear_text(hub: Hub, address: str) -> None:
    hub.page = f'<feed><link rel="hub" href="{address}"/></feed>'.encode()
    with pytest.raises(Rejected):
        ask(hub)


def test_of_several_the_first_that_takes_it_is_enough(hub: Hub) -> None:
    links = [f"<{hub.url}/none-{n}>; rel=hub" for n in range(HUBS - 1)]
    hub.links = ", ".join([*links, f"<{hub.url}/hub>; rel=hub"])
    real = hub.answer

    def answer(request: Request) -> Reply:
        return Reply(404) if "none" in request.path else real(request)

    hub.answer = answer  # type: ignore[method-assign]
    assert ask(hub) == f"{hub.url}/hub"
    assert [each.path for each in hub.requests[1:]] == ["/none-0", "/none-1", "/hub"]


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((404, b"<b>no topic</b>"), Rejected, "the hub answered 404: no topic"),
        ((302, b""), Rejected, "302"),
        ((500, b""), Unavailable, "500"),
        ((429, b""), RateLimited, "rate limited"),
    ],
)
def test_each_refusal_has_its_word(
    hub: Hub, answer: tuple[int, bytes], error: type[PlatformError], said: str
) -> None:
    hub.refuses = answer
    with pytest.raises(error, match=said):
        ask(hub)


def test_a_feed_that_is_not_there_is_asked_for_again(hub: Hub) -> None:
    def gone(request: Request) -> Reply:
        return Reply(404, json.dumps({}).encode())

    hub.answer = gone  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="404"):
        ask(hub)
    with pytest.raises(Rejected):
        subscribe(Http(), "http://169.254.169.254/feed", CALLBACK, "s")
