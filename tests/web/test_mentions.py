"""The timeline: the brand's days, filters that are an address, and nothing skipped or shown twice."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from chalicelib.domain.verdict import Sentiment
from chalicelib.web.pages.mentions import QUIET, READS
from tests.web.browser import Browser
from tests.web.checks import text_of
from tests.web.world import NOW, World

OLDER = re.compile(r'rel="next" href="([^"]+)"')


@pytest.mark.parametrize(
    ("filters", "authors"),
    [
        ({}, {"stadslezer", "fietst.altijd", "Veldermeerse Bode", "regenjas42", "leest.in.bad"}),
        ({"label": "negative"}, {"regenjas42"}),
        ({"platform": "feed"}, {"Veldermeerse Bode", "weekendkrant.veld"}),
        ({"language": "en"}, {"leest.in.bad"}),
        ({"watch": "naam", "label": "positive"}, {"leest.in.bad"}),
        ({"watch": "anders"}, set()),
        ({"day": "2026-11-21"}, {"weekendkrant.veld", "juf.op.klompen"}),
        ({"day": "2020-01-01"}, set()),
    ],
)
def test_filters_are_an_address(browser: Browser, filters: dict[str, str], authors: set[str]) -> None:
    page = text_of(browser.get(f"/mentions?{urlencode(filters)}").body.decode())
    everyone = {"stadslezer", "fietst.altijd", "regenjas42", "leest.in.bad", "weekendkrant.veld"}
    for author in authors:
        assert author in page
    for author in everyone - authors if filters else ():
        assert author not in page


@pytest.mark.parametrize(
    "asked",
    [
        "day=x",
        "day=0001-01-01",
        "day=9999-12-31",
        "from=0001-01-01~",
        "from=x~",
        "from=2026-11-22~x",
        "from=2026-11-22~%23%23",
        "from=2026-11-22~zz%23mastodon%23",
        "from=2026-11-22~zz%23NOT%231",
    ],
)
def test_an_address_that_no_page_of_ours_gave_is_refused_in_plain_words(browser: Browser, asked: str) -> None:
    assert browser.get(f"/mentions?{asked}").status_code == 400


def test_days_are_the_brands_and_not_those_of_the_table(browser: Browser, world: World) -> None:
    """Half past midnight in the library is the day before in UTC."""
    world.heard("n", "Nachtbraker", Sentiment.NEUTRAL, when=NOW.replace(day=22, hour=23, minute=30))
    page = text_of(browser.get("/mentions").body.decode())
    assert page.index("Maandag 23 november") < page.index("Nachtbraker") < page.index("Zondag 22 november")
    assert "Nachtbraker" not in browser.get("/mentions?day=2026-11-22").body.decode()


@pytest.mark.parametrize("filters", ["", "?label=neutral"])
def test_walking_back_shows_every_mention_once(browser: Browser, world: World, filters: str) -> None:
    world.mentions.kept.clear()
    expected = []
    for i in range(173):
        when = NOW - timedelta(minutes=37 * i)
        mood = Sentiment.NEUTRAL if i % 3 or not filters else Sentiment.POSITIVE
        world.heard(f"m{i}", f"bericht-{i}.", mood, when=when)
        if mood is Sentiment.NEUTRAL:
            expected.append(f"bericht-{i}.")
    seen: list[str] = []
    path = f"/mentions{filters}"
    for _ in range(20):
        page = browser.get(path).body.decode()
        seen += re.findall(r"bericht-\d+\.", text_of(page))
        if len(seen) >= len(expected):
            break
        found = OLDER.search(page)
        assert found
        path = found[1].replace("&amp;", "&")
    assert seen == expected


def test_a_verdict_shows_its_reasons(browser: Browser) -> None:
    browser.language = "en"
    page = text_of(browser.get("/mentions?label=negative").body.decode())
    for reason in (
        "Derde keer, er niets staat, krijg ik een bandje.",
        "High:",
        "Complaint",
        "Uitlening",
        "lexicon-1",
    ):
        assert reason in page


@pytest.mark.parametrize(("day", "pages"), [("2020-01-01", 2), ("2026-11-23", 3)])
def test_the_way_back_ends_where_nothing_was_heard_for_a_month(
    browser: Browser, day: str, pages: int
) -> None:
    path, seen = f"/mentions?day={day}", 0
    while path and seen < 10:
        page = browser.get(path).body.decode()
        found = OLDER.search(page)
        path, seen = found[1].replace("&amp;", "&") if found else "", seen + 1
    assert seen <= pages
    assert "In de 31 dagen ervoor was er geen vermelding." in text_of(page)


def test_a_quiet_month_hides_nothing_that_came_before(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    world.heard("o", "Lang geleden", Sentiment.NEUTRAL, when=NOW - timedelta(days=READS + QUIET - 1))
    first = browser.get("/mentions").body.decode()
    found = OLDER.search(first)
    assert found
    assert "Lang geleden" in browser.get(found[1].replace("&amp;", "&")).body.decode()
