"""Pinterest with one account of ours and its boards (https://developers.pinterest.com/docs/api/v5/)."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
BOARD = "549755885175"


class Pinterest(Server):
    """`pins` is what stands there, oldest first; `board` the one that the account has.

    How it misbehaves:
    * `fails_after_publishing`: keeps the Pin (or takes it away), then answers 500
    * `lists_late`: this many lists do not show Pins
    * `expired_token`: nobody's token is good any more
    * `refuses`: answers 400 to every Pin and every wish to delete one
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.pins: list[dict[str, Any]] = []
        self.board = BOARD
        self.fails_after_publishing = self.expired_token = self.refuses = False
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._next = 813744226420795884

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _json({"code": 8, "message": "You have exceeded your rate limit."}, 429, self.rate_limited)
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"code": 2, "message": "Authentication failed."}, 401)
        if board := re.fullmatch(r"/v5/boards/(\d+)", request.path):
            if board[1] != self.board:
                return _json({"code": 40, "message": "Board not found."}, 404)
            return _json({"id": self.board, "name": "Bread", "owner": {"username": "brand"}})
        if request.path == "/v5/pins":
            return self._pin(request) if request.method == "POST" else self._list(request)
        found = re.fullmatch(r"/v5/pins/(\d+)", request.path)
        pin = next((each for each in self.pins if found and each["id"] == found[1]), None)
        if pin is None:
            return _json({"code": 50, "message": "Pin not found."}, 404)
        if request.method == "GET":
            return _json(pin)
        if self.refuses:
            return _json({"code": 1, "message": "Invalid request."}, 400)
        self.pins.remove(pin)
        return self._done(Reply(204))

    def _pin(self, request: Request) -> Reply:
        given = json.loads(request.body)
        source = given.pop("media_source")
        fits = len(given.get("title", "")) <= 100 and len(given.get("description", "")) <= 800
        if self.refuses or not fits or given["board_id"] != self.board:
            return _json({"code": 1, "message": "Invalid request."}, 400)
        if source["source_type"] != "image_base64" or not b64decode(source["data"], validate=True):
            return _json({"code": 1, "message": "Invalid media."}, 400)
        at = datetime.now(UTC).replace(tzinfo=None).isoformat()
        pin = {"id": str(self._next), "created_at": at, **given}
        self._next += 1
        self.pins.append(pin)
        return self._done(_json(pin, 201))

    def _list(self, request: Request) -> Reply:
        if self.lists_late > 0:
            self.lists_late -= 1
            return _json({"items": [], "bookmark": None})
        size, start = (
            int(request.query.get(name, [given])[0])
            for name, given in (("page_size", "25"), ("bookmark", "0"))
        )
        newest = self.pins[::-1]
        more = str(start + size) if start + size < len(newest) else None
        return _json({"items": newest[start : start + size], "bookmark": more})

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"") if self.fails_after_publishing else reply


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})
