"""What Slack tells an app, read: events as mentions, and its markup as plain words.

API: https://docs.slack.dev/reference/events/message and /app_mention, read 2026-11-21. A message that names
us comes as both; it has one id, so that it is one mention.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import BadInput
from chalicelib.platforms import _chat_text
from chalicelib.platforms._http_json import words
from chalicelib.platforms._text import one_line, web_link

NAME = "slack"
WRITTEN = ("", "file_share", "me_message", "thread_broadcast")
"""The subtypes of what somebody wrote."""

_STAMP = re.compile(r"[0-9]{1,10}\.[0-9]{1,6}")
_CHANNEL = re.compile(r"[A-Z0-9]{2,20}")
_MARKED = re.compile(r"<([@#!]?)([^<>|\n]*)(?:\|([^<>\n]*))?>")
_STYLES = [_chat_text.style(sign) for sign in "*_~`"]


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of the Events API, verified: a message that was written, changed or removed; nothing for any
    other event, nor for what an app wrote.

    Raises BadInput."""
    call = dict_of(value)
    event = dict_of(call.get("event"))
    if call.get("type") != "event_callback" or not event:
        raise BadInput("type", "expected an event_callback of Slack")
    if event.get("type") not in ("message", "app_mention"):
        return ()
    channel, kind = words(event.get("channel"), 30), words(event.get("subtype"), 60)
    if kind == "message_deleted":
        was = {"ts": event.get("deleted_ts"), **dict_of(event.get("previous_message"))}
        return _gone(channel, was, event)
    if kind == "message_changed":
        return _changed(channel, event, call)
    read = found(event, channel, call) if kind in WRITTEN else None
    return (read,) if read else ()


def _changed(channel: str, event: Mapping[str, Any], call: Mapping[str, Any]) -> tuple[Found, ...]:
    """Slack tells so too that it shows a link, which is no edit, and that of a removed message its thread is
    still there."""
    message = dict_of(event.get("message"))
    if message.get("subtype") == "tombstone":
        return _gone(channel, message, event)
    at = moment(dict_of(message.get("edited")).get("ts"))
    private = {"channel_type": event.get("channel_type")}
    read = found({**private, **message}, channel, call) if at else None
    return (replace(read, edited=True, as_of=at),) if read else ()


def _gone(channel: str, message: Mapping[str, Any], event: Mapping[str, Any]) -> tuple[Found, ...]:
    id, at = place(channel, message), moment(event.get("event_ts"))
    nobody = Author(id="", handle="")
    if not id:
        return ()
    return (
        Found(id=native_id(id), author=nobody, text="", posted_at=None, platform=NAME, gone=True, as_of=at),
    )


def found(message: Mapping[str, Any], channel: str, call: Mapping[str, Any]) -> Found | None:
    """A message of a person; None for one without words, and for what an app or we ourselves wrote."""
    given = call.get("authorizations")
    ours = {
        words(dict_of(each).get("user_id"), 30)
        for each in (given if isinstance(given, list) else ())
        if dict_of(each).get("is_bot")
    }
    user, said = words(message.get("user"), 30), words(message.get("text"), 100_000)
    id, text = place(channel, message), plain(said)
    if not (id and user and text) or message.get("bot_id") or user in ours:
        return None
    stamp, thread = words(message.get("ts"), 30), words(message.get("thread_ts"), 30)
    to_us = message.get("parent_user_id") in ours or any(f"<@{each}" in said for each in ours)
    team = words(call.get("team_id"), 30)
    return Found(
        id=native_id(id),
        author=_author(message, user),
        text=text,
        posted_at=moment(stamp),
        url=address(channel, stamp, team if _CHANNEL.fullmatch(team) else ""),
        reply_to=native_id(f"{channel}/{thread}") if thread and thread != stamp else "",
        direct=message.get("type") == "app_mention" or message.get("channel_type") == "im" or to_us,
        links=links(said),
        platform=NAME,
        as_of=moment(stamp),
    )


def _author(message: Mapping[str, Any], user: str) -> Author:
    """Slack gives the number of who wrote, and seldom a name."""
    profile = dict_of(message.get("user_profile"))
    named = (words(profile.get(name), 200) for name in ("display_name", "real_name", "name"))
    name = one_line(next(filter(None, named), ""))
    return Author(id=user, handle=name or user, name=name)


def place(channel: str, message: Mapping[str, Any]) -> str:
    """`channel/ts`, of what stands in a thread `channel/ts of the thread/ts`; "" for none."""
    stamp, thread = message.get("ts"), message.get("thread_ts") or message.get("ts")
    if not (_CHANNEL.fullmatch(channel) and is_stamp(stamp) and is_stamp(thread)):
        return ""
    return f"{channel}/{stamp}" if stamp == thread else f"{channel}/{thread}/{stamp}"


def address(channel: str, stamp: str, team: str = "") -> str:
    """Leads any member into the workspace, to that message."""
    named = {"team": team} if team else {}
    return f"https://slack.com/app_redirect?{urlencode({**named, 'channel': channel, 'message_ts': stamp})}"


def is_stamp(value: Any) -> bool:
    return isinstance(value, str) and _STAMP.fullmatch(value) is not None


def moment(stamp: Any) -> datetime | None:
    """Of `1515449522.000016`, which is also a message's name in its channel."""
    return datetime.fromtimestamp(float(stamp), UTC) if is_stamp(stamp) else None


def plain(text: str) -> str:
    """Without Slack's own markup: names with their sign, links as they read, no stars around what is bold."""
    return _chat_text.plain(text, _MARKED, lambda mark: _shown(*mark.groups("")), _STYLES, unescape)


def _shown(sign: str, what: str, label: str) -> str:
    if sign in ("@", "#"):
        return sign + (label.removeprefix(sign) or what)
    if sign == "!":
        special = what.partition("^")[0]
        return label if special in ("date", "subteam") and label else f"@{label.removeprefix('@') or special}"
    return label or what.removeprefix("mailto:")


def links(text: str) -> tuple[str, ...]:
    """Where its words lead, where they do not say so themselves."""
    named = (mark.groups("") for mark in _MARKED.finditer(text))
    there = (web_link(unescape(what)) for sign, what, label in named if not sign and label and label != what)
    return tuple(dict.fromkeys(filter(None, there)))[:50]


def dict_of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
