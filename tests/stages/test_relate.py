"""One list a brand and morning, made from seven o'clock on the brand's own wall."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.measuring import Following
from chalicelib.domain.outreach import Deed, DeedState
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Incomplete
from chalicelib.ports import Mentions
from chalicelib.stages import relate
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World
from tests.stages.november import BRAND, at, heard, library
from tests.stages.town import TICK

GLAD = Sentiment.POSITIVE
NOW = at("2026-11-23 06:30")
"""07:30 on a Monday."""


def run(now: datetime, mentions: Mentions | None = None) -> dict[str, int]:
    return relate.run(
        brands=wiring.brands(),
        mentions=mentions or wiring.mentions(),
        followings=wiring.followings(),
        mornings=wiring.mornings(),
        pulse=wiring.pulse(),
        now=now,
    )


@pytest.fixture
def town(aws: World) -> World:
    wiring.brands().put(library())
    wiring.followings().put(BRAND, Following(channel="wall", day="2026-11-22", followers=12, following=3))
    for n in range(2):
        heard(f"glad-{n}", NOW - timedelta(days=9 + n), GLAD, author="anna")
    heard("share", NOW - timedelta(days=1), GLAD, author="bram")
    heard("ask", NOW - timedelta(hours=2), author="cees", channel="", intents=("question",))
    heard("old", NOW - timedelta(days=31), GLAD, author="bram")
    return aws


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-23 05:59", ""),
        ("2026-11-23 06:00", "2026-11-23"),
        ("2026-11-23 22:59", "2026-11-23"),
        ("2026-11-22 23:30", ""),  # half past midnight
        ("2026-03-28 06:00", "2026-03-28"),  # the last winter morning
        ("2026-03-29 04:59", ""),
        ("2026-03-29 05:00", "2026-03-29"),  # the clock went forward in the night
        ("2026-10-25 05:59", ""),  # and back
        ("2026-10-25 06:00", "2026-10-25"),
    ],
)
def test_from_seven_oclock_where_the_brand_is(now: str, day: str, aws: World) -> None:
    wiring.brands().put(library())
    assert run(at(now)) == {"made": 1 if day else 0, "failed": 0}
    assert [one.day for one in wiring.mornings().between(BRAND, "2026-01-01", "2026-12-31")] == (
        [day] if day else []
    )


def test_the_list_is_made_from_the_table(town: World) -> None:
    assert run(NOW) == {"made": 1, "failed": 0}
    found = wiring.mornings().get(BRAND, "2026-11-23")
    assert found is not None
    assert [(one.deed, one.author) for one in found.outreach] == [
        (Deed.ANSWER, "cees"),
        (Deed.SHARE, "bram"),
        (Deed.FOLLOW, "anna"),
    ]
    assert found.outreach[0].text == "Dag @cees, goede vraag. {agent}", "signed by who places it"
    assert [fan.author for fan in found.fans] == ["anna"]
    assert found.withheld == ()


def test_every_hour_of_the_day_there_is_one_list(town: World) -> None:
    hours = [at("2026-11-22 23:00") + timedelta(hours=n) for n in range(24)]
    assert sum(run(hour)["made"] for hour in hours) == 1
    heard("later", NOW, GLAD, author="dora")
    tomorrow = NOW + timedelta(days=1)
    assert run(tomorrow)["made"] == 1
    found = wiring.mornings().get(BRAND, "2026-11-24")
    assert found is not None
    assert [(one.deed, one.author) for one in found.outreach] == [(Deed.SHARE, "dora")]


def test_whom_we_followed_is_not_suggested_again(aws: World) -> None:
    """However long they go on writing: the lists of the last month are not all that we know."""
    wiring.brands().put(library())
    suggested = []
    for day in range(0, 70, 2):
        now = NOW + timedelta(days=day)
        heard(f"glad-{day}", now - timedelta(hours=12), GLAD, author="anna")
        today = f"{now:%Y-%m-%d}"
        wiring.followings().put(BRAND, Following(channel="wall", day=today, followers=120, following=3))
        run(now)
        found = wiring.mornings().get(BRAND, today)
        assert found is not None
        suggested += [today for one in found.outreach if one.deed is Deed.FOLLOW]
        done = tuple(replace(one, state=DeedState.DONE, at=now) for one in found.outreach)
        wiring.mornings().change(replace(found, rev=found.rev + 1, outreach=done))
    assert suggested == ["2026-11-25"]


def test_a_morning_asks_once_a_day_of_the_month_and_a_little_more(town: World) -> None:
    """However many we followed, and however much a fan wrote."""
    run(NOW)
    long = "Wat een fijne plek om een hele middag te lezen. " * 3
    for n in range(60):
        heard(f"long-{n}", NOW - timedelta(hours=n), GLAD, author="anna", text=f"{long}{n}")
    found = wiring.mornings().get(BRAND, "2026-11-23")
    assert found is not None
    one = found.outreach[-1]
    for n in range(300):
        followed = (replace(one, deed=Deed.FOLLOW, author=f"p{n}", state=DeedState.DONE, at=NOW),)
        wiring.mornings().change(replace(found, rev=found.rev + 1 + n, outreach=followed))
    with Points("none", 0) as points:
        assert run(NOW + timedelta(days=1))["made"] == 1
    asked = Counter(points.names)
    assert asked["BatchGetItem"] == 1
    assert asked["Query"] <= 31 + 3, "the days; whom we followed, the lists, the counts of followers"
    assert asked.total() <= 31 + 10


def test_a_count_of_last_month_says_nothing_of_today(aws: World) -> None:
    wiring.brands().put(library())
    wiring.followings().put(BRAND, Following(channel="wall", day="2026-10-20", followers=12, following=3))
    run(NOW)
    found = wiring.mornings().get(BRAND, "2026-11-23")
    assert found is not None
    assert found.withheld == ("wall",)


def test_while_the_count_is_old_its_own_suggestions_are_reckoned_with(aws: World) -> None:
    """Counted once, four mornings, each list done: at the end we follow as many as follow us."""
    wiring.brands().put(library())
    for name in ("anna", "bram", "cor", "dirk"):
        for day in (18, 19):
            heard(f"{name}-{day}", at(f"2026-11-{day} 10:00"), GLAD, author=name)
    wiring.followings().put(BRAND, Following(channel="wall", day="2026-11-20", followers=10, following=9))
    followed, withheld = [], []
    for day in (20, 21, 22, 23):
        now = at(f"2026-11-{day} 07:00")
        run(now)
        found = wiring.mornings().get(BRAND, f"2026-11-{day}")
        assert found is not None
        followed += [one.author for one in found.outreach if one.deed is Deed.FOLLOW]
        withheld.append(found.withheld)
        done = tuple(replace(one, state=DeedState.DONE, at=now) for one in found.outreach)
        wiring.mornings().change(replace(found, rev=found.rev + 1, outreach=done))
    assert followed == ["anna"]
    assert withheld == [(), ("wall",), ("wall",), ("wall",)]


def test_in_a_storm_the_newest_are_looked_at(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relate, "MOST", 2)
    monkeypatch.setattr(relate, "PAGE", 1)
    run(NOW)
    found = wiring.mornings().get(BRAND, "2026-11-23")
    assert found is not None
    assert [one.author for one in found.outreach] == ["cees", "bram"]


def test_every_page_of_a_day_is_read(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relate, "PAGE", 1)
    heard("share-too", NOW - timedelta(days=1, minutes=1), GLAD, author="dora")
    run(NOW)
    found = wiring.mornings().get(BRAND, "2026-11-23")
    assert found is not None
    assert [one.author for one in found.outreach] == ["cees", "bram", "anna", "dora"]


def test_a_brand_that_fails_stops_no_other(town: World) -> None:
    wiring.brands().put(library(id="aaa-first", name="Eerste"))

    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(wiring.mentions(), name)

        def day(self, brand: str, *rest: Any, **more: Any) -> Any:
            if brand == "aaa-first":
                raise RuntimeError("made by a test")
            return wiring.mentions().day(brand, *rest, **more)

    broken: Any = Broken()
    assert run(NOW, broken) == {"made": 1, "failed": 1}
    assert wiring.mornings().get(BRAND, "2026-11-23")
    assert wiring.pulse().failures("aaa-first")["2026-11-23"].reason == "a fault of ours: RuntimeError"
    assert wiring.pulse().failures(BRAND) == {}
    assert run(NOW) == {"made": 1, "failed": 0}


def test_the_call_fails_where_a_list_could_not_be_made(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("made by a test")

    monkeypatch.setattr(relate, "choose", broken)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    with pytest.raises(Incomplete):
        app.relate_to_people(TICK, Context())


def test_of_two_at_once_one_list_is_kept(town: World) -> None:
    inner: list[dict[str, int]] = []

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(wiring.mentions(), name)

        def get_many(self, keys: Any) -> Any:
            inner.append(run(NOW))
            heard("meanwhile", NOW, GLAD, author="zoe")
            return wiring.mentions().get_many(keys)

    slow: Any = Slow()
    assert run(NOW, slow) == {"made": 0, "failed": 0}
    assert inner == [{"made": 1, "failed": 0}]


@pytest.mark.crash
def test_broken_off_anywhere_there_is_one_list(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relate, "WINDOW", timedelta(days=2))  # fewer days to break off at

    def fresh() -> World:
        world = aws.fresh()
        wiring.brands().put(library())
        heard("share", NOW - timedelta(days=1), GLAD, author="bram")
        return world

    def redeliver(world: World) -> None:
        run(NOW + timedelta(hours=1))

    for mode, k, _ in every_crash(fresh, lambda world, points: run(NOW), redeliver):
        (found,) = wiring.mornings().between(BRAND, "2026-11-01", "2026-11-30")
        assert [one.author for one in found.outreach] == ["bram"], f"{mode} call {k}"
