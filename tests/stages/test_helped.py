"""Did it help? Their thanks close a case by themselves, their complaint opens it again; whoever else writes,
and whatever is still asked, does neither."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.case import Case, CaseState, EventKind, Helped
from chalicelib.domain.turns import turns
from chalicelib.stages import answer
from tests.harness.crash import Points, every_crash
from tests.harness.world import World
from tests.servers.feeds import Feeds
from tests.stages.town import COMPLAINT, Town, brand


def answered(town: Town) -> Case:
    """A complaint of Kees that we answered, with the answer seen at the network."""
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    town.approve(town.case())
    town.settle(2)
    assert town.case().state is CaseState.ANSWERED
    return town.case()


def writes(town: Town, text: str, id: str = "r-2", author: str = "kees") -> Case:
    town.wait(minutes=30)
    town.hear(text, id=id, author=author, reply_to="r-1")
    town.drain()
    return town.case()


@pytest.mark.parametrize("text", ["Bedankt, opgelost!", "Works again, thank you so much", "Het werkt weer."])
def test_thanks_close_the_case_by_the_customers_word(town: Town, text: str) -> None:
    before = answered(town)
    case = writes(town, text)
    assert (case.state, case.helped, case.solved_by_them) == (CaseState.SOLVED, Helped.THANKS, True)
    assert (case.answered_at, case.due, case.draft) == (before.answered_at, before.due, None)
    assert wiring.cases().waits(brand().id).cases == ()
    (done,), _ = wiring.cases().done(brand().id, "2026-11")
    assert (done.state, done.by_them) == (CaseState.SOLVED, True)
    events, sent = town.history(case)
    assert [(event.kind, event.by) for event in events[-2:]] == [
        (EventKind.HEARD, ""),
        (EventKind.SOLVED, ""),
    ]
    first, last = turns(case, events, sent)
    assert (first.answered_at, last.closed, last.by_them) == (before.answered_at, True, True)


@pytest.mark.parametrize("text", ["Nog steeds slecht, ik ben boos!", "Bedankt, maar nog steeds niemand"])
def test_the_same_complaint_opens_it_again_and_says_so(town: Town, text: str) -> None:
    answered(town)
    case = writes(town, text)
    assert (case.state, case.helped) == (CaseState.OPEN, Helped.AGAIN)
    assert [each.helped for each in wiring.cases().waits(brand().id).cases] == [Helped.AGAIN]
    case = writes(town, "Waar blijft het antwoord van de Lindebieb?", id="r-3")
    assert case.helped is Helped.AGAIN, "until we answered"
    town.approve(case)
    town.settle(2)
    assert writes(town, "Opgelost, bedankt", id="r-4").solved_by_them
    assert writes(town, "Helaas, het doet het opnieuw niet", id="r-5").state is CaseState.OPEN


def test_who_still_asks_something_is_answered(town: Town) -> None:
    answered(town)
    case = writes(town, "Bedankt! Hoe laat komt de monteur?")
    assert (case.state, case.helped) == (CaseState.OPEN, None)


def test_somebody_elses_thanks_close_nothing(town: Town) -> None:
    answered(town)
    case = writes(town, "Fijn geholpen hier, bedankt Lindebieb!", author="anna")
    assert not case.solved_by_them


def test_thanks_before_we_answered_close_nothing(town: Town) -> None:
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    assert writes(town, "Bedankt, opgelost!").state is CaseState.OPEN


def test_thanks_count_in_the_very_second_of_our_answer(town: Town) -> None:
    """A network tells whole seconds; ours are finer."""
    town.wait(milliseconds=700)
    before = answered(town)
    assert before.answered_at
    assert before.answered_at.microsecond
    town.now = before.answered_at + timedelta(milliseconds=100)
    town.hear("Bedankt, opgelost!", id="r-2", reply_to="r-1")
    town.drain()
    assert town.case().solved_by_them


def test_what_we_closed_is_theirs_when_they_say_so(town: Town) -> None:
    town.hear(COMPLAINT, id="r-1")
    town.drain()
    case = town.case()
    answer.solve(case.key, case.rev, "Noor", cases=wiring.cases(), now=town.now + timedelta(minutes=1))
    assert not town.case().solved_by_them
    assert writes(town, "Opgelost, bedankt!").solved_by_them


def test_a_repeat_or_an_older_message_changes_nothing(town: Town) -> None:
    answered(town)
    case = writes(town, "Bedankt, opgelost!")
    town.hear("Bedankt, opgelost!", id="r-2", reply_to="r-1")
    town.hear(COMPLAINT, id="r-1")
    town.drain(duplicate=True)
    assert town.case() == case
    assert [event.kind for event in town.history(case)[0]].count(EventKind.SOLVED) == 1


@pytest.mark.crash
def test_thanks_close_a_case_once_wherever_it_breaks_off(
    aws: World, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fresh() -> Town:
        town = Town(aws.fresh(), feeds, monkeypatch)
        answered(town)
        town.wait(minutes=30)
        return town

    def run(town: Town, points: Points) -> None:
        town.hear("Bedankt, opgelost!", id="r-2", reply_to="r-1")
        town.drain()

    def redeliver(town: Town) -> None:
        town.hear("Bedankt, opgelost!", id="r-2", reply_to="r-1")
        town.until(lambda: town.case().state is CaseState.SOLVED, 12)

    for mode, k, town in every_crash(fresh, run, redeliver):
        broken_at = f"{mode} call {k}"
        case = town.case()
        assert case.solved_by_them, broken_at
        kinds = [event.kind for event in town.history(case)[0]]
        assert (kinds.count(EventKind.HEARD), kinds.count(EventKind.SOLVED)) == (2, 1), broken_at
