"""An answer too long for one message leaves in several: each once, in order, each below the one before."""

from datetime import timedelta
from typing import cast

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseState, EventKind
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.thread import bare
from chalicelib.errors import BadInput
from chalicelib.ports import Counts
from chalicelib.stages import answer
from chalicelib.tasks import Deliver
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.test_crashes import breakable, done_or_sent, logged, mend, states
from tests.stages.town import COMPLAINT, Town, brand, deliverer

SENTENCE = "Wat vervelend dat het boek er weer niet was toen u ervoor naar de balie kwam. "
LONG = f"@kees {SENTENCE * 14}Groet, Noor van Lindebieb"
"""Over a thousand characters; the sandbox takes 500."""


def counts() -> Counts:
    return cast(Counts, wiring.channel_platform(brand(), "wall"))


def parts(town: Town) -> tuple[str, ...]:
    return answer.messages_of(LONG, town.case(), counts())


def asked(town: Town) -> Town:
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    return town


def sent(town: Town) -> None:
    town.approve(town.case(), text=LONG, messages=3)
    town.settle(3)


def test_each_message_answers_the_one_before(town: Town) -> None:
    three = parts(asked(town))
    assert len(three) == 3
    sent(town)
    assert tuple(town.ours()) == three
    wall = [line for line in wiring.desk().wall(brand(), "wall") if line.ours]
    assert [line.reply_to for line in wall] == ["r-1", wall[0].id, wall[1].id]
    case = town.case()
    events, (delivery,) = town.history(case)
    assert (case.state, delivery.state, delivery.text) == (CaseState.ANSWERED, DeliveryState.CONFIRMED, LONG)
    assert delivery.standing == tuple(line.id for line in wall)
    (listed,) = wiring.deliveries().between(case.key.brand, town.now - timedelta(hours=3), town.now)
    assert listed.messages == 3, "of the network's allowance it takes three"
    assert (delivery.remote_id, delivery.remote_url) == (wall[0].id, delivery.remote_url)
    kinds = [event.kind for event in events]
    assert kinds[-5:] == [
        EventKind.APPROVED,
        EventKind.PART,
        EventKind.PART,
        EventKind.SENT,
        EventKind.CONFIRMED,
    ]


def test_nobody_says_yes_to_more_messages_than_they_saw(town: Town) -> None:
    case = asked(town).case()
    for messages in (1, 2, 4):
        with pytest.raises(BadInput, match="3: so many") as refused:
            town.approve(case, text=LONG, messages=messages)
        assert refused.value.field == "messages"
    town.settle(2)
    assert town.ours() == []
    with pytest.raises(BadInput, match="1: so many"):
        town.approve(case, text="@kees Kort. Noor, Lindebieb", messages=3)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_who_answers_any_of_them_is_heard_in_the_case(n: int, town: Town) -> None:
    sent(asked(town))
    ours = [line.id for line in wiring.desk().wall(brand(), "wall") if line.ours]
    town.wait(minutes=5)
    town.hear("Bedankt, opgelost!", id="r-2", reply_to=ours[n])
    town.drain()
    assert town.case().solved_by_them


def test_who_answers_the_first_while_the_rest_is_on_its_way_too(town: Town) -> None:
    asked(town)
    town.approve(town.case(), text=LONG, messages=3)
    one_step(town)
    (first,) = [line.id for line in wiring.desk().wall(brand(), "wall") if line.ours]
    town.hear("Waar blijft de rest?", id="r-2", reply_to=first)
    town.settle(3)
    assert len(town.ours()) == 3
    assert town.case().state is CaseState.OPEN
    assert town.case().mention.id == "r-2"


def one_step(town: Town) -> None:
    """The delivery's first message, and no more."""
    _, (delivery,) = town.history(town.case())
    deliverer(town).run(Deliver(delivery.key))


def test_the_brake_stops_what_has_not_left(town: Town) -> None:
    three = parts(asked(town))
    town.approve(town.case(), text=LONG, messages=3)
    one_step(town)
    brake = wiring.brakes().pull(brand().id, "Noor", town.now)
    town.settle(3)
    assert tuple(town.ours()) == three[:1]
    _, (held,) = town.history(town.case())
    assert held.state is DeliveryState.HELD
    wiring.brakes().lift(brand().id, brake, "Noor", town.now)
    answer.drop(held.key, "Noor", deliveries=wiring.deliveries(), cases=wiring.cases(), now=town.now)
    case = town.case()
    assert case.state is CaseState.STUCK
    assert case.draft
    assert case.draft.text.split() == " ".join(bare(three[n], n + 1, 3) for n in (1, 2)).split()


def test_what_is_refused_half_way_leaves_the_rest_to_a_person(town: Town) -> None:
    three = parts(asked(town))
    town.approve(town.case(), text=LONG, messages=3)
    one_step(town)
    wiring.desk().set_mood(brand(), "wall", "refuse")
    town.settle(3)
    case = town.case()
    _, (failed,) = town.history(case)
    assert (case.state, failed.state, len(failed.standing)) == (CaseState.STUCK, DeliveryState.FAILED, 1)
    assert case.draft
    assert case.draft.text.split()[0] == three[1].split()[0]
    wiring.desk().set_mood(brand(), "wall", "")
    rest = case.draft.text
    town.approve(case, text=rest, messages=len(answer.messages_of(rest, case, counts())))
    town.settle(3)
    assert town.case().state is CaseState.ANSWERED
    words = " ".join(bare(each, 1, 3) for each in town.ours()).split()
    assert [word for word in words if "/" not in word] == LONG.split()


@pytest.mark.crash
@pytest.mark.parametrize("mood", ["", "lost", "lists-late"])
def test_each_message_is_sent_once(
    mood: str, aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        mend(monkeypatch)
        return asked(Town(aws.fresh(), feeds, monkeypatch))

    def run(town: Town, points: Points) -> None:
        wiring.desk().set_mood(brand(), "wall", mood)
        breakable(points, monkeypatch)
        town.approve(town.case(), text=LONG, messages=3)
        town.drain(duplicate=True)

    def redeliver(town: Town) -> None:
        mend(monkeypatch)
        if town.case().state is CaseState.OPEN:
            town.approve(town.case(), text=LONG, messages=3)
        town.until(lambda: states(town) == {DeliveryState.CONFIRMED}, 20)

    three: tuple[str, ...] = ()
    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        three = three or parts(town)
        assert tuple(town.ours()) == three, broken_at
        case = town.case()
        assert case.state is CaseState.ANSWERED, broken_at
        events, (delivery,) = town.history(case)
        assert len(delivery.standing) == 3, broken_at
        assert [e.text for e in events if e.kind is EventKind.PART] == list(three[:2]), broken_at
        assert aws.waiting("deliver-dead") == [], broken_at
        assert logged(town) == done_or_sent(town), broken_at


def test_late_is_told_as_of_the_last(town: Town) -> None:
    asked(town)
    start = town.now
    sent(town)
    at = town.case().answered_at
    assert at
    assert start <= at <= start + timedelta(minutes=4)
