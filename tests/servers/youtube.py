"""YouTube's Data API, as far as comments and a search for videos go (developers.google.com/youtube/v3/docs).

A project has 10,000 units a day: what each request costs is counted in `units`.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from typing import Any

from tests.servers.base import Reply, Request, Server

KEY, TOKEN = "test-key-not-a-secret", "test-token-not-a-secret"
US, ANNA = "UCbrand", "UCanna"
VIDEO = "OURVIDEO001"
ALONG = 5
"""Answers that come along with the comment at the top."""


@dataclass
class Comment:
    id: str
    video: str
    author: str
    name: str
    text: str
    at: datetime
    changed: datetime
    likes: int = 0
    shown: bool = True


@dataclass
class Video:
    id: str
    channel: str
    title: str
    told: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class YouTube(Server):
    """`say` lets a stranger comment; `ours` are the comments of our channel, in order.

    How it misbehaves:
    * `fails_after_publishing`: keeps the comment (or deletes it), then answers 500
    * `lists_late`: this many look-ups do not show comments
    * `expired`: nobody's key is good any more
    * `refuses`: the words of a refusal with which it answers every write (`reason status`)
    * `rate_limited`: answers 429 with these headers
    * `spent`: the project's units are
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.comments: list[Comment] = []
        self.videos = [Video(VIDEO, US, "Our bread", "How we bake it.")]
        self.fails_after_publishing = self.expired = self.spent = False
        self.refuses = ""
        self.lists_late = self.subscribers = self.units = 0
        self.hides_subscribers = False
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None

    def say(self, text: str, author: str = ANNA, *, below: str = "", video: str = VIDEO) -> str:
        """A comment, or an answer below one; its id."""
        with self.lock:
            return self._keep(text, author, below, video).id

    def ours(self) -> list[Comment]:
        return [each for each in self.comments if each.author == US and each.shown]

    def comment(self, id: str) -> Comment:
        return next(each for each in self.comments if each.id == id)

    def _keep(self, text: str, author: str, below: str, video: str) -> Comment:
        own = f"Ugx{len(self.comments):05}"
        name = "@brand" if author == US else f"@{author.removeprefix('UC')}"
        # no two are of one moment, so that their order is known
        at = max([datetime.now(UTC), *(each.at + timedelta(milliseconds=1) for each in self.comments[-1:])])
        made = Comment(f"{below}.{own}" if below else own, video, author, name, text, at, at)
        self.comments.append(made)
        return made

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _refusal("rateLimitExceeded", 429, self.rate_limited)
        by_key = request.headers.get("x-goog-api-key")
        known = by_key == KEY or request.headers.get("authorization") == f"Bearer {TOKEN}"
        if self.expired or not known:
            return _refusal("authError", 401)
        if self.spent:
            return _refusal("quotaExceeded", 403)
        self.units += 1 if request.method == "GET" else 50
        query = {name: values[0] for name, values in request.query.items()}
        if request.method == "GET":
            return self._read(request.path, query, mine=not by_key)
        if by_key:
            return _refusal("forbidden", 403)
        if self.refuses:
            reason, status = self.refuses.split()
            return _refusal(reason, int(status))
        return self._write(request, query)

    def _read(self, path: str, query: dict[str, str], *, mine: bool) -> Reply:
        if path == "/channels":
            here = US if mine and query.get("mine") else query.get("id", "")
            figures = {"subscriberCount": str(self.subscribers), "hiddenSubscriberCount": False}
            if self.hides_subscribers:
                figures = {"hiddenSubscriberCount": True}
            there = [{"id": US, "statistics": figures}] if here == US else []
            return _list("channel", there)
        if path == "/videos":
            found = [each for each in self.videos if each.id == query["id"]]
            return _list("video", [{"id": v.id, "snippet": {"channelId": v.channel}} for v in found])
        if path == "/search":
            wanted = query["q"].strip('"').casefold()
            hits = [each for each in self.videos if wanted in f"{each.title} {each.told}".casefold()]
            hits.sort(key=lambda each: (each.at, each.id), reverse=True)
            return _paged("searchListResponse", [_hit(each) for each in hits], query, 50)
        if path == "/comments":
            return self._comments(query)
        if path == "/commentThreads":
            return self._threads(query)
        return _refusal("notFound", 404)

    def _comments(self, query: dict[str, str]) -> Reply:
        late = self._late()
        if wanted := query.get("id"):
            found = [each for each in self.comments if each.id in wanted.split(",") and each.shown]
            return _list("comment", [] if late else [self._comment(each) for each in found])
        above = query["parentId"]
        if not any(each.id == above and each.shown for each in self.comments):
            return _refusal("commentNotFound", 404)
        below = [] if late else list(reversed(self._below(above)))
        return _paged("commentListResponse", [self._comment(each) for each in below], query, 100)

    def _threads(self, query: dict[str, str]) -> Reply:
        late = self._late()
        tops = [each for each in self.comments if "." not in each.id and each.shown]
        if "id" in query:
            tops = [each for each in tops if each.id == query["id"]]
        elif "videoId" in query:
            tops = [each for each in tops if each.video == query["videoId"] and not late]
        else:
            own = {each.id for each in self.videos if each.channel == query["allThreadsRelatedToChannelId"]}
            tops = [each for each in tops if each.video in own]
        tops.sort(key=lambda each: each.at, reverse=True)
        return _paged("commentThreadListResponse", [self._in_full(each) for each in tops], query, 100)

    def _write(self, request: Request, query: dict[str, str]) -> Reply:
        if request.method == "DELETE":
            found = [each for each in self.comments if each.id == query["id"] and each.shown]
            if not found:
                return _refusal("commentNotFound", 404)
            if found[0].author != US:
                return _refusal("forbidden", 403)
            found[0].shown = False
            return self._done(Reply(204))
        snippet = json.loads(request.body)["snippet"]
        if request.path == "/commentThreads":
            video = next((each for each in self.videos if each.id == snippet["videoId"]), None)
            if video is None or video.channel != snippet["channelId"]:
                return _refusal("videoNotFound", 404)
            text = snippet["topLevelComment"]["snippet"]["textOriginal"]
            return self._taken(text) or self._done(_json(self._in_full(self._keep(text, US, "", video.id))))
        text = snippet["textOriginal"]
        if refusal := self._taken(text):
            return refusal
        if request.method == "PUT":
            asked = json.loads(request.body)["id"]
            if not any(each.id == asked and each.shown for each in self.comments):
                return _refusal("commentNotFound", 404)
            made = self.comment(asked)
            made.text, made.changed = text, datetime.now(UTC)
            return self._done(_json(self._comment(made)))
        above = next((each for each in self.comments if each.id == snippet["parentId"] and each.shown), None)
        if above is None or "." in above.id:
            return _refusal("parentCommentNotFound", 404)
        return self._done(_json(self._comment(self._keep(text, US, above.id, above.video))))

    @staticmethod
    def _taken(text: str) -> Reply | None:
        return _refusal("commentTextTooLong", 400) if len(text) > 10_000 else None

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"<html>Oops</html>") if self.fails_after_publishing else reply

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    def _below(self, id: str) -> list[Comment]:
        return [each for each in self.comments if each.id.startswith(f"{id}.") and each.shown]

    def _in_full(self, top: Comment) -> dict[str, Any]:
        below = self._below(top.id)
        thread: dict[str, Any] = {
            "kind": "youtube#commentThread",
            "id": top.id,
            "snippet": {
                "channelId": US,
                "videoId": top.video,
                "topLevelComment": self._comment(top),
                "canReply": True,
                "totalReplyCount": len(below),
                "isPublic": True,
            },
        }
        if below:
            thread["replies"] = {"comments": [self._comment(each) for each in below[-ALONG:]]}
        return thread

    def _comment(self, one: Comment) -> dict[str, Any]:
        """In plain text, as it is asked for."""
        above = one.id.rpartition(".")[0]
        return {
            "kind": "youtube#comment",
            "id": one.id,
            "snippet": {
                "textDisplay": one.text,
                "authorDisplayName": one.name,
                "authorChannelId": {"value": one.author},
                "likeCount": one.likes,
                "publishedAt": one.at.isoformat().replace("+00:00", "Z"),
                "updatedAt": one.changed.isoformat().replace("+00:00", "Z"),
                **({"parentId": above} if above else {}),
            },
        }


def _hit(video: Video) -> dict[str, Any]:
    return {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": video.id},
        "snippet": {
            "publishedAt": video.at.isoformat(),
            "channelId": video.channel,
            "title": escape(video.title),
            "description": escape(video.told),
            "channelTitle": video.channel.removeprefix("UC").title(),
        },
    }


def _paged(kind: str, found: list[dict[str, Any]], query: dict[str, str], most: int) -> Reply:
    start, size = int(query.get("pageToken", "p0")[1:]), min(int(query.get("maxResults", 20)), most)
    page = found[start : start + size]
    more = {"nextPageToken": f"p{start + size}"} if start + size < len(found) else {}
    etag = sha256(json.dumps(page).encode()).hexdigest()[:16]
    return _json({"kind": f"youtube#{kind}", "etag": etag, "items": page, **more})


def _list(kind: str, found: list[dict[str, Any]]) -> Reply:
    return _json({"kind": f"youtube#{kind}ListResponse", "etag": "e", "items": found})


def _refusal(reason: str, status: int, headers: dict[str, str] | None = None) -> Reply:
    message = f"The request failed: <code>{reason}</code>."
    error = {"code": status, "message": message, "errors": [{"reason": reason, "domain": "youtube.comment"}]}
    return _json({"error": error}, status, headers)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
