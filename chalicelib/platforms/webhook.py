"""The generic webhook: whoever can sign a call can tell us of a message, wherever it was written.

A call is signed by one of the schemes of `_signatures.py`, and its body is JSON:

    {
      "type": "mention.created",
      "timestamp": "2026-11-23T09:12:00Z",
      "data": {
        "id": "review-1831",                 the network's own id: what makes two reports one message
        "platform": "reviews",               the network; left out: webhook
        "author": {
          "handle": "anna",
          "id": "77", "name": "Anna", "url": "https://...", "followers": 12
        },
        "text": "The soup was cold.",
        "text_is_html": false,
        "url": "https://...", "posted_at": "2026-11-23T09:10:00Z",
        "reply_to": "review-1830",           the id of the message it answers
        "language": "en",
        "direct": true                       addressed to us, so that somebody answers; left out: true
      }
    }

`id`, `author.handle` and `text` are required; what is not known is left out. `data` may be a list of
up to 100 such.

`mention.updated` has the same data, as it stands there now: where we keep another text of it, its
author edited it. Of an item of a feed that is for the feed to tell. `mention.deleted` has but `id`
and `platform`: it was removed there, and its text goes here. `timestamp` is when it stood there so:
what is told of an earlier moment and comes later changes nothing.

A message that we also poll (`"platform": "mastodon"`, or `"feed"` with the item's guid
as its id) is one message, whichever way it came first. The text is plain: "<b>" is three
characters, unless `text_is_html` is true.

What a network itself sends is read by its module, where that has a `heard` (Discourse, Slack,
Telegram, those of Meta, whose calls say of which they are: `_meta.py`); its
`UNTOLD` says what it never tells.

Who sends a Webmention names a page and one of ours: the page is fetched, and is a mention if it links there.

The same JSON may come as the field `payload` of a form of either kind, as the message of an SNS notification,
or as the data of a Pub/Sub message; in UTF-8, UTF-16 or as its Content-Type says, and packed by gzip. What a
WebSub hub sends is a feed, read as the feed itself is: the same item heard both ways is one mention.

Settings:
* `scheme`: how it signs; left out: standard-webhooks
* `topic`: for WebSub, the feed's address; for Webmention, that of our site
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib import platforms
from chalicelib.domain.knock import USUAL
from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.shape import ShapeError, load
from chalicelib.errors import BadInput, Rejected
from chalicelib.platforms import _bodies, _meta
from chalicelib.platforms._http_json import count, link
from chalicelib.platforms._text import links, one_line, plain, tidy
from chalicelib.ports import N_, Ear, Kit, Setting

NAME = "webhook"
ANSWERS = "browser"
CAN = frozenset[str]()
KEYLESS = True
WHY_NOT = N_("its source only brings messages: it is answered where it was written")
SENDER = N_("What its sender leaves out, and calls that it never makes.")
NOT_OURS = N_("What does not come in our own form: it is kept with what failed, and not read.")
THEIRS = N_(
    "What %(caller)s itself sends is not read yet: only what comes in our own form, signed in the same way."
)
SOME = N_("What %(caller)s sends of networks that Webspin does not read.")
OTHERS = N_("What others send that is not in our own form: it is kept with what failed, and not read.")
UNSAID = N_("Pages that link to your site without telling it: many do.")
UNREACHED = N_("A page that does not answer when Webspin looks whether it links to you.")
UNREAD = "what its network itself sends is not read yet"
UNASKED = "the account that its network is asked by has to be chosen at this source"
SOURCES = {
    "": Ear(
        label=N_("Something that calls us (webhook)"),
        settings=(
            Setting("scheme", "scheme", N_("Who calls"), needed=False, default=USUAL),
            Setting(
                "topic",
                "topic",
                N_("Feed, or your site"),
                N_("Of a feed that pushes (WebSub) its address; for Webmention that of your site."),
                needed=False,
            ),
            Setting(
                "secret",
                "hook-secret",
                N_("Secret"),
                N_("Only where its network shows one; it can be filled in later. Else it is made for you."),
            ),
            Setting("secret_2", "hook-secret", needed=False),
        ),
        leaves_out=(SENDER,),
        calls=True,
    )
}
SCHEME = USUAL

NETWORKS = ("github", "discord", "mastodon", "teams")
"""Schemes of networks that send messages of their own, in forms that we do not read (`heard`)."""

UNSIGNED = "unsigned"
BY_SCHEME = {"google-pubsub": "google_business", "sns": "email", UNSIGNED: "trustpilot"}
"""Networks that call in a way that others use too: theirs is what their module takes for its own."""

CREATED, UPDATED, DELETED = KINDS = ("mention.created", "mention.updated", "mention.deleted")
MOST = 100
BYTES = 1_000_000

_PLATFORM = re.compile(r"[a-z][a-z0-9_]{0,29}")


def leaves_out(settings: Mapping[str, str]) -> tuple[str, ...]:
    """By who calls."""
    scheme = settings.get("scheme", SCHEME)
    if scheme == _meta.SCHEME and (read := sorted(set(_meta.NAMES) & set(platforms.names()))):
        untold = (each for name in read for each in getattr(platforms.module(name), "UNTOLD", ()))
        return (*untold, *(SOME,) * (len(read) < len(_meta.NAMES)), SENDER)
    if scheme in (*NETWORKS, _meta.SCHEME):
        return (THEIRS, SENDER)
    if network := _network(scheme):
        rest = (OTHERS,) if scheme in BY_SCHEME else ()
        return (*getattr(network, "UNTOLD", ()), SENDER, *rest)
    if scheme == "webmention":
        return (UNSAID, UNREACHED)
    return (SENDER,) if scheme == "websub" else (SENDER, NOT_OURS)


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "Webhook":
    """Its secret is read by who verifies the call."""
    return Webhook(settings.get("scheme", SCHEME), settings.get("topic", ""), kit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Author:
    handle: str
    id: str = ""
    name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    id: str
    author: _Author
    text: str
    text_is_html: bool = False
    platform: str = NAME
    url: str = ""
    posted_at: datetime | None = None
    reply_to: str = ""
    language: str = ""
    direct: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    id: str
    platform: str = NAME


class Webhook:
    """Hears of `ports.py`."""

    def __init__(self, scheme: str, topic: str, kit: Kit) -> None:
        self._scheme = scheme
        self._topic = topic
        self._kit = kit

    def hear(self, headers: Mapping[str, str], body: bytes) -> tuple[Found, ...]:
        """Read a verified call, whole or not at all (`apart`). Raises BadInput, naming the field."""
        content_type, body = headers.get("content-type", ""), _bodies.unpacked(body)
        if self._scheme == "websub":
            return self._pushed(content_type, body)
        if self._scheme == "webmention":
            return self._linked(body)
        value = self._told(body, content_type)
        ours = isinstance(value, dict) and value.keys() >= {"type", "data"}
        if not ours and (network := _caller(self._scheme, value)):
            return self._theirs(network, headers, value)
        if not ours and self._scheme in (*NETWORKS, _meta.SCHEME):
            raise BadInput("", UNREAD)
        kind, data = _envelope(value)
        as_of = _load(datetime, value["timestamp"], "timestamp")
        found = tuple(replace(each, as_of=as_of) for each in _messages(kind, data))
        if self._scheme == UNSIGNED:  # who proves nothing speaks for no other network
            return tuple(replace(each, platform=NAME) for each in found)
        return found

    def _theirs(self, network: Any, headers: Mapping[str, str], value: Any) -> tuple[Found, ...]:
        """What a call only names (`named`: messages, what became of ours) is for the channel that answers:
        what the network then says of one stands for what the call said, and for all of a call that proves
        nothing. Of a call for several accounts of one app (`only`) that channel's counts. What a call left
        in a store of ours is read there (`fetched`). Raises what the module does, and BadInput where nobody
        can be asked about such a call."""
        if hasattr(network, "only") and (account := self._named(network)):
            value = network.only(value, account)
        if hasattr(network, "fetched"):
            value = network.fetched(value, self._kit)
        found: tuple[Found, ...] = network.heard(headers, value)
        ids = network.named(value) if hasattr(network, "named") else ()
        channel = self._kit.through(network.NAME) if ids else None
        asked: tuple[Found, ...] = channel.told(ids) if channel else ()
        if self._scheme == UNSIGNED:
            if ids and not channel:
                raise BadInput("", UNASKED)
            return asked
        there = {each.id for each in asked}
        return (*(each for each in found if each.id not in there), *asked)

    def _named(self, network: Any) -> str:
        """As its calls name the account of the channel that answers, "" where there is none: by what its
        settings say, or by a number that the network tells. Where it refuses to, all of a call counts."""
        if not (account := self._kit.account(network.NAME)):
            return ""
        channel = self._kit.through(network.NAME)
        if not hasattr(channel, "number"):
            return account
        try:
            return str(channel.number())
        except Rejected:
            return ""

    def apart(self, body: bytes) -> list[bytes]:
        """The same call as calls of one message each; a call of one, or of none that we know, is itself."""
        if self._scheme in ("websub", "webmention"):
            return [body]
        try:
            value = self._told(_bodies.unpacked(body))
            _, data = _envelope(value)
        except BadInput:
            return [body]
        if not isinstance(data, list) or not 1 < len(data) <= MOST:
            return [body]
        return [_written({**value, "data": item}) for item in data]

    def _linked(self, body: bytes) -> tuple[Found, ...]:
        """A page that says it links to our site. Raises BadInput for anything else: everybody may call."""
        from chalicelib.platforms import _webmention

        pair = _webmention.asked(body)
        if not pair:
            raise BadInput("", "expected a form with source and target")
        return _webmention.heard(*pair, self._topic, self._kit.http)

    def _pushed(self, content_type: str, body: bytes) -> tuple[Found, ...]:
        from chalicelib.platforms import feed

        found = feed.connect({"url": self._topic}, {}, self._kit).pushed(content_type, body)
        return tuple(replace(each, platform=feed.NAME) for each in found)

    def _told(self, body: bytes, content_type: str = "") -> Any:
        """The JSON of a call, out of what its network wraps it in."""
        value = _json(_bodies.told(body, content_type))
        if not isinstance(value, dict):
            return value
        if self._scheme == "sns" and value.get("Type") == "Notification":
            return _json(str(value.get("Message", "")))
        if self._scheme == "google-pubsub" and isinstance(value.get("message"), dict):
            try:
                return _json(b64decode(str(value["message"].get("data", ""))).decode())
            except ValueError:
                raise BadInput("message.data", "expected base64") from None
        if self._scheme == _meta.SCHEME and {"algorithm", "user_id"} <= value.keys():
            raise BadInput("", "Meta asks to forget a person: see Forgetting a person in the runbook")
        return value


def _written(value: Any) -> bytes:
    """No larger than it came."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _caller(scheme: str, value: Any) -> Any:
    """The module that reads this very call, if one does."""
    found = _network(_meta.network(value) if scheme == _meta.SCHEME else scheme)
    return None if found and scheme in BY_SCHEME and not found.calls(value) else found


def _network(scheme: str) -> Any:
    """The module of the network that signs so, if it reads what that network sends."""
    name = BY_SCHEME.get(scheme, scheme)
    found = platforms.module(name) if name in platforms.names() and name != NAME else None
    return found if hasattr(found, "heard") else None


def _json(text: str) -> Any:
    if len(text) > BYTES:
        raise BadInput("", f"at most {BYTES} characters, got {len(text)}")
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # refuses half a surrogate pair: no table can hold it
    except (ValueError, RecursionError):
        raise BadInput("", "not JSON in UTF-8 that we can read") from None
    return value


def _envelope(value: Any) -> tuple[str, Any]:
    """The type and what is in `data`, after the rest was found right."""
    if not isinstance(value, dict):
        raise BadInput("", "expected an object with type, timestamp and data")
    if missing := {"type", "timestamp", "data"} - value.keys():
        raise BadInput(min(missing), "is missing")
    if unknown := value.keys() - {"type", "timestamp", "data"}:
        raise BadInput(min(unknown)[:100], "is not known here")
    if value["type"] not in KINDS:
        raise BadInput("type", f"expected {', '.join(KINDS)}")
    _load(datetime, value["timestamp"], "timestamp")
    return value["type"], value["data"]


def _messages(kind: str, data: Any) -> tuple[Found, ...]:
    read = _gone if kind == DELETED else _found
    if isinstance(data, list) and not 1 <= len(data) <= MOST:
        raise BadInput("data", f"1 to {MOST} messages, got {len(data)}")
    given = [(data, "data")]
    if isinstance(data, list):
        given = [(item, f"data[{i}]") for i, item in enumerate(data)]
    return tuple(replace(read(*each), edited=kind == UPDATED) for each in given)


def _load(kind: Any, value: Any, place: str) -> Any:
    try:
        return load(kind, value, place)
    except ShapeError as error:
        field, _, message = str(error)[:300].partition(": ")
        raise BadInput(field, message) from None


def _found(value: Any, place: str) -> Found:
    item: _Item = _load(_Item, value, place)
    handle = one_line(item.author.handle.removeprefix("@"))
    text = plain(item.text) if item.text_is_html else tidy(item.text)
    _check(item, handle, text, place)
    return Found(
        id=native_id(item.id),
        author=Author(
            id=item.author.id or handle,
            handle=handle,
            name=one_line(item.author.name),
            url=item.author.url,
            followers=item.author.followers,
        ),
        text=text,
        posted_at=item.posted_at,
        url=item.url,
        reply_to=native_id(item.reply_to) if item.reply_to else "",
        language=item.language,
        direct=item.direct,
        links=links(item.text, item.url) if item.text_is_html else (),
        platform=item.platform,
    )


def _gone(value: Any, place: str) -> Found:
    item: _Gone = _load(_Gone, value, place)
    _in_bounds(place, "id", item.id.strip(), 1, 1000)
    _check_platform(item.platform, place)
    nobody = Author(id="", handle="")
    return Found(
        id=native_id(item.id), author=nobody, text="", posted_at=None, platform=item.platform, gone=True
    )


def _check(item: _Item, handle: str, text: str, place: str) -> None:
    """What the types do not say. Texts are in characters, least and most."""
    author = item.author
    for field, given, least, most in (
        ("id", item.id.strip(), 1, 1000),
        ("author.handle", handle, 1, 200),
        ("author.id", author.id, 0, 1000),
        ("author.name", author.name, 0, 200),
        ("text", text, 1, BYTES),
        ("reply_to", item.reply_to, 0, 1000),
        ("language", item.language, 0, 35),
    ):
        _in_bounds(place, field, given, least, most)
    for field, given in (("url", item.url), ("author.url", author.url)):
        if given and not link(given):
            raise BadInput(f"{place}.{field}", "expected a link that begins with https://")
    _check_platform(item.platform, place)
    if author.followers is not None and count(author.followers) is None:
        raise BadInput(f"{place}.author.followers", "expected a number from 0")


def _in_bounds(place: str, field: str, given: str, least: int, most: int) -> None:
    if not least <= len(given) <= most:
        raise BadInput(f"{place}.{field}", f"{least} to {most} characters, got {len(given)}")


def _check_platform(given: str, place: str) -> None:
    if not _PLATFORM.fullmatch(given):
        raise BadInput(f"{place}.platform", "expected a short name in small letters")
