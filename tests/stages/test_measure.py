"""Measured at its ages, once each; an account once a day; and what a network does not give is never zero."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Channel
from chalicelib.domain.measuring import Following, Measurement, Numbers, due_step
from chalicelib.domain.post import PostKey
from chalicelib.errors import BadInput, PlatformError, RateLimited, Rejected, Unauthorized, Unavailable
from chalicelib.stages import measure
from tests.harness.world import World
from tests.stages.november import BRAND, at, heard, library, opened, posted, replied

SENT = at("2026-11-21 09:00")
"""A Saturday, 10:00 on the wall."""
WALL = "2026-11-21T10:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Network:
    """Answers `numbers`; raises what `troubles` holds for a message, or for "" on every call."""

    def __init__(self) -> None:
        self.numbers: Numbers | None = Numbers(reach=40, reactions=0)
        self.account: tuple[int | None, int | None] = (120, 80)
        self.troubles: dict[str, list[Exception]] = {}
        self.asked: list[str] = []

    def measure(self, remote_id: str) -> Numbers | None:
        self._trouble(remote_id)
        return self.numbers

    def following(self) -> tuple[int | None, int | None]:
        self._trouble("following")
        return self.account

    def _trouble(self, about: str) -> None:
        self.asked.append(about)
        if waiting := self.troubles.get(about):
            raise waiting.pop(0)


class Mute:
    """A network that publishes, and tells nothing."""


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def run(aws: World, network: Network) -> Callable[..., dict[str, int]]:
    wiring.brands().put(library())

    def at_moment(now: datetime, connect: Any = None, left: Sequence[int] = ()) -> dict[str, int]:
        times = iter(left)
        counts = measure.run(
            brands=wiring.brands(),
            deliveries=wiring.deliveries(),
            measurements=wiring.measurements(),
            followings=wiring.followings(),
            pulse=wiring.pulse(),
            connect=connect or (lambda brand, channel, fresh=False: network),
            remaining_ms=lambda: next(times, 60_000),
            now=now,
        )
        return {name: count for name, count in counts.items() if count}

    return at_moment


def steps(delivery: Any) -> list[tuple[int, Numbers]]:
    return [(found.step, found.numbers) for _, found in wiring.measurements().of(delivery.key.owner)]


@pytest.mark.parametrize(
    ("measured", "age", "step"),
    [
        (0, HOUR - timedelta(seconds=1), 0),
        (0, HOUR, 1),
        (1, HOUR, 0),
        (0, DAY, 2),
        (1, DAY, 2),
        (1, DAY - timedelta(seconds=1), 0),
        (0, 12.5 * HOUR, 1),
        (0, 12.5 * HOUR + HOUR, 0),
        (1, 4 * DAY, 2),
        (0, 6 * DAY + 23 * HOUR, 0),
        (0, 14 * DAY, 3),
        (0, 15 * DAY, 0),
        (2, 7 * DAY, 3),
        (3, 30 * DAY, 0),
    ],
)
def test_a_missed_age_is_not_made_up_for(measured: int, age: timedelta, step: int) -> None:
    assert due_step(SENT, measured, SENT + age) == step


def test_a_post_and_a_reply_are_measured_at_three_ages(run: Any, network: Network) -> None:
    post = posted("p-1", WALL)
    reply = replied(opened(heard("m-1", SENT)), SENT)
    for age, count in ((HOUR / 2, 0), (HOUR, 2), (2 * HOUR, 0), (DAY, 2), (2 * DAY, 0), (7 * DAY, 2)):
        assert run(SENT + age).get("measured", 0) == count, age
    assert "measured" not in run(SENT + 30 * DAY)
    for delivery in (post, reply):
        assert steps(delivery) == [(n, Numbers(reach=40, reactions=0)) for n in (1, 2, 3)]


def test_after_an_outage_it_is_measured_once(run: Any) -> None:
    post = posted("p-1", WALL)
    assert run(SENT + 2 * DAY)["measured"] == 1
    assert [step for step, _ in steps(post)] == [2]
    run(SENT + 8 * DAY)
    assert [step for step, _ in steps(post)] == [2, 3]


def test_what_is_not_given_is_not_zero(run: Any, network: Network) -> None:
    post = posted("p-1", WALL)
    network.numbers = Numbers(reactions=0)
    network.account = (None, 7)
    run(SENT + HOUR)
    ((_, numbers),) = steps(post)
    assert (numbers.reach, numbers.reactions) == (None, 0)
    (kept,) = wiring.followings().of(BRAND, "wall", "2026-11-01", "2026-11-30")
    assert kept == Following(channel="wall", day="2026-11-21", followers=None, following=7)


@pytest.mark.parametrize("gone", [True, False])
def test_who_cannot_tell_is_not_asked_again(gone: bool, run: Any, network: Network) -> None:
    """The message is gone, or the network does not measure."""
    post = posted("p-1", WALL)
    network.numbers = None
    connect = None if gone else lambda *_, **__: Mute()
    assert run(SENT + HOUR, connect)["skipped"] == 1
    assert list(wiring.deliveries().to_measure(SENT + 30 * DAY)) == []
    assert steps(post) == []


def test_a_removed_channel_and_a_removed_brand_end_it(run: Any) -> None:
    posted("p-1", WALL, channel="gone")
    posted("p-2", WALL, brand="elders")
    assert run(SENT + HOUR) == {"skipped": 1, "counted": 1}


TROUBLES = [
    Unavailable("sandbox", "down"),
    Rejected("sandbox", "no"),
    BadInput("token", "missing"),
    KeyError("odd"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda error: type(error).__name__)
def test_a_failure_waits_for_the_next_run_and_stops_nobody(
    trouble: Exception, run: Any, network: Network
) -> None:
    wall = Channel(id="wall", platform="sandbox", name="Muur")
    wiring.brands().put(library(channels=(wall, Channel(id="other", platform="sandbox", name="Ander"))))
    first = posted("p-1", WALL)
    second = posted("p-2", "2026-11-21T10:01", channel="other")
    network.troubles = {"r-p-1": [trouble]}
    now = SENT + HOUR + timedelta(minutes=5)

    assert run(now)["failed"] == 1
    assert (len(steps(first)), len(steps(second))) == (0, 1)
    assert run(now + timedelta(minutes=15))["measured"] == 1
    assert len(steps(first)) == 1


def test_a_network_that_asks_for_rest_is_left_alone(run: Any, network: Network) -> None:
    for n in range(3):
        posted(f"p-{n}", f"2026-11-21T10:0{n}")
    network.troubles = {"r-p-0": [RateLimited("sandbox", 900)]}
    assert run(SENT + 2 * HOUR) == {"failed": 1, "left": 3}
    assert network.asked == ["r-p-0"]
    assert run(SENT + 3 * HOUR) == {"measured": 3, "counted": 1}


def test_one_bad_message_does_not_keep_the_others_waiting(run: Any, network: Network) -> None:
    for n in range(3):
        posted(f"p-{n}", f"2026-11-21T10:0{n}")
    for day in (1, 8, 16):
        network.troubles = {"r-p-0": [Unavailable("sandbox", "not a message")]}
        run(SENT + day * DAY + HOUR)
    assert [len(wiring.measurements().of(PostKey(BRAND, f"p-{n}"))) for n in range(3)] == [0, 2, 2]
    assert (
        list(wiring.deliveries().to_measure(SENT + 365 * DAY)) == []
    )  # after a fortnight nobody asks any more


def test_a_renewed_key_is_read_anew_once(run: Any, network: Network) -> None:
    posted("p-1", WALL)
    fresh: list[bool] = []
    old = Network()
    old.troubles = {"r-p-1": [Unauthorized("sandbox", "401")]}

    def connect(brand: object, channel: str, **how: bool) -> Network:
        fresh.append(how.get("fresh", False))
        return network if fresh[-1] else old

    assert run(SENT + HOUR, connect) == {"measured": 1, "counted": 1}
    assert fresh == [False, True]


def test_a_refused_key_is_asked_with_twice_and_no_more(run: Any, network: Network) -> None:
    posted("p-1", WALL)
    posted("p-2", WALL)
    network.troubles = {"r-p-1": [Unauthorized("sandbox", "401")] * 9}
    assert run(SENT + HOUR) == {"failed": 1, "left": 2}
    assert network.asked == ["r-p-1", "r-p-1"]


def test_an_account_is_counted_once_a_local_day(run: Any, network: Network) -> None:
    assert run(at("2026-11-21 22:30")) == {"counted": 1}  # 23:30 on Saturday
    assert run(at("2026-11-21 22:45")) == {"passed": 1}
    assert run(at("2026-11-21 23:00")) == {"counted": 1}  # Sunday has begun
    days = [one.day for one in wiring.followings().of(BRAND, "wall", "2026-11-01", "2026-11-30")]
    assert days == ["2026-11-21", "2026-11-22"]


def test_a_count_that_failed_is_tried_until_it_works(run: Any, network: Network) -> None:
    trouble: PlatformError = Unavailable("sandbox", "down")
    network.troubles = {"following": [trouble, trouble]}
    now = at("2026-11-21 08:00")
    outcomes = [run(now + timedelta(minutes=15 * n)) for n in range(4)]
    assert outcomes == [{"failed": 1}, {"failed": 1}, {"counted": 1}, {"passed": 1}]


def test_it_stops_before_its_time_is_over(run: Any, network: Network) -> None:
    for n in range(3):
        posted(f"p-{n}", f"2026-11-21T10:0{n}")
    assert run(SENT + 2 * HOUR, left=[60_000, 9_999]) == {"measured": 1}
    assert run(SENT + 2 * HOUR) == {"measured": 2, "counted": 1}


def test_of_two_at_once_one_answer_is_kept(run: Any, network: Network) -> None:
    post = posted("p-1", WALL)
    inner: list[dict[str, int]] = []

    class Slow(Network):
        def measure(self, remote_id: str) -> Numbers | None:
            inner.append(run(SENT + HOUR))
            return Numbers(reach=999)

    assert run(SENT + HOUR, lambda *_, **__: Slow()) == {"passed": 2}
    assert inner == [{"measured": 1, "counted": 1}]
    assert steps(post) == [(1, Numbers(reach=40, reactions=0))]


def test_on_the_sandbox(run: Any) -> None:
    """With the real module: answers are counted, reach is not given."""
    brand, now = library(), SENT
    channel = wiring.channel_platform(brand, "wall")
    sent = channel.publish(None, "Zaterdag voorlezen", "token-1", "nl")
    post = posted("p-1", WALL, remote_id=sent.remote_id)
    assert run(now + HOUR, wiring.channel_platform) == {"measured": 1, "counted": 1}
    ((_, numbers),) = steps(post)
    assert (numbers.replies, numbers.reach) == (0, None)
    assert Measurement(step=1, at=now + HOUR, numbers=numbers) in [
        kept for _, kept in wiring.measurements().of(post.key.owner)
    ]


def test_a_broken_channel_keeps_no_other_waiting(
    run: Any, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of its messages are due than one run asks after, and than one page of the index holds."""
    wall = Channel(id="wall", platform="sandbox", name="Muur")
    wiring.brands().put(library(channels=(wall, Channel(id="other", platform="sandbox", name="Ander"))))
    monkeypatch.setattr(measure, "MOST", 5)
    monkeypatch.setattr("chalicelib.aws.table.deliveries.MEASURE_PAGE", 3)
    for n in range(8):
        posted(f"p-{n}", f"2026-11-21T10:0{n}")
        network.troubles[f"r-p-{n}"] = [Unavailable("sandbox", "down")] * 9
    last = posted("p-9", "2026-11-21T10:09", channel="other")
    found = run(SENT + 2 * HOUR)
    assert (found["failed"], found["measured"], found["left"]) == (3, 1, 6)
    assert len(steps(last)) == 1


def test_what_missed_its_age_is_not_looked_through_each_run(run: Any) -> None:
    post = posted("p-1", WALL)
    assert "measured" not in run(SENT + 13 * HOUR)
    assert list(wiring.deliveries().to_measure(SENT + 13 * HOUR)) == []
    assert run(SENT + DAY)["measured"] == 1
    assert [step for step, _ in steps(post)] == [2]
