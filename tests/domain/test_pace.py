"""How fast an account is asked, as rules: never more in any window than its network allows, whatever order
things come in; rest that was asked for; a circuit with one probe."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain.pace import (
    ALL,
    ASKED,
    DELETING,
    DOWN,
    HAND,
    HANDS,
    LEFT,
    OPEN,
    PROBE,
    STRIKES,
    TOO_OFTEN,
    Answered,
    Bucket,
    Limit,
    Pace,
    Wait,
    handed,
    heard,
    held,
    rested,
    taken,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
MASTODON = Limit(300, timedelta(minutes=5))
SECOND = timedelta(seconds=1)


def most_within(moments: Sequence[datetime], span: timedelta) -> int:
    """The most of these, in order, that lie in any time so long."""
    first, most = 0, 0
    for last, at in enumerate(moments):
        while at - moments[first] >= span:
            first += 1
        most = max(most, last - first + 1)
    return most


def asked(pace: Pace, limit: Limit | None, now: datetime, *, haste: bool = False) -> Pace | Wait:
    return taken(pace, limit, now, mark="a", haste=haste)


def let_through(pace: Pace, limit: Limit | None, now: datetime, *, haste: bool = False) -> Pace:
    after = asked(pace, limit, now, haste=haste)
    assert isinstance(after, Pace), after
    return after


def waits(pace: Pace, limit: Limit | None, now: datetime, *, haste: bool = False) -> Wait:
    wait = asked(pace, limit, now, haste=haste)
    assert isinstance(wait, Wait)
    return wait


limits = st.builds(Limit, st.integers(2, 400), st.integers(1, 7200).map(lambda s: timedelta(seconds=s)))


@settings(max_examples=200, deadline=None)
@given(limits, st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=120))
def test_in_any_window_no_more_leave_than_the_network_allows(
    limit: Limit, steps: list[tuple[float, bool]]
) -> None:
    """Bursts, waits and answers in any order; of each step as many as are let through."""
    pace, now, left = Pace(), NOW, []
    for part, haste in steps:
        now += part * limit.within / 3
        for _ in range(20):
            after = asked(pace, limit, now, haste=haste)
            if isinstance(after, Wait):
                assert after.until > now
                assert not isinstance(asked(pace, limit, after.until, haste=haste), Wait), "kept its word"
                break
            pace = after
            left.append(now)
    assert most_within(left, limit.within) <= limit.bucket.size * 2


@settings(max_examples=100, deadline=None)
@given(limits)
def test_bucket_and_hands_together_stay_within_the_limit(limit: Limit) -> None:
    hand = limit.hand
    assert 2 * limit.bucket.size + HANDS * 2 * (hand.size if hand else 0) <= limit.number
    assert limit.bucket.size >= 1
    assert 0 <= limit.reserve < limit.bucket.size


def test_so_many_hands_are_out_at_most_and_none_is_given_again_while_its_tokens_count() -> None:
    pace, now = Pace(), NOW
    for _ in range(HANDS):
        found = handed(pace, MASTODON, now)
        assert found
        pace, until = found
        assert until == NOW + HAND
    assert handed(pace, MASTODON, now) is None
    assert handed(pace, MASTODON, until) is None, "what it gave last still counts"
    assert handed(pace, MASTODON, until + MASTODON.within) is not None
    assert handed(Pace(), Limit(30, timedelta(minutes=1)), NOW) is None, "too few to share out"


def test_an_account_without_a_limit_costs_no_write() -> None:
    pace = Pace()
    assert asked(pace, None, NOW) is pace
    assert heard(pace, Answered(left=200, of=300, until=NOW + SECOND), NOW, mark=ALL, probe=False) is pace


def test_a_quarter_is_kept_for_what_a_person_waits_for() -> None:
    pace, calm = Pace(), 0
    while isinstance(after := asked(pace, MASTODON, NOW), Pace):
        pace, calm = after, calm + 1
    assert calm == 90
    assert waits(pace, MASTODON, NOW).why == "the network allows 300 requests in 300 s"
    for _ in range(MASTODON.reserve):
        pace = let_through(pace, MASTODON, NOW, haste=True)
    wait = waits(pace, MASTODON, NOW, haste=True)
    assert wait.until == NOW + MASTODON.bucket.step
    assert waits(pace, MASTODON, NOW).until > wait.until


def test_rest_that_was_asked_for_holds_for_everybody_and_is_never_shortened() -> None:
    pace = heard(Pace(), Answered(rest=120), NOW, mark=ALL, probe=False)
    pace = heard(pace, Answered(rest=30), NOW, mark=ALL, probe=False)
    for haste in (False, True):
        assert held(pace, NOW + 119 * SECOND, mark="b", haste=haste) == Wait(NOW + 120 * SECOND, ASKED)
    assert held(pace, NOW + 120 * SECOND, mark="b", haste=False) is None


def test_enough_deletions_stop_nothing_else_and_an_address_only_itself() -> None:
    pace = heard(Pace(), Answered(rest=1800), NOW, mark=DELETING, probe=False)
    pace = rested(pace, NOW, mark="a", seconds=600)
    assert held(pace, NOW, mark=DELETING, haste=True) == Wait(NOW + 1800 * SECOND, ASKED)
    assert held(pace, NOW, mark="a", haste=False) == Wait(NOW + 600 * SECOND, TOO_OFTEN)
    assert held(pace, NOW, mark="b", haste=False) is None
    later = rested(pace, NOW + 700 * SECOND, mark="c", seconds=1)
    assert set(later.rests) == {DELETING, "c"}, "what is over is forgotten"


def test_an_address_that_asked_for_rest_is_asked_by_one_alone_when_that_is_over() -> None:
    pace = rested(Pace(), NOW, mark="a", seconds=600)
    over = NOW + 600 * SECOND
    one = let_through(pace, None, over)
    assert waits(one, None, over) == Wait(over + PROBE, TOO_OFTEN)
    assert held(one, over, mark="b", haste=False) is None
    assert "a" not in heard(one, Answered(rest=5), over + PROBE, mark=ALL, probe=False).rests


def test_what_the_network_says_is_left_is_kept_for_answers() -> None:
    until = NOW + timedelta(minutes=3)
    pace = heard(Pace(), Answered(left=12, of=300, until=until), NOW, mark=ALL, probe=False)
    assert held(pace, NOW, mark="a", haste=False) == Wait(until, LEFT)
    for _ in range(12):
        pace = let_through(pace, MASTODON, NOW, haste=True)
    assert held(pace, NOW, mark="a", haste=True) == Wait(until, ASKED)
    told_late = heard(pace, Answered(left=5, of=300, until=until), NOW, mark=ALL, probe=False)
    assert told_late.left == 0, "an older answer that comes late gives nothing back"
    assert held(pace, until, mark="a", haste=False) is None


def struck(pace: Pace, times: int, now: datetime = NOW, *, probe: bool = False) -> Pace:
    for _ in range(times):
        pace = heard(pace, Answered(failed=True), now, mark=ALL, probe=probe)
    return pace


def test_the_circuit_opens_after_so_many_failures_in_a_row_and_lets_one_probe_through() -> None:
    pace = struck(Pace(), STRIKES - 1)
    pace = heard(pace, Answered(), NOW, mark=ALL, probe=False)
    pace = struck(pace, STRIKES - 1)
    assert held(pace, NOW, mark="a", haste=True) is None, "an answer in between"
    pace = struck(pace, 1)
    opens = NOW + OPEN[0]
    assert held(pace, NOW, mark="a", haste=True) == Wait(opens, DOWN)
    assert struck(pace, 5) is pace, "what was under way as it opened teaches nothing"
    probing = let_through(pace, None, opens)
    assert held(probing, opens, mark="a", haste=True) == Wait(opens + PROBE, DOWN), "one alone"
    assert held(probing, opens + PROBE, mark="a", haste=True) is None, "a probe that died is followed by one"
    closed = heard(probing, Answered(), opens, mark=ALL, probe=True)
    assert closed == Pace(rev=closed.rev)


def test_after_each_probe_in_vain_it_stays_open_longer_up_to_a_quarter_of_an_hour() -> None:
    pace, now, spans = struck(Pace(), STRIKES), NOW, []
    for _ in range(len(OPEN) + 1):
        assert pace.open_until
        spans.append(pace.open_until - now)
        now = pace.open_until
        pace = struck(let_through(pace, MASTODON, now), 1, now, probe=True)
    assert spans == [*OPEN, OPEN[-1]]


@given(
    st.integers(1, 50),
    st.integers(1, 3600),
    st.integers(0, 10**9).map(lambda us: timedelta(microseconds=us)),
)
def test_a_bucket_waits_rather_too_long(size: int, seconds: int, past: timedelta) -> None:
    """Its moments are whole milliseconds, as the table keeps them."""
    bucket = Bucket(size, timedelta(seconds=seconds))
    level = bucket.taken(None, NOW + past)
    assert level.microsecond % 1000 == 0
    assert level >= NOW + past + timedelta(seconds=seconds) / size


@pytest.mark.parametrize("rev", [0, 7])
def test_every_change_is_a_revision(rev: int) -> None:
    pace = Pace(rev=rev)
    assert let_through(pace, MASTODON, NOW).rev == rev + 1
    found = handed(pace, MASTODON, NOW)
    assert found
    assert found[0].rev == rev + 1
    assert struck(pace, 1) == replace(pace, rev=rev + 1, failures=1)
