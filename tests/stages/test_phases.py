"""A conversation through its phases, as lists and programs are told them."""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.domain.audit import line
from chalicelib.domain.case import Colleague
from chalicelib.domain.phases import phases
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import answer, claim, correct, label
from tests.stages.town import BRAND, COMPLAINT, Town, brand


def now_is(town: Town) -> list[str]:
    """Of the one case that waits."""
    (row,) = wiring.cases().waits(BRAND).cases
    return [each.value for each in phases(row, town.now)]


def test_a_new_message_and_a_correction_keep_labels_and_questions(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    key, cases = town.case().key, wiring.cases()
    label.label(key, ["Boete"], [], "Sam", brand=brand(), cases=cases, now=town.now)
    noor = Colleague("u-noor", "Noor")
    claim.write_note(key, "Weet jij dit?", "Sam", asked=(noor,), cases=cases, now=town.now)
    town.wait(minutes=1)
    town.hear("En de Lindebieb antwoordt nog steeds slecht!", id="r-2", reply_to="r-1")
    town.drain()
    moved = town.case()
    assert (moved.mention.id, moved.labels, moved.asked) == ("r-2", ("boete",), (noor,))
    for feeling in (Sentiment.NEUTRAL, Sentiment.NEGATIVE):
        correct.correct(
            moved.mention,
            feeling,
            "Sam",
            "u-sam",
            line=line(BRAND, town.now, f"said-{feeling}", "verdict.correct", by="Sam"),
            brand=brand(),
            mentions=wiring.mentions(),
            corrections=wiring.corrections(),
            cases=cases,
            now=town.now,
        )
    again = town.case()
    assert (again.mention.id, again.labels, again.asked) == ("r-2", ("boete",), (noor,))


def test_what_was_answered_and_comes_back_is_told_as_opened_again(town: Town) -> None:
    town.hear(COMPLAINT)
    town.drain()
    assert now_is(town) == ["new", "drafted"]
    case, cases = town.case(), wiring.cases()
    claim.take(case.key, case.rev, "Noor", cases=cases, now=town.now)
    assert now_is(town) == ["claimed", "drafted"]
    case = town.case()
    answer.save_draft(case.key, case.rev, "We kijken het na. Noor", "Noor", cases=cases, now=town.now)
    assert now_is(town) == ["claimed", "approval"]
    case = town.case()
    claim.snooze(case.key, case.rev, town.now + timedelta(minutes=2), "", "Noor", cases=cases, now=town.now)
    assert now_is(town) == ["approval", "snoozed"]
    town.approve(town.case(), by="Sam", text="@kees We kijken het na. Sam, Lindebieb")
    town.settle(2)
    assert not wiring.cases().waits(BRAND).cases
    town.hear("En de Lindebieb antwoordt nog steeds slecht!", id="r-2", reply_to="r-1")
    town.drain()
    assert now_is(town) == ["reopened", "drafted"]
