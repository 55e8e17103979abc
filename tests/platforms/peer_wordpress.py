"""WordPress, as the contract is asked of it (`peers.py`)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import _wordpress
from tests.platforms.payloads import nothing
from tests.platforms.peers import Net, Peer, fails, platform
from tests.servers.wordpress import OUR_ID, PASSWORD, US, WordPress

PAYLOADS = {
    "wordpress_comment.json": lambda body: [_wordpress.found(json.loads(body), "blog.example")],
    "wordpress_comment_*_error.json": nothing,
}


def wordpress(server: WordPress, password: str = PASSWORD, **settings: str) -> Any:
    """The platform module, connected to a site of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    settings = {"site": server.url + server.folder, "account": US, **settings}
    return platform("wordpress", settings, {"app_password": password}, http)


class WordPressPeer(Peer):
    counted = (0, 6, 3, 26, 8)

    def __init__(self, server: WordPress) -> None:
        self._server = server
        self.source = self.our_source = self.channel = wordpress(server)

    def say(self, text: str) -> str:
        return f"{self._server.site}/{self._server.say(text).id}"

    def say_as_us(self, text: str) -> None:
        self._server.say(text, "The brand", author=OUR_ID)

    def ours(self) -> list[str]:
        return self._server.ours()

    def fail(self, how: str) -> None:
        fails(self._server, how, refuses=("rest_invalid_param 400", ""), locked="revoked")


@contextmanager
def _wordpress_site(folder: str) -> Iterator[Peer]:
    with WordPress(folder) as server:
        yield WordPressPeer(server)


NETS = {
    "wordpress": Net(open=lambda: _wordpress_site(""), lists=True),
    "wordpress folder": Net(open=lambda: _wordpress_site("/blog"), lists=True),
}
