"""WordPress for the contract: a site with a user of ours, where strangers comment as they do on its pages.

`WEBSPIN_PEER_WORDPRESS` names it, `WEBSPIN_PEER_WORDPRESS_LOGIN` has `name:application password` of an editor
there; with `_PLAIN` behind `WORDPRESS` one whose addresses are plain. What our user wrote and all comments
are taken away after each test; do not name one that others use.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.client import HTTPConnection
from itertools import count
from json import dumps, loads
from os import environ
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.platforms.peers import Net, Peer, platform
from tests.platforms.real_mastodon import http_to


class RealWordPress(Peer):
    counted = (0, 6, 3, 26, 8)
    keeps_tokens = False
    _places = count(2)

    def __init__(self, site: str, login: str) -> None:
        self.name, _, self.password = login.partition(":")
        self.host = urlsplit(site).netloc
        self.site, self._http = site, http_to(site)
        self._headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}
        self._us = self.ask("GET", "/users/me")["id"]
        settings = {"site": site, "account": self.name}
        self.source = self.our_source = self.channel = platform(
            "wordpress", settings, {"app_password": self.password}, self._http
        )

    def say(self, text: str) -> str:
        """By the form below the post, from another address each time: one may write every 15 seconds."""
        host, _, number = self.host.partition(":")
        number_of_place = next(self._places)
        place = f"127.0.{number_of_place // 250}.{number_of_place % 250 + 2}"
        form = {
            "comment_post_ID": "1",
            "author": "Anna",
            "email": f"anna{number_of_place}@example.org",
            "comment": escape(text, quote=False),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        asked = HTTPConnection(host, int(number or 80), timeout=30, source_address=(place, 0))
        try:
            asked.request("POST", "/wp-comments-post.php", urlencode(form), kind)
            answer = asked.getresponse()
            said, there = answer.read(), answer.getheader("Location") or ""
        finally:
            asked.close()
        assert "#comment-" in there, f"{answer.status}: {said[-500:]!r}"
        return f"{self.host}/{there.rpartition('#comment-')[2]}"

    def say_as_us(self, text: str) -> None:
        self.ask("POST", "/comments", {"post": 1, "content": text})

    def ours(self) -> list[str]:
        written = [*self._posts(), *(each for each in self.comments() if each["author"] == self._us)]
        return [
            each["content"]["rendered"] for each in sorted(written, key=lambda each: str(each["date_gmt"]))
        ]

    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/comments&per_page=100&type=all")
        return found

    def _posts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"/posts&per_page=100&author={self._us}")
        return found

    def clean(self) -> None:
        for each in self.comments():
            self.ask("DELETE", f"/comments/{each['id']}&force=true")
        for each in self._posts():
            self.ask("DELETE", f"/posts/{each['id']}&force=true")

    def ask(self, method: str, path: str, value: dict[str, Any] | None = None) -> Any:
        """By the address that the API has whatever its site's addresses look like."""
        answer = self._http.request(
            method,
            f"{self.site}/?rest_route=/wp/v2{path}",
            headers=self._headers | {"Content-Type": "application/json"},
            body=dumps(value).encode() if value else None,
            seconds=30,
        )
        assert answer.status in (200, 201), f"{method} {path}: {answer.status} {answer.body[:300]!r}"
        return loads(answer.body)


@contextmanager
def _open(name: str) -> Iterator[Peer]:
    peer = opened(name)
    try:
        yield peer
    finally:
        peer.clean()


def opened(name: str) -> RealWordPress:
    return RealWordPress(environ[name], environ[f"{name}_LOGIN"])


def _net(name: str) -> Net:
    return Net(open=lambda: _open(name), keeps_tokens=False, lists=True)


NETS: dict[str, Net] = {
    f"wordpress{how} for real": _net(name)
    for how, name in (("", "WEBSPIN_PEER_WORDPRESS"), (" of plain addresses", "WEBSPIN_PEER_WORDPRESS_PLAIN"))
    if environ.get(name)
}
