"""Slack: what is said in the channels of your app, told by the Events API; posts, answers in threads.

API: https://docs.slack.dev/reference/methods (chat, conversations, auth.test), read 2026-11-21; signing in
(https://docs.slack.dev/authentication/installing-with-oauth and /using-token-rotation), read 2026-11-30.
Slack takes about one message a second in a channel.

Settings:
* `link`: where it posts, `https://yours.slack.com/archives/C0123ABCD`
* `client_id`: of the app, where Slack itself asks who installs it

Secrets: `token`, a bot token (`xoxb-`) with the scopes chat:write and channels:history (for private channels
groups:history), and files:write for images. It does not end, unless its app changes tokens every 12 hours:
then `refresh_token` brings the next; `client_secret`.

A message is known by its channel and its moment there (`C0123/1515449522.000016`), one in a thread by the
thread's too. Slack keeps no second message back: ours carry a name of ours unseen (`metadata`), by which they
are found again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2s
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.measuring import Numbers
from chalicelib.domain.pace import Limit
from chalicelib.errors import (
    BadInput,
    PlatformError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
    Unknown,
)
from chalicelib.platforms._chat_api import ChatApi, reason
from chalicelib.platforms._http_json import REST, count, words
from chalicelib.platforms._slack_files import BUSY, WAITS, beside, shown, upload
from chalicelib.platforms._slack_views import NAME, address, dict_of, heard, is_stamp, moment, place, plain
from chalicelib.ports import N_, Ear, Free, Http, Kit, ReplyTo, Sent, Setting, Terms
from chalicelib.ports.connecting import OAuth
from chalicelib.ports.showing import Image, Images

__all__ = ["heard"]

API = "https://slack.com/api"
ANSWERS = "api"
CAN = frozenset({"publish", "comment", "delete", "measure", "edit", "check"})
NOT_BUILT = ("Buttons and commands.",)
WHY_NOT = ""
CHANNEL = (
    Setting(
        "link",
        "text",
        N_("Link of the channel"),
        N_(
            "Where it posts, such as https://yours.slack.com/archives/C0123ABCD. Left empty, it only answers."
        ),
        needed=False,
    ),
    Setting("client_id", "text", N_("Client ID"), N_("Of your app, under Basic Information."), needed=False),
    Setting("client_secret", "secret", N_("Client secret"), N_("Shown beside the ID."), needed=False),
    Setting(
        "token",
        "secret",
        N_("Bot token"),
        N_("It begins with xoxb-. Your app shows it once installed."),
        needed=False,
    ),
)
OAUTH = OAuth(
    authorize="https://slack.com/oauth/v2/authorize",
    token="https://slack.com/api/oauth.v2.access",  # noqa: S106 (an address)
    scopes=("chat:write", "channels:history", "groups:history", "app_mentions:read", "files:write"),
    separator=",",
    basic=True,
)
IMAGES = Images(
    most=10,
    types=("image/png", "image/jpeg", "image/gif"),
    size=8_000_000,
    alt=1_000,
    checked=date(2026, 11, 30),
    source="https://docs.slack.dev/reference/block-kit/blocks/image-block",
)
"""Number and size are bounds of ours: Slack tells none."""
UNTOLD = (
    N_("Channels where your app is no member, and what it is not subscribed to."),
    N_("What other apps write, and what has no words."),
)
SOURCES: Mapping[str, Ear] = {}
"""It is not asked: it calls us."""
TERMS = Terms(checked=date(2026, 11, 21), source="https://docs.slack.dev/apis/web-api/rate-limits")

LIMIT = Limit(250, timedelta(minutes=5), ours=True)
"""Slack names one method by method, and a low one for apps that are sold outside its shop (`TERMS`): its
answers say when to come back. This one is ours."""
ROOM = 4000
"""Slack takes 40,000 and asks for no more than this."""
PAGE, PAGES = 200, 10
CLOCKS = timedelta(seconds=60)
"""How far Slack's clock may be behind ours."""
LATELY = timedelta(days=1)
MARK = "webspin_message"

KEY = frozenset(
    (
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "missing_scope",
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "access_denied",
    )
)
"""Errors that are the key's."""
BROKEN = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout"))


_LINK = re.compile(r"https://([a-z0-9.-]{1,100}\.slack\.com)/archives/([CGD][A-Z0-9]{1,20})(?:/[!-~]{0,50})?")


def account(settings: Mapping[str, str]) -> str:
    """The workspace, where it is told."""
    fits = _LINK.fullmatch(settings.get("link", "").strip())
    return fits[1] if fits else ""


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Slack":
    """Raises BadInput for a wrong setting."""
    link = settings.get("link", "").strip()
    fits = _LINK.fullmatch(link)
    if link and not fits:
        raise BadInput(
            "link", "expected a channel's link, such as https://yours.slack.com/archives/C0123ABCD"
        )
    headers = {"Authorization": f"Bearer {secrets.get('token', '')}"}
    return Slack(
        kit.http, ChatApi(kit.http, NAME, API, headers, _said), *(fits.groups() if fits else ("", ""))
    )


def _said(status: int, told: Mapping[str, Any], unclear: type[PlatformError]) -> PlatformError | None:
    """Slack says no with HTTP 200."""
    if status != 200 or told.get("ok") is True:
        return None
    error = reason(told.get("error"))
    if error in ("ratelimited", "rate_limited"):
        return RateLimited(NAME, REST)
    if error in BROKEN or not error:
        return unclear(NAME, error or "the answer is not Slack's")
    needed = reason(told.get("needed"))
    return (Unauthorized if error in KEY else Rejected)(NAME, f"{error}: {needed}" if needed else error)


class _TooMuch(Unavailable):
    """More was said than is looked through."""


class Slack:
    """Speaks, Shows, Deletes, Edits, Measures, Checks and Counts. `workspace` is where the channel is, "" as
    `channel` where none is named."""

    threads = False  # a message has room for any answer
    comments = True
    once = False

    def __init__(self, http: Http, api: ChatApi, workspace: str, channel: str) -> None:
        self._http = http
        self._api = api
        self._workspace = workspace
        self._channel = channel
        self._sleep: Callable[[float], None] = sleep

    def check(self) -> datetime | None:
        """Whose key it is; it does not end by itself. An organisation of several workspaces has links of its
        own name, which say nothing of that."""
        there = urlsplit(words(self._api.get("/auth.test").get("url"), 200)).hostname or ""
        grid = any(each.endswith(".enterprise.slack.com") for each in (there, self._workspace))
        if there and self._workspace and there != self._workspace and not grid:
            raise Unauthorized(NAME, N_("the key is of another workspace"))
        return None

    # speaks ----------------------------------------------------------------------------------------

    def publish(
        self, to: ReplyTo | None, text: str, token: str, language: str, images: Sequence[Image] = ()
    ) -> Sent:
        """An answer in the thread of the message, a post in the channel of the settings. What this token
        wrote before is looked for first."""
        spot = _spot(to.id) if to else None
        if to and spot is None:
            raise Rejected(NAME, N_("the message to answer is not there"))
        channel = spot[0] if spot else self._channel
        if not channel:
            raise Rejected(NAME, N_("no channel is set to post in"))
        if self.length(text) > ROOM:
            raise Rejected(NAME, N_("it is longer than Slack shows well"))
        if images and (wrong := IMAGES.wrong(images)):
            raise Rejected(NAME, wrong)
        try:
            sent = self._look(channel, spot, token, datetime.now(UTC) - LATELY)
        except _TooMuch:  # so much was said since then that no earlier try is known
            sent = None
        if sent:
            return sent
        value: dict[str, Any] = {"channel": channel, "text": _escaped(text), "mrkdwn": False}
        value["metadata"] = {"event_type": MARK, "event_payload": {"token": _name(token)}}
        if spot:
            value["thread_ts"] = spot[1]
        if images:
            value["blocks"] = beside(text.strip(), [upload(self._api, self._http, each) for each in images])
        answer = self._posted(value)
        sent = _sent(words(answer.get("channel"), 30) or channel, dict_of(answer.get("message")))
        if sent is None:
            raise Unknown(NAME, "the answer is not a message")
        return sent

    def _posted(self, value: Mapping[str, Any]) -> Any:
        """Raises as `publish`; Unavailable where Slack has not looked through its images in time."""
        for seconds in (*WAITS, 0.0):
            try:
                return self._api.post("/chat.postMessage", value, {})
            except Rejected as error:
                if "blocks" not in value or error.reason != BUSY:
                    raise
            self._sleep(seconds)
        raise Unavailable(NAME, "it is still busy with what it was sent")

    def find(
        self, to: ReplyTo | None, text: str, token: str, since: datetime, free: Free = None
    ) -> Sent | None:
        """Our message of this `token`, in that thread or in the channel. Raises Unavailable where too much
        was said since then to look through."""
        spot = _spot(to.id) if to else None
        channel = spot[0] if spot else self._channel
        if (to and spot is None) or not channel:
            return None
        return self._look(channel, spot, token, since - CLOCKS)

    def _look(
        self, channel: str, spot: "tuple[str, str, str] | None", token: str, since: datetime
    ) -> Sent | None:
        query = [("channel", channel), ("oldest", f"{since.timestamp():.6f}")]
        path, more = ("/conversations.replies", [("ts", spot[1])]) if spot else ("/conversations.history", [])
        for message in self._messages(path, query + more):
            payload = dict_of(dict_of(message.get("metadata")).get("event_payload"))
            if payload.get("token") == _name(token):
                return _sent(channel, message)
        return None

    def _messages(self, path: str, query: Sequence[tuple[str, str]]) -> Iterator[Mapping[str, Any]]:
        """None where the thread is not there. Raises _TooMuch."""
        cursor: list[tuple[str, str]] = []
        for _ in range(PAGES):
            asked = [*query, ("limit", str(PAGE)), ("include_all_metadata", "true"), *cursor]
            try:
                answer = self._api.get(path, asked)
            except Rejected as error:
                if error.reason not in ("thread_not_found", "message_not_found"):
                    raise
                return
            messages = answer.get("messages")
            if not isinstance(messages, list):
                raise Unavailable(NAME, "the answer is not a list")
            yield from (each for each in messages if isinstance(each, dict))
            following = words(dict_of(answer.get("response_metadata")).get("next_cursor"), 500)
            if not following:
                return
            cursor = [("cursor", following)]
        raise _TooMuch(NAME, "too much was said since then to look through")

    def read_back(self, remote_id: str) -> Sent | None:
        spot, message = self._message(remote_id)
        return _sent(spot, message) if message else None

    def _message(self, remote_id: str) -> tuple[str, Mapping[str, Any] | None]:
        """Its channel, and the message as it stands."""
        if not (spot := _spot(remote_id)):
            return "", None
        channel, thread, stamp = spot
        query = [("channel", channel), ("oldest", stamp), ("latest", stamp), ("inclusive", "true")]
        alone = stamp == thread
        path, more = ("/conversations.history", []) if alone else ("/conversations.replies", [("ts", thread)])
        found = (each for each in self._messages(path, query + more) if each.get("ts") == stamp)
        message = next(found, None)
        return channel, None if message and message.get("subtype") == "tombstone" else message

    def delete(self, remote_id: str) -> None:
        if not (spot := _spot(remote_id)):
            return
        try:
            self._api.post("/chat.delete", {"channel": spot[0], "ts": spot[2]}, {})
        except Rejected as error:
            if error.reason != "message_not_found":
                raise

    def edit(self, remote_id: str, text: str) -> Sent:
        """Its images stay."""
        if not (spot := _spot(remote_id)):
            raise Rejected(NAME, N_("the message is not there"))
        _, message = self._message(remote_id)
        if message is None:
            raise Rejected(NAME, N_("the message is not there"))
        value: dict[str, Any] = {"channel": spot[0], "ts": spot[2], "text": _escaped(text), "mrkdwn": False}
        if blocks := beside(text.strip(), shown(message)):
            value["blocks"] = blocks
        self._api.post("/chat.update", value, {})
        return Sent(remote_id=remote_id, url=address(spot[0], spot[2]), text=text)

    # measures --------------------------------------------------------------------------------------

    def measure(self, remote_id: str) -> Numbers | None:
        """What stands in a thread has no answers of its own."""
        _, message = self._message(remote_id)
        if message is None:
            return None
        each = message.get("reactions")
        reactions = sum(
            count(dict_of(one).get("count")) or 0 for one in (each if isinstance(each, list) else ())
        )
        alone = message.get("thread_ts", message.get("ts")) == message.get("ts")
        return Numbers(reactions=reactions, replies=count(message.get("reply_count", 0)) if alone else None)

    def following(self) -> tuple[int | None, int | None]:
        """Nobody follows an app."""
        return None, None

    # counts ----------------------------------------------------------------------------------------

    def room(self) -> int:
        return ROOM

    def length(self, text: str, to: str = "") -> int:
        return len(text.strip())


def _sent(channel: str, message: Mapping[str, Any]) -> Sent | None:
    id = place(channel, message)
    if not id:
        return None
    stamp = words(message.get("ts"), 30)
    said = plain(words(message.get("text"), 100_000))
    return Sent(remote_id=id, url=address(channel, stamp), text=said, at=moment(stamp))


def _spot(remote_id: str) -> tuple[str, str, str] | None:
    """Channel, the moment of its thread, and its own."""
    channel, *stamps = remote_id.split("/")
    if (
        not re.fullmatch("[A-Z0-9]{2,20}", channel)
        or len(stamps) not in (1, 2)
        or not all(map(is_stamp, stamps))
    ):
        return None
    return channel, stamps[0], stamps[-1]


def _escaped(text: str) -> str:
    """Nobody is called and nothing linked by what only looks like Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _name(token: str) -> str:
    """What Slack keeps with a message; whoever reads it learns nothing."""
    return blake2s(token.encode(), digest_size=12).hexdigest()
