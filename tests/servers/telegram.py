"""Telegram's Bot API for one bot of ours, as its documentation says (core.telegram.org/bots/api)."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "123456:fake-Token_1"
US = "brand_bot"
BOT = {"id": 123456, "is_bot": True, "first_name": "Brand", "username": US}
ANNA = {"id": 77, "is_bot": False, "first_name": "Anna", "username": "anna", "language_code": "nl"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Bakers", "username": "bakers"}
CHANNEL = {"id": -1009876543210, "type": "channel", "title": "Brand", "username": "brandnews"}
ALONE = {"id": 77, "type": "private", "first_name": "Anna", "username": "anna"}
UNMODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


@dataclass
class Message:
    chat: dict[str, Any]
    number: int
    by: dict[str, Any]
    text: str
    date: int
    reply_to: int | None = None
    photo: str = ""
    album: str = ""
    gone: bool = False


@dataclass
class Telegram(Server):
    """`say` lets somebody write where the bot reads; `ours` are the messages of the bot, in order.

    How it misbehaves:
    * `fails_after_doing`: does it, then answers 500
    * `refuses`: answers 400 to every message, and every wish to change or delete one
    * `blocked`: the person has blocked the bot
    * `moved`: the group is another by now
    * `hooked`: the bot has a webhook
    * `revoked`: the token is not good any more
    * `rate_limited`: answers 429, to wait so many seconds
    * `answers`: this status and body to everything
    """

    fails_after_doing: bool = False
    refuses: bool = False
    blocked: bool = False
    moved: bool = False
    hooked: bool = False
    revoked: bool = False
    rate_limited: int = 0
    answers: tuple[int, bytes] | None = None
    updates: list[dict[str, Any]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    told: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def say(
        self,
        text: str,
        by: dict[str, Any] = ANNA,
        chat: dict[str, Any] = GROUP,
        *,
        reply_to: int | None = None,
        **more: Any,
    ) -> Message:
        """The bot is told, where it is not the bot's own."""
        with self.lock:
            message = self._keep(chat, by, text, reply_to)
            if by is not BOT:
                self.tell("message", {**self._shown(message), **more})
            return message

    def tell(self, kind: str, value: dict[str, Any]) -> None:
        self.told += 1
        self.updates.append({"update_id": 10_000 + self.told, kind: value})

    def ours(self) -> list[Message]:
        return [each for each in self.messages if each.by is BOT and not each.gone]

    def _keep(self, chat: dict[str, Any], by: dict[str, Any], text: str, reply_to: int | None) -> Message:
        number = 1 + len(self.messages)
        at = int(datetime.now(UTC).timestamp())
        self.messages.append(Message(chat, number, by, text, at, reply_to))
        return self.messages[-1]

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited:
            said = f"Too Many Requests: retry after {self.rate_limited}"
            return _no(429, said, parameters={"retry_after": self.rate_limited})
        _, bot, method = request.path.split("/")
        if bot != f"bot{TOKEN}" or self.revoked:
            return _no(401 if self.revoked else 404, "Unauthorized" if self.revoked else "Not Found")
        given = {name: values[0] for name, values in request.query.items()}
        given |= json.loads(request.body) if request.body else {}
        deeds = {
            "getMe": lambda: _yes(BOT),
            "getUpdates": lambda: self._news(given),
            "sendMessage": lambda: self._send(given, "text", 4096),
            "sendMediaGroup": lambda: self._send_album(given),
            "sendPhoto": lambda: self._send(given, "caption", 1024),
            "editMessageReplyMarkup": lambda: self._change(given, ""),
            "editMessageText": lambda: self._change(given, "text"),
            "editMessageCaption": lambda: self._change(given, "caption"),
            "deleteMessage": lambda: self._delete(given),
        }
        return deeds[method]() if method in deeds else _no(404, "Not Found")

    def _news(self, given: dict[str, Any]) -> Reply:
        if self.hooked:
            said = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            return _no(409, said)
        allowed = json.loads(given["allowed_updates"])
        since = int(given.get("offset", 0))
        self.updates = [each for each in self.updates if each["update_id"] >= since or since == 0]
        asked = [each for each in self.updates if any(kind in each for kind in allowed)]
        return _yes(asked[: int(given["limit"])])

    def _send(self, given: dict[str, Any], name: str, room: int) -> Reply:
        if self.refuses:
            return _no(400, "Bad Request: not enough rights to send text messages to the chat")
        if self.blocked:
            return _no(403, "Forbidden: bot was blocked by the user")
        text = given.get(name, "").strip()
        if not text and name == "text":
            return _no(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) > 2 * room:
            return _no(400, f"Bad Request: message {'caption ' * (name == 'caption')}is too long")
        chats = [GROUP, CHANNEL, ALONE]
        named = (each for each in chats if given["chat_id"] in (f"@{each['username']}", str(each["id"])))
        chat = next(named, None)
        if self.moved and chat is GROUP:
            new = -1005550000000
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            return _no(400, said, parameters={"migrate_to_chat_id": new})
        if self.moved and given["chat_id"] == -1005550000000:
            chat = {**GROUP, "id": -1005550000000}
        if chat is None:
            return _no(400, "Bad Request: chat not found")
        above = given.get("reply_parameters", {}).get("message_id")
        if above and not any(each.number == above and not each.gone for each in self.messages):
            return _no(400, "Bad Request: message to be replied not found")
        message = self._keep(chat, BOT, text, above)
        message.photo = given.get("photo", "")
        return self._done(_yes(self._shown(message)))

    def _send_album(self, given: dict[str, Any]) -> Reply:
        """A message each; nothing where one of them is no good."""
        media = given.pop("media")
        if not 2 <= len(media) <= 10 or any(each["type"] != "photo" for each in media):
            return _no(400, "Bad Request: wrong media group")
        lost, self.fails_after_doing = self.fails_after_doing, False
        told = []
        for each in media:
            about = {**given, "photo": each["media"], "caption": each.get("caption", "")}
            reply = self._send(about, "caption", 1024)
            if reply.status != 200:
                return reply
            self.messages[-1].album = "album"
            told.append(json.loads(reply.body)["result"])
        self.fails_after_doing = lost
        return self._done(_yes(told))

    def _change(self, given: dict[str, Any], name: str) -> Reply:
        message = self._ours(given)
        if message is None:
            return _no(400, "Bad Request: message to edit not found")
        if self.refuses:
            return _no(400, "Bad Request: not enough rights to edit the message")
        if name == "text" and message.photo:
            return _no(400, "Bad Request: there is no text in the message to edit")
        if not name or given[name] == message.text:
            return _no(400, UNMODIFIED)
        message.text = given[name]
        return self._done(_yes(self._shown(message)))

    def _delete(self, given: dict[str, Any]) -> Reply:
        message = self._ours(given)
        if message is None:
            return _no(400, "Bad Request: message to delete not found")
        if self.refuses:
            return _no(400, "Bad Request: message can't be deleted")
        message.gone = True
        return self._done(_yes(True))

    def _ours(self, given: dict[str, Any]) -> Message | None:
        place = int(given["chat_id"]), int(given["message_id"])
        return next((each for each in self.ours() if (each.chat["id"], each.number) == place), None)

    def _done(self, reply: Reply) -> Reply:
        return _no(500, "Internal Server Error") if self.fails_after_doing else reply

    def _shown(self, message: Message) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "message_id": message.number,
            "from": message.by,
            "chat": message.chat,
            "date": message.date,
        }
        shown["caption" if message.photo else "text"] = message.text
        above = [each for each in self.messages if each.number == message.reply_to]
        if above:
            shown["reply_to_message"] = self._shown(above[0])
        return shown


def _yes(result: Any) -> Reply:
    return Reply(200, json.dumps({"ok": True, "result": result}).encode(), KINDS)


def _no(code: int, said: str, **more: Any) -> Reply:
    value = {"ok": False, "error_code": code, "description": said, **more}
    return Reply(code, json.dumps(value).encode(), KINDS)


KINDS = {"Content-Type": "application/json"}
