"""What the honesty check found in an answer, in the reader's words: what is wrong, and what mends it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.honesty import Finding, Rule, blocking
from chalicelib.web.i18n import N_, Words

RULES = {
    Rule.UNNAMED: (
        N_("It does not say who writes, and for whom"),
        N_("Put your name or initials and the organisation's name in it."),
    ),
    Rule.PRAISE: (
        N_("It praises us as if somebody else did"),
        N_("Say that you work here, or leave the praise to others."),
    ),
    Rule.EXPERIENCE: (
        N_("It claims to be a customer's own experience"),
        N_("You write for the organisation: leave it out."),
    ),
    Rule.REMOVAL: (
        N_("It asks to take back or change criticism"),
        N_("Help them, whatever they wrote; what they do with it is up to them."),
    ),
    Rule.SALE: (
        N_("It offers something for sale to who complains"),
        N_("Solve what is wrong first."),
    ),
    Rule.PERSONAL: (
        N_("It has or asks for personal data where everybody reads along"),
        N_("Ask for it in a private message."),
    ),
    Rule.PROMISE: (
        N_("It promises something without saying when"),
        N_("Name a day, an hour or a term."),
    ),
}
"""(what is wrong, what mends it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """`stops`: it is sent only with a reason. `passage` is what it is about, "" for what is not there."""

    rule: str
    said: str
    mend: str
    passage: str
    stops: bool


def doubts(findings: Iterable[Finding], settings: Mapping[str, str], words: Words) -> list[Doubt]:
    """Those that stop the text first."""
    found = list(findings)
    stopping = set(blocking(found, settings))
    told = [
        Doubt(
            rule=each.rule.value,
            said=words.gettext(RULES[each.rule][0]),
            mend=words.gettext(RULES[each.rule][1]),
            passage=each.passage,
            stops=each.rule in stopping,
        )
        for each in found
    ]
    return sorted(told, key=lambda doubt: not doubt.stops)


def name(rule: str, words: Words) -> str:
    """What is wrong, in a few words; a rule that is no more stays as it is called."""
    return words.gettext(RULES[Rule(rule)][0]) if rule in set(Rule) else rule
