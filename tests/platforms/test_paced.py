"""R20 (H2): many workers, one item. However they interleave, die and begin anew, no more leaves in any window
than the network allows; rest that it asked one of them for is kept by all; of an open circuit one probes.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chalicelib import platforms
from chalicelib.aws import clients
from chalicelib.aws.table.paces import Paces
from chalicelib.domain.pace import DOWN, HANDS, PROBE, STRIKES, TOO_OFTEN, Limit, Pace
from chalicelib.errors import Lost, RateLimited, Unreachable, Waits
from chalicelib.platforms._paced import Paced
from chalicelib.ports import Answer
from tests.conftest import NOW
from tests.domain.test_pace import most_within
from tests.harness.crash import Crash, Points
from tests.harness.meter import Meter
from tests.harness.transport import answer
from tests.harness.world import TABLE_NAME, World

LIMIT = Limit(60, timedelta(minutes=1))
"""Small, so that a test meets it: 24 in the bucket, one in each hand."""
ACCOUNT = "mastodon#brand@social.example"
URL = "https://social.example/api/v1/statuses"


class Clock:
    def __init__(self) -> None:
        self.now = NOW
        self.steps = 0

    def __call__(self) -> datetime:
        self.steps += 1
        return self.now


class Network:
    """Answers as it is told; what it was asked is in `calls`, by the moment."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: list[datetime] = []
        self.told = answer([])
        self.fails: Exception | None = None
        self.asked: Callable[[], object] = lambda: None
        self.during: Callable[[], object] | None = None
        """What happens while it has a request in hand."""

    def request(self, method: str, url: str, **how: Any) -> Answer:
        self.calls.append(self.clock.now)
        self.asked()
        act, self.during = self.during, None
        if act:
            act()
        if self.fails:
            raise self.fails
        return self.told


def paces() -> Paces:
    return Paces(lambda: clients.client("dynamodb"), TABLE_NAME)


def worker(
    network: Network, clock: Clock, *, haste: bool = False, limit: Limit | None = LIMIT, table: Any = None
) -> Paced:
    return Paced(cast(Any, network), ACCOUNT, limit, paces=table or paces(), now=lambda: clock(), haste=haste)


class Between(Paces):
    """Lets somebody else act between reading an item and writing it."""

    meanwhile: Callable[[], object] | None = None

    def get(self, account: str) -> Pace:
        found = super().get(account)
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return found


pick = st.integers(0, 3)
crash = st.one_of(st.just(None), st.tuples(st.sampled_from(("before", "after")), st.integers(1, 4)))


well = ("_answers", 200, None)
moods = st.one_of(
    st.just(well),
    st.just(well),
    st.just(well),
    st.tuples(st.just("_answers"), st.sampled_from((200, 404, 422)), st.none() | st.integers(0, 10)),
    st.tuples(st.just("_asks_for_rest"), st.sampled_from((429, 503)), st.integers(1, 90), st.booleans()),
    st.tuples(
        st.just("_is_down"), st.sampled_from((500, 408, Unreachable("no connection"), Lost("did not answer")))
    ),
)


class Workers(RuleBasedStateMachine):
    """Four workers, of which one is for answers. `rest` is what a worker was told, and from which step on."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.world.fresh()
        self.clock = Clock()
        self.network = Network(self.clock)
        self.network.asked = self._asked
        self.table = Between(lambda: clients.client("dynamodb"), TABLE_NAME)
        self.workers = [self._new(n) for n in range(4)]
        self.rest: list[tuple[int, datetime]] = []
        self.began: list[int] = []
        self.strikes = 0
        self.struck_at: int | None = None
        self.probed: datetime | None = None

    def _new(self, n: int) -> Paced:
        return worker(self.network, self.clock, haste=n == 0, table=self.table)

    @rule(
        mood=moods,
        n=pick,
        other=st.none() | pick,
        during=st.none() | pick,
        times=st.sampled_from((1, 3, 3, 8, 25)),
        seconds=st.sampled_from((0, 0, 0.4, 2.5, 7, 30, 61, 3700)),
        crash=crash,
    )
    def ask(
        self, mood: Any, n: int, other: int | None, during: int | None, times: int, seconds: float, crash: Any
    ) -> None:
        """The network is in this mood, and one asks so many times in a row; others between its reading and
        its writing, and while the network has its request in hand."""
        self.clock.now += timedelta(seconds=seconds)
        getattr(self, mood[0])(*mood[1:])
        if other is not None and other != n:
            self.table.meanwhile = lambda: self._ask(other, None)
        if during is not None and during != n:
            self.network.during = lambda: self._ask(during, None)
        for turn in range(times):
            if not self._ask(n, crash if turn == times // 2 else None):
                break
        self.table.meanwhile = self.network.during = None

    @rule(n=pick)
    def die(self, n: int) -> None:
        self.workers[n] = self._new(n)

    def _answers(self, status: int, left: int | None) -> None:
        said = {}
        if left is not None:
            until = (self.clock.now + timedelta(seconds=20)).isoformat()
            said = {"x-ratelimit-remaining": str(left), "x-ratelimit-limit": "60", "x-ratelimit-reset": until}
        self.network.told, self.network.fails = answer([], status, **said), None

    def _asks_for_rest(self, status: int, seconds: int, as_date: bool) -> None:
        until = self.clock.now + timedelta(seconds=seconds)
        said = format_datetime(until, usegmt=True) if as_date else str(seconds)
        self.network.told, self.network.fails = answer(b"", status, **{"retry-after": said}), None

    def _is_down(self, how: int | Exception) -> None:
        self.network.fails = how if isinstance(how, Exception) else None
        self.network.told = answer(b"", how) if isinstance(how, int) else answer([])

    # what must hold ------------------------------------------------------------------------------

    def _asked(self) -> None:
        """Whoever began after it was told to rest does not ask before that is over; and one alone probes."""
        began, now = self.began[-1], self.clock.now
        for told, until in self.rest:
            assert began < told or now >= until, f"asked {until - now} too early"
        if self.struck_at is not None and began > self.struck_at:
            assert self.probed is None or now - self.probed >= PROBE, "a second probe"
            self.probed = now

    def _ask(self, n: int, crash: Any) -> bool:
        """Was it asked, and did the worker live?"""
        self.clock()
        self.began.append(self.clock.steps)
        before = len(self.network.calls)
        try:
            if crash:
                with Points(*crash):
                    self._request(n)
            else:
                self._request(n)
        except Crash:
            self.workers[n] = self._new(n)
            self.strikes, self.struck_at = 0, None  # nobody knows what it noted
            return False
        finally:
            self.began.pop()
        return len(self.network.calls) > before

    def _request(self, n: int) -> None:
        before, came = len(self.network.calls), None
        with suppress(Waits, Lost, Unreachable):
            came = self.workers[n].request("GET", URL)
        if len(self.network.calls) == before:
            return
        if came is None or came.status in (500, 408):
            self.strikes += 1
            if self.strikes >= STRIKES and self.struck_at is None:
                self.struck_at, self.probed = self.clock.steps, None
            return
        self.strikes, self.struck_at = 0, None
        if "retry-after" in came.headers:
            said = came.headers["retry-after"]
            until = parsedate_to_datetime(said) if not said.isdigit() else None
            until = until or self.clock.now + timedelta(seconds=int(said))
            self.rest.append((self.clock.steps, until))

    def teardown(self) -> None:
        if hasattr(self, "network"):
            assert most_within(self.network.calls, LIMIT.within) <= LIMIT.number


@pytest.mark.crash
def test_whoever_asks_and_whatever_dies_the_account_keeps_its_pace(aws: World) -> None:
    """R20, R21."""
    Workers.world = aws
    run_state_machine_as_test(
        Workers,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


# what it costs -----------------------------------------------------------------------------------


def test_who_asks_seldom_writes_once_an_hour(aws: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A source that is asked every minute for two hours, on Mastodon's limit; printed beside one that is not
    limited, and beside answers."""
    lines = []
    for name, limit, haste in (
        ("poll a minute, 300 in 5 minutes", Limit(300, timedelta(minutes=5)), False),
        ("poll a minute, no limit known", None, False),
        ("answer a minute, 300 in 5 minutes", Limit(300, timedelta(minutes=5)), True),
    ):
        aws.fresh()
        clock = Clock()
        network = Network(clock)
        asks = worker(network, clock, limit=limit, haste=haste)
        with Meter() as meter:
            for _ in range(120):
                asks.request("GET", URL)
                clock.now += timedelta(minutes=1)
        writes, reads = (meter.calls[f"dynamodb.{name}"] for name in ("UpdateItem", "GetItem"))
        lines.append((name, writes, reads))
    with capsys.disabled():
        print()
        for name, writes, reads in lines:
            print(f"  {name}: {writes} writes and {reads} reads in 120 requests")
    assert lines == [
        ("poll a minute, 300 in 5 minutes", 2, 120),
        ("poll a minute, no limit known", 0, 120),
        ("answer a minute, 300 in 5 minutes", 120, 120),
    ]


# one by one ----------------------------------------------------------------------------------------


def test_when_all_hands_are_out_the_bucket_counts(aws: World) -> None:
    clock = Clock()
    network = Network(clock)
    for _ in range(HANDS):
        worker(network, clock).request("GET", URL)
    before = paces().get(ACCOUNT)
    assert before.full_at is None
    worker(network, clock).request("GET", URL)
    assert paces().get(ACCOUNT).full_at is not None


def test_what_did_not_happen_waits_and_what_may_have_is_left_to_its_caller(aws: World) -> None:
    clock = Clock()
    network = Network(clock)
    asks = worker(network, clock, haste=True)
    network.fails = Lost("did not answer")
    for _ in range(STRIKES):
        with pytest.raises(Lost):
            asks.request("POST", URL)
    with pytest.raises(Waits) as waits:
        asks.request("GET", URL)
    assert (waits.value.reason, waits.value.retry_after) == (DOWN, 60)
    assert isinstance(waits.value, RateLimited)
    assert len(network.calls) == STRIKES
    clock.now += timedelta(minutes=1)
    network.fails = Unreachable("no connection")
    with pytest.raises(Waits):  # the probe: nothing was sent
        asks.request("POST", URL)
    assert len(network.calls) == STRIKES + 1


def test_an_address_that_asks_to_be_left_alone_is_by_all(aws: World) -> None:
    clock = Clock()
    network = Network(clock)
    worker(network, clock, limit=None).leave(URL, 600)
    with pytest.raises(Waits) as waits:
        worker(network, clock, limit=None).request("GET", URL)
    assert (waits.value.reason, waits.value.retry_after) == (TOO_OFTEN, 600)
    worker(network, clock, limit=None).request("GET", f"{URL}/other")
    clock.now += timedelta(seconds=600)
    worker(network, clock, limit=None).request("GET", URL)


def test_every_network_that_is_asked_has_a_limit_and_counts_by_an_account() -> None:
    """Who has none is asked by nobody: it calls us, or is our own practice page; or it is told by an address
    that is the account, which says itself when to come back; or it is Amazon, by its own client."""
    silent = {"email", "sandbox", "teams", "tiktok", "webhook"}
    for name in platforms.names():
        module = platforms.module(name)
        limit = getattr(module, "LIMIT", None)
        assert (limit is None) is (name in silent), name
        if limit:
            assert hasattr(module, "account"), name
            assert limit.bucket.size - limit.reserve >= 12, f"{name}: a poll of some pages never ends"
