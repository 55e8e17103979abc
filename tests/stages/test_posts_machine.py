"""R7-R11, R13 as a machine (H2): people plan, change, move, cancel, brake and decide; ticks and messages come
in any order, early, late and twice; workers die at any call; the network knows no key, loses answers, is
down, and lists late.

What must hold is asked when the network is asked to publish, of what people had said before the claim; and at
the end, when all faults are over: what is not there has a reason.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import app
from chalicelib import wiring
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.errors import BadInput, Conflict, Unavailable, Unknown
from chalicelib.ports import Sent
from tests.harness.crash import Crash, Points
from tests.harness.poller import Context, body_event
from tests.stages.newsroom import Newsroom, Snapshot, after
from tests.stages.town import BRAND, ZONE, Town

pytestmark = pytest.mark.crash

START = datetime(2026, 10, 24, 23, 50, tzinfo=UTC)
"""Ten to two on the night when Amsterdam's clocks go back."""
CHANNELS = ("wall", "hall")
LATE_LOOKS = 2
FAULTS = ("", "lost", "down", "late")
LEFT = (DeliveryState.CONFIRMED, DeliveryState.SENT)

pick = st.integers(0, 7)
crash = st.one_of(st.just(None), st.tuples(st.sampled_from(("before", "after")), st.integers(1, 14)))
"""Where the process dies, if it does."""
ahead = st.integers(0, 20)


class Network:
    """Knows no key: whatever it is asked, it publishes. `posted` is its log, by token."""

    once = False

    def __init__(self, asked: Callable[[str, str], object]) -> None:
        self.asked = asked
        self.posted: dict[str, str] = {}
        self.looks: dict[str, int] = {}
        self.fault = ""

    def publish(self, to: Any, text: str, token: str, language: str) -> Sent:
        self.asked(token, text)
        self._up()
        self.posted[token] = text
        if self.fault == "lost":
            raise Unknown("network", "its answer was lost")
        return Sent(remote_id=token, url="")

    def find(self, to: Any, text: str, token: str, since: datetime, free: Any = None) -> Sent | None:
        return self.read_back(token)

    def read_back(self, remote_id: str) -> Sent | None:
        self._up()
        if remote_id not in self.posted:
            return None
        self.looks[remote_id] = self.looks.get(remote_id, 0) + 1
        if self.fault == "late" and self.looks[remote_id] <= LATE_LOOKS:
            return None
        return Sent(remote_id=remote_id, url="")

    def room(self) -> int:
        return 500

    def length(self, text: str) -> int:
        return len(text)

    def _up(self) -> None:
        if self.fault == "down":
            raise Unavailable("network", "it is down")


class Publishing(RuleBasedStateMachine):
    """`known` are the deliveries as they were after the last thing that happened, by token."""

    def __init__(self, room: Newsroom, start: Snapshot) -> None:
        super().__init__()
        start.restore()
        self.room, self.town = room, room.town
        self.town.now = START
        self.network = Network(self.asked)
        room._connect = lambda *_, **__: self.network
        self.numbers = count(1)
        self.posts: list[PostKey] = []
        self.known: dict[str, Delivery] = {}
        self.cancelled: set[PostKey] = set()
        self.braked: datetime | None = None
        self.through: set[tuple[str, datetime]] = set()
        """What a person let through, and which pull of the brake."""
        self.wrong: list[str] = []
        """What was asked of the network and should not have been."""
        self.meanwhile: Callable[[], object] | None = None

    # what must hold ------------------------------------------------------------------------------

    def asked(self, token: str, text: str) -> None:
        """The network is asked to publish: what people had said before the claim allows it."""
        was, now = self.known[token], self.town.now
        assert was.slot
        late = now - was.slot.at()
        promises = {
            f"it was {was.state.value}": was.state is DeliveryState.PLANNED,
            "its post was cancelled": was.key.owner not in self.cancelled,
            "another version was approved": text == was.text,
            "before its moment": late >= timedelta(),
            "too late": late <= timedelta(minutes=was.lateness),
            "the brake was on": self.braked is None or (token, self.braked) in self.through,
            "it is there already": token not in self.network.posted,
        }
        self.wrong += [promise for promise, kept in promises.items() if not kept]
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            self._person(meanwhile)

    @invariant()
    def what_is_there_is_right_and_nothing_else_is_called_sent(self) -> None:
        assert not self.wrong
        for token, text in self.network.posted.items():
            assert self.known[token].text == text
        for token, delivery in self.known.items():
            if delivery.state in LEFT:
                assert token in self.network.posted, "called sent, and not there"
            if delivery.state in (DeliveryState.CANCELLED, DeliveryState.HELD):
                assert token not in self.network.posted, f"called {delivery.state.value}, and it is there"

    def teardown(self) -> None:
        """No more faults; people let go what waits; schedules and queues do the rest."""
        self.network.fault = ""
        for _ in range(3):
            waiting = self.town.waiting()
            self.through |= {(each.token, self.braked) for each in waiting if self.braked}
            self._person(lambda: self.town.decide("release"))
            self._drain()
        self.what_is_there_is_right_and_nothing_else_is_called_sent()
        assert self.braked is None, "everything was decided on"
        for token, delivery in self.known.items():
            assert delivery.state.rests, f"{delivery.state.value}: lost on its way"
            if delivery.state is DeliveryState.FAILED:
                assert delivery.reason
            elif delivery.state is not DeliveryState.CANCELLED:
                assert delivery.state is DeliveryState.CONFIRMED
                assert self.network.posted[token] == delivery.text
        assert self.town.world.waiting("deliver-dead") == []

    def _drain(self) -> None:
        """From one moment at which something is due to the next, until nothing is."""
        for _ in range(200):
            ready = [m for m in self._messages() if m.delayed_until <= self.town.now.timestamp() * 1000]
            for message in ready:
                self._deliver(message)
            due = wiring.deliveries().due(self.town.now + timedelta(days=1))
            if not due and not self._messages():
                return
            if not ready:
                moments = [each.at for each in due] + [
                    after(m.delayed_until / 1000) for m in self._messages()
                ]
                self.town.now = max(self.town.now, min(moments)) + timedelta(milliseconds=10)
                self.town.tick()
        raise AssertionError("it does not come to rest")

    # people --------------------------------------------------------------------------------------

    @initialize(minutes=ahead, fault=st.sampled_from(FAULTS))
    def plan_one(self, minutes: int, fault: str) -> None:
        self.plan(minutes, 60, True, None)
        self.network.fault = fault

    @rule(minutes=ahead, lateness=st.sampled_from((2, 60)), both=st.booleans(), crash=crash)
    def plan(self, minutes: int, lateness: int, both: bool, crash: Any) -> None:
        n = next(self.numbers)
        texts = tuple((channel, f"text {n}") for channel in CHANNELS[: 1 + both])

        def go() -> None:
            self.town.plan(self._wall(minutes), id=f"p-{n}", texts=texts, lateness=lateness)

        self._person(go, crash)
        if (key := PostKey(BRAND, f"p-{n}")) in self.room.posts():
            self.posts.append(key)
        else:
            assert crash, "an answer means that it is kept"

    @precondition(lambda self: self.posts)
    @rule(post=pick, crash=crash)
    def edit(self, post: int, crash: Any) -> None:
        self._person(lambda: self._edit(self._post(post)), crash)

    @precondition(lambda self: self.posts)
    @rule(post=pick, minutes=ahead, crash=crash)
    def move(self, post: int, minutes: int, crash: Any) -> None:
        self._person(lambda: self.town.change(self._post(post), when=self._wall(minutes)), crash)

    @precondition(lambda self: self.posts)
    @rule(post=pick, crash=crash)
    def cancel(self, post: int, crash: Any) -> None:
        self._person(lambda: self.town.cancel(self._post(post)), crash)

    @rule(crash=crash)
    def pull(self, crash: Any) -> None:
        self._person(self.town.pull, crash)
        assert crash or self.braked, "an answer means that it is on"

    @rule(decision=st.sampled_from(("release", "keep", "cancel")), all_=st.booleans(), crash=crash)
    def decide(self, decision: Any, all_: bool, crash: Any) -> None:
        about = [each.key for each in self.town.waiting()][: None if all_ else 1]
        if not about and not self.braked:
            return
        if decision == "release" and self.braked:
            self.through |= {(d.token, self.braked) for d in self.known.values() if d.key in about}
        braked = self.braked
        left: list[Delivery] = []
        self._person(lambda: left.extend(self.town.decide(decision, *about)), crash)
        assert not left or self.braked == braked, "the brake stays until all is decided on"

    def _edit(self, key: PostKey) -> None:
        text = f"text {next(self.numbers)}"
        self.town.change(key, text=text)
        (post,) = wiring.posts().get_many([key])
        assert {variant.text for variant in post.variants} == {text}

    def _person(self, do: Callable[[], object], crash: Any = None) -> None:
        """What a person does; that it was refused, or broke off, they see."""
        with suppress(Conflict, BadInput):
            self._broken(do, crash)
        brake = wiring.brakes().get(BRAND)
        self.braked = brake.pulled_at if brake else None
        self.cancelled = {post.key for post in wiring.posts().get_many(self.posts) if post.cancelled}
        self._look()

    # the machine ---------------------------------------------------------------------------------

    @rule(twice=st.booleans(), crash=crash)
    def tick(self, twice: bool, crash: Any) -> None:
        self._broken(self.town.tick, crash)
        if twice:
            self.town.tick()
        self._look()

    @precondition(lambda self: self._messages())
    @rule(
        message=pick,
        crash=crash,
        keep=st.booleans(),
        meanwhile=st.sampled_from(("", "", "cancel", "edit", "pull", "again")),
    )
    def deliver(self, message: int, crash: Any, keep: bool, meanwhile: str) -> None:
        """Any message, whatever delay it was given; `keep`: it comes again. While the network has it in hand
        somebody else comes."""
        messages = self._messages()
        chosen = messages[message % len(messages)]
        self._deliver(chosen, crash, keep, meanwhile)

    @precondition(lambda self: self.posts)
    @rule(post=pick, crash=crash)
    def due_now(self, post: int, crash: Any) -> None:
        """The clock moves on to a post's moment, and its message comes twice."""
        _, deliveries = wiring.posts().get(self._post(post))
        slot = deliveries[-1].slot
        assert slot
        self.town.now = max(self.town.now, slot.at() + timedelta(milliseconds=10))
        self.town.tick()
        for message in self._messages()[-2:]:
            self._deliver(message, crash, keep=True)

    @rule(seconds=st.sampled_from((5, 25, 61, 150, 900)))
    def wait(self, seconds: int) -> None:
        self.town.now += timedelta(seconds=seconds)

    @rule(fault=st.sampled_from(FAULTS))
    def harm(self, fault: str) -> None:
        self.network.fault = fault

    def _deliver(self, message: Any, crash: Any = None, keep: bool = False, meanwhile: str = "") -> None:
        event = body_event("deliver", message.body)

        def again() -> None:
            app.deliver_replies(event, Context())

        def inside() -> None:
            post = next(key for key in self.posts if f'"{key.id}"' in message.body)
            self._look()
            others: dict[str, Callable[[], object]] = {
                "cancel": lambda: self.town.cancel(post),
                "edit": lambda: self._edit(post),
                "pull": self.town.pull,
                "again": again,
            }
            others[meanwhile]()

        self.meanwhile = inside if meanwhile else None
        answer = self._broken(lambda: app.deliver_replies(event, Context()), crash)
        self.meanwhile = None
        self._look()
        assert not self.wrong
        if answer is not None:
            assert answer["batchItemFailures"] == [], "a worker stumbled"
            if not keep:
                self._queue()._messages.remove(message)

    def _broken(self, do: Callable[[], Any], crash: Any) -> Any:
        """What it answers; None where the process died."""
        if crash is None:
            return do()
        self.room.points = points = Points(*crash)
        try:
            with points:
                return do()
        except Crash:
            return None
        finally:
            self.room.points = None

    # what there is -------------------------------------------------------------------------------

    def _look(self) -> None:
        self.known = {each.token: each for each in self.room.deliveries()}

    def _post(self, n: int) -> PostKey:
        return self.posts[-1 - n % len(self.posts)]

    def _wall(self, minutes: int) -> str:
        return (
            (self.town.now + timedelta(minutes=minutes)).astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
        )

    def _messages(self) -> list[Any]:
        return list(self._queue()._messages)

    def _queue(self) -> Any:
        from tests.harness.world import _queue

        return _queue("deliver")


def test_whatever_happens_in_whatever_order(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """R7-R11, R13."""
    room = Newsroom(town, monkeypatch)
    town.now = START
    town.tick()
    start = Snapshot(room)
    run_state_machine_as_test(
        cast(Any, lambda: Publishing(room, start)),
        settings=settings(
            max_examples=24,
            stateful_step_count=20,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
