"""Facebook asked for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import facebook as module
from tests.platforms.payloads import called, nothing
from tests.platforms.peers import Net, Peer, fails, only_hears, platform, standing_in
from tests.servers.facebook import PAGE, Facebook
from tests.servers.graph import SECRET, TOKEN, Graph


@contextmanager
def served() -> Iterator[Facebook]:
    """A server that the module takes for Facebook's."""
    server = Facebook()
    with standing_in(module, server, server.api):
        yield server


def facebook(server: Facebook, token: str = TOKEN, **settings: str) -> Any:
    http = Http(allow=frozenset({(server.host, server.port)}))
    secrets = {"token": token, "client_secret": SECRET}
    return platform("facebook", {"page": PAGE, **settings}, secrets, http)


def fail(server: Graph, how: str) -> None:
    """As `Peer.fail`, of all of Meta's."""
    fails(server, how, refuses=((100, 0), None))


class FacebookPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    keeps_tokens = False

    def __init__(self, server: Facebook, kind: str) -> None:
        self._server = server
        self._tags = kind == "tagged"
        self.source = self.our_source = facebook(server, kind=kind)
        self.channel = facebook(server)

    def say(self, text: str) -> str:
        return self._server.say(text, to="" if self._tags else self._server.home.id, tags=self._tags).id

    def say_as_us(self, text: str) -> None:
        self._server.say(text, to=self._server.home.id, by=PAGE, tags=self._tags)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        return [self._server.photos[each]["alt_text_custom"] for each in said.photos]

    def react(self, remote_id: str) -> Numbers:
        (said,) = (each for each in self._server.said if each.id == remote_id)
        said.reactions = 3
        said.shares = 0 if said.post else 2
        self._server.say("Nice", to=remote_id)
        return Numbers(reactions=3) if said.parent else Numbers(reactions=3, replies=1, shares=2)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.followers = 2
        return 2, None

    def fail(self, how: str) -> None:
        fail(self._server, how)


@contextmanager
def _facebook(kind: str) -> Iterator[Peer]:
    with served() as server:
        yield FacebookPeer(server, kind)


PAYLOADS = {"facebook_page_*": called("facebook"), "facebook_graph_error_*": nothing}
NETS = {
    "facebook": Net(open=lambda: _facebook("page"), keeps_tokens=False),
    "facebook tagged": only_hears(lambda: _facebook("tagged")),
}
