"""Threads of a Discord channel: which have news, and what is said there as one conversation.

API: https://docs.discord.com/developers/resources/guild#list-active-guild-threads and /topics/threads (v10),
read 2026-11-30. A thread is a channel of its own, with the number of the message that it began with; one of a
forum holds that message itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.mention import Found, native_id
from chalicelib.errors import Unavailable
from chalicelib.platforms._chat_api import ChatApi
from chalicelib.platforms._discord_views import NAME, dict_of, is_id

PUBLIC = (10, 11)
"""The types of threads that all may read who read their channel."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How far a channel and its threads were read: up to these numbers. As a cursor one of them, where both
    are the same."""

    channel: int
    threads: int

    @classmethod
    def of(cls, cursor: str) -> "Heard | None":
        channel, _, threads = cursor.partition(".")
        if not is_id(channel):
            return None
        return cls(int(channel), int(threads) if is_id(threads) else int(channel))

    def __str__(self) -> str:
        return f"{self.channel}" if self.channel == self.threads else f"{self.channel}.{self.threads}"


@dataclass(frozen=True, slots=True)
class Thread:
    id: str
    last: int
    """The number of what was said there last."""


def with_news(api: ChatApi, guild: str, channel: str, since: int) -> list[Thread]:
    """Threads of the channel in which somebody wrote since then, and that are not put away."""
    given = dict_of(api.get(f"/guilds/{guild}/threads/active")).get("threads")
    if not isinstance(given, list):
        raise Unavailable(NAME, "the answer is not a list of threads")
    there = (
        (str(each["id"]), each.get("last_message_id"))
        for each in map(dict_of, given)
        if each.get("parent_id") == channel and each.get("type") in PUBLIC and is_id(each.get("id"))
    )
    threads = (Thread(id, int(last)) for id, last in there if is_id(last))
    return [each for each in threads if each.last > since]


def began_with(api: ChatApi, channel: str, thread: str) -> Mapping[str, Any] | None:
    """The message of the channel that it hangs on; None for one that hangs on none."""
    message = api.get_if_there(f"/channels/{channel}/messages/{thread}")
    return dict_of(message) if message else None


def together(said: Sequence[Found], thread: str, begun: Mapping[str, Any] | None, us: str) -> list[Found]:
    """All of a thread answers what it began with; below a message of ours it is addressed to us."""
    parent = dict_of(begun).get("channel_id")
    root = native_id(f"{parent if is_id(parent) else thread}/{thread}")
    ours = bool(us) and dict_of(dict_of(begun).get("author")).get("id") == us
    return [
        replace(each, reply_to="" if each.id == root else root, direct=each.direct or ours) for each in said
    ]
