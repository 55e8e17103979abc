"""R10-R13: posts leave once, on their second, in the version that was approved; or wait for a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.domain.delivery import BRAKED, LATE, Delivery, DeliveryState, claim
from chalicelib.domain.hook import Call
from chalicelib.domain.post import PostEvent, PostEventKind, PostKey, Slot
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import brake, plan
from chalicelib.stages.wish import AHEAD
from chalicelib.tasks import Deliver
from tests.stages.town import BRAND, COMPLAINT, POST, ZONE, Town

SATURDAY = "2026-11-21T10:00"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""The same in UTC."""
MINUTE = timedelta(minutes=1)


def near(town: Town, before: timedelta = 5 * MINUTE) -> PostKey:
    """A post planned on Monday; then the clock stands this long before its moment."""
    key = town.plan(SATURDAY)
    town.now = AT - before
    return key


def late(key: PostKey) -> timedelta:
    """How long after its moment it left."""
    post, (delivery,) = wiring.posts().get(key)
    assert delivery.sent_at
    return delivery.sent_at - post.slot.at()


@pytest.mark.parametrize("second", [0, 17, 59])
def test_a_post_leaves_once_on_its_second(town: Town, second: int) -> None:
    key = near(town)
    town.run(AT - timedelta(seconds=1), second=second)
    assert town.ours() == []
    town.run(AT + 10 * MINUTE, second=second)
    assert town.ours() == [POST]
    assert timedelta() <= late(key) < timedelta(seconds=2)
    told = town.post(key)
    assert told.states == [DeliveryState.CONFIRMED]
    assert [event.kind for event in told.history] == [
        PostEventKind.PLANNED, PostEventKind.SENT, PostEventKind.CONFIRMED
    ]  # fmt: skip
    assert town.world.waiting("deliver") == []


def test_a_post_of_the_next_minute_does_not_wait_for_a_tick(town: Town) -> None:
    town.now = AT - timedelta(seconds=40)
    key = town.plan(SATURDAY)
    town.run(AT + timedelta(seconds=10), ticks=False)
    assert town.ours() == [POST]
    assert late(key) < timedelta(seconds=2)


def test_asked_twice_it_is_one_post(town: Town) -> None:
    assert town.plan(SATURDAY) == town.plan(SATURDAY, text="Iets anders", by="Sam")
    assert town.delivery(PostKey(BRAND, "post")).text == POST
    town.now = AT - MINUTE
    town.run(AT + 3 * MINUTE)
    assert town.ours() == [POST]


def test_a_cancel_between_tick_and_claim_wins(town: Town) -> None:
    key = near(town)
    town.run(AT - timedelta(seconds=30))
    assert town.world.waiting("deliver"), "its message is on its way"
    town.cancel(key)
    town.run(AT + 10 * MINUTE)
    assert town.ours() == []
    assert town.post(key).states == [DeliveryState.CANCELLED]
    with pytest.raises(Conflict):
        town.change(key, text="Toch wel")


def test_an_edit_between_tick_and_claim_wins(town: Town) -> None:
    key = near(town)
    town.run(AT - timedelta(seconds=30))
    town.change(key, text="Zaterdag zijn we open tot 18 uur.")
    town.run(AT + 10 * MINUTE)
    assert town.ours() == ["Zaterdag zijn we open tot 18 uur."]
    assert town.delivery(key).approved_by == "Sam"


def test_a_move_between_tick_and_claim_wins_both_ways(town: Town) -> None:
    key = near(town)
    town.run(AT - timedelta(seconds=30))
    town.change(key, when="2026-11-21T10:07")
    town.run(AT + 6 * MINUTE)
    assert town.ours() == []
    town.run(AT + 8 * MINUTE)
    assert town.ours() == [POST]
    assert late(key) < timedelta(seconds=2)

    earlier = town.plan("2026-11-21T20:00", id="evening")
    town.change(earlier, when="2026-11-21T10:09")
    town.run(AT + 10 * MINUTE)
    assert late(earlier) < timedelta(seconds=2)
    assert [e.kind for e in town.post(key).history][:2] == [PostEventKind.PLANNED, PostEventKind.MOVED]


def test_the_brake_between_tick_and_claim_wins_and_letting_go_is_a_decision(town: Town) -> None:
    now_key, later = near(town), town.plan("2026-11-21T14:00", id="later", text="Om 14 uur")
    town.run(AT - timedelta(seconds=30))
    town.pull()
    town.run(AT + 10 * MINUTE)
    assert town.ours() == []
    assert [d.reason for d in town.post(now_key).deliveries] == [BRAKED]
    assert [d.key.owner for d in town.waiting()] == [now_key, later]

    left = town.decide("release", town.delivery(now_key).key)
    assert [d.key.owner for d in left] == [later], "what was not decided on is shown, and the brake stays"
    assert wiring.brakes().get(BRAND)
    town.run(AT + 12 * MINUTE)
    assert town.ours() == [POST], "it passes this pull of the brake"

    assert town.decide("cancel") == []
    assert wiring.brakes().get(BRAND) is None
    town.run(AT + 15 * MINUTE)
    assert town.ours() == [POST]
    assert town.post(later).states == [DeliveryState.CANCELLED]


def test_what_passed_one_pull_does_not_pass_the_next(town: Town) -> None:
    key = near(town)
    town.pull()
    town.decide("release")
    town.wait(seconds=30)
    town.pull()
    town.run(AT + MINUTE)
    assert town.ours() == []
    assert town.delivery(key).state is DeliveryState.HELD


def test_what_is_kept_waits_until_a_person_moves_it(town: Town) -> None:
    key = near(town)
    town.pull()
    assert town.decide("keep") == []
    town.run(AT + 5 * MINUTE)
    assert town.ours() == []
    assert [d.key for d in wiring.deliveries().held(BRAND)] == [town.delivery(key).key]
    assert town.world.mails() == [], "the brake was a person's: nobody is told what they did"
    town.change(key, when="2026-11-21T14:00")
    town.now = AT + timedelta(hours=4) - 2 * MINUTE
    town.run(AT + timedelta(hours=4, minutes=2))
    assert town.ours() == [POST]


def test_a_reply_under_the_brake_is_held_and_goes_back_to_its_case(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    town.pull()
    town.approve(town.case(), text="@kees We kijken het na. Noor")
    town.settle(2)
    assert town.ours() == []
    (held,) = town.waiting()
    assert held.reason == BRAKED

    assert town.decide("keep") == []
    assert wiring.brakes().get(BRAND) is None
    town.settle(2)
    assert town.ours() == []
    town.release(held.key)
    town.settle(1)
    assert town.ours() == ["@kees We kijken het na. Noor"]


def test_a_reply_that_is_stopped_is_a_draft_again(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    town.pull()
    town.approve(town.case(), text="@kees We kijken het na. Noor")
    town.settle(1)
    assert town.decide("cancel") == []
    case = town.case()
    assert case.state.waits_for_us
    assert case.draft
    assert case.draft.text == "@kees We kijken het na. Noor"
    town.approve(case, text="@kees Beter zo. Noor")
    town.settle(1)
    assert town.ours() == ["@kees Beter zo. Noor"]


@pytest.mark.parametrize("missed", [1, 2, 6 * 60])
def test_what_missed_ticks_left_the_next_one_sends(town: Town, missed: int) -> None:
    key = town.plan(SATURDAY, lateness=7 * 60)
    town.now = AT - timedelta(seconds=90)
    town.run(AT - timedelta(seconds=90) + missed * MINUTE, ticks=False)
    town.run(town.now + 3 * MINUTE)
    assert town.ours() == [POST]
    assert town.post(key).states == [DeliveryState.CONFIRMED]


def test_one_tick_may_fail_and_nobody_notices(town: Town) -> None:
    key = near(town)
    town.run(AT - timedelta(seconds=80), second=30)
    town.run(AT - timedelta(seconds=20), ticks=False)
    town.run(AT + 3 * MINUTE, second=30)
    assert town.ours() == [POST]
    assert late(key) < timedelta(seconds=2)


def test_a_message_that_comes_before_its_moment_comes_once_more(town: Town) -> None:
    """The clock of a queue or a worker is some seconds off."""
    key = near(town, timedelta(seconds=7))
    wiring.tasks().send([Deliver(town.delivery(key).key)])
    town.run(AT + MINUTE, ticks=False)
    assert town.ours() == [POST]
    assert timedelta() <= late(key) < timedelta(seconds=2)


def test_past_its_lateness_it_waits_for_a_person_who_is_told(town: Town) -> None:
    key = near(town)
    town.now = AT + timedelta(hours=6)
    town.run(town.now + 5 * MINUTE)
    assert town.ours() == []
    assert town.delivery(key).reason == LATE
    (mail,) = town.world.mails()
    assert vars(mail)["subject"].startswith("Zaterdag open: te laat voor zijn moment")
    assert "?post=post\n" in vars(mail)["body"]
    town.run(town.now + 30 * MINUTE)
    assert len(town.world.mails()) == 1, "told once is told"

    town.change(key, text="Nog tot 17 uur.")
    town.run(town.now + 2 * MINUTE)
    assert town.delivery(key).state is DeliveryState.HELD, "another text is no yes to its leaving"
    with pytest.raises(BadInput, match="past"):
        town.change(key, when="2026-11-21T11:00")
    town.release(town.delivery(key).key)
    town.run(town.now + MINUTE)
    assert town.ours() == ["Nog tot 17 uur."]
    assert PostEventKind.RELEASED in [event.kind for event in town.post(key).history]


def test_a_bell_that_is_answered_too_soon_is_not_forgotten(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is rung before the outcome is written; who looks in between finds nothing wrong, and looks again."""
    near(town)
    town.now = AT + timedelta(hours=6)
    posts = wiring.posts()
    conclude = posts.conclude

    def slowly(delivery: Delivery, event: PostEvent, calls: Sequence[Call] = (), **more: Any) -> None:
        assert wiring.flush(BRAND, "desk.posts") == 0
        conclude(delivery, event, calls, **more)

    monkeypatch.setattr(posts, "conclude", slowly)
    town.run(town.now + 20 * MINUTE)
    assert len(town.world.mails()) == 1
    assert wiring.alerts().claim(BRAND, "desk.posts", town.now, quiet_until=town.now) == ()


def test_a_late_one_can_go_at_a_new_moment(town: Town) -> None:
    key = near(town)
    town.now = AT + timedelta(hours=6)
    town.run(town.now + 2 * MINUTE)
    with pytest.raises(BadInput):
        town.release(town.delivery(key).key, when=SATURDAY)
    town.release(town.delivery(key).key, when="2026-11-21T20:00")
    evening = AT + timedelta(hours=10)
    town.now = evening - 3 * MINUTE
    town.run(evening + MINUTE)
    assert town.ours() == [POST]


def test_nothing_goes_later_than_the_brake_asks_about(town: Town) -> None:
    key = near(town)
    town.now = AT + timedelta(hours=6)
    town.run(town.now + 2 * MINUTE)
    held = town.delivery(key).key
    with pytest.raises(BadInput, match="when: at most a year ahead"):
        town.release(held, when="2028-01-01T10:00")
    last = (town.now + AHEAD).astimezone(ZoneInfo(ZONE))
    town.release(held, when=f"{last:%Y-%m-%dT%H:%M}")
    town.pull()
    assert [each.key for each in brake.waiting(BRAND, deliveries=wiring.deliveries(), now=town.now)] == [held]


def test_a_post_that_failed_goes_as_a_new_delivery_and_a_person_hears_of_it(town: Town) -> None:
    key = near(town)
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", "refuse")
    town.run(AT + 3 * MINUTE)
    failed = town.delivery(key)
    assert failed.state is DeliveryState.FAILED
    assert ["niet geplaatst" in vars(mail)["subject"] for mail in town.world.mails()] == [True]

    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", "")
    town.release(failed.key)
    town.run(AT + 5 * MINUTE)
    first, second = town.post(key).deliveries
    assert (first.state, second.state) == (DeliveryState.CANCELLED, DeliveryState.CONFIRMED)
    assert second.token != first.token
    assert town.ours() == [POST]
    assert wiring.deliveries().held(BRAND) == []


def test_a_cancel_wins_over_the_next_try(town: Town) -> None:
    """The network is down at its moment: it did not happen. Before the next try a person cancels."""
    key = near(town)
    desk, brand = wiring.desk(), wiring.brands().get(BRAND)
    desk.set_mood(brand, "wall", "down")
    town.run(AT + timedelta(seconds=10))
    assert town.delivery(key).tries == 1
    town.cancel(key)
    desk.set_mood(brand, "wall", "")
    town.run(AT + 10 * MINUTE)
    assert town.ours() == []


def test_another_text_after_a_try_goes_under_another_token(town: Town) -> None:
    """A network that remembers tokens would answer with the old text."""
    key = near(town)
    desk, brand = wiring.desk(), wiring.brands().get(BRAND)
    desk.set_mood(brand, "wall", "down")
    town.run(AT + timedelta(seconds=10))
    town.change(key, text="Zaterdag tot 18 uur.")
    desk.set_mood(brand, "wall", "")
    town.run(AT + 10 * MINUTE)
    first, second = town.post(key).deliveries
    assert (first.state, second.state) == (DeliveryState.CANCELLED, DeliveryState.CONFIRMED)
    assert first.token != second.token
    assert town.post(key).post.variants[0].n == 2
    assert town.ours() == ["Zaterdag tot 18 uur."]


def test_a_cancel_holds_only_if_the_worker_stood_still(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person read "claimed"; before their write the worker plans it again, as it did not happen."""
    key = near(town)
    town.now = AT
    was = town.delivery(key)
    ours = claim(was, AT)
    assert ours
    assert wiring.deliveries().claim(was, ours)
    posts = wiring.posts()
    read = posts.get(key)
    assert wiring.deliveries().settle(
        replace(ours, state=DeliveryState.PLANNED, due=AT + MINUTE, lease_until=None)
    )
    monkeypatch.setattr(posts, "get", lambda _: read)
    with pytest.raises(Conflict):
        plan.cancel(key, 1, "Sam", posts=posts, now=AT)
    assert not wiring.posts().get_many([key])[0].cancelled


def test_a_tick_sends_no_second_message_for_what_waits_for_its_look(town: Town) -> None:
    """A reply whose answer was lost has a message of its own until it is a minute late."""
    town.hear(COMPLAINT)
    town.run(town.now + MINUTE)
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", "lost")
    key = town.approve(town.case())
    town.run(town.now + timedelta(seconds=2), ticks=False)
    assert wiring.deliveries().get(key).state is DeliveryState.UNKNOWN
    for _ in range(3):
        town.tick()
    assert len(town.world.waiting("deliver")) == 1


def test_what_may_have_left_keeps_its_text_and_is_looked_up(town: Town) -> None:
    key = near(town)
    desk, brand = wiring.desk(), wiring.brands().get(BRAND)
    desk.set_mood(brand, "wall", "lost")
    town.run(AT + timedelta(seconds=5))
    assert town.delivery(key).state is DeliveryState.UNKNOWN
    with pytest.raises(Conflict):
        town.change(key, text="Een andere tekst")
    desk.set_mood(brand, "wall", "")
    town.run(AT + 3 * MINUTE)
    assert town.ours() == [POST]
    assert town.delivery(key).state is DeliveryState.CONFIRMED


def test_what_was_looked_for_in_vain_goes_again_by_the_same_gate(town: Town) -> None:
    """A worker died between claim and send; when nobody finds it, brake, lateness and cancel still count."""
    key = near(town)
    town.now = AT
    was = town.delivery(key)
    ours = claim(was, town.now)
    assert ours
    assert wiring.deliveries().claim(was, ours)
    town.cancel(key)
    town.run(AT + 10 * MINUTE)
    assert town.ours() == []
    assert town.delivery(key).state is DeliveryState.CANCELLED


def test_a_message_is_taken_away_at_its_network(town: Town) -> None:
    key = near(town)
    with pytest.raises(Conflict):
        town.remove(town.delivery(key).key)
    town.run(AT + MINUTE)
    town.remove(town.delivery(key).key)
    town.run(AT + 2 * MINUTE)
    assert town.ours() == []
    assert town.delivery(key).state is DeliveryState.REMOVED
    events = [(event.kind, event.by) for event in town.post(key).history]
    assert (PostEventKind.REMOVING, "Sam") in events
    assert events[-1][0] is PostEventKind.REMOVED


def test_what_cannot_be_taken_away_stands_and_a_person_is_told(town: Town) -> None:
    key = near(town)
    town.run(AT + MINUTE)
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", "refuse")
    town.remove(town.delivery(key).key)
    town.run(AT + 3 * MINUTE)
    assert town.delivery(key).state is DeliveryState.CONFIRMED
    assert ["niet verwijderd" in vars(mail)["subject"] for mail in town.world.mails()] == [True]


def test_zone_rules_that_change_move_the_moment(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The government moves the clocks: the wall time stays, and the instant is another."""
    key = town.plan(SATURDAY)
    real = Slot.at
    monkeypatch.setattr(Slot, "at", lambda slot: real(slot) - timedelta(hours=1))
    town.now = AT - timedelta(hours=3)
    town.run(town.now + 5 * MINUTE)
    assert town.delivery(key).due == AT - timedelta(hours=1)
    town.now = AT - timedelta(hours=1, minutes=5)
    town.run(AT - timedelta(minutes=59))
    assert town.ours() == [POST]
    assert late(key) < timedelta(seconds=2)


def test_a_wish_names_every_fault_at_its_field(town: Town) -> None:
    texts = (("wall", "Nog {wat}"), ("nobody", "x"), ("gone", ""))
    wish = town.wish("2026-11-15T10:00", title=" \u202e ", goal="fame", shares="javascript:x", texts=texts)
    found = plan.faults(wish, brand=wiring.brands().get(BRAND), counts=town.counts, now=town.now)
    assert [fault.field for fault in found] == [
        "title", "goal", "shares", "texts.wall", "texts.nobody", "texts.gone", "when"
    ]  # fmt: skip
    with pytest.raises(BadInput, match="title"):
        town.plan("2026-11-15T10:00", title="")
    with pytest.raises(BadInput, match=r"texts\.wall: still to be filled in: wat"):
        town.plan(SATURDAY, text="Nog {wat}")
    with pytest.raises(BadInput, match=r"texts\.wall: 1 characters too long"):
        town.plan(SATURDAY, text="x" * (town.counts("wall").room() + 1))  # type: ignore[union-attr]
    assert town.wish(SATURDAY).slot.zone == ZONE
    now = town.now.astimezone(ZoneInfo(ZONE))
    with pytest.raises(BadInput, match="when: that moment is past"):
        town.plan(f"{now - timedelta(minutes=6):%Y-%m-%dT%H:%M}")
    with pytest.raises(BadInput, match="when: that moment is past"):
        town.plan(f"{now - timedelta(minutes=3):%Y-%m-%dT%H:%M}", lateness=2)
    assert town.plan(f"{now - timedelta(minutes=4):%Y-%m-%dT%H:%M}").id == "post", "grace, for typing"


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        ("Wat een mooie middag!", False),
        ("Anna: https://social.example/@anna/12", False),
        ("Anna: https://social.example/@anna/1/2", False),
        ("Anna: https://social.example/@anna/1", True),
        ("Lees https://social.example/@anna/1. Mooi!", True),
        ("(https://social.example/@anna/1)", True),
    ],
)
def test_what_is_shared_is_named_on_every_channel(town: Town, text: str, credited: bool) -> None:
    wish = town.wish(SATURDAY, text, shares="https://social.example/@anna/1")
    found = plan.faults(wish, brand=wiring.brands().get(BRAND), counts=town.counts, now=town.now)
    assert [fault.field for fault in found] == ([] if credited else ["texts.wall"])
