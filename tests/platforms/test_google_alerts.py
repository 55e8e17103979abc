"""Google Alerts: the page behind Google's link, its site as its author, one mention a page; asked seldom."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.errors import BadInput, RateLimited, Rejected, Unavailable
from chalicelib.http import Http
from chalicelib.platforms.google_alerts import target
from tests.platforms.peer_google_alerts import ALERT, google_alerts
from tests.platforms.peers import platform
from tests.servers.google_alerts import GoogleAlerts

FEED = Path(__file__).parent.parent / "data/platforms/google_alerts_feed.xml"


@pytest.fixture
def server() -> Iterator[GoogleAlerts]:
    with GoogleAlerts() as running:
        yield running


def test_an_entry_becomes_the_page_it_leads_to(server: GoogleAlerts) -> None:
    server.answers = 200, FEED.read_bytes()
    blog, paper = google_alerts(server).listen("").found
    assert (
        paper.text
        == "De Lindebieb opent 's zondags & 's avonds\nVanaf december is de Lindebieb ook op zondag open ..."
    )
    assert paper.url == "https://www.buurtblad.example/nieuws/bieb?id=7&utm_source=x"
    assert paper.address == "https://buurtblad.example/nieuws/bieb?id=7"
    assert (paper.author.id, paper.author.name) == ("buurtblad.example", "buurtblad.example")
    assert paper.author.url == "https://www.buurtblad.example/"
    assert paper.posted_at == datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
    assert not paper.direct
    assert blog.url == "https://blog.example/lezen%20samen", "decoded once"


def test_two_alerts_of_one_page_are_one_mention(server: GoogleAlerts) -> None:
    server.find("Warm bread", "https://paper.example/bread?utm_source=alert")
    (one,) = google_alerts(server).listen("").found
    server.hits.clear()
    server.find("Our bread is warm", "https://paper.example/bread/?fbclid=3")
    (other,) = google_alerts(server, ALERT.replace("456", "789")).listen("").found
    assert one.id == other.id


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://www.google.com/url?url=https://a.example/%3Fq%3D1%2526", "https://a.example/?q=1%26"),
        ("https://www.google.com/url?q=http://a.example/b", "http://a.example/b"),
        ("https://www.google.co.uk/url?sa=t&url=https://a.example/", "https://a.example/"),
        ("https://www.google.com/url?url=javascript:alert(1)", ""),
        ("https://www.google.com/url?sa=t", ""),
        ("https://www.google.com/url", ""),
        ("https://google.evil.example/url?url=https://a.example/", ""),
        ("https://a.example/url?url=https://b.example/", ""),
        ("https://a.example/b", ""),
        ("", ""),
    ],
)
def test_only_googles_own_links_are_followed(link: str, page: str) -> None:
    """What has no page behind it stays as it is."""
    assert target(link) == (page or link)


def test_it_is_asked_four_times_an_hour_at_most(server: GoogleAlerts) -> None:
    server.find("Warm bread")
    assert google_alerts(server).listen("").wait == 15 * 60


def test_its_failures_have_their_words(server: GoogleAlerts) -> None:
    server.rests = {"Retry-After": "600"}
    with pytest.raises(RateLimited) as waits:
        google_alerts(server).listen("")
    assert waits.value.retry_after == 600
    server.rests = None
    for answer, error in (
        ((404, b""), Rejected),
        ((200, b"<html>Sorry"), Rejected),
        ((500, b""), Unavailable),
    ):
        server.answers = answer
        with pytest.raises(error):
            google_alerts(server).listen("")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://www.google.com/alerts",
        "https://feeds.example/alerts/feeds/1/2",
        "http://www.google.com/alerts/feeds/1/2",
    ],
)
def test_what_is_no_alert_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput, match="url"):
        platform("google_alerts", {"url": url}, {}, Http())
