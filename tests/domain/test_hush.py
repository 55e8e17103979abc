"""Silence beyond a source's own habit: on which day each kind of source is noticed, and that none is told of
in a year in which nothing is wrong.

The habits are invented, by the clock of the wall in Amsterdam, and polled as the tick polls: every hour here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.habit import habit
from chalicelib.domain.holidays import public_days
from chalicelib.domain.hush import FAILING, FAILS, FEW, NOTHING, SILENT, UNASKED, WAITS, hush, read
from chalicelib.domain.pace import ASKED, TOO_OFTEN
from chalicelib.domain.source import Source, SourceState, called, continued, failed, succeeded, waiting

ZONE = "Europe/Amsterdam"
THERE = ZoneInfo(ZONE)
START = datetime(2025, 11, 3, tzinfo=UTC)
LEARNT = START + timedelta(weeks=10)
YEAR = LEARNT + timedelta(days=365)
CLOSED = frozenset(public_days("NL"))
SOURCE = Source(brand="b", id="s", platform="feed", name="S", connected_at=START)

Brings = Callable[[datetime, Random], int]
"""How much comes in the hour that begins then, on the clock of the wall."""


def poisson(mean: float, random: Random) -> int:
    count, at = 0, random.expovariate(1) if mean else 1
    while at < mean:
        count, at = count + 1, at + random.expovariate(1)
    return count


def weekday_paper(at: datetime, random: Random) -> int:
    """A dozen articles a working day; none at weekends and on public holidays."""
    works = at.weekday() < 5 and at.date() not in CLOSED
    return poisson(1.2, random) if works and 6 <= at.hour < 17 else 0


def hourly_forum(at: datetime, random: Random) -> int:
    return poisson(0.3 if 1 <= at.hour < 7 else 2.0, random)


def night_quiet_shop(at: datetime, random: Random) -> int:
    """Reviews while people are awake, fewer on Sundays; closed on public holidays."""
    if at.date() in CLOSED:
        return 0
    return poisson(0.5 if at.weekday() == 6 else 1.0, random) if 9 <= at.hour < 22 else 0


def weekly_column(at: datetime, random: Random) -> int:
    return int(at.weekday() == 3 and at.hour == 8)


def now_and_then(at: datetime, random: Random) -> int:
    """By chance, twice a week."""
    return poisson(2 / 168, random)


def monthly_blog() -> Brings:
    """Every thirty days, up to five sooner or later."""
    due: list[datetime] = []

    def brings(at: datetime, random: Random) -> int:
        if not due:
            due.append(at + timedelta(days=random.randint(1, 30)))
        if at < due[-1]:
            return 0
        due.append(due[-1] + timedelta(days=30 + random.randint(-5, 5)))
        return 1

    return brings


HABITS: dict[str, Callable[[], Brings]] = {
    "weekday paper": lambda: weekday_paper,
    "monthly blog": monthly_blog,
    "hourly forum": lambda: hourly_forum,
    "night-quiet shop": lambda: night_quiet_shop,
    "weekly column": lambda: weekly_column,
    "now and then": lambda: now_and_then,
}


def hours(first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += timedelta(hours=1)


def lives(
    name: str, seed: int, *, silent_from: datetime | None = None, until: datetime = YEAR, archive: int = 12
) -> Iterator[tuple[datetime, SourceState]]:
    """A source hour by hour. What it had published before is there on the first poll (`archive` pieces)."""
    random, brings = Random(seed), HABITS[name]()
    state, before = SourceState(), []
    for at in hours(START - timedelta(days=400), until):
        quiet = silent_from is not None and at >= silent_from
        count = 0 if quiet else brings(at.astimezone(THERE), random)
        if at < START:
            before += [at] * bool(count)
            continue
        first = state.last_success is None
        posted = before[-archive:] if first else [at] * count
        state = succeeded(
            state,
            at + timedelta(minutes=30),
            cursor="",
            seen=b"",
            heard=bool(posted),
            counted=0 if first else count,
            posted=posted,
            delays=[] if first else [timedelta(minutes=30)] * len(posted),
            first=first,
        )
        yield at + timedelta(minutes=30), state


@pytest.mark.parametrize("name", HABITS)
def test_in_a_year_in_which_nothing_is_wrong_nobody_is_told(name: str) -> None:
    told = {}
    for seed in range(3):
        for at, state in lives(name, seed):
            if at.hour % 6 == 5 and (found := hush(SOURCE, state, ZONE, CLOSED, at)):
                told[seed, found.since.date()] = at
    assert told == {}


def told_of(
    brings: Brings, *, days: int, then: Brings, calls: bool = False, until: int = 60
) -> tuple[list[tuple[datetime, str]], list[tuple[float, str]]]:
    """Of a source that lives so for some days, then otherwise: when it was told of too soon, as what; then
    after how many days, and as what."""
    source = replace(SOURCE, platform="webhook", interval=0) if calls else SOURCE
    state, random, changes = SourceState(), Random(4), START + timedelta(days=days)
    soon, later = [], []
    for at in hours(START, changes + timedelta(days=until)):
        now = at + timedelta(minutes=30)
        count = (brings if at < changes else then)(at.astimezone(THERE), random)
        first = state.rev == 0
        if not calls or first:
            state = succeeded(
                state, now, cursor="", seen=b"", heard=count > 0, counted=0 if first else count, first=first
            )
        elif count:
            state = replace(state, rev=state.rev + 1, last_heard=now, meter=called(state.meter, now))
        if (at.hour % 3 == 2) and (found := hush(source, state, ZONE, CLOSED, now)):
            if at < changes:
                soon.append((now, found.kind))
            else:
                later.append(((now - changes) / timedelta(days=1), found.kind))
    return soon, later


def nothing(at: datetime, random: Random) -> int:
    return 0


@pytest.mark.parametrize("calls", [True, False])
@pytest.mark.parametrize("days", [4, 5, 10, 13, 20, 40])
def test_one_that_brought_something_every_hour_for_some_days_is_missed_within_a_day_or_so(
    days: int, calls: bool
) -> None:
    soon, later = told_of(lambda at, random: 5, days=days, then=nothing, calls=calls, until=3)
    assert soon == []
    assert later[0][0] <= 1.25
    assert {kind for _, kind in later} == {SILENT}


@pytest.mark.parametrize("name", ["weekday paper", "night-quiet shop", "hourly forum"])
@pytest.mark.parametrize("days", [6, 11, 13, 18])
def test_a_young_one_with_nights_and_weekends_is_missed_within_days_and_not_told_of_before(
    name: str, days: int
) -> None:
    soon, later = told_of(HABITS[name](), days=days, then=nothing, until=12)
    assert soon == []
    assert later[0][0] <= 6.1


def test_one_that_never_sleeps_is_missed_within_a_day_or_so_where_no_closed_days_are_known() -> None:
    state = SourceState()
    for at in hours(START, START + timedelta(days=42)):
        heard = at < START + timedelta(days=40)
        state = succeeded(state, at, cursor="", seen=b"", heard=heard, counted=9 * heard)
        if found := hush(SOURCE, state, ZONE, (), at):
            break
    assert found
    assert timedelta(hours=20) < at - (START + timedelta(days=40)) <= timedelta(hours=30)


LESS: dict[str, tuple[Brings, Brings, float]] = {
    "a daily one becomes weekly": (
        lambda at, random: int(at.hour == 9),
        lambda at, random: int(at.hour == 9 and at.weekday() == 2),
        15,
    ),
    "a hundred a day become two": (
        lambda at, random: poisson(100 / 24, random),
        lambda at, random: int(at.hour in (9, 15)),
        5,
    ),
    "a dozen on each weekday become one": (
        weekday_paper,
        lambda at, random: int(at.hour == 9 and at.weekday() < 5),
        8,
    ),
}


@pytest.mark.parametrize("name", LESS)
@pytest.mark.parametrize("calls", [False, True])
def test_one_that_brings_far_less_than_its_own_rate_is_told_of(name: str, calls: bool) -> None:
    before, after, by = LESS[name]
    soon, later = told_of(before, days=70, then=after, calls=calls, until=30)
    assert FEW not in {kind for _, kind in soon}
    fewer = [day for day, kind in later if kind == FEW]
    assert fewer[0] <= by, later


def test_one_that_comes_on_far_fewer_days_is_told_of_though_it_brings_as_much() -> None:
    """It skipped a day now and then; now all of a week comes on Wednesday."""
    soon, later = told_of(
        lambda at, random: int(at.hour == 9 and random.random() < 0.72),
        days=70,
        then=lambda at, random: 8 * int(at.hour == 9 and at.weekday() == 2),
        until=30,
    )
    assert FEW not in {kind for _, kind in soon}
    assert next(day for day, kind in later if kind == FEW) <= 24


def test_who_brings_far_less_is_one_cause_until_it_is_usual_again() -> None:
    state, rung, told = SourceState(), [], False
    for n in range(120):
        at = START + timedelta(days=n, hours=9)
        count = 2 if 60 <= n < 70 else 40
        state = succeeded(state, at, cursor="", seen=b"", heard=True, counted=count)
        found = hush(SOURCE, state, ZONE, (), at, told=told)
        told = found is not None and found.kind == FEW
        rung += [(n, found)] if found else []
    assert {found for _, found in rung} == {rung[0][1]}
    assert 63 <= rung[0][0] <= 66
    assert [n for n, _ in rung] == list(range(rung[0][0], rung[-1][0] + 1)), "it is not told of twice"
    assert rung[-1][0] < 80
    assert read(str(rung[0][1])) == rung[0][1]


@dataclass(frozen=True)
class Bounds:
    """Days after the last that was as usual: not before the one, and by the other."""

    least: float
    most: float


NOTICED = {
    "weekday paper": Bounds(2, 5),
    "monthly blog": Bounds(38, 75),
    "hourly forum": Bounds(0.3, 2.1),
    "night-quiet shop": Bounds(1, 3.1),
    "weekly column": Bounds(8, 23),
    "now and then": Bounds(7, 50),
}


@pytest.mark.parametrize("name", HABITS)
def test_the_day_on_which_a_silence_is_noticed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for seed in range(3):
        dies = LEARNT + timedelta(days=100 + 61 * seed)
        last = noticed = None
        for at, state in lives(name, 90 + seed, silent_from=dies, until=dies + timedelta(days=120)):
            if at < dies:
                last = at if state.last_heard == at else last
            elif hush(SOURCE, state, ZONE, CLOSED, at):
                noticed = at
                break
        assert last
        assert noticed, f"{name} died on {dies:%a %d %b} and nobody noticed"
        days = (noticed - last) / timedelta(days=1)
        said.append(
            f"{name}: last heard {last:%a %d %b %H:%M}, noticed {noticed:%a %d %b %H:%M}, {days:.1f} days"
        )
        assert NOTICED[name].least <= days <= NOTICED[name].most, said[-1]
    with capsys.disabled():
        print("", *said, sep="\n  ", end=" ")


@pytest.mark.parametrize(("same", "kind", "by"), [(False, FAILS, 0.2), (True, SILENT, 2.0)])
def test_a_dead_feed_is_noticed_soon_whether_it_fails_or_answers_the_same_items(
    same: bool, kind: str, by: float, capsys: pytest.CaptureFixture[str]
) -> None:
    *_, (at, state) = lives("hourly forum", 7, until=LEARNT)
    dies, found = at, None
    while not found:
        at += timedelta(minutes=15)
        if same:
            state = succeeded(state, at, cursor="", seen=b"12345678", heard=False)
        elif state.wait_until is None or at >= state.wait_until:
            state = failed(state, at, "HTTP 404", 15)
        found = hush(SOURCE, state, ZONE, CLOSED, at)
    days = (at - dies) / timedelta(days=1)
    assert found.kind == kind
    assert days <= by
    if not same:
        assert at - dies >= FAILING
    with capsys.disabled():
        print(
            f"\n  dead feed, {'the same items' if same else 'not answered'}: noticed after {days:.2f} days",
            end=" ",
        )


def test_a_warning_has_one_cause_and_goes_away_by_itself() -> None:
    *_, (at, state) = lives("hourly forum", 8, until=LEARNT)
    causes = set()
    for _ in range(24 * 90):
        at += timedelta(hours=1)
        state = succeeded(state, at, cursor="", seen=b"12345678", heard=False)
        causes |= {hush(SOURCE, state, ZONE, CLOSED, at)}
    assert len(causes - {None}) == 1, "as long as it lasts it is one"
    cause = next(iter(causes - {None}))
    state = succeeded(state, at, cursor="", seen=b"12345679", heard=True, counted=1)
    assert hush(SOURCE, state, ZONE, CLOSED, at) is None
    assert read(str(cause)) == cause


def test_one_silence_of_the_past_makes_nobody_deaf_to_the_next() -> None:
    *_, (at, state) = lives("weekday paper", 5, until=LEARNT)
    for silent in (True, False, True):
        days = 12 if silent else 40
        for hour in range(24 * days):
            at += timedelta(hours=1)
            heard = not silent and weekday_paper(at.astimezone(THERE), Random(hour)) > 0
            state = succeeded(state, at, cursor="", seen=b"", heard=heard)
        assert bool(hush(SOURCE, state, ZONE, CLOSED, at)) is silent


def test_what_is_paused_is_not_told_of_and_what_was_not_asked_is_not_silent() -> None:
    *_, (at, state) = lives("hourly forum", 3, until=LEARNT)
    later = succeeded(state, at + timedelta(days=9), cursor="", seen=b"", heard=False)
    assert hush(SOURCE, later, ZONE, CLOSED, at + timedelta(days=9))
    assert hush(replace(SOURCE, paused=True), later, ZONE, CLOSED, at + timedelta(days=9)) is None
    unasked = hush(SOURCE, state, ZONE, CLOSED, at + timedelta(days=9))
    assert unasked
    assert (unasked.kind, unasked.since) == (UNASKED, at)


@pytest.mark.parametrize(("name", "least", "most"), [("hourly forum", 3, 23), ("weekly column", 24, 25)])
def test_who_may_not_be_asked_without_end_is_told_of_as_of_a_silent_one(
    name: str, least: int, most: int
) -> None:
    """After a day, or once it is silent beyond its habit."""
    *_, (at, state) = lives(name, 3, until=LEARNT)
    told = None
    for hours_later in range(1, 60):
        now = at + timedelta(hours=hours_later)
        state = waiting(state, now - timedelta(minutes=5), 3600, ASKED, dead=False)
        found = hush(SOURCE, state, ZONE, CLOSED, now)
        assert told is None or found == told, "one cause as long as it lasts"
        if told is None and found:
            told = found
            assert least <= hours_later <= most
            assert (found.kind, found.since) == (WAITS, at)
    assert told
    back = succeeded(state, now, cursor="x", seen=b"", heard=True)
    assert hush(SOURCE, back, ZONE, CLOSED, now) is None


def test_who_waits_for_a_turn_within_the_day_is_not_told_of() -> None:
    daily, state = replace(SOURCE, interval=1440), SourceState(rev=1, last_success=START)
    for hours_later in (24, 30, 47):
        now = START + timedelta(hours=hours_later)
        after = waiting(state, now, 600, TOO_OFTEN, dead=False)
        assert hush(daily, after, ZONE, (), now) is None
    assert hush(daily, waiting(state, now, 9000, TOO_OFTEN, dead=False), ZONE, (), now + timedelta(hours=2))


def test_the_habit_is_shown_by_weekday_and_hour_with_the_delay_and_the_faults() -> None:
    *_, (at, state) = lives("weekday paper", 4, until=LEARNT)
    found = habit(state.meter, ZONE)
    assert found.week is not None
    assert max(found.week[6]) == max(found.week[5]) == 0, "nothing on Saturday and Sunday"
    assert min(found.week[1][7:16]) > 20
    assert (found.median, found.most) == (30, 30), "it was asked half an hour after"
    later = failed(failed(state, at, "x", 5), at + timedelta(days=1), "x", 5)
    assert habit(later.meter, ZONE).faults == 2
    assert habit(failed(later, at + timedelta(days=7), "x", 5).meter, ZONE).faults == 2, "one is a week old"
    assert habit(None, ZONE).week is None


def test_delays_of_long_ago_count_for_less_and_none_is_made_up() -> None:
    at, state = START, succeeded(SourceState(), START, cursor="", seen=b"", heard=False, first=True)
    assert habit(state.meter, ZONE).median is None
    for minutes, times in ((700, 300), (1, 300)):
        for _ in range(times):
            at += timedelta(hours=1)
            state = succeeded(state, at, cursor="", seen=b"", heard=True, delays=[timedelta(minutes=minutes)])
    found = habit(state.meter, ZONE)
    assert found.median == 1
    assert found.most == 1440
    assert found.told < 600


def test_a_call_counts_as_what_came() -> None:
    meter = called(called(None, START), START + timedelta(hours=2))
    assert (meter.hours, meter.days) == (0b101, 1)


def steady(
    every: Callable[[datetime], bool],
    *,
    days: int,
    dies: int,
    pause: tuple[int, int] = (0, 0),
    source: Source = SOURCE,
) -> Iterator[tuple[Source, datetime, SourceState]]:
    """A source of which something comes at nine on these days until it dies; not asked while it is paused."""
    state = SourceState()
    for n in range(days):
        for hour in (1, 9, 17):
            at = START + timedelta(days=n, hours=hour)
            paused = pause[0] <= n < pause[1]
            source = continued(replace(source, paused=paused), source, at)
            came = hour == 9 and n < dies and every(at) and not paused
            if source.interval and not paused:
                state = succeeded(
                    state, at, cursor="", seen=b"", heard=came, posted=[at] * came, first=state.rev == 0
                )
            elif came:
                after = succeeded(state, at, cursor="", seen=b"", heard=True)
                state = replace(after, rev=state.rev + 1, meter=called(after.meter, at))
            yield source, at, state


RARE: dict[str, tuple[Callable[[datetime], bool], int]] = {
    "daily": (lambda at: True, 3),
    "weekly": (lambda at: at.weekday() == 2, 15),
    "monthly": (lambda at: at.day == 1, 75),
    "every two months": (lambda at: at.day == 1 and at.month % 2 == 0, 130),
    "quarterly": (lambda at: at.day == 1 and at.month % 3 == 0, 190),
}


@pytest.mark.parametrize("name", RARE)
def test_one_that_died_is_told_of_until_something_comes_however_long_it_is_silent(name: str) -> None:
    every, by = RARE[name]
    said = {
        (at - START).days: bool(hush(source, state, ZONE, (), at))
        for source, at, state in steady(every, days=700 + 900, dies=700)
        if at.hour == 17 and at >= START + timedelta(days=700)
    }
    noticed = min(day for day, told in said.items() if told)
    assert noticed <= 700 + by
    assert all(said[day] for day in said if day >= noticed), "it never heals itself"


@pytest.mark.parametrize(("dies", "by"), [(1, 43), (5, 19), (10, 24)])
def test_one_that_dies_before_anything_is_known_is_told_of_too(dies: int, by: int) -> None:
    lived = list(steady(lambda at: True, days=120, dies=dies))
    kinds = [
        found.kind if (found := hush(source, state, ZONE, (), at)) else "" for source, at, state in lived
    ]
    assert kinds.index(NOTHING) // 3 <= by
    assert set(kinds[kinds.index(NOTHING) :]) == {NOTHING}


def test_what_comes_once_a_month_is_not_told_of_while_it_is_new() -> None:
    for source, at, state in steady(lambda at: at.day == 15, days=400, dies=400):
        assert hush(source, state, ZONE, (), at) is None, at


def test_who_never_called_and_who_is_never_asked_is_told_of() -> None:
    hook = replace(SOURCE, platform="webhook", interval=0)
    assert hush(hook, SourceState(), ZONE, (), START + timedelta(days=20)) is None
    found = hush(hook, SourceState(), ZONE, (), START + timedelta(days=90))
    assert found
    assert (found.kind, found.since) == (NOTHING, START)
    assert hush(SOURCE, SourceState(), ZONE, (), START + timedelta(hours=2)) is None
    found = hush(SOURCE, SourceState(), ZONE, (), START + timedelta(hours=4))
    assert found
    assert (found.kind, found.since) == (UNASKED, START)


@pytest.mark.parametrize("interval", [5, 0])
@pytest.mark.parametrize("days", [7, 21, 60])
def test_a_pause_is_no_silence_and_is_not_learned(interval: int, days: int) -> None:
    """Daily for ninety days, paused, then daily again, paused again, and dead a week after that."""
    of = replace(SOURCE, interval=interval)
    end = 90 + days + 40
    for source, at, state in steady(lambda at: True, days=end, dies=end, pause=(90, 90 + days), source=of):
        assert hush(source, state, ZONE, (), at) is None, at
    rung = [
        (at - START).days
        for source, at, state in steady(
            lambda at: True, days=end, dies=90 + days + 7, pause=(90, 90 + days), source=of
        )
        if hush(source, state, ZONE, (), at)
    ]
    assert rung[0] - (90 + days + 7) <= 4, "what it did not bring while it was paused is no habit"


def test_a_failure_before_a_pause_rings_when_it_fails_after_it() -> None:
    state = failed(SourceState(), START, "HTTP 500", 5)
    resumed = START + timedelta(days=21)
    source = continued(SOURCE, replace(SOURCE, paused=True), resumed)
    assert hush(source, state, ZONE, (), resumed) is None, "it was not asked yet"
    found = hush(source, failed(state, resumed, "HTTP 500", 5), ZONE, (), resumed + FAILING)
    assert found
    assert (found.kind, found.since) == (FAILS, resumed)
