"""A web server with feeds. It honours conditions, and can be told to do all that bad feeds do.

    with Feeds() as server:
        server.publish("/news.xml", rss(item("1", "Hello")))
        server.misbehave("/bomb.xml", bomb())

The answers at the end of this file are what strangers' servers have been seen to send.
"""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import repeat
from xml.sax.saxutils import escape

from tests.servers.base import Reply, Request, Server

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml"
JSON = "application/feed+json"


class Feeds(Server):
    """Documents by path. Each has an ETag and a Last-Modified, and is not sent to those who have it."""

    def __init__(self) -> None:
        super().__init__()
        self._documents: dict[str, Reply] = {}
        self._misbehaviour: dict[str, Callable[[], Reply]] = {}

    def publish(self, path: str, body: bytes, content_type: str = RSS, **headers: str) -> str:
        """Put a document up, or change it; its address. Names of `headers` have _ for -."""
        with self.lock:
            self._misbehaviour.pop(path, None)
            known = {
                "Content-Type": content_type,
                "ETag": f'"{sha256(body).hexdigest()[:12]}"',
                "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT",
            }
            more = {name.replace("_", "-"): value for name, value in headers.items()}
            self._documents[path] = Reply(body=body, headers={**known, **more})
        return self.url + path

    def misbehave(self, path: str, reply: Reply | Callable[[], Reply]) -> str:
        """Answer so at this path from now on; its address."""
        with self.lock:
            self._misbehaviour[path] = reply if callable(reply) else lambda: reply
        return self.url + path

    def answer(self, request: Request) -> Reply:
        if request.path in self._misbehaviour:
            return self._misbehaviour[request.path]()
        document = self._documents.get(request.path)
        if document is None:
            return Reply(404)
        if request.headers.get("if-none-match") == document.headers["ETag"]:
            kept = {name: value for name, value in document.headers.items() if name != "Content-Type"}
            return Reply(304, headers=kept)
        if "gzip" in request.headers.get("accept-encoding", ""):
            packed = gzip.compress(document.body)
            return replace(document, body=packed, headers={**document.headers, "Content-Encoding": "gzip"})
        return document


# documents -------------------------------------------------------------------------------------------


def item(guid: str, title: str, description: str = "", date: str = "Sat, 21 Nov 2026 10:00:00 GMT") -> str:
    """An RSS item; empty parts are left out."""
    parts = {"title": title, "guid": guid, "description": description, "pubDate": date}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}</item>"


def rss(*items: str, channel: str = "<title>Buurtblad</title>", encoding: str = "utf-8") -> bytes:
    """An RSS feed in an encoding that it declares."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'
    )
    return text.encode(encoding)


# misbehaviour ----------------------------------------------------------------------------------------


def hang(seconds: float = 30) -> Reply:
    """Takes the request and says nothing."""
    return Reply(stall=seconds)


def endless(content_type: str = RSS) -> Reply:
    """Sends without end, as fast as it can."""
    return Reply(headers={"Content-Type": content_type}, chunks=repeat(b"<item>" * 10_000))


def drip(pause: float = 0.02) -> Reply:
    """Sends a byte at a time, for ever: no single wait is long."""
    return Reply(headers={"Content-Type": RSS}, chunks=repeat(b" "), pause=pause)


def bomb(megabytes: int = 1000, encoding: str = "gzip") -> Reply:
    """A thousandth of `megabytes`, which unpacks to all of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    first, again = (packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    body = first + again * (megabytes - 1)
    return Reply(body=body, headers={"Content-Type": RSS, "Content-Encoding": encoding})


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": to})
