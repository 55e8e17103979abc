"""Slack, Microsoft Teams, Discord and Telegram as far as alerts call them: each refuses what it would refuse.

`taken` are the texts that each showed. `mood`: "" as it should, "busy" (429), "down" (503), "hang", "gone".
"""

import json
from typing import Any

from tests.servers.base import Reply, Request, Server

SLACK, TEAMS = "/services/T0/B0/fake", "/workflows/x/triggers/manual/paths/invoke"
DISCORD, TELEGRAM = "/api/webhooks/1/fake", "/bot1:fake/sendMessage"
OWN = "/in"


class Chats(Server):
    def __init__(self) -> None:
        super().__init__()
        self.mood = ""
        self.taken: dict[str, list[str]] = {"slack": [], "teams": [], "discord": [], "telegram": [], "": []}

    def address(self, kind: str) -> str:
        where = {
            "slack": SLACK,
            "teams": f"{TEAMS}?sig=fake",
            "discord": DISCORD,
            "telegram": f"{TELEGRAM}?chat_id=-100",
            "": OWN,
        }
        return self.url + where[kind]

    def answer(self, request: Request) -> Reply:
        match self.mood:
            case "busy":
                return Reply(429, b'{"retry_after": 1.5}', {"Retry-After": "2"})
            case "down":
                return Reply(503)
            case "hang":
                return Reply(stall=60)
            case "gone":
                return Reply(404, b"no_service")
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            return Reply(415)
        body = json.loads(request.body)
        known = {SLACK: self._slack, TEAMS: self._teams, DISCORD: self._discord, TELEGRAM: self._telegram}
        return known.get(request.path, self._own)(request, body)

    def _slack(self, request: Request, body: dict[str, Any]) -> Reply:
        if not body.get("text") or len(body["text"]) > 40_000:
            return Reply(400, b"invalid_payload")
        self.taken["slack"].append(body["text"])
        return Reply(200, b"ok")

    def _teams(self, request: Request, body: dict[str, Any]) -> Reply:
        card = body["attachments"][0]
        sound = body["type"] == "message" and card["contentType"].endswith("card.adaptive")
        if not sound or len(request.body) > 28_000 or request.query.get("sig") != ["fake"]:
            return Reply(400)
        self.taken["teams"].append("\n".join(block["text"] for block in card["content"]["body"]))
        return Reply(202)

    def _discord(self, request: Request, body: dict[str, Any]) -> Reply:
        if not 1 <= len(body.get("content", "")) <= 2000 or body.get("allowed_mentions") != {"parse": []}:
            return Reply(400, b'{"code": 50035}')
        self.taken["discord"].append(body["content"])
        return Reply(200, b'{"id": "1"}') if request.query.get("wait") == ["true"] else Reply(204)

    def _telegram(self, request: Request, body: dict[str, Any]) -> Reply:
        if request.query or body.get("chat_id") != "-100":
            return Reply(400, b'{"ok": false, "description": "Bad Request: chat not found"}')
        if len(body["text"].encode("utf-16-le")) > 2 * 4096:
            return Reply(400, b'{"ok": false, "description": "Bad Request: message is too long"}')
        self.taken["telegram"].append(body["text"])
        return Reply(200, b'{"ok": true, "result": {"message_id": 1}}')

    def _own(self, request: Request, body: dict[str, Any]) -> Reply:
        self.taken[""].append(body["text"])
        return Reply(204)
