"""Webhooks out, told whole: real handlers on moto, and a customer's server that verifies and remembers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

import app
from chalicelib import http, wiring
from chalicelib.config import settings
from chalicelib.domain import audit, hook
from chalicelib.domain.case import CaseState
from chalicelib.domain.hook import GIVE_UP, KINDS, OVERLAP, TRIES, CallState, Hook, Pause
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import hooks as stage, notify
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Context
from tests.harness.world import World, forget
from tests.servers.feeds import Feeds
from tests.servers.receiver import Receiver
from tests.stages.test_follow import MILDER
from tests.stages.town import BRAND, COMPLAINT, Town, brand


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def told(town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> "Told":
    return Told(town, receiver, monkeypatch)


class Told:
    """A town with one address that hears everything."""

    def __init__(self, town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.town, self.receiver = town, receiver
        pairs = f"{town.feeds.host}:{town.feeds.port},{receiver.host}:{receiver.port}"
        monkeypatch.setenv("HTTP_ALLOW", pairs)
        monkeypatch.setattr(wiring, "call_hooks", lambda: self.woken.append(town.now))
        monkeypatch.setattr(notify, "SECONDS", 0.3)
        self.woken: list[Any] = []
        forget()
        self.hook = self.add(receiver.address)

    def line(self, what: str) -> audit.AuditLine:
        return audit.line(BRAND, self.town.now, what, f"hook.{what}", of="w-1", by="Noor")

    def add(self, url: str, id: str = "w-1", kinds: tuple[str, ...] = KINDS) -> Hook:
        made, secret = stage.add(
            BRAND,
            id,
            url,
            kinds,
            self.line("add"),
            hooks=wiring.hooks(),
            secrets=wiring.secrets(),
            vet=wiring.desk().vet_address,
        )
        self.receiver.secrets.append(secret)
        wiring.brands.cache_clear()
        return made

    @property
    def now_hook(self) -> Hook:
        return wiring.hooks().get(BRAND, "w-1")

    def work(self) -> dict[str, int]:
        """The worker, as the tick wakes it."""
        done: dict[str, int] = app.notify_hooks({}, Context())
        return done

    def log(self) -> list[Any]:
        return wiring.hooks().log(BRAND, "w-1")[0]


def test_everything_is_told_once_and_signed(told: Told) -> None:
    town = told.town
    town.hear(COMPLAINT)
    town.drain()
    town.approve(town.case())
    town.drain()
    town.tick()
    assert told.woken
    told.work()
    kinds = [each.partition(".")[0] for each in told.receiver.types]
    assert {"mention", "verdict", "case", "delivery"} == set(kinds)
    assert told.receiver.refused == told.receiver.repeats == 0
    states = [e["data"]["state"] for e in told.receiver.taken.values() if e["type"] == "delivery.changed"]
    assert sorted(states) == ["confirmed", "sent"]
    assert {call.state for call in told.log()} == {CallState.DONE}
    assert not wiring.hooks().waiting(town.now), "nothing is left to do"


def test_what_its_author_changes_and_removes_is_told_once_too(told: Told) -> None:
    town = told.town
    town.hear(COMPLAINT)
    town.drain()
    for _ in range(2):
        town.edit(MILDER)
        town.drain(duplicate=True)
    for _ in range(2):
        town.wait(minutes=1)
        town.retract()
        town.drain(duplicate=True)
    told.work()
    heard = [e for e in told.receiver.taken.values() if e["type"].startswith("mention.")]
    by_type = {each["type"]: each["data"] for each in heard}
    assert len(heard) == len(by_type) == 3
    assert by_type["mention.updated"] == {
        "brand": BRAND,
        "mention": f"{BRAND}/webhook/r-1",
        "platform": "webhook",
        "author": "kees",
        "text": MILDER,
        "was": COMPLAINT,
        "url": "",
        "edited_at": "2026-11-16T09:12:00Z",
        "number": 1,
    }
    assert by_type["mention.deleted"] == {
        "brand": BRAND,
        "mention": f"{BRAND}/webhook/r-1",
        "platform": "webhook",
        "deleted_at": "2026-11-16T09:13:00Z",
        "number": 2,
    }
    verdicts = [e["data"] for e in told.receiver.taken.values() if e["type"] == "verdict.given"]
    assert sorted(each["sentiment"] for each in verdicts) == ["negative", "positive"], "one a text"


def test_a_brand_without_an_address_costs_nothing(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    assert town.world.items("H#") == []


def test_only_what_was_asked_for_is_told(told: Told) -> None:
    told.add(told.receiver.address, "w-2", ("case",))
    stage.pause(told.now_hook, told.line("pause"), hooks=wiring.hooks())
    wiring.brands.cache_clear()
    told.town.hear(COMPLAINT)
    told.town.drain()
    told.work()
    assert told.receiver.types == ["case.waiting"]


@pytest.mark.parametrize("mood", ["fail", "hang", "drop", "redirect"])
def test_a_call_that_fails_is_tried_again_over_hours_and_then_given_up(told: Told, mood: str) -> None:
    told.receiver.moods = [mood]
    stage.test(told.hook, told.line("test"), hooks=wiring.hooks(), call=lambda: None)
    began = told.town.now
    for _ in range(TRIES + 2):
        told.work()
        (call,) = told.log()
        if call.next_at:
            told.town.now = call.next_at
    assert (call.state, call.tries) == (CallState.FAILED, TRIES)
    assert call.reason
    assert timedelta(hours=5) < told.town.now - began < timedelta(hours=6)
    assert len(told.receiver.requests) == TRIES
    assert len({each.headers["webhook-id"] for each in told.receiver.requests}) == 1
    assert len({each.body for each in told.receiver.requests}) == 1
    assert not any(each.path.startswith("/latest") for each in told.receiver.requests)

    told.receiver.moods = [""]
    stage.resend(told.now_hook, call.at, call.id, told.town.now, hooks=wiring.hooks(), call=lambda: None)
    told.work()
    assert told.receiver.types == ["test.asked"]
    assert told.now_hook.failing_since is None


def paused(now: datetime) -> list[tuple[str, str, str]]:
    """By whom and which, as the log has it of this month."""
    lines, _ = wiring.audit().month(BRAND, f"{now:%Y-%m}", limit=1_000)
    return [(line.by, line.of, line.after) for line in lines if line.what == "hook.pause"]


def test_who_says_gone_is_left_alone(told: Told) -> None:
    told.receiver.moods = ["gone"]
    stage.test(told.hook, told.line("test"), hooks=wiring.hooks(), call=lambda: None)
    told.town.hear(COMPLAINT)
    told.town.drain()
    told.work()
    assert told.now_hook.paused is Pause.GONE
    assert told.now_hook.troubled
    assert paused(told.town.now) == [("", told.hook.id, '{"reason": "it answered 410"}')]
    assert len(told.receiver.requests) == 1
    assert CallState.KEPT in {call.state for call in told.log()}
    assert not wiring.hooks().waiting(told.town.now + timedelta(days=1))


def test_an_address_that_takes_nothing_for_days_is_paused(told: Told) -> None:
    told.receiver.moods = ["fail"]
    for day in range(GIVE_UP.days + 2):
        if told.now_hook.paused:
            break
        stage.test(
            told.now_hook,
            audit.line(BRAND, told.town.now, f"t{day}", "x"),
            hooks=wiring.hooks(),
            call=lambda: None,
        )
        for _ in range(TRIES):
            told.work()
            told.town.wait(hours=4, minutes=1)
        told.town.wait(hours=4)
    assert told.now_hook.paused is Pause.FAILING
    assert [(by, of) for by, of, _ in paused(told.town.now)] == [("", told.hook.id)], "the system did"
    stage.resume(told.now_hook, told.line("resume"), hooks=wiring.hooks())
    assert not told.now_hook.troubled


def test_a_renewed_secret_and_the_one_before_are_both_valid_for_a_day(told: Told) -> None:
    first = told.receiver.secrets[0]
    second = stage.rotate(told.hook, told.line("rotate"), hooks=wiring.hooks(), secrets=wiring.secrets())
    assert second != first
    for secrets, later, taken in (
        ([first], timedelta(), True),
        ([second], timedelta(), True),
        ([first], OVERLAP, False),
        ([second], OVERLAP, True),
    ):
        told.receiver.secrets, told.receiver.refused = secrets, 0
        told.town.now += later
        line = audit.line(BRAND, told.town.now, f"{secrets}{later}", "x")
        stage.test(told.now_hook, line, hooks=wiring.hooks(), call=lambda: None)
        told.work()
        assert (told.receiver.refused == 0) is taken


def test_who_renews_twice_a_day_keeps_every_secret_that_was_shown_for_its_day(told: Told) -> None:
    first = told.receiver.secrets[0]
    rotate = partial(stage.rotate, hooks=wiring.hooks(), secrets=wiring.secrets())
    second = rotate(told.hook, told.line("one"))
    told.town.now += timedelta(hours=1)
    third = rotate(told.now_hook, told.line("two"))
    assert valid(told) == [third, second, first]
    told.town.now += OVERLAP - timedelta(hours=1)
    assert valid(told) == [third, second]
    rotate(told.now_hook, told.line("three"))
    assert kept(told, told.hook.slot) == "", "what is no longer valid is wiped"


def test_of_two_who_renew_at_once_one_is_refused_and_the_others_secret_signs(told: Told) -> None:
    was = told.now_hook
    shown = stage.rotate(was, told.line("one"), hooks=wiring.hooks(), secrets=wiring.secrets())
    with pytest.raises(Conflict):
        stage.rotate(was, told.line("two"), hooks=wiring.hooks(), secrets=wiring.secrets())
    assert valid(told)[0] == shown


def valid(told: Told) -> list[str]:
    """The secrets that calls are signed with now."""
    names = told.now_hook.secrets(told.town.now)
    return [wiring.secrets().get(name, fresh=True)["secret"] for name in names]


def kept(told: Told, slot: str) -> str:
    return wiring.secrets().get(hook.secret(told.hook, slot), fresh=True).get("secret", "")


def test_two_workers_never_call_one_address_at_a_time(told: Told) -> None:
    stage.test(told.hook, told.line("test"), hooks=wiring.hooks(), call=lambda: None)
    assert wiring.hooks().lease(told.hook, told.town.now, told.town.now + notify.LEASE)
    assert told.work() == {"done": 0, "failed": 0, "kept": 0}
    told.town.now += notify.LEASE
    assert told.work()["done"] == 1


def test_a_slow_address_stands_in_nobodys_way(told: Told) -> None:
    with Receiver() as slow:
        slow.moods = ["hang"]
        settings.cache_clear()
        monkey = pytest.MonkeyPatch()
        monkey.setenv("HTTP_ALLOW", f"{slow.host}:{slow.port},{told.receiver.host}:{told.receiver.port}")
        forget()
        other = told.add(slow.address, "w-0")
        for n in range(60):
            line = audit.line(BRAND, told.town.now - timedelta(seconds=60 - n), f"t{n}", "x")
            stage.test(other, line, hooks=wiring.hooks(), call=lambda: None)
        stage.test(told.hook, told.line("test"), hooks=wiring.hooks(), call=lambda: None)
        counts = told.work()
        monkey.undo()
    assert counts == {"done": 1, "failed": notify.STRIKES, "kept": 0}


def test_an_address_inside_the_network_is_never_called(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    vet = wiring.desk().vet_address
    for url in ("http://example.org/x", "ftp://example.org", "https://a:b@example.org", "https://", "x"):
        with pytest.raises(BadInput):
            vet(url)
    inside = told.add("https://inside.example/x", "w-2", ("case",))
    monkeypatch.setattr(
        wiring, "http", lambda: http.Http(settings().http_allow, lambda host, port: ["10.0.0.1"])
    )
    stage.test(inside, told.line("t2"), hooks=wiring.hooks(), call=lambda: None)
    told.work()
    (call,), _ = wiring.hooks().log(BRAND, "w-2")
    assert (call.state, call.tries, call.status) == (CallState.FAILED, 1, 0), "trying again cannot help"
    assert "inside the network" in call.reason


def test_a_form_sent_twice_adds_one_address(told: Told) -> None:
    with pytest.raises(Conflict):
        told.add(told.receiver.address)
    assert len(wiring.hooks().of(BRAND)) == 1


def test_what_is_removed_is_called_no_more_and_its_secret_is_gone(told: Told) -> None:
    stage.test(told.hook, told.line("test"), hooks=wiring.hooks(), call=lambda: None)
    stage.remove(told.hook, told.line("remove"), hooks=wiring.hooks(), secrets=wiring.secrets())
    told.work()
    assert told.receiver.requests == []
    assert wiring.hooks().of(BRAND) == []
    assert brand().id == BRAND
    assert wiring.secrets().get(f"notify/{BRAND}/w-1-a", fresh=True) == {}
    with pytest.raises(NotFound):
        wiring.hooks().get(BRAND, "w-1")


@pytest.mark.crash
def test_nothing_worth_telling_is_lost_in_a_crash(
    aws: World, feeds: Feeds, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off before and after every call: each event arrives, some twice, under one id."""
    ticks = SimpleNamespace(told=None)

    def fresh() -> Town:
        receiver.taken.clear()
        receiver.secrets.clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        ticks.told = Told(town, receiver, monkeypatch)
        return town

    def run(town: Town, points: Points) -> None:
        town.hear(COMPLAINT)
        town.drain()
        town.approve(town.case())
        town.drain()
        ticks.told.work()

    def redeliver(town: Town) -> None:
        town.hear(COMPLAINT)
        town.settle(4)
        if town.case().state is CaseState.OPEN:
            town.approve(town.case())
        town.settle(8)
        ticks.told.work()

    for mode, k, town in every_crash(fresh, run, redeliver):
        told = sorted(set(receiver.types))
        assert told == ["case.waiting", "delivery.changed", "mention.heard", "verdict.given"], f"{mode} {k}"
        states = {e["data"]["state"] for e in receiver.taken.values() if e["type"] == "delivery.changed"}
        assert {"sent", "confirmed"} <= states, f"{mode} {k}"
        assert town.case().state is CaseState.ANSWERED
