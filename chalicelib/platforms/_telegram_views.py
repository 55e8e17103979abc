"""What Telegram tells a bot, read: updates as mentions, and messages of ours.

API: https://core.telegram.org/bots/api#update and #message (Bot API 10.0), read 2026-11-21.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.platforms._http_json import count, words
from chalicelib.platforms._text import one_line, tidy, web_link
from chalicelib.ports import Sent

NAME = "telegram"


def found(update: Mapping[str, Any], account: str) -> Found | None:
    """The message of an update; None for what a bot wrote, for what has no words, and for a post of a channel
    that is shown in its group: only administrators post there, so that it is ours.

    Without `account` any bot that is named is taken for ours: Telegram gives a bot no others' messages."""
    edited = isinstance(update.get("edited_message"), dict)
    message = update.get("edited_message" if edited else "message")
    if not isinstance(message, dict) or message.get("is_automatic_forward"):
        return None
    chat = dict_of(message.get("chat"))
    place, number, author = chat.get("id"), count(message.get("message_id")), _author(message)
    text = tidy(words(message.get("text") or message.get("caption"), 200_000))
    if not (whole(place) and number and author and text):
        return None
    answered = dict_of(message.get("reply_to_message"))
    return Found(
        id=native_id(f"{place}/{number}"),
        author=author,
        text=text,
        posted_at=_moment(message.get("date")),
        url=_address(chat, number),
        reply_to=_above(answered, place),
        language=words(dict_of(message.get("from")).get("language_code"), 35),
        direct=chat.get("type") == "private" or _ours(answered, account) or _named(text, account),
        links=tuple(dict.fromkeys(_links(message))),
        platform=NAME,
        edited=edited,
        as_of=_moment(message.get("edit_date")) or _moment(message.get("date")),
    )


def _author(message: Mapping[str, Any]) -> Author | None:
    """Who writes in the name of a channel or group is that; a bot is nobody."""
    by = dict_of(message.get("sender_chat")) or dict_of(message.get("from"))
    names = [words(by.get(name), 200) for name in ("first_name", "last_name")]
    name = one_line(words(by.get("title"), 200) or " ".join(names))
    handle = words(by.get("username"), 100)
    id = by.get("id")
    if not whole(id) or by.get("is_bot"):
        return None
    url = f"https://t.me/{handle}" if re.fullmatch(r"\w+", handle, re.ASCII) else ""
    return Author(id=str(id), handle=one_line(handle) or name or str(id), name=name, url=url)


def _above(answered: Mapping[str, Any], place: Any) -> str:
    """What it answers; of a comment below a channel's post the post, as the channel has it."""
    if not count(answered.get("message_id")) or "forum_topic_created" in answered:
        return ""
    origin = dict_of(answered.get("forward_origin"))
    channel, number = dict_of(origin.get("chat")).get("id"), count(origin.get("message_id"))
    if answered.get("is_automatic_forward") and whole(channel) and number:
        return native_id(f"{channel}/{number}")
    return native_id(f"{place}/{answered['message_id']}")


def _ours(answered: Mapping[str, Any], account: str) -> bool:
    if answered.get("is_automatic_forward"):
        return True
    by = dict_of(answered.get("from"))
    return bool(by.get("is_bot")) and account in ("", words(by.get("username"), 100).casefold())


def _named(text: str, account: str) -> bool:
    """The name of every bot ends so."""
    name = re.escape(account) if account else r"\w{0,60}bot"
    return bool(re.search(rf"@{name}(?!\w)", text, re.IGNORECASE))


def _links(message: Mapping[str, Any]) -> Iterator[str]:
    """Where its words lead, where they do not say so themselves."""
    entities = message.get("entities") or message.get("caption_entities")
    for each in entities[:100] if isinstance(entities, list) else ():
        if link := web_link(words(dict_of(each).get("url"), 2001)):
            yield link


def message_of(value: Any) -> Sent | None:
    message = dict_of(value)
    chat = dict_of(message.get("chat"))
    place, number = chat.get("id"), count(message.get("message_id"))
    if not (whole(place) and number):
        return None
    text = words(message.get("text") or message.get("caption"), 10_000)
    url = _address(chat, number)
    return Sent(remote_id=f"{place}/{number}", url=url, text=text, at=_moment(message.get("date")))


def _address(chat: Mapping[str, Any], number: int) -> str:
    """Of a message in a channel or group; what is said to a bot alone has none."""
    name, place = words(chat.get("username"), 100), str(chat.get("id"))
    if chat.get("type") == "private":
        return ""
    if re.fullmatch(r"\w+", name, re.ASCII):
        return f"https://t.me/{name}/{number}"
    return f"https://t.me/c/{place[4:]}/{number}" if place.startswith("-100") else ""


def dict_of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def whole(value: Any) -> bool:
    """A number of a chat or a person: groups have them below nought."""
    return type(value) is int and 0 < abs(value) < 2**53


def _moment(value: Any) -> datetime | None:
    seconds = count(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds and seconds < 1e11 else None
