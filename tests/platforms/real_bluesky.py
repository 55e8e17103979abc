"""A Bluesky network of one's own for the contract: a data server where anybody may open an account.

`WEBSPIN_PEER_BLUESKY=http://localhost:2583` names it. Each test opens two accounts, ours and a stranger's,
and takes away what both wrote; do not name one that others use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import dumps, loads
from os import environ
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from chalicelib.http import Http
from chalicelib.ports import Answer
from tests.platforms.peers import Net, Peer, platform

POST = "app.bsky.feed.post"


class Account:
    """One of the network, signed in."""

    def __init__(self, http: Http, service: str, handle: str) -> None:
        self._http, self.service = http, service
        self.handle, self._password, self._token = handle, uuid4().hex, ""
        made = self.ask(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.org", "password": self._password},
        )
        self.did, self._token = str(made["did"]), str(made["accessJwt"])
        app = self.ask("com.atproto.server.createAppPassword", {"name": "webspin"})
        self.app_password = str(app["password"])

    def say(self, text: str, facets: list[dict[str, Any]]) -> str:
        """The native id of a new message."""
        record = {"$type": POST, "text": text, "createdAt": datetime.now(UTC).isoformat(), "facets": facets}
        made = self.ask(
            "com.atproto.repo.createRecord", {"repo": self.did, "collection": POST, "record": record}
        )
        return f"{self.did.removeprefix('did:plc:')}/{made['uri'].rpartition('/')[2]}"

    def written(self) -> list[dict[str, Any]]:
        """Its messages, oldest first."""
        page = self.ask(f"com.atproto.repo.listRecords?repo={self.did}&collection={POST}&limit=100")
        return list(reversed(page["records"]))

    def clean(self) -> None:
        for each in self.written():
            key = each["uri"].rpartition("/")[2]
            self.ask("com.atproto.repo.deleteRecord", {"repo": self.did, "collection": POST, "rkey": key})

    def ask(self, method: str, value: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self._token}"} if self._token else {}
        )
        answer: Answer = self._http.request(
            "GET" if value is None else "POST",
            f"{self.service}/xrpc/{method}",
            headers=headers,
            body=None if value is None else dumps(value).encode(),
        )
        assert answer.status == 200, f"{method}: {answer.status} {answer.body[:200]!r}"
        return loads(answer.body)


class RealBluesky(Peer):
    patience = 20.0
    hears_itself = False

    def __init__(self, service: str) -> None:
        parts = urlsplit(service)
        http = Http(allow=frozenset({(parts.hostname or "", parts.port or 443)}))
        name = uuid4().hex[:8]
        self.us = Account(http, service, f"brand-{name}.test")
        self._stranger = Account(http, service, f"anna-{name}.test")
        settings = {"service": service, "handle": self.us.handle}
        secrets = {"app_password": self.us.app_password}
        self.source = self.our_source = platform("bluesky", {**settings, "kind": "mentions"}, secrets, http)
        self.channel = platform("bluesky", settings, secrets, http)

    def say(self, text: str) -> str:
        name = f"@{self.us.handle}"
        mention = {"$type": "app.bsky.richtext.facet#mention", "did": self.us.did}
        facet = {"index": {"byteStart": 0, "byteEnd": len(name)}, "features": [mention]}
        return self._stranger.say(f"{name} {text}", [facet])

    def say_as_us(self, text: str) -> None:
        self.us.say(text, [])

    def ours(self) -> list[str]:
        return [each["value"]["text"] for each in self.us.written()]

    def clean(self) -> None:
        self.us.clean()
        self._stranger.clean()


@contextmanager
def _open() -> Iterator[Peer]:
    peer = opened()
    try:
        yield peer
    finally:
        peer.clean()


def opened() -> RealBluesky:
    return RealBluesky(environ["WEBSPIN_PEER_BLUESKY"].rstrip("/"))


NETS = {"bluesky for real": Net(open=_open)} if environ.get("WEBSPIN_PEER_BLUESKY") else {}
