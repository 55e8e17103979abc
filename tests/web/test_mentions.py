"""The timeline: the brand's days, filters that are an address, and nothing skipped or shown twice."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.domain.source import Source, SourceState, failed, stopped, succeeded
from chalicelib.domain.verdict import Sentiment
from chalicelib.web.pages.mentions import IN_VAIN, QUIET, ROWS, THROUGH
from tests.web.browser import Browser
from tests.web.checks import faults, text_of
from tests.web.world import BRAND, NOW, World

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
        "from=2026-11-22.x~",
        "from=2026-11-22.400~",
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


def walk(browser: Browser, path: str) -> Iterator[str]:
    """The page, and those that it leads back to."""
    while path:
        page = browser.get(path).body.decode()
        yield page
        found = OLDER.search(page)
        path = found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("day", ["2020-01-01", "2026-11-23"])
def test_the_way_back_ends_where_nothing_was_heard_for_a_month(browser: Browser, day: str) -> None:
    *before, last = islice(walk(browser, f"/mentions?day={day}"), QUIET)
    assert len(before) <= QUIET / IN_VAIN + 3
    assert "In de 31 dagen ervoor was er geen vermelding." in text_of(last)
    for page in before:
        assert "geen vermelding." not in text_of(page)


def test_a_quiet_month_hides_nothing_that_came_before(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    world.heard("o", "Lang geleden", Sentiment.NEUTRAL, when=NOW - timedelta(days=QUIET - 1))
    assert any("Lang geleden" in page for page in islice(walk(browser, "/mentions"), QUIET))


@pytest.mark.parametrize("filters", ["label=mixed", "author=niemand", "platform=feed", "watch=anders"])
def test_a_filter_that_finds_nothing_looks_at_little_and_says_how_far(
    browser: Browser, world: World, filters: str
) -> None:
    browser.language = "en"
    world.mentions.kept.clear()
    for number in range(THROUGH + 60):
        world.heard(f"m{number}", "Druk.", Sentiment.NEUTRAL, when=NOW - timedelta(seconds=number))
    world.mentions.looks = 0
    pages = list(islice(walk(browser, f"/mentions?{filters}"), 3))
    assert world.mentions.looks <= 1 + 1 + IN_VAIN
    first, second, third = map(text_of, pages)
    assert "No mentions with this filter here" in first
    assert "We looked back to 08:55, and not yet further." in first
    assert "We looked back to Mon 23 November 01:00" in second or "We looked back to 01:00" in second
    assert "Look further back" in third
    assert "Nothing earlier" not in first + second + third


def test_a_day_that_ends_before_that_of_the_table_begins_at_its_end(browser: Browser, world: World) -> None:
    """The library's Sunday ends at 23:00 UTC; what a busy hour brought after that is not read over."""
    world.mentions.kept.clear()
    midnight = NOW.replace(hour=0, minute=0)
    for number in range(3 * ROWS):
        world.heard(f"n{number}", "Nacht", Sentiment.NEUTRAL, when=midnight - timedelta(seconds=number + 1))
    world.heard("z", "Zondag gehoord", Sentiment.NEUTRAL, when=midnight - timedelta(hours=2))
    page = browser.get("/mentions?day=2026-11-22").body.decode()
    assert "Zondag gehoord" in page
    assert "Nacht" not in page


def test_the_first_day_asked_for_alone_ends_the_way_back(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    world.heard("o", "Lang geleden", Sentiment.NEUTRAL, when=NOW - timedelta(days=50))
    pages = list(islice(walk(browser, "/mentions?since=2026-09-01"), 60))
    assert any("Lang geleden" in page for page in pages)
    assert len(pages) < 60, "and it does end"
    assert "Lang geleden" in browser.get("/mentions?since=2026-09-01&as=json").body.decode()


def test_where_a_quiet_month_ends_it_a_page_says_so_and_leads_on(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    world.heard("n", "Zojuist", Sentiment.NEUTRAL, when=NOW)
    world.heard("o", "Lang geleden", Sentiment.NEUTRAL, when=NOW - timedelta(days=40))
    *_, last = islice(walk(browser, "/mentions"), QUIET)
    assert "In de 31 dagen ervoor was er geen vermelding." in text_of(last)
    further = re.search(r'href="(/mentions\?day=[0-9-]+)"', last)
    assert further
    assert any("Lang geleden" in page for page in islice(walk(browser, further[1]), QUIET))


def test_a_file_counts_quiet_days_by_what_was_said_not_by_what_fits(browser: Browser, world: World) -> None:
    world.mentions.kept.clear()
    for day in range(50):
        mood = Sentiment.POSITIVE if day in (0, 45) else Sentiment.NEUTRAL
        world.heard(f"d{day}", f"Bericht {day}.", mood, when=NOW - timedelta(days=day))
    file = browser.get("/mentions?label=positive&as=json").body.decode()
    assert ("Bericht 0." in file, "Bericht 45." in file) == (True, True)


@pytest.mark.parametrize(("apart", "looks"), [(0.1, 1), (5, 2), (24, 2), (600, 4)])
def test_just_after_midnight_a_busy_brand_is_shown_what_there_is(
    browser: Browser, world: World, apart: float, looks: int
) -> None:
    """With many a day yesterday's are behind the link; with few a page goes on to them."""
    world.mentions.kept.clear()
    world.now = NOW.replace(hour=0, minute=10)
    for number in range(60):
        when = world.now - timedelta(minutes=apart * number + 1)
        world.heard(f"n{number}", f"Bericht {number}.", Sentiment.NEUTRAL, when=when)
    world.mentions.looks = 0
    page = browser.get("/mentions").body.decode()
    assert world.mentions.looks == looks
    assert "Bericht 0." in page
    assert OLDER.search(page)


PAPER = Source(
    brand=BRAND.id,
    id="krant",
    platform="feed",
    name="De krant",
    settings={"url": "https://krant.example/feed"},
    connected_at=NOW - timedelta(days=40),
)


def fails() -> SourceState:
    return failed(SourceState(), NOW - timedelta(hours=5), "answered 404", 5)


def silent() -> SourceState:
    state = SourceState()
    for day in range(39):
        at = NOW - timedelta(days=39 - day)
        state = succeeded(state, at, cursor="", seen=b"", heard=day < 30, counted=4 * (day < 30))
    return succeeded(state, NOW, cursor="", seen=b"", heard=False)


def out_of_money() -> SourceState:
    state = succeeded(SourceState(), NOW, cursor="", seen=b"", heard=True)
    return stopped(state, NOW, "brand", NOW + timedelta(days=7))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (fails(), "De krantMislukt sinds"),
        (silent(), "De krantStil: bereikbaar"),
        (out_of_money(), "De krantGestopt: het budget"),
    ],
    ids=["fails", "silent", "stopped"],
)
@pytest.mark.parametrize("address", ["/mentions?day=2020-01-01", "/mentions?label=negative&author=nobody"])
def test_where_nothing_is_shown_it_is_said_which_sources_are_not_heard(
    browser: Browser, world: World, state: SourceState, said: str, address: str
) -> None:
    well = succeeded(SourceState(), NOW, cursor="", seen=b"", heard=True)
    world.sources.kept[:] = [(PAPER, state), (replace(PAPER, id="goed", name="Luistert wel"), well)]
    page = browser.get(address).body.decode()
    assert faults(page) == []
    assert said in text_of(page)
    assert 'href="/sources/krant"' in page
    assert "Luistert wel" not in page
    world.sources.kept[:] = [(PAPER, well)]
    assert "De krant" not in browser.get(address).body.decode()


def test_an_empty_page_asks_no_more_than_three_times(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    world.mentions.kept.clear()
    for of, name in ((world.mentions, "look"), (world.mentions, "get_many"), (world.sources, "of")):
        there = getattr(of, name)

        def counted(*args: object, there: Any = there, **kwargs: object) -> Any:
            asked.append(there)
            return there(*args, **kwargs)

        monkeypatch.setattr(of, name, counted)
    browser.get("/mentions")
    assert len(asked) == 3
