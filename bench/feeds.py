"""What reading a feed takes, beside feedparser's own `parse`: processor time and memory an item, in one run.

We read with feedparser's parsers too, without what `plain` does again (`platforms/_syndication.py`). The
feeds are invented, well formed, and of the forms and sizes that are met. What both find must be the same.
"""

import tracemalloc
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from time import process_time_ns
from typing import Any
from xml.sax.saxutils import escape

from bench import Figure, Line, Note
from chalicelib.platforms._syndication import Entry, read
from chalicelib.platforms._text import decoded, plain, tidy

SEED, ROUNDS = 20261130, 5
URL = "https://feeds.example.org/news.xml"
BEGAN = datetime(2026, 11, 30, 9, tzinfo=UTC)
_SAID = """de het een van en in op dat is voor met bieb café gemeente zondag open boete storing één fietspad
raad besluit plan kosten meer minder geld tijd huis straat stad wethouder R&D "zo" 3<4"""
_WORDS = _SAID.split()


def figures() -> Iterator[Line]:
    import feedparser

    yield Note(f"median of {ROUNDS} rounds; memory is the most that Python holds at once, the document apart")
    for name, body in _feeds(Random(SEED)).items():
        found = read(decoded(body), URL).entries
        theirs = feedparser.parse(body).entries
        yield Note(f"{name}: {len(found)} items, {len(body)} bytes")
        yield Figure(f"feed_{name}_alike", _alike(found, theirs), "share")
        ways: Mapping[str, Callable[[], object]] = {
            "ours": lambda body=body: read(decoded(body), URL),  # type: ignore[misc]
            "feedparser": lambda body=body: feedparser.parse(body),  # type: ignore[misc]
        }
        for who, way in ways.items():
            yield Figure(f"feed_{name}_{who}", round(_us(way) / len(found), 1), "us/item")
            yield Figure(f"feed_{name}_{who}_memory", round(_most(way) / len(found)), "bytes/item")


def _us(read_it: Callable[[], object]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = process_time_ns()
        read_it()
        rounds.append((process_time_ns() - began) / 1000)
    return median(rounds)


def _most(read_it: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        read_it()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _alike(ours: tuple[Entry, ...], theirs: list[Any]) -> float:
    """The share of fields that are the same: id, link, title, text, moment."""
    if len(ours) != len(theirs):
        return 0.0
    same = [
        mine == other
        for entry, beside in zip(ours, theirs, strict=True)
        for mine, other in zip(_fields(entry), _of_feedparser(beside), strict=True)
    ]
    return sum(same) / len(same)


def _fields(entry: Entry) -> tuple[object, ...]:
    return entry.guid, entry.link, entry.title, entry.body, entry.published


def _of_feedparser(entry: Any) -> tuple[object, ...]:
    body = entry.content[0].value if "content" in entry else entry.get("summary", "")
    published = entry.get("published_parsed") or entry.get("updated_parsed")
    at = datetime.fromtimestamp(timegm(published), UTC) if published else None
    return entry.get("id", ""), entry.get("link", ""), tidy(plain(entry.get("title", ""))), plain(body), at


# the feeds -------------------------------------------------------------------------------------------


def _feeds(random: Random) -> dict[str, bytes]:
    return {
        "rss": _rss(random, 20, 60),
        "rdf": _rdf(random, 100, 40),
        "atom": _atom(random, 50, 300),
        "podcast": _rss(random, 1_000, 120, whole=True),
    }


def _rss(random: Random, number: int, words: int, *, whole: bool = False) -> bytes:
    """`whole`: with the text as HTML too, and all that podcasts add."""
    more = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" ' if whole else ""
    more += 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"' if whole else ""
    items = []
    for n in range(number):
        said = _said(random, words)
        beside = (
            f"<content:encoded><![CDATA[<p>{_said(random, words)}</p>]]></content:encoded>" if whole else ""
        )
        beside += (
            f"<itunes:duration>{n}</itunes:duration><itunes:explicit>no</itunes:explicit>" if whole else ""
        )
        items.append(
            f"<item><title>{_said(random, 7)}</title><link>https://example.org/{n}</link>"
            f'<guid isPermaLink="false">urn:x:{n}</guid><description>{said}</description>{beside}'
            f"<category>nieuws</category><pubDate>{_at(n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        )
    begin = f'<?xml version="1.0"?><rss version="2.0" {more}><channel><title>Bode</title>'
    return f"{begin}{''.join(items)}</channel></rss>".encode()


def _rdf(random: Random, number: int, words: int) -> bytes:
    items = "".join(
        f'<item rdf:about="https://example.org/{n}"><title>{_said(random, 7)}</title>'
        f"<link>https://example.org/{n}</link><description>{_said(random, words)}</description>"
        f"<dc:date>{_at(n).isoformat()}</dc:date></item>"
        for n in range(number)
    )
    spaces = (
        'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return f"<rdf:RDF {spaces}><channel><title>Bode</title></channel>{items}</rdf:RDF>".encode()


def _atom(random: Random, number: int, words: int) -> bytes:
    entries = "".join(
        f"<entry><id>tag:example.org,2026:{n}</id><title>{_said(random, 7)}</title>"
        f'<link href="https://example.org/{n}"/><updated>{_at(n).isoformat()}</updated>'
        f"<author><name>Redactie</name></author>"
        f'<content type="html">{escape(f"<p>{_said(random, words)}</p>")}</content></entry>'
        for n in range(number)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Bode</title>{entries}</feed>'.encode()


def _said(random: Random, words: int) -> str:
    return escape(" ".join(random.choices(_WORDS, k=words)))


def _at(n: int) -> datetime:
    return BEGAN - timedelta(hours=n)
