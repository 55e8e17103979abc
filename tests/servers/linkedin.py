"""LinkedIn with one page of ours, as its documentation says (version 202607).

It takes the text of a post in its own format, and cuts it without a word at the first sign that should have
been escaped, as the real one does.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
PAGE = "96072893"
US = f"urn:li:organization:{PAGE}"
VERSION = "202607"
RESERVED = re.compile(r"(?<!\\)(?:\\\\)*[|{}@\[\]()<>#*_~]")


@dataclass
class Post:
    urn: str
    author: str
    written: str
    at: datetime
    content: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    reached: int = 0
    liked: int = 0
    shared: int = 0


@dataclass
class Comment:
    id: int
    post: str
    owner: str
    text: str
    at: datetime
    parent: str = ""
    deleted: bool = False
    liked: int = 0

    @property
    def urn(self) -> str:
        return f"urn:li:comment:({self.post},{self.id})"


class LinkedIn(Server):
    """`say` lets somebody comment on a post of ours; `mention` write a post that names us.

    How it misbehaves:
    * `fails_after_publishing`: keeps what was written (or deletes it), then answers 503
    * `lists_late`: this many look-ups do not show what we wrote
    * `expired_token`: nobody's token is good any more
    * `refuses`: answers 400 to everything that is written or deleted
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    * `keeps_words`: takes corrections, and changes nothing
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.comments: list[Comment] = []
        self.notifications: list[dict[str, Any]] = []
        self.images: dict[str, bytes] = {}
        self.fails_after_publishing = self.expired_token = self.refuses = self.keeps_words = False
        self.followers = 0
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._next = 7_094_637_247_890_620_000

    def number(self) -> int:
        self._next += 1
        return self._next

    def say(
        self, text: str, owner: str = "urn:li:person:zLqTygBP8S", post: str = "", parent: str = ""
    ) -> Comment:
        with self.lock:
            post = post or f"urn:li:activity:{self.number()}"
            made = Comment(self.number(), post, owner, text, datetime.now(UTC), parent)
            self.comments.append(made)
            self.tell("ADMIN_COMMENT" if owner == US else "COMMENT", made)
            return made

    def mention(self, text: str, owner: str = "urn:li:person:zLqTygBP8S") -> str:
        urn = f"urn:li:share:{self.number()}"
        self.posts.append(Post(urn, owner, text, datetime.now(UTC)))
        shared = {"share": {"entity": urn, "owner": owner, "text": text}}
        self._notify("SHARE_MENTION", urn, shared)
        return urn

    def tell(self, action: str, of: Comment) -> None:
        said = {"entity": of.urn, "owner": of.owner, "text": of.text, "object": of.post}
        if of.parent:
            said["parentComment"] = of.parent
        self._notify(action, of.urn, {"comment": said})

    def _notify(self, action: str, urn: str, decorated: dict[str, Any]) -> None:
        self.notifications.append(
            {
                "notificationId": 5_603_453_000 + len(self.notifications),
                "organizationalEntity": US,
                "action": action,
                "generatedActivity": urn,
                "decoratedGeneratedActivity": decorated,
                "lastModifiedAt": int(datetime.now(UTC).timestamp() * 1000),
                "subscriber": "urn:li:person:admin",
            }
        )

    def ours(self) -> list[str]:
        posts = [(post.at, post.written) for post in self.posts if post.author == US and not post.deleted]
        comments = [(each.at, each.text) for each in self.comments if each.owner == US and not each.deleted]
        return [text for _, text in sorted(posts + comments)]

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _json({"status": 429, "message": "Resource level throttle"}, 429, self.rate_limited)
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"status": 401, "serviceErrorCode": 65601, "message": "The token was revoked"}, 401)
        if request.path.startswith("/upload/"):
            self.images[unquote(request.path.removeprefix("/upload/"))] = request.body
            return Reply(201)
        if request.headers.get("linkedin-version") != VERSION:
            return _json({"status": 426, "message": "The requested version is not active"}, 426)
        path = request.path.removeprefix("/rest")
        if path == "/organizationalEntityNotifications":
            return self._told(request)
        if path == "/images":
            urn = f"urn:li:image:C{self.number()}"
            return _json({"value": {"uploadUrl": f"{self.url}/upload/{urn}", "image": urn}})
        if path == "/organizationalEntityShareStatistics":
            return self._counted(request)
        if found := re.fullmatch(r"/socialMetadata/([^/]+)", path):
            return self._said_of(unquote(found[1]))
        if path == f"/networkSizes/{quote(US, safe='')}":
            return _json({"firstDegreeSize": self.followers})
        if self.refuses and request.method in ("POST", "DELETE"):
            return _json({"status": 400, "message": "Field Value validation failed"}, 400)
        if path == "/posts":
            return self._publish(request) if request.method == "POST" else self._list(request)
        if found := re.fullmatch(r"/posts/([^/]+)", path):
            return self._post(unquote(found[1]), request)
        if found := re.fullmatch(r"/socialActions/([^/]+)/comments", path):
            place = unquote(found[1])
            return self._comment(place, request) if request.method == "POST" else self._below(place, request)
        if found := re.fullmatch(r"/socialActions/([^/]+)/comments/(\d+)", path):
            return self._one(unquote(found[1]), int(found[2]), request)
        return _json({"status": 404, "message": "Not found"}, 404)

    def _told(self, request: Request) -> Reply:
        query = {name: values[0] for name, values in request.query.items()}
        wanted = query["actions"].removeprefix("List(").removesuffix(")").split(",")
        begin, end = map(int, re.findall(r"\d+", query["timeRange"]))
        rows = [
            each
            for each in reversed(self.notifications)
            if each["action"] in wanted and begin <= each["lastModifiedAt"] <= end
        ]
        at = int(query["start"])
        return _json({"elements": rows[at : at + int(query["count"])], "paging": {"start": at}})

    def _publish(self, request: Request) -> Reply:
        given = json.loads(request.body)
        written = given["commentary"]
        if len(written) > 6_000:
            return _json({"status": 422, "message": "commentary exceeds the maximum length"}, 422)
        written = _cut(written)
        twin = next((post for post in self.posts if (post.author, post.written) == (US, written)), None)
        if twin and not twin.deleted:
            return _json({"status": 422, "message": f"Content is a duplicate of {twin.urn}"}, 422)
        post = Post(f"urn:li:share:{self.number()}", US, written, datetime.now(UTC), given.get("content", {}))
        self.posts.append(post)
        return self._done(Reply(201, b"", {"x-restli-id": post.urn}))

    def _comment(self, place: str, request: Request) -> Reply:
        given = json.loads(request.body)
        post = given["object"]
        if not any(place in (each.urn, each.post) for each in self.comments) and not any(
            each.urn == place for each in self.posts
        ):
            return _json({"status": 404, "message": "Not found"}, 404)
        if len(given["message"]["text"]) > 1_250:
            return _json({"status": 400, "message": "The comment is too long"}, 400)
        parent = given.get("parentComment", "")
        made = Comment(
            self.number(), post, given["actor"], given["message"]["text"], datetime.now(UTC), parent
        )
        self.comments.append(made)
        return self._done(Reply(201, b"", {"x-restli-id": str(made.id)}))

    def _list(self, request: Request) -> Reply:
        rows = [] if self._late() else [post for post in reversed(self.posts) if post.author == US]
        rows = [post for post in rows if not post.deleted]
        return _json({"elements": [self._shown(post) for post in rows[: int(request.query["count"][0])]]})

    def _below(self, place: str, request: Request) -> Reply:
        there = any(place in (each.urn, each.post) for each in self.comments) or any(
            each.urn == place for each in self.posts
        )
        if not there:
            return _json({"status": 404, "message": "Not found"}, 404)
        rows = [
            each
            for each in self.comments
            if not each.deleted and (each.parent == place or (each.post == place and not each.parent))
        ]
        rows = [] if self._late() else rows
        at = int(request.query["start"][0])
        return _json(
            {"elements": [self._said(each) for each in rows[at : at + int(request.query["count"][0])]]}
        )

    def _post(self, urn: str, request: Request) -> Reply:
        post = next((each for each in self.posts if each.urn == urn), None)
        if request.method == "DELETE":
            if post:
                post.deleted = True
            return self._done(Reply(204))
        if post is None or post.deleted or (request.method == "GET" and self._late()):
            return _json({"status": 404, "message": "Not found"}, 404)
        if request.method == "POST":
            assert request.headers["x-restli-method"] == "PARTIAL_UPDATE"
            (written,) = json.loads(request.body)["patch"]["$set"].values()
            post.written = post.written if self.keeps_words else _cut(written)
            return self._done(Reply(204))
        return _json(self._shown(post))

    def _one(self, post: str, id: int, request: Request) -> Reply:
        found = next((each for each in self.comments if (each.post, each.id) == (post, id)), None)
        if found is None or found.deleted or (request.method == "GET" and self._late()):
            return _json({"status": 404, "message": "Not found"}, 404)
        if request.method == "DELETE":
            found.deleted = True
            return self._done(Reply(204))
        if request.method == "POST":
            assert request.headers["x-restli-method"] == "PARTIAL_UPDATE"
            assert request.query["actor"] == [US]
            said = json.loads(request.body)["patch"]["message"]["$set"]["text"]
            found.text = found.text if self.keeps_words else said
            return self._done(Reply(204))
        return _json(self._said(found))

    def _counted(self, request: Request) -> Reply:
        kind, given = next(
            (name, request.query[name][0]) for name in ("shares", "ugcPosts") if name in request.query
        )
        urn = given.removeprefix("List(").removesuffix(")")
        assert kind == ("ugcPosts" if ":ugcPost:" in urn else "shares")
        post = next(each for each in self.posts if each.urn == urn)
        counted = {
            "uniqueImpressionsCount": post.reached,
            "likeCount": post.liked,
            "shareCount": post.shared,
            "commentCount": sum(each.post == urn and not each.deleted for each in self.comments),
            "clickCount": 0,
        }
        return _json(
            {"elements": [{"share": urn, "organizationalEntity": US, "totalShareStatistics": counted}]}
        )

    def _said_of(self, urn: str) -> Reply:
        said = next((each for each in self.comments if each.urn == urn), None)
        if said is None:
            return _json({"status": 404, "message": "Not found"}, 404)
        below = sum(each.parent == urn and not each.deleted for each in self.comments)
        likes = {"LIKE": {"reactionType": "LIKE", "count": said.liked}} if said.liked else {}
        return _json({"reactionSummaries": likes, "commentSummary": {"count": below, "topLevelCount": below}})

    def _done(self, reply: Reply) -> Reply:
        return Reply(503, b"<html>Unavailable</html>") if self.fails_after_publishing else reply

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    @staticmethod
    def _shown(post: Post) -> dict[str, Any]:
        at = int(post.at.timestamp() * 1000)
        return {"id": post.urn, "author": post.author, "commentary": post.written, "publishedAt": at}

    @staticmethod
    def _said(comment: Comment) -> dict[str, Any]:
        return {
            "id": str(comment.id),
            "actor": comment.owner,
            "object": comment.post,
            "message": {"text": comment.text},
            "created": {"time": int(comment.at.timestamp() * 1000)},
        }


def _cut(written: str) -> str:
    """What stands there of it."""
    bare = re.sub(r"\{hashtag\|\\#\|\w+\}|https?://\S+", lambda found: "x" * len(found[0]), written)
    cut = RESERVED.search(bare)
    return written[: cut.start()] if cut else written


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
