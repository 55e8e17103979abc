"""What each network does with an image or a link in its own way."""

from collections.abc import Iterator

import pytest

from chalicelib.errors import Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms import connect, mastodon as module
from chalicelib.ports import Kit
from tests.images import SMALL, image
from tests.platforms.memory import MemoryShelf
from tests.platforms.peers import bluesky, discourse, mastodon
from tests.servers.base import Reply, Request, Server
from tests.servers.bluesky import PASSWORD, US, Bluesky
from tests.servers.discourse import Discourse
from tests.servers.mastodon import Mastodon

PAGE = """<!doctype html><html><head><title>Bread &amp; soup</title>
<meta property="og:title" content="Fresh bread"><meta property="og:title" content="Other">
<meta name="Description" content="Every day
 at seven."></head><body><title>not this</title>"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mastodon]:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    with Mastodon() as found:
        yield found


def test_mastodon_is_waited_for_until_it_is_ready_with_an_image(server: Mastodon) -> None:
    server.works_on_images = 4
    sent = mastodon(server).publish(None, "Bread", "t", "en", [image(), image("image/png", "Soup.")])
    assert server.shown(sent.remote_id) == ["A loaf of bread, cut open.", "Soup."]
    assert [body for body, _ in server.media.values()] == [SMALL["image/jpeg"], SMALL["image/png"]]


def test_mastodon_that_is_never_ready_is_tried_again_and_nothing_was_said(server: Mastodon) -> None:
    server.works_on_images = 99
    with pytest.raises(Unavailable, match="still works on the image"):
        mastodon(server).publish(None, "Bread", "t", "en", [image()])
    assert server.ours() == []


def test_mastodon_that_cannot_read_it_has_refused_it(server: Mastodon) -> None:
    server.spoils_images = True
    with pytest.raises(Rejected, match="File content type is invalid"):
        mastodon(server).publish(None, "Bread", "t", "en", [image()])
    assert server.ours() == []


def test_bluesky_gets_the_bytes_and_the_shape_of_an_image() -> None:
    with Bluesky() as server:
        bluesky(server).publish(None, "Bread", "t", "en", [image("image/webp")])
        (post,) = server.ours()
        (shown,) = post.record["embed"]["images"]
        assert shown["aspectRatio"] == {"width": 4, "height": 3}
        assert server.blobs[shown["image"]["ref"]["$link"]] == SMALL["image/webp"]


def test_a_forum_is_told_what_an_image_shows_in_its_own_signs() -> None:
    with Discourse() as forum:
        discourse(forum).publish(None, "Bread", "t", "en", [image(alt="A loaf [fresh] | cut")])
        (post,) = forum.ours()
        assert post.raw.startswith("Bread\n\n![A loaf fresh cut|4x3](upload://")


class Site(Server):
    """A page that others link to."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = Reply(200, PAGE.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as found:
        yield found


def embedded(site: Site, text: str = "Read this: {url}/bread?a=1.") -> dict[str, object] | None:
    with Bluesky() as server:
        allow = frozenset({(server.host, server.port)})
        pages = Http(allow=frozenset({(site.host, site.port)}))
        kit = Kit(http=Http(allow=allow), shelf=MemoryShelf(), pages=pages)
        settings = {"service": server.url, "handle": US}
        connect("bluesky", settings, {"app_password": PASSWORD}, kit).publish(
            None, text.format(url=site.url), "t", "en"
        )
        (post,) = server.ours()
        found: dict[str, object] | None = post.record.get("embed")
        return found


def test_a_post_without_images_has_the_card_of_its_first_link(site: Site) -> None:
    assert embedded(site) == {
        "$type": "app.bsky.embed.external",
        "external": {
            "uri": f"{site.url}/bread?a=1",
            "title": "Fresh bread",
            "description": "Every day at seven.",
        },
    }


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, PAGE.encode(), {"Content-Type": "text/html"}),
        Reply(200, PAGE.encode(), {"Content-Type": "application/pdf"}),
        Reply(200, b"<p>No name", {"Content-Type": "text/html"}),
        Reply(drop=True),
    ],
)
def test_a_page_that_says_nothing_of_itself_keeps_no_post_back(site: Site, reply: Reply) -> None:
    site.reply = reply
    assert embedded(site) is None


def test_without_a_link_nobody_is_asked(site: Site) -> None:
    assert embedded(site, "Fresh bread.") is None
    assert site.requests == []
