"""Where the feed is of what a person pastes: an account's name, a page of a network that has feeds without
naming them, or any other address.

As the networks serve them, read 2026-11-30: YouTube (`/feeds/videos.xml`), Reddit (`.rss` behind a page),
Mastodon and its kin (`.rss` behind an account's page or a tag's), Bluesky (`/rss` behind a profile), and
Discourse (`.rss` behind a list of topics).
"""

import re

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}"
_END = r"/?(?:[?#].*)?"

FEEDS: tuple[tuple[str, str], ...] = (
    # names
    (rf"@?([a-z0-9_.-]+)@({_HOST})", r"https://\2/@\1.rss"),
    (rf"@({_HOST})", r"https://bsky.app/profile/\1/rss"),
    (r"/?(r|u|user)/([a-z0-9_-]{2,32})/?", r"https://www.reddit.com/\1/\2/new/.rss"),
    # pages
    (
        rf"https?://(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]{{22}})(?:/\w*)?{_END}",
        r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",
    ),
    (
        r"https?://(?:www\.|m\.)?youtube\.com/playlist\?(?:.*&)?list=([\w-]{10,64})(?:&.*)?",
        r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",
    ),
    (
        rf"https?://(?:www\.|old\.|new\.)?reddit\.com/(r|u|user)/([a-z0-9_-]{{2,32}}){_END}",
        r"https://www.reddit.com/\1/\2/new/.rss",
    ),
    (
        rf"https?://bsky\.app/profile/({_HOST}|did:[a-z]+:[a-z0-9.]+){_END}",
        r"https://bsky.app/profile/\1/rss",
    ),
    (rf"https?://({_HOST})/@((?!\S*\.rss)[a-z0-9_.]+){_END}", r"https://\1/@\2.rss"),
    (rf"https?://({_HOST})/tags/(\w+){_END}", r"https://\1/tags/\2.rss"),
    (rf"https?://({_HOST})/c/([\w-]+(?:/[\w-]+)*/\d+){_END}", r"https://\1/c/\2.rss"),
)
"""In this order; the whole of what was pasted must fit. A page that names its feed is not needed here."""
NAMING = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/@", re.IGNORECASE)
"""Pages that look like one above, and name their feed themselves."""

_KNOWN = tuple((re.compile(form, re.IGNORECASE), feed) for form, feed in FEEDS)


def feed_address(pasted: str) -> str:
    """An address of a feed, or of a page that may name one; "" for nothing."""
    given = pasted.strip()
    if not given:
        return ""
    whole = given if "://" in given else f"https://{given.lstrip('/')}"
    if NAMING.match(whole):
        return whole
    for form, feed in _KNOWN:
        if fits := form.fullmatch(given) or form.fullmatch(whole):
            return fits.expand(feed)
    return whole
