"""The example world's feeds: the town square as RSS 2.0, the guest book as JSON Feed 1.1 in pages.

An item's id is a URI: it stays the same when the world is started on another port.
"""

import json
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from infra.local.world.times import Said

PAGE = 50
SHOWN = 40
SITE = "https://marrenveld.example"


def rss(said: Sequence[Said]) -> bytes:
    """The last `SHOWN` of what was said, newest first."""
    newest = sorted(said, key=lambda one: (one.at, one.id), reverse=True)[:SHOWN]
    items = "".join(_item(one) for one in newest)
    built = f"<lastBuildDate>{format_datetime(newest[0].at)}</lastBuildDate>" if newest else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Marktplein Marrenveld</title><link>{SITE}/plein</link>"
        f"<description>Wat Marrenveld zegt</description>{built}{items}</channel></rss>\n"
    ).encode()


def _item(one: Said) -> str:
    # A description is HTML: what is text must be escaped twice, once for HTML and once for XML.
    return (
        f"<item><guid>{SITE}/plein/{one.id}</guid><link>{SITE}/plein/{one.id}</link>"
        f"<pubDate>{format_datetime(one.at)}</pubDate><dc:creator>{escape(one.line.author)}</dc:creator>"
        f"<description>{escape(escape(one.line.text))}</description></item>\n"
    )


def pages(said: Sequence[Said]) -> int:
    return max(1, -(-len(said) // PAGE))


def json_feed(said: Sequence[Said], page: int, base: str) -> bytes:
    """Page `page` (from 1) of what was said, newest first; `base` is the server's own address."""
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Gastenboek De Wiekeling",
        "home_page_url": f"{SITE}/gastenboek",
        "feed_url": f"{base}/history-{page}.json",
    }
    if page < pages(said):
        feed["next_url"] = f"{base}/history-{page + 1}.json"
    feed["items"] = [
        {
            "id": f"{SITE}/gastenboek/{one.id}",
            "url": f"{SITE}/gastenboek/{one.id}",
            "content_text": one.line.text,
            "date_published": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "authors": [{"name": one.line.author, "url": f"{SITE}/@{one.line.author}"}],
            "language": one.line.language,
        }
        for one in said[(page - 1) * PAGE : page * PAGE]
    ]
    return json.dumps(feed, ensure_ascii=False).encode()
