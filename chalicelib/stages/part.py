"""A person says of a copy (`copies.py`) that it is a story of its own.

One transaction: the mention, which is no copy any more; the list of the first one; the case that it would
have opened, if any; the log, and what webhooks are told. It rings no bell: who said it has it before them.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import events
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.response import decide
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Mentions
from chalicelib.stages.notify import calls
from chalicelib.stages.respond import new_case
from chalicelib.tasks import Judged

TRIES = 5


def part(key: MentionKey, *, line: AuditLine, brand: Brand, mentions: Mentions, now: datetime) -> Case | None:
    """The case that it opened. Said twice it changes nothing the second time.

    Raises NotFound for a mention that is not there or waits for its verdict, Conflict if others change it all
    the time.
    """
    for _ in range(TRIES):
        copy, verdict = mentions.get(key)
        if verdict is None:
            raise NotFound(f"{key} has no verdict yet")
        if copy.copy_of is None:
            return None
        own = replace(copy, copy_of=None)
        decision = decide(own, verdict.reading, own.heard_at)
        judged = Judged(own, verdict)
        case = (
            new_case(CaseKey(key.brand, key.platform, key.id), judged, brand, decision)
            if decision.action
            else None
        )
        told = [events.case(case, now, brand.console_url)] if case else []
        try:
            mentions.part(
                copy,
                decision.action.value if decision.action else "ignore",
                line,
                sites=_left(key, copy.copy_of, mentions),
                case=case,
                calls=calls(brand, told, now),
            )
        except Conflict:
            continue
        return case
    raise Conflict(f"{key} changes too fast")


def _left(copy: MentionKey, first: MentionKey, mentions: Mentions) -> tuple[str, ...]:
    """The sites of it on which no other copy stands; () where the first one is not there any more."""
    if not mentions.get_many([first]):
        return ()
    listed = mentions.copies(first)
    others = {each.site for each in listed if each.key != copy}
    return tuple({each.site for each in listed if each.key == copy} - others)
