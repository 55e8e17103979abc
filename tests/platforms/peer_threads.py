"""Threads asked for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import _containers, threads as module
from tests.platforms.payloads import called, nothing
from tests.platforms.peer_facebook import fail
from tests.platforms.peers import Net, Peer, only_hears, platform
from tests.servers.graph import SECRET, TOKEN
from tests.servers.threads import NAME, USER, Threads


@contextmanager
def served() -> Iterator[Threads]:
    """A server that the module takes for that of Threads; nobody sleeps."""
    with Threads() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "API", server.api)
        patch.setattr(module, "HOST", server.url)
        patch.setattr(_containers, "WAITS", (0.0, 0.0))
        yield server


def threads(server: Threads, token: str = TOKEN, **settings: str) -> Any:
    http = Http(allow=frozenset({(server.host, server.port)}))
    secrets = {"token": token, "client_secret": SECRET}
    return platform("threads", {"user": USER, "account": NAME, **settings}, secrets, http)


class ThreadsPeer(Peer):
    counted = (0, 5, 2, 26, 8)

    def __init__(self, server: Threads, kind: str) -> None:
        self._server = server
        self._prefix = {"mentions": "@bakery ", "search": "sourdough "}.get(kind, "")
        query = {"query": "sourdough"} if kind == "search" else {}
        self.source = self.our_source = threads(server, kind=kind, **query)
        self.channel = threads(server)

    def say(self, text: str) -> str:
        return self._server.say(self._prefix + text, to="" if self._prefix else self._server.home.id).id

    def say_as_us(self, text: str) -> None:
        self._server.say(self._prefix + text, to="" if self._prefix else self._server.home.id, by=NAME)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        return [alt for _, alt in said.images]

    def react(self, remote_id: str) -> Numbers:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        said.likes, said.reposts = 3, 1
        self._server.say("Nice", to=remote_id)
        self._server.say("Look at this").quotes = remote_id
        return Numbers(reactions=3, replies=1, shares=2)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.followers = 2
        return 2, None

    def fail(self, how: str) -> None:
        fail(self._server, how)


@contextmanager
def _threads(kind: str) -> Iterator[Peer]:
    with served() as server:
        yield ThreadsPeer(server, kind)


PAYLOADS = {"threads_*": called("threads"), "threads_publishing_*": nothing}
NETS = {
    "threads": Net(open=lambda: _threads("replies")),
    "threads mentions": only_hears(lambda: _threads("mentions")),
    "threads search": Net(open=lambda: _threads("search"), posts=False, answers=False),
}
