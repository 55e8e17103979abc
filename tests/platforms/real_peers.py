"""Real servers for the contract: those whose address and token are in the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads
from os import environ
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from chalicelib.http import Http
from chalicelib.ports import Answer
from tests.platforms import real_bluesky
from tests.platforms.peers import Net, Peer, platform


class RealMastodon(Peer):
    """A server that speaks Mastodon's API, and an account on it that may write in public.

    The account is its own stranger, under a hashtag of this run. Everything that was written with it since
    the run began is deleted at the end: let nobody else use it meanwhile.
    """

    patience = 20.0

    def __init__(self, instance: str, token: str) -> None:
        parts = urlsplit(instance)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._http = Http(allow=frozenset({(parts.hostname or "", port)}))
        self._instance, self._token = instance.rstrip("/"), token
        us = self._ask("GET", "/api/v1/accounts/verify_credentials")
        self._id, self._tag, self._said = us["id"], f"webspin{uuid4().hex[:10]}", list[str]()
        newest = next((status["id"] for status in self._statuses()), "")
        self._since = f"&min_id={newest}" if newest else ""
        settings = {"instance": self._instance, "kind": "hashtag", "tag": self._tag}
        secrets = {"token": token}
        self.source = platform("mastodon", settings, secrets, self._http)
        self.our_source = platform("mastodon", {**settings, "account": us["acct"]}, secrets, self._http)
        self.channel = platform("mastodon", {"instance": self._instance}, secrets, self._http)

    def say(self, text: str) -> str:
        status = self._ask(
            "POST", "/api/v1/statuses", {"status": f"{text} #{self._tag}", "visibility": "public"}
        )
        self._said.append(status["id"])
        return str(status["id"])

    def say_as_us(self, text: str) -> None:
        self.say(text)

    def ours(self) -> list[str]:
        """What we said as a stranger is not ours."""
        return [status["content"] for status in reversed(self._ours())]

    def _ours(self) -> list[dict[str, Any]]:
        return [status for status in self._statuses(self._since) if status["id"] not in self._said]

    def _statuses(self, since: str = "") -> list[dict[str, Any]]:
        """Newest first."""
        page: list[dict[str, Any]] = self._ask("GET", f"/api/v1/accounts/{self._id}/statuses?limit=40{since}")
        return page

    def clean(self) -> None:
        for id in [status["id"] for status in self._ours()] + self._said:
            self._ask("DELETE", f"/api/v1/statuses/{id}")

    def _ask(self, method: str, path: str, value: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        body = dumps(value).encode() if value else None
        answer: Answer = self._http.request(method, self._instance + path, headers=headers, body=body)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body[:200]!r}"
        return loads(answer.body)


@contextmanager
def _real_mastodon() -> Iterator[Peer]:
    peer = RealMastodon(environ["WEBSPIN_PEER_MASTODON"], environ["WEBSPIN_PEER_MASTODON_TOKEN"])
    try:
        yield peer
    finally:
        peer.clean()


REAL: dict[str, Net] = dict(real_bluesky.NETS)
if environ.get("WEBSPIN_PEER_MASTODON"):
    REAL["mastodon for real"] = Net(open=_real_mastodon)
