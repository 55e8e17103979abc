"""A Discourse forum with one account of ours, as its documentation says (docs.discourse.org).

It shows Markdown as a forum does, as far as these tests write any: paragraphs, links and names.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from html import escape
from typing import Any

from tests.servers.base import Reply, Request, Server, form

KEY = "test-key-not-a-secret"
US = "brand"
WINDOW = 50
SIMILAR = timedelta(minutes=5)


@dataclass
class Post:
    id: int
    topic: int
    number: int
    username: str
    raw: str
    at: datetime
    reply_to: int | None = None
    likes: int = 0
    deleted: bool = False


class Discourse(Server):
    """`say` lets a stranger write; `ours` are the messages of the account, in order.

    How it misbehaves:
    * `fails_after_publishing`: keeps the message (or deletes it), then answers 500
    * `lists_late`: this many look-ups do not show messages
    * `expired_key`: nobody's key is good any more
    * `refuses`: answers 422 to every message and every wish to delete one
    * `enqueues`: keeps messages for a moderator
    * `moderates`: shows deleted messages, as to a moderator
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.titles: dict[int, str] = {}
        self.external: dict[str, int] = {}
        self.uploads: dict[str, bytes] = {}
        self.fails_after_publishing = self.expired_key = self.refuses = self.enqueues = self.moderates = False
        self.lists_late = 0
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._next = 8437

    def say(self, text: str, username: str = "anna", *, topic: int = 0, reply_to: int | None = None) -> Post:
        """In a topic of its own, where none is given."""
        with self.lock:
            return self._keep(text, username, topic, reply_to, "")

    def ours(self) -> list[Post]:
        return [post for post in self.posts if post.username == US and not post.deleted]

    def _keep(self, raw: str, username: str, topic: int, reply_to: int | None, title: str) -> Post:
        if not topic:
            topic = max(self.titles, default=41) + 1
            self.titles[topic] = title or raw.splitlines()[0][:255]
        number = 1 + max((post.number for post in self.posts if post.topic == topic), default=0)
        post = Post(self._next, topic, number, username, raw, datetime.now(UTC), reply_to)
        self._next += 1
        self.posts.append(post)
        return post

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _json({"errors": ["Slow down"], "error_type": "rate_limit"}, 429, self.rate_limited)
        known = request.headers.get("api-key") == KEY and request.headers.get("api-username") == US
        if self.expired_key or not known:
            return _json({"errors": ["You are not permitted"], "error_type": "invalid_access"}, 403)
        path = request.path.removesuffix(".json")
        if path == "/uploads" and request.method == "POST":
            return self._take_in(request)
        if path == "/posts":
            return self._publish(request) if request.method == "POST" else self._latest(request)
        if found := re.fullmatch(r"/posts/by_number/(\d+)/(\d+)", path):
            place = int(found[1]), int(found[2])
            post = next((each for each in self.posts if (each.topic, each.number) == place), None)
            shown = post and not self._late() and (self.moderates or not post.deleted)
            return _json(self._post(post)) if post and shown else _json({"errors": ["Not found"]}, 404)
        if found := re.fullmatch(r"/posts/(\d+)/replies", path):
            return self._replies(int(found[1]))
        if request.method == "PUT" and (found := re.fullmatch(r"/posts/(\d+)", path)):
            return self._edit(int(found[1]), json.loads(request.body)["post"]["raw"])
        if found := re.fullmatch(r"/posts/(\d+)", path):
            return self._delete([post for post in self.posts if post.id == int(found[1])])
        if found := re.fullmatch(r"/t/external_id/([\w-]+)", path):
            topic = 0 if self._late() else self.external.get(found[1], 0)
            there = any(post.topic == topic and not post.deleted for post in self.posts)
            return _json({"id": topic}) if there else _json({"errors": ["Not found"]}, 404)
        if found := re.fullmatch(r"/t/(\d+)", path):
            return self._delete([post for post in self.posts if post.topic == int(found[1])])
        return _json({"errors": ["Not found"]}, 404)

    def _latest(self, request: Request) -> Reply:
        newest = max((post.id for post in self.posts), default=0)
        before = int(request.query.get("before", [str(newest)])[0])
        window = [post for post in self.posts if before - WINDOW < post.id <= before and not post.deleted]
        return _json({"latest_posts": [self._post(post) for post in reversed(window)]})

    def _replies(self, id: int) -> Reply:
        above = next((post for post in self.posts if post.id == id), None)
        if above is None:
            return _json({"errors": ["Not found"]}, 404)
        below = [post for post in self.posts if self._answers(post, above) and not post.deleted]
        return _json([] if self._late() else [self._post(post) for post in below[:20]])

    @staticmethod
    def _answers(post: Post, above: Post) -> bool:
        return post.topic == above.topic and post.reply_to == above.number

    def _take_in(self, request: Request) -> Reply:
        given = form(request)
        image, kind = given["file"]
        if given["type"][0] != b"composer" or not kind.startswith("image/"):
            return _json({"errors": ["The file you are trying to upload is not authorized"]}, 422)
        short = f"upload://{sha1(image).hexdigest()}.{kind.partition('/')[2]}"
        self.uploads[short] = image
        return _json({"id": len(self.uploads), "short_url": short, "width": 4, "height": 3})

    def _publish(self, request: Request) -> Reply:
        given = json.loads(request.body)
        raw = given["raw"].strip()
        recent = [post for post in self.ours() if datetime.now(UTC) - post.at < SIMILAR]
        if self.refuses or not 1 <= len(raw) <= 32_000:
            return _json({"action": "create_post", "errors": ["Body is too long"]}, 422)
        if any(post.raw == raw and post.topic == given.get("topic_id", post.topic) for post in recent):
            return _json({"errors": ["Body is too similar to what you recently posted"]}, 422)
        if (external := given.get("external_id", "")) in self.external:
            return _json({"errors": ["External ID has already been taken"]}, 422)
        topic = given.get("topic_id", 0)
        if topic and not any(post.topic == topic and not post.deleted for post in self.posts):
            return _json({"errors": ["The topic is gone"]}, 422)
        if self.enqueues:
            return _json({"action": "enqueued", "success": True, "pending_post": {"id": 9}})
        post = self._keep(raw, US, topic, given.get("reply_to_post_number"), given.get("title", ""))
        self.external |= {external: post.topic} if external else {}
        return self._done(_json(self._post(post)))

    def _delete(self, posts: list[Post]) -> Reply:
        if self.refuses:
            return _json({"errors": ["It may not be deleted"]}, 422)
        if not any(post.username == US for post in posts):
            return _json({"errors": ["You are not permitted"], "error_type": "invalid_access"}, 403)
        for post in posts:
            post.deleted = True
        return self._done(_json({}))

    def _edit(self, id: int, raw: str) -> Reply:
        post = next((each for each in self.ours() if each.id == id), None)
        if self.refuses or post is None:
            return _json({"errors": ["It may not be changed"]}, 422)
        post.raw = raw
        return self._done(_json({"post": self._post(post)}))

    def _done(self, reply: Reply) -> Reply:
        return Reply(500, b"<html>Oops</html>") if self.fails_after_publishing else reply

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    def _post(self, post: Post) -> dict[str, Any]:
        above = [each for each in self.posts if each.topic == post.topic and each.number == post.reply_to]
        return {
            "id": post.id,
            "name": post.username.title(),
            "username": post.username,
            "created_at": post.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "cooked": cooked(post.raw),
            "raw": post.raw,
            "post_number": post.number,
            "post_type": 1,
            "reply_to_post_number": post.reply_to,
            "reply_to_user": {"username": above[0].username} if above else None,
            "reply_count": sum(self._answers(each, post) for each in self.posts if not each.deleted),
            "reads": 1 + post.likes if post.likes else 0,
            "topic_id": post.topic,
            "topic_slug": "a-topic",
            "topic_title": self.titles[post.topic],
            "actions_summary": [{"id": 2, "count": post.likes}] if post.likes else [],
            "hidden": False,
            "deleted_at": post.at.isoformat() if post.deleted else None,
        }


def cooked(raw: str) -> str:
    """Plain words as a forum's HTML."""
    raw = re.sub(r"!\[[^\]]*\]\(upload://[^)]*\)", "", raw).strip()  # an image stands there without words
    paragraphs = (escape(part, quote=False).replace("\n", "<br>\n") for part in re.split(r"\n{2,}", raw))
    html = "\n".join(f"<p>{part}</p>" for part in paragraphs)
    html = re.sub(r"https?://[^\s<]+", lambda url: f'<a href="{url[0]}" rel="nofollow">{url[0]}</a>', html)
    return re.sub(r"(?<![\w/])@(\w+)", r'<a class="mention" href="/u/\1">@\1</a>', html)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
