"""Trustpilot for the contract: reviews, and one answer to each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import trustpilot as module
from tests.platforms.payloads import Read, called
from tests.platforms.peers import REST, Net, Peer, platform
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
        server = self._server
        server.refuses, server.expired_token = how == "refuse", how == "unauthorized"
        server.rate_limited = {"Retry-After": str(int(REST))} if how == "rate-limited" else None
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_publishing = how == "lost"
        server.lists_late = 2 if how == "lists-late" else 0


@contextmanager
def running() -> Iterator[Trustpilot]:
    was = module.API
    with Trustpilot() as server:
        module.API = server.url
        try:
            yield server
        finally:
            module.API = was


@contextmanager
def _peer() -> Iterator[Peer]:
    with running() as server:
        yield TrustpilotPeer(server)


NETS = {"trustpilot": Net(open=_peer, posts=False)}
PAYLOADS: dict[str, Read] = {"trustpilot_*": called("trustpilot")}
