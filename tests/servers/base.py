"""A small HTTP server with state, for networks that are not here. One class a network beside this file.

A test starts it, points a platform module at its `url`, and asks afterwards what it holds. How it
should misbehave is said through its attributes; how it answers is its contract (docs of the network).
"""

import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    """`headers` have small letters; `query` as `parse_qs` gives it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """`stall` seconds of silence before the answer; `drop` closes the connection instead of answering;
    `chunks` are sent as they come, without a length, `pause` seconds apart."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stall: float = 0
    drop: bool = False
    chunks: Iterable[bytes] | None = None
    pause: float = 0


def form(request: Request) -> dict[str, tuple[bytes, str]]:
    """The parts of a form with files: by name the bytes, and the type they say they are."""
    mark = request.headers["content-type"].partition("boundary=")[2].encode()
    found = {}
    for part in request.body.split(b"--" + mark)[1:-1]:
        head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        kind = head.partition(b"Content-Type: ")[2].decode()
        found[name] = body.removesuffix(b"\r\n"), kind
    return found


class Server:
    """Subclasses override `answer`. Every request is kept in `requests`, in order of arrival."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        self._closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.host, self.port = "127.0.0.1", self._http.server_address[1]
        self.url = f"http://{self.host}:{self.port}"

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError(f"{type(self).__name__} does not say how it answers")

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(
                    self.command,
                    parts.path,
                    parse_qs(parts.query, keep_blank_values=True),
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                with server.lock:
                    server.requests.append(request)
                    reply = server.answer(request)
                server._closing.wait(reply.stall) if reply.stall else None
                try:
                    self.write(reply)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def write(self, reply: Reply) -> None:
                if reply.drop:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.chunks is None:
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(reply.body)
                    return
                self.send_header("Connection", "close")
                self.close_connection = True
                self.end_headers()
                for chunk in reply.chunks:
                    if server._closing.is_set():
                        return
                    self.wfile.write(chunk)
                    self.wfile.flush()
                    sleep(reply.pause)

            def log_message(self, format: str, *args: object) -> None:
                """Tests say what went wrong; the server need not."""

        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_one)
        return Handler
