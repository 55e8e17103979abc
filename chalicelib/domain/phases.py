"""How a case stands, in the words of the work: reckoned from what is kept of it, and the time."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.case import CaseState, Waiting


class Phase(StrEnum):
    """`NEW`: no person did anything yet. `REOPENED`: it was answered or closed before. `CLAIMED`: somebody
    works on it. `DRAFTED`: a draft of the system is ready. `APPROVAL`: one that a person wrote waits for a
    yes. `CUSTOMER`: answered; it is their turn."""

    NEW = "new"
    REOPENED = "reopened"
    CLAIMED = "claimed"
    DRAFTED = "drafted"
    APPROVAL = "approval"
    SNOOZED = "snoozed"
    STUCK = "stuck"
    SENDING = "sending"
    CUSTOMER = "customer"
    SOLVED = "solved"


ALONE = {
    CaseState.SENDING: Phase.SENDING,
    CaseState.ANSWERED: Phase.CUSTOMER,
    CaseState.SOLVED: Phase.SOLVED,
}
"""Where nothing waits for us."""


def phases(case: Waiting, now: datetime) -> tuple[Phase, ...]:
    """All that holds now, in their order; of what waits for us often more than one."""
    if case.state in ALONE:
        return (ALONE[case.state],)
    holds = {
        Phase.REOPENED: case.reopened,
        Phase.CLAIMED: bool(case.holder(now)),
        Phase.DRAFTED: case.drafted == "",
        Phase.APPROVAL: bool(case.drafted) and case.state is CaseState.OPEN,
        Phase.SNOOZED: case.asleep(now),
        Phase.STUCK: case.state is CaseState.STUCK,
    }
    touched = any(held for phase, held in holds.items() if phase is not Phase.DRAFTED)
    return tuple(phase for phase in Phase if holds.get(phase) or (phase is Phase.NEW and not touched))
