"""The networks of the measurements, in process: feeds and servers that have news when they are told to."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bench.brand import rss, statuses
from chalicelib.errors import Unreachable
from chalicelib.ports import Answer

FEED_PAGE, STATUS_PAGE = 20, 40

_FEED = re.compile(r"https://feeds\.example/(\d+)/news\.xml")
_TAG = re.compile(r"https://social-(\d+)\.example/api/v1/timelines/tag/")

News = tuple[int, str]
"""A text with its number."""


class Internet:
    """Implements `ports.Http`. A feed without news answers 304, a server an empty list.

    `requests` counts what was asked.
    """

    def __init__(self) -> None:
        self.requests = 0
        self._pages: dict[int, list[News]] = {}
        self._versions: dict[int, int] = {}
        self._waiting: dict[int, list[News]] = {}
        self._always: set[int] = set()

    def publish(self, feed: int, news: Sequence[News]) -> None:
        """Newest last; the page keeps its last twenty."""
        self._pages[feed] = [*self._pages.get(feed, ()), *news][-FEED_PAGE:]
        self._versions[feed] = self._versions.get(feed, 0) + 1

    def post(self, server: int, news: Sequence[News], *, always: bool = False) -> None:
        """One page of a hashtag, given once, or to everybody who asks."""
        self._waiting[server] = list(news)
        if always:
            self._always.add(server)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        self.requests += 1
        if found := _FEED.match(url):
            return self._feed(
                int(found[1]), url, {name.lower(): value for name, value in (headers or {}).items()}
            )
        if found := _TAG.match(url):
            server = int(found[1])
            news = self._waiting.get(server, [])
            if server not in self._always:
                self._waiting[server] = []
            return Answer(200, {}, statuses(server, news, datetime.now(UTC)), url)
        raise Unreachable(f"{url} is not in this internet")

    def _feed(self, number: int, url: str, headers: Mapping[str, str]) -> Answer:
        tag = f'"{self._versions[number]}"'
        if headers.get("if-none-match") == tag:
            return Answer(304, {"etag": tag}, b"", url)
        page = rss(number, self._pages[number], datetime.now(UTC))
        return Answer(200, {"etag": tag, "content-type": "application/rss+xml"}, page, url)
