"""What a web page says of itself for who links to it: Open Graph (https://ogp.me, read 2026-11-30), else its
title and description."""

from html.parser import HTMLParser

from chalicelib.errors import HttpError, PlatformError
from chalicelib.ports import Http

HEAD = 300_000
"""Bytes of a page that are looked through: what it says of itself is at its top."""
SECONDS = 5
TITLE, DESCRIPTION = 300, 1000


def card(url: str, http: Http) -> tuple[str, str] | None:
    """Title and description; None for what does not answer in time, or is no page with a title."""
    try:
        answer = http.request("GET", url, headers={"Accept": "text/html"}, seconds=SECONDS)
    except (HttpError, PlatformError):
        return None
    if answer.status != 200 or "html" not in answer.headers.get("content-type", "").lower():
        return None
    page = _Head()
    page.feed(answer.body[:HEAD].decode("utf-8", "replace"))
    found = page.found
    title = found.get("og:title") or found.get("title", "")
    said = found.get("og:description") or found.get("description", "")
    return (title[:TITLE], said[:DESCRIPTION]) if title else None


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._in_title = False
        self.found: dict[str, str] = {}

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._take("title", data)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            self._take(given.get("property", "") or given.get("name", ""), given.get("content", ""))

    def _take(self, name: str, said: str) -> None:
        """Of several of one name the first counts."""
        if said := " ".join(said.split()):
            self.found.setdefault(name.lower(), said)
