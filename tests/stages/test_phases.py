"""A conversation through its phases, as lists and programs are told them."""

from datetime import timedelta

from chalicelib import wiring
from chalicelib.domain.phases import phases
from chalicelib.stages import answer, claim
from tests.stages.town import BRAND, COMPLAINT, Town


def now_is(town: Town) -> list[str]:
    """Of the one case that waits."""
    (row,) = wiring.cases().waits(BRAND).cases
    return [each.value for each in phases(row, town.now)]


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
