"""Meta's Graph API, as its documentation says: what Facebook, Instagram, Threads and WhatsApp have in common.

https://developers.facebook.com/docs/graph-api (error handling, rate limiting, paging)
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
SECRET = "test-app-secret-not-one"

T = TypeVar("T", bound="Note")


@dataclass
class Note:
    """A message of whoever `by` is."""

    id: str
    by: str
    text: str
    at: datetime
    deleted: bool = False


class Graph(Server):
    """How it misbehaves:

    * `fails_after_publishing`: does it, then answers 500; `drops_answer`: then closes the connection
    * `lists_late`: this many look-ups do not show messages
    * `expired_token`: nobody's token is good any more
    * `refuses`: this code to every message and every wish to delete one
    * `rate_limited`: refuses with code 4 and these headers
    * `headers`: go with every answer
    * `answers`: this status and body to everything
    """

    def __init__(self, version: str) -> None:
        super().__init__()
        self.api = f"{self.url}/{version}" if version else self.url
        self._prefix = f"/{version}" if version else ""
        self.token = TOKEN
        self.fails_after_publishing = self.drops_answer = self.expired_token = False
        self.refuses: tuple[int, int] | None = None
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.headers: dict[str, str] = {}
        self.answers: tuple[int, bytes] | None = None
        self.numbers = map(str, count(122_131_676_912_594))

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return error(4, 0, "(#4) Application request limit reached", 403, self.rate_limited)
        path = request.path.removeprefix(self._prefix)
        if not self.knows(request, path):
            return error(190, 463, "Error validating access token: Session has expired")
        reply = self.graph(request, path)
        reply.headers.update(self.headers)
        return reply

    def knows(self, request: Request, path: str) -> bool:
        return not self.expired_token and request.headers.get("authorization") == f"Bearer {self.token}"

    def graph(self, request: Request, path: str) -> Reply:
        raise NotImplementedError

    def made(self, value: Any) -> Reply:
        """It was done."""
        if self.drops_answer:
            return Reply(drop=True)
        return Reply(500, b"<html>Oops</html>") if self.fails_after_publishing else told(value)

    def late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late


def page(notes: list[T], request: Request, limit: int = 25) -> tuple[list[T], dict[str, Any]]:
    """Of a list, newest first, what is asked for by `limit` and `after`, and its `paging`."""
    size = int(request.query.get("limit", [str(limit)])[0])
    return part(notes, size, request.query.get("after", [""])[0])


def part(notes: list[T], size: int, after: str = "") -> tuple[list[T], dict[str, Any]]:
    newest = sorted(
        (note for note in notes if not note.deleted), key=lambda note: (note.at, note.id), reverse=True
    )
    ids = [note.id for note in newest]
    start = ids.index(after.removeprefix("QVFI")) + 1 if after else 0
    shown = newest[start : start + size]
    if not shown:
        return [], {}
    paging: dict[str, Any] = {"cursors": {"before": f"QVFI{shown[0].id}", "after": f"QVFI{shown[-1].id}"}}
    if start + size < len(newest):
        paging["next"] = "https://graph.example/next?access_token=hidden"
    return shown, paging


def listed(data: list[dict[str, Any]], paging: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "paging": paging} if paging else {"data": data}


def given(request: Request) -> dict[str, Any]:
    """The JSON that was sent."""
    found: dict[str, Any] = json.loads(request.body)
    return found


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def told(value: Any) -> Reply:
    return Reply(200, json.dumps(value).encode(), {"Content-Type": "application/json; charset=UTF-8"})


def error(
    code: int,
    sub: int = 0,
    message: str = "Invalid parameter",
    status: int = 400,
    headers: dict[str, str] | None = None,
) -> Reply:
    said = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf"}
    body = {"error": {**said, "error_subcode": sub} if sub else said}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


def gone() -> Reply:
    return error(100, 33, "Unsupported get request. Object does not exist or cannot be loaded")
