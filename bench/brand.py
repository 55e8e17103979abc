"""The invented brand of the measurements, its sources, and what they answer."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape

from bench.texts import BRAND
from chalicelib.domain.brand import Brand, Channel, Department, Template, Watch
from chalicelib.domain.mention import Author, Mention, MentionKey
from chalicelib.domain.response import decide
from chalicelib.domain.source import Source
from chalicelib.ports import Judge

WEEK: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-18:00",))

THE_BRAND = Brand(
    id="kwetterdam",
    name=BRAND,
    zone="Europe/Amsterdam",
    languages=("nl", "en"),
    departments=(
        Department(
            id="service", name="Klantenservice", hours=WEEK, alert_mail=("service@kwetterdam.example",)
        ),
        Department(
            id="lines",
            name="Lijnen",
            hours=WEEK,
            topics=("spoor", "track"),
            alert_mail=("lines@kwetterdam.example",),
        ),
        Department(
            id="press",
            name="Pers",
            hours=WEEK,
            topics=("raad", "council"),
            alert_mail=("press@kwetterdam.example",),
        ),
    ),
    channels=(Channel(id="sandbox", platform="sandbox", name="Zandbak", settings={"account": "kwetterdam"}),),
    watches=(Watch(id="brand", name="Onze naam", terms=("Kwetterdam Vervoer", "kwetterdam*")),),
    templates=(
        Template(
            id="complaint-nl",
            language="nl",
            when="complaint",
            text="Hoi {author}, dat is vervelend. {agent}, {brand}",
        ),
        Template(
            id="praise-nl", language="nl", when="praise", text="Hoi {author}, wat fijn. {agent}, {brand}"
        ),
        Template(
            id="complaint-en",
            language="en",
            when="complaint",
            text="Hi {author}, I'm sorry. {agent}, {brand}",
        ),
        Template(
            id="praise-en", language="en", when="praise", text="Hi {author}, how kind. {agent}, {brand}"
        ),
    ),
    console_url="https://console.kwetterdam.example",
    mail_from="webspin@kwetterdam.example",
)


def feed(number: int, connected_at: datetime, host: str = "https://feeds.example") -> Source:
    return Source(
        brand=THE_BRAND.id,
        id=f"feed-{number}",
        platform="feed",
        name=f"Blad {number}",
        settings={"url": f"{host}/{number}/news.xml"},
        connected_at=connected_at,
    )


def account(number: int, connected_at: datetime) -> Source:
    """A hashtag on a server: not addressed to us, so that not everything becomes a case."""
    return Source(
        brand=THE_BRAND.id,
        id=f"account-{number}",
        platform="mastodon",
        name=f"Account {number}",
        settings={"instance": f"https://social-{number}.example", "kind": "hashtag", "tag": "kwetterdam"},
        connected_at=connected_at,
        channel="sandbox",
    )


def hook(connected_at: datetime) -> Source:
    return Source(
        brand=THE_BRAND.id,
        id="reviews",
        platform="webhook",
        name="Beoordelingen",
        interval=0,
        connected_at=connected_at,
        watched=False,
    )


def rss(number: int, texts: Sequence[tuple[int, str]], newest: datetime) -> bytes:
    """A feed's page, newest first; `texts` with their numbers, oldest first."""
    items = "".join(
        f"<item><title>{escape(text[:70])}</title><description>{escape(text)}</description>"
        f"<link>https://feeds.example/{number}/2026/11/bericht-{id}</link>"
        f"<guid isPermaLink='false'>https://feeds.example/{number}/?p={id}</guid>"
        f"<dc:creator>Redactie {number}</dc:creator>"
        f"<pubDate>{format_datetime(newest - timedelta(seconds=30 * back))}</pubDate></item>"
        for back, (id, text) in enumerate(reversed(texts))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Blad {number}</title><link>https://feeds.example/{number}</link>"
        f"<description>Nieuws</description>{items}</channel></rss>"
    ).encode()


def statuses(number: int, texts: Sequence[tuple[int, str]], newest: datetime) -> bytes:
    """A page of a hashtag, newest first, with the fields that a server sends and we read."""
    host = f"https://social-{number}.example"
    page = [
        {
            "id": f"1157{number:04}{id:010}",
            "created_at": (newest - timedelta(seconds=5 * back)).isoformat(),
            "visibility": "public",
            "language": "nl",
            "in_reply_to_id": None,
            "spoiler_text": "",
            "url": f"{host}/@reiziger{id % 997}/1157{number:04}{id:010}",
            "content": f"<p>{escape(text)}</p>",
            "account": {
                "id": f"1098{id % 997:014}",
                "acct": f"reiziger{id % 997}",
                "display_name": f"Reiziger {id % 997}",
                "url": f"{host}/@reiziger{id % 997}",
                "followers_count": id % 1500,
            },
        }
        for back, (id, text) in enumerate(reversed(texts))
    ]
    return json.dumps(page, ensure_ascii=False).encode()


def webhook(id: int, text: str, at: datetime) -> bytes:
    told: Mapping[str, object] = {
        "type": "mention.created",
        "timestamp": at.isoformat(),
        "data": {
            "id": f"review-{id}",
            "platform": "reviews",
            "author": {"handle": f"gast{id % 997}", "name": f"Gast {id % 997}"},
            "text": text,
            "url": f"https://reviews.example/r/{id}",
            "posted_at": at.isoformat(),
            "language": "nl",
            "direct": False,
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()


def asks(text: str) -> str:
    """What the system makes of a text that a watch matches: "alert", "case" or ""."""
    now = datetime.now(UTC)
    reading = _judge().read(text)
    mention = Mention(
        key=MentionKey(THE_BRAND.id, "feed", "1"),
        source="feed-1",
        author=Author(id="1", handle="1"),
        text=text,
        posted_at=now,
        heard_at=now,
        watches=("brand",),
    )
    if decide(mention, reading, now).action is None:
        return ""
    return "alert" if reading.strong else "case"


@cache
def _judge() -> Judge:
    from chalicelib.judge.embedded import Embedded

    return Embedded()
