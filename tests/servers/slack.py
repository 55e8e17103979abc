"""Slack's Web API and its events for one app of ours, as its documentation says (docs.slack.dev)."""

import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.servers.base import Reply, Request, Server

TOKEN = "xoxb-fake-not-a-secret"
US, APP, TEAM = "U0LAN0Z89", "B0LAN0Z89", "T123ABC456"
CHANNEL, OTHER = "C123ABC456", "C0OTHER"
PAGE = 100
"""Most messages of one answer, however many are asked for."""


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str
    """With Slack's markup."""
    thread: str
    metadata: dict[str, Any] | None = None
    reactions: list[dict[str, Any]] = field(default_factory=list)
    edited: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Slack(Server):
    """`say` lets somebody write; `events` are the calls that the app got; `ours` are its own messages.

    How it misbehaves:
    * `fails_after_doing`: does it, then answers 500
    * `lists_late`: this many look-ups do not show messages
    * `refuses`: says no to every message, and every wish to change or delete one
    * `revoked`: the token is not good any more
    * `lacks`: the token has not this scope
    * `broken`: says so with HTTP 200
    * `rate_limited`: answers 429, to wait so many seconds
    * `answers`: this status and body to everything
    * `busy`: so often a message with an image is refused, as that is looked through still
    * `takes_images`: takes the bytes of one
    """

    fails_after_doing: bool = False
    lists_late: int = 0
    refuses: bool = False
    revoked: bool = False
    lacks: str = ""
    broken: str = ""
    rate_limited: int = 0
    answers: tuple[int, bytes] | None = None
    messages: list[Message] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    told: int = 0
    busy: int = 0
    takes_images: bool = True
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id what was said of an image, its bytes, and whether it is complete."""
    workspace: str = "brand"
    code: str = ""
    """The one that installing the app brought, until it is used."""
    refresh: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._began = int(datetime.now(UTC).timestamp())

    def say(
        self, text: str, user: str = "U123ABC456", channel: str = CHANNEL, thread: str = "", **more: Any
    ) -> Message:
        """`text` as it was typed."""
        with self.lock:
            message = self._keep(channel, user, _markup(text), thread, None)
            self.tell({**self.shown(message), "type": "message", "channel": channel, **more})
            return message

    def tell(self, event: dict[str, Any]) -> None:
        self.told += 1
        self.events.append(
            {
                "team_id": TEAM,
                "api_app_id": "A123ABC456",
                "event": {"event_ts": event.get("ts"), "channel_type": "channel", **event},
                "type": "event_callback",
                "event_id": f"Ev{self.told}",
                "authorizations": [{"team_id": TEAM, "user_id": US, "is_bot": True}],
            }
        )

    def ours(self) -> list[Message]:
        return [each for each in self.messages if each.user == US]

    def _keep(
        self, channel: str, user: str, text: str, thread: str, metadata: dict[str, Any] | None
    ) -> Message:
        self.told += 1
        ts = f"{self._began}.{self.told:06}"
        self.messages.append(Message(channel, ts, user, text, thread or ts, metadata))
        return self.messages[-1]

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited:
            return _no("ratelimited", 429, {"Retry-After": str(self.rate_limited)})
        if request.path == "/oauth.v2.access":
            return self._signed_in(request)
        if request.path.startswith("/upload/"):
            self.files[request.path.removeprefix("/upload/")]["bytes"] = request.body
            return Reply(200 if self.takes_images else 500, b"OK")
        if self.revoked or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _no("token_revoked" if self.revoked else "invalid_auth")
        if self.lacks:
            return _no("missing_scope", needed=self.lacks)
        if self.broken:
            return _no(self.broken)
        given = {name: values[0] for name, values in request.query.items()}
        given |= json.loads(request.body) if request.body else {}
        deeds = {
            "auth.test": lambda: _yes(
                url=f"https://{self.workspace}.slack.com/", user_id=US, bot_id=APP, team_id=TEAM
            ),
            "files.getUploadURLExternal": lambda: self._place(given),
            "files.completeUploadExternal": lambda: self._complete(given),
            "chat.postMessage": lambda: self._post(given),
            "chat.update": lambda: self._update(given),
            "chat.delete": lambda: self._delete(given),
            "conversations.history": lambda: self._list(given, ""),
            "conversations.replies": lambda: self._list(given, given["ts"]),
        }
        method = request.path.removeprefix("/")
        return deeds[method]() if method in deeds else _no("unknown_method")

    def _post(self, given: dict[str, Any]) -> Reply:
        if self.refuses:
            return _no("restricted_action")
        if given["channel"] not in (CHANNEL, OTHER):
            return _no("channel_not_found")
        if not given["text"].strip():
            return _no("no_text")
        if not self._shows(given.get("blocks", [])):
            return _no("invalid_blocks")
        text, thread = _linked(given["text"].strip()[:40_000]), given.get("thread_ts", "")
        message = self._keep(given["channel"], US, text, thread, given.get("metadata"))
        message.blocks = given.get("blocks", [])
        self.tell({**self.shown(message), "type": "message", "channel": message.channel})
        return self._done(
            _yes(channel=message.channel, ts=message.ts, message=self.shown(message, metadata=False))
        )

    def _update(self, given: dict[str, Any]) -> Reply:
        message = self._find(given)
        if message is None or message.user != US:
            return _no("cant_update_message" if message else "message_not_found")
        if self.refuses:
            return _no("edit_window_closed")
        message.text, message.edited = _linked(given["text"]), message.ts
        message.blocks = given.get("blocks", message.blocks)
        return self._done(_yes(channel=message.channel, ts=message.ts, text=message.text))

    def _delete(self, given: dict[str, Any]) -> Reply:
        message = self._find(given)
        if message is None or message.user != US:
            return _no("cant_delete_message" if message else "message_not_found")
        if self.refuses:
            return _no("cant_delete_message")
        self.messages.remove(message)
        return self._done(_yes(channel=message.channel, ts=message.ts))

    def _place(self, given: dict[str, Any]) -> Reply:
        id = f"F{len(self.files):08}"
        self.files[id] = {
            "alt": given["alt_txt"],
            "length": int(given["length"]),
            "bytes": b"",
            "whole": False,
        }
        return _yes(upload_url=f"{self.url}/upload/{id}", file_id=id)

    def _complete(self, given: dict[str, Any]) -> Reply:
        (file,) = given["files"]
        kept = self.files.get(file["id"])
        if kept is None or len(kept["bytes"]) != kept["length"]:
            return _no("file_not_found")
        kept["whole"] = True
        return _yes(files=[file])

    def _shows(self, blocks: list[dict[str, Any]]) -> bool:
        shown = [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]
        busy = bool(shown) and self.busy > 0
        self.busy -= busy
        return not busy and all(self.files[id]["whole"] for id in shown)

    def _signed_in(self, request: Request) -> Reply:
        """As with tokens that change: each that renews is good once."""
        given = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if request.headers.get("authorization") != f"Basic {b64encode(b'1.2:secret').decode()}":
            return _no("bad_client_secret")
        if given["grant_type"] == "refresh_token" and given["refresh_token"] != self.refresh:
            return _no("invalid_refresh_token")
        if given["grant_type"] == "authorization_code" and given["code"] != self.code:
            return _no("invalid_code")
        self.code, self.refresh = "", f"xoxe-1-{self.told}"
        self.told += 1
        return _yes(
            app_id="A123ABC456",
            authed_user={"id": "U123ABC456"},
            scope="chat:write,channels:history",
            token_type="bot",
            access_token=TOKEN,
            bot_user_id=US,
            refresh_token=self.refresh,
            expires_in=43_200,
            team={"id": TEAM, "name": "Brand"},
            enterprise=None,
            is_enterprise_install=False,
        )

    def _find(self, given: dict[str, Any]) -> Message | None:
        place = given["channel"], given["ts"]
        return next((each for each in self.messages if (each.channel, each.ts) == place), None)

    def _list(self, given: dict[str, Any], thread: str) -> Reply:
        there = [each for each in self.messages if each.channel == given["channel"]]
        if given["channel"] not in (CHANNEL, OTHER):
            return _no("channel_not_found")
        if thread and not any(each.thread == thread for each in there):
            return _no("thread_not_found")
        if self.lists_late > 0:
            self.lists_late -= 1
            there = []
        since, until = float(given.get("oldest", 0)), float(given.get("latest", 1e12))
        inside = [each for each in there if since <= float(each.ts) <= until or each.ts == thread]
        shown = [each for each in inside if (each.thread == thread if thread else each.thread == each.ts)]
        ordered = shown if thread else shown[::-1]
        at = int(given.get("cursor", 0))
        size = min(PAGE, int(given["limit"]))
        more = {"next_cursor": str(at + size) if len(ordered) > at + size else ""}
        with_ours = given.get("include_all_metadata") == "true"
        messages = [self.shown(each, metadata=with_ours) for each in ordered[at : at + size]]
        return _yes(messages=messages, response_metadata=more)

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"<html>Oops</html>") if self.fails_after_doing else reply

    def shown(self, message: Message, *, metadata: bool = True) -> dict[str, Any]:
        shown: dict[str, Any] = {"type": "message", "user": message.user, "ts": message.ts}
        shown["text"] = message.text
        below = [each for each in self.messages if each.thread == message.ts != each.ts]
        if message.thread != message.ts or below:
            shown["thread_ts"] = message.thread
        if below:
            shown["reply_count"] = len(below)
        if message.user == US:
            shown["bot_id"] = APP
        if message.metadata and metadata:
            shown["metadata"] = message.metadata
        if message.blocks:
            shown["blocks"] = [{"block_id": f"b{n}", **each} for n, each in enumerate(message.blocks)]
        if message.reactions:
            shown["reactions"] = message.reactions
        if message.edited:
            shown["edited"] = {"user": message.user, "ts": message.edited}
        return shown


def _markup(text: str) -> str:
    """As Slack keeps what a person types."""
    return _linked(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _linked(text: str) -> str:
    return re.sub(r"https?://[^\s<>|]+", lambda url: f"<{url[0]}>", text)


def _yes(**value: Any) -> Reply:
    return Reply(200, json.dumps({"ok": True, **value}).encode(), {"Content-Type": "application/json"})


def _no(error: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> Reply:
    kinds = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status, json.dumps({"ok": False, "error": error, **more}).encode(), kinds)
