"""YouTube, as the contract is asked of it (`peers.py`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import youtube as module
from tests.platforms.payloads import nothing, polled
from tests.platforms.peers import Net, Peer, fails, only_hears, platform
from tests.servers.youtube import ANNA, KEY, TOKEN, US, Video, YouTube

COMMENTS = {"kind": "comments", "account": US}
SEARCH = {"kind": "search", "query": "bread", "account": US}
PAYLOADS = {
    "youtube_comment_threads*": polled("youtube", COMMENTS, {"api_key": KEY}),
    "youtube_comment_insert*": nothing,
    "youtube_push_*": polled("feed", {"url": "https://feed.example/feed"}, kind="application/atom+xml"),
}


def youtube(server: YouTube, token: str = "", **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`; to listen, where there is no token."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    secrets = {"token": token} if token else {"api_key": KEY}
    return platform("youtube", {"account": US, **settings}, secrets, http)


class YouTubePeer(Peer):
    counted = (0, 5, 2, 8, 2)
    keeps_tokens = False

    def __init__(self, server: YouTube) -> None:
        self._server = server
        self.source = self.our_source = youtube(server)
        self.channel = youtube(server, TOKEN)

    def say(self, text: str) -> str:
        return self._server.say(text)

    def take_away(self, id: str) -> None:
        self._server.comment(id).shown = False

    def change(self, id: str, text: str) -> None:
        comment = self._server.comment(id)
        comment.text, comment.changed = text, comment.changed + timedelta(minutes=1)

    def asked(self) -> int:
        return len(self._server.requests)

    def ours(self) -> list[str]:
        return [each.text for each in self._server.ours()]

    def react(self, remote_id: str) -> Numbers:
        self._server.comment(remote_id).likes = 3
        return Numbers(reactions=3)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.subscribers = 2
        return 2, None

    def fail(self, how: str) -> None:
        fails(self._server, how, refuses=("operationNotSupported 400", ""), locked="expired")


class YouTubeSearchPeer(Peer):
    def __init__(self, server: YouTube) -> None:
        self._server = server
        self.source = youtube(server, kind="search", query="bread", account="")
        self.our_source = youtube(server, kind="search", query="bread")
        server.videos.clear()

    def say(self, text: str) -> str:
        id = f"VIDEO{len(self._server.videos):06}"
        self._server.videos.append(Video(id, ANNA, "Our bread", text))
        return f"yt:video:{id}"

    def say_as_us(self, text: str) -> None:
        self._server.videos.append(Video("OURS", US, "Our bread", text))


@contextmanager
def _youtube(peer: type[YouTubePeer] | type[YouTubeSearchPeer]) -> Iterator[Peer]:
    was = module.API
    with YouTube() as server:
        module.API = server.url
        try:
            yield peer(server)
        finally:
            module.API = was


NETS = {
    "youtube": Net(open=lambda: _youtube(YouTubePeer), posts=False, keeps_tokens=False, lists=True),
    "youtube search": only_hears(lambda: _youtube(YouTubeSearchPeer)),
}
