"""Stage 3. Open a case for what asks for work: with a due time, a department and a draft.

The order of effects, for each mention: its line in the case's history (the same line again on a
repeat), the case itself (only if its conversation has none; else moved on to the newest message), the
alias that keeps the thread together. After all of them the alerts: added to a set, then sent if the
department was not told a moment ago. A crash anywhere repeats the whole and changes nothing twice; only an
alert's mail may come twice, never not at all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, EventKind
from chalicelib.domain.drafting import draft
from chalicelib.domain.response import Decision, decide, within
from chalicelib.errors import Conflict
from chalicelib.ports import Alerts, Brands, Cases
from chalicelib.stages.alert import bell
from chalicelib.tasks import Judged, Respond, Task

TRIES = 5
TITLE = 80


def run(
    task: Respond,
    *,
    cases: Cases,
    brands: Brands,
    alerts: Alerts,
    flush: Callable[[str, str], object],
    now: datetime,
) -> Sequence[tuple[Task, Exception]]:
    """Open or move on a case for each item; give back, as a task of its own, each that failed."""
    failed: list[tuple[Task, Exception]] = []
    strong: dict[tuple[str, str], list[CaseKey]] = defaultdict(list)
    for item in task.judged:
        try:
            brand = brands.get(item.mention.key.brand)
            case = _case_of(item, brand, cases)
        except Exception as error:  # one bad mention must not take the others along
            failed.append((Respond((item,)), error))
            continue
        if case and item.verdict.reading.strong:
            strong[brand.id, bell(case)].append(case.key)
    for (brand_id, rung), keys in strong.items():
        alerts.add(brand_id, rung, keys, now)
        flush(brand_id, rung)
    return failed


def _case_of(item: Judged, brand: Brand, cases: Cases) -> Case | None:
    """The case this mention belongs to, opened or moved on; None where the rules ask for none."""
    mention, reading = item.mention, item.verdict.reading
    decision = decide(mention, reading, mention.heard_at, language=brand.languages[0])
    if decision.action is None:
        return None
    key = _conversation(item, cases)
    heard = CaseEvent(at=mention.posted_at, id=mention.key.id, kind=EventKind.HEARD, mention=mention.key)
    cases.note(key, heard)
    fresh = _new_case(key, item, brand, decision)
    case = fresh if cases.open(fresh) else _moved_on(fresh, cases)
    if key.root != mention.key.id:
        cases.link(key, mention.key.id)
    return case


def _conversation(item: Judged, cases: Cases) -> CaseKey:
    """Where the mention belongs: to the case of what it answers, if there is one."""
    mention = item.mention.key
    if answered := item.mention.reply_to:
        asked = CaseKey(mention.brand, mention.platform, answered)
        known = cases.find(asked)
        return known.key if known else asked
    return CaseKey(mention.brand, mention.platform, mention.id)


def _new_case(key: CaseKey, item: Judged, brand: Brand, decision: Decision) -> Case:
    mention, reading = item.mention, item.verdict.reading
    if decision.action is None:
        raise ValueError("a case needs an action")
    department = brand.department(item.verdict.department)
    received = min(mention.posted_at, mention.heard_at)
    reckoning = clock.due(received, within(department, decision, reading), department.hours, brand.zone)
    line = " ".join(mention.text.split())
    return Case(
        key=key,
        rev=1,
        state=CaseState.OPEN,
        action=decision.action,
        department=department.id,
        mention=mention.key,
        author=mention.author.handle,
        title=line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + "…",
        language=reading.language,
        sentiment=reading.sentiment,
        channel=mention.channel,
        received_at=received,
        due=reckoning.due,
        sum=clock.sentence(reckoning, brand.languages[0], brand.zone),
        rule=decision.reason,
        draft=draft(brand, mention, reading, decision.action, department=department.id),
        url=mention.url,
    )


def _moved_on(fresh: Case, cases: Cases) -> Case:
    """The conversation's case, now waiting for an answer to this newer message.

    Nothing changes where the case has heard this message or a newer one: a repeat reopens nothing.
    What a person wrote as a draft stays; the title stays what the conversation began with.
    """
    for _ in range(TRIES):
        case = cases.get(fresh.key)
        if (fresh.received_at, fresh.mention.id) <= (case.received_at, case.mention.id):
            return case
        theirs = case.draft if case.draft and case.draft.by else None
        moved = replace(
            fresh,
            rev=case.rev + 1,
            title=case.title,
            state=case.state if case.state is CaseState.SENDING else CaseState.OPEN,
            replies=case.replies,
            draft=theirs or fresh.draft,
            due=min(fresh.due, case.due) if case.state.waits_for_us else fresh.due,
            sum=case.sum if case.state.waits_for_us and case.due < fresh.due else fresh.sum,
        )
        try:
            cases.change(moved)
        except Conflict:
            continue
        return moved
    raise Conflict(f"{fresh.key} changes too fast")
