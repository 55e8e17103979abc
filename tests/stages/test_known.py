"""From publication until somebody knows: how soon that is, of each source, by the clock of the story."""

from collections import Counter
from datetime import timedelta
from email.utils import format_datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.habit import Habit, habit
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.source import LIMITS, Awaited, SourceState
from chalicelib.stages import listen
from tests.harness.meter import Meter
from tests.harness.poller import Poller
from tests.harness.world import World
from tests.servers.feeds import Feeds, item, rss
from tests.stages.town import BRAND, COMPLAINT, HANDLERS, ZONE, Town
from tests.web.browser import Browser
from tests.web.checks import text_of

NEWS = MentionKey(BRAND, "feed", "https://blog.example/news")
DULL = "De Lindebieb heeft nieuwe stoelen."


def state(id: str) -> SourceState:
    return wiring.sources().get(BRAND, id)[1]


def known(id: str) -> Habit:
    return habit(state(id).meter, ZONE)


def begun(town: Town) -> None:
    """The feed is there, and was asked once."""
    town.feed("Er was al iets")
    town.settle(2)
    assert (known("news").told, state("news").awaited) == (0, ()), "what was there is of no delay"


def brings(town: Town, text: str, ago: int) -> None:
    """It was published so many minutes ago, and the next poll finds it."""
    date = format_datetime(town.now - timedelta(minutes=ago))
    town.feeds.publish("/news.xml", rss(item(NEWS.id, text, date=date)))
    town.wait(minutes=1)
    town.tick()


def only_polled(town: Town) -> tuple[Awaited, ...]:
    """What it waits for, when nothing but the poll was done."""
    Poller(town.world, {"poll": HANDLERS["poll"]}).drain()
    return state("news").awaited


def test_it_ends_when_the_verdict_is_there_and_not_when_we_had_it(town: Town) -> None:
    begun(town)
    brings(town, DULL, ago=3)
    (waits,) = only_polled(town)
    assert waits.posted_at < town.now
    town.wait(minutes=20)  # the queue stood still
    town.drain()
    assert known("news").told == 0
    town.settle(17)
    found = known("news")
    assert (found.told, found.median) == (1, 30), "24 minutes, of which 4 until we had it"
    assert state("news").awaited == ()


def test_where_it_rings_it_ends_when_colleagues_were_told(town: Town) -> None:
    begun(town)
    town.hear(COMPLAINT + " Nu alweer.", id="r-0")  # the bell rang a moment ago: what comes is gathered
    town.drain()
    brings(town, COMPLAINT, ago=1)
    town.drain()
    judged = wiring.mentions().judged_at(NEWS)
    assert judged is not None
    town.settle(20)
    notices, _ = wiring.notices().newest(BRAND)
    told = min(each.at for each in notices if any(case.platform == "feed" for case in each.cases))
    assert told - judged >= timedelta(minutes=5)
    delay = told - wiring.mentions().get(NEWS)[0].posted_at
    found = known("news")
    assert (found.told, found.median) == (1, next(n for n in LIMITS if delay <= timedelta(minutes=n)))


def test_what_nobody_was_told_of_within_a_day_counts_as_later_than_that(town: Town) -> None:
    begun(town)
    brings(town, DULL, ago=3)
    only_polled(town)
    town.wait(days=1, minutes=1)
    town.tick()
    only_polled(town)
    found = known("news")
    assert (found.told, found.median, state("news").awaited) == (1, None, ())


def test_a_source_that_calls_has_a_delay_too(town: Town, console: Browser) -> None:
    for n in range(3):
        town.hear(DULL, id=f"r-{n}", posted_at=(town.now - timedelta(minutes=7)).isoformat())
        town.drain()
        town.wait(minutes=16)
    found = known("reviews")
    assert (found.told, found.median) == (2, 10)
    page = text_of(console.get("/sources/reviews").body.decode())
    assert "half within 10 min of publication, 95 in 100 within 10 min" in page


def test_it_costs_no_write_more(aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
    def calls() -> Counter[str]:
        town = Town(aws.fresh(), feeds, monkeypatch)
        begun(town)
        brings(town, DULL, ago=3)
        with Meter() as meter:
            town.drain()
            town.settle(17)
        assert known("news").told == bool(listen.SAMPLE)
        return meter.calls

    with_it = calls()
    monkeypatch.setattr(listen, "SAMPLE", 0)
    without = calls()
    assert with_it - without == Counter({"dynamodb.GetItem": 2})
    assert not without - with_it
