"""Discord: what is said in a channel of a server where your bot is; posts, answers, edits, reactions.

API: https://docs.discord.com/developers (v10), read 2026-11-21. A bot makes at most 50 requests a second;
what a channel takes besides Discord says with each answer, and with `Retry-After`.

Settings:
* `link`: the channel's link, `https://discord.com/channels/<server>/<channel>`

Secret: `token`, the bot's, which does not end. To read what people write the bot needs the Message Content
intent.

A message is known by its channel and its number there (`81384788765712384/175928847299117063`). Discord keeps
one message for a name of ours (`nonce`) for a few minutes; later it is known again by its words.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2s
from typing import Any

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.mention import Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._chat_api import ChatApi, reason
from chalicelib.platforms._discord_threads import Heard, began_with, together, with_news
from chalicelib.platforms._discord_views import (
    NAME,
    by_person,
    dict_of,
    escaped,
    form,
    found,
    is_blank,
    is_id,
    sent,
    snowflake,
)
from chalicelib.platforms._http_json import count
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.showing import Image, Images

API = "https://discord.com/api/v10"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "edit", "check"})
NOT_BUILT = (
    "Messages in the form of cards (embeds), and threads of our own making.",
    "Commands and buttons, which Discord sends to an address (interactions).",
    "Incoming webhooks: a bot writes.",
)
WHY_NOT = ""
LINK = Setting(
    "link",
    "text",
    N_("Link of the channel"),
    N_("Such as https://discord.com/channels/1234/5678: in Discord, Copy Link in the menu of the channel."),
)
TOKEN = Setting("token", "secret", N_("Bot token"), N_("Under Bot in your application; it does not end."))
CHANNEL = (LINK, TOKEN)
SOURCES = {
    "": Ear(
        label=N_("Discord: a channel of a server"),
        settings=(LINK, TOKEN),
        leaves_out=(
            N_("Other channels, private threads and those put away, and what your bot may not see."),
            N_("What bots and webhooks write, and what has no words."),
            N_("What is changed or removed after it was read."),
        ),
    )
}
READ = date(2026, 11, 21)
TERMS = Terms(checked=READ, source="https://docs.discord.com/developers/topics/rate-limits")
IMAGES = Images(
    most=10,
    types=("image/jpeg", "image/png", "image/gif", "image/webp"),
    size=10 * 1024 * 1024,
    alt=1024,
    checked=READ,
    source="https://docs.discord.com/developers/reference#uploading-files",
)
LIMIT = Limit(50, timedelta(seconds=1))
"""https://docs.discord.com/developers/topics/rate-limits, read 2026-11-21."""

ROOM = 2000
PAGE, PAGES = 100, 10
CLOCKS = timedelta(seconds=60)
"""How far Discord's clock may be behind ours."""
SILENT = N_("Discord gives the bot no words: switch on Message Content Intent, under Bot in your application")

_LINK = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(\d{1,20})/(\d{1,20})(?:/\d*)?"
)


def account(settings: Mapping[str, str]) -> str:
    """The number of its server."""
    fits = _LINK.fullmatch(settings.get("link", "").strip())
    return fits[1] if fits else ""


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Discord":
    """Raises BadInput for a wrong setting."""
    fits = _LINK.fullmatch(settings.get("link", "").strip())
    if not fits:
        raise BadInput("link", "expected a channel's link, such as https://discord.com/channels/1234/5678")
    headers = {"Authorization": f"Bot {secrets.get('token', '')}"}
    return Discord(ChatApi(kit.http, NAME, API, headers, _said), fits[1], fits[2])


def _said(status: int, told: Mapping[str, Any], unclear: type[PlatformError]) -> PlatformError | None:
    """403 is of a place: what the bot may not do there. 401 is the key."""
    if not 400 <= status < 500 or status == 408:
        return None
    why = _deepest(told.get("errors")) or reason(told.get("message")) or f"HTTP {status}"
    return (Unauthorized if status == 401 else Rejected)(NAME, why)


def _deepest(errors: Any) -> str:
    """What is wrong with a field: `{"content": {"_errors": [{"message": ...}]}}`."""
    for _ in range(10):
        if not isinstance(errors, dict) or not errors:
            return ""
        listed = errors.get("_errors")
        if isinstance(listed, list) and listed:
            return reason(dict_of(listed[0]).get("message"))
        errors = next(iter(errors.values()))
    return ""


class Discord:
    """Listens, Shows (and so Speaks), Deletes, Edits, Measures, Checks and Counts."""

    threads = False  # a message has room for any answer
    comments = True
    once = False  # true for some minutes only

    def __init__(self, api: ChatApi, guild: str, channel: str) -> None:
        self._api = api
        self._guild = guild
        self._channel = channel
        self._bot = ""

    def check(self) -> datetime | None:
        """It does not end."""
        self._us()
        return None

    def _us(self) -> str:
        """The number of our bot."""
        if not self._bot:
            id = dict_of(self._api.get("/users/@me")).get("id")
            if not is_id(id):
                raise Unavailable(NAME, "the answer is not a bot")
            self._bot = id
        return self._bot

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """The first poll brings the latest of the channel; from then on what was written after `cursor` there
        and in its threads. The channel is read first, the list of threads then, and the threads last: what
        stands in one before the end of what is read of the channel is in the list."""
        was = Heard.of(cursor)
        messages = self._messages(self._channel, [("after", str(was.channel))] if was else [])
        heard, full = self._found(messages), was is not None and len(messages) >= PAGE
        was = was or Heard(0, 0)
        until = int(messages[-1]["id"]) if messages else was.channel
        threads = with_news(self._api, self._guild, self._channel, was.threads) if cursor else []
        end = max([until, was.threads, *(each.last for each in threads)])
        for thread in threads:
            said = self._messages(thread.id, [("after", str(was.threads))])
            if len(said) >= PAGE:
                end, full = min(end, int(said[-1]["id"])), True
            begun = began_with(self._api, self._channel, thread.id)
            heard += together(self._found(said), thread.id, begun, self._us())
        return Page(
            found=tuple(sorted(heard, key=lambda each: int(each.id.rpartition("/")[2]))),
            cursor=str(Heard(until, end)),
            more=full,
        )

    def _found(self, messages: Sequence[Mapping[str, Any]]) -> list[Found]:
        people = [each for each in messages if by_person(each)]
        if people and all(map(is_blank, people)):
            raise Rejected(NAME, SILENT)
        us = (
            self._us()
            if any(each.get("mentions") or each.get("message_reference") for each in people)
            else ""
        )
        heard = (found(each, self._guild, us) for each in messages)
        return [each for each in heard if each]

    def _messages(self, channel: str, query: Sequence[tuple[str, str]]) -> list[Mapping[str, Any]]:
        """Oldest first."""
        given = self._api.get(f"/channels/{channel}/messages", [*query, ("limit", str(PAGE))])
        if not isinstance(given, list):
            raise Unavailable(NAME, "the answer is not a list")
        there = [each for each in given if isinstance(each, dict) and is_id(each.get("id"))]
        return sorted(there, key=lambda each: int(each["id"]))

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer goes where it was asked. It calls who asked, and nobody whom its words only name."""
        place = _place(to.id) if to else None
        if to and place is None:
            raise Rejected(NAME, N_("the message to answer is not there"))
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        value: dict[str, Any] = {"content": escaped(text), "nonce": _nonce(token), "enforce_nonce": True}
        value["allowed_mentions"] = {"parse": [], "replied_user": True}
        if place:
            value["message_reference"] = {"message_id": place[1]}
        path = f"/channels/{place[0] if place else self._channel}/messages"
        answer = self._api.send("POST", path, *form(images, value)) if images else self._post(path, value)
        return self._written(answer)

    def _post(self, path: str, value: Mapping[str, Any]) -> Any:
        return self._api.post(path, value, {})

    def _written(self, answer: Any) -> Sent:
        written = sent(answer, self._guild)
        if written is None:
            raise Unknown(NAME, "the answer is not a message")
        return written

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our post, or our answer to this message, with these words; not another delivery's."""
        place = _place(to.id) if to else None
        if to and place is None:
            return None
        above, after = place[1] if place else None, snowflake(since - CLOCKS)
        for _ in range(PAGES):
            messages = self._messages(place[0] if place else self._channel, [("after", after)])
            for each in messages:
                ours = dict_of(each.get("author")).get("id") == self._us()
                answers = dict_of(each.get("message_reference")).get("message_id")
                written = sent(each, self._guild) if ours and answers == above else None
                if written and written.text.strip() == text.strip() and (not free or free(written.remote_id)):
                    return written
            if len(messages) < PAGE:
                return None
            after = messages[-1]["id"]
        raise Unavailable(NAME, "too much was said since then to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        message = self._message(remote_id)
        return sent(message, self._guild) if message else None

    def _message(self, remote_id: str) -> Mapping[str, Any] | None:
        if not (place := _place(remote_id)):
            return None
        message = self._api.get_if_there(f"/channels/{place[0]}/messages/{place[1]}")
        if message is not None and not sent(message, self._guild):
            raise Unavailable(NAME, "the answer is not a message")
        return message if isinstance(message, dict) else None

    def delete(self, remote_id: str) -> None:
        if place := _place(remote_id):
            self._api.delete(f"/channels/{place[0]}/messages/{place[1]}")

    def edit(self, remote_id: str, text: str) -> Sent:
        if not (place := _place(remote_id)):
            raise Rejected(NAME, N_("the message is not there"))
        value = {"content": escaped(text), "allowed_mentions": {"parse": []}}
        path = f"/channels/{place[0]}/messages/{place[1]}"
        return self._written(self._api.send("PATCH", path, json.dumps(value).encode(), "application/json"))

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """Discord counts reactions, and no answers."""
        message = self._message(remote_id)
        if message is None:
            return None
        each = message.get("reactions")
        reactions = (
            count(dict_of(one).get("count")) or 0 for one in (each if isinstance(each, list) else ())
        )
        return Numbers(reactions=sum(reactions))

    def following(self) -> tuple[int | None, int | None]:
        """The members of the server."""
        guild = dict_of(self._api.get(f"/guilds/{self._guild}", [("with_counts", "true")]))
        return count(guild.get("approximate_member_count")), None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """Characters as they are sent, with a backslash before each sign that is none of style."""
        return len(escaped(text.strip()))


def _place(remote_id: str) -> tuple[str, str] | None:
    """Channel and number."""
    channel, _, number = remote_id.partition("/")
    return (channel, number) if is_id(channel) and is_id(number) else None


def _nonce(token: str) -> str:
    """At most 25 characters."""
    return blake2s(token.encode(), digest_size=12).hexdigest()
