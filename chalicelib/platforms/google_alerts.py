"""Google Alerts: what Google finds for a search that a person made there, as it gives it to feed readers.

Settings:
* `url`: the address of the alert's feed, such as https://www.google.com/alerts/feeds/123/456. Whoever has it
  can read along

Not documented by Google; as it is seen, 2026-11-21. An entry leads through Google to the page that was
found: that page's own address is taken, so that two alerts of one page are one mention, and its site is who
wrote it, as Google does not say who did. Google wants to be asked seldom: four times an hour at most.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from chalicelib.domain.mention import Author, Found, native_id
from chalicelib.domain.pace import Limit
from chalicelib.errors import BadInput
from chalicelib.platforms._syndication import canonical
from chalicelib.platforms._text import web_link
from chalicelib.ports import N_, Ear, Kit, Listens, Page, Setting

NAME = "google_alerts"
ANSWERS = "browser"
CAN = frozenset[str]()
KEYLESS = True
WHY_NOT = N_("Google only shows where it stands: it is answered there")
SOURCES = {
    "": Ear(
        label=N_("Google Alerts: a search"),
        settings=(
            Setting(
                "url",
                "address",
                N_("Address of the alert"),
                N_("At google.com/alerts: deliver to RSS feed, and copy the address of its icon."),
            ),
        ),
        every=30,
        leaves_out=(
            N_("What Google has not found, or did not think worth an alert."),
            N_("More than the few lines that Google shows, and who wrote them."),
        ),
    )
}

SELDOM = 15 * 60.0
"""Seconds."""
_FEED = re.compile(r"https://(www\.)?google\.[a-z.]{2,6}/alerts/feeds/\d+/\d+/?")
_REDIRECT = re.compile(r"(www\.)?google\.[a-z.]{2,6}")
LIMIT = Limit(60, timedelta(minutes=5), ours=True)
"""Of all alerts together. Google names none, and is asked every half hour for each."""


def account(settings: Mapping[str, str]) -> str:
    """All alerts are asked as one: Google sees one stranger."""
    return "alerts"


def connect(settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> "GoogleAlerts":
    """Raises BadInput."""
    from chalicelib.platforms import feed

    url = settings.get("url", "")
    if not _FEED.fullmatch(url):
        raise BadInput("url", "the address of an alert's feed: https://www.google.com/alerts/feeds/...")
    return GoogleAlerts(feed.connect({"url": url}, {}, kit))


class GoogleAlerts:
    """Listens of `ports.py`, to what its `feed` brings."""

    def __init__(self, feed: Listens) -> None:
        self._feed = feed

    def listen(self, cursor: str) -> Page:
        """As a feed. A page that was found twice is told of once, as it was found last."""
        page = self._feed.listen(cursor)
        found = {each.id: each for each in map(_there, page.found)}
        return replace(page, found=tuple(found.values()), wait=max(page.wait, SELDOM))


def _there(found: Found) -> Found:
    """As it stands at the page that was found."""
    page = target(found.url)
    place, host = canonical(page), urlsplit(page).hostname or ""
    site = host.removeprefix("www.")
    if not site:
        return found
    return replace(
        found,
        id=native_id(place or page),
        author=Author(id=site, handle=site, name=site, url=web_link(f"https://{host}/")),
        url=page,
        address=place,
        links=(),
    )


def target(link: str) -> str:
    """The page behind a link of Google's; the link itself where it is none."""
    parts = urlsplit(link)
    if parts.path != "/url" or not _REDIRECT.fullmatch(parts.hostname or ""):
        return link
    asked = parse_qs(parts.query)
    found = next((web_link(asked[name][0]) for name in ("url", "q") if name in asked), "")
    return found or link
