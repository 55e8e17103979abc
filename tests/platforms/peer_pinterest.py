"""Pinterest for the contract: it takes Pins, and neither hears nor answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import pinterest as module
from tests.platforms.payloads import Read, called, nothing
from tests.platforms.peers import REST, Net, Peer, platform
from tests.platforms.pictures import with_image
from tests.servers.pinterest import BOARD, TOKEN, Pinterest


def pinterest(server: Pinterest, token: str = TOKEN) -> Any:
    """The platform module, connected to a server of `tests/servers/`; `module.API` names it."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("pinterest", {"board": BOARD, "client_id": "brand"}, {"token": token}, http)


class PinterestPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    polled = hears_itself = keeps_tokens = False

    def __init__(self, server: Pinterest) -> None:
        self._server = server
        self.channel: Any = with_image(pinterest(server))

    def ours(self) -> list[str]:
        return [pin["description"] for pin in self._server.pins]

    def fail(self, how: str) -> None:
        server = self._server
        server.refuses, server.expired_token = how == "refuse", how == "unauthorized"
        server.rate_limited = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(REST))}
        if how != "rate-limited":
            server.rate_limited = None
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_publishing = how == "lost"
        server.lists_late = 2 if how == "lists-late" else 0


@contextmanager
def running() -> Iterator[Pinterest]:
    was = module.API
    with Pinterest() as server:
        module.API = server.url
        try:
            yield server
        finally:
            module.API = was


@contextmanager
def _peer() -> Iterator[Peer]:
    with running() as server:
        yield PinterestPeer(server)


NETS = {"pinterest": Net(open=_peer, hears=False, answers=False, keeps_tokens=False)}
PAYLOADS: dict[str, Read] = {"pinterest_create_*": nothing, "tiktok_*": called("tiktok")}
