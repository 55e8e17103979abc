"""X with one account of ours, as its documentation says (docs.x.com/x-api, version 2.167).

Texts come as X gives them: & < > as HTML writes them, links shortened, and the name of who is answered in
front of an answer.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
US, OUR_ID = "brand", "1111111111111111111"
EPOCH = 1_288_834_974_657
WEEK = 7 * 24 * 3600


@dataclass
class Post:
    id: int
    author: str
    text: str
    at: datetime
    reply_to: int = 0
    quotes: int = 0
    media: list[str] = field(default_factory=list)
    deleted: bool = False
    metrics: dict[str, int] = field(default_factory=dict)


class X(Server):
    """`say` lets a stranger write; `ours` are the posts of the account, in order.

    How it misbehaves:
    * `fails_after_publishing`: keeps the post (or deletes it), then answers 503
    * `lists_late`: this many look-ups do not show posts of ours
    * `expired_token`: nobody's token is good any more
    * `refuses`: answers 403 to every post and every wish to delete one
    * `forgets_pages`: answers 400 to every further page
    * `rate_limited`: answers 429 with these headers
    * `answers`: this status and body to everything
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.people = {US: OUR_ID}
        self.protected: set[str] = set()
        self.images: dict[str, str] = {}
        self.followers = self.lists_late = 0
        self.fails_after_publishing = self.expired_token = self.refuses = self.forgets_pages = False
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._last = 0

    def say(self, text: str, username: str = "anna", *, reply_to: int = 0, quotes: int = 0) -> Post:
        with self.lock:
            return self._keep(text, username, reply_to, quotes)

    def ours(self) -> list[Post]:
        return [post for post in self.posts if post.author == US and not post.deleted]

    def _keep(self, text: str, username: str, reply_to: int = 0, quotes: int = 0) -> Post:
        self.people.setdefault(username, str(2_000_000_000_000_000_000 + len(self.people)))
        now = datetime.now(UTC)
        self._last = max(self._last + 1, (int(now.timestamp() * 1000) - EPOCH) << 22)
        post = Post(self._last, username, text, now, reply_to, quotes)
        self.posts.append(post)
        return post

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return _json({"title": "Too Many Requests", "status": 429}, 429, self.rate_limited)
        if self.expired_token or request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _problem(401, "Unauthorized")
        path, method = request.path, request.method
        if path == "/2/users/me":
            metrics = {"followers_count": self.followers, "following_count": 3}
            return _json({"data": {"id": OUR_ID, "username": US, "name": "Brand", "public_metrics": metrics}})
        if path == f"/2/users/{OUR_ID}/mentions":
            return self._list(
                request, [post for post in self.posts if f"@{US}" in post.text], "pagination_token"
            )
        if path == "/2/tweets/search/recent":
            (query,) = request.query["query"]
            return self._list(request, [post for post in self.posts if query in post.text], "next_token")
        if path == f"/2/users/{OUR_ID}/tweets":
            return self._list(request, [] if self._late() else self.ours(), "pagination_token")
        if path == "/2/tweets" and method == "POST":
            return self._publish(json.loads(request.body))
        if path == "/2/media/upload":
            return self._upload(json.loads(request.body))
        if path == "/2/media/metadata":
            said = json.loads(request.body)
            self.images[said["id"]] = said["metadata"]["alt_text"]["text"]
            return _json({"data": {"id": said["id"]}})
        if found := re.fullmatch(r"/2/tweets/(\d+)", path):
            return self._delete(int(found[1])) if method == "DELETE" else self._one(int(found[1]))
        return _problem(404, "Not Found")

    def _list(self, request: Request, posts: list[Post], page: str) -> Reply:
        query = {name: values[0] for name, values in request.query.items()}
        since, size = int(query.get("since_id", 0)), int(query["max_results"])
        if page == "next_token" and since and self._age(since) > WEEK:
            return _problem(400, "'since_id' must be a tweet id created after a week ago")
        if page in query and self.forgets_pages:
            return _problem(400, "the page token is not valid")
        start = query.get("start_time", "")
        shown = [
            post
            for post in reversed(posts)
            if post.id > since and not post.deleted and post.at.strftime("%Y-%m-%dT%H:%M:%SZ") >= start
        ]
        at = int(query.get(page, "0"))
        here = shown[at : at + size]
        meta: dict[str, Any] = {"result_count": len(here)}
        if at + size < len(shown):
            meta["next_token"] = str(at + size)
        if not here:
            return _json({"meta": meta})
        authors = dict.fromkeys(post.author for post in here)
        users = [self._user(each) for each in authors]
        return _json(
            {"data": [self._post(post) for post in here], "includes": {"users": users}, "meta": meta}
        )

    def _age(self, id: int) -> float:
        return datetime.now(UTC).timestamp() - ((id >> 22) + EPOCH) / 1000

    def _one(self, id: int) -> Reply:
        post = next((each for each in self.posts if each.id == id and not each.deleted), None)
        if post is None or (post.author == US and self._late()):
            gone = {
                "title": "Not Found Error",
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
            return _json({"errors": [gone]})
        return _json({"data": self._post(post)})

    def _publish(self, given: dict[str, Any]) -> Reply:
        text = given["text"]
        above = int(given.get("reply", {}).get("in_reply_to_tweet_id", 0))
        if self.refuses:
            return _problem(403, "You are not permitted to perform this action.")
        target = next((post for post in self.posts if post.id == above and not post.deleted), None)
        if above and target is None:
            return _problem(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if target and target.author != US and not self._summons(target):
            return _problem(403, "Reply to this conversation is not allowed: you were not mentioned.")
        if any((p.text, p.reply_to) == (text, above) for p in self.ours()):
            return _problem(403, "You are not allowed to create a Tweet with duplicate content.")
        post = self._keep(text, US, above)
        post.media = given.get("media", {}).get("media_ids", [])
        return self._done(_json({"data": {"id": str(post.id), "text": self._post(post)["text"]}}, 201))

    def _summons(self, post: Post) -> bool:
        return f"@{US}" in post.text or any(each.id == post.quotes for each in self.ours())

    def _upload(self, given: dict[str, Any]) -> Reply:
        if self.refuses:
            return _problem(400, "media type unrecognized.")
        id = str(3_000_000_000_000_000_000 + len(self.images))
        self.images[id] = ""
        return _json({"data": {"id": id, "media_key": f"3_{id}"}})

    def _delete(self, id: int) -> Reply:
        if self.refuses:
            return _problem(403, "You are not authorized to delete this Tweet.")
        for post in self.posts:
            post.deleted = post.deleted or (post.id == id and post.author == US)
        return self._done(_json({"data": {"deleted": True}}))

    def _done(self, reply: Reply) -> Reply:
        return Reply(503, b"<html>Over capacity</html>") if self.fails_after_publishing else reply

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    def _user(self, username: str) -> dict[str, Any]:
        return {
            "id": self.people[username],
            "username": username,
            "name": username.title(),
            "protected": username in self.protected,
            "public_metrics": {"followers_count": 12},
        }

    def _post(self, post: Post) -> dict[str, Any]:
        said, urls = escape(post.text, quote=False), []
        above = next((each for each in self.posts if each.id == post.reply_to), None)
        if above and above.author != US:
            said = f"@{above.author} {said}"
        if post.quotes:
            said += f" https://x.com/{US}/status/{post.quotes}"
        for n, link in enumerate(re.findall(r"https?://\S+", said)):
            short = f"https://t.co/{post.id}{n}"
            said = said.replace(link, short)
            urls.append({"url": short, "expanded_url": link.replace("&amp;", "&")})
        mentions = [
            {"username": name, "id": self.people.get(name, "9")} for name in re.findall(r"@(\w+)", said)
        ]
        refers = [("replied_to", post.reply_to), ("quoted", post.quotes)]
        likes = {"retweet_count": 0, "reply_count": self._replies(post), "like_count": 0, "quote_count": 0}
        return {
            "id": str(post.id),
            "text": said,
            "author_id": self.people[post.author],
            "created_at": post.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "edit_history_tweet_ids": [str(post.id)],
            "lang": "en",
            "entities": {"urls": urls, "mentions": mentions},
            "referenced_tweets": [{"type": kind, "id": str(id)} for kind, id in refers if id],
            "public_metrics": {**likes, "impression_count": 0, **post.metrics},
        }

    def _replies(self, post: Post) -> int:
        return sum(each.reply_to == post.id and not each.deleted for each in self.posts)


def _problem(status: int, detail: str) -> Reply:
    value = {"title": "Forbidden", "detail": detail, "type": "about:blank", "status": status}
    return _json(value, status)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
