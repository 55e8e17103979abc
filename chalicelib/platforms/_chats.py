"""The small outgoing half of chats that alerts need: one message to one address, in its network's own form.

Which network it is the address tells (`alerting.chat_of`); any other gets our own JSON, where `text` is what
most chats show. Nobody there answers a repeat with the first message: after an unknown outcome it may come
twice. An address is a secret, so no error holds it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

from chalicelib.domain.alerting import CHATS, chat_of
from chalicelib.errors import Blocked, HttpError, Rejected, Unavailable
from chalicelib.ports import Http

SLACK_ROOM, TEAMS_ROOM, DISCORD_ROOM, TELEGRAM_ROOM = 3_500, 6_000, 2_000, 4_096
"""Slack and Telegram count characters, Telegram those of UTF-16; Teams takes about 28 KB in all."""
SECONDS = 10
ANSWER = 100_000
"""Bytes of an answer that are taken."""

Form = tuple[str, object]
"""The address to call, and what is POSTed there as JSON."""


def tell(http: Http, address: str, subject: str, text: str, facts: dict[str, object]) -> None:
    """Raises Unavailable (later perhaps) and Rejected, naming the network and not the address."""
    kind = chat_of(address)
    below = text.removeprefix(f"{subject}\n")  # a mail says its subject again; a chat shows both together
    url, body = FORMS.get(kind, _json)(address, subject, below, facts)
    name = CHATS.get(kind, "alert")
    try:
        answer = http.request(
            "POST",
            url,
            headers={"content-type": "application/json"},
            body=json.dumps(body, ensure_ascii=False).encode(),
            seconds=SECONDS,
            max_bytes=ANSWER,
        )
    except Blocked as error:
        raise Rejected(name, str(error)) from None
    except HttpError as error:
        raise Unavailable(name, str(error)) from None
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable(name, f"HTTP {answer.status}")
    if answer.status >= 300:
        raise Rejected(name, f"HTTP {answer.status}")


def _slack(address: str, subject: str, text: str, facts: Mapping[str, object]) -> Form:
    said = f"*{_slack_safe(subject)}*\n{_slack_safe(text)}"
    return address, {"text": _cut(said, SLACK_ROOM), "unfurl_links": False, "unfurl_media": False}


def _slack_safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(address: str, subject: str, text: str, facts: Mapping[str, object]) -> Form:
    """A card; its text is Markdown there, so that nobody's asterisks are to count."""
    blocks = [
        {"type": "TextBlock", "text": teams_safe(subject), "weight": "Bolder", "wrap": True},
        {
            "type": "TextBlock",
            "text": _cut(teams_safe(text), TEAMS_ROOM).replace("\n", "\n\n"),
            "wrap": True,
        },
    ]
    return address, teams_card(blocks)


def teams_card(blocks: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What a workflow of Teams takes."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {
        "type": "message",
        "attachments": [{"contentType": kind, "contentUrl": None, "content": card}],
    }


def teams_safe(text: str) -> str:
    """No sign of it counts as Markdown."""
    for mark in "\\*_[]`":
        text = text.replace(mark, f"\\{mark}")
    return text


def _discord(address: str, subject: str, text: str, facts: Mapping[str, object]) -> Form:
    """Nobody is called by a name that a stranger wrote."""
    parts = urlsplit(address)
    url = urlunsplit(parts._replace(query=parts.query or "wait=true"))
    said = _cut(f"{subject}\n{text}", DISCORD_ROOM)
    return url, {"content": said, "allowed_mentions": {"parse": []}, "flags": 4}


def _telegram(address: str, subject: str, text: str, facts: Mapping[str, object]) -> Form:
    parts = urlsplit(address)
    chat = parse_qs(parts.query)["chat_id"][0]
    return urlunsplit(parts._replace(query="")), {
        "chat_id": chat,
        "text": _cut_wide(f"{subject}\n{text}", TELEGRAM_ROOM),
        "link_preview_options": {"is_disabled": True},
    }


def _json(address: str, subject: str, text: str, facts: Mapping[str, object]) -> Form:
    return address, {"text": f"{subject}\n\n{text}", **facts}


FORMS: Mapping[str, Callable[[str, str, str, Mapping[str, object]], Form]] = {
    "slack": _slack,
    "teams": _teams,
    "discord": _discord,
    "telegram": _telegram,
}


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def _cut_wide(text: str, room: int) -> str:
    """By UTF-16 units, and never within a character."""
    wide = text.encode("utf-16-le")
    if len(wide) <= 2 * room:
        return text
    return wide[: 2 * (room - 1)].decode("utf-16-le", "ignore") + "…"
