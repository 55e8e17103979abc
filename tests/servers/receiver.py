"""A customer's server that receives our webhooks, by the book of Standard Webhooks.

It knows one or two secrets, refuses what none of them signed, and drops what it got before by its id.
`moods` say how it answers call after call: "" as it should, or "fail", "hang", "drop", "redirect", "gone";
the last one stays.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.servers.base import Reply, Request, Server


class Receiver(Server):
    """`taken` are the events it accepted, by id, each once; `repeats` counts those it had before."""

    def __init__(self, *secrets: str, inside: str = "http://169.254.169.254/latest/meta-data") -> None:
        super().__init__()
        self.secrets = list(secrets)
        self.moods: list[str] = [""]
        self.inside = inside
        self.taken: dict[str, dict[str, Any]] = {}
        self.repeats = 0
        self.refused = 0

    @property
    def address(self) -> str:
        return f"{self.url}/hooks"

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.taken.values()]

    def answer(self, request: Request) -> Reply:
        mood = self.moods.pop(0) if len(self.moods) > 1 else self.moods[0]
        match mood:
            case "fail":
                return Reply(503, b"later")
            case "hang":
                return Reply(stall=60)
            case "drop":
                return Reply(drop=True)
            case "redirect":
                return Reply(307, headers={"Location": self.inside})
            case "gone":
                return Reply(410)
        if request.path != "/hooks" or not self._signed(request):
            self.refused += 1
            return Reply(401, b"wrong signature")
        id = request.headers["webhook-id"]
        self.repeats += id in self.taken
        self.taken.setdefault(id, json.loads(request.body))
        return Reply(204)

    def _signed(self, request: Request) -> bool:
        """Written from the specification, apart from our own code."""
        id, moment = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        signed = f"{id}.{moment}.".encode() + request.body
        given = request.headers["webhook-signature"].split(" ")
        for secret in self.secrets:
            key = base64.b64decode(secret.removeprefix("whsec_"))
            mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            if f"v1,{mac}" in given:
                return True
        return False
