"""A person says that a verdict was wrong. It takes effect at once: for the mention, and for its case.

That it was right is kept too, once: what is never checked where it is right says nothing about how often it
is (`teach.py`). Nothing else changes by it.

The order of effects: mention, correction, log, case and what webhooks are told are one transaction,
conditional on the verdict and the case as they were read; after it, for a message further down its
conversation, the alias. A crash before the transaction leaves everything as it was; the alias lost costs
nothing that the next message does not mend.

The case follows by the rules that opened it (`response.decide`):

* work that was not asked before opens a case, or moves on the one that waits with this message;
* work that is not asked any more closes the case that waits with this message, unless a reply is on its way;
* what a correction closed another one opens again. What a person closed or answered stays so.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import events
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import UNASKED, Case, CaseEvent, CaseState, EventKind
from chalicelib.domain.correcting import CHOICES, corrected, correction
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.response import Decision, decide
from chalicelib.domain.verdict import Sentiment, Verdict
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Cases, Corrections, Mentions
from chalicelib.stages.claim import freed
from chalicelib.stages.notify import calls
from chalicelib.stages.respond import conversation, new_case
from chalicelib.tasks import Judged

TRIES = 5
CHECKED = "verdict.check"
"""In the log: a person said that a verdict was right."""


def correct(
    key: MentionKey,
    now_is: Sentiment,
    by: str,
    by_id: str,
    *,
    line: AuditLine,
    brand: Brand,
    mentions: Mentions,
    corrections: Corrections,
    cases: Cases,
    now: datetime,
) -> tuple[Sentiment, Case | None]:
    """What it was before, and the case as it then stands where it follows. `line` goes to the log, with what
    the verdict was and became. Said twice it changes nothing the second time.

    Raises NotFound for a mention that is not there, is of a drill or waits for its verdict, BadInput for
    what nobody may say, Conflict if others change the same all the time.
    """
    if now_is not in CHOICES:
        raise BadInput("label", "negative, neutral, positive or mixed")
    if key.drill:
        raise NotFound(f"{key} is of a drill: it teaches nothing")
    for _ in range(TRIES):
        mention, was = mentions.get(key)
        if was is None:
            raise NotFound(f"{key} has no verdict yet")
        if mention.held and decide(mention, was.reading, mention.heard_at).action:
            mention = replace(
                mention, held=""
            )  # it was pressing: once let through, it is talk whatever it becomes
        if was.reading.sentiment is now_is:
            _agree(mention, was, by_id, line, corrections, now)
            return now_is, None
        verdict = corrected(was, now_is, by, now)
        decision = decide(mention, verdict.reading, mention.heard_at)
        case, follows = _case(Judged(mention, verdict), brand, decision, cases)
        after = _after(case, follows, key, brand, (by, by_id), now)
        try:
            told = calls(brand, [events.correction(mention, was, verdict, by, now)], now)
            corrections.keep(
                correction(mention, was.reading, now_is, by_id, now),
                mention,
                was,
                verdict,
                decision.state,
                replace(line, before=was.reading.sentiment.value, after=now_is.value),
                case=after,
                events=_events(after, now_is, (by, by_id), now) if after else (),
                calls=told,
            )
        except Conflict:
            continue
        thread = (after.thread or after.key) if after else None
        if thread and thread.root != key.id:
            cases.link(thread, key.id)
        return was.reading.sentiment, after
    raise Conflict(f"{key} changes too fast")


def _agree(
    mention: Mention, verdict: Verdict, by_id: str, line: AuditLine, corrections: Corrections, now: datetime
) -> None:
    """Keep that the judge was right. Where a person had spoken, or somebody changes it meanwhile, there is
    nothing to say about the judge."""
    reading = verdict.reading
    if verdict.corrected or corrections.of(mention.key):
        return
    decision = decide(mention, reading, mention.heard_at)
    try:
        corrections.keep(
            correction(mention, reading, reading.sentiment, by_id, now),
            mention,
            verdict,
            verdict,
            decision.state,
            replace(line, what=CHECKED, after=reading.sentiment.value),
        )
    except Conflict:
        return


def _case(item: Judged, brand: Brand, decision: Decision, cases: Cases) -> tuple[Case | None, Case | None]:
    """The conversation's case, if there is one; and the one that the decision asks for."""
    key = conversation(item, cases)
    known = cases.find(key)
    if decision.action is None:
        return known, None
    theirs = known.department if known and known.handed else ""
    return known, new_case(known.key if known else key, item, brand, decision, handed_to=theirs)


def _after(
    case: Case | None,
    follows: Case | None,
    item: MentionKey,
    brand: Brand,
    by: tuple[str, str],
    now: datetime,
) -> Case | None:
    """The case as it is to be written; None where nothing follows. What a colleague works on is not closed
    under their hands, and what two people had to see they have to see still: a verdict that somebody corrects
    takes that away from nobody."""
    if case is None:
        return follows
    if follows is None:
        asked = case.mention == item and case.state.waits_for_us
        asked = asked and (not case.taken(now) or case.is_with(*by))
        closed = replace(freed(case), rev=case.rev + 1, state=CaseState.SOLVED, reason=UNASKED)
        return replace(closed, answered_at=case.answered_at or now) if asked else None
    if case.mention != follows.mention:
        return None
    if not case.state.waits_for_us and case.reason != UNASKED:
        return None
    theirs = case.draft if case.draft and case.draft.by else None
    two = case.wants_four_eyes(brand) and not replace(follows, draft=theirs).wants_four_eyes(brand)
    return replace(
        follows,
        rev=case.rev + 1,
        title=case.title,
        topics=follows.topics or case.topics,
        state=CaseState.OPEN if case.reason == UNASKED else case.state,
        reason="" if case.reason == UNASKED else case.reason,
        replies=case.replies,
        draft=theirs or follows.draft,
        handed=case.handed,
        strict=case.strict or two,
        reach=max(case.reach, follows.reach),
        promised=case.promised,
        helped=case.helped,
        below=case.below,
        taken_by=case.taken_by,
        taken_by_id=case.taken_by_id,
        taken_until=case.taken_until,
        snoozed_until=case.snoozed_until,
        asked=case.asked,
        labels=case.labels,
        joined=case.joined,
        reopened=case.reopened,
        thread=case.thread,
    )


def _events(case: Case, now_is: Sentiment, who: tuple[str, str], now: datetime) -> list[CaseEvent]:
    """`who` is their name and id."""
    by, by_id = who
    said = CaseEvent(
        at=now,
        id=f"corrected-{case.rev}",
        kind=EventKind.CORRECTED,
        by=by,
        by_id=by_id,
        mention=case.mention,
        text=now_is.value,
    )
    if case.state is not CaseState.SOLVED:
        return [said]
    closed = replace(said, id=f"solved-{case.rev}", kind=EventKind.SOLVED, mention=None, text=UNASKED)
    return [said, closed]
