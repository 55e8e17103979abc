"""What a case makes of a message that its author edited, removed or put back.

The case and the lines of its history are written in one transaction, conditional on the case as it was read.
A repeat finds the edit followed, or writes the same line again; where it opened the case or made it strong,
its alert may come twice.

* The message that waits was edited: the case reads as it does now, with the edit in its history. A draft that
  a person wrote stays.
* It was answered or closed, and asks for more since the edit than what was answered: the case opens again,
  due from now on. While an answer is on its way, that happens when it has arrived (`Case.turned`).
* It was removed: its words go, from the history too, and work that waits for it closes with the reason.
  After that they go from the alerts that told of it; a repeat looks for those again.
* It was put back: its words come back, and a case that had closed for that opens again.
* Any other message of the conversation: a line in the history.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import (
    NO_WORDS,
    SAID,
    WITHDRAWN,
    Action,
    Case,
    CaseEvent,
    CaseKey,
    CaseState,
    EventKind,
)
from chalicelib.domain.mention import Edit, Mention
from chalicelib.domain.response import Decision
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import Conflict
from chalicelib.ports import Cases
from chalicelib.stages.claim import freed, reopened
from chalicelib.stages.respond import Clear, Unsay, conversation, new_case, title
from chalicelib.tasks import Judged

TRIES = 5
RANKS = {"praise": 0, "question": 2, "complaint": 3}
"""Of `Case.rule`, what weighs more; the others: 1."""
Fresh = Callable[[datetime | None], Case]
"""The case as it would be if it were opened today; due since then, or since the message was received."""


def follow(
    item: Judged, brand: Brand, decision: Decision, cases: Cases, clear: Clear, unsay: Unsay
) -> tuple[bool, Case | None]:
    """Was it all there is to do? And the case, if it opened again, or is angry or happy since the edit, and
    was not before."""
    mention, edit = item.mention, item.mention.edit
    if edit is None:
        raise ValueError("nothing was edited")
    key = conversation(item, cases)
    for _ in range(TRIES):
        case = cases.find(key)
        if case is None:
            return edit.gone, None
        handed = case.department if case.handed else ""

        def fresh(since: datetime | None, key: CaseKey = case.key, handed: str = handed) -> Case:
            return new_case(key, item, brand, decision, clear, handed_to=handed, since=since)

        try:
            if edit.gone:
                _remove(case, mention, edit, cases)
                unsay((case.key, *case.joined), mention.heard_at)
                return True, None
            after = _change(case, item, edit, fresh if decision.action else None, cases)
        except Conflict:
            continue
        return True, after if after and _rings(case, after) else None
    raise Conflict(f"{key} changes too fast")


def _rings(case: Case, after: Case) -> bool:
    """A repeat, for which it is as it was, rings again: the one before may have been broken off."""
    opened = after.state.waits_for_us and after.reopened
    return opened or (after.strong and (after is case or not case.strong))


def _change(case: Case, item: Judged, edit: Edit, fresh: Fresh | None, cases: Cases) -> Case | None:
    """The case as it was written; None where it only has a line more."""
    mention = item.mention
    line = _line(mention, edit, EventKind.BACK if edit.back else EventKind.EDITED)
    if case.mention != mention.key or case.into:
        cases.note(case.key, line)
        return None
    if case.edits >= edit.number:
        return case if case.edits == edit.number else None
    waits = case.state.waits_for_us
    asks = fresh is not None and not waits and _asks_again(case, fresh(None), edit)
    if not (waits or asks or edit.back):
        cases.note(case.key, line)
        return None
    after = _as_it_reads(case, item, edit)
    lines = [line]
    if fresh and asks:
        after = _asked(after, fresh(edit.at), mention)
        if case.state is CaseState.SENDING:
            after = replace(after, turned=True)
        else:
            after = reopened(after)
            why = EventKind.BACK.value if edit.back else ""
            id = f"reopened-{mention.key.id}-{edit.number}"
            lines.append(CaseEvent(at=edit.at, id=id, kind=EventKind.REOPENED, text=why))
    elif fresh and waits:
        made = fresh(None)
        first = min(case, made, key=lambda each: each.due)
        after = replace(_asked(after, made, mention), due=first.due, reckoning=first.reckoning)
    cases.change(after, *lines)
    return after


def _asks_again(case: Case, fresh: Case, edit: Edit) -> bool:
    """Does it ask for what was not answered? Thanks are not said twice, nor is a slip of the pen work."""
    if case.reason == WITHDRAWN:
        return edit.back
    if fresh.action is Action.THANK:
        return False
    graver = RANKS.get(fresh.rule, 1) > RANKS.get(case.rule, 1)
    angrier = fresh.strong and fresh.sentiment is Sentiment.NEGATIVE
    return graver or edit.more or (angrier and not (case.strong and case.sentiment is fresh.sentiment))


def _as_it_reads(case: Case, item: Judged, edit: Edit) -> Case:
    mention, reading = item.mention, item.verdict.reading
    said = mention.text[:SAID]
    return replace(
        case,
        rev=case.rev + 1,
        title=title(mention.text) if edit.back and _begins(case, mention) else case.title,
        url=mention.url,
        said=said,
        evidence=tuple(each for each in reading.evidence if each.end <= len(said)),
        language=reading.language,
        sentiment=reading.sentiment,
        intents=reading.intents,
        topics=item.verdict.topics or case.topics,
        strong=reading.strong,
        edits=edit.number,
    )


def _asked(case: Case, fresh: Case, mention: Mention) -> Case:
    """With what is asked of us now."""
    return replace(
        case,
        title=fresh.title if _begins(case, mention) else case.title,
        action=fresh.action,
        rule=fresh.rule,
        department=case.department if case.handed else fresh.department,
        draft=case.draft if case.draft and case.draft.by else fresh.draft,
        due=fresh.due,
        reckoning=fresh.reckoning,
    )


def _remove(case: Case, mention: Mention, edit: Edit, cases: Cases) -> None:
    lines = [_line(mention, edit, EventKind.GONE), *_without_words(case, mention, cases)]
    after = replace(case, rev=case.rev + 1, title=NO_WORDS if _begins(case, mention) else case.title)
    if case.mention == mention.key:
        after = replace(after, said=NO_WORDS, evidence=(), url="", edits=edit.number)
        if case.state.waits_for_us:
            after = replace(freed(after), state=CaseState.SOLVED, reason=WITHDRAWN, draft=None)
            after = replace(after, answered_at=case.answered_at or edit.at)
            id = f"solved-{mention.key.id}"
            lines.append(CaseEvent(at=edit.at, id=id, kind=EventKind.SOLVED, text=WITHDRAWN))
    if replace(after, rev=case.rev) != case:
        cases.change(after, *lines)
        return
    for line in lines:
        cases.note(case.key, line)


def _without_words(case: Case, mention: Mention, cases: Cases) -> list[CaseEvent]:
    """The lines of its edits as they are to be from now on, each under the case that has it."""
    theirs = {part: cases.history(part)[0] for part in case.joined}
    joined = [each for events in theirs.values() for each in events]
    own = [each for each in cases.history(case.key)[0] if each not in joined]
    of = [(case.key, each) for each in own] + [(part, each) for part in theirs for each in theirs[part]]
    return [
        replace(each, text="", was="", thread=key)
        for key, each in of
        if each.kind is EventKind.EDITED and each.mention == mention.key
    ]


def _begins(case: Case, mention: Mention) -> bool:
    """Has the case its title of this message?"""
    return case.key == CaseKey(mention.key.brand, mention.key.platform, mention.key.id)


def _line(mention: Mention, edit: Edit, kind: EventKind) -> CaseEvent:
    return CaseEvent(
        at=edit.at,
        id=f"{kind}-{mention.key.id}-{edit.number}",
        kind=kind,
        mention=mention.key,
        text="" if edit.back else mention.text[:SAID],
        was=edit.was,
    )
