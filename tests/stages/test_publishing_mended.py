"""What may have left is never called not sent, and what is behind others is not forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table.deliveries import Deliveries
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import BRAKED, LATE, TAKEN, DeliveryState, claim
from chalicelib.domain.month import span
from chalicelib.domain.post import PostEvent, PostEventKind, PostKey
from chalicelib.errors import Conflict, PlatformError, RateLimited, Unavailable, Unknown
from chalicelib.stages import single, tick
from chalicelib.tasks import Deliver
from tests.stages.newsroom import Newsroom
from tests.stages.town import BRAND, COMPLAINT, POST, ZONE, Town, deliverer

SATURDAY = "2026-11-21T10:00"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""The same in UTC."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

Break = Callable[..., None]


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Break:
    """`spoil(read_back=error)`: it raises; with None it answers None; `spoil()`: all is well again."""
    real = wiring.channel_platform

    def spoiled(**how: PlatformError | None) -> None:
        def connect(*given: Any, **more: Any) -> Any:
            return _Spoiled(real(*given, **more), how)

        monkeypatch.setattr(wiring, "channel_platform", connect)

    return spoiled


class _Spoiled:
    """What is lost by `publish` has arrived."""

    def __init__(self, platform: Any, how: dict[str, PlatformError | None]) -> None:
        self._platform = platform
        self._how = how

    def __getattr__(self, name: str) -> Any:
        if name not in self._how:
            return getattr(self._platform, name)

        def answer(*given: Any) -> Any:
            if name == "publish":
                self._platform.publish(*given)
            if error := self._how[name]:
                raise error

        return answer


def near(town: Town) -> PostKey:
    key = town.plan(SATURDAY)
    town.now = AT - 2 * MINUTE
    return key


def subjects(town: Town) -> list[str]:
    return [vars(mail)["subject"] for mail in town.world.mails()]


def test_what_was_taken_and_cannot_be_read_back_stays_sent(town: Town, spoil: Break) -> None:
    key = near(town)
    spoil(read_back=Unavailable("sandbox", "HTTP 503"))
    town.run(AT + 50 * MINUTE)
    assert town.delivery(key).state is DeliveryState.SENT
    assert subjects(town) == []
    town.run(AT + 2 * HOUR)
    sent = town.delivery(key)
    assert (sent.state, sent.reason) == (DeliveryState.SENT, "could not look: HTTP 503")
    assert subjects(town) == ["Zaterdag open: verstuurd, maar niet te zien bij het netwerk (Sandbox)"]
    with pytest.raises(Conflict, match="taken"):
        town.change(key, text="Zaterdag tot 18 uur.")
    with pytest.raises(Conflict):
        town.release(sent.key)
    with pytest.raises(Conflict):
        town.cancel(key)

    spoil()
    town.run(AT + 5 * HOUR)
    found = town.delivery(key)
    assert (found.state, found.reason) == (DeliveryState.CONFIRMED, "")
    assert town.ours() == [POST]


def test_a_post_that_was_found_left_when_it_was_tried_not_when_it_was_found(town: Town, spoil: Break) -> None:
    key = near(town)
    spoil(publish=Unknown("sandbox", "HTTP 500"))
    town.run(AT + 30 * MINUTE)
    found = town.delivery(key)
    assert (found.state, found.tries) == (DeliveryState.CONFIRMED, 1)
    assert found.sent_at == found.first_try
    assert found.sent_at is not None
    assert found.sent_at - AT < timedelta(seconds=10)


def test_a_reply_that_could_not_be_seen_for_hours_was_answered_in_time(town: Town, spoil: Break) -> None:
    town.hear(COMPLAINT)
    town.drain()
    case, asked = town.case(), town.now
    spoil(publish=Unknown("sandbox", "HTTP 500"), find=Unavailable("sandbox", "HTTP 503"))
    key = town.approve(case)
    town.run(asked + 3 * HOUR)
    assert wiring.deliveries().get(key).state is DeliveryState.UNKNOWN
    spoil()
    town.run(asked + 9 * HOUR)
    after = wiring.cases().get(case.key)
    assert after.state is CaseState.ANSWERED
    assert after.answered_at is not None
    assert after.answered_at <= after.due


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (timedelta(seconds=5), timedelta(seconds=5)),
        (timedelta(hours=-1), timedelta()),  # its clock, or ours, is wrong
        (timedelta(days=1), timedelta()),
    ],
)
def test_the_networks_own_moment_counts_where_it_can_be_true(
    town: Town, monkeypatch: pytest.MonkeyPatch, at: timedelta, left: timedelta
) -> None:
    key = near(town)
    real = wiring.channel_platform
    tried: list[datetime] = []

    class Dated(_Spoiled):
        def find(self, *given: Any) -> Any:
            return replace(self._platform.find(*given), at=tried[0] + at)

        def publish(self, *given: Any) -> Any:
            tried.append(town.now)
            self._platform.publish(*given)
            raise Unknown("sandbox", "HTTP 500")

    monkeypatch.setattr(wiring, "channel_platform", lambda *given, **more: Dated(real(*given, **more), {}))
    town.run(AT + 30 * MINUTE)
    found = town.delivery(key)
    assert found.sent_at is not None
    assert found.sent_at - tried[0] == left


def test_who_cannot_look_asks_ever_less_often(
    town: Town, spoil: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    near(town)
    spoil(read_back=Unavailable("sandbox", "HTTP 503"))
    town.run(AT + 50 * MINUTE)
    looks: list[datetime] = []
    connect = wiring.channel_platform

    def looked(*given: Any, **more: Any) -> Any:
        looks.append(town.now)
        return connect(*given, **more)

    monkeypatch.setattr(wiring, "channel_platform", looked)
    town.run(AT + 12 * HOUR)
    assert 3 <= len(looks) <= 6


def test_what_the_network_never_shows_can_be_taken_away_and_not_sent_again(town: Town, spoil: Break) -> None:
    key = near(town)
    spoil(read_back=None)
    town.run(AT + 2 * HOUR)
    sent = town.delivery(key)
    assert (sent.state, sent.reason) == (DeliveryState.SENT, TAKEN)
    assert len(subjects(town)) == 1
    with pytest.raises(Conflict):
        town.change(key, text="Zaterdag tot 18 uur.")
    with pytest.raises(Conflict):
        town.cancel(key)
    with pytest.raises(Conflict):
        town.release(sent.key)
    spoil()
    town.remove(sent.key)
    town.run(town.now + 2 * MINUTE)
    assert town.delivery(key).state is DeliveryState.REMOVED
    assert town.ours() == []


def test_a_reply_that_is_never_shown_asks_a_person_until_it_is(town: Town, spoil: Break) -> None:
    town.hear(COMPLAINT)
    town.drain()
    town.approve(town.case(), text="@kees We kijken het na. Noor")
    spoil(read_back=None)
    town.run(town.now + 2 * HOUR)
    case = town.case()
    assert (case.state, case.reason) == (CaseState.STUCK, TAKEN)
    spoil()
    town.run(town.now + 5 * HOUR)
    assert town.case().state is CaseState.ANSWERED
    assert town.ours() == ["@kees We kijken het na. Noor"]


@pytest.mark.parametrize("lost", [True, False])
def test_what_may_have_left_does_not_fail_with_its_channel(town: Town, spoil: Break, lost: bool) -> None:
    key = near(town)
    spoil(**({"publish": Unknown("sandbox", "lost")} if lost else {"read_back": None}))
    town.run(AT + timedelta(seconds=5))
    brand = wiring.brands().get(BRAND)
    wiring.brands().put(replace(brand, channels=()))
    town.run(AT + 5 * MINUTE)
    unclear = town.delivery(key)
    assert unclear.state is (DeliveryState.UNKNOWN if lost else DeliveryState.SENT)
    assert unclear.reason.startswith("the channel is gone")
    assert len(subjects(town)) == 1, "a person is told"
    with pytest.raises(Conflict):
        town.release(unclear.key)

    wiring.brands().put(brand)
    spoil()
    town.run(AT + 3 * HOUR)
    assert town.ours() == [POST]
    assert town.delivery(key).state is DeliveryState.CONFIRMED


def test_what_never_left_fails_with_its_channel(town: Town) -> None:
    key = near(town)
    brand = wiring.brands().get(BRAND)
    wiring.brands().put(replace(brand, channels=()))
    town.run(AT + MINUTE)
    assert town.delivery(key).state is DeliveryState.FAILED


def test_one_sees_that_the_clock_runs_though_nothing_falls_due(town: Town) -> None:
    for _ in range(12):
        town.wait(minutes=1)
        town.tick()
        last = wiring.sources().last_tick()
        assert last is not None
        assert town.now - last < timedelta(minutes=4)


def test_what_has_its_moment_is_not_behind_what_is_overdue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait for a look than are read at once: each tick takes its share of those, and all of the slot."""
    for n in range(6):
        town.plan("2026-11-21T09:30", id=f"old-{n}")
    for n in range(3):
        town.plan(SATURDAY, id=f"new-{n}")
    monkeypatch.setattr(tick, "MOST", 4)
    town.now = AT - MINUTE
    town.run(AT + timedelta(seconds=2))
    assert [town.delivery(PostKey(BRAND, f"new-{n}")).state for n in range(3)] == [
        DeliveryState.CONFIRMED
    ] * 3


def test_a_thousand_and_more_of_one_slot_are_queued(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []
    real = Deliveries.due

    def due(self: Deliveries, *given: Any, limit: int = 1000, **more: Any) -> Any:
        limits.append(limit)
        return real(self, *given, limit=limit, **more)

    monkeypatch.setattr(Deliveries, "due", due)
    town.tick()
    assert min(limits) >= 5000


def test_a_network_that_asks_for_a_long_rest_does_not_hide_that_it_is_too_late(
    town: Town, spoil: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R11: two hours past its moment a person is asked, whatever the network said of tomorrow."""
    spoil(publish=RateLimited("sandbox", 20 * 3600))
    room = Newsroom(town, monkeypatch)
    key = town.plan(SATURDAY, lateness=120)
    town.now = AT - 2 * MINUTE
    room.run(AT + 119 * MINUTE, [AT + n * MINUTE for n in range(-1, 120)])
    assert town.delivery(key).state is DeliveryState.PLANNED
    room.run(AT + 122 * MINUTE, [AT + n * MINUTE for n in (120, 121, 122)])
    assert (town.delivery(key).state, town.delivery(key).reason) == (DeliveryState.HELD, LATE)
    assert [each.key.owner for each in wiring.deliveries().held(BRAND)] == [key]


def test_what_is_unknown_stays_in_the_month_of_its_moment(
    town: Town, spoil: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is looked for until the next month has begun."""
    spoil(publish=Unknown("sandbox", "its answer was lost"), find=Unavailable("sandbox", "down"))
    room = Newsroom(town, monkeypatch)
    evening = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    key = town.plan("2026-11-30T23:00")
    town.now = evening - 2 * MINUTE
    room.run(evening + 5 * HOUR, [evening + n * MINUTE for n in range(-1, 300, 5)])
    assert town.delivery(key).state is DeliveryState.UNKNOWN
    assert town.delivery(key).due > datetime(2026, 12, 1, tzinfo=UTC)
    months = {
        month: wiring.deliveries().between(BRAND, *span(month, ZONE)) for month in ("2026-11", "2026-12")
    }
    assert [each.at for each in months["2026-11"]] == [evening]
    assert months["2026-12"] == []


def test_what_was_moved_alone_can_still_be_mended(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The post's own moment is past; that of its only message is not."""
    room = Newsroom(town, monkeypatch)
    key = town.plan(SATURDAY)
    town.now = AT + 6 * HOUR
    room.run(town.now + 2 * MINUTE, [town.now + MINUTE])
    assert town.delivery(key).state is DeliveryState.HELD
    town.release(town.delivery(key).key, when="2026-11-22T10:00")
    town.change(key, text="Zondag open, en verbeterd.")
    after = town.delivery(key)
    assert (after.state, after.text) == (DeliveryState.PLANNED, "Zondag open, en verbeterd.")
    assert after.slot is not None
    assert after.slot.wall == "2026-11-22T10:00"


def test_r10_a_post_that_was_cancelled_while_its_network_refused_it_is_not_let_go(town: Town) -> None:
    """A worker has it, a person cancels the post, and only then the network says no: it waits for a person,
    who can drop it and nothing else."""
    key = near(town)
    was = town.delivery(key)
    town.now = AT
    ours = claim(was, AT)
    assert ours
    assert wiring.deliveries().claim(was, ours)
    town.cancel(key)
    failed = replace(ours, state=DeliveryState.FAILED, reason="HTTP 422")
    wiring.posts().conclude(failed, PostEvent(at=AT, id="f", kind=PostEventKind.FAILED))
    with pytest.raises(Conflict, match="is cancelled"):
        town.release(was.key)
    with pytest.raises(Conflict, match="is cancelled"):
        town.release(was.key, when="2026-11-21T14:00")
    town.decide("release", was.key)
    town.run(AT + 5 * HOUR)
    assert town.ours() == []
    single.drop(was.key, "Sam", posts=wiring.posts(), now=town.now)
    assert town.post(key).states == [DeliveryState.CANCELLED]


def test_filing_anew_undoes_nothing_that_happened_since_it_was_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R10: the brake holds a post of a zone whose rules changed, between the hourly reading and its write."""
    key = near(town)
    was = town.delivery(key)
    assert wiring.deliveries().settle(replace(was, due=was.due + 30 * MINUTE))
    town.now = AT + MINUTE
    town.pull()
    get_many, worker = Deliveries.get_many, deliverer(town)

    def meanwhile(self: Deliveries, keys: Any) -> Any:
        found = get_many(self, keys)
        worker.run(Deliver(was.key))
        return found

    monkeypatch.setattr(Deliveries, "get_many", meanwhile)
    assert tick.refile(wiring.deliveries(), town.now) == 0
    held = wiring.deliveries().get(was.key)
    assert (held.state, held.reason) == (DeliveryState.HELD, BRAKED)
