"""Stage 5, a person's: write a draft, approve it, or close a case; stop a reply, or let it go after all.
Nothing leaves without this.

Approving writes the case, the delivery, what it promises and the history line in one transaction, and queues
the delivery after it. A crash in between costs nothing: the tick finds every delivery that is due.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain import clock
from chalicelib.domain.brand import Brand, Channel
from chalicelib.domain.case import Case, CaseEvent, CaseKey, CaseState, Draft, EventKind
from chalicelib.domain.delivery import BRAKED, STOPPED, Delivery, DeliveryKey, DeliveryState, changed, token
from chalicelib.domain.drafting import open_placeholders, plain, sign
from chalicelib.domain.holidays import off
from chalicelib.domain.honesty import Answer, Finding, blocking, check
from chalicelib.domain.pasted import is_page
from chalicelib.domain.thread import split, with_which
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Cases, Counts, Deliveries, Tasks
from chalicelib.stages import promising
from chalicelib.stages.claim import as_read, freed, reopened, to_approve, to_work_on
from chalicelib.stages.owners import OfCase
from chalicelib.tasks import Deliver

WHY = 500
"""Characters of a reason."""
Ring = Callable[[Case], object]
"""Tells its department of a case that comes to it nearly late."""


Over = Callable[[Case, Sequence[str]], str]
"""The scope of the budget that an answer in these messages would pass, "" where none (`charge.over`)."""


def paid(case: Case, messages: Sequence[str]) -> str:
    """An `Over` where nothing costs anything."""
    return ""


def silent(case: Case) -> None:
    """A `Ring` where nobody is to be told."""


def nothing_yet(case: Case) -> Draft:
    """What a person's draft is made from who begins with nothing."""
    return Draft(text="", version=0, language=case.language, source="")


def save_draft(
    key: CaseKey,
    rev: int,
    text: str,
    by: str,
    *,
    by_id: str = "",
    of: Draft | None = None,
    cases: Cases,
    now: datetime,
) -> Case:
    """Keep a person's version of the draft; who changes nothing in it has not written it. `of` is what it was
    made from, where that is not the draft that stood there. Raises Conflict if the case changed since `rev`,
    BadInput."""
    case = to_work_on(cases, key, rev, by, by_id, now)
    text = _clean(text)
    was = case.draft
    of = of or was or nothing_yet(case)
    draft = replace(
        of,
        text=text,
        version=was.version + 1 if was else 1,
        by=was.by if was and was.text == text else by,
        by_id=was.by_id if was and was.text == text else by_id,
        made=of.original,
    )
    changed = replace(case, rev=case.rev + 1, draft=draft)
    before = was.text if was else ""
    event = CaseEvent(
        at=now,
        id=f"draft-{draft.version}",
        kind=EventKind.DRAFTED,
        by=by,
        by_id=by_id,
        text=text,
        before=before,
        model=draft.model,
    )
    cases.change(changed, event)
    return changed


def approve(
    key: CaseKey,
    rev: int,
    text: str,
    by: str,
    *,
    by_id: str = "",
    signed: str = "",
    anyway: str = "",
    promised: promising.Said = MappingProxyType({}),
    messages: int = 1,
    refused: str = "",
    over: Over = paid,
    exceed: bool = False,
    brand: Brand,
    cases: Cases,
    tasks: Tasks,
    counts: Counts | None,
    now: datetime,
) -> DeliveryKey:
    """A named person says yes to exactly this text; it is sent once, in so many `messages` as `messages_of`
    makes of it: their yes is to that too. `signed` is the name that stands under it, where that is another
    than `by`; `anyway` is why it is sent although the honesty check stops it, kept with it only where that is
    so; `promised` is what they said of the promises in it; `refused` why the network takes no answer of ours
    to this message, "" where it does. What it costs at its network is paid whatever is left, where they say
    to `exceed` the budget that would not pay for it.

    Raises Conflict if the case changed since `rev` (somebody else answered, or a new message came),
    BadInput for a drill's case (field "drill": see `practise`); for a text that cannot be sent: empty, too
    long for the network, a placeholder open; of another number of messages ("messages"); stopped by the
    honesty check, with no reason given ("anyway"); over its budget ("exceed"); or, where the department, one
    that it was with, or the brand for what a model drafted wants four eyes, written by who approves it
    ("four_eyes"): somebody else's draft with a word changed is that too.
    """
    if key.drill:
        raise BadInput("drill", "this is a drill: nothing leaves; people answer it in the console")
    case = to_approve(cases, key, rev, by, by_id, now)
    channel, text = sendable(case, text, brand, refused)
    parts = messages_of(text, case, counts)
    if len(parts) != messages:
        raise BadInput("messages", f"{len(parts)}: so many messages it takes on {channel.platform}")
    writer, despite, anyway = _agreed(case, text, brand, by, by_id, signed, anyway)
    if not exceed and (scope := over(case, parts)):
        raise BadInput("exceed", f"the budget of {scope} is used: say yes to exceed it")
    delivery_key = DeliveryKey(key, channel.id, case.replies + 1)
    delivery = Delivery(
        key=delivery_key,
        state=DeliveryState.PLANNED,
        to=case.mention,
        below=case.below,
        to_author=case.author,
        text=text,
        parts=parts if messages > 1 else (),
        language=case.draft.language if case.draft else case.language,
        due=now,
        approved_by=by,
        approved_at=now,
        token=token(delivery_key),
        written_by=writer.by,
        written_by_id=writer.by_id,
        despite=despite,
        anyway=anyway,
        model=case.draft.model if case.draft else "",
        exceeds=True,
    )
    approved = replace(
        freed(case), rev=case.rev + 1, state=CaseState.SENDING, replies=delivery_key.n, reason="", draft=None
    )
    promises = promising.made(delivery, case, brand, promised, by_id)
    made_with = tuple(with_which(parts, each.passage) for each in promises) if delivery.parts else ()
    delivery = replace(delivery, promises=len(promises), promised_with=made_with)
    cases.approve(approved, delivery, _approval(case, delivery, by_id, signed or by), promises)
    tasks.send([Deliver(delivery_key)])
    return delivery_key


def practise(
    key: CaseKey,
    rev: int,
    text: str,
    by: str,
    *,
    by_id: str = "",
    anyway: str = "",
    brand: Brand,
    cases: Cases,
    now: datetime,
) -> Case:
    """As `approve`, of a drill's case: the text is kept as the answer of the drill, with which the case
    counts as answered, in one conditional write. There is no delivery, and nothing leaves. Raises as
    `approve`."""
    if not key.drill:
        raise BadInput("drill", "a case of a drill")
    case = to_approve(cases, key, rev, by, by_id, now)
    text = whole(text)
    _, despite, anyway = _agreed(case, text, brand, by, by_id, "", anyway)
    answered = replace(
        freed(case), rev=case.rev + 1, state=CaseState.ANSWERED, answered_at=now, draft=None, asked=()
    )
    event = CaseEvent(
        at=now,
        id=f"practised-{answered.rev}",
        kind=EventKind.APPROVED,
        by=by,
        by_id=by_id,
        text=text,
        despite=despite,
        anyway=anyway,
    )
    cases.change(answered, event)
    return answered


def _agreed(
    case: Case, text: str, brand: Brand, by: str, by_id: str, signed: str, anyway: str
) -> tuple[Draft, tuple[str, ...], str]:
    """Who wrote it, what the honesty check would have stopped, and why it goes all the same. Raises
    BadInput."""
    writer = _writer(case, text, signed or by)
    writer = writer or Draft(text=text, version=0, language="", source="", by=by, by_id=by_id)
    if case.wants_four_eyes(brand) and writer.is_of(by, by_id):
        raise BadInput("four_eyes", "who wrote a text does not approve it")
    despite = blocking(found_in(text, case, brand, signed, by), brand.honesty)
    anyway = plain(anyway)[:WHY] if despite else ""
    if despite and not anyway:
        raise BadInput("anyway", f"why it goes out although the honesty check found: {', '.join(despite)}")
    return writer, despite, anyway


def sendable(case: Case, text: str, brand: Brand, refused: str) -> tuple[Channel, str]:
    """Where it goes, and the whole text as it leaves; `refused` as in `approve`. Raises BadInput."""
    channel = brand.channel(case.channel)
    if channel is None:
        raise BadInput("channel", "no channel of ours reaches this message; answer it at the network")
    if refused:
        raise BadInput("channel", f"the network takes no answer of ours here: {refused}")
    return channel, whole(text)


def messages_of(text: str, case: Case, counts: Counts | None) -> tuple[str, ...]:
    """The answer as it leaves: one message, or where that is too long, and the network has threads, several.
    Raises BadInput ("text") for what is too long for either."""
    text = plain(text)
    if counts is None:
        return (text,)
    room = counts.room()
    over = counts.length(text, case.author) - room
    if over > 0 and not counts.threads:
        raise BadInput("text", f"{over} characters too long for {case.platform}")
    return split(text, room, lambda part: counts.length(part, case.author))


def _approval(case: Case, delivery: Delivery, by_id: str, signed: str) -> CaseEvent:
    """With the draft as it was first made, where it is not what was sent: from that knowledge is mended."""
    made = plain(sign(case.draft.original, signed)) if case.draft else ""
    return CaseEvent(
        at=delivery.approved_at,
        id=f"reply-{delivery.key.n}",
        kind=EventKind.APPROVED,
        by=delivery.approved_by,
        by_id=by_id,
        text=delivery.text,
        made=made if made != delivery.text else "",
        pages=case.draft.pages if case.draft else (),
        model=delivery.model,
        before=case.draft.text if case.draft else "",
        despite=delivery.despite,
        anyway=delivery.anyway,
    )


def found_in(text: str, case: Case, brand: Brand, *names: str) -> tuple[Finding, ...]:
    """What the honesty check finds in an answer to this case; `names`, or the draft's writer, may stand under
    it."""
    writer = case.draft.by if case.draft else ""
    return check(
        Answer(
            text=plain(text),
            names=tuple(name for name in (*names, writer) if name),
            organisation=brand.name,
            complaint="complaint" in case.intents or case.sentiment is Sentiment.NEGATIVE,
        )
    )


def solve(
    key: CaseKey,
    rev: int,
    by: str,
    *,
    by_id: str = "",
    cases: Cases,
    now: datetime,
    url: str = "",
    note: str = "",
) -> Case:
    """Close a case by hand: answered at the network (then `url` leads to the answer), or nothing to do."""
    case = to_work_on(cases, key, rev, by, by_id, now)
    if url and not is_page(url):
        raise BadInput("url", "an address begins with https://")
    closed = replace(
        freed(case),
        rev=case.rev + 1,
        state=CaseState.SOLVED,
        answered_at=case.answered_at or now,
        helped=None,
    )
    event = CaseEvent(
        at=now,
        id=f"solved-{closed.rev}",
        kind=EventKind.SOLVED,
        by=by,
        by_id=by_id,
        text=note[:2000],
        url=url,
    )
    cases.change(closed, event)
    return closed


def hand_over(
    key: CaseKey,
    rev: int,
    department: str,
    reason: str,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    ring: Ring = silent,
    now: datetime,
) -> Case:
    """Make a case that waits another department's work, with the reason; the history's line tells since when
    it waited where it was. It is due when it was: that was promised to somebody outside; where that is soon,
    `ring` tells the department. Raises Conflict, BadInput."""
    from chalicelib.domain.handing import waits_since

    case = to_work_on(cases, key, rev, by, by_id, now)
    others = {each.id for each in brand.departments} - {brand.department(case.department).id}
    if department not in others:
        raise BadInput("department", "another department of this brand")
    if not reason.strip():
        raise BadInput("reason", "why it is theirs")
    strict = case.wants_four_eyes(brand)
    handed = replace(freed(case), rev=case.rev + 1, department=department, handed=True, strict=strict)
    theirs = [line for part in case.joined for line in cases.history(part)[0]]
    event = CaseEvent(
        at=now,
        id=f"handed-{handed.rev}",
        kind=EventKind.HANDED,
        by=by,
        by_id=by_id,
        text=reason.strip()[:2000],
        before=case.department,
        origin=brand.department(case.department).id,
        department=department,
        since=waits_since(case, *cases.history(key), theirs),
        title=case.title,
    )
    ring(handed)
    cases.change(handed, event)
    return handed


def reopen(
    key: CaseKey,
    rev: int,
    by: str,
    *,
    by_id: str = "",
    brand: Brand,
    cases: Cases,
    ring: Ring = silent,
    now: datetime,
) -> Case:
    """Work again on a case that was answered or closed; due as if it came in now, and told of where that is
    soon. Raises Conflict."""
    case = as_read(cases, key, rev)
    if key.drill or case.state not in (CaseState.ANSWERED, CaseState.SOLVED):
        raise Conflict(f"{key} is {case.state.value}")
    department = brand.department(case.department)
    promised = sum(part.minutes for part in clock.recall(case.due, case.reckoning).parts if part.open)
    reckoning = clock.due(now, promised, department.hours, brand.zone, off(brand, department))
    opened = replace(reopened(case), rev=case.rev + 1, due=reckoning.due, reckoning=reckoning.lengths)
    event = CaseEvent(at=now, id=f"reopened-{opened.rev}", kind=EventKind.REOPENED, by=by, by_id=by_id)
    ring(opened)
    cases.change(opened, event)
    return opened


def release(
    key: DeliveryKey,
    by: str,
    released: datetime | None,
    *,
    by_id: str = "",
    deliveries: Deliveries,
    cases: Cases,
    tasks: Tasks,
    now: datetime,
) -> None:
    """Let a held reply go, at once; `released` is the pull of the brake that it passes, None while it is off.

    One that waits for its moment is held first, so that no worker sees it half way. Raises NotFound,
    Conflict if it is not waiting, or somebody else decided.
    """
    hold(key, by, by_id=by_id, deliveries=deliveries, cases=cases, now=now)
    was = deliveries.get(key)
    go = replace(was, state=DeliveryState.PLANNED, due=now, released=released, reason="", lease_until=None)
    go = replace(go, exceeds=True)
    if was.state is not DeliveryState.HELD or not deliveries.claim(was, changed(replace(go, tries=0))):
        raise Conflict(f"{key} was changed by someone else")
    event = CaseEvent(
        at=now, id=f"released-{key.n}-{was.epoch + 1}", kind=EventKind.RELEASED, by=by, by_id=by_id
    )
    cases.note(_case_of(key), event)
    tasks.send([Deliver(key)])


def hold(
    key: DeliveryKey, by: str, *, by_id: str = "", deliveries: Deliveries, cases: Cases, now: datetime
) -> None:
    """A reply that has not left waits until a person lets it go. Raises NotFound, Conflict."""
    was = _waiting(key, by, deliveries)
    if was.state is DeliveryState.PLANNED:
        held = replace(was, state=DeliveryState.HELD, reason=BRAKED, lease_until=None)
        OfCase(_case_of(key), cases=cases, deliveries=deliveries).conclude(held, now, by, by_id)


def drop(
    key: DeliveryKey, by: str, *, by_id: str = "", deliveries: Deliveries, cases: Cases, now: datetime
) -> None:
    """A reply that has not left stays unsent, and is its case's draft again. Raises NotFound, Conflict."""
    was = _waiting(key, by, deliveries)
    dropped = replace(was, state=DeliveryState.CANCELLED, reason=STOPPED, lease_until=None)
    OfCase(_case_of(key), cases=cases, deliveries=deliveries).conclude(dropped, now, by, by_id)


def _waiting(key: DeliveryKey, by: str, deliveries: Deliveries) -> Delivery:
    if not by:
        raise BadInput("by", "a named person approves")
    was = deliveries.get(key)
    if was.state not in (DeliveryState.PLANNED, DeliveryState.HELD):
        raise Conflict(f"{key} is {was.state.value}")
    return was


def _case_of(key: DeliveryKey) -> CaseKey:
    if not isinstance(key.owner, CaseKey):
        raise Conflict(f"{key} is no reply")
    return key.owner


def _writer(case: Case, text: str, signed: str) -> Draft | None:
    """The draft whose text is sent as it stands, but for the name under it; None if it is another text."""
    same = case.draft and text == plain(sign(case.draft.text, signed))
    return case.draft if same else None


def whole(text: str) -> str:
    """Without anything left to fill in. Raises BadInput."""
    text = _clean(text)
    if left := open_placeholders(text):
        raise BadInput("text", f"still to be filled in: {', '.join(left)}")
    return text


def _clean(text: str) -> str:
    text = plain(text)
    if not text:
        raise BadInput("text", "there is nothing to send")
    if len(text) > 10_000:
        raise BadInput("text", "longer than 10,000 characters")
    return text
