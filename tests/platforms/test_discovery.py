"""Feeds that a web page names."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.errors import Blocked, Lost, PlatformError, Rejected, Unavailable
from chalicelib.platforms._discovery import MOST, feeds_at
from chalicelib.ports import Answer, FeedLink

PAGE = """<!doctype html><html><head><title>Nieuws</title><base href="/blog/">
<link rel="stylesheet" href="a.css"><link rel="alternate" hreflang="en" href="/en">
<LINK REL="Alternate feed" TYPE="application/rss+xml; charset=utf-8" TITLE=" Alle
 berichten " HREF="feed.xml">
<link rel=alternate type=application/atom+xml href="https://elders.example/atom">
<link rel="alternate" type="application/feed+json" href="feed.xml">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="http://[broken">
<link rel="alternate" type="application/rss+xml" href="">
</head><body></body></html>"""


class Web:
    def __init__(self, body: bytes | Exception, status: int = 200, kind: str = "text/html") -> None:
        self.body, self.status, self.kind = body, status, kind

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **_: Any) -> Answer:
        if isinstance(self.body, Exception):
            raise self.body
        return Answer(self.status, {"content-type": self.kind}, self.body, "https://www.krant.example/")


RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Reacties op: B&amp;B</title></channel></rss>'


class Site:
    """A page at any path, and a feed of comments at the one; `asked` is what was asked of it."""

    def __init__(self, page: str, comments: str = "/comments/feed/", feed: bytes = RSS) -> None:
        self.page, self.comments, self.feed = page.encode(), comments, feed
        self.asked: list[str] = []

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **_: Any) -> Answer:
        self.asked.append(url)
        if url.endswith("/comments/feed/"):
            there = url == f"https://blog.example{self.comments}"
            return Answer(200 if there else 404, {}, self.feed if there else b"", url)
        return Answer(200, {"content-type": "text/html"}, self.page, url)


WORDPRESS = '<meta name="generator" content="WordPress 6.8">'
NAMED = f'{WORDPRESS}<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
OWN = '<link rel="alternate" type="application/rss+xml" title="Blog" href="/feed/">'


@pytest.mark.parametrize(
    ("says", "at"),
    [
        (WORDPRESS, "/comments/feed/"),
        ('<link rel="https://api.w.org/" href="https://blog.example/wp-json/">', "/comments/feed/"),
        ('<link rel="https://api.w.org/" href="https://blog.example/nl/wp-json/">', "/nl/comments/feed/"),
        ('<script src="https://blog.example/wp-content/themes/x.js"></script>', "/comments/feed/"),
    ],
)
def test_what_is_said_below_a_blog_is_found_though_its_page_does_not_name_it(says: str, at: str) -> None:
    site = Site(f"<head>{OWN}{says}</head>", at)
    assert feeds_at("https://blog.example/2026/11/stuk/", site) == (
        FeedLink("https://blog.example/feed/", "Blog"),
        FeedLink(f"https://blog.example{at}", "Reacties op: B&B"),
    )
    assert len(site.asked) == 2, "it is asked once"


@pytest.mark.parametrize(
    ("head", "comments", "feed", "asked"),
    [
        (WORDPRESS, "/nowhere/", RSS, 2),
        (WORDPRESS, "/comments/feed/", b"<html>no feed</html>", 2),
        ('<meta name="generator" content="Hugo">', "/comments/feed/", RSS, 1),
        ('<img src="https://elders.example/wp-content/a.png">', "/comments/feed/", RSS, 1),
        (NAMED, "/comments/feed/", RSS, 1),
    ],
)
def test_nothing_is_made_up_where_there_is_none_and_nobody_is_asked_without_a_reason(
    head: str, comments: str, feed: bytes, asked: int
) -> None:
    site = Site(f"<head>{OWN}{head}</head>", comments, feed)
    named = ["https://blog.example/feed/"] + ["https://blog.example/comments/feed/"] * ("/comments/" in head)
    assert [each.url for each in feeds_at("https://blog.example/", site)] == named
    assert len(site.asked) == asked


@pytest.mark.parametrize("path", ["@nos", "c/NOS"])
def test_a_channel_of_youtube_is_known_by_its_number_where_its_page_names_no_feed(path: str) -> None:
    page = f'<head><title>NOS - YouTube</title></head>{" " * 400_000}{{"externalId":"UC{"a" * 22}"}}'
    (found,) = feeds_at(f"https://www.youtube.com/{path}", Site(page))
    assert found.url == f"https://www.youtube.com/feeds/videos.xml?channel_id=UC{'a' * 22}"
    assert feeds_at(f"https://nottube.example/{path}", Site(page)) == ()


def test_each_feed_is_named_once_by_its_whole_address() -> None:
    assert feeds_at("https://krant.example", Web(PAGE.encode())) == (
        FeedLink("https://www.krant.example/blog/feed.xml", "Alle berichten"),
        FeedLink("https://elders.example/atom", ""),
    )


@pytest.mark.parametrize(
    ("href", "there"),
    [
        ("/wp-json/wp/v2/pages/1", False),
        ("/api/items.json", False),
        ("/feed.json", True),
        ("/feeds/json", True),
    ],
)
def test_json_is_a_feed_only_where_its_address_says_so(href: str, there: bool) -> None:
    """WordPress names every page of its API with the type that JSON Feed 1.0 had."""
    page = f'<link rel="alternate" type="application/json" href="{href}">'
    found = [each.url for each in feeds_at("https://krant.example", Web(page.encode()))]
    assert found == (["https://www.krant.example" + href] if there else [])


@pytest.mark.parametrize(
    ("title", "head", "name"),
    [
        ("RSS", '<title>NOS - YouTube</title><meta property="og:title" content=" NOS ">', "NOS"),
        ("RSS 2.0 feed", "<title>Blog \n van Jan</title><p>en meer</p>", "Blog van Jan"),
        ("atom", "", ""),
        ("Alle berichten", "<title>Blog</title>", "Alle berichten"),
    ],
)
def test_a_feed_is_named_after_its_page_where_its_own_title_names_nobody(
    title: str, head: str, name: str
) -> None:
    page = f'{head}<link rel="alternate" type="application/rss+xml" title="{title}" href="/f">'
    (found,) = feeds_at("https://krant.example", Web(page.encode()))
    assert found.title == name


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00<", b"<" * 100_000, b"<!--" * 50_000, b"<link " * 20_000]
)
def test_what_is_no_page_names_nothing(body: bytes) -> None:
    assert feeds_at("https://krant.example", Web(body, kind="text/html; charset=no-such")) == ()


def test_a_page_that_names_thousands_gives_the_first() -> None:
    many = "".join(f'<link rel=alternate type="application/rss+xml" href="/{n}">' for n in range(3000))
    assert len(feeds_at("https://krant.example", Web(many.encode()))) == MOST


@pytest.mark.parametrize(
    ("web", "error", "said"),
    [
        (Web(b"", 404), Rejected, "answered 404"),
        (Web(b"", 503), Unavailable, "answered 503"),
        (Web(Blocked("10.0.0.1 leads inside the network")), Rejected, "leads inside"),
        (Web(Lost("broke off its answer")), Unavailable, "broke off"),
    ],
)
def test_what_brings_no_page_says_why(web: Web, error: type[PlatformError], said: str) -> None:
    with pytest.raises(error, match=said):
        feeds_at("https://krant.example", web)
