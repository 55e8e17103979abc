"""A Mastodon server of one account, as its documentation says (docs.joinmastodon.org/methods/).

It renders what it is sent as Mastodon does: paragraphs, links with hidden parts, remote names without
their server. That is what a module must see through to know its own words again.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import count
from typing import Any
from zlib import crc32

from tests.servers.base import Reply, Request, Server, form

TOKEN = "test-token-not-a-secret"
HOST = "social.example"


@dataclass
class Status:
    """`acct` is `name`, or `name@server` for a stranger from elsewhere."""

    id: str
    acct: str
    text: str
    at: datetime
    reply_to: str = ""
    visibility: str = "public"
    language: str = ""
    warning: str = ""
    favourites: int = 0
    boosts: int = 0
    edited_at: datetime | None = None
    boosted: "Status | None" = None
    """What this one passes on; it has no words of its own then."""
    media: tuple[str, ...] = ()
    """Ids of its images."""


class Mastodon(Server):
    """`say` lets a stranger write; `ours` are the messages of the account, in order.

    Others react by `favourite`, `boost` and `say(reply_to=...)`, and `follow` the account.

    How it misbehaves:
    * `ignores_key`: publishes again whatever the idempotency key
    * `fails_after_publishing`: keeps the message (or deletes it), then answers 500
    * `drops_answer`: keeps the message (or deletes it), then closes the connection
    * `lists_late`: this many look-ups do not show our own messages
    * `expired_token`: nobody's token is good any more
    * `refuses`: answers 422 to every message, and to every wish to delete one
    * `miscounts`: these figures instead of those there are
    * `works_on_images`: this many look-ups say that an image is not ready yet
    * `spoils_images`: it cannot read any
    * `rate_limited`: answers 429 with these headers
    * `asks_for_rest`: answers everything so, such as 503 with Retry-After
    * `stalls`: seconds of silence before each answer
    * `deletes_nothing`: it does not know that request, as snac does not
    * `gives_all`: whichever page of an account's messages is asked for, as snac does
    * `answers`: this status and body to everything, such as an error page
    """

    def __init__(self, account: str = "brand") -> None:
        super().__init__()
        self.account = account
        self.statuses: list[Status] = []
        self.notifications: list[tuple[str, Status]] = []
        self.keys: dict[str, Status] = {}
        self.followers: set[str] = set()
        self.media: dict[str, tuple[bytes, str]] = {}
        """Images by id: bytes, and what they show."""
        self.works_on_images = 0
        self.spoils_images = False
        self.max_characters = 500
        self.api_version = 7
        self.ignores_key = self.fails_after_publishing = self.drops_answer = False
        self.expired_token = self.refuses = False
        self.deletes_nothing = self.gives_all = False
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.asks_for_rest: Reply | None = None
        self.stalls = 0.0
        self.answers: tuple[int, bytes] | None = None
        self.miscounts: dict[str, Any] = {}
        self._ids = map(str, count(103186126728896492, 65536))

    def say(
        self,
        text: str,
        acct: str = "anna@elsewhere.example",
        *,
        reply_to: str = "",
        visibility: str = "public",
        language: str = "en",
        warning: str = "",
        at: datetime | None = None,
    ) -> str:
        """Somebody writes; who names the account sends it a notification."""
        with self.lock:
            at = at or datetime.now(UTC)
            status = Status(next(self._ids), acct, text, at, reply_to, visibility, language, warning)
            self.statuses.append(status)
            if re.search(rf"@{self.account}\b", text) and acct != self.account:
                self.notifications.append((next(self._ids), status))
        return status.id

    def ours(self) -> list[Status]:
        with self.lock:
            return [status for status in self.all_ours() if not status.boosted]

    def all_ours(self) -> list[Status]:
        return [status for status in self.statuses if status.acct == self.account]

    def favourite(self, id: str) -> None:
        self._there(id).favourites += 1

    def take_away(self, id: str) -> None:
        """Its author removes it."""
        self.statuses.remove(self._there(id))

    def edit(self, id: str, text: str, at: datetime | None = None) -> None:
        """Its author changes it."""
        one = self._there(id)
        one.text, one.edited_at = text, at or datetime.now(UTC)

    def boost(self, id: str, acct: str = "anna@elsewhere.example") -> None:
        """Somebody passes it on; the account itself, if it is told so."""
        one = self._there(id)
        one.boosts += 1
        self.statuses.append(Status(next(self._ids), acct, "", datetime.now(UTC), boosted=one))

    def follow(self, acct: str) -> None:
        self.followers.add(acct)

    def _there(self, id: str) -> Status:
        found = self._one(id)
        assert found, f"there is no {id}"
        return found

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(self.answers[0], self.answers[1], stall=self.stalls)
        if self.asks_for_rest:
            return self.asks_for_rest
        if self.rate_limited is not None:
            return _json({"error": "Too many requests"}, 429, self.rate_limited)
        reply = self._route(request)
        reply.stall = self.stalls
        return reply

    def _route(self, request: Request) -> Reply:
        path = request.path
        if path == "/api/v2/instance":
            statuses = {"max_characters": self.max_characters, "characters_reserved_per_url": 23}
            versions = {"mastodon": self.api_version}
            return _json({"domain": HOST, "configuration": {"statuses": statuses}, "api_versions": versions})
        if tag := re.fullmatch(r"/api/v1/timelines/tag/(\w+)", path):
            tagged = [s for s in self.statuses if re.search(rf"#{tag[1]}\b", s.text, re.IGNORECASE)]
            return _json([self._status(s) for s in _page(tagged, request, 40)])
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"error": "The access token is invalid"}, 401)
        if path == "/api/v1/notifications" and request.query.get("types[]") == ["mention"]:
            return _json(self._notifications(request))
        if path == "/api/v1/accounts/verify_credentials":
            return _json(self._account(self.account) | self.miscounts)
        if path == f"/api/v1/accounts/{_account_id(self.account)}/statuses":
            shown = self.ours_listed(request)
            return _json([] if self._late() else [self._status(s) for s in self._shown(shown, request)])
        if found := re.fullmatch(r"/api/v1/statuses/(\d+)/(reblog|unreblog)", path):
            return self._pass_on(found[1], found[2])
        if path == "/api/v2/media" and request.method == "POST":
            return self._take_in(request)
        if (id := path.removeprefix("/api/v1/media/")) in self.media:
            return self._image(id, 206)
        if path == "/api/v1/statuses" and request.method == "POST":
            return self._publish(request)
        if path == "/api/v1/statuses" and request.method == "GET":
            asked = request.query.get("id[]", [])
            if len(asked) > 20:
                return _json({"error": "Validation failed"}, 422)
            return _json([self._status(one) for id in asked if (one := self._one(id))])
        if one := self._one(path.removeprefix("/api/v1/statuses/")):
            if request.method == "DELETE" and one.acct == self.account and not self.deletes_nothing:
                return self._delete(one)
            if request.method == "PUT" and one.acct == self.account:
                return self._edit(one, json.loads(request.body))
            if request.method == "GET" and not self._late():
                return _json(self._status(one) | self.miscounts)
        return _json({"error": "Record not found"}, 404)

    def _shown(self, statuses: list[Status], request: Request) -> list[Status]:
        return statuses[::-1] if self.gives_all else _page(statuses, request, 40)

    def _notifications(self, request: Request) -> list[dict[str, Any]]:
        kept = dict(self.notifications)
        ids = _newest([*kept], request, 80)
        return [
            {
                "id": id,
                "type": "mention",
                "account": self._account(kept[id].acct),
                "status": self._status(kept[id]),
            }
            for id in ids
        ]

    def ours_listed(self, request: Request) -> list[Status]:
        boosts_too = request.query.get("exclude_reblogs") != ["true"]
        return [status for status in self.all_ours() if boosts_too or not status.boosted]

    def _pass_on(self, id: str, how: str) -> Reply:
        """One of each message, however often it is asked for."""
        one = self._one(id)
        if one is None or one.boosted:
            return _json({"error": "Record not found"}, 404)
        if self.refuses:
            return _json({"error": "This action is not allowed"}, 422)
        ours = next((each for each in self.all_ours() if each.boosted is one), None)
        if how == "unreblog":
            if ours:
                self.statuses.remove(ours)
            return self._done(one)
        if ours is None:
            ours = Status(next(self._ids), self.account, "", datetime.now(UTC), boosted=one)
            self.statuses.append(ours)
        return self._done(ours)

    def _take_in(self, request: Request) -> Reply:
        given = form(request)
        image, kind = given["file"]
        if self.spoils_images or not kind.startswith("image/"):
            return _json({"error": "Validation failed: File content type is invalid"}, 422)
        id = next(self._ids)
        self.media[id] = image, given["description"][0].decode()
        return self._image(id, 202)

    def _image(self, id: str, working: int) -> Reply:
        at_work = self.works_on_images > 0
        self.works_on_images -= at_work
        url = None if at_work else f"https://{HOST}/media/{id}"
        shown = {"id": id, "type": "image", "url": url, "description": self.media[id][1]}
        return _json(shown, working if at_work else 200)

    def shown(self, id: str) -> list[str]:
        """What the images of a message show."""
        return [self.media[each][1] for each in self._there(id).media]

    def _publish(self, request: Request) -> Reply:
        given = json.loads(request.body)
        key = request.headers.get("idempotency-key", "")
        if self.refuses or len(given["status"]) > self.max_characters:
            return _json({"error": "Validation failed: Text character limit exceeded"}, 422)
        if given.get("in_reply_to_id") and not self._one(given["in_reply_to_id"]):
            return _json({"error": "The post you are trying to reply to does not appear to exist."}, 404)
        if not set(given.get("media_ids", ())) <= set(self.media) or len(given.get("media_ids", ())) > 4:
            return _json({"error": "Validation failed: Media is not there"}, 422)
        if given.get("quoted_status_id") and not self._one(given["quoted_status_id"]):
            return _json({"error": "Record not found"}, 404)
        status = None if self.ignores_key else self.keys.get(key)
        if status is None:
            status = Status(
                next(self._ids),
                self.account,
                given["status"],
                datetime.now(UTC),
                given.get("in_reply_to_id", ""),
                given["visibility"],
                given.get("language", ""),
                media=tuple(given.get("media_ids", ())),
            )
            self.statuses.append(status)
            self.keys |= {key: status} if key else {}
        return self._done(status)

    def _delete(self, status: Status) -> Reply:
        if self.refuses:
            return _json({"error": "Validation failed"}, 422)
        self.statuses.remove(status)
        return self._done(status)

    def _edit(self, status: Status, given: dict[str, Any]) -> Reply:
        """Images that are not named again are gone."""
        if self.refuses or len(given["status"]) > self.max_characters:
            return _json({"error": "Validation failed: Text character limit exceeded"}, 422)
        status.text, status.media = given["status"], tuple(given.get("media_ids", ()))
        return self._done(status)

    def _done(self, status: Status) -> Reply:
        if self.fails_after_publishing:
            return Reply(500, b"<html><h1>We're sorry, but something went wrong</h1></html>")
        return Reply(drop=True) if self.drops_answer else _json(self._status(status))

    def _one(self, id: str) -> Status | None:
        return next((status for status in self.statuses if status.id == id), None)

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    def _account(self, acct: str) -> dict[str, Any]:
        return {
            "id": _account_id(acct),
            "username": acct.partition("@")[0],
            "acct": acct,
            "display_name": acct.partition("@")[0].title(),
            "url": f"https://{HOST}/@{acct}",
            "followers_count": len(self.followers) if acct == self.account else 12,
            "following_count": 3,
        }

    def _status(self, status: Status) -> dict[str, Any]:
        return {
            "id": status.id,
            "created_at": _moment(status.at),
            "edited_at": status.edited_at and _moment(status.edited_at),
            "in_reply_to_id": status.reply_to or None,
            "reblogged": any(each.boosted is status for each in self.all_ours()),
            "in_reply_to_account_id": _account_id(above.acct)
            if (above := self._one(status.reply_to))
            else None,
            "mentions": [self._account(above.acct)] if above else [],
            "media_attachments": [{"id": id, "description": self.media[id][1]} for id in status.media],
            "visibility": status.visibility,
            "language": status.language or None,
            "spoiler_text": status.warning,
            "url": f"https://{HOST}/@{status.acct}/{status.id}",
            "content": rendered((status.boosted or status).text),
            "account": self._account(status.acct),
            "reblog": self._status(status.boosted) if status.boosted else None,
            "favourites_count": status.favourites,
            "reblogs_count": status.boosts,
            "replies_count": sum(other.reply_to == status.id for other in self.statuses),
        }


def rendered(text: str) -> str:
    """Plain text as Mastodon's HTML."""
    paragraphs = re.split(r"\n{2,}", text.strip())
    return "".join(f"<p>{_WORD.sub(_linked, paragraph)}</p>" for paragraph in paragraphs)


_WORD = re.compile(
    r"(?P<url>https?://\S+)|@(?P<name>\w+)(?:@(?P<host>[\w.-]+\w))?|#(?P<tag>\w+)|(?P<rest>[\s\S])"
)


def _linked(word: re.Match[str]) -> str:
    if url := word["url"]:
        scheme, _, shown = url.partition("://")
        return (
            f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
            f'<span class="invisible">{scheme}://</span><span class="ellipsis">{escape(shown[:30])}</span>'
            f'<span class="invisible">{escape(shown[30:])}</span></a>'
        )
    if name := word["name"]:
        href = f"https://{word['host'] or HOST}/@{name}"
        return f'<span class="h-card"><a href="{href}" class="u-url mention">@<span>{name}</span></a></span>'
    if tag := word["tag"]:
        return (
            f'<a href="https://{HOST}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
        )
    return "<br />" if word["rest"] == "\n" else escape(word["rest"])


def _page(statuses: list[Status], request: Request, most: int) -> list[Status]:
    kept = {status.id: status for status in statuses}
    return [kept[id] for id in _newest([*kept], request, most)]


def _newest(ids: list[str], request: Request, most: int) -> list[str]:
    """One page, newest first: the oldest above `min_id`, else the newest below `max_id`."""
    above, below = (int(request.query.get(name, ["0"])[0]) for name in ("min_id", "max_id"))
    limit = min(int(request.query.get("limit", ["20"])[0]), most)
    rising = sorted(int(id) for id in ids if int(id) > above and (not below or int(id) < below))
    page = rising[:limit] if above else rising[-limit:]
    return [str(id) for id in reversed(page)]


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _account_id(acct: str) -> str:
    return str(crc32(acct.encode()))


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
