"""How a case stands: reckoned, never kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import CaseState, Draft, waiting
from chalicelib.domain.phases import Phase, phases
from tests.aws.people import case
from tests.conftest import NOW

OURS = Draft(text="Dag", version=1, language="nl", source="sorry")
THEIRS = replace(OURS, by="Noor", by_id="noor")
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"draft": None}, ["new"]),
        ({"draft": OURS}, ["new", "drafted"]),
        ({"draft": THEIRS}, ["approval"]),
        ({"draft": OURS, "reopened": True}, ["reopened", "drafted"]),
        ({"draft": None, "taken_by": "Noor", "taken_until": LATER}, ["claimed"]),
        ({"draft": None, "taken_by": "Noor", "taken_until": NOW}, ["new"]),
        ({"draft": THEIRS, "taken_by": "Noor", "taken_until": LATER}, ["claimed", "approval"]),
        ({"draft": None, "snoozed_until": LATER}, ["snoozed"]),
        ({"draft": None, "snoozed_until": NOW}, ["new"]),
        ({"draft": THEIRS, "state": CaseState.STUCK}, ["stuck"]),
        ({"draft": None, "state": CaseState.SENDING}, ["sending"]),
        ({"draft": None, "state": CaseState.ANSWERED, "reopened": True}, ["customer"]),
        ({"draft": OURS, "state": CaseState.SOLVED}, ["solved"]),
    ],
)
def test_all_that_holds_is_told_in_order(changes: dict[str, Any], told: list[str]) -> None:
    assert [each.value for each in phases(waiting(case(**changes)), NOW)] == told


def test_every_phase_is_reached_by_some_case() -> None:
    """Nothing to choose from that can never be."""
    cases = [
        case(
            draft=draft,
            state=state,
            reopened=reopened,
            taken_by="Noor",
            taken_until=until,
            snoozed_until=slept,
        )
        for draft in (None, OURS, THEIRS)
        for state in CaseState
        for reopened in (False, True)
        for until in (None, LATER)
        for slept in (None, LATER)
    ]
    found = [phases(waiting(each), NOW) for each in cases]
    assert {phase for each in found for phase in each} == set(Phase)
    assert all(found), "each case stands somehow"
