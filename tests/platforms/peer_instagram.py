"""Instagram asked for the contract. It takes no post without an image: each has one here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import _containers, instagram as module
from chalicelib.ports import ReplyTo, Sent
from chalicelib.ports.showing import Image
from tests.platforms.payloads import called, nothing
from tests.platforms.peer_facebook import fail
from tests.platforms.peers import Net, Peer, platform
from tests.servers.graph import SECRET, TOKEN
from tests.servers.instagram import NAME, USER, Instagram


@contextmanager
def served() -> Iterator[Instagram]:
    """A server that the module takes for Instagram's and for Facebook's; nobody sleeps."""
    with Instagram() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "API", server.api)
        patch.setattr(module, "BY_PAGE", server.api)
        patch.setattr(module, "HOST", server.url)
        patch.setattr(_containers, "WAITS", (0.0, 0.0))
        yield server


def instagram(server: Instagram, token: str = TOKEN, **settings: str) -> Any:
    http = Http(allow=frozenset({(server.host, server.port)}))
    secrets = {"token": token, "client_secret": SECRET}
    return platform("instagram", {"user": USER, "account": NAME, **settings}, secrets, http)


def image(**changes: Any) -> Image:
    kept = {"name": "n", "type": "image/jpeg", "size": 9, "width": 1, "height": 1, "alt": "Bread"}
    return Image(read=lambda: b"", address=lambda: "https://images.example/1", **{**kept, **changes})


class InstagramPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    keeps_tokens = False

    def __init__(self, server: Instagram) -> None:
        self._server = server
        self.source = self.our_source = instagram(server)
        self.channel = instagram(server)
        publish: Any = self.channel.publish

        def with_one(
            to: ReplyTo | None,
            text: str,
            token: str,
            language: str,
            images: Sequence[Image] | None = None,
        ) -> Sent:
            given = images if images is not None else () if to else (image(),)
            sent: Sent = publish(to, text, token, language, given)
            return sent

        self.channel.publish = with_one  # type: ignore[method-assign]

    def say(self, text: str) -> str:
        return self._server.say(text).id

    def say_as_us(self, text: str) -> None:
        self._server.say(text, by=USER)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        return [alt for _, alt in said.images]

    def react(self, remote_id: str) -> Numbers:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        said.likes = 3
        self._server.say("Nice", to=remote_id)
        return Numbers(reactions=3, replies=None if said.media else 1)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.follows = (2, 3)
        return 2, 3

    def fail(self, how: str) -> None:
        fail(self._server, how)


@contextmanager
def _instagram() -> Iterator[Peer]:
    with served() as server:
        yield InstagramPeer(server)


PAYLOADS = {"instagram_*": called("instagram"), "instagram_container_*": nothing}
NETS = {"instagram": Net(open=_instagram, keeps_tokens=False)}
