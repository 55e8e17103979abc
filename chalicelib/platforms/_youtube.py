"""What YouTube's Data API says: its refusals by their reasons, its comments and videos as messages.

API: https://developers.google.com/youtube/v3/docs (errors, comments, commentThreads), read 2026-11-21.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.errors import (
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from chalicelib.platforms._http_json import JsonApi, link, moment, rest, words
from chalicelib.platforms._text import one_line, plain, tidy
from chalicelib.ports import Answer

NAME = "youtube"
PACIFIC = ZoneInfo("America/Los_Angeles")
VIDEO = "yt:video:"
"""Ids of videos begin so, as in the feed of a channel."""
_HOME = "https://www.youtube.com"
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_OFTEN = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_REFUSED = frozenset({"commentsDisabled", "operationNotSupported", "videoNotFound", "channelNotFound"})


class YouTubeApi(JsonApi):
    """JsonApi with Google's own words for a refusal: `{"error": {"errors": [{"reason": name}]}}`.

    A quota that is spent comes back at midnight in California."""

    def _value(self, answer: Answer, unclear: type[PlatformError]) -> Any:
        if not 400 <= answer.status < 500 or answer.status == 408:
            return super()._value(answer, unclear)
        reason, said = _refusal(answer)
        if reason in _SPENT:
            raise RateLimited(self._platform, until_midnight(datetime.now(UTC)))
        if reason in _OFTEN:
            raise RateLimited(self._platform, rest(answer.headers, datetime.now(UTC)))
        if reason == "processingFailure":
            raise Unavailable(self._platform, said)
        if reason in _REFUSED or answer.status == 404:
            raise Rejected(self._platform, said)
        if answer.status in (401, 403) or reason == "keyInvalid":
            raise Unauthorized(self._platform, said)
        if answer.status == 429:
            return super()._value(answer, unclear)
        raise Rejected(self._platform, said)


def until_midnight(now: datetime) -> float:
    """Seconds."""
    there = now.astimezone(PACIFIC)
    day = (there + timedelta(days=1)).date()
    return (datetime(day.year, day.month, day.day, tzinfo=PACIFIC) - now).total_seconds()


def _refusal(answer: Answer) -> tuple[str, str]:
    """Its reason, and all that was said in one short line."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        value = None
    error = given(given(value).get("error"))
    first = next((each for each in listed(error.get("errors")) if each.get("reason")), {})
    reason = words(first.get("reason"), 100)
    if not reason and any(each.get("reason") == "API_KEY_INVALID" for each in listed(error.get("details"))):
        reason = "keyInvalid"
    message = one_line(plain(words(error.get("message"), 300)))
    return reason, ": ".join(part for part in (f"HTTP {answer.status}", reason, message) if part)


def given(value: Any) -> Mapping[str, Any]:
    """An object; {} for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def number(value: Any) -> int | None:
    """Of a text of digits, or a number."""
    text = str(value) if type(value) is int else words(value, 20)
    return int(text) if text.isascii() and text.isdigit() else None


def items(value: Any) -> list[Mapping[str, Any]]:
    """Of a list's answer. Raises Unavailable."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        raise Unavailable(NAME, "the answer is not a list")
    return listed(value["items"])


def snippet_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return given(item.get("snippet"))


def opening(thread: Mapping[str, Any]) -> Mapping[str, Any]:
    return given(snippet_of(thread).get("topLevelComment"))


# comments and videos ---------------------------------------------------------------------------------


def thread_of(id: str) -> str:
    """The comment at the top, below which all answers hang: an answer's id is `<its>.<own>`."""
    return id.partition(".")[0]


def video_of(url: str) -> str:
    """The video that an address names, or ""."""
    asked = parse_qs(urlsplit(url).query).get("v", [""])
    return asked[0] if url.startswith(_HOME) else ""


def comment_link(id: str, video: str) -> str:
    return f"{_HOME}/watch?v={video}&lc={id}" if video else ""


def said_in(comment: Mapping[str, Any]) -> str:
    """Asked for as plain text. Its author alone is shown the words as they were typed."""
    snippet = given(comment.get("snippet"))
    return tidy(words(snippet.get("textOriginal") or snippet.get("textDisplay"), 200_000))


def writer(comment: Mapping[str, Any]) -> str:
    """The id of its author's channel."""
    return words(given(given(comment.get("snippet")).get("authorChannelId")).get("value"), 200)


def heard(comment: Mapping[str, Any], video: str) -> Found | None:
    """None for what has no id, author or words."""
    snippet = given(comment.get("snippet"))
    id, author, text = words(comment.get("id"), 200), writer(comment), said_in(comment)
    name = one_line(words(snippet.get("authorDisplayName"), 300))
    if not (id and author and text):
        return None
    handle = name.removeprefix("@") or author
    return Found(
        id=native_id(id),
        author=Author(
            id=author,
            handle=handle,
            name="" if name.startswith("@") else name,
            url=f"{_HOME}/channel/{author}",
        ),
        text=text,
        posted_at=moment(snippet.get("publishedAt")),
        url=link(comment_link(id, words(snippet.get("videoId"), 40) or video)),
        reply_to=native_id(thread_of(id)) if "." in id else "",
        direct=True,
        as_of=moment(snippet.get("updatedAt")),
    )


def found_video(item: Mapping[str, Any]) -> tuple[datetime, str, dict[str, Any]] | None:
    """A hit of a search, by when and which."""
    at = moment(given(item.get("snippet")).get("publishedAt"))
    id = words(given(item.get("id")).get("videoId"), 40)
    return (at, id, dict(item)) if at and id else None


def video(item: Mapping[str, Any], ours: Callable[[str], bool]) -> Found | None:
    """None for one of our own, or without a name. A search gives its texts with entities."""
    snippet, id = given(item.get("snippet")), words(given(item.get("id")).get("videoId"), 40)
    channel, name = words(snippet.get("channelId"), 200), plain(words(snippet.get("channelTitle"), 300))
    title, told = (plain(words(snippet.get(part), 10_000)) for part in ("title", "description"))
    if not (channel and title) or ours(channel):
        return None
    return Found(
        id=native_id(VIDEO + id),
        author=Author(
            id=channel,
            handle=one_line(name) or channel,
            name=one_line(name),
            url=f"{_HOME}/channel/{channel}",
        ),
        text="\n".join(filter(None, (title, told))),
        posted_at=moment(snippet.get("publishedAt")),
        url=link(f"{_HOME}/watch?v={id}"),
    )
