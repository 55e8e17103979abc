"""R1-R5, R7-R9, R14-R19 in one harness: break off before and after every call to AWS and to a
platform, let the queues and schedules do what they do afterwards, and ask what was promised.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.table import keys
from chalicelib.domain.case import CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.logged import SENDS
from chalicelib.errors import BadInput
from chalicelib.stages import answer, by_mail
from tests.harness.crash import Points, every_crash
from tests.harness.poller import Poller
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.test_holding import CALM, SENT, SUNDAY, approval, hold_off
from tests.stages.town import BRAND, COMPLAINT, COMPLIMENT, HANDLERS, Town, brand
from tests.web.fakes_people import ADA, NOOR, Colleagues

REPLY = "@kees We kijken het vandaag na. Noor, Lindebieb"
PLATFORMS = ("source_platform", "hook_platform", "channel_platform")


def states(town: Town) -> set[DeliveryState]:
    return {delivery.state for delivery in town.history(town.case())[1]}


def done_or_sent(town: Town) -> list[tuple[str, str]]:
    """Of the case's history what a person did, and what became of the sending."""
    events, _ = town.history(town.case())
    return sorted((f"case.{e.kind}", e.by) for e in events if e.by or e.kind in SENDS)


def logged(town: Town) -> list[tuple[str, str]]:
    """The lines that the log of changes has of cases."""
    lines, _ = wiring.audit().month(BRAND, f"{town.now:%Y-%m}", limit=1000)
    return sorted((line.what, line.by) for line in lines if line.what.startswith("case."))


def everyone_told(town: Town) -> bool:
    """Two cases, and of each a department has mail."""
    mails = " ".join(vars(mail)["body"] for mail in town.world.mails())
    cases = town.cases()
    return len(cases) == 2 and all(case.key.slug in mails for case in cases)


def breakable(points: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call of a platform is a point to break off at, too."""
    for name in PLATFORMS:
        connect: Callable[..., object] = ORIGINAL[name]
        monkeypatch.setattr(wiring, name, lambda *args, connect=connect: points.wrap(connect(*args)))


ORIGINAL = {name: getattr(wiring, name) for name in PLATFORMS}


def mend(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, connect in ORIGINAL.items():
        monkeypatch.setattr(wiring, name, connect)


@pytest.mark.crash
def test_nothing_heard_is_lost_or_kept_twice(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.feed(COMPLIMENT)
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        town.hear(COMPLAINT)
        town.tick()
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        town.hear(COMPLAINT)  # who got no answer calls again
        town.until(lambda: everyone_told(town), 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert len(town.mentions()) == len(town.judged()) == 2, broken_at
        assert [case.state for case in town.cases()] == [CaseState.OPEN] * 2, broken_at
        for case in town.cases():
            events, deliveries = town.history(case)
            assert len(events) == 1, broken_at
            assert deliveries == [], broken_at
        assert not any(aws.waiting(f"{queue}-dead") for queue in ("poll", "hear", "understand", "respond"))


@pytest.mark.crash
@pytest.mark.parametrize("mood", ["", "lost", "lists-late"])
def test_an_approved_reply_is_sent_once(
    mood: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.hear(COMPLAINT)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        wiring.desk().set_mood(brand(), "wall", mood)
        breakable(points, monkeypatch)
        town.approve(town.case(), text=REPLY)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        if town.case().state is CaseState.OPEN:
            town.approve(town.case(), text=REPLY)  # the person saw an error, and the case still open
        town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert town.ours() == [REPLY], broken_at
        case = town.case()
        assert case.state is CaseState.ANSWERED, broken_at
        _, (delivery,) = town.history(case)
        assert delivery.state is DeliveryState.CONFIRMED, broken_at
        assert aws.waiting("deliver-dead") == [], broken_at
        assert logged(town) == done_or_sent(town), broken_at


@pytest.mark.crash
@pytest.mark.parametrize("mood", ["", "lost"])
def test_a_holding_reply_by_itself_is_sent_once_and_the_case_waits_on(
    mood: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person writes twice, in two conversations, and everything is delivered twice."""

    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.now = SUNDAY
        approval(town)
        return town

    def write(town: Town) -> None:
        town.hear(CALM)
        town.hear(CALM, id="r-2")

    def run(town: Town, points: Points) -> None:
        wiring.desk().set_mood(brand(), "wall", mood)
        breakable(points, monkeypatch)
        write(town)
        town.drain(duplicate=True)

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        write(town)  # who got no answer calls again
        town.until(lambda: town.ours() != [] and holds(town) == [DeliveryState.CONFIRMED], 12)

    def holds(town: Town) -> list[DeliveryState]:
        return [each.state for case in town.cases() for each in town.history(case)[1]]

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert town.ours() == [SENT], broken_at
        assert [case.state for case in town.cases()] == [CaseState.OPEN] * 2, broken_at
        assert sum(case.promised is not None for case in town.cases()) == 1, broken_at
        assert not any(aws.waiting(f"{queue}-dead") for queue in ("hear", "respond", "deliver")), broken_at


@pytest.mark.crash
def test_a_holding_reply_of_a_persons_is_sent_once(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        town = Town(aws.fresh(), feeds, monkeypatch)
        town.now = SUNDAY
        town.hear(CALM)
        town.drain()
        return town

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        hold_off(town)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        if town.case().promised is None:
            hold_off(town)  # the person saw an error, and the button still there
        town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert len(town.ours()) == 1, broken_at
        assert town.case().state is CaseState.OPEN, broken_at
        assert logged(town) == done_or_sent(town), broken_at


@pytest.mark.crash
def test_what_is_approved_by_mail_is_sent_once(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada presses the button twice; whoever got no mail is asked again."""
    mailed: list[str] = []
    ada = Colleagues().get(ADA)

    def fresh() -> Town:
        mend(monkeypatch)
        mailed.clear()
        town = Town(aws.fresh(), feeds, monkeypatch)
        monkeypatch.setattr(keys, "now", lambda: town.now.timestamp())
        town.hear(COMPLAINT)
        town.drain()
        case = town.case()
        answer.save_draft(case.key, case.rev, REPLY, "Noor", by_id=NOOR, cases=wiring.cases(), now=town.now)
        return town

    def ask(town: Town) -> None:
        case = town.case()
        by_mail.ask(
            case.key,
            case.rev,
            ada,
            "Noor",
            by_id=NOOR,
            brand=brand(),
            cases=wiring.cases(),
            team=wiring.team(),
            once=wiring.once(),
            secret=b"key",
            send=lambda token, text: mailed.append(token),
            now=town.now,
        )

    def press(town: Town) -> bool:
        """Did it count?"""
        given: dict[str, Any] = {"cases": wiring.cases(), "once": wiring.once(), "now": town.now}
        token = mailed[-1]
        try:
            found = by_mail.look(
                token,
                secret=b"key",
                brands=wiring.brands(),
                colleagues=Colleagues(),
                team=wiring.team(),
                **given,
            )
            by_mail.approve(token, found, tasks=wiring.tasks(), counts=None, **given)
        except BadInput:
            return False
        return True

    def run(town: Town, points: Points) -> None:
        breakable(points, monkeypatch)
        ask(town)
        assert press(town)
        assert not press(town)
        town.drain()

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        if not town.history(town.case())[1] and not (mailed and press(town)):
            ask(town)
            assert press(town)
        assert not mailed or not press(town)
        town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        assert town.ours() == [REPLY], broken_at
        _, (delivery,) = town.history(town.case())
        assert (delivery.approved_by, delivery.written_by_id) == ("Ada", NOOR), broken_at
        assert logged(town) == done_or_sent(town), broken_at


def test_repeats_in_any_order_change_nothing(town: Town) -> None:
    """R1, R5, R14: everything is delivered twice, and shuffled."""
    for seed in range(3):
        town.feed(COMPLIMENT, id=f"news-{seed}")
        for n in range(4):
            town.hear(f"{COMPLAINT} ({n})", id=f"r-{n}")
            town.hear(f"{COMPLAINT} ({n})", id=f"r-{n}")
        town.tick()
        town.drain(duplicate=True, order=Random(seed))
        town.wait()
    assert len(town.mentions()) == len(town.cases()) == 5
    assert all(len(town.history(case)[0]) == 1 for case in town.cases())


def test_whoever_lost_the_lease_writes_nothing(town: Town) -> None:
    """R9: a worker is paused while it sends; another finds it there and concludes; the first wakes up."""
    town.hear(COMPLAINT)
    town.drain()
    key = town.approve(town.case(), text=REPLY)
    was = wiring.deliveries().get(key)
    from chalicelib.domain.delivery import claim

    paused = claim(was, town.now)
    assert paused is not None
    assert wiring.deliveries().claim(was, paused)
    from chalicelib.ports import ReplyTo

    assert paused.to
    to = ReplyTo(id=paused.to.id, author=paused.to_author)
    wiring.channel_platform(brand(), "wall").publish(to, paused.text, paused.token, "nl")

    town.wait(minutes=3)
    town.settle(2)
    assert town.case().state is CaseState.ANSWERED
    assert not wiring.deliveries().settle(paused)
    assert wiring.deliveries().get(key).state is DeliveryState.CONFIRMED
    assert town.ours() == [REPLY]


def test_the_outage_of_a_network_delays_and_loses_nothing(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    desk = wiring.desk()
    desk.set_mood(brand(), "wall", "down")
    town.approve(town.case(), text=REPLY)
    town.settle(3)
    assert town.ours() == []
    assert town.case().state is CaseState.SENDING
    desk.set_mood(brand(), "wall", "")
    town.settle(6)
    assert town.ours() == [REPLY]
    assert town.case().state is CaseState.ANSWERED


def test_a_refusal_goes_back_to_a_person_with_the_text_and_the_reason(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    wiring.desk().set_mood(brand(), "wall", "refuse")
    town.approve(town.case(), text=REPLY)
    town.drain()
    stuck = town.case()
    assert stuck.state is CaseState.STUCK
    assert "refuse" in stuck.reason
    assert stuck.draft is not None
    assert stuck.draft.text == REPLY
    assert wiring.cases().waits("lindebieb", ["desk"]).cases[0].key == stuck.key
    wiring.desk().set_mood(brand(), "wall", "")
    town.approve(stuck, text=REPLY)
    town.drain()
    assert town.ours() == [REPLY]
    assert town.case().state is CaseState.ANSWERED


def test_a_new_message_while_the_reply_is_on_its_way_keeps_the_case_open(town: Town) -> None:
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    town.approve(town.case(), text=REPLY)
    town.wait(seconds=5)
    town.hear("En de Lindebieb is nog steeds slecht bereikbaar!", id="r-2", reply_to="r-1")
    town.drain()
    case = town.case()
    assert town.ours() == [REPLY]
    assert case.state is CaseState.OPEN
    assert case.mention.id == "r-2"
    assert town.now - case.received_at < timedelta(minutes=3)


def test_who_cannot_even_look_asks_a_person_and_goes_on_looking(town: Town) -> None:
    """R7: the network published, lost its answer and is gone for hours: unknown, on a person's list, once."""
    town.hear(COMPLAINT)
    town.drain()
    wiring.desk().set_mood(brand(), "wall", "lost")
    town.approve(town.case(), text=REPLY)
    Poller(town.world, {"deliver": HANDLERS["deliver"]}).step()
    assert states(town) == {DeliveryState.UNKNOWN}
    wiring.desk().set_mood(brand(), "wall", "down")
    for _ in range(16):
        town.wait(minutes=4)
        town.tick()
        town.drain()

    stuck = town.case()
    assert stuck.state is CaseState.STUCK
    assert "could not look" in stuck.reason
    assert states(town) == {DeliveryState.UNKNOWN}
    assert [case.key for case in wiring.cases().waits("lindebieb", ["desk"]).cases] == [stuck.key]

    wiring.desk().set_mood(brand(), "wall", "")
    town.wait(minutes=62)
    town.settle(3)
    assert town.ours() == [REPLY]
    assert states(town) == {DeliveryState.CONFIRMED}
    assert town.case().state is CaseState.ANSWERED


def test_a_person_who_took_over_is_not_overtaken(town: Town) -> None:
    """Nothing was sent, we could not look for hours, and a person sent another answer: ours stays unsent."""
    town.hear(COMPLAINT)
    town.drain()
    desk = wiring.desk()
    desk.set_mood(brand(), "wall", "down")
    key = town.approve(town.case(), text=REPLY)
    was = wiring.deliveries().get(key)
    from chalicelib.domain.delivery import claim

    lost = claim(was, town.now)
    assert lost is not None
    assert wiring.deliveries().claim(was, lost)  # and then its Lambda died
    for _ in range(18):
        town.wait(minutes=4)
        town.tick()
        town.drain()
    assert town.case().state is CaseState.STUCK

    desk.set_mood(brand(), "wall", "")
    town.approve(town.case(), text="@kees Opgelost. Noor, Lindebieb")
    town.settle(2)
    for _ in range(20):
        town.wait(minutes=4)
        town.tick()
        town.drain()
    assert town.ours() == ["@kees Opgelost. Noor, Lindebieb"]
    assert states(town) == {DeliveryState.CONFIRMED, DeliveryState.FAILED}
    assert town.case().state is CaseState.ANSWERED
