"""RSS, Atom and JSON Feed as one kind of document: from text to entries, nothing judged yet.

Sources: RSS 2.0 (https://www.rssboard.org/rss-specification), RFC 4287, RFC 5005, JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/). XML is parsed by feedparser, by its strict parser and, where
a document is not quite XML, by its tolerant one.
"""

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalicelib.platforms._http_json import moment, words
from chalicelib.platforms._text import links, plain, tidy, web_link

MOST_ELEMENTS = 80_000
"""Of a whole document: ten thousand entries of seven."""
MOST_NAMES = 200
"""Of attributes on one element, of namespaces, and of tags on an entry."""
TOMBSTONE = ("http://purl.org/atompub/tombstones/1.0", "deleted-entry")
XINCLUDE = "http://www.w3.org/2001/XInclude"


class NotAFeed(ValueError):
    """The message says what it is instead, to follow "is not a feed: "."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`title` and `body` are plain text, `link` is a web address or "", the rest is as it was given."""

    guid: str
    link: str
    title: str
    body: str
    author: str
    author_url: str
    published: datetime | None
    language: str
    changed: datetime | None = None
    """When it got these words; None where that is not said."""
    links: tuple[str, ...] = ()
    """Where its body leads, to other sites than its own."""

    @property
    def name(self) -> str:
        """Its guid, in one line; one that is a page's address as that page is known (`canonical`)."""
        guid = " ".join(words(self.guid, 4000).split())
        return canonical(guid) or guid

    @property
    def place(self) -> str:
        """Its page, as it is known; "" where it has none."""
        return canonical(self.link) or self.link


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Entries in the document's order. `ttl`, in minutes: it wants not to be asked more often. `next_url`
    leads to older entries. Not `whole`: it ends before its root element does, as where a server broke off."""

    title: str
    entries: tuple[Entry, ...]
    ttl: str = ""
    next_url: str = ""
    whole: bool = True
    gone: tuple[tuple[str, datetime | None], ...] = ()
    """Guids of what was removed, and when (RFC 6721)."""


def read(text: str, base: str) -> Document:
    """`base` is where the document came from. Raises NotAFeed."""
    text = text.strip()
    if text.startswith("{"):
        return _json(text, base)
    if text.startswith("<"):
        return _xml(text, base)
    raise NotAFeed("neither XML nor JSON" if text else "it is empty")


# JSON Feed -------------------------------------------------------------------------------------------


def _json(text: str, base: str) -> Document:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed("broken JSON") from None
    if "jsonfeed.org/version/1" not in _str(feed, "version") or not isinstance(feed.get("items"), list):
        raise NotAFeed("JSON, but no JSON Feed")
    items = (item for item in feed["items"] if isinstance(item, dict))
    return Document(
        title=tidy(_str(feed, "title")),
        entries=tuple(_item(item, feed, base) for item in items),
        next_url=web_link(_str(feed, "next_url"), base),
    )


def _item(item: Mapping[str, Any], feed: Mapping[str, Any], base: str) -> Entry:
    html = _str(item, "content_html")
    author = _author(item) or _author(feed) or {}
    link = web_link(_str(item, "url") or _str(item, "external_url"), base)
    return Entry(
        guid=_str(item, "id"),
        link=link,
        title=tidy(_str(item, "title")),
        body=tidy(_str(item, "content_text")) or plain(html) or tidy(_str(item, "summary")),
        author=tidy(_str(author, "name")),
        author_url=web_link(_str(author, "url"), base),
        published=moment(item.get("date_published")) or moment(item.get("date_modified")),
        changed=moment(item.get("date_modified")) or moment(item.get("date_published")),
        language=_str(item, "language") or _str(feed, "language"),
        links=links(html, link or base),
    )


def _author(holder: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first author; version 1.0 knew but one."""
    authors = holder.get("authors") or [holder.get("author")]
    first = authors[0] if isinstance(authors, list) else None
    return first if isinstance(first, dict) else None


def _str(holder: Any, name: str) -> str:
    """A text of an object; numbers are taken for ids, which older feeds have."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) else ""


UNASKED = 15
"""Minutes at most by the syndication module: WordPress says `hourly` for all, who never asked for it."""
_PERIODS = {
    name: days * 24 * 60 for name, days in (("daily", 1), ("weekly", 7), ("monthly", 30), ("yearly", 365))
} | {"hourly": 60}
"""http://web.resource.org/rss/1.0/modules/syndication/, read 2026-11-30."""


# RSS and Atom ----------------------------------------------------------------------------------------

_GAP = re.compile(r"\s*+")


def _xml(text: str, base: str) -> Document:
    body = _root(text)
    parser = _parsed(body, base)
    feed = parser.feeddata
    if not parser.version:
        raise NotAFeed("XML, but neither RSS nor Atom")
    if XINCLUDE in parser.namespaces_in_use.values():
        raise NotAFeed("it wants to include other documents")
    whole = _is_whole(body)
    entries = parser.entries if whole else parser.entries[:-1]  # its last one may lack half of its id
    return Document(
        title=_words(feed, "title"),
        entries=tuple(_entry(dict(entry), feed, base) for entry in entries),
        ttl=_ttl(feed),
        next_url=_older(feed.get("links", ()), base),
        whole=whole,
        gone=tuple(getattr(parser, "gone", ())),
    )


def _ttl(feed: Mapping[str, Any]) -> str:
    """Minutes, by RSS itself or by its syndication module."""
    given, period = str(feed.get("ttl", "")), _PERIODS.get(_words(feed, "sy_updateperiod").lower())
    often = _words(feed, "sy_updatefrequency") or "1"
    if given or period is None or not re.fullmatch(r"0*[1-9]\d{0,5}", often, re.ASCII):
        return given
    return str(min(period // int(often), UNASKED))


def _older(links: Iterable[Mapping[str, Any]], base: str) -> str:
    """RFC 5005: an archive's documents, or a feed's pages."""
    there = {str(link.get("rel", "")).lower(): str(link.get("href", "")) for link in links}
    return web_link(there.get("prev-archive") or there.get("next") or "", base)


def _is_whole(text: str) -> bool:
    """Is its root element closed? A comment after that is seen in feeds."""
    name = re.match(r"<([\w:.-]+)", text[:200])
    return name is not None and f"</{name[1]}" in text[-1000:]


def _root(text: str) -> str:
    """The document from its root element on. Raises NotAFeed where it declares a type.

    A document type can define entities that grow without end or name files of ours; no feed needs
    one. What stands before the root is walked through rather than searched, because a feed that
    quotes a page holds that page's declaration.
    """
    at = 0
    while True:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        end = {"<?": "?>", "<!": "-->"}.get(text[at : at + 2])
        if end is None:
            break
        if end == "-->" and not text.startswith("<!--", at):
            page = re.match(r"<!doctype\s+html\b", text[at : at + 100], re.IGNORECASE)
            raise NotAFeed("it is a web page" if page else "it declares a document type")
        found = text.find(end, at + 2)
        if found < 0:
            raise NotAFeed("broken XML")
        at = found + len(end)
    if re.match(r"<html\b", text[at : at + 20], re.IGNORECASE):
        raise NotAFeed("it is a web page")
    if not re.match(r"<[\w:]", text[at : at + 2]):
        raise NotAFeed("broken XML")
    return text[at:]


def _parsed(text: str, base: str) -> Any:
    """feedparser's parser after its work. Hostile documents make it stumble in many ways: NotAFeed."""
    import xml.sax
    from xml.sax.handler import feature_external_ges, feature_namespaces

    strict, tolerant = _parsers()
    document = text.encode("utf-8", "replace")
    try:
        parser = strict(base, None, "utf-8")
        reader = xml.sax.make_parser()  # noqa: S317 (no document type comes here, see `_root`)
        reader.setFeature(feature_namespaces, True)
        reader.setFeature(feature_external_ges, False)
        reader.setContentHandler(parser)
        reader.setErrorHandler(parser)
        try:
            reader.parse(io.BytesIO(document))
        except xml.sax.SAXException:
            parser = tolerant(base, None, "utf-8", {})
            parser.feed(document.decode())
    except NotAFeed:
        raise
    except Exception as error:
        raise NotAFeed(f"it cannot be read ({type(error).__name__})") from None
    return parser


@cache
def _parsers() -> tuple[Any, Any]:
    """feedparser's two parsers, kept from what takes them quadratic time, and from guessing at guids."""
    from feedparser import api

    class Careful:
        resolve_relative_uris = False
        sanitize_html = False  # `plain` leaves no markup
        can_be_relative_uri = api.StrictFeedParser.can_be_relative_uri - {"id"}
        elements = 0

        def __init__(self, *given: Any) -> None:
            self.gone: list[tuple[str, datetime | None]] = []
            super().__init__(*given)

        def startPrefixMapping(self, prefix: str, uri: str) -> None:
            self._bound(len(self.namespaces_in_use))  # type: ignore[attr-defined]
            super().startPrefixMapping(prefix, uri)  # type: ignore[misc]

        def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:
            self._bound(len(attrs))
            if name == TOMBSTONE and (ref := attrs.get((None, "ref"))):
                self.gone.append((ref, moment(attrs.get((None, "when")))))
            super().startElementNS(name, qname, attrs)  # type: ignore[misc]

        def unknown_starttag(self, tag: str, attrs: Any) -> None:
            self.elements += 1
            self._bound(len(attrs))
            super().unknown_starttag(tag, attrs)  # type: ignore[misc]

        def _bound(self, names: int) -> None:
            if self.elements > MOST_ELEMENTS or names > MOST_NAMES:
                raise NotAFeed("it has more elements or attributes than feeds have")

        def _add_tag(self, term: str, scheme: str, label: str) -> None:
            """Every tag is compared with all before it."""
            if len(self._get_context().get("tags", ())) < MOST_NAMES:  # type: ignore[attr-defined]
                super()._add_tag(term, scheme, label)  # type: ignore[misc]

        def _sync_author_detail(self, key: str = "author") -> None:
            """An e-mail address is sought in the name from each of its characters on."""
            if len(self._get_context().get(key) or "") <= 300:  # type: ignore[attr-defined]
                super()._sync_author_detail(key)  # type: ignore[misc]

    strict = type("Strict", (Careful, api.StrictFeedParser), {})
    return strict, type("Tolerant", (Careful, api.LooseFeedParser), {})


def _entry(entry: Mapping[str, Any], feed: Any, base: str) -> Entry:
    """A guid may be the link, but only where it is a whole address."""
    bodies = [part for part in entry.get("content", ()) if part.get("value")]
    detail = entry.get("author_detail", {})
    body = bodies[0] if bodies else _part(entry, "summary")
    link = web_link(str(entry.get("link", "")), "" if entry.get("guidislink") else base)
    return Entry(
        guid=str(entry.get("id", "")),
        link=link,
        title=_words(entry, "title"),
        body=_text(body),
        author=tidy(str(detail.get("name") or entry.get("author") or feed.get("author", ""))),
        author_url=web_link(str(detail.get("href", ""))),
        published=_utc(entry.get("published_parsed") or entry.get("updated_parsed")),
        changed=_utc(entry.get("updated_parsed") or entry.get("published_parsed")),
        language=str(feed.get("language", "")),
        links=() if body.get("type") == "text/plain" else links(str(body.get("value", "")), link or base),
    )


def _words(holder: Any, name: str) -> str:
    return _text(_part(holder, name))


def _part(holder: Any, name: str) -> Mapping[str, Any]:
    return {"value": holder.get(name, ""), **holder.get(f"{name}_detail", {})}


def _text(part: Mapping[str, Any]) -> str:
    value = str(part.get("value", ""))
    return tidy(value) if part.get("type") == "text/plain" else plain(value)


def _utc(parsed: Any) -> datetime | None:
    """feedparser gives a `struct_time` in UTC; some of them are no moment."""
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


# addresses -------------------------------------------------------------------------------------------

_TRACKS = re.compile(
    r"(utm|at|mc|pk|mtm|hsa)_\w+|fbclid|gclid|dclid|msclkid|igshid|xtor|cmp|ns_\w+", re.IGNORECASE
)


def canonical(url: str) -> str:
    """A page's address without what only says how somebody came there; "" for what is no page of its own: a
    site's front, or no web address at all."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    path = parts.path.rstrip("/")
    asked = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKS.fullmatch(pair[0])
    ]
    place = "" if _TRACKS.match(parts.fragment) else parts.fragment
    if not (path or asked or place):
        return ""
    query = f"?{urlencode(sorted(asked))}" if asked else ""
    host = parts.hostname.lower().removeprefix("www.")
    return f"https://{host}{port}{path}{query}{f'#{place}' if place else ''}"
