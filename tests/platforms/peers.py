"""The networks the contract is asked of, each behind the same few verbs.

A simulated one can be told to fail; a real one, whose address is in the environment, cannot.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from importlib import import_module
from pathlib import Path
from time import time
from types import ModuleType
from typing import Any, Protocol, TypeVar

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import connect, hackernews, sandbox
from chalicelib.platforms._atproto import at_uri
from chalicelib.ports import Counts, Deletes, Kit, Listens, Measures, Speaks
from tests.platforms.memory import MemoryShelf
from tests.servers.base import Reply, Request, Server
from tests.servers.bluesky import PASSWORD, US, Bluesky
from tests.servers.discourse import KEY, US as US_THERE, Discourse
from tests.servers.hackernews import HackerNews
from tests.servers.mastodon import TOKEN, Mastodon

FAILURES = ("refuse", "unauthorized", "rate-limited", "down", "lost", "lists-late")
REST = 30.0


class Channel(Speaks, Deletes, Measures, Counts, Protocol):
    """An account that speaks."""


class Peer:
    """A network with an account of ours. What a network has no such thing as stays unset.

    `patience` are the seconds its lists may lag behind what was written.
    """

    patience = 0.0
    counted = (0, 5, 1, 2, 1)
    """How long the network counts these: nothing, naïve, an e with an accent of its own, a family with an
    exclamation mark, a flag."""
    followed = True
    """Are there followers of an account?"""
    hears_itself = True
    """Does what we write come back to `source`, which is not told who we are?"""
    polled = True
    """Is `source` asked over the net each time? Not where what calls us brings it."""
    traced = True
    """As `Net.traced`."""
    keeps_tokens = True
    """As `Net.keeps_tokens`."""
    single = False
    """Does a message have one answer of ours at most?"""
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

    def take_away(self, id: str) -> None:
        """Who wrote it removes it: of a network that can be asked for it again."""
        raise NotImplementedError

    def change(self, id: str, text: str) -> None:
        """Who wrote it changes it: of the same."""
        raise NotImplementedError

    def asked(self) -> int:
        """How many requests came there: of the same."""
        raise NotImplementedError

    def ours(self) -> list[str]:
        """What the network holds of us, oldest first."""
        raise NotImplementedError

    def shown(self, remote_id: str) -> list[str] | None:
        """What the images of a message of ours show, in order; None where its server does not tell."""
        return None

    def react(self, remote_id: str) -> Numbers:
        """Others react to a message of ours, each in the ways there are; what the network then says of it."""
        raise NotImplementedError

    def follow(self) -> tuple[int | None, int | None]:
        """Two follow us; what the network then says of our account."""
        raise NotImplementedError

    def fail(self, how: str) -> None:
        """One of `FAILURES`, or "" to be well again."""
        raise NotImplementedError


S = TypeVar("S", bound=Server)


@contextmanager
def standing_in(module: ModuleType, server: S, address: str = "") -> Iterator[S]:
    """The server, or what of it is at `address`, where the module looks for its network (`API`)."""
    was = module.API
    with server:
        module.API = address or server.url  # type: ignore[attr-defined]
        try:
            yield server
        finally:
            module.API = was  # type: ignore[attr-defined]


RESTS = ({"Retry-After": str(int(REST))}, None)


def fails(
    server: Any,
    how: str,
    *,
    refuses: tuple[Any, Any] = (True, False),
    locked: str = "expired_token",
    lost: str = "fails_after_publishing",
    rests: tuple[Any, Any] = RESTS,
) -> None:
    """As `Peer.fail`, by the attributes of a server; of pairs the second is when it is well."""
    server.refuses = refuses[how != "refuse"]
    setattr(server, locked, how == "unauthorized")
    server.rate_limited = rests[how != "rate-limited"]
    server.answers = (503, b"<html>Down for maintenance</html>") if how == "down" else None
    setattr(server, lost, how == "lost")
    server.lists_late = 2 if how == "lists-late" else 0


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
        self.hears_itself = kind == "hashtag"
        settings = {"kind": kind} | ({"tag": "bread"} if kind == "hashtag" else {})
        self.source = mastodon(server, **settings)
        self.our_source = mastodon(server, **settings, account="@Brand")
        self.channel = mastodon(server)

    def say(self, text: str) -> str:
        return self._server.say(self._prefix + text)

    def say_as_us(self, text: str) -> None:
        self._server.say(self._prefix + text, "brand")

    def take_away(self, id: str) -> None:
        self._server.take_away(id)

    def change(self, id: str, text: str) -> None:
        self._server.edit(id, self._prefix + text)

    def asked(self) -> int:
        return len(self._server.requests)

    def ours(self) -> list[str]:
        return [status.text for status in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        return self._server.shown(remote_id)

    def react(self, remote_id: str) -> Numbers:
        for _ in range(3):
            self._server.favourite(remote_id)
        for _ in range(2):
            self._server.boost(remote_id)
        self._server.say("Nice", reply_to=remote_id)
        return Numbers(reactions=3, shares=2, replies=1)

    def follow(self) -> tuple[int | None, int | None]:
        for acct in ("anna@elsewhere.example", "bram"):
            self._server.follow(acct)
        return 2, 3

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

    def take_away(self, id: str) -> None:
        self._server.take_away(at_uri(id))

    def change(self, id: str, text: str) -> None:
        self._server.edit(at_uri(id), self._prefix + text)

    def asked(self) -> int:
        return len(self._server.requests)

    def ours(self) -> list[str]:
        return [post.record["text"] for post in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        (post,) = (post for post in self._server.ours() if post.rkey == remote_id.partition("/")[2])
        return [image["alt"] for image in post.record.get("embed", {}).get("images", ())]

    def react(self, remote_id: str) -> Numbers:
        (uri,) = (post.uri for post in self._server.ours() if post.rkey == remote_id.partition("/")[2])
        for _ in range(3):
            self._server.like(uri)
        self._server.repost(uri)
        self._server.say("Look at this", quotes=uri)
        self._server.say("Nice", parent=uri)
        return Numbers(reactions=3, shares=2, replies=1)

    def follow(self) -> tuple[int | None, int | None]:
        for handle in ("anna.test", "bram.test"):
            self._server.follow(handle)
        return 2, 3

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

    def shown(self, remote_id: str) -> list[str]:
        (note,) = (each.note for each in sandbox.wall(self._shelf, "brand") if each.id == remote_id)
        return list(note.images)

    def react(self, remote_id: str) -> Numbers:
        sandbox.say(self._shelf, "brand", "anna", "Nice", datetime.now(UTC), remote_id)
        return Numbers(replies=1)

    def follow(self) -> tuple[int | None, int | None]:
        for visitor in ("anna", "bram", "anna"):
            sandbox.say(self._shelf, "brand", visitor, "Hello", datetime.now(UTC))
        return 2, None

    def fail(self, how: str) -> None:
        sandbox.set_mood(self._shelf, "brand", how)


class HackerNewsPeer(Peer):
    def __init__(self, server: HackerNews) -> None:
        self._server = server
        http = Http(allow=frozenset({(server.host, server.port)}))
        settings = {"kind": "search", "query": '"our bread"'}
        self.source = platform("hackernews", settings, {}, http)
        self.our_source = platform("hackernews", {**settings, "account": "Brand"}, {}, http)

    def say(self, text: str) -> str:
        return self._server.say(f"our bread: {text}")

    def say_as_us(self, text: str) -> None:
        self._server.say(f"our bread: {text}", "brand")


def discourse(forum: Discourse, key: str = KEY, account: str = US_THERE) -> Any:
    """The platform module, connected to a forum of `tests/servers/`."""
    http = Http(allow=frozenset({(forum.host, forum.port)}))
    return platform("discourse", {"forum": forum.url, "account": account}, {"api_key": key}, http)


class DiscoursePeer(Peer):
    counted = (0, 5, 2, 8, 2)
    followed = False

    def __init__(self, server: Discourse) -> None:
        self._server = server
        self.source = self.our_source = self.channel = discourse(server)

    def say(self, text: str) -> str:
        post = self._server.say(f"@brand {text}")
        return f"{self._server.host}:{self._server.port}/{post.topic}/{post.number}"

    def say_as_us(self, text: str) -> None:
        self._server.say(text, US_THERE)

    def ours(self) -> list[str]:
        return [post.raw for post in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        topic, number = map(int, remote_id.split("/")[1:])
        (post,) = (each for each in self._server.posts if (each.topic, each.number) == (topic, number))
        return re.findall(r"!\[([^|]*)\|4x3\]\(upload://", post.raw)

    def react(self, remote_id: str) -> Numbers:
        topic, number = map(int, remote_id.split("/")[1:])
        (post,) = (each for each in self._server.posts if (each.topic, each.number) == (topic, number))
        post.likes = 3
        self._server.say("Nice", topic=topic, reply_to=number)
        return Numbers(reach=4, reactions=3, replies=1)

    def fail(self, how: str) -> None:
        fails(self._server, how, locked="expired_key")


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
def _discourse() -> Iterator[Peer]:
    with Discourse() as server:
        yield DiscoursePeer(server)


@contextmanager
def _hackernews() -> Iterator[Peer]:
    with standing_in(hackernews, HackerNews()) as server:
        yield HackerNewsPeer(server)


@contextmanager
def _feed() -> Iterator[Peer]:
    with FeedServer() as server:
        yield FeedPeer(server)


Opens = Callable[[], AbstractContextManager[Peer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A network, and what of the contract is asked of it. `posts`, `answers`: what it takes from us.
    `traced`: what we wrote there can be looked up again, so that no answer stays lost.
    `keeps_tokens`: asked twice with one token it writes once; else who asks again has to look before.
    `lists`: it gives the latest, whole each time, whatever we have of it. `lacks`: what its platform can, and
    this server not; `limit`: it takes a text of any length."""

    open: Opens
    hears: bool = True
    posts: bool = True
    answers: bool = True
    traced: bool = True
    keeps_tokens: bool = True
    lists: bool = False
    lacks: frozenset[str] = frozenset()

    @property
    def speaks(self) -> bool:
        return self.posts or self.answers

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways in which we speak there."""
        return ("post",) * self.posts + ("reply",) * self.answers


def only_hears(opens: Opens) -> Net:
    return Net(open=opens, posts=False, answers=False)


NETS: dict[str, Net] = {
    "bluesky": Net(open=lambda: _bluesky("mentions")),
    "bluesky search": only_hears(lambda: _bluesky("search")),
    "discourse": Net(open=_discourse),
    "feed": Net(open=_feed, posts=False, answers=False, lists=True),
    "hackernews": only_hears(_hackernews),
    "mastodon": Net(open=lambda: _mastodon("mentions")),
    "mastodon hashtag": only_hears(lambda: _mastodon("hashtag")),
    "sandbox": Net(open=_sandbox),
}
"""By a name that begins with the platform's, an ear of it behind that. Files `peer_*.py` beside this one have
further ones under the same name."""


def every() -> dict[str, Net]:
    """Those of this file and of all beside it."""
    found = dict(NETS)
    for file in sorted(Path(__file__).parent.glob("peer_*.py")):
        found |= import_module(f"tests.platforms.{file.stem}").NETS
    return found
