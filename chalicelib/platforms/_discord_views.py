"""What Discord gives a bot, read: messages of a channel as mentions, its markup as plain words, ours as sent.

API: https://docs.discord.com/developers/resources/message (v10), read 2026-11-21.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any, TypeGuard

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.platforms import _chat_text
from chalicelib.platforms._http_json import moment, words
from chalicelib.platforms._text import one_line, web_link
from chalicelib.ports import Sent
from chalicelib.ports.showing import Image

NAME = "discord"
WRITTEN = (0, 19)
"""The types of what somebody wrote: a message, and one that answers another."""
BESIDE = ("attachments", "embeds", "sticker_items", "poll", "message_snapshots", "components", "activity")
"""What a message may have in place of words."""
EPOCH = 1_420_070_400_000
"""Milliseconds since 1970 from which ids count."""

_ID = re.compile(r"[0-9]{1,20}")
_MARKED = re.compile(
    r"<(?:@!?|@&|#)(?P<named>[0-9]{1,20})>"
    r"|<a?:(?P<emoji>\w{1,64}):[0-9]{1,20}>"
    r"|<t:(?P<at>[0-9]{1,11})(?::[tTdDfFR])?>"
    r"|\[(?P<label>[^\[\]\n]{1,300})\]\(<?(?P<there>https?://[^\s()<>]{1,2000})>?\)"
    r"|<(?P<quiet>https?://[^\s<>]{1,2000})>"
    r"|(?P<link>https?://[^\s<>]{1,2000})"
    r"|\\(?P<sign>[!-/:-@\[-`{-~])"
)
_MEANT = re.compile(
    r"(?P<link>https?://[^\s<]*<?)"
    r"|^[^\S\n]*(?=(?:#{1,3}|-#?|>(?:>>)?)\s)|^[^\S\n]*\d+(?=\.\s)|(?=[\\*_~|`\[<])",
    re.MULTILINE,
)
"""Links, which go on to white space; and what stands in front of a sign that Discord would take for style."""
_ESCAPED = re.compile(r"(?P<link>https?://[^\s<]*<?)|\\(?P<sign>[!-/:-@\[-`{-~])")
_STYLES = [_chat_text.style(sign) for sign in ("**", "__", "~~", "||", "*", "_", "`")]
_LINES = re.compile(r"^(?:>>> |> |#{1,3} |-# )", re.MULTILINE)


def found(message: Mapping[str, Any], guild: str, us: str) -> Found | None:
    """A message of a person; None for one without words, and for what a bot, a webhook or Discord itself
    wrote. `us` is the number of our bot."""
    by, id, channel = dict_of(message.get("author")), message.get("id"), message.get("channel_id")
    content = words(message.get("content"), 20_000)
    text = plain(content, _names(message))
    if not (is_id(id) and is_id(channel) and is_id(by.get("id")) and text) or not by_person(message):
        return None
    answered = dict_of(message.get("message_reference")).get("message_id")
    asked = dict_of(dict_of(message.get("referenced_message")).get("author")).get("id")
    handle = one_line(words(by.get("username"), 200)) or by["id"]
    edited = moment(message.get("edited_timestamp"))
    return Found(
        id=native_id(f"{channel}/{id}"),
        author=Author(
            id=by["id"],
            handle=handle,
            name=one_line(words(by.get("global_name"), 200)),
            url=f"https://discord.com/users/{by['id']}",
        ),
        text=text,
        posted_at=moment(message.get("timestamp")) or _born(id),
        url=address(guild, channel, id),
        reply_to=native_id(f"{channel}/{answered}") if message.get("type") == 19 and is_id(answered) else "",
        direct=bool(us) and us in (asked, *(each.get("id") for each in _mentioned(message))),
        links=_links(content),
        edited=edited is not None,
        as_of=edited or moment(message.get("timestamp")),
    )


def by_person(message: Mapping[str, Any]) -> bool:
    bot = dict_of(message.get("author")).get("bot") or message.get("webhook_id")
    return not bot and message.get("type", 0) in WRITTEN


def is_blank(message: Mapping[str, Any]) -> bool:
    """Has it neither words nor anything else? So looks all to a bot that may not read."""
    return not message.get("content") and not any(message.get(name) for name in BESIDE)


def escaped(text: str) -> str:
    """As we send it: what only looks like Discord's markup is shown as it was written. Links stay as they
    are."""
    return _MEANT.sub(lambda found: found[0] if found["link"] else found[0] + "\\", text)


def unescaped(content: str) -> str:
    """The same back."""
    return _ESCAPED.sub(lambda found: found["link"] or found["sign"], content)


def sent(message: Any, guild: str) -> Sent | None:
    value = dict_of(message)
    id, channel = value.get("id"), value.get("channel_id")
    if not (is_id(id) and is_id(channel)):
        return None
    at = moment(value.get("timestamp"))
    text = unescaped(words(value.get("content"), 20_000))
    return Sent(remote_id=f"{channel}/{id}", url=address(guild, channel, id), text=text, at=at)


def form(images: Sequence[Image], value: Mapping[str, Any]) -> tuple[bytes, str]:
    """A message with its images and what each shows, as `multipart/form-data`; and that type."""
    files = [each.read() for each in images]
    mark = f"webspin-{blake2s(b''.join(files), digest_size=16).hexdigest()}"  # made of them, so in none
    told = [{"id": n, "description": each.alt} for n, each in enumerate(images)]
    said = json.dumps({**value, "attachments": told})
    parts = [b'name="payload_json"\r\nContent-Type: application/json\r\n\r\n' + said.encode()]
    for n, (image, content) in enumerate(zip(images, files, strict=True)):
        name = f"image{n}.{image.type.partition('/')[2]}"
        head = f'name="files[{n}]"; filename="{name}"\r\nContent-Type: {image.type}\r\n\r\n'
        parts.append(head.encode() + content)
    begun = f"--{mark}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(begun + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def address(guild: str, channel: str, id: str) -> str:
    return f"https://discord.com/channels/{guild}/{channel}/{id}"


def snowflake(at: datetime) -> str:
    """The least id of what was written from then on."""
    return str(max(0, int(at.timestamp() * 1000) - EPOCH) << 22)


def _born(id: str) -> datetime | None:
    seconds = ((int(id) >> 22) + EPOCH) / 1000
    return datetime.fromtimestamp(seconds, UTC) if seconds < 1e10 else None


def plain(text: str, names: Mapping[str, str]) -> str:
    """`names` of those who are named, by their number."""
    text = _LINES.sub("", text)
    return _chat_text.plain(text, _MARKED, lambda mark: _shown(mark, names), _STYLES)


def _shown(mark: re.Match[str], names: Mapping[str, str]) -> str:
    if mark["named"]:
        sign = "#" if mark[0].startswith("<#") else "@"
        return sign + names.get(mark["named"], mark["named"])
    if mark["emoji"]:
        return f":{mark['emoji']}:"
    if mark["at"]:
        seconds = int(mark["at"])
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC" if seconds < 1e10 else mark[0]
    return mark["label"] or mark["quiet"] or mark["link"] or mark["sign"]


def _links(content: str) -> tuple[str, ...]:
    """Where its words lead, where they do not say so themselves."""
    there = (web_link(mark["there"] or "") for mark in _MARKED.finditer(content))
    return tuple(dict.fromkeys(filter(None, there)))[:50]


def _mentioned(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = message.get("mentions")
    return [dict_of(each) for each in given[:200]] if isinstance(given, list) else []


def _names(message: Mapping[str, Any]) -> dict[str, str]:
    """By number, of the people that it names."""
    return {
        words(each.get("id"), 30): one_line(words(each.get("username"), 200)) for each in _mentioned(message)
    }


def is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def dict_of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
