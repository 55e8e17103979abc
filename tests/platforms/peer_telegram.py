"""Telegram for the contract: a group where our bot is, and a channel of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http import Http
from chalicelib.platforms import telegram as module
from tests.platforms.payloads import called, nothing
from tests.platforms.peers import REST, Net, Peer, platform
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
        return [each.text for each in self._server.ours()]

    def fail(self, how: str) -> None:
        server = self._server
        server.refuses, server.revoked = how == "refuse", how == "unauthorized"
        server.rate_limited = int(REST) if how == "rate-limited" else 0
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_doing = how == "lost"


@contextmanager
def served() -> Iterator[Telegram]:
    was = module.API
    with Telegram() as server:
        module.API = server.url
        try:
            yield server
        finally:
            module.API = was


@contextmanager
def _telegram() -> Iterator[Peer]:
    with served() as server:
        yield TelegramPeer(server)


NETS = {"telegram": Net(open=_telegram, traced=False)}
PAYLOADS = {"telegram_*": called("telegram"), "telegram_rate_limited*": nothing}
