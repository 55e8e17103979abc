"""What a case makes of a message that its author edited or removed.

The case and the lines of its history are written in one transaction, conditional on the case as it was read.
A repeat finds the edit followed, or writes the same line again.

* The message that waits was edited: the case reads as it does now, with the edit in its history. A draft that
  a person wrote stays. Nothing is opened or closed by it.
* It was removed: its words go, from the history too, and work that waits for it closes with the reason.
* Any other message of the conversation: a line in the history.
"""

from dataclasses import replace

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import (
    SAID,
    WITHDRAWN,
    Case,
    CaseEvent,
    CaseKey,
    CaseState,
    EventKind,
)
from chalicelib.domain.mention import Edit, Mention
from chalicelib.domain.response import Decision
from chalicelib.errors import Conflict
from chalicelib.ports import Cases
from chalicelib.stages.claim import freed
from chalicelib.stages.respond import Clear, conversation, new_case
from chalicelib.tasks import Judged

TRIES = 5
NO_WORDS = "[…]"
"""The title of a case whose message was removed."""


def follow(
    item: Judged, brand: Brand, decision: Decision, cases: Cases, clear: Clear
) -> tuple[bool, Case | None]:
    """Was it all there is to do? And the case, if it is angry or happy since the edit, and was not before."""
    mention, edit = item.mention, item.mention.edit
    if edit is None:
        raise ValueError("nothing was edited")
    key = conversation(item, cases)
    for _ in range(TRIES):
        case = cases.find(key)
        if case is None:
            return edit.gone, None
        try:
            if edit.gone:
                _remove(case, mention, edit, cases)
                return True, None
            fresh = new_case(case.key, item, brand, decision, clear) if decision.action else None
            after = _change(case, item, edit, fresh, cases)
            return True, after if after and after.strong and not case.strong else None
        except Conflict:
            continue
    raise Conflict(f"{key} changes too fast")


def _change(case: Case, item: Judged, edit: Edit, fresh: Case | None, cases: Cases) -> Case | None:
    """The case as it was written; None where it only has a line more."""
    mention, reading = item.mention, item.verdict.reading
    line = _line(mention, edit, EventKind.EDITED)
    if case.mention != mention.key or not case.state.waits_for_us:
        cases.note(case.key, line)
        return None
    if case.edits >= edit.number:
        return None
    said = mention.text[:SAID]
    after = replace(
        case,
        rev=case.rev + 1,
        said=said,
        evidence=tuple(each for each in reading.evidence if each.end <= len(said)),
        language=reading.language,
        sentiment=reading.sentiment,
        intents=reading.intents,
        topics=item.verdict.topics or case.topics,
        strong=reading.strong,
        edits=edit.number,
    )
    if fresh:
        first = min(case, fresh, key=lambda each: each.due)
        after = replace(
            after,
            title=fresh.title if _begins(case, mention) else case.title,
            action=fresh.action,
            rule=fresh.rule,
            department=case.department if case.handed else fresh.department,
            draft=case.draft if case.draft and case.draft.by else fresh.draft,
            due=first.due,
            reckoning=first.reckoning,
        )
    cases.change(after, line)
    return after


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
        text=mention.text[:SAID],
        was=edit.was,
    )
