"""A server that speaks Mastodon's API for the contract: its address and token are in the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps, loads
from os import environ
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from chalicelib.http import Http
from chalicelib.ports import Answer
from tests.platforms.peers import Net, Peer, platform


def http_to(address: str) -> Http:
    parts = urlsplit(address)
    return Http(
        allow=frozenset({(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))})
    )


class Account:
    """One of a server that speaks Mastodon's API, which may write in public."""

    def __init__(self, http: Http, instance: str, token: str) -> None:
        self._http, self._instance, self._token = http, instance.rstrip("/"), token
        us = self.ask("GET", "/api/v1/accounts/verify_credentials")
        self.id, self.name = us["id"], us["acct"]

    def say(self, text: str) -> str:
        return str(self.ask("POST", "/api/v1/statuses", {"status": text, "visibility": "public"})["id"])

    def statuses(self, since: str = "") -> list[dict[str, Any]]:
        """Newest first."""
        page: list[dict[str, Any]] = self.ask("GET", f"/api/v1/accounts/{self.id}/statuses?limit=40{since}")
        return page

    def remove(self, id: str) -> None:
        self.ask("DELETE", f"/api/v1/statuses/{id}")

    def clean(self) -> None:
        for each in self.statuses():
            self.remove(each["id"])

    def ask(self, method: str, path: str, value: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        headers |= {} if value is None else {"Content-Type": "application/json"}
        body = None if value is None else dumps(value).encode()
        answer: Answer = self._http.request(method, self._instance + path, headers=headers, body=body)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body[:200]!r}"
        return loads(answer.body)


class RealMastodon(Peer):
    """A server that speaks Mastodon's API, and an account on it that may write in public.

    The account is its own stranger, under a hashtag of this run. Everything that was written with it since
    the run began is deleted at the end: let nobody else use it meanwhile.
    """

    patience = 20.0

    def __init__(self, instance: str, token: str) -> None:
        http = http_to(instance)
        self._us = Account(http, instance, token)
        self._tag, self._said = f"webspin{uuid4().hex[:10]}", list[str]()
        newest = next((status["id"] for status in self._us.statuses()), "")
        self._since = f"&min_id={newest}" if newest else ""
        settings = {"instance": instance.rstrip("/"), "kind": "hashtag", "tag": self._tag}
        secrets = {"token": token}
        self.source = platform("mastodon", settings, secrets, http)
        self.our_source = platform("mastodon", {**settings, "account": self._us.name}, secrets, http)
        self.channel = platform("mastodon", {"instance": instance.rstrip("/")}, secrets, http)

    def say(self, text: str) -> str:
        self._said.append(self._us.say(f"{text} #{self._tag}"))
        return self._said[-1]

    def say_as_us(self, text: str) -> None:
        self.say(text)

    def ours(self) -> list[str]:
        """What we said as a stranger is not ours."""
        return [status["content"] for status in reversed(self._ours())]

    def _ours(self) -> list[dict[str, Any]]:
        return [status for status in self._us.statuses(self._since) if status["id"] not in self._said]

    def clean(self) -> None:
        for id in [status["id"] for status in self._ours()] + self._said:
            self._us.remove(id)


@contextmanager
def _real_mastodon() -> Iterator[Peer]:
    peer = RealMastodon(environ["WEBSPIN_PEER_MASTODON"], environ["WEBSPIN_PEER_MASTODON_TOKEN"])
    try:
        yield peer
    finally:
        peer.clean()


NETS: dict[str, Net] = {}
if environ.get("WEBSPIN_PEER_MASTODON"):
    NETS["mastodon for real"] = Net(open=_real_mastodon)
