"""Whose items a feed has: those of a network are known by the id that they have there, whichever way they
come; and a feed that is somewhere else now is known by its items.

Ids as the networks write them into their feeds, read 2026-11-30: Bluesky `at://did:.../app.bsky.feed.post/key`,
Reddit `t3_...` (a post) and `t1_...` (a comment), YouTube `yt:video:...`, Hacker News (by hnrss.org)
`https://news.ycombinator.com/item?id=...`. Mastodon's servers count each by themselves: there the address
tells (`Found.address`).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2s

from chalicelib.domain.mention import Author, Found
from chalicelib.platforms._syndication import Entry

MARKS, SIZE = 24, 4
"""Items of a feed that are remembered, and bytes of each: as many as its cursor has room for."""
_HN = re.compile(r"https?://news\.ycombinator\.com/item\?id=([1-9][0-9]{0,14})")
_REDDIT = re.compile(r"t[13]_[a-z0-9]{1,15}")
_VIDEO = re.compile(r"yt:video:[A-Za-z0-9_-]{5,40}")
_PROFILE = re.compile(r"https://bsky\.app/profile/([\w.:-]+)/post/")
_CHANNEL = re.compile(r"https?://www\.youtube\.com/channel/([\w-]+)")


def named(guid: str, host: str) -> tuple[str, str]:
    """The network and its id of an item, where this host's feeds are a network's; else ("", "")."""
    if host == "bsky.app":
        from chalicelib.platforms._atproto import short_id

        id = short_id(guid)
        return ("bluesky", id) if id else ("", "")
    if host == "reddit.com" and _REDDIT.fullmatch(guid):
        return "reddit", guid
    if host == "youtube.com" and _VIDEO.fullmatch(guid):
        return "youtube", guid
    if host in ("hnrss.org", "news.ycombinator.com") and (item := _HN.fullmatch(guid)):
        return "hackernews", item[1]
    return "", ""


def of_network(found: Found, entry: Entry, host: str) -> Found:
    """As its network knows it; as it was where it is none's."""
    guid = entry.guid or entry.name
    platform, id = named(guid, host)
    if not id:
        return found
    return replace(found, platform=platform, id=id, author=_author(found, guid, platform))


def _author(found: Found, guid: str, platform: str) -> Author:
    by = found.author
    if platform == "bluesky":
        place = _PROFILE.match(found.url)
        handle = place[1] if place else by.handle
        return Author(
            id=guid.removeprefix("at://").partition("/")[0],
            handle=handle,
            name=by.name.removeprefix(f"@{handle} - "),
            url=f"https://bsky.app/profile/{handle}" if place else "",
        )
    if platform == "reddit":
        name = re.sub("^/?u/", "", by.handle)
        return replace(by, id=name, handle=name, name="")
    channel = _CHANNEL.match(by.url) if platform == "youtube" else None
    return replace(by, id=channel[1]) if channel else by


def marks(entries: Iterable[Entry]) -> str:
    """Of items that only their feed names: their words and moment."""
    said = (f"{each.title}\n{each.body}\n{each.published}" for each in entries if each.published)
    found = [blake2s(each.encode("utf-8", "replace"), digest_size=SIZE).hexdigest() for each in said]
    return "".join(found[:MARKS])


def same(known: str, entries: Iterable[Entry]) -> bool:
    """Has a feed an item that was remembered, with the same words and moment?"""
    size = 2 * SIZE
    there, before = marks(entries), {known[at : at + size] for at in range(0, len(known), size)}
    return any(there[at : at + size] in before for at in range(0, len(there), size))
