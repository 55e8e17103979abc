"""A workflow of Microsoft Teams that posts what it is sent (learn.microsoft.com/en-us/connectors/teams)."""

import json
from typing import Any

from tests.servers.base import Reply, Request, Server

PATH = "/workflows/x/triggers/manual/paths/invoke"
SIG = "fake"


class Teams(Server):
    """`shown` are the cards in the channel, in order.

    How it misbehaves:
    * `fails_after_posting`: shows the card, then answers 502
    * `refuses`: the workflow is switched off
    * `renewed`: its address has another key now
    * `rate_limited`: answers 429, to wait so many seconds
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[dict[str, Any]] = []
        self.fails_after_posting = self.refuses = self.renewed = False
        self.rate_limited = 0
        self.answers: tuple[int, bytes] | None = None

    @property
    def address(self) -> str:
        return f"{self.url}{PATH}?api-version=1&sig={SIG}"

    def texts(self) -> list[str]:
        return ["\n".join(block["text"] for block in card["body"]) for card in self.shown]

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited:
            return _no(429, "TooManyRequests", "Slow down", {"Retry-After": str(self.rate_limited)})
        if request.method != "POST" or request.path != PATH:
            return _no(404, "WorkflowNotFound", "The workflow could not be found.")
        if self.renewed or request.query.get("sig") != [SIG]:
            return _no(401, "AuthorizationFailed", "The authentication credentials are not valid.")
        if self.refuses:
            return _no(400, "WorkflowTriggerIsNotEnabled", "The workflow is switched off.")
        message = json.loads(request.body)
        (attachment,) = message["attachments"]
        fits = message["type"] == "message" and len(request.body) <= 28_000
        if fits and attachment["contentType"] == "application/vnd.microsoft.card.adaptive":
            self.shown.append(attachment["content"])
        if self.fails_after_posting:
            return Reply(502, b"<html>Bad gateway</html>")
        return Reply(202)  # whether it is shown or not


def _no(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return Reply(status, body, {"Content-Type": "application/json", **(headers or {})})
