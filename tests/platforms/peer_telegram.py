"""Telegram for the contract: a group where our bot is, and a channel of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import telegram as module
from tests.platforms.payloads import called, nothing
from tests.platforms.peers import REST, Net, Peer, fails, platform, standing_in
from tests.servers.telegram import BOT, CHANNEL, TOKEN, US, Telegram


def telegram(server: Telegram, token: str = TOKEN, chat: str = f"@{CHANNEL['username']}") -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("telegram", {"account": US, "chat": chat}, {"token": token}, http)


class TelegramPeer(Peer):
    counted = (0, 5, 2, 12, 4)
    hears_itself = False
    traced = False

    def __init__(self, server: Telegram) -> None:
        self._server = server
        self.source = self.our_source = self.channel = telegram(server)

    def say(self, text: str) -> str:
        message = self._server.say(text)
        return f"{message.chat['id']}/{message.number}"

    def say_as_us(self, text: str) -> None:
        self._server.say(text, BOT)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours() if each.text or not each.album]

    def fail(self, how: str) -> None:
        fails(self._server, how, locked="revoked", lost="fails_after_doing", rests=(int(REST), 0))


@contextmanager
def served() -> Iterator[Telegram]:
    with standing_in(module, Telegram()) as server:
        yield server


@contextmanager
def _telegram() -> Iterator[Peer]:
    with served() as server:
        yield TelegramPeer(server)


NETS = {"telegram": Net(open=_telegram, traced=False)}
PAYLOADS = {"telegram_*": called("telegram"), "telegram_rate_limited*": nothing}
