"""Reddit's lists, as far as a source of it sees: newest first, a thousand deep, in Markdown and HTML."""

import json
from dataclasses import dataclass
from html import escape
from time import time
from typing import Any

from tests.servers.base import Reply, Request, Server

TOKEN = "test-token-not-a-secret"
US = "brand"
DEPTH = 1000


@dataclass
class Thing:
    name: str
    at: float
    author: str
    text: str
    title: str = ""
    parent: str = ""
    community: str = "bakery"
    edited: float = 0


class Reddit(Server):
    def __init__(self) -> None:
        super().__init__()
        self.things: list[Thing] = []
        self.answers: tuple[int, bytes] | None = None
        self.rate_limited: dict[str, str] | None = None

    def say(self, text: str, author: str = "anna", *, at: float | None = None, **more: Any) -> Thing:
        """A comment, or with a title a post."""
        kind = "t3" if more.get("title") else "t1"
        last = self.things[-1].at + 0.001 if self.things else 0
        thing = Thing(f"{kind}_k{len(self.things):05}", at or max(time(), last), author, text, **more)
        self.things.append(thing)
        return thing

    def answer(self, request: Request) -> Reply:
        if self.rate_limited is not None:
            return Reply(429, b'{"message": "Too Many Requests", "error": 429}', self.rate_limited)
        if self.answers:
            return Reply(*self.answers)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"message": "Unauthorized", "error": 401}, 401)
        if not request.headers.get("user-agent", "").startswith("web:"):
            return _json({"message": "Too Many Requests", "error": 429}, 429)
        if request.path == "/api/v1/me":
            return _json({"name": US})
        query = {name: values[0] for name, values in request.query.items()}
        assert query["raw_json"] == "1"
        if request.path == "/message/inbox":
            shown = [each for each in self.things if f"u/{US}" in each.text or each.parent]
        elif request.path == "/search":
            shown = [each for each in self.things if each.title and query["q"] in f"{each.title} {each.text}"]
        else:
            communities = request.path.removeprefix("/r/").removesuffix("/comments").split("+")
            shown = [each for each in self.things if not each.title and each.community in communities]
        return self._listed(shown, query)

    def _listed(self, shown: list[Thing], query: dict[str, str]) -> Reply:
        rows = sorted(shown, key=lambda each: (each.at, each.name), reverse=True)[:DEPTH]
        names = [each.name for each in rows]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        page = rows[start : start + int(query["limit"])]
        after = page[-1].name if start + len(page) < len(rows) else None
        children = [{"kind": each.name[:2], "data": _data(each)} for each in page]
        left = {"x-ratelimit-remaining": "598.0", "x-ratelimit-reset": "301", "x-ratelimit-used": "2"}
        return _json({"kind": "Listing", "data": {"children": children, "after": after}}, 200, left)


def _data(thing: Thing) -> dict[str, Any]:
    html = f'<div class="md"><p>{escape(thing.text, quote=False)}</p>\n</div>'
    value: dict[str, Any] = {
        "name": thing.name,
        "author": thing.author,
        "author_fullname": f"t2_{thing.author}",
        "created_utc": thing.at,
        "edited": thing.edited or False,
        "permalink": f"/r/{thing.community}/comments/17abcde/a_post/{thing.name[3:]}/",
    }
    if thing.title:
        return value | {
            "title": thing.title,
            "selftext": thing.text,
            "selftext_html": html if thing.text else None,
        }
    return value | {"body": thing.text, "body_html": html, "parent_id": thing.parent or "t3_17abcde"}


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    kinds = {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), kinds)
