"""Which feeds a web page names: `<link rel="alternate">` of a feed's type, in the page's head.

HTML Standard, link type "alternate", read 2026-11-29. Two do not always name theirs there: a channel's page
at YouTube, which tells the channel's number, and a site of WordPress, whose comments have a feed of their
own.
"""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from chalicelib.errors import Blocked, HttpError, Rejected, Unavailable
from chalicelib.ports import FeedLink, Http

NAME = "feed"
TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
OLDER = "application/json"
"""What JSON Feed 1.0 was named as; WordPress names each page of its API so, which is no feed."""
NAMELESS = re.compile(r"(rss|atom|json|xml|web)?[\s-]*(2\.0|1\.0)?[\s-]*(feed)?", re.IGNORECASE)
"""Titles that say what it is and not whose."""
MOST = 10
HEAD = 300_000
"""Characters of a page that are looked through: its head is at its top."""
TITLE = 100
YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
COMMENTS = "comments/feed/"
_CHANNEL = re.compile(rb'"(?:externalId|channelId|browseId)":"(UC[\w-]{22})"')
_OF_COMMENTS = re.compile(r"comments/feed/?$|[?&]feed=comments-rss2", re.IGNORECASE)
_SITE = re.compile(r"(https?://[^\s\"'<>]*?/)wp-(?:json|content)/", re.IGNORECASE)
_FEED, _TITLE = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]"), re.compile(r"<title[^>]*>([^<]*)</title>")
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


def feeds_at(url: str, http: Http) -> tuple[FeedLink, ...]:
    """In the page's order, each once. Raises Rejected, Unavailable."""
    try:
        answer = http.request("GET", url, headers={"Accept": "text/html, */*;q=0.5"}, seconds=8)
    except Blocked as error:
        raise Rejected(NAME, str(error)) from None
    except HttpError as error:
        raise Unavailable(NAME, str(error)) from None
    if answer.status >= 500:
        raise Unavailable(NAME, f"answered {answer.status}")
    if answer.status != 200:
        raise Rejected(NAME, f"answered {answer.status}")
    links, kind = _Links(answer.url), answer.headers.get("content-type", "")
    page = _text(answer.body, kind)
    links.feed(page)
    found = tuple(links.found.values())[:MOST]
    if not found and urlsplit(answer.url).hostname in YOUTUBE and (channel := _CHANNEL.search(answer.body)):
        address = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel[1].decode()}"
        found = (FeedLink(address, links.name or _tidy(links.title)),)
    if comments := _comments(links, page, answer.url, http):
        found = (*found, comments)
    if len(found) == 1 and found[0].title and NAMELESS.fullmatch(found[0].title):
        return (FeedLink(found[0].url, links.name or _tidy(links.title)),)
    return found


def _comments(links: "_Links", page: str, at: str, http: Http) -> FeedLink | None:
    """The feed of all comments of a site of WordPress that names none: asked for once."""
    site = _SITE.search(page)
    own = site and urlsplit(site[1]).netloc == urlsplit(at).netloc
    if not (own or links.wordpress) or any(_OF_COMMENTS.search(url) for url in links.found):
        return None
    url = urljoin(site[1] if site and own else at, COMMENTS if own else f"/{COMMENTS}")
    try:
        answer = http.request("GET", url, headers={"Accept": "application/rss+xml, */*;q=0.5"}, seconds=8)
    except (Blocked, HttpError):
        return None
    if answer.status != 200 or not _FEED.search(answer.body[:2000]):
        return None
    title = _TITLE.search(_text(answer.body, answer.headers.get("content-type", "")))
    return FeedLink(answer.url, _tidy(unescape(title[1])) if title else "")


class _Links(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self._base = at
        self._in_title = False
        self.found: dict[str, FeedLink] = {}
        self.name = self.title = ""
        """What the page calls itself for others (`og:title`), and its title."""
        self.wordpress = False
        """Does it say that WordPress made it?"""

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < TITLE:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}  # of two alike, the first counts
        if tag == "base" and given.get("href"):
            self._base = _joined(self._base, given["href"]) or self._base
        self._in_title = tag == "title"
        if tag == "meta" and given.get("property", "").lower() == "og:title":
            self.name = self.name or _tidy(given.get("content", ""))
        if tag == "meta" and given.get("name", "").lower() == "generator":
            self.wordpress = self.wordpress or given.get("content", "").lower().startswith("wordpress")
        if tag == "link" and given.get("rel", "").lower() == "https://api.w.org/":
            self.wordpress = True
        if tag != "link" or "alternate" not in given.get("rel", "").lower().split():
            return
        kind = given.get("type", "").partition(";")[0].strip().lower()
        url = _joined(self._base, given.get("href", ""))
        if url and (kind in TYPES or (kind == OLDER and "feed" in urlsplit(url).path.lower())):
            self.found.setdefault(url, FeedLink(url, _tidy(given.get("title", ""))))


def _tidy(title: str) -> str:
    return " ".join(title.split())[:TITLE]


def _joined(base: str, href: str) -> str:
    """ "" for what is no address of http."""
    try:
        url = urljoin(base, href.strip())
        good = urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname
    except ValueError:
        return ""
    return url if good and href.strip() and len(url) <= 2000 and not re.search(r"\s", url) else ""


def _text(body: bytes, content_type: str) -> str:
    said = _CHARSET.search(content_type) or _CHARSET.search(body[:2000].decode("latin-1"))
    try:
        return body.decode(said[1] if said else "utf-8", "replace")[:HEAD]
    except LookupError:
        return body.decode("utf-8", "replace")[:HEAD]
