"""What holds of whatever a feed's address answers: a feed, something broken, or something made to hurt."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import is_normalized

from chalicelib.domain.mention import TEXT_LIMIT, Found, MentionKey
from chalicelib.errors import BadInput, PlatformError
from chalicelib.platforms.feed import EARLIEST, LONGEST_WAIT, Feed
from chalicelib.ports import Answer, Page

URL = "https://feeds.example.org/news.xml"
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


@dataclass
class Fixed:
    """Answers every request with one document."""

    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, url: str, **more: Any) -> Answer:
        return Answer(200, {"content-type": self.content_type, **self.headers}, self.body, url)


def held(content_type: str, body: bytes) -> tuple[Found, ...] | None:
    """What is heard of it; None where it is refused. Raises AssertionError where a promise does not hold."""
    feed = Feed(URL, True, Fixed(content_type, body))
    pushed = _pushed(feed, content_type, body)
    page = _asked(feed)
    if page is None:
        assert pushed is None, "refused when asked for, and taken when sent"
        return None
    assert pushed is not None, "taken when asked for, and refused when sent"
    assert list(map(_listed, pushed)) == list(page.found), "sent, it says another thing"
    assert all(each.edited for each in pushed), "sent, it is not looked at as an edit"
    assert 0 <= page.wait <= LONGEST_WAIT
    _sound(page.found)
    return page.found


def _listed(found: Found) -> Found:
    """As a list says it, which does not know what is an edit; a removal is one in both."""
    return found if found.gone else replace(found, edited=False, as_of=None)


def _pushed(feed: Feed, content_type: str, body: bytes) -> list[Found] | None:
    try:
        return feed.pushed(content_type, body)
    except BadInput:
        return None


def _asked(feed: Feed) -> Page | None:
    try:
        return feed.listen("")
    except PlatformError as error:
        reason = error.reason
    assert reason.isprintable(), "a reason that cannot be shown"
    return None


def _sound(found: tuple[Found, ...]) -> None:
    ids = [one.id for one in found]
    assert len(set(ids)) == len(ids), "two of one id"
    latest = datetime.now(UTC) + timedelta(days=1, seconds=5)
    for one in found:
        MentionKey("brand", "feed", one.id)
        assert one.text.strip(), "nothing is said"
        assert len(one.text) <= TEXT_LIMIT
        for said in (one.text, one.author.name, one.author.handle, one.url, one.author.url, one.address):
            assert not _HIDDEN.search(said), "what is not seen is in it"
            said.encode()
        assert is_normalized("NFC", one.text)
        assert one.author.name
        assert "\n" not in one.author.name
        assert not one.url or re.match("https?://[^/@]", one.url), "a link that leads elsewhere"
        assert not one.address or one.address.startswith("https://")
        assert one.posted_at is None or EARLIEST <= one.posted_at <= latest
        assert re.fullmatch("([a-z]{2,3})?", one.language)
