"""LinkedIn, as the contract asks it (`peers.py`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.http import Http
from chalicelib.platforms import linkedin as module
from chalicelib.platforms._linkedin_views import short, unmarked, urn
from tests.platforms.payloads import called, nothing
from tests.platforms.peers import Net, Peer, fails, platform, standing_in
from tests.servers.linkedin import PAGE, TOKEN, US, LinkedIn


def linkedin(server: LinkedIn, token: str = TOKEN, **settings: str) -> Any:
    """The platform module, connected to a server of `tests/servers/`."""
    http = Http(allow=frozenset({(server.host, server.port)}))
    return platform("linkedin", {"page": PAGE, **settings}, {"token": token}, http)


@contextmanager
def running() -> Iterator[LinkedIn]:
    """A server where the module looks for LinkedIn."""
    with standing_in(module, LinkedIn()) as server:
        yield server


class LinkedInPeer(Peer):
    counted = (0, 5, 2, 8, 2)

    def __init__(self, server: LinkedIn) -> None:
        self._server = server
        self.source = self.our_source = self.channel = linkedin(server)

    def say(self, text: str) -> str:
        return short(self._server.say(text).urn)

    def say_as_us(self, text: str) -> None:
        self._server.say(text, US)

    def ours(self) -> list[str]:
        return [unmarked(text) for text in self._server.ours()]

    def shown(self, remote_id: str) -> list[str]:
        (post,) = (each for each in self._server.posts if each.urn == urn(remote_id))
        one, several = post.content.get("media"), post.content.get("multiImage", {"images": []})
        return [each["altText"] for each in ([one] if one else several["images"])]

    def react(self, remote_id: str) -> Numbers:
        name = urn(remote_id)
        if "/" in remote_id:
            (said,) = (each for each in self._server.comments if each.urn == name)
            said.liked = 3
            self._server.say("Nice", post=said.post, parent=name)
            return Numbers(reactions=3, replies=1)
        (post,) = (each for each in self._server.posts if each.urn == name)
        post.reached, post.liked, post.shared = 40, 3, 2
        self._server.say("Nice", post=name)
        return Numbers(reach=40, reactions=3, shares=2, replies=1)

    def follow(self) -> tuple[int | None, int | None]:
        self._server.followers = 2
        return 2, None

    def fail(self, how: str) -> None:
        fails(self._server, how)


@contextmanager
def _linkedin() -> Iterator[Peer]:
    with running() as server:
        yield LinkedInPeer(server)


NETS = {"linkedin": Net(open=_linkedin)}
PAYLOADS = {"linkedin_create_*": nothing, "linkedin_social_action_*": called("linkedin")}
