"""Weekend and evening: a holding reply goes by a person's yes, or under a standing approval and only under
it, once, and the case waits on; from the door to the network, on moto."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain import audit
from chalicelib.domain.brand import StandingApproval, Template
from chalicelib.domain.case import CaseState, EventKind
from chalicelib.domain.delivery import OVERTAKEN, REVOKED, STOPPED, DeliveryKey, DeliveryState
from chalicelib.domain.holding import ready as ready_for
from chalicelib.errors import BadInput, Conflict
from chalicelib.platforms import sandbox
from chalicelib.stages import answer, claim, holding
from tests.harness.meter import Meter
from tests.harness.poller import Poller
from tests.stages.town import BRAND, COMPLAINT, HANDLERS, Town, brand

SUNDAY = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
"""Two o'clock on the brand's clock; it opens on Monday at nine."""
CALM = "Hoe laat is de Lindebieb morgen open?"
SAYS = "{author} We zijn er nu niet; een collega antwoordt {when}. Noor, Lindebieb"
SENT = "@kees We zijn er nu niet; een collega antwoordt maandag voor 13:00. Noor, Lindebieb"
HOUR = timedelta(hours=1)


def line(town: Town) -> Callable[[str, str], Any]:
    return lambda what, of: audit.line(BRAND, town.now, f"r.{what}", what, of=of, by="Noor", by_id="noor")


def approval(town: Town, **changes: Any) -> StandingApproval:
    """Signed an hour ago, and known to whoever asks from now on."""
    made = StandingApproval(
        brand=BRAND,
        id="weekend",
        department="desk",
        channels=("wall",),
        texts={"nl": SAYS},
        until=SUNDAY + timedelta(days=30),
        signed_by="Noor",
        signed_by_id="noor",
        signed_at=SUNDAY - HOUR,
    )
    made = replace(made, **changes)
    assert wiring.standing().add(made, line(town)("standing.sign", made.id))
    wiring.brands.cache_clear()
    return made


@pytest.fixture
def closed(town: Town) -> Town:
    town.now = SUNDAY
    return town


def hold_off(town: Town, **changes: Any) -> DeliveryKey:
    """A person's."""
    own = Template(
        id="holding-nl", language="nl", when="holding", text="{author} Tot {when}. {agent}, Lindebieb"
    )
    here = replace(brand(), templates=(own,))
    case = town.case()
    ready = ready_for(case, here, town.now)
    given: dict[str, Any] = {
        "text": ready.text.replace("{agent}", "Noor") if ready else "",
        "brand": here,
        "cases": wiring.cases(),
        "tasks": wiring.tasks(),
        "counts": wiring.channel_platform(here, "wall"),
        "now": town.now,
        **changes,
    }
    return holding.send(case.key, case.rev, by="Noor", by_id="noor", **given)


def states(town: Town) -> list[DeliveryState]:
    return [each.state for each in town.history(town.case())[1]]


def kinds(town: Town) -> list[str]:
    return [each.kind.value for each in town.history(town.case())[0]]


def work(town: Town, *queues: str) -> None:
    """Only these workers, once each, so that what they queue waits."""
    for queue in queues:
        Poller(town.world, {queue: HANDLERS[queue]}).step()


def planned(town: Town) -> Town:
    """Heard, and the holding reply written but not sent."""
    town.hear(CALM)
    work(town, "hear", "understand", "respond")
    assert states(town) == [DeliveryState.PLANNED]
    return town


# a person's ------------------------------------------------------------------------------------------


def test_a_person_sends_what_is_ready_and_the_case_waits_on(closed: Town) -> None:
    closed.hear(CALM)
    closed.drain()
    was = closed.case()
    hold_off(closed)
    with pytest.raises(Conflict):
        hold_off(closed)  # they were told
    closed.drain()
    after = closed.case()
    assert closed.ours() == ["@kees Tot maandag voor 13:00. Noor, Lindebieb"]
    assert (after.state, after.due, after.draft) == (CaseState.OPEN, was.due, was.draft)
    assert after.promised == was.due
    assert kinds(closed) == ["heard", "holding", "sent", "confirmed"]


@pytest.mark.parametrize("text", ["", "@kees Tot maandag voor 11:00. Noor, Lindebieb"])
def test_a_text_that_is_not_the_ready_one_is_refused(closed: Town, text: str) -> None:
    closed.hear(CALM)
    closed.drain()
    with pytest.raises(Conflict):
        hold_off(closed, text=text)
    assert states(closed) == []


def test_what_a_colleague_works_on_and_what_the_honesty_check_stops_is_refused(closed: Town) -> None:
    closed.hear(CALM)
    closed.drain()
    case = closed.case()
    unsigned = replace(
        brand(), templates=(Template(id="h", language="nl", when="holding", text="Tot {when}"),)
    )
    stops = replace(unsigned, honesty={"unnamed": "block"})
    with pytest.raises(BadInput, match="honesty"):
        hold_off(closed, text="Tot maandag voor 13:00", brand=stops)
    claim.take(case.key, case.rev, "Sam", by_id="sam", cases=wiring.cases(), now=closed.now)
    with pytest.raises(BadInput, match="Sam works on it"):
        hold_off(closed)


def test_a_new_message_keeps_what_was_promised(closed: Town) -> None:
    closed.hear(CALM)
    closed.drain()
    hold_off(closed)
    closed.drain()
    closed.wait(minutes=30)
    closed.hear("En is de Lindebieb dinsdag open?", id="r-2", reply_to="r-1")
    closed.drain()
    case = closed.case()
    assert case.mention.id == "r-2"
    assert case.promised == case.due


# by itself ------------------------------------------------------------------------------------------


def test_without_a_standing_approval_nothing_is_sent_by_itself(closed: Town) -> None:
    closed.hear(CALM)
    closed.settle(3)
    assert closed.ours() == []
    assert kinds(closed) == ["heard"]


def test_under_one_it_is_sent_once_and_the_case_waits_on(closed: Town) -> None:
    signed = approval(closed)
    closed.hear(CALM)
    closed.drain()
    before = closed.case()
    assert closed.ours() == [SENT]
    assert (before.state, before.answered_at) == (CaseState.OPEN, None)
    assert before.due == before.promised == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert before.draft
    assert wiring.cases().waits(BRAND).cases[0].key == before.key
    events, (delivery,) = closed.history(before)
    assert (delivery.under, delivery.approved_by, delivery.state) == ("weekend", "Noor", "confirmed")
    told = next(event for event in events if event.kind is EventKind.HOLDING)
    assert (told.by, told.signed_at, told.text) == ("Noor", signed.signed_at, SENT)
    assert wiring.standing().sent(BRAND, "weekend", limit=9) == [delivery.key]
    lines, _ = wiring.audit().month(BRAND, "2026-11", limit=99)
    assert {"standing.sign", "case.holding", "case.sent"} <= {each.what for each in lines}

    closed.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    closed.approve(closed.case(), text="@kees Om negen uur. Noor, Lindebieb")
    closed.drain()
    after = closed.case()
    assert closed.ours() == [SENT, "@kees Om negen uur. Noor, Lindebieb"]
    assert (after.state, after.promised) == (CaseState.ANSWERED, None)


def test_where_the_network_takes_no_answer_of_ours_nothing_goes_by_itself(
    closed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor by a person's press: X answers to who names us only."""

    def unanswered(*, direct: bool, age: timedelta) -> str:
        return "" if direct and age < timedelta(0) else "they did not name us"

    monkeypatch.setattr(sandbox, "unanswered", unanswered, raising=False)
    approval(closed)
    closed.hear(CALM)
    closed.drain()
    assert closed.ours() == []
    assert kinds(closed) == ["heard"]
    with pytest.raises(BadInput, match="channel: the network takes no answer of ours here: they did not"):
        hold_off(closed, refused="they did not name us")


def test_repeats_and_redrives_send_nothing_twice(closed: Town) -> None:
    approval(closed)
    closed.hear(CALM)
    closed.drain(duplicate=True)
    closed.hear(CALM)
    closed.drain(duplicate=True)
    assert closed.ours() == [SENT]


def test_a_person_hears_by_itself_once_a_day(closed: Town) -> None:
    """Also under another conversation, and in another way of writing the handle; the next one may."""
    approval(closed)
    closed.hear(CALM)
    closed.wait(minutes=5)
    closed.hear(CALM, id="r-2")
    closed.wait(minutes=5)
    closed.hear(CALM, id="r-3", author="KEES")
    closed.hear(CALM, id="r-4", author="els")
    closed.drain()
    heard = sorted(text.partition(" ")[0].lower() for text in closed.ours())
    assert heard == ["@els", "@kees"]


def test_after_a_day_they_may_hear_again(closed: Town) -> None:
    approval(closed)
    closed.hear(CALM)
    closed.drain()
    closed.now = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    closed.hear(CALM, id="r-2")
    closed.drain()
    assert len(closed.ours()) == 2
    assert "dinsdag voor 13:00" in closed.ours()[1]


def test_while_they_are_there_nothing_goes_by_itself(town: Town) -> None:
    town.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    approval(town)
    town.hear(CALM)
    town.settle(2)
    assert town.ours() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"revoked_by": "Sam", "revoked_at": SUNDAY - HOUR},
        {"until": SUNDAY},
        {"channels": ("other",)},
        {"texts": {"en": SAYS}},
        {"department": "gone"},
    ],
)
def test_what_is_not_covered_is_not_sent(closed: Town, changes: dict[str, Any]) -> None:
    approval(closed, **changes)
    closed.hear(CALM)
    closed.settle(2)
    assert closed.ours() == []
    assert kinds(closed) == ["heard"]


@pytest.mark.parametrize(("at_night", "sent"), [(False, 0), (True, 1)])
def test_at_night_the_angry_hear_nothing_by_itself_unless_chosen(
    town: Town, at_night: bool, sent: int
) -> None:
    town.now = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # Sunday, half past eleven
    approval(town, at_night=at_night)
    town.hear(COMPLAINT)
    town.settle(2)
    assert len(town.ours()) == sent


def test_four_eyes_want_two_different_people(closed: Town) -> None:
    desk = replace(brand().departments[0], four_eyes=True)
    wiring.brands().put(replace(brand(), departments=(desk,)))
    approval(closed)
    standing = wiring.standing()
    given: dict[str, Any] = {"brand": wiring.brands().get(BRAND), "line": line(closed), "now": SUNDAY}
    with pytest.raises(BadInput, match="somebody else"):
        holding.sign_second("weekend", 1, "Noor", "noor", standing=standing, **given)
    closed.hear(CALM)
    closed.settle(2)
    assert closed.ours() == []
    after = holding.sign_second("weekend", 1, "Sam", "sam", standing=standing, **given)
    assert (after.rev, after.second_by) == (2, "Sam")
    with pytest.raises(Conflict):
        holding.sign_second("weekend", 2, "Els", "els", standing=standing, **given)
    wiring.brands.cache_clear()
    closed.hear(CALM, id="r-2", author="els")
    closed.drain()
    assert len(closed.ours()) == 1


def test_a_message_in_a_queue_is_no_proof_that_somebody_wrote(closed: Town) -> None:
    """S28: what somebody lays in the queue of cases gets no word of ours."""
    approval(closed)
    closed.hear(CALM)
    work(closed, "hear", "understand")
    (body,) = closed.world.waiting("respond")
    closed.world.client("sqs").send_message(
        QueueUrl=settings().queue_urls["respond"],
        MessageBody=body.replace("r-1", "r-invented").replace("kees", "els"),
    )
    closed.drain()
    assert len(closed.cases()) == 2
    assert closed.ours() == [SENT]


# between the write and the network ------------------------------------------------------------------


def test_what_was_revoked_meanwhile_does_not_leave(closed: Town) -> None:
    """The worker still remembers the brand as it was: the claim itself is refused."""
    approval(closed)
    planned(closed)
    holding.revoke(
        "weekend", 1, "Sam", brand=brand(), standing=wiring.standing(), line=line(closed), now=closed.now
    )
    closed.drain()
    assert closed.ours() == []
    _, (delivery,) = closed.history(closed.case())
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, REVOKED)
    assert (closed.case().state, closed.case().promised) == (CaseState.OPEN, None)


def test_what_waits_until_they_are_there_again_does_not_leave(closed: Town) -> None:
    approval(closed)
    planned(closed)
    closed.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    closed.settle(2)
    assert closed.ours() == []
    assert states(closed) == [DeliveryState.CANCELLED]


def test_who_was_answered_meanwhile_is_not_told_to_wait(closed: Town) -> None:
    approval(closed)
    planned(closed)
    closed.approve(closed.case(), text="@kees Om negen uur. Noor, Lindebieb")
    closed.drain()
    assert closed.ours() == ["@kees Om negen uur. Noor, Lindebieb"]
    first, second = closed.history(closed.case())[1]
    assert (first.state, first.reason) == (DeliveryState.CANCELLED, OVERTAKEN)
    assert second.state is DeliveryState.CONFIRMED
    assert closed.case().state is CaseState.ANSWERED


def test_under_the_brake_nothing_is_planned_by_itself(closed: Town) -> None:
    approval(closed)
    wiring.brakes().pull(BRAND, "Sam", SUNDAY)
    closed.hear(CALM)
    closed.settle(2)
    assert kinds(closed) == ["heard"]


def test_the_brake_holds_it_and_who_releases_it_too_late_sends_nothing(closed: Town) -> None:
    approval(closed)
    planned(closed)
    brake = wiring.brakes().pull(BRAND, "Sam", SUNDAY)
    closed.drain()
    assert states(closed) == [DeliveryState.HELD]
    key = closed.history(closed.case())[1][0].key
    closed.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    answer.release(
        key,
        "Sam",
        brake.pulled_at,
        deliveries=wiring.deliveries(),
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        now=closed.now,
    )
    closed.drain()
    assert closed.ours() == []
    assert states(closed) == [DeliveryState.CANCELLED]


def test_what_the_brake_held_a_person_may_stop(closed: Town) -> None:
    approval(closed)
    planned(closed)
    wiring.brakes().pull(BRAND, "Sam", SUNDAY)
    closed.drain()
    draft = closed.case().draft
    (delivery,) = closed.history(closed.case())[1]
    answer.drop(delivery.key, "Sam", deliveries=wiring.deliveries(), cases=wiring.cases(), now=closed.now)
    (delivery,) = closed.history(closed.case())[1]
    assert (delivery.state, delivery.reason) == (DeliveryState.CANCELLED, STOPPED)
    after = closed.case()
    assert (after.state, after.draft, after.promised) == (CaseState.OPEN, draft, None)


def test_an_outcome_nobody_knows_is_called_unknown_and_looked_up(closed: Town) -> None:
    approval(closed)
    planned(closed)
    wiring.desk().set_mood(brand(), "wall", "lost")
    work(closed, "deliver")
    assert states(closed) == [DeliveryState.UNKNOWN]
    wiring.desk().set_mood(brand(), "wall", "")
    closed.settle(8)
    assert closed.ours() == [SENT]
    assert states(closed) == [DeliveryState.CONFIRMED]
    assert closed.case().state is CaseState.OPEN


def test_one_the_network_refuses_leaves_the_case_as_it_was(closed: Town) -> None:
    approval(closed)
    planned(closed)
    draft = closed.case().draft
    wiring.desk().set_mood(brand(), "wall", "refuse")
    closed.drain()
    assert states(closed) == [DeliveryState.FAILED]
    after = closed.case()
    assert (after.state, after.draft, after.promised) == (CaseState.OPEN, draft, None)


def test_a_brand_without_one_pays_nothing_for_it(closed: Town) -> None:
    """The stage asks the table for nothing more than it did."""

    def asked(author: str) -> int:
        closed.hear(CALM, id=author, author=author)
        work(closed, "hear", "understand")
        with Meter() as meter:
            work(closed, "respond")
        return sum(meter.calls.values())

    asked("first")
    without = asked("second")
    approval(closed)
    asked("third")
    assert asked("fourth") > without
