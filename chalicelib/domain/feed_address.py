"""Where the feed is of what a person pastes: an account's name, a page of a network that has feeds without
naming them, or any other address.

As the networks serve them, read 2026-11-30: YouTube (`/feeds/videos.xml`, by channel, list or old user name),
Reddit (`.rss` behind a page, or what is said below a post), Mastodon and its kin (`.rss` behind an account's
page or a tag's), Bluesky (`/rss` behind a profile), and Discourse (`.rss` behind a list of topics). Not read
there, but as is commonly known: YouTube's by old user name, and what is said below a post at Reddit. Other
sites have pages of the same form: where the feed is not there, the page that was pasted may name another
(`page_address`).
"""

import re

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}"
_END = r"/?(?:[?#].*)?"
_REDDIT = r"(r|u|user)/([a-z0-9_-]{1,32}(?:\+[a-z0-9_-]{1,32})*)"
_SORTED = r"(?:new|hot|top|best|rising|controversial)"

NAMES: tuple[tuple[str, str], ...] = (
    (rf"@?([a-z0-9_.-]+)@({_HOST})", r"https://\2/@\1.rss"),
    (rf"@({_HOST})", r"https://bsky.app/profile/\1/rss"),
    (r"((?:[a-z0-9-]+\.)+bsky\.social)", r"https://bsky.app/profile/\1/rss"),
    (rf"/?{_REDDIT}/?", r"https://www.reddit.com/\1/\2/new/.rss"),
)
PAGES: tuple[tuple[str, str], ...] = (
    (
        rf"https?://(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]{{22}})(?:/\w*)?{_END}",
        r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",
    ),
    (
        r"https?://(?:www\.|m\.)?youtube\.com/playlist\?(?:.*&)?list=([\w-]{10,64})(?:&.*)?",
        r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",
    ),
    (
        rf"https?://(?:www\.|m\.)?youtube\.com/user/([\w.-]+)(?:/\w*)?{_END}",
        r"https://www.youtube.com/feeds/videos.xml?user=\1",
    ),
    (
        rf"https?://(?:(?:www|old|new|sh|m|np|i)\.)?reddit\.com/r/(\w+)/comments/(\w+)(?:/[\w%-]*)*{_END}",
        r"https://www.reddit.com/r/\1/comments/\2/.rss",
    ),
    (
        rf"https?://(?:(?:www|old|new|sh|m|np|i)\.)?reddit\.com/{_REDDIT}(?:/{_SORTED})?{_END}",
        r"https://www.reddit.com/\1/\2/new/.rss",
    ),
    (
        rf"https?://bsky\.app/profile/({_HOST}|did:[a-z]+:[a-z0-9.]+){_END}",
        r"https://bsky.app/profile/\1/rss",
    ),
    (rf"https?://({_HOST})/@((?!\S*\.rss)[a-z0-9_.]+){_END}", r"https://\1/@\2.rss"),
    (rf"https?://{_HOST}/@([a-z0-9_.-]+)@({_HOST}){_END}", r"https://\2/@\1.rss"),
    (rf"https?://({_HOST})/users/([a-z0-9_]+){_END}", r"https://\1/@\2.rss"),
    (rf"https?://({_HOST})/tags/(\w+){_END}", r"https://\1/tags/\2.rss"),
    (rf"https?://({_HOST})/c/([\w-]+(?:/[\w-]+)*/\d+){_END}", r"https://\1/c/\2.rss"),
)
"""In this order; the whole of what was pasted must fit. A page that names its feed is not needed here."""
NAMING = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/(?:@|c/)", re.IGNORECASE)
"""Pages that look like one above, and name their feed themselves."""

_LONE = re.compile(r"@?[\w-]+", re.IGNORECASE)


def feed_address(pasted: str) -> str:
    """An address of a feed, or of a page that may name one; "" for nothing."""
    whole = page_address(pasted)
    if not whole:
        return _fitting(_NAMES, _bare(pasted))
    return whole if NAMING.match(whole) else _fitting(_PAGES, whole) or whole


def page_address(pasted: str) -> str:
    """The address that was pasted, as a whole one; "" for a name, and for nothing."""
    given = _bare(pasted)
    if not given or _fitting(_NAMES, given):
        return ""
    given = re.sub(r"^feed:(?://)?(?=https?://)|^feed://", "", given, flags=re.IGNORECASE)
    whole = given if "://" in given else f"https://{given.lstrip('/')}"
    site = re.match(r"\w+://[^\s/]+/", whole)
    return site[0] + re.sub(r"\s+", "%20", whole[site.end() :]) if site else whole


def lacks_server(pasted: str) -> bool:
    """Is it a name that does not say where it is one?"""
    return _LONE.fullmatch(_bare(pasted)) is not None


def _bare(pasted: str) -> str:
    """Without what mail and text put around an address."""
    return pasted.strip().strip("<>\"'“”").strip()


def _fitting(known: tuple[tuple[re.Pattern[str], str], ...], given: str) -> str:
    return next((fits.expand(feed) for form, feed in known if (fits := form.fullmatch(given))), "")


def _compiled(forms: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(form, re.IGNORECASE), feed) for form, feed in forms)


_NAMES, _PAGES = _compiled(NAMES), _compiled(PAGES)
