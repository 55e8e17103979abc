"""A WordPress site with a user of ours, as its REST API says (developer.wordpress.org/rest-api).

It dresses quotes, and makes paragraphs of comments, as a site does.
"""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.base import Reply, Request, Server

US, PASSWORD = "brand", "fake fake fake fake fake fake"
OUR_ID = 7
MOST = 65_525


@dataclass
class Comment:
    id: int
    post: int
    parent: int
    author: int
    name: str
    html: str
    at: datetime
    kind: str = "comment"
    url: str = ""
    status: str = "approved"


@dataclass
class Post:
    id: int
    title: str
    html: str
    slug: str
    at: datetime


class WordPress(Server):
    """`say` lets a stranger comment; `ours` is what we wrote, in order. `folder` is where the site lies.

    How it misbehaves:
    * `fails_after_publishing`: keeps what is written (or deletes it), then answers 500
    * `loses_uploads`: keeps an image, then answers 500
    * `lists_late`: this many look-ups do not show what was written
    * `revoked`: the password is not good any more
    * `refuses`: the code and status with which it answers every write
    * `subscriber`: our user may not write posts
    * `holds`: comments wait for approval
    * `rate_limited`: answers 429 with these headers, as a host may
    * `answers`: this status and body to everything
    """

    def __init__(self, folder: str = "") -> None:
        super().__init__()
        self.folder = folder
        self.comments: list[Comment] = []
        self.posts: list[Post] = []
        self.uploads: list[tuple[str, str, bytes]] = []
        self.fails_after_publishing = self.loses_uploads = self.revoked = self.holds = False
        self.subscriber = False
        self.lists_late = 0
        self.refuses = ""
        self.rate_limited: dict[str, str] | None = None
        self.answers: tuple[int, bytes] | None = None
        self._next = 16

    @property
    def site(self) -> str:
        """As it stands in ids."""
        return f"{self.host}:{self.port}{self.folder}"

    def say(self, text: str, name: str = "Anna", *, parent: int = 0, author: int = 0, **more: Any) -> Comment:
        with self.lock:
            html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return self._keep(html, name, author, 42, parent, **more)

    def ours(self) -> list[str]:
        written = [(each.at, each.html) for each in self.comments if each.author == OUR_ID]
        return [html for _, html in sorted([*written, *((each.at, each.title) for each in self.posts)])]

    def _keep(self, html: str, name: str, author: int, post: int, parent: int, **more: Any) -> Comment:
        self._next += 1
        last = self.comments[-1].at if self.comments else datetime(2020, 1, 1, tzinfo=UTC)
        at = max(datetime.now(UTC), last + timedelta(milliseconds=1))
        made = Comment(self._next, post, parent, author, name, html, at, **more)
        self.comments.append(made)
        return made

    def answer(self, request: Request) -> Reply:
        if self.answers:
            return Reply(*self.answers)
        if self.rate_limited is not None:
            return Reply(429, b"<html>Too many requests</html>", self.rate_limited)
        root = f"{self.folder}/wp-json/wp/v2"
        if not request.path.startswith(root):
            return Reply(404, b"<html>Not here</html>")
        ours = "Basic " + b64encode(f"{US}:{PASSWORD}".encode()).decode()
        if self.revoked or request.headers.get("authorization") != ours:
            return _refusal("incorrect_password", 401)
        path = request.path.removeprefix(root)
        query = {name: values[0] for name, values in request.query.items()}
        if request.method == "GET":
            return self._read(path, query)
        if self.refuses:
            code, status = self.refuses.split()
            return _refusal(code, int(status))
        if request.method == "DELETE":
            return self._delete(path, query)
        return self._write(path, request)

    def _read(self, path: str, query: dict[str, str]) -> Reply:
        if path == "/users/me":
            return _json({"id": OUR_ID, "name": "The brand", "slug": US})
        if path == "/comments":
            return self._comments(query)
        if path == "/posts":
            hidden = self._late()
            return _json(
                [self._post(each) for each in self.posts if each.slug == query["slug"] and not hidden]
            )
        found: Any = None
        if number := re.fullmatch(r"/comments/(\d+)", path):
            comment = self._comment_of(int(number[1]))
            found = self._comment(comment) if comment else None
        elif number := re.fullmatch(r"/posts/(\d+)", path):
            found = next((self._post(each) for each in self.posts if each.id == int(number[1])), None)
        return _json(found) if found else _refusal("rest_comment_invalid_id", 404)

    def _comments(self, query: dict[str, str]) -> Reply:
        kind = query.get("type", "comment")
        if kind != "comment" and self.subscriber:
            return _refusal("rest_forbidden_param", 401)
        shown = [each for each in self.comments if each.status == "approved" and kind in ("all", each.kind)]
        if "parent" in query:
            hidden = self._late()
            shown = [each for each in shown if each.parent == int(query["parent"]) and not hidden]
        shown.sort(key=lambda each: each.at, reverse=query.get("order") != "asc")
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        if size > 100:
            return _refusal("rest_invalid_param", 400)
        part = shown[(page - 1) * size : page * size]
        return _json([self._comment(each) for each in part], headers={"X-WP-Total": str(len(shown))})

    def _comment_of(self, id: int) -> Comment | None:
        return next((each for each in self.comments if each.id == id), None)

    def _write(self, path: str, request: Request) -> Reply:
        if path == "/media":
            name = request.headers["content-disposition"].partition('filename="')[2].rstrip('"')
            self.uploads.append((name, request.headers["content-type"], request.body))
            kept = _json({"id": 900, "source_url": f"https://blog.example/up/{name}"}, 201)
            return Reply(500, b"") if self.loses_uploads else kept
        given = json.loads(request.body)
        if path == "/comments":
            return self._answer(given)
        if path == "/posts":
            if not (given["title"] or given["content"]):
                return _refusal("empty_content", 400)
            self._next += 1
            slug, taken = given["slug"], {each.slug for each in self.posts}
            slug = f"{slug}-2" if slug in taken else slug
            made = Post(self._next, given["title"], given["content"], slug, datetime.now(UTC))
            self.posts.append(made)
            return self._done(_json(self._post(made), 201))
        number = int(path.rpartition("/")[2])
        for post in self.posts:
            if post.id == number and path.startswith("/posts/"):
                post.title, post.html = given["title"], given["content"]
                return self._done(_json(self._post(post)))
        if comment := self._comment_of(number):
            comment.html = given["content"]
            return self._done(_json(self._comment(comment)))
        return _refusal("rest_comment_invalid_id", 404)

    def _answer(self, given: dict[str, Any]) -> Reply:
        above = self._comment_of(given["parent"])
        if above is None or above.post != given["post"]:
            return _refusal("rest_comment_invalid_post_id", 403)
        if len(given["content"].encode()) > MOST:
            return _refusal("comment_content_column_length", 400)
        mine = [each for each in self.comments if each.author == OUR_ID and each.post == above.post]
        if any(each.html == given["content"] for each in mine):
            return _refusal("comment_duplicate", 409)
        status = "hold" if self.holds else "approved"
        made = self._keep(given["content"], "The brand", OUR_ID, above.post, above.id, status=status)
        return self._done(_json(self._comment(made), 201))

    def _delete(self, path: str, query: dict[str, str]) -> Reply:
        if query.get("force") != "true":
            return _refusal("rest_trash_not_supported", 501)
        number, before = int(path.rpartition("/")[2]), len(self.posts) + len(self.comments)
        if path.startswith("/posts/"):
            self.posts = [each for each in self.posts if each.id != number]
        else:
            self.comments = [each for each in self.comments if each.id != number]
        if len(self.posts) + len(self.comments) == before:
            return _refusal("rest_post_invalid_id", 404)
        return self._done(_json({"deleted": True}))

    def _done(self, reply: Reply) -> Reply:
        return (
            Reply(500, b"<html>There has been a critical error</html>")
            if self.fails_after_publishing
            else reply
        )

    def _late(self) -> bool:
        late = self.lists_late > 0
        self.lists_late -= late
        return late

    def _comment(self, one: Comment) -> dict[str, Any]:
        return {
            "id": one.id,
            "post": one.post,
            "parent": one.parent,
            "author": one.author,
            "author_name": one.name,
            "author_url": one.url,
            "date": _plainly(one.at + timedelta(hours=1)),
            "date_gmt": _plainly(one.at),
            "content": {"rendered": _dressed(_paragraphs(one.html))},
            "link": f"https://blog.example/post/#comment-{one.id}",
            "status": one.status,
            "type": one.kind,
        }

    def _post(self, one: Post) -> dict[str, Any]:
        return {
            "id": one.id,
            "date_gmt": _plainly(one.at),
            "slug": one.slug,
            "link": f"https://blog.example/{one.slug}/",
            "status": "publish",
            "title": {"rendered": _dressed(one.title)},
            "content": {"rendered": _dressed(one.html)},
        }


def _plainly(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat()


def _paragraphs(text: str) -> str:
    parts = (part.replace("\n", "<br />\n") for part in re.split(r"\n{2,}", text))
    html = "\n".join(f"<p>{part}</p>" for part in parts)
    return re.sub(
        r"https?://[^\s<]+", lambda url: f'<a href="{url[0]}" rel="nofollow ugc">{url[0]}</a>', html
    )


def _dressed(html: str) -> str:
    """As `wptexturize` does, outside tags."""
    pieces = re.split(r"(<[^>]*>)", html)
    return "".join(
        p if p.startswith("<") else p.replace("'", "&#8217;").replace("...", "&#8230;") for p in pieces
    )


def _refusal(code: str, status: int) -> Reply:
    message = f"Sorry: <strong>{code}</strong> you&#8217;ve been refused"
    return _json({"code": code, "message": message, "data": {"status": status}}, status)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
