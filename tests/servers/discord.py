"""Discord's API for one bot of ours on one server, as its documentation says (docs.discord.com)."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "fake.bot.token"
GUILD, CHANNEL, OTHER = "41771983423143937", "81384788765712384", "81384788765712999"
US: dict[str, Any] = {"id": "82198898841029460", "username": "brandbot", "bot": True}
ANNA: dict[str, Any] = {"id": "53908099506183680", "username": "anna", "global_name": "Anna"}
EPOCH = 1_420_070_400_000


@dataclass
class Message:
    channel: str
    id: str
    by: dict[str, Any]
    content: str
    at: datetime
    reference: str = ""
    reactions: list[dict[str, Any]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    """Name and description."""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Discord(Server):
    """`say` lets somebody write; `ours` are the messages of the bot, in order.

    How it misbehaves:
    * `fails_after_doing`: does it, then answers 500
    * `lists_late`: this many look-ups do not show messages
    * `forgets`: knows no nonce again
    * `refuses`: may not write, change or delete there
    * `revoked`: the token is not good any more
    * `mute`: gives the bot no words that are not for it
    * `rate_limited`: answers 429, to wait so many seconds
    * `answers`: this status and body to everything
    """

    fails_after_doing: bool = False
    lists_late: int = 0
    forgets: bool = False
    refuses: bool = False
    revoked: bool = False
    mute: bool = False
    rate_limited: float = 0
    answers: tuple[int, bytes] | None = None
    members: int = 0
    messages: list[Message] = field(default_factory=list)
    nonces: dict[str, Message] = field(default_factory=dict)
    threads: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def say(
        self,
        content: str,
        by: dict[str, Any] = ANNA,
        channel: str = CHANNEL,
        *,
        reference: str = "",
        **more: Any,
    ) -> Message:
        with self.lock:
            message = self._keep(channel, by, content, reference)
            message.more = more
            return message

    def begin(self, message: Message | None = None, channel: str = CHANNEL, kind: int = 11) -> str:
        """A thread on a message, or one that hangs on none."""
        self.threads.append(
            {"id": message.id if message else "90000000000000001", "parent_id": channel, "type": kind}
        )
        return str(self.threads[-1]["id"])

    def ours(self) -> list[Message]:
        return [each for each in self.messages if each.by is US]

    def _keep(self, channel: str, by: dict[str, Any], content: str, reference: str) -> Message:
        at = datetime.now(UTC)
        last = int(self.messages[-1].id) if self.messages else 0
        id = max((int(at.timestamp() * 1000) - EPOCH) << 22, last + 1)
        self.messages.append(Message(channel, str(id), by, content, at, reference))
        return self.messages[-1]

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited:
            said = {
                "message": "You are being rate limited.",
                "retry_after": self.rate_limited,
                "global": False,
            }
            return _json(said, 429, {"X-RateLimit-Scope": "user"})
        if self.revoked or request.headers.get("authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        if request.path == "/users/@me":
            return _json(US)
        if request.path == f"/guilds/{GUILD}":
            return _json({"id": GUILD, "approximate_member_count": self.members})
        if request.path == f"/guilds/{GUILD}/threads/active":
            return _json({"threads": [self._told_of(each) for each in self.threads], "members": []})
        found = re.fullmatch(r"/channels/(\d+)/messages(?:/(\d+))?", request.path)
        if not found or found[1] not in (CHANNEL, OTHER, *(each["id"] for each in self.threads)):
            return _json({"message": "Unknown Channel", "code": 10003}, 404)
        channel, id = found.groups()
        if id is None:
            return self._write(request, channel) if request.method == "POST" else self._list(request, channel)
        message = next((each for each in self.messages if (each.channel, each.id) == (channel, id)), None)
        if message is None:
            return _json({"message": "Unknown Message", "code": 10008}, 404)
        if request.method == "GET":
            return _json(self.shown(message))
        if self.refuses or message.by is not US:
            return _json({"message": "Missing Permissions", "code": 50013}, 403)
        if request.method == "DELETE":
            self.messages.remove(message)
            return self._done(Reply(204))
        message.content = json.loads(request.body)["content"]
        return self._done(_json(self.shown(message)))

    def _told_of(self, thread: dict[str, Any]) -> dict[str, Any]:
        said = [each.id for each in self.messages if each.channel == thread["id"]]
        return {**thread, "last_message_id": said[-1] if said else None}

    def _list(self, request: Request, channel: str) -> Reply:
        there = [each for each in self.messages if each.channel == channel]
        if self.lists_late > 0:
            self.lists_late -= 1
            there = []
        limit = int(request.query["limit"][0])
        if "after" in request.query:
            there = [each for each in there if int(each.id) > int(request.query["after"][0])][:limit]
        return _json([self.shown(each) for each in reversed(there[-limit:])])

    def _write(self, request: Request, channel: str) -> Reply:
        if self.refuses:
            return _json({"message": "Missing Permissions", "code": 50013}, 403)
        value, files = _given(request)
        content = value["content"].strip()
        if len(content) > 2000:
            wrong = {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
            errors = {"content": {"_errors": [wrong]}}
            return _json({"message": "Invalid Form Body", "code": 50035, "errors": errors}, 400)
        if not content and not files:
            return _json({"message": "Cannot send an empty message", "code": 50006}, 400)
        if value["allowed_mentions"]["parse"]:
            return _json({"message": "This calls everybody", "code": 50035}, 400)
        nonce = value["nonce"]
        if len(nonce) > 25:
            return _json({"message": "Invalid Form Body", "code": 50035}, 400)
        if value["enforce_nonce"] and nonce in self.nonces and not self.forgets:
            return _json(self.shown(self.nonces[nonce]))
        reference = value.get("message_reference", {}).get("message_id", "")
        if reference and not any(each.id == reference for each in self.messages):
            wrong = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
            errors = {"message_reference": {"_errors": [wrong]}}
            return _json({"message": "Invalid Form Body", "code": 50035, "errors": errors}, 400)
        message = self.nonces[nonce] = self._keep(channel, US, content, reference)
        message.files = files
        return self._done(_json(self.shown(message)))

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"<html>Oops</html>") if self.fails_after_doing else reply

    def shown(self, message: Message) -> dict[str, Any]:
        named = re.findall(r"<@!?(\d+)>", message.content)
        people = {each["id"]: each for each in (US, ANNA)}
        shown: dict[str, Any] = {
            "id": message.id,
            "channel_id": message.channel,
            "type": 19 if message.reference else 0,
            "author": message.by,
            "content": message.content,
            "timestamp": message.at.isoformat(),
            "edited_timestamp": None,
            "mentions": [people[each] for each in named if each in people],
            "attachments": [{"filename": name, "description": said} for name, said in message.files],
            "embeds": [],
        }
        if self.mute and message.by is not US and US["id"] not in named:
            shown["content"] = ""
        if message.reference:
            above = [each for each in self.messages if each.id == message.reference]
            shown["message_reference"] = {"message_id": message.reference, "channel_id": message.channel}
            shown["referenced_message"] = self.shown(above[0]) if above else None
        if message.reactions:
            shown["reactions"] = message.reactions
        return {**shown, **message.more}


def _given(request: Request) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The message, and name and description of its files."""
    kind = request.headers["content-type"]
    if kind == "application/json":
        return json.loads(request.body), []
    mark = kind.partition("boundary=")[2].encode()
    parts = request.body.split(b"--" + mark)[1:-1]
    heads = [part.partition(b"\r\n\r\n") for part in parts]
    (value,) = (json.loads(body) for head, _, body in heads if b'name="payload_json"' in head)
    names = [re.findall(rb'filename="([^"]+)"', head) for head, _, _ in heads]
    told = {each["id"]: each["description"] for each in value["attachments"]}
    files = [name[0].decode() for name in names if name]
    return value, [(name, told[n]) for n, name in enumerate(files)]


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    bucket = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset": "1470173023.123"}
    kinds = {"Content-Type": "application/json", **bucket, **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
