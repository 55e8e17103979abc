"""A WhatsApp number of ours, as its documentation says (Cloud API, Graph API v26.0).

It calls nobody by itself: what its webhook would be told lies in `calls`.
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from tests.servers.base import Reply, Request
from tests.servers.graph import Graph, Note, error, given, gone, now, told

NUMBER = "106540352242922"
DISPLAY = "15550783881"
ANNA = "16505551234"
LATE = 131047


@dataclass
class Said(Note):
    to: str = ""
    context: str = ""
    token: str = ""


class WhatsApp(Graph):
    """`say` lets somebody write to us; `ours` are our answers, in order.

    Besides what any of Meta's does:
    * `closed`: nobody wrote within 24 hours
    * `silent`: the webhook is not told what became of our messages
    """

    def __init__(self) -> None:
        super().__init__("v26.0")
        self.said: list[Said] = []
        self.calls: list[dict[str, Any]] = []
        self.closed = self.silent = False

    def say(self, text: str, *, by: str = ANNA, context: str = "") -> Said:
        with self.lock:
            said = self._keep(by, text, context=context)
            message: dict[str, Any] = {"from": by, "id": said.id, "timestamp": str(int(said.at.timestamp()))}
            message |= {"type": "text", "text": {"body": text}}
            if context:
                owner = next((each.by for each in self.said if each.id == context), "")
                message["context"] = {"from": owner, "id": context}
            contact = {"profile": {"name": "Anna"}, "wa_id": by}
            self._call({"contacts": [contact], "messages": [message]})
            return said

    def ours(self) -> list[Said]:
        return [each for each in self.said if each.by == DISPLAY]

    def becomes(self, said: Said, status: str, *errors: dict[str, Any]) -> None:
        """The webhook is told of it."""
        value: dict[str, Any] = {
            "id": said.id,
            "status": status,
            "timestamp": "1749416400",
            "recipient_id": said.to,
        }
        value |= {"biz_opaque_callback_data": said.token} | ({"errors": list(errors)} if errors else {})
        self._call({"statuses": [value]})

    def _call(self, value: dict[str, Any]) -> None:
        about = {"display_phone_number": DISPLAY, "phone_number_id": NUMBER}
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": about, **value}}
        entry = {"id": "102290129340398", "changes": [change]}
        self.calls.append({"object": "whatsapp_business_account", "entry": [entry]})

    def graph(self, request: Request, path: str) -> Reply:
        match request.method, path.strip("/").split("/"):
            case "GET", [id] if id == NUMBER:
                return told({"id": NUMBER})
            case "POST", [id, "messages"] if id == NUMBER:
                return self._send(given(request))
        return gone()

    def _send(self, value: dict[str, Any]) -> Reply:
        body = value["text"]["body"]
        if self.closed:
            return error(LATE, 0, "(#131047) Re-engagement message")
        if self.refuses or not 1 <= len(body) <= 4_096:
            return error(*(self.refuses or (100, 0)))
        context = value.get("context", {}).get("message_id", "")
        said = self._keep(DISPLAY, body, value["to"], context, value["biz_opaque_callback_data"])
        if not self.silent:
            self.becomes(said, "sent")
        sent = {
            "messaging_product": "whatsapp",
            "contacts": [{"wa_id": said.to}],
            "messages": [{"id": said.id}],
        }
        return self.made(sent)

    def _keep(self, by: str, text: str, to: str = DISPLAY, context: str = "", token: str = "") -> Said:
        number = next(self.numbers)
        id = f"wamid.{b64encode(f'{by}?~>{number}'.encode()).decode()}"
        said = Said(id, by, text, now(), to=to, context=context, token=token)
        self.said.append(said)
        return said
