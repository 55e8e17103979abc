"""Microsoft Teams: posts in a channel or chat, by a workflow. Nothing is heard there, and nothing looked up.

API: https://learn.microsoft.com/en-us/connectors/teams/ (trigger "When a Teams webhook request is received")
and https://adaptivecards.io, read 2026-11-21. A message may have about 28 KB. The older addresses of Office
365 connectors are being ended, and are refused here.

Secret: `address`, the workflow's; all of it is the key, so no error holds it. It belongs to a person, and
ends when they leave unless the workflow has another owner.

A workflow says that it takes a message, never that it shows it: that a person has to see.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2s
from typing import Any
from urllib.parse import urlsplit

from chalicelib.errors import BadInput, PlatformError, Rejected, Unavailable
from chalicelib.platforms._chat_api import ChatApi
from chalicelib.platforms._chats import teams_card, teams_safe
from chalicelib.platforms._http_json import origin
from chalicelib.ports import N_, Answer, Ear, Free, Kit, ReplyTo, Sent, Setting

NAME = "teams"
ANSWERS = "browser"
CAN = frozenset({"publish"})
NOT_BUILT = (
    "Hearing what is said there, by an outgoing webhook or a bot.",
    "Images and buttons.",
)
WHY_NOT = N_("Teams lets a workflow post, and not answer")
SOURCES: Mapping[str, Ear] = {}
CHANNEL = (
    Setting(
        "address",
        "secret",
        N_("Address of the workflow"),
        N_("The app Workflows in Teams makes it. Give the workflow a second owner."),
    ),
)

ROOM = 24_000
"""Bytes of UTF-8 as they leave; the card around them is small."""
NO_LOOK = N_("Teams does not tell whether its workflow showed the message: look there")

_LINK = re.compile(r"https?://[^\s<>()\[\]]*[^\s<>()\[\].,:;!?'\"]")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Teams":
    """Raises BadInput for an address that is no workflow's."""
    from chalicelib.domain.alerting import chat_of

    address = secrets.get("address", "")
    try:
        kind = chat_of(address)
    except BadInput as error:
        raise BadInput("address", error.message) from None
    parts = urlsplit(address)
    if address and (kind != NAME or not origin(f"{parts.scheme}://{parts.netloc}")):
        raise BadInput("address", "expected what the app Workflows shows, which begins with https://")
    return Teams(_Flow(kit.http, NAME, address, {}, lambda *_: None))


class _Flow(ChatApi):
    """Says yes with 202, and nothing besides."""

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        return None if 200 <= answer.status < 300 else super()._value(answer, unclear)


class Teams:
    """Speaks (posts only) and Counts."""

    threads = False
    once = False

    def __init__(self, flow: _Flow) -> None:
        self._flow = flow

    def publish(self, to: ReplyTo | None, text: str, token: str, language: str) -> Sent:
        """What is too long the workflow would take, and show nobody."""
        if to is not None:
            raise Rejected(NAME, WHY_NOT)
        if not 0 < self.length(text) <= ROOM:
            raise Rejected(NAME, N_("it is empty, or longer than Teams shows"))
        blocks = [{"type": "TextBlock", "text": said(text), "wrap": True}]
        body = json.dumps(teams_card(blocks), ensure_ascii=False).encode("utf-8", "replace")
        self._flow.send("POST", "", body, "application/json")
        name = blake2s(token.encode(), digest_size=12).hexdigest()
        return Sent(remote_id=name, url="", text=text.strip())

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Nobody can look; and as we cannot, nothing is sent again. Raises Unavailable."""
        raise Unavailable(NAME, NO_LOOK)

    def read_back(self, remote_id: str) -> Sent | None:
        """As `find`."""
        raise Unavailable(NAME, NO_LOOK)

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Bytes of the card that it becomes."""
        return len(json.dumps(said(text), ensure_ascii=False).encode("utf-8", "replace")) - 2


def said(text: str) -> str:
    """In the Markdown of a card: words as they are, addresses as links."""
    pieces, at = [], 0
    text = text.strip()
    for link in _LINK.finditer(text):
        pieces += [teams_safe(text[at : link.start()]), f"[{teams_safe(link[0])}]({link[0]})"]
        at = link.end()
    return "".join([*pieces, teams_safe(text[at:])]).replace("\n", "\n\n")
