"""Google Business Profile for the contract: reviews, and one answer to each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import google_business as module
from tests.platforms.payloads import Read, Recorded, nothing
from tests.platforms.peers import Net, Peer, fails, platform, standing_in
from tests.servers.google_business import PLACE, TOKEN, GoogleBusiness


def google_business(server: GoogleBusiness, token: str = TOKEN) -> Any:
    """The platform module, connected to a server of `tests/servers/`; `module.API` names it."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    settings = {"location": PLACE, "client_id": "brand"}
    return platform("google_business", settings, {"token": token}, http)


class GoogleBusinessPeer(Peer):
    counted = (0, 6, 3, 26, 8)
    followed = hears_itself = False
    single = True

    def __init__(self, server: GoogleBusiness) -> None:
        self._server = server
        self.source = self.our_source = self.channel = google_business(server)

    def say(self, text: str) -> str:
        return self._server.say(text).id

    def say_as_us(self, text: str) -> None:
        review = self._server.say("")
        review.answer, review.stars = text, 0

    def ours(self) -> list[str]:
        return self._server.ours()

    def fail(self, how: str) -> None:
        fails(self._server, how)


@contextmanager
def running() -> Iterator[GoogleBusiness]:
    with standing_in(module, GoogleBusiness()) as server:
        yield server


@contextmanager
def _peer() -> Iterator[Peer]:
    with running() as server:
        yield GoogleBusinessPeer(server)


def _listed(body: bytes) -> Any:
    """One review, as it stands in a list."""
    http: Any = Recorded(b'{"reviews": [' + body + b"]}", "application/json")
    settings = {"location": PLACE, "client_id": "brand"}
    return platform("google_business", settings, {"token": TOKEN}, http).listen("").found


NETS = {"google_business": Net(open=_peer, posts=False)}
PAYLOADS: dict[str, Read] = {
    "google_business_review*": _listed,
    "google_business_pubsub_*": nothing,  # it says that there is something to read: the next poll reads it
}
