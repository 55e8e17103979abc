"""The search of Hacker News, as far as a source of it sees: newest first, a thousand hits deep, in HTML."""

import json
from dataclasses import dataclass
from html import escape
from time import time
from typing import Any

from tests.servers.base import Reply, Request, Server

DEPTH = 1000
FIRST = 42_000_000


@dataclass
class Item:
    id: int
    at: int
    author: str
    text: str
    url: str = ""
    parent: int = 0
    shown: bool = True


class HackerNews(Server):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.answers: tuple[int, bytes] | None = None
        self.rate_limited: dict[str, str] | None = None

    def say(self, text: str, author: str = "anna", *, at: float | None = None, **more: Any) -> str:
        """A comment, or with `url` a story; its id."""
        item = Item(FIRST + len(self.items), int(at or time()), author, text, **more)
        self.items.append(item)
        return str(item.id)

    def answer(self, request: Request) -> Reply:
        if self.rate_limited is not None:
            return Reply(429, b"Too many requests", self.rate_limited)
        if self.answers:
            return Reply(*self.answers)
        if request.path != "/api/v1/search_by_date":
            return Reply(404, b'{"status":404}')
        query = {name: values[0] for name, values in request.query.items()}
        per_page = min(int(query.get("hitsPerPage", 20)), DEPTH)
        hits = [item for item in self.items if item.shown and self._fits(item, query)]
        hits.sort(key=lambda item: (item.at, item.id), reverse=True)
        start = int(query.get("page", 0)) * per_page
        page = hits[:DEPTH][start : start + per_page]
        return Reply(200, json.dumps({"hits": list(map(_hit, page)), "nbHits": len(hits)}).encode())

    def _fits(self, item: Item, query: dict[str, str]) -> bool:
        for each in filter(None, query.get("numericFilters", "").split(",")):
            name, _, given = each.partition("<=")
            if name != "created_at_i" or item.at > int(given):
                return False
        within = item.url if query.get("restrictSearchableAttributes") == "url" else item.text
        return query.get("query", "").strip('"').casefold() in within.casefold()


def _hit(item: Item) -> dict[str, Any]:
    own: dict[str, Any] = {
        "objectID": str(item.id),
        "created_at_i": item.at,
        "author": item.author,
        "_tags": ["story" if item.url else "comment", f"author_{item.author}"],
    }
    if item.url:
        return {**own, "title": item.text, "url": item.url, "points": 3}
    text = "<p>".join(escape(part) for part in item.text.split("\n\n"))
    return {**own, "comment_text": text, "parent_id": item.parent or FIRST - 1, "story_id": FIRST - 1}
