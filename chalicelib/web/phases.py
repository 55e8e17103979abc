"""How a case stands, in words."""

from datetime import datetime

from chalicelib.domain.case import Waiting
from chalicelib.domain.phases import Phase, phases
from chalicelib.web.i18n import N_, Words

WORDS = {
    Phase.NEW: N_("New"),
    Phase.REOPENED: N_("Opened again"),
    Phase.CLAIMED: N_("Taken"),
    Phase.DRAFTED: N_("Draft ready"),
    Phase.APPROVAL: N_("Waits for approval"),
    Phase.SNOOZED: N_("Snoozed"),
    Phase.STUCK: N_("Not sent"),
    Phase.SENDING: N_("On its way"),
    Phase.CUSTOMER: N_("Answered, waits for the customer"),
    Phase.SOLVED: N_("Closed"),
}
SAID = (Phase.NEW, Phase.REOPENED, Phase.APPROVAL)
"""What a row of a list does not tell already by who works on it, its draft, or its reason."""


def told(case: Waiting, now: datetime, words: Words, only: tuple[Phase, ...] = tuple(Phase)) -> str:
    return ", ".join(words.gettext(WORDS[each]) for each in phases(case, now) if each in only)
