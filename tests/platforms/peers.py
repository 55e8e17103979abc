"""The networks the contract is asked of, each behind the same few verbs.

A simulated one can be told to fail; a real one, whose address is in the environment, cannot.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from json import dumps, loads
from os import environ
from time import time
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from chalicelib.http import Http
from chalicelib.platforms import connect, sandbox
from chalicelib.ports import Answer, Counts, Kit, Listens, Replies
from tests.platforms.memory import MemoryShelf
from tests.servers.base import Reply, Request, Server
from tests.servers.bluesky import PASSWORD, US, Bluesky
from tests.servers.mastodon import TOKEN, Mastodon

FAILURES = ("refuse", "unauthorized", "rate-limited", "down", "lost", "lists-late")
REST = 30.0


class Channel(Replies, Counts, Protocol):
    """An account that answers."""


class Peer:
    """A network with an account of ours. What a network has no such thing as stays unset.

    `patience` are the seconds its lists may lag behind what was written.
    """

    patience = 0.0
    tokens: list[str]
    """Of this test alone: a real network remembers those of the last run."""
    source: Listens
    """Hears everything said."""
    our_source: Listens
    """Hears all but ourselves."""
    channel: Channel

    def say(self, text: str) -> str:
        """Somebody writes something that is heard; its native id."""
        raise NotImplementedError

    def say_as_us(self, text: str) -> None:
        """We write something that would be heard, were it not ours."""
        raise NotImplementedError

    def ours(self) -> list[str]:
        """What the network holds of us, oldest first."""
        raise NotImplementedError

    def fail(self, how: str) -> None:
        """One of `FAILURES`, or "" to be well again."""
        raise NotImplementedError


def platform(name: str, settings: dict[str, str], secrets: dict[str, str], http: Http) -> Any:
    return connect(name, settings, secrets, Kit(http=http, shelf=MemoryShelf()))


def mastodon(server: Mastodon, token: str = TOKEN, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("mastodon", {"instance": server.url, **settings}, {"token": token}, http)


class MastodonPeer(Peer):
    def __init__(self, server: Mastodon, kind: str) -> None:
        self._server = server
        self._prefix = "@brand " if kind == "mentions" else "#bread "
        settings = {"kind": kind} | ({"tag": "bread"} if kind == "hashtag" else {})
        self.source = mastodon(server, **settings)
        self.our_source = mastodon(server, **settings, account="@Brand")
        self.channel = mastodon(server)

    def say(self, text: str) -> str:
        return self._server.say(self._prefix + text)

    def say_as_us(self, text: str) -> None:
        self._server.say(self._prefix + text, "brand")

    def ours(self) -> list[str]:
        return [status.text for status in self._server.ours()]

    def fail(self, how: str) -> None:
        server = self._server
        server.refuses, server.expired_token = how == "refuse", how == "unauthorized"
        server.rate_limited = {"Retry-After": str(int(REST))} if how == "rate-limited" else None
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_publishing = how == "lost"
        server.lists_late = 2 if how == "lists-late" else 0


def bluesky(server: Bluesky, password: str = PASSWORD, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    settings = {"service": server.url, "handle": US, **settings}
    return platform("bluesky", settings, {"app_password": password}, http)


class BlueskyPeer(Peer):
    def __init__(self, server: Bluesky, kind: str) -> None:
        self._server = server
        self._prefix = f"@{US} " if kind == "mentions" else "#bread "
        settings = {"kind": kind} | ({"query": "#bread"} if kind == "search" else {})
        self.source = self.our_source = bluesky(server, **settings)
        self.channel = bluesky(server)

    def say(self, text: str) -> str:
        _, _, name, _, key = self._server.say(self._prefix + text).split("/")
        return f"{name.removeprefix('did:plc:')}/{key}"

    def say_as_us(self, text: str) -> None:
        self._server.say(self._prefix + text, US)

    def ours(self) -> list[str]:
        return [post.record["text"] for post in self._server.ours()]

    def fail(self, how: str) -> None:
        server = self._server
        server.refuses, server.locked = how == "refuse", how == "unauthorized"
        reset = {"RateLimit-Reset": str(int(time() + REST))}
        server.rate_limited = reset if how == "rate-limited" else None
        server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
        server.fails_after_publishing = how == "lost"
        server.lists_late = 2 if how == "lists-late" else 0


class SandboxPeer(Peer):
    def __init__(self) -> None:
        self._shelf = MemoryShelf()
        kit = Kit(http=Http(allow=frozenset()), shelf=self._shelf)
        self.source = self.our_source = self.channel = sandbox.connect({"account": "brand"}, {}, kit)

    def say(self, text: str) -> str:
        return sandbox.say(self._shelf, "brand", "anna", text, datetime.now(UTC))

    def say_as_us(self, text: str) -> None:
        sandbox.say(self._shelf, "brand", "brand", text, datetime.now(UTC))

    def ours(self) -> list[str]:
        return [entry.note.text for entry in sandbox.wall(self._shelf, "brand") if entry.ours]

    def fail(self, how: str) -> None:
        sandbox.set_mood(self._shelf, "brand", how)


class FeedPeer(Peer):
    """An RSS feed, newest item first, as they are."""

    def __init__(self, server: "FeedServer") -> None:
        self._server = server
        http = Http(allow=frozenset({(server.host, server.port)}))
        self.source = platform("feed", {"url": f"{server.url}/feed"}, {}, http)

    def say(self, text: str) -> str:
        self._server.texts.append(text)
        return str(len(self._server.texts))


class FeedServer(Server):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def answer(self, request: Request) -> Reply:
        start = datetime(2026, 11, 1, tzinfo=UTC)
        items = [
            f"<item><guid isPermaLink='false'>{n}</guid><description>{escape(text)}</description>"
            f"<author>anna@blog.example (Anna)</author>"
            f"<pubDate>{format_datetime(start + timedelta(minutes=n))}</pubDate></item>"
            for n, text in enumerate(self.texts, 1)
        ]
        rss = f"<rss version='2.0'><channel><title>A blog</title>{''.join(reversed(items))}</channel></rss>"
        return Reply(200, rss.encode(), {"Content-Type": "application/rss+xml"})


class RealMastodon(Peer):
    """A server that speaks Mastodon's API, and an account on it that may write in public.

    The account is its own stranger, under a hashtag of this run; what it wrote is deleted at the end.
    """

    patience = 20.0

    def __init__(self, instance: str, token: str) -> None:
        parts = urlsplit(instance)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._http = Http(allow=frozenset({(parts.hostname or "", port)}))
        self._instance, self._token = instance.rstrip("/"), token
        us = self._ask("GET", "/api/v1/accounts/verify_credentials")
        self._id, self._tag, self._said = us["id"], f"webspin{uuid4().hex[:10]}", list[str]()
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
        """Answers only: what we said as a stranger is not ours."""
        return [status["content"] for status in reversed(self._answers())]

    def _answers(self) -> list[dict[str, Any]]:
        page = self._ask("GET", f"/api/v1/accounts/{self._id}/statuses?limit=40")
        return [status for status in page if status["in_reply_to_id"] in self._said]

    def clean(self) -> None:
        for id in [status["id"] for status in self._answers()] + self._said:
            self._ask("DELETE", f"/api/v1/statuses/{id}")

    def _ask(self, method: str, path: str, value: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        body = dumps(value).encode() if value else None
        answer: Answer = self._http.request(method, self._instance + path, headers=headers, body=body)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body[:200]!r}"
        return loads(answer.body)


@contextmanager
def _mastodon(kind: str) -> Iterator[Peer]:
    with Mastodon() as server:
        yield MastodonPeer(server, kind)


@contextmanager
def _bluesky(kind: str) -> Iterator[Peer]:
    with Bluesky() as server:
        yield BlueskyPeer(server, kind)


@contextmanager
def _sandbox() -> Iterator[Peer]:
    yield SandboxPeer()


@contextmanager
def _feed() -> Iterator[Peer]:
    with FeedServer() as server:
        yield FeedPeer(server)


@contextmanager
def _real_mastodon() -> Iterator[Peer]:
    peer = RealMastodon(environ["WEBSPIN_PEER_MASTODON"], environ["WEBSPIN_PEER_MASTODON_TOKEN"])
    try:
        yield peer
    finally:
        peer.clean()


Opens = Callable[[], AbstractContextManager[Peer]]
SIMULATED: dict[str, Opens] = {
    "bluesky": lambda: _bluesky("mentions"),
    "mastodon": lambda: _mastodon("mentions"),
    "sandbox": _sandbox,
}
REAL: dict[str, Opens] = {"a real mastodon": _real_mastodon} if environ.get("WEBSPIN_PEER_MASTODON") else {}
SEARCHES: dict[str, Opens] = {
    "bluesky search": lambda: _bluesky("search"),
    "mastodon hashtag": lambda: _mastodon("hashtag"),
}
FEED: dict[str, Opens] = {"feed": _feed}
