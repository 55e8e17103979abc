"""Microsoft Teams for the contract: it takes posts, and tells nothing of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from tests.platforms.payloads import nothing
from tests.platforms.peers import REST, Net, Peer, fails, platform
from tests.servers.teams import Teams


def teams(server: Teams, address: str = "") -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("teams", {}, {"address": address or server.address}, http)


class TeamsPeer(Peer):
    counted = (0, 6, 3, 26, 8)
    polled = traced = False

    def __init__(self, server: Teams) -> None:
        self._server = server
        self.channel = teams(server)

    def ours(self) -> list[str]:
        return self._server.texts()

    def fail(self, how: str) -> None:
        fails(self._server, how, locked="renewed", lost="fails_after_posting", rests=(int(REST), 0))


@contextmanager
def _teams() -> Iterator[Peer]:
    with Teams() as server:
        yield TeamsPeer(server)


NETS = {"teams": Net(open=_teams, hears=False, answers=False, traced=False)}
PAYLOADS = {"teams_*": nothing}
