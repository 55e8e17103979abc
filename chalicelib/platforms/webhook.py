"""The generic webhook: whoever can sign a call can tell us of a message, wherever it was written.

A call is signed by Standard Webhooks (`_signatures.py`), and its body is JSON:

    {
      "type": "mention.created",
      "timestamp": "2026-11-23T09:12:00Z",
      "data": {
        "id": "review-1831",                 the network's own id: what makes two reports one message
        "platform": "reviews",               the network; left out: webhook
        "author": {
          "handle": "anna",
          "id": "77", "name": "Anna", "url": "https://...", "followers": 12
        },
        "text": "The soup was cold.",
        "text_is_html": false,
        "url": "https://...", "posted_at": "2026-11-23T09:10:00Z",
        "reply_to": "review-1830",           the id of the message it answers
        "language": "en",
        "direct": true                       addressed to us, so that somebody answers; left out: true
      }
    }

`id`, `author.handle` and `text` are required; what is not known is left out. `data` may be a list of
up to 100 such. A message that we also poll (`"platform": "mastodon"`, or `"feed"` with the item's guid
as its id) is one message, whichever way it came first. The text is plain: "<b>" is three
characters, unless `text_is_html` is true.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.shape import ShapeError, load
from chalicelib.errors import BadInput
from chalicelib.platforms._http_json import count, link
from chalicelib.platforms._text import one_line, plain, tidy
from chalicelib.ports import Kit

NAME = "webhook"
ANSWERS = "browser"
CAN = frozenset[str]()
KEYLESS = True
WHY_NOT = "a webhook only brings messages: answer where it was written"
LEAVES_OUT = {"": ("sender",)}
"""By kind of source; the words are in `web/unheard.py`."""
SCHEME = "standard-webhooks"

KIND = "mention.created"
MOST = 100
BYTES = 1_000_000

_PLATFORM = re.compile(r"[a-z][a-z0-9_]{0,29}")


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Webhook":
    """Needs no settings; its secret is read by who verifies the call."""
    return Webhook()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Author:
    handle: str
    id: str = ""
    name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    id: str
    author: _Author
    text: str
    text_is_html: bool = False
    platform: str = NAME
    url: str = ""
    posted_at: datetime | None = None
    reply_to: str = ""
    language: str = ""
    direct: bool = True


class Webhook:
    """Hears of `ports.py`."""

    def hear(self, headers: Mapping[str, str], body: bytes) -> tuple[Found, ...]:
        """Read a verified call, whole or not at all (`apart`). Raises BadInput, naming the field."""
        data = _envelope(_json(body))
        if not isinstance(data, list):
            return (_found(data, "data"),)
        if not 1 <= len(data) <= MOST:
            raise BadInput("data", f"1 to {MOST} messages, got {len(data)}")
        return tuple(_found(item, f"data[{i}]") for i, item in enumerate(data))

    def apart(self, body: bytes) -> list[bytes]:
        """The same call as calls of one message each; a call of one, or of none that we know, is itself."""
        try:
            value = _json(body)
            data = _envelope(value)
        except BadInput:
            return [body]
        if not isinstance(data, list) or not 1 < len(data) <= MOST:
            return [body]
        return [json.dumps({**value, "data": item}, ensure_ascii=False).encode() for item in data]


def _json(body: bytes) -> Any:
    if len(body) > BYTES:
        raise BadInput("", f"at most {BYTES} bytes, got {len(body)}")
    try:
        value = json.loads(body.decode())
        json.dumps(value, ensure_ascii=False).encode()  # refuses half a surrogate pair: no table can hold it
    except (ValueError, RecursionError):
        raise BadInput("", "not JSON in UTF-8 that we can read") from None
    return value


def _envelope(value: Any) -> Any:
    """What is in `data`, after the rest was found right."""
    if not isinstance(value, dict):
        raise BadInput("", "expected an object with type, timestamp and data")
    if missing := {"type", "timestamp", "data"} - value.keys():
        raise BadInput(min(missing), "is missing")
    if unknown := value.keys() - {"type", "timestamp", "data"}:
        raise BadInput(min(unknown)[:100], "is not known here")
    if value["type"] != KIND:
        raise BadInput("type", f"expected {KIND}")
    _load(datetime, value["timestamp"], "timestamp")
    return value["data"]


def _load(kind: Any, value: Any, place: str) -> Any:
    try:
        return load(kind, value, place)
    except ShapeError as error:
        field, _, message = str(error)[:300].partition(": ")
        raise BadInput(field, message) from None


def _found(value: Any, place: str) -> Found:
    item: _Item = _load(_Item, value, place)
    handle = one_line(item.author.handle.removeprefix("@"))
    text = plain(item.text) if item.text_is_html else tidy(item.text)
    _check(item, handle, text, place)
    return Found(
        id=native_id(item.id),
        author=Author(
            id=item.author.id or handle,
            handle=handle,
            name=one_line(item.author.name),
            url=item.author.url,
            followers=item.author.followers,
        ),
        text=text,
        posted_at=item.posted_at,
        url=item.url,
        reply_to=native_id(item.reply_to) if item.reply_to else "",
        language=item.language,
        direct=item.direct,
        platform=item.platform,
    )


def _check(item: _Item, handle: str, text: str, place: str) -> None:
    """What the types do not say. Texts are in characters, least and most."""
    author = item.author
    for field, given, least, most in (
        ("id", item.id.strip(), 1, 1000),
        ("author.handle", handle, 1, 200),
        ("author.id", author.id, 0, 1000),
        ("author.name", author.name, 0, 200),
        ("text", text, 1, BYTES),
        ("reply_to", item.reply_to, 0, 1000),
        ("language", item.language, 0, 35),
    ):
        if not least <= len(given) <= most:
            raise BadInput(f"{place}.{field}", f"{least} to {most} characters, got {len(given)}")
    for field, given in (("url", item.url), ("author.url", author.url)):
        if given and not link(given):
            raise BadInput(f"{place}.{field}", "expected a link that begins with https://")
    if not _PLATFORM.fullmatch(item.platform):
        raise BadInput(f"{place}.platform", "expected a short name in small letters")
    if author.followers is not None and count(author.followers) is None:
        raise BadInput(f"{place}.author.followers", "expected a number from 0")
