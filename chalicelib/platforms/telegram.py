"""Telegram: what people write to a bot of ours, alone or in groups where it is; posts, answers, edits.

API: https://core.telegram.org/bots/api (Bot API 10.0), read 2026-11-21. Some 30 messages a second in all,
one a second in a chat and 20 a minute in a group.

Settings:
* `account`: the bot's name, such as brand_bot
* `chat`, of a channel: the channel or group it posts in, `@name` or its number

Secret: `token`, which BotFather gives and which does not end. It is part of every address, so no error holds
one.

A message is known by its chat and its number there (`-1001234/42`). Telegram keeps no second message back
and shows a bot no list of what it wrote: whether a lost one is there a person has to see. That one stands it
does tell: asked to change nothing of it, it says that nothing changed. Several images are several messages of
one album; it is known by its first, which has the words, and the others are noted beside that.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.mention import Found
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized, Unavailable, Unknown
from chalicelib.platforms._chat_api import ChatApi, reason
from chalicelib.platforms._http_json import count
from chalicelib.platforms._telegram_views import NAME, found, message_of, whole
from chalicelib.ports import N_, Ear, Free, Kit, Page, ReplyTo, Sent, Setting, Shelf, Terms
from chalicelib.ports.showing import Image, Images

API = "https://api.telegram.org"
ANSWERS = "api"
CAN = frozenset({"publish", "delete", "edit", "check"})
NOT_BUILT = (
    "Videos and files.",
    "Posts in channels that others write: the bot hears groups and who writes to it.",
    "Buttons and commands.",
)
WHY_NOT = ""
ACCOUNT = Setting("account", "account", N_("Bot"), N_("Its name without the @, such as brand_bot."))
TOKEN = Setting("token", "secret", N_("Token"), N_("BotFather gives it; it does not end."))
CHAT = Setting(
    "chat",
    "text",
    N_("Channel or group"),
    N_("Where it posts: @name, or its number. Left empty, it only answers."),
    needed=False,
)
CHANNEL = (ACCOUNT, CHAT, TOKEN)
UNTOLD = (
    N_("Groups and channels where your bot is no member."),
    N_("In groups, unless the bot is an administrator: what neither names it nor answers it."),
    N_("What has no words (photos, voice messages, stickers), and that a message was deleted."),
)
"""What Telegram tells no bot, whichever way it is heard."""
SOURCES = {
    "": Ear(
        label=N_("Telegram: what people write to your bot"),
        settings=(ACCOUNT, TOKEN),
        leaves_out=(*UNTOLD, N_("What was written more than 24 hours before we asked.")),
    )
}
READ = date(2026, 11, 21)
TERMS = Terms(checked=READ, source="https://core.telegram.org/bots/api")
CAPTION = 1024
IMAGES = Images(
    most=10,
    types=("image/jpeg", "image/png"),
    size=5_000_000,
    alt=1000,
    text=CAPTION,
    checked=READ,
    source="https://core.telegram.org/bots/api#sending-files",
)
"""It fetches the images itself. What it shows to who does not see it has no place there, and is not sent."""
LIMIT = Limit(30, timedelta(seconds=1))
"""https://core.telegram.org/bots/faq, read 2026-11-21."""

ROOM = 4096
ALBUM_KEPT = timedelta(days=400)
"""So long an album of ours is known whole."""
PAGE = 100
KINDS = '["message","edited_message"]'
NO_LOOK = N_("Telegram shows a bot no list of its messages: look in the chat whether it is there")
HOOKED = N_("the bot calls a webhook, so that it cannot be asked: add a source of what calls us in its place")


def account(settings: Mapping[str, str]) -> str:
    return settings.get("account", "").removeprefix("@").casefold()


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Telegram":
    """Raises BadInput for a token that is none, as it becomes part of addresses."""
    token = secrets.get("token", "")
    if token and not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", token):
        raise BadInput("token", "expected what BotFather gives, such as 123456:ABC-def")
    api = ChatApi(kit.http, NAME, f"{API}/bot{token}", {}, _said)
    return Telegram(api, account(settings), settings.get("chat", ""), kit.shelf)


class _Moved(Rejected):
    """The group became another kind of group, under another number."""

    def __init__(self, chat: int) -> None:
        super().__init__(NAME, "the group has another number now")
        self.chat = chat


def _said(status: int, told: Mapping[str, Any], unclear: type[PlatformError]) -> PlatformError | None:
    """403 is of one chat: the bot was blocked or put out. 401 is the key, and 404 one that is none."""
    parameters = told.get("parameters")
    moved: Any = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    why = reason(told.get("description")).removeprefix("Bad Request: ").removeprefix("Forbidden: ")
    if status == 400 and whole(moved):
        return _Moved(moved)
    if status in (401, 404):
        return Unauthorized(NAME, why or f"HTTP {status}")
    if status == 409:
        return Rejected(NAME, HOOKED if "webhook" in why else why)
    return Rejected(NAME, why or f"HTTP {status}") if status in (400, 403) else None


class Telegram:
    """Listens, Shows (and so Speaks), Deletes, Edits, Checks and Counts."""

    threads = False
    once = False

    def __init__(self, api: ChatApi, account: str, chat: str, shelf: Shelf) -> None:
        self._api = api
        self._account = account
        self._chat = chat
        self._shelf = shelf
        self._place = f"{NAME}.{account}"

    def check(self) -> datetime | None:
        """It does not end."""
        self._asked("/getMe")
        return None

    # listens ---------------------------------------------------------------------------------------

    def listen(self, cursor: str) -> Page:
        """To ask for what comes after `cursor` forgets there what came before it."""
        query = [("limit", str(PAGE)), ("timeout", "0"), ("allowed_updates", KINDS)]
        if cursor.isdecimal():
            query.append(("offset", str(int(cursor) + 1)))
        updates = self._asked("/getUpdates", query)
        if not isinstance(updates, list):
            raise Unavailable(NAME, "the answer is not a list")
        told = [each for each in updates if isinstance(each, dict)]
        last = max((id for each in told if (id := count(each.get("update_id")))), default=None)
        return Page(
            found=tuple(each for update in told if (each := found(update, self._account))),
            cursor=cursor if last is None else str(last),
            more=len(updates) >= PAGE and last is not None,
        )

    def _asked(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        value = self._api.get(path, query)
        return value.get("result") if isinstance(value, dict) else None

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer goes where it was asked, a post to the channel or group of the settings."""
        place = _place(to.id) if to else None
        if to and place is None:
            raise Rejected(NAME, N_("the message to answer is not there"))
        chat = str(place[0]) if place else self._chat
        if not chat:
            raise Rejected(NAME, N_("no channel or group is set to post in"))
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        value: dict[str, Any] = {"chat_id": chat}
        if place:
            value["reply_parameters"] = {"message_id": place[1]}
        if images and self.length(text) > CAPTION:
            raise Rejected(NAME, N_("with an image Telegram takes at most 1,024 characters"))
        if len(images) > 1:
            return self._album(value, text, images)
        if images:
            return self._sent("/sendPhoto", {**value, "photo": images[0].address(), "caption": text})
        return self._sent("/sendMessage", {**value, "text": text})

    def _album(self, value: Mapping[str, Any], text: str, images: Sequence[Image]) -> Sent:
        """The words stand with the first, and below the whole."""
        media = [{"type": "photo", "media": each.address()} for each in images]
        media[0]["caption"] = text
        told = self._posted("/sendMediaGroup", {**value, "media": media})
        first, *others = map(message_of, told) if isinstance(told, list) and told else [None]
        if first is None:
            raise Unknown(NAME, "the answer is not a message")
        beside = " ".join(each.remote_id for each in others if each)
        self._shelf.put(self._place, first.remote_id, beside, until=datetime.now(UTC) + ALBUM_KEPT)
        return first

    def _sent(self, path: str, value: Mapping[str, Any]) -> Sent:
        sent = message_of(self._posted(path, value))
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _posted(self, path: str, value: Mapping[str, Any]) -> Any:
        """In a group that moved no message has the number it had, so that none can be named."""
        try:
            answer = self._api.post(path, value, {})
        except _Moved as moved:
            rest = {name: each for name, each in value.items() if name != "reply_parameters"}
            answer = self._api.post(path, {**rest, "chat_id": moved.chat}, {})
        return answer.get("result") if isinstance(answer, dict) else None

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Nobody can look; and as we cannot, nothing is sent again. Raises Unavailable."""
        raise Unavailable(NAME, NO_LOOK)

    def read_back(self, remote_id: str) -> Sent | None:
        """Without its words, which Telegram does not tell."""
        if not (place := _place(remote_id)):
            return None
        query = [("chat_id", str(place[0])), ("message_id", str(place[1]))]
        try:
            self._asked("/editMessageReplyMarkup", query)
        except Unauthorized:
            raise
        except Rejected as error:
            if "not found" in error.reason:
                return None
            if "not modified" not in error.reason and "can't be edited" not in error.reason:
                raise
        return Sent(remote_id=remote_id, url="")

    def delete(self, remote_id: str) -> None:
        """Of an album all, the first one last: until then it is asked for again."""
        beside = self._shelf.get(self._place, remote_id) or ""
        for each in (*beside.split(), remote_id):
            if place := _place(each):
                self._delete(place)

    def _delete(self, place: tuple[int, int]) -> None:
        try:
            self._api.post("/deleteMessage", {"chat_id": place[0], "message_id": place[1]}, {})
        except Unauthorized:
            raise
        except Rejected as error:
            if "not found" not in error.reason:
                raise

    def edit(self, remote_id: str, text: str) -> Sent:
        """Of a photo the words below it."""
        if not (place := _place(remote_id)):
            raise Rejected(NAME, N_("the message is not there"))
        value = {"chat_id": place[0], "message_id": place[1]}
        try:
            return self._sent("/editMessageText", {**value, "text": text})
        except Rejected as error:
            if "not modified" in error.reason:
                return Sent(remote_id=remote_id, url="", text=text)
            if "no text in the message" not in error.reason:
                raise
            return self._sent("/editMessageCaption", {**value, "caption": text})

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        """In units of UTF-16."""
        return len(text.strip().encode("utf-16-le", "replace")) // 2


def heard(headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
    """A call of its webhook, verified: a message that was written or changed; nothing for any other.

    Raises BadInput."""
    if not isinstance(value, dict) or count(value.get("update_id")) is None:
        raise BadInput("update_id", "expected an update of Telegram")
    read = found(value, "")
    return (read,) if read else ()


def _place(remote_id: str) -> tuple[int, int] | None:
    """Chat and number of `-1001234/42`."""
    fits = re.fullmatch(r"(-?[0-9]{1,16})/([0-9]{1,16})", remote_id)
    return (int(fits[1]), int(fits[2])) if fits else None
