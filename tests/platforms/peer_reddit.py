"""Reddit, as the contract asks it (`peers.py`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import reddit as module
from tests.platforms.payloads import nothing
from tests.platforms.peers import Peer, only_hears, platform, standing_in
from tests.servers.reddit import TOKEN, US, Reddit


def reddit(server: Reddit, token: str = TOKEN, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("reddit", {"account": US, **settings}, {"token": token}, http)


@contextmanager
def running() -> Iterator[Reddit]:
    """A server where the module looks for Reddit."""
    with standing_in(module, Reddit()) as server:
        yield server


class RedditPeer(Peer):
    def __init__(self, server: Reddit, kind: str) -> None:
        self._server, self._kind = server, kind
        asked = {"search": {"query": "bread"}, "comments": {"communities": "bakery"}}.get(kind, {})
        self.source = self.our_source = reddit(server, kind=kind, **asked)

    def say(self, text: str) -> str:
        return self._said(text, "anna")

    def say_as_us(self, text: str) -> None:
        self._said(text, US)

    def _said(self, text: str, author: str) -> str:
        title = "Our bread" if self._kind == "search" else ""
        prefix = f"u/{US} " if self._kind == "mentions" else ""
        return self._server.say(prefix + text, author, title=title).name


@contextmanager
def _reddit(kind: str) -> Iterator[Peer]:
    with running() as server:
        yield RedditPeer(server, kind)


NETS = {
    "reddit": only_hears(lambda: _reddit("mentions")),
    "reddit search": only_hears(lambda: _reddit("search")),
    "reddit comments": only_hears(lambda: _reddit("comments")),
}
PAYLOADS = {"reddit_comment_*": nothing, "reddit_ratelimit_*": nothing}
