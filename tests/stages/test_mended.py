"""An answer that stands at its network is corrected or taken back: by a named person, once, and its case's
history has what it said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.errors import BadInput, Conflict, Unknown
from chalicelib.platforms import sandbox
from chalicelib.ports import Brake
from chalicelib.stages import mend
from tests.harness.crash import Crash, Points
from tests.stages.town import BRAND, Town
from tests.web.browser import Browser
from tests.web.checks import faults, text_of

MINUTES = timedelta(minutes=5)
NEW = "@kees Het boek ligt nu bij de balie."
OLD = "@kees Het boek ligt klaar."


def answered(town: Town) -> CaseKey:
    """Somebody complained on the wall, and our answer stands below it."""
    town.hear(text="Wat een puinhoop bij de lindebieb!", author="kees")
    town.tick()
    town.drain()
    case = town.case()
    town.approve(case, "Noor", OLD)
    town.drain()
    assert town.ours() == [OLD]
    return case.key


def sent(key: CaseKey) -> Delivery:
    return wiring.cases().history(key)[1][-1]


def lines(key: CaseKey) -> list[CaseEvent]:
    return wiring.cases().history(key)[0]


def take_back(town: Town, key: CaseKey, by: str = "Sam") -> None:
    mend.take_back(sent(key).key, by, **_ways(town), now=town.now)


def _unanswered(self: sandbox.Sandbox, remote_id: str, text: str) -> None:
    raise Unknown("sandbox", "no answer")


def correct(
    town: Town,
    key: CaseKey,
    text: str = NEW,
    by: str = "Sam",
    strict: bool = False,
    past: Brake | None = None,
) -> None:
    case = replace(wiring.cases().get(key), strict=strict)
    brand = wiring.brands().get(BRAND)
    mend.correct(sent(key).key, text, by, case=case, brand=brand, **_ways(town), now=town.now, past=past)


def _ways(town: Town) -> dict[str, Any]:
    return {
        "cases": wiring.cases(),
        "deliveries": wiring.deliveries(),
        "tasks": wiring.tasks(),
        "counts": town.counts("wall"),
    }


def test_a_corrected_answer_says_the_new_text_and_the_history_has_both(town: Town) -> None:
    key = answered(town)
    correct(town, key)
    town.drain()
    after = sent(key)
    assert town.ours() == [NEW]
    assert (after.state, after.text, after.approved_by) == (DeliveryState.CONFIRMED, NEW, "Sam")
    going, done = lines(key)[-2:]
    assert (going.kind, going.by, going.was, going.text) == (EventKind.EDITING, "Sam", OLD, NEW)
    assert done.kind is EventKind.MENDED
    assert wiring.cases().get(key).state is CaseState.ANSWERED


def test_what_was_taken_back_is_gone_and_the_case_is_a_persons_to_open(town: Town) -> None:
    key = answered(town)
    take_back(town, key)
    with pytest.raises(Conflict):
        take_back(town, key)
    with pytest.raises(Conflict):
        correct(town, key)
    town.drain()
    assert town.ours() == []
    assert sent(key).state is DeliveryState.REMOVED
    going, done = lines(key)[-2:]
    assert (going.kind, going.by, going.was, done.kind) == (
        EventKind.REMOVING,
        "Sam",
        OLD,
        EventKind.REMOVED,
    )
    assert wiring.cases().get(key).state is CaseState.ANSWERED


@pytest.mark.parametrize("verb", ["correct", "take back"])
def test_what_the_network_refuses_stands_as_it_did_and_says_so(town: Town, verb: str) -> None:
    key = answered(town)
    wiring.desk().set_mood(wiring.brands().get(BRAND), "wall", "refuse")
    town.now += timedelta(seconds=1)
    correct(town, key) if verb == "correct" else take_back(town, key)
    town.now += timedelta(seconds=1)
    town.drain()
    assert town.ours() == [OLD]
    assert sent(key).state is DeliveryState.CONFIRMED
    assert sent(key).reason.startswith("could not be ")
    assert lines(key)[-1].text == sent(key).reason


@pytest.mark.parametrize("tried", [False, True])
def test_the_brake_stops_a_correction_that_has_not_left(
    town: Town, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In waiting, or in retries; and letting go of the brake sends nothing by itself."""
    key = answered(town)
    correct(town, key)
    if tried:
        with monkeypatch.context() as patch:
            patch.setattr(sandbox.Sandbox, "edit", _unanswered)
            town.run(town.now + timedelta(seconds=5))
        assert sent(key).tries
    town.now += timedelta(seconds=1)
    town.pull()
    town.run(town.now + MINUTES)
    stands = sent(key)
    assert (town.ours(), stands.state, stands.text) == ([OLD], DeliveryState.CONFIRMED, OLD)
    assert stands.reason == lines(key)[-1].text == "could not be corrected: the brake was on"
    assert town.decide("release") == []
    town.run(town.now + MINUTES)
    assert town.ours() == [OLD]
    correct(town, key)
    town.run(town.now + MINUTES)
    assert town.ours() == [NEW]


def test_a_correction_that_arrived_before_the_brake_is_not_denied(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = answered(town)
    correct(town, key)
    told = sandbox.Sandbox.edit

    def edit(self: sandbox.Sandbox, remote_id: str, text: str) -> None:
        told(self, remote_id, text)
        raise Unknown("sandbox", "no answer")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "edit", edit)
        town.run(town.now + timedelta(seconds=5))
    town.now += timedelta(seconds=1)
    town.pull()
    town.run(town.now + MINUTES)
    assert (town.ours(), sent(key).text, sent(key).reason) == ([NEW], NEW, "")


def test_the_brake_lets_a_person_take_back(town: Town) -> None:
    key = answered(town)
    town.pull()
    take_back(town, key)
    town.run(town.now + MINUTES)
    assert town.ours() == []


def test_who_may_lets_a_correction_past_this_pull_of_the_brake(town: Town) -> None:
    key = answered(town)
    pulled = town.pull()
    correct(town, key, past=pulled)
    town.run(town.now + MINUTES)
    assert town.ours() == [NEW]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OLD, "that is what it says"),
        ("", "there is nothing to send"),
        ("x" * 501, "1 characters too long for webhook"),
        ("@kees [wat?]", "still to be filled in"),
        ("@kees We bellen je morgen terug.", "makes no new promise"),
    ],
)
def test_what_cannot_stand_there_is_told_and_nothing_is_asked(town: Town, text: str, said: str) -> None:
    key = answered(town)
    with pytest.raises(BadInput, match=said):
        correct(town, key, text)
    assert sent(key).state is DeliveryState.CONFIRMED


def test_where_two_people_see_each_answer_one_alone_corrects_none(town: Town) -> None:
    key = answered(town)
    with pytest.raises(BadInput, match="two people see each answer here"):
        correct(town, key, strict=True)
    with pytest.raises(BadInput, match="a named person approves"):
        correct(town, key, by="")
    with pytest.raises(BadInput, match="a named person approves"):
        take_back(town, key, by="")


def test_all_messages_of_a_long_answer_go(town: Town) -> None:
    key = answered(town)
    town.drain()
    first = sent(key)
    brand = wiring.brands().get(BRAND)
    desk = wiring.channel_platform(brand, "wall")
    second = desk.publish(None, "(2/2)", "another", "nl")
    parts = replace(first, parts=(OLD, "(2/2)"), standing=(first.remote_id, second.remote_id))
    assert wiring.deliveries().settle(parts)
    with pytest.raises(BadInput, match="an answer in several messages is not corrected"):
        correct(town, key)
    take_back(town, key)
    town.drain()
    assert town.ours() == []


@pytest.mark.parametrize("verb", ["correct", "take back"])
@pytest.mark.parametrize("mode", ["before", "after"])
def test_broken_off_anywhere_it_ends_as_if_it_was_not(
    town: Town, verb: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call of AWS is broken off at once: who saw the error asks again, and the schedule finds what was
    written and not told."""
    key = answered(town)
    ask = correct if verb == "correct" else take_back
    for k in range(1, 12):
        points = Points(mode, k)
        try:
            with points:
                ask(town, key)
        except (Crash, Conflict):
            pass
        if sent(key).state is not DeliveryState.CONFIRMED or not points.crashed:
            break
    assert sent(key).state in (DeliveryState.EDITING, DeliveryState.REMOVING)
    town.run(town.now + MINUTES)
    assert town.ours() == ([NEW] if verb == "correct" else [])
    kinds = [line.kind for line in lines(key)]
    assert kinds.count(EventKind.EDITING) + kinds.count(EventKind.REMOVING) == 1


def test_a_person_does_both_on_the_cases_page(town: Town, console: Browser) -> None:
    key = answered(town)
    path = f"/cases/{key.slug}"
    page = console.get(path).body.decode()
    assert faults(page) == []
    assert "Correct this answer at the network" in text_of(page)
    wrong = console.post(f"{path}/correct", {"reply": "1", "correction": "x" * 501})
    assert wrong.status_code == 422
    assert faults(wrong.body.decode()) == []
    assert console.post(f"{path}/correct", {"reply": "1", "correction": NEW}).status_code == 303
    town.drain()
    shown = text_of(console.get(path).body.decode())
    assert "Sam de Wit had the answer corrected. It said:" in shown
    assert "The answer was corrected at the network" in shown
    assert console.post(f"{path}/take-back", {"reply": "1"}).status_code == 303
    assert console.post(f"{path}/take-back", {"reply": "1"}).status_code == 409
    assert console.post(f"{path}/take-back", {"reply": "2"}).status_code == 404
    town.drain()
    page = console.get(path).body.decode()
    assert faults(page) == []
    assert "The answer was taken away at the network" in text_of(page)
    assert town.ours() == []
    log = text_of(console.get("/audit?month=2026-11").body.decode())
    assert "corrected a reply" in log
    assert "took a reply back" in log
