"""Stage 3. Open a case for what asks for work: with a due time, a department and a draft.

The draft of a question is the answer that the brand's knowledge clearly has, else a template.

The order of effects, for each mention: the case (only if its conversation has none; else moved on to the
newest message, together with the history's line of the one before), the alias that keeps the thread
together, and where the brand has a standing approval, the holding reply under it (`holding.py`). After all of
them, and before their messages are let go, the calls of webhooks and the alerts: added to a set, then sent if
the department was not told a moment ago. A crash anywhere repeats the whole and changes nothing twice; only
an alert's mail or a call may come twice, never not at all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from chalicelib.domain import clock, events, helped
from chalicelib.domain.alerting import LATE, bell, looked_until, ring
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import (
    SAID,
    UNASKED,
    Case,
    CaseEvent,
    CaseKey,
    CaseState,
    EventKind,
    Helped,
    heard,
)
from chalicelib.domain.drafting import draft, from_passage
from chalicelib.domain.holidays import off
from chalicelib.domain.response import Decision, decide, within
from chalicelib.errors import Conflict
from chalicelib.ports import Alerts, Brands, Cases
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.stages.claim import freed
from chalicelib.tasks import Judged, Respond, Task

if TYPE_CHECKING:
    from chalicelib.domain.knowledge import Passage

TRIES = 5
TITLE = 80
Clear: TypeAlias = "Callable[[Brand, str, str, str], Passage | None]"
"""What of a brand's knowledge clearly answers this text, in this language, for this department."""


Unsay = Callable[[Sequence[CaseKey], datetime], None]
"""`ports.Notices.unsay`."""
Strong = dict[tuple[str, str], list[CaseKey]]
"""Cases to be told of at once, by (brand, bell): gathered over all messages that one Lambda was given."""


def nothing_clear(brand: Brand, text: str, language: str, department: str) -> "Passage | None":
    """Plays `Clear` where nobody looks."""
    return None


def run(
    task: Respond,
    *,
    cases: Cases,
    brands: Brands,
    strong: Strong,
    now: datetime,
    tell_of: Tell = nobody,
    clear: Clear = nothing_clear,
    hold_off: Callable[[Case, Brand], object],
    unsay: Unsay,
) -> Sequence[tuple[Task, Exception]]:
    """Open or move on a case for each item; give back, as a task of its own, each that failed."""
    failed: list[tuple[Task, Exception]] = []
    news: dict[str, list[tuple[Case, datetime]]] = defaultdict(list)
    for item in task.judged:
        try:
            brand = brands.get(item.mention.key.brand)
            case = _case_of(item, brand, cases, clear, unsay)
            if case and brand.standing:
                hold_off(case, brand)
        except Exception as error:  # one bad mention must not take the others along
            failed.append((Respond((item,)), error))
            continue
        if case and not case.key.drill:
            news[brand.id].append((case, item.mention.heard_at))
        rung = rings(case, item, now) if case else ""
        if case and rung:
            strong.setdefault((brand.id, bell(case.department, rung, drill=case.key.drill)), []).append(
                case.key
            )
    for id, found in news.items():
        brand = brands.get(id)
        tell_of(brand, "case", (events.case(case, at, brand.console_url) for case, at in found))
    return failed


def rings(case: Case, item: Judged, now: datetime) -> str:
    """What its newest message rings for; also for being due so soon that the watch over what is nearly late
    (`nearly_late.py`) has passed it by."""
    found = ring(item.verdict.reading)
    return found or (LATE if case.due <= looked_until(now) else "")


def tell(strong: Strong, *, alerts: Alerts, flush: Callable[[str, str], object], now: datetime) -> None:
    """Ring for what `run` gathered, before the messages that brought it are let go."""
    for (brand, rung), keys in strong.items():
        if alerts.add(brand, rung, keys, now):
            flush(brand, rung)


def _case_of(item: Judged, brand: Brand, cases: Cases, clear: Clear, unsay: Unsay) -> Case | None:
    """The case this mention belongs to, opened or moved on; None where the rules ask for none."""
    mention, reading = item.mention, item.verdict.reading
    decision = decide(mention, reading, mention.heard_at)
    if mention.edit:
        from chalicelib.stages.followed import follow  # few were edited

        followed, case = follow(item, brand, decision, cases, clear, unsay)
        if followed:
            return case
    if decision.action is None:
        return None
    after = helped.read(mention.text, reading) if mention.reply_to else None
    key = conversation(item, cases)
    fresh = new_case(key, item, brand, decision, clear)

    def of_theirs(department: str) -> Case:
        return new_case(key, item, brand, decision, clear, handed_to=department)

    case = fresh if cases.open(fresh) else _moved_on(fresh, of_theirs, cases, after)
    if key.root != mention.key.id:
        cases.link(key, mention.key.id)
    return case


def conversation(item: Judged, cases: Cases) -> CaseKey:
    """Where the mention belongs: to the conversation of what it answers, if there is one; its case may have
    been merged into another."""
    mention = item.mention.key
    if answered := item.mention.reply_to:
        asked = CaseKey(mention.brand, mention.platform, answered)
        return cases.thread(asked) or asked
    return CaseKey(mention.brand, mention.platform, mention.id)


def new_case(
    key: CaseKey,
    item: Judged,
    brand: Brand,
    decision: Decision,
    clear: Clear = nothing_clear,
    *,
    handed_to: str = "",
    since: datetime | None = None,
) -> Case:
    """The case that a decision with an action asks for; a question's draft is made of what is clear. Where a
    person chose the department (`handed_to`), it is due by that one's hours. What asks for work `since` later
    than it was received is due from then on."""
    mention, reading = item.mention, item.verdict.reading
    if decision.action is None:
        raise ValueError("a case needs an action")
    department = brand.department(handed_to or item.verdict.department)
    received = min(mention.posted_at, mention.heard_at)
    promised = within(department, decision, reading)
    reckoning = clock.due(since or received, promised, department.hours, brand.zone, off(brand, department))
    found = (
        clear(brand, mention.text, reading.language, department.id) if decision.reason == "question" else None
    )
    said = mention.text[:SAID]
    return Case(
        key=key,
        rev=1,
        state=CaseState.OPEN,
        action=decision.action,
        department=department.id,
        mention=mention.key,
        author=mention.author.handle,
        title=title(mention.text),
        language=reading.language,
        sentiment=reading.sentiment,
        channel=mention.channel,
        received_at=received,
        due=reckoning.due,
        reckoning=reckoning.lengths,
        rule=decision.reason,
        draft=from_passage(brand, mention.author, found, department=department.id)
        if found
        else draft(brand, mention, reading, decision.action, department=department.id),
        url=mention.url,
        said=said,
        evidence=tuple(each for each in reading.evidence if each.end <= len(said)),
        intents=reading.intents,
        topics=item.verdict.topics,
        strong=reading.strong,
        direct=mention.direct,
        reach=mention.author.followers or 0,
        edits=mention.edit.number if mention.edit else 0,
    )


def title(text: str) -> str:
    """How a conversation begins, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + "…"


def _moved_on(fresh: Case, of_theirs: Callable[[str], Case], cases: Cases, after: Helped | None) -> Case:
    """The conversation's case, now waiting for an answer to this newer message; or closed by it, where it
    answers our answer with thanks (`after`).

    Nothing changes where the case has heard this message or a newer one: a repeat reopens nothing.
    What a person wrote as a draft stays; the title stays what the conversation began with. The case
    itself is the history's line of its newest message; the one before it becomes a line of its own. Where
    it was merged into another one, it is that which moves on. `of_theirs` makes `fresh` anew for a department
    that a person chose.
    """
    for _ in range(TRIES):
        case = cases.get(fresh.key)
        if case.into:
            fresh = replace(fresh, key=case.into, thread=fresh.thread or case.key)
            continue
        if fresh.mention == case.mention:
            return case
        if (fresh.received_at, fresh.mention.id) < (case.received_at, case.mention.id):
            cases.note(fresh.key, heard(fresh))
            return case
        if case.handed:
            fresh = replace(of_theirs(case.department), key=fresh.key, thread=fresh.thread)
        first = min(case, fresh, key=lambda each: each.due) if case.state.waits_for_us else fresh
        theirs = case.draft if case.draft and case.draft.by else None
        said = after if _is_after_answer(fresh, case) else None
        moved = replace(
            fresh,
            rev=case.rev + 1,
            title=case.title,
            topics=fresh.topics or case.topics,
            state=case.state if case.state is CaseState.SENDING else CaseState.OPEN,
            replies=case.replies,
            draft=theirs or fresh.draft,
            due=first.due,
            reckoning=first.reckoning,
            handed=case.handed,
            strict=case.strict,
            taken_by=case.taken_by,
            taken_by_id=case.taken_by_id,
            taken_until=case.taken_until,
            helped=said or (case.helped if case.state.waits_for_us else None),
            asked=case.asked,
            labels=case.labels,
            joined=case.joined,
            reopened=case.reopened or case.state in (CaseState.ANSWERED, CaseState.SOLVED),
            promised=case.promised if case.state.waits_for_us else None,
            reach=max(case.reach, fresh.reach),
        )
        lines = [heard(case)]
        if said is Helped.THANKS:
            moved = _closed(moved, case)
            lines.append(_by_them(moved))
        try:
            cases.change(moved, *lines)
        except Conflict:
            continue
        return moved
    raise Conflict(f"{fresh.key} changes too fast")


def _is_after_answer(fresh: Case, case: Case) -> bool:
    """Is it theirs, and later than an answer of ours, or than a person closed their case? To the minute: a
    network tells its own clock's time, at best in whole seconds."""
    done = case.state in (CaseState.ANSWERED, CaseState.SOLVED) and case.reason != UNASKED
    theirs = fresh.author == case.author and fresh.mention != case.mention
    if not done or not theirs or case.answered_at is None:
        return False
    return case.answered_at.replace(second=0, microsecond=0) <= fresh.received_at


def _closed(moved: Case, case: Case) -> Case:
    """By their word; it was answered when it was."""
    solved = replace(freed(moved), state=CaseState.SOLVED, draft=None, answered_at=case.answered_at)
    return replace(solved, due=case.due, reckoning=case.reckoning)


def _by_them(case: Case) -> CaseEvent:
    return CaseEvent(
        at=case.received_at, id=f"solved-{case.mention.id}", kind=EventKind.SOLVED, text=Helped.THANKS.value
    )
