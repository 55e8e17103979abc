"""Pinterest for the contract: it takes Pins, and neither hears nor answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import pinterest as module
from tests.platforms.payloads import Read, called, nothing
from tests.platforms.peers import REST, Net, Peer, fails, platform, standing_in
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
        rest = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(REST))}
        fails(self._server, how, rests=(rest, None))


@contextmanager
def running() -> Iterator[Pinterest]:
    with standing_in(module, Pinterest()) as server:
        yield server


@contextmanager
def _peer() -> Iterator[Peer]:
    with running() as server:
        yield PinterestPeer(server)


NETS = {"pinterest": Net(open=_peer, hears=False, answers=False, keeps_tokens=False)}
PAYLOADS: dict[str, Read] = {"pinterest_create_*": nothing, "tiktok_*": called("tiktok")}
