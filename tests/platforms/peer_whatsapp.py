"""WhatsApp asked for the contract. What became of an answer its webhook is told, which is asked apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import whatsapp as module
from chalicelib.ports import Page
from tests.platforms.payloads import called, nothing
from tests.platforms.peer_facebook import fail
from tests.platforms.peers import Net, Peer, platform, standing_in
from tests.servers.graph import SECRET, TOKEN
from tests.servers.whatsapp import DISPLAY, NUMBER, WhatsApp


@contextmanager
def served() -> Iterator[WhatsApp]:
    """A server that the module takes for WhatsApp's."""
    server = WhatsApp()
    with standing_in(module, server, server.api):
        yield server


def whatsapp(server: WhatsApp, token: str = TOKEN) -> Any:
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("whatsapp", {"number": NUMBER}, {"token": token, "app_secret": SECRET}, http)


class Called:
    """`Listens`, of who is called."""

    def __init__(self, server: WhatsApp) -> None:
        self._server = server

    def listen(self, cursor: str) -> Page:
        calls = self._server.calls[int(cursor or 0) :]
        found = [each for call in calls for each in module.heard({}, call)]
        return Page(found=tuple(found), cursor=str(int(cursor or 0) + len(calls)))


class WhatsAppPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    followed = False
    hears_itself = False
    polled = False
    traced = False

    def __init__(self, server: WhatsApp) -> None:
        self._server = server
        self.source = self.our_source = Called(server)
        self.channel = whatsapp(server)

    def say(self, text: str) -> str:
        return module.short(self._server.say(text).id)

    def say_as_us(self, text: str) -> None:
        self._server.say(text, by=DISPLAY)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def fail(self, how: str) -> None:
        fail(self._server, how)


@contextmanager
def _whatsapp() -> Iterator[Peer]:
    with served() as server:
        yield WhatsAppPeer(server)


NETS = {"whatsapp": Net(open=_whatsapp, posts=False, traced=False)}
PAYLOADS = {"whatsapp_*": called("whatsapp"), "whatsapp_send_*": nothing}
