"""The example world's web server: this machine only, read only, with conditional requests."""

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2s
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.world import feeds
from infra.local.world.times import Calendar, history, square


class World(ThreadingHTTPServer):
    """Serves /feed.xml, /history-<n>.json and /health on 127.0.0.1. Raises OSError for a port in use."""

    daemon_threads = True

    def __init__(self, port: int, calendar: Calendar, clock: Callable[[], datetime]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._calendar = calendar
        self._clock = clock
        self._square = square()
        self._history = history(calendar)

    def page(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body; None where nothing is."""
        if path == "/health":
            return "text/plain; charset=utf-8", b"ok\n"
        if path == "/feed.xml":
            said = self._square.said(self._calendar, self._clock())
            return "application/rss+xml; charset=utf-8", feeds.rss(said)
        found = re.fullmatch(r"/history-([1-9]\d?)\.json", path)
        if found and (number := int(found[1])) <= feeds.pages(self._history):
            return "application/feed+json; charset=utf-8", feeds.json_feed(self._history, number, self.url)
        return None


class _Handler(BaseHTTPRequestHandler):
    server: World
    timeout = 10

    def do_GET(self) -> None:
        page = self.server.page(self.path)
        if page is None:
            self._answer(404, "text/plain; charset=utf-8", b"nothing here\n")
            return
        kind, body = page
        etag = f'"{blake2s(body, digest_size=10).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, "", b"", etag)
        else:
            self._answer(200, kind, body, etag)

    def _answer(self, status: int, kind: str, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent: the terminal belongs to `make run`."""
