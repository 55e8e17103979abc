"""X, as the contract asks it (`peers.py`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import x as module
from tests.platforms.payloads import called, nothing, polled
from tests.platforms.peers import REST, Net, Peer, fails, only_hears, platform, standing_in
from tests.servers.x import TOKEN, US, X


def x(server: X, token: str = TOKEN, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("x", {"account": US, **settings}, {"token": token}, http)


@contextmanager
def running() -> Iterator[X]:
    """A server where the module looks for X."""
    with standing_in(module, X()) as server:
        yield server


class XPeer(Peer):
    counted = (0, 5, 1, 3, 2)

    def __init__(self, server: X, kind: str) -> None:
        self._server = server
        self._prefix = f"@{US} " if kind == "mentions" else "#bread "
        settings = {"kind": kind} | ({"query": "#bread"} if kind == "search" else {})
        self.source = self.our_source = x(server, **settings)
        self.channel = x(server)

    def say(self, text: str) -> str:
        return str(self._server.say(self._prefix + text).id)

    def say_as_us(self, text: str) -> None:
        self._server.say(self._prefix + text, US)

    def ours(self) -> list[str]:
        return [post.text for post in self._server.ours()]

    def react(self, remote_id: str) -> Numbers:
        (post,) = (each for each in self._server.posts if str(each.id) == remote_id)
        post.metrics = {"like_count": 3, "retweet_count": 1, "quote_count": 1, "impression_count": 40}
        self._server.say("Nice", reply_to=post.id)
        return Numbers(reach=40, reactions=3, shares=2, replies=1)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.followers = 2
        return 2, 3

    def fail(self, how: str) -> None:
        limits = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0"}
        limits["x-rate-limit-reset"] = str(int(time() + REST))
        fails(self._server, how, rests=(limits, None))


@contextmanager
def _x(kind: str) -> Iterator[Peer]:
    with running() as server:
        yield XPeer(server, kind)


NETS = {"x": Net(open=lambda: _x("mentions")), "x search": only_hears(lambda: _x("search"))}
PAYLOADS = {
    "x_account_activity_*": called("x"),
    "x_activity_*": called("x"),
    "x_create_*": nothing,
    "x_user_mentions*": polled("x", {"account": US}, {"token": TOKEN}, cursor="1|1"),
}
