"""The example world's reviewer: signed deliveries to the webhook, as Standard Webhooks says.

Scheme: https://github.com/standard-webhooks/standard-webhooks, read 2026-08-17. The webhook-id stays the
same over tries and restarts, so that a review that is sent twice is one mention.
"""

import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from infra.local.world.times import Calendar, Said, Stream

LONGEST_REST = 30.0
SECONDS = 15.0


def body(review: Said) -> bytes:
    """The payload that `platforms/webhook.py` describes."""
    at = review.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    data = {
        "id": review.id,
        "author": {"handle": review.line.author},
        "text": review.line.text,
        "url": f"https://reviews.example/wiekeling/{review.id}",
        "posted_at": at,
        "language": review.line.language,
    }
    value = {"type": "mention.created", "timestamp": at, "data": data}
    return json.dumps(value, ensure_ascii=False).encode()


def signed(id: str, payload: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers of one try at `now`. `secret` is `whsec_` and a key in base64."""
    stamp = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{id}.{stamp}.".encode() + payload, "sha256")
    return {
        "Content-Type": "application/json",
        "User-Agent": "example-world",
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }


def post(url: str, payload: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. Raises OSError, HTTPException.

    Names below `.localhost` are this machine by RFC 6761, though not every resolver knows it.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    host = "127.0.0.1" if name == "localhost" or name.endswith(".localhost") else name
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, parts.port, timeout=SECONDS)
    try:
        connection.request("POST", parts.path, payload, {**headers, "Host": parts.netloc})
        return connection.getresponse().status
    finally:
        connection.close()


class Reviewer:
    """Sends each review of a stream when it falls due, in order, until it is taken.

    `secret` is asked at each try and may raise OSError or ValueError.
    """

    def __init__(
        self,
        url: str,
        secret: Callable[[], str],
        stream: Stream,
        calendar: Calendar,
        clock: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._secret = secret
        self._stream = stream
        self._calendar = calendar
        self._clock = clock
        self._taken: set[str] = set()
        self.rest = 1.0
        """Seconds to the next step."""
        self.trouble = ""
        """Why the last try failed; "" when it did not."""

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: each second what is due, more slowly where the address does not answer."""
        while not stop.wait(self.rest):
            self.step()

    def step(self) -> None:
        """Send what is due now. After a failure the rest waits, longer each time up to `LONGEST_REST`."""
        for review in self._stream.said(self._calendar, self._clock()):
            if review.id in self._taken:
                continue
            self.trouble = self._try(review)
            if self.trouble:
                self.rest = min(LONGEST_REST, self.rest * 2)
                return
            self.rest = 1.0
            self._taken.add(review.id)

    def _try(self, review: Said) -> str:
        """Why it was not taken; "" if it was."""
        try:
            payload = body(review)
            headers = signed(f"msg_{review.id}", payload, self._secret(), self._clock())
            status = post(self._url, payload, headers)
        except (OSError, HTTPException, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        return "" if 200 <= status < 300 else f"HTTP {status}"
