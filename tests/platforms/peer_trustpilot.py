"""Trustpilot for the contract: reviews, and one answer to each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import trustpilot as module
from tests.platforms.payloads import Read, called
from tests.platforms.peers import Net, Peer, fails, platform, standing_in
from tests.servers.trustpilot import TOKEN, UNIT, Trustpilot


def trustpilot(server: Trustpilot, token: str = TOKEN, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`; `module.API` names it."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    given = {"business_unit": UNIT, "client_id": "brand", **settings}
    return platform("trustpilot", given, {"token": token}, http)


class TrustpilotPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    followed = hears_itself = False
    single = True

    def __init__(self, server: Trustpilot) -> None:
        self._server = server
        self.source = self.our_source = self.channel = trustpilot(server)

    def say(self, text: str) -> str:
        return self._server.say(text).id

    def say_as_us(self, text: str) -> None:
        review = self._server.say("", stars=0)
        review.answer = text

    def ours(self) -> list[str]:
        return self._server.ours()

    def fail(self, how: str) -> None:
        fails(self._server, how)


@contextmanager
def running() -> Iterator[Trustpilot]:
    with standing_in(module, Trustpilot()) as server:
        yield server


@contextmanager
def _peer() -> Iterator[Peer]:
    with running() as server:
        yield TrustpilotPeer(server)


NETS = {"trustpilot": Net(open=_peer, posts=False)}
PAYLOADS: dict[str, Read] = {"trustpilot_*": called("trustpilot")}
