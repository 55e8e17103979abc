"""Slack for the contract: a channel where our app is; what it is told it reads as it would be called."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import slack as module
from chalicelib.ports import Page
from tests.platforms.payloads import called, nothing
from tests.platforms.peers import REST, Net, Peer, fails, platform, standing_in
from tests.servers.slack import CHANNEL, TOKEN, US, Slack


def slack(server: Slack, token: str = TOKEN, channel: str = CHANNEL) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    link = f"https://brand.slack.com/archives/{channel}" if channel else ""
    return platform("slack", {"link": link}, {"token": token}, http)


class Called:
    """`Listens`, of who is called."""

    def __init__(self, server: Slack) -> None:
        self._server = server

    def listen(self, cursor: str) -> Page:
        events = self._server.events[int(cursor or 0) :]
        found = [each for event in events for each in module.heard({}, event)]
        return Page(found=tuple(found), cursor=str(int(cursor or 0) + len(events)))


class SlackPeer(Peer):
    counted = (0, 5, 2, 8, 2)
    followed = False
    hears_itself = False
    polled = False

    def __init__(self, server: Slack) -> None:
        self._server = server
        self.source = self.our_source = Called(server)
        self.channel = slack(server)

    def say(self, text: str) -> str:
        message = self._server.say(text)
        return f"{message.channel}/{message.ts}"

    def say_as_us(self, text: str) -> None:
        self._server.say(text, US)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        stamp = remote_id.rpartition("/")[2]
        (message,) = (each for each in self._server.messages if each.ts == stamp)
        return [block["alt_text"] for block in message.blocks if block["type"] == "image"]

    def react(self, remote_id: str) -> Numbers:
        channel, thread, *below = remote_id.split("/")
        stamp = below[0] if below else thread
        (message,) = (each for each in self._server.messages if each.ts == stamp)
        message.reactions = [{"name": "heart", "count": 2}, {"name": "bread", "count": 1}]
        if below:
            return Numbers(reactions=3)
        self._server.say("Nice", channel=channel, thread=thread)
        return Numbers(reactions=3, replies=1)

    def fail(self, how: str) -> None:
        fails(self._server, how, locked="revoked", lost="fails_after_doing", rests=(int(REST), 0))


@contextmanager
def served() -> Iterator[Slack]:
    with standing_in(module, Slack()) as server:
        yield server


@contextmanager
def _slack() -> Iterator[Peer]:
    with served() as server:
        yield SlackPeer(server)


NETS = {"slack": Net(open=_slack)}
PAYLOADS = {
    "slack_*": called("slack"),
    "slack_incoming_webhook*": nothing,
    "slack_url_verification*": nothing,  # answered before anything is read (_handshakes.py)
}
