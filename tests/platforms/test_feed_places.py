"""A network's own feed, pasted: its items have the ids that the network's module gives them."""

import pytest

from chalicelib.domain.mention import Found
from chalicelib.http import Http
from chalicelib.platforms._atproto import short_id
from tests.platforms.peers import platform
from tests.servers.feeds import item, rss

ANNA = "did:plc:abcdefghijklmnopqrstuvwx"
URI = f"at://{ANNA}/app.bsky.feed.post/3lbcdefghijk2"
DATE = "Mon, 16 Nov 2026 09:12:00 GMT"


def pushed(url: str, body: str) -> list[Found]:
    found: list[Found] = platform("feed", {"url": url}, {}, Http(frozenset())).pushed(
        "application/xml", body.encode()
    )
    return found


def atom(id: str, link: str, author: str, uri: str = "") -> str:
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>{id}</id><title>Brood</title>"
        f"<link href='{link}'/><author><name>{author}</name><uri>{uri}</uri></author>"
        "<updated>2026-11-16T09:12:00Z</updated><content>Lekker brood</content></entry></feed>"
    )


def test_bluesky() -> None:
    link = "https://bsky.app/profile/anna.test/post/3lbcdefghijk2"
    body = (
        f"<rss version='2.0'><channel><title>@anna.test - Anna Bakker</title><item><link>{link}</link>"
        f"<description>Lekker brood</description><pubDate>{DATE}</pubDate>"
        f"<guid isPermaLink='false'>{URI}</guid></item></channel></rss>"
    )
    (one,) = pushed(f"https://bsky.app/profile/{ANNA}/rss", body)
    assert (one.platform, one.id, one.address) == ("bluesky", short_id(URI), "")
    assert (one.author.id, one.author.handle, one.author.name) == (ANNA, "anna.test", "Anna Bakker")


@pytest.mark.parametrize(
    ("url", "id", "link", "of", "native"),
    [
        (
            "https://www.reddit.com/r/x.rss",
            "t3_1abc2d",
            "https://www.reddit.com/r/1",
            "reddit",
            "t3_1abc2d",
        ),
        ("https://old.reddit.com/r/x.rss", "t1_9zz", "https://old.reddit.com/r/x/2", "reddit", "t1_9zz"),
        (
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCx",
            "yt:video:dQw4w9WgXcQ",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "youtube",
            "yt:video:dQw4w9WgXcQ",
        ),
        (
            "https://hnrss.org/newest?q=brood",
            "https://news.ycombinator.com/item?id=42",
            "https://bakker.example/",
            "hackernews",
            "42",
        ),
    ],
)
def test_others(url: str, id: str, link: str, of: str, native: str) -> None:
    (one,) = pushed(url, atom(id, link, "/u/jan", "https://www.youtube.com/channel/UCabc"))
    assert (one.platform, one.id) == (of, native)
    if of == "reddit":
        assert (one.author.id, one.author.handle) == ("jan", "jan")
    if of == "youtube":
        assert one.author.id == "UCabc"


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("https://blog.example/feed", URI),
        ("https://notreddit.com/feed", "t3_1abc2d"),
        ("https://reddit.com.evil.example/feed", "t3_1abc2d"),
        ("https://www.reddit.com/r/x.rss", "t5_subreddit"),
        ("https://bsky.app/profile/x/rss", "at://did:plc:abc/app.bsky.feed.like/3l"),
        ("https://hnrss.org/x", "https://news.ycombinator.com/item?id=42&amp;p=2"),
    ],
)
def test_nobody_else_speaks_for_a_network(url: str, id: str) -> None:
    """A feed may write what it likes into its ids."""
    (one,) = pushed(url, atom(id, "https://blog.example/1", "jan"))
    assert one.platform == ""


def test_a_message_on_mastodon_is_known_by_its_address() -> None:
    link = "https://social.example/@anna/103186126728896492"
    (one,) = pushed("https://social.example/@anna.rss", rss(item(link, "Lekker brood", date=DATE)).decode())
    assert (one.platform, one.address) == ("", link)
