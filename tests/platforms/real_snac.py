"""snac, a server that speaks Mastodon's API, for the contract: our account there, and one who names it.

`WEBSPIN_PEER_SNAC` names it, `WEBSPIN_PEER_SNAC_TOKENS` has the tokens of both. It deletes nothing by its
API: what was there before a test is left out of what the test sees. Do not name one that others use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from os import environ
from time import monotonic, sleep
from typing import Any

from tests.platforms.peers import Net, Peer, platform
from tests.platforms.real_mastodon import Account, http_to


class RealSnac(Peer):
    patience = 40.0
    hears_itself = keeps_tokens = False

    def __init__(self, instance: str, tokens: list[str]) -> None:
        http = http_to(instance)
        self.instance, self.token = instance, tokens[0]
        self.us, self._stranger = (Account(http, instance, token) for token in tokens)
        self._host: str = self.us.ask("GET", "/api/v1/instance")["uri"]
        settings = {"instance": instance, "account": self.us.name}
        self.source = self.our_source = self.channel = platform(
            "mastodon", settings, {"token": tokens[0]}, http
        )
        self.us.ask("POST", "/api/v1/notifications/clear", {})
        self._before = {status["id"] for status in self.us.statuses()}

    def say(self, text: str) -> str:
        """Until it is heard: what was said at once arrives in any order. What looks like HTML is HTML there,
        if its writer does not say otherwise."""
        id = self._stranger.say(f"@{self.us.name}@{self._host} {escape(text, quote=False)}")
        end = monotonic() + self.patience
        while not any(each["status"]["id"] == id for each in self._notices()) and monotonic() < end:
            sleep(0.5)
        return id

    def _notices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.us.ask("GET", "/api/v1/notifications?types[]=mention")
        return found

    def say_as_us(self, text: str) -> None:
        self.us.say(text)

    def ours(self) -> list[str]:
        return [each["content"] for each in self.written()]

    def written(self) -> list[dict[str, Any]]:
        """By us, oldest first."""
        return [each for each in reversed(self.us.statuses()) if each["id"] not in self._before]


@contextmanager
def _open() -> Iterator[Peer]:
    yield opened()


def opened() -> RealSnac:
    return RealSnac(environ["WEBSPIN_PEER_SNAC"], environ["WEBSPIN_PEER_SNAC_TOKENS"].split())


NETS: dict[str, Net] = {}
if environ.get("WEBSPIN_PEER_SNAC"):
    NETS["mastodon at snac for real"] = Net(
        open=_open, keeps_tokens=False, lacks=frozenset({"delete", "limit"})
    )
