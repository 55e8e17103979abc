"""A web server before one that is never asked directly: it passes on what comes for any name."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

HOP = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length"})


@contextmanager
def front(number: int, behind: int) -> Iterator[None]:
    """At port `number`, as a server and as a proxy (`http_proxy`), for the one at port `behind`."""

    class Passes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            asked = HTTPConnection("127.0.0.1", behind, timeout=30)
            try:
                asked.request(self.command, path, body or None, headers)
                answer = asked.getresponse()
                said = answer.read()
            finally:
                asked.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                with suppress(ConnectionError):  # who asked waits no longer
                    self.wfile.write(said)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", number), Passes)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
