"""Discord for the contract: a channel of a server where our bot is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import discord as module
from tests.platforms.payloads import nothing
from tests.platforms.peers import REST, Net, Peer, fails, platform, standing_in
from tests.servers.discord import CHANNEL, GUILD, TOKEN, US, Discord


def discord(server: Discord, token: str = TOKEN, channel: str = CHANNEL) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    link = f"https://discord.com/channels/{GUILD}/{channel}"
    return platform("discord", {"link": link}, {"token": token}, http)


class DiscordPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    hears_itself = False

    def __init__(self, server: Discord) -> None:
        self._server = server
        self.source = self.our_source = self.channel = discord(server)

    def say(self, text: str) -> str:
        message = self._server.say(text)
        return f"{message.channel}/{message.id}"

    def say_as_us(self, text: str) -> None:
        self._server.say(text, US)

    def ours(self) -> list[str]:
        return [each.content for each in self._server.ours()]

    def shown(self, remote_id: str) -> list[str] | None:
        (message,) = (each for each in self._server.messages if each.id == remote_id.partition("/")[2])
        return [said for _, said in message.files]

    def react(self, remote_id: str) -> Numbers:
        (message,) = (each for each in self._server.messages if each.id == remote_id.partition("/")[2])
        message.reactions = [{"count": 2, "emoji": {"name": "🥖"}}, {"count": 1, "emoji": {"name": "🔥"}}]
        self._server.say("Nice", reference=message.id)
        return Numbers(reactions=3)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.members = 2
        return 2, None

    def fail(self, how: str) -> None:
        fails(self._server, how, locked="revoked", lost="fails_after_doing", rests=(REST, 0))


@contextmanager
def served() -> Iterator[Discord]:
    with standing_in(module, Discord()) as server:
        yield server


@contextmanager
def _discord() -> Iterator[Peer]:
    with served() as server:
        yield DiscordPeer(server)


NETS = {"discord": Net(open=_discord)}
PAYLOADS = {
    "discord_webhook_execute*": nothing,
    "discord_interaction_ping*": nothing,  # answered before anything is read (_handshakes.py)
}
