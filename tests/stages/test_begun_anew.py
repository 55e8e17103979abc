"""A source of another address, or that goes on after a pause, floods nobody: what is there is history."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.source import Meter
from tests.servers.feeds import item, rss
from tests.stages.town import BRAND, Town
from tests.web.browser import Browser
from tests.web.test_brand import mark

ANGRY = "Lindebieb, slechte service, ik ben boos, geen antwoord op bericht"


def items(town: Town, tag: str, count: int, *, dated: bool = True, step: timedelta) -> bytes:
    dates = [format_datetime(town.now - step * (n + 1)) if dated else "" for n in range(count)]
    return rss(
        *(item(f"https://{tag}.example/{n}", f"{ANGRY} {tag}{n}", date=at) for n, at in enumerate(dates))
    )


@pytest.fixture
def old(town: Town) -> str:
    """A feed that has been listened to for months, and brought history only; its address. The clock stays
    where it is, as a feed's reader goes by that of the machine."""
    url = town.feeds.publish("/a.xml", items(town, "a", 3, step=timedelta(days=2)))
    town.source("news", "feed", {"url": url}, interval=1)
    town.settle(3)
    assert town.cases() == []
    source, state = wiring.sources().get(BRAND, "news")
    wiring.sources().put(replace(source, connected_at=town.now - timedelta(days=90)))
    hour = int(town.now.timestamp()) // 3600
    long = Meter(began=hour - 24 * 90, until=hour, at=hour)
    wiring.sources().set_state(source, state, replace(state, rev=state.rev + 1, meter=long))
    return url


def change(console: Browser, do: str, **given: str) -> str:
    seen = mark(console, "/sources/news")
    answer = console.post("/sources/news", {"do": do, "mark": seen, **given})
    assert answer.status_code == 303
    return console.get(answer.headers["Location"].removeprefix("/api")).body.decode()


@pytest.mark.parametrize("dated", [True, False])
def test_what_is_there_at_another_address_is_history(
    town: Town, console: Browser, old: str, dated: bool
) -> None:
    other = town.feeds.publish("/b.xml", items(town, "b", 20, dated=dated, step=timedelta(hours=12)))
    change(console, "save", name="News", url=other, watched="yes", interval="1")
    town.settle(4)
    assert len(town.mentions()) == 23
    assert town.cases() == []

    body = items(town, "b", 20, dated=dated, step=timedelta(hours=12))
    new = item("https://b.example/new", f"{ANGRY} nieuw", date=format_datetime(town.now) if dated else "")
    town.feeds.publish("/b.xml", body.replace(b"<item>", new.encode() + b"<item>", 1))
    town.settle(3)
    assert "nieuw" in town.case().title


@pytest.mark.parametrize(("do", "work"), [("resume", False), ("catch-up", True)])
def test_after_a_pause_a_person_says_what_becomes_of_what_came_in_it(
    town: Town, console: Browser, old: str, do: str, work: bool
) -> None:
    change(console, "pause")
    town.settle(2)
    town.feeds.publish("/a.xml", items(town, "x", 5, step=timedelta(days=1)))
    change(console, do)
    town.settle(4)
    assert len(town.mentions()) == 8
    assert bool(town.cases()) is work


def test_what_was_there_before_is_counted_and_opens_no_case_though_it_came_since(
    town: Town, console: Browser, old: str
) -> None:
    """Also what a feed had and let go while we listened."""
    missed = items(town, "gemist", 4, step=timedelta(hours=1))
    older = town.feeds.publish("/older.xml", missed)
    newest = rss(channel=f'<title>A</title><atom:link rel="next" href="{older}"/>')
    newest = newest.replace(b"<rss ", b'<rss xmlns:atom="http://www.w3.org/2005/Atom" ', 1)
    town.feeds.publish("/a.xml", newest)
    change(console, "save", name="News", url=old, watched="yes", interval="1", backfill="yes")
    town.settle(5)
    assert len(town.mentions()) == 7
    assert town.cases() == []


def test_an_address_that_is_changed_forgets_the_habit_of_what_was_there(
    town: Town, console: Browser, old: str
) -> None:
    before = wiring.sources().get(BRAND, "news")[1]
    other = town.feeds.publish("/b.xml", items(town, "b", 2, step=timedelta(hours=12)))
    change(console, "save", name="News", url=other, watched="yes", interval="1")
    town.settle(2)
    after = wiring.sources().get(BRAND, "news")[1]
    assert before.meter
    assert after.meter
    assert after.meter.began > before.meter.began
