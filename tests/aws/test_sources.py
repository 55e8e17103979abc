"""What `ports.Sources` promises."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from chalicelib.aws.table.audit import Audit
from chalicelib.aws.table.sources import Sources
from chalicelib.domain.audit import line
from chalicelib.domain.source import (
    HABIT_DAYS,
    HABIT_HOURS,
    OUTAGES,
    Listed,
    Meter as Metered,
    SourceState,
    failed,
    succeeded,
)
from chalicelib.errors import Conflict, NotFound
from tests.aws.people import source
from tests.conftest import NOW
from tests.harness.meter import Meter
from tests.harness.world import World

BEFORE = SourceState()
BUSY = Metered(
    began=470_000,
    at=490_000,
    until=490_100,
    hours=Random(1).getrandbits(HABIT_HOURS),
    days=Random(2).getrandbits(HABIT_DAYS),
    delays=tuple(range(200, 212)),
    faults=tuple(range(248, 255)),
)
"""Of a source whose hours and days nothing can make shorter."""


def mended(state: SourceState, since: datetime, until: datetime) -> SourceState:
    broken = failed(state, since, "answered 500", interval=5)
    return succeeded(broken, until, cursor=state.cursor, seen=state.seen, heard=False)


def test_gives_back_what_it_was_given(sources: Sources) -> None:
    given = source(interval=60, channel="wall", watched=False, settings={})
    sources.put(given)
    assert sources.get("lindebieb", "news") == (given, SourceState())
    with pytest.raises(NotFound, match="lindebieb/none"):
        sources.get("lindebieb", "none")


@pytest.mark.parametrize(
    "after",
    [
        succeeded(BEFORE, NOW, cursor='{"etag":"x"}', seen=b"\x00\xff" * 160, heard=True),
        succeeded(BEFORE, NOW, cursor="", seen=b"", heard=False, wait=90),
        failed(BEFORE, NOW, "answered 500", interval=5),
        mended(BEFORE, NOW - timedelta(hours=30), NOW),
        failed(failed(BEFORE, NOW, "x", 5), NOW + timedelta(minutes=5), "y", 5, retry_after=7200),
    ],
)
def test_keeps_what_polling_brought(sources: Sources, after: SourceState) -> None:
    sources.put(source())
    assert sources.set_state(source(), BEFORE, after)
    assert sources.get("lindebieb", "news") == (source(), after)


@pytest.mark.parametrize("days", [2, 40])
def test_outages_are_remembered_within_one_write_unit(aws: World, sources: Sources, days: int) -> None:
    """With the ids of a page of forty, and addresses as long as they are."""
    where = source(settings={"url": "https://www.regionaaldagblad.example/feeds/veldermeer-en-omgeving.rss"})
    sources.put(where)
    state = succeeded(BEFORE, NOW, cursor='{"etag":"33a64df551425fcc"}', seen=b"12345678" * 40, heard=True)
    for n in range(days):
        began = NOW + timedelta(days=n)
        state = mended(state, began, began + timedelta(hours=1 + n % 20))
    assert len(state.outages) == min(days, OUTAGES)
    state = replace(state, tally=tuple(range(100, 129)), meter=BUSY, hour=496_000, in_hour=299)
    with Meter() as meter:
        assert sources.set_state(where, BEFORE, state)
    assert [number for (price, _), number in meter.units.items() if price == "write_unit"] == [1]
    assert sources.get("lindebieb", "news")[1] == state


def test_of_texts_that_may_be_bait_as_many_are_kept_as_a_write_unit_has_room_for(
    aws: World, sources: Sources
) -> None:
    sources.put(source())
    state = succeeded(BEFORE, NOW, cursor="c", seen=b"12345678" * 40, heard=True, came=7)
    state = replace(state, tally=tuple(range(100, 129)), meter=BUSY, like=bytes(range(192)) * 3)
    with Meter() as meter:
        assert sources.set_state(source(), BEFORE, state)
    assert [number for (price, _), number in meter.units.items() if price == "write_unit"] == [1]
    after = sources.get("lindebieb", "news")[1]
    assert after == replace(state, like=after.like)
    assert after.like == state.like[-len(after.like) :]
    assert len(after.like) >= 12 * 8


def test_setting_it_up_anew_leaves_its_state(sources: Sources) -> None:
    sources.put(source())
    after = succeeded(BEFORE, NOW, cursor="c", seen=b"12345678", heard=True)
    sources.set_state(source(), BEFORE, after)
    sources.put(source(name="Anders", interval=15))
    assert sources.get("lindebieb", "news") == (source(name="Anders", interval=15), after)


def test_r4_of_two_pollers_the_second_does_not_write(sources: Sources) -> None:
    sources.put(source())
    first = succeeded(BEFORE, NOW, cursor="first", seen=b"", heard=True)
    second = succeeded(BEFORE, NOW, cursor="second", seen=b"", heard=True)
    assert sources.set_state(source(), BEFORE, first)
    assert not sources.set_state(source(), BEFORE, second)
    third = succeeded(first, NOW, cursor="third", seen=b"", heard=True)
    assert sources.set_state(source(), first, third)
    assert not sources.set_state(source(), first, second)
    assert sources.get("lindebieb", "news")[1] == third


def test_a_source_that_was_removed_is_not_brought_back_by_its_poller(sources: Sources) -> None:
    assert not sources.set_state(source(), BEFORE, failed(BEFORE, NOW, "gone", 5))
    with pytest.raises(NotFound):
        sources.get("lindebieb", "news")


def test_lists_what_is_polled_and_until_when_it_rests(sources: Sources) -> None:
    sources.put(source("a", interval=5))
    sources.put(source("b", interval=60, brand="elders"))
    sources.put(source("hook", interval=0))
    resting = failed(failed(BEFORE, NOW, "x", 60), NOW, "x", 60)
    sources.set_state(source("b", brand="elders"), BEFORE, resting)
    assert sorted(sources.listed(), key=str) == [
        Listed("elders", "b", 60, NOW + timedelta(minutes=60)),
        Listed("lindebieb", "a", 5, None),
    ]


def test_of_a_brand_are_those_that_call_us_too_and_nobody_elses(sources: Sources) -> None:
    for given in (source("b"), source("a"), source("hook", interval=0), source("x", brand="lindebieb-2")):
        sources.put(given)
    assert [found.id for found, _ in sources.of("lindebieb")] == ["a", "b", "hook"]


def test_the_last_tick_never_moves_back(sources: Sources) -> None:
    assert sources.last_tick() is None
    sources.set_last_tick(NOW)
    sources.set_last_tick(NOW - timedelta(minutes=1))
    assert sources.last_tick() == NOW
    sources.set_last_tick(NOW + timedelta(minutes=1))
    assert sources.last_tick() == NOW + timedelta(minutes=1)


def test_a_source_is_added_once_changed_by_one_and_removed(sources: Sources, audit: Audit) -> None:
    added = line("lindebieb", NOW, "r1", "source.add", of="news")
    sources.add(source(), added)
    with pytest.raises(Conflict):
        sources.add(source(name="Anders"))
    polled = succeeded(BEFORE, NOW, cursor="c", seen=b"12345678", heard=True, counted=3)
    assert sources.set_state(source(), BEFORE, polled)
    sources.change(source(name="Krant"), source())
    with pytest.raises(Conflict):
        sources.change(source(name="Blad"), source())
    assert sources.get("lindebieb", "news") == (source(name="Krant"), polled)

    sources.remove(source(name="Krant"))

    assert sources.of("lindebieb") == [] == sources.listed()
    with pytest.raises(NotFound):
        sources.get("lindebieb", "news")
    assert not sources.set_state(source(name="Krant"), polled, failed(polled, NOW, "x", 5))
    with pytest.raises(Conflict):
        sources.change(source(), source(name="Krant"))
    assert audit.month("lindebieb", "2026-11")[0] == [added]


def test_a_source_that_comes_back_begins_anew(sources: Sources) -> None:
    sources.add(source())
    sources.set_state(
        source(), BEFORE, succeeded(BEFORE, NOW, cursor="c", seen=b"12345678", heard=True, counted=1)
    )
    sources.remove(source())
    sources.add(source(interval=9))
    assert sources.get("lindebieb", "news") == (source(interval=9), SourceState())
    assert [each.source for each in sources.listed()] == ["news"]


def test_a_paused_source_is_listed_and_not_polled_and_goes_on_at_its_own_interval(sources: Sources) -> None:
    sources.put(source(interval=7))
    paused = source(interval=7, paused=True)
    sources.change(paused, source(interval=7))
    assert sources.listed() == []
    assert [found for found, _ in sources.of("lindebieb")] == [paused]
    sources.change(source(interval=7), paused)
    assert [each.interval for each in sources.listed()] == [7]
