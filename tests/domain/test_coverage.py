"""What a source brought beside what it usually brings; what was not counted is never shown as nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.coverage import coverage
from chalicelib.domain.rate import by_hour
from chalicelib.domain.source import TALLY_DAYS, SourceState, succeeded

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)


def polled(*days: int, until: datetime = NOW) -> SourceState:
    """A source that brought so much on each of these days, the last of them at `until`."""
    state = SourceState()
    for back, count in zip(range(len(days) - 1, -1, -1), days, strict=True):
        at = until - timedelta(days=back)
        state = succeeded(state, at, cursor="", seen=b"", heard=count > 0, counted=count)
    return state


def test_a_tally_has_a_day_for_each_day_and_forgets_the_oldest() -> None:
    state = polled(*range(80))
    assert state.tally == tuple(range(80 - TALLY_DAYS, 80))
    later = succeeded(state, NOW + timedelta(days=3), cursor="", seen=b"", heard=True, counted=7)
    assert later.tally[-4:] == (79, 0, 0, 7)
    assert len(later.tally) == TALLY_DAYS
    same = succeeded(later, NOW + timedelta(days=3, hours=1), cursor="c", seen=b"", heard=True, counted=2)
    assert same.tally[-1] == 9


def test_what_was_not_counted_is_unknown_and_not_nothing() -> None:
    found = coverage(polled(3, 0, 4), NOW)
    assert found.days == (None, None, None, None, 3, 0, 4)
    assert (found.week, found.week_days, found.month, found.month_days) == (7, 3, 7, 3)
    assert found.usual is None, "three days make no habit"
    assert coverage(SourceState(), NOW).days == (None,) * 7


def test_days_on_which_it_did_not_answer_are_unknown() -> None:
    state = polled(*[2] * 20, until=NOW - timedelta(days=3))
    assert coverage(state, NOW).days == (2, 2, 2, 2, None, None, None)


def test_what_is_usual_is_known_by_the_day_of_the_week() -> None:
    """As of a paper of weekdays: a dozen on each, and none at weekends."""
    days = [12 * ((NOW - timedelta(days=back)).weekday() < 5) for back in range(35, -1, -1)]
    found = coverage(polled(*days), NOW)
    assert found.usual == (12, 12, 12, 12, 12, 0, 0)
    assert found.usual
    assert found.expects
    assert found.expects[-1] == found.usual[NOW.weekday()]


def test_neither_a_storm_nor_an_unusual_silence_is_usual() -> None:
    storm = coverage(polled(*[5] * 20, 900, *[5] * 20), NOW).usual
    assert storm is not None
    assert max(storm) <= 8
    assert coverage(polled(*[4] * 20, 0, 0, 0, 0), NOW).usual == (4,) * 7


def test_what_is_expected_of_an_hour_is_the_days_share() -> None:
    week = [[0] * 8 + [100, 50] + [0] * 14] * 5 + [[0] * 24] * 2
    hours = by_hour((12,) * 5 + (0,) * 2, week)
    assert hours[0][7:11] == (0, 8, 4, 0)
    assert sum(hours[6]) == 0


@pytest.mark.parametrize(
    ("days", "quiet"),
    [
        ([4] * 20 + [0, 0, 0, 0], 3),
        ([4] * 20 + [0, 0], 0),
        ([4] * 20 + [0, 0, 0, 1], 0),
        ([0, 0, 0, 1] * 6 + [0, 0, 0, 0], 0),
        ([4] * 5 + [0] * 4, 0),
        ([0] * 28, 0),
    ],
)
def test_silence_is_named_only_where_it_is_unusual(days: list[int], quiet: int) -> None:
    assert coverage(polled(*days), NOW).quiet == quiet
