"""The one door out: whatever this system sends to a stranger, or reads from one, passes here.

An address is vetted in three steps, and again at every redirect:

1. its form: http or https, no user name, no tricks with characters;
2. its port: 80 or 443;
3. every address its name leads to: all of them lie on the public internet.

Then the connection is made to an address that was vetted, never to the name again, so that a name
which changes its mind in between gains nothing. The certificate is checked for the name.

One deadline spans it all. A socket's own time limit begins anew with every byte, and a stranger who
sends one byte a second would keep us forever.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from chalicelib.addresses import PORTS, Target, is_public
from chalicelib.errors import Blocked, Lost, TooBig, Unreachable
from chalicelib.ports import Answer

if TYPE_CHECKING:
    import socket
    import ssl

    from urllib3 import BaseHTTPResponse

AGENT = "Webspin/0.1"
CHUNK = 16_384

LookUp = Callable[[str, int], Sequence[str]]
"""From a name and port to all its addresses, as text. Raises OSError."""


def look_up(host: str, port: int) -> list[str]:
    import socket

    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Http:
    """Implements `ports.Http`. Never tries twice: whether that is safe, only the caller knows.

    `allow` are the exact (host, port) pairs that may lie inside the network or use another port.
    """

    def __init__(self, allow: frozenset[tuple[str, int]] = frozenset(), look_up: LookUp = look_up) -> None:
        self._allow = allow
        self._look_up = look_up

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
        deadline = _Deadline(seconds)
        target = Target.of(url)
        ours = {name.lower(): value for name, value in (headers or {}).items()}
        permanent, hops = True, 0
        while True:
            answer = self._exchange(method, target, ours, body, deadline, max_bytes)
            location = _location(answer) if method in ("GET", "HEAD") else ""
            if not location:
                return replace(answer, moved=target.url if hops and permanent else "")
            hops += 1
            if hops > redirects:
                raise Blocked(f"redirects more than {redirects} times")
            permanent = permanent and answer.status in (301, 308)
            following = Target.of(location, base=target.url)
            if following.origin != target.origin:
                ours.pop("authorization", None)
            target = following

    def _exchange(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: _Deadline,
        max_bytes: int,
    ) -> Answer:
        """One request, one answer. Until `_connected` returns, nothing of the request was sent."""
        from http.client import HTTPException

        from urllib3.exceptions import HTTPError, ReadTimeoutError

        try:
            sock = self._connected(target, deadline)
        except TimeoutError:
            raise Unreachable(deadline.missed) from None
        try:
            return _talk(_Timed(sock, deadline), method, target, headers, body, max_bytes)
        except (TimeoutError, ReadTimeoutError):
            raise Lost(deadline.missed) from None
        except (OSError, HTTPException, HTTPError):
            raise Lost("broke off its answer, or did not answer in HTTP") from None
        finally:
            sock.close()

    def _connected(self, target: Target, deadline: _Deadline) -> socket.socket:
        """A connection to an address that was vetted; with TLS, and the name's certificate, for https."""
        import socket

        addresses = self._vetted(target, deadline)
        for tried, address in enumerate(addresses):
            share = deadline.left() / (len(addresses) - tried)
            try:
                sock = socket.create_connection((address, target.port), timeout=share)
            except OSError:
                continue
            return _secured(sock, target, deadline) if target.scheme == "https" else sock
        deadline.left()
        raise Unreachable(f"{target.host} could not be reached")

    def _vetted(self, target: Target, deadline: _Deadline) -> list[str]:
        """Where the target's name leads, if we may go there. Raises Blocked, Unreachable."""
        allowed = (target.host, target.port) in self._allow
        if not allowed and target.port not in PORTS.values():
            raise Blocked(f"port {target.port} is not opened, only 80 and 443")
        addresses = self._resolved(target, deadline)
        if not allowed and not all(map(is_public, addresses)):
            raise Blocked(f"{target.host} leads inside the network")
        return addresses

    def _resolved(self, target: Target, deadline: _Deadline) -> list[str]:
        """The system's look-up knows no time limit, so it is waited for from outside."""
        from queue import Empty, SimpleQueue
        from threading import Thread

        found: SimpleQueue[Sequence[str] | None] = SimpleQueue()

        def ask() -> None:
            try:
                found.put(self._look_up(target.host, target.port))
            except (OSError, UnicodeError):
                found.put(None)

        Thread(target=ask, daemon=True).start()
        try:
            addresses = found.get(timeout=deadline.left())
        except Empty:
            raise Unreachable(deadline.missed) from None
        if not addresses:
            raise Unreachable(f"the name {target.host} is not known")
        return list(addresses)


def _location(answer: Answer) -> str:
    """Where the answer sends us; "" if nowhere. Headers are read as Latin-1, and often are UTF-8."""
    if answer.status not in (301, 302, 303, 307, 308):
        return ""
    return answer.headers.get("location", "").encode("latin-1").decode("utf-8", "replace")


# the connection --------------------------------------------------------------------------------------


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds
        self.missed = f"did not answer within {seconds:g} seconds"

    def left(self) -> float:
        """Seconds; raises TimeoutError when there are none."""
        if (left := self._end - monotonic()) <= 0:
            raise TimeoutError
        return left


class _Timed(io.RawIOBase):
    """A connected socket whose every wait ends at the deadline.

    Plays the socket for http.client, and the file it reads from: `close` leaves the socket open,
    since http.client closes the one before it has read the other.
    """

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        for start in range(0, len(data), CHUNK):
            self._sock.settimeout(self._deadline.left())
            self._sock.sendall(data[start : start + CHUNK])

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Timed(self._sock, self._deadline))

    def settimeout(self, seconds: float | None) -> None:
        """The deadline decides."""


def _secured(sock: socket.socket, target: Target, deadline: _Deadline) -> socket.socket:
    import ssl

    try:
        sock.settimeout(deadline.left())
        return _tls().wrap_socket(sock, server_hostname=target.host.rstrip("."))
    except TimeoutError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"{target.host} has no valid certificate: {error.verify_message}") from None
    except (OSError, ValueError):
        raise Unreachable(f"no secure connection with {target.host} could be made") from None
    finally:
        sock.close()  # wrapped, it is an empty shell; else it is of no more use


@cache
def _tls() -> ssl.SSLContext:
    """Kept, because reading the certificates of the world takes longer than a request."""
    import ssl

    return ssl.create_default_context()


# the exchange ----------------------------------------------------------------------------------------


def _talk(
    sock: _Timed, method: str, target: Target, headers: Mapping[str, str], body: bytes | None, max_bytes: int
) -> Answer:
    import logging

    from urllib3.connection import HTTPConnection

    # It warns of odd headers with the whole URL, and an URL may hold a secret.
    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
    connection = HTTPConnection(target.host, target.port)
    connection.sock = cast("socket.socket", sock)
    ours = {"host": target.authority, "accept-encoding": "gzip, deflate", "connection": "close"}
    given = {name.lower(): value for name, value in headers.items()}
    sending = {"user-agent": AGENT, **given, **ours}  # Reddit wants another name of each app
    connection.request(
        method, target.path, body=body, headers=sending, preload_content=False, decode_content=False
    )
    response = connection.getresponse()
    try:
        found = {name.lower(): value for name, value in response.headers.itermerged()}
        content = b"" if method == "HEAD" or 300 <= response.status < 400 else _body(response, max_bytes)
        return Answer(response.status, found, content, target.url)
    finally:
        response.close()


def _body(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """The body, unpacked; never more in memory than allowed, however small it was packed."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    body, taken, unpacker = bytearray(), 0, None
    try:
        while data := response.read(CHUNK):
            taken += len(data)
            while data and taken <= max_bytes and len(body) <= max_bytes:
                unpacker = unpacker or _unpacker(encoding, data)
                body += unpacker.decompress(data, max_bytes + 1 - len(body)) if unpacker else data
                data = unpacker.unused_data if unpacker else b""
                unpacker = None if unpacker and unpacker.eof else unpacker
            if taken > max_bytes or len(body) > max_bytes:
                raise TooBig(f"sent more than {max_bytes / 1e6:g} MB")
    except zlib.error:
        raise Lost("sent something that cannot be unpacked") from None
    if unpacker:
        raise Lost("broke off its answer")
    return bytes(body)


def _unpacker(encoding: str, data: bytes) -> Any:
    """What undoes the encoding of a body that begins with `data`; None where there is nothing to undo."""
    if encoding == "identity":
        return None
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(31)
    if encoding == "deflate":  # some servers leave out its header
        headed = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
        return zlib.decompressobj(15 if headed else -15)
    raise Lost("answered in an encoding we did not ask for")
