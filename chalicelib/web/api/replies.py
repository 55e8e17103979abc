"""Replies: what answers a case. One leaves with a named person's yes to exactly its text."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.domain.case import Case as Kept, CaseKey
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.drafting import plain, sign
from chalicelib.domain.holding import ready as ready_for
from chalicelib.domain.honesty import Rule
from chalicelib.domain.promises import MOST
from chalicelib.domain.roles import Deed
from chalicelib.domain.thread import MOST as MOST_MESSAGES
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import answer, holding as stage, mend, promising
from chalicelib.web import permitted
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Text, read, shown as case_shown
from chalicelib.web.api.deliveries import Delivery as Sent, sending
from chalicelib.web.api.shapes import Empty, Given, Listed, Moment, Shape, show
from chalicelib.web.pages import case as page
from chalicelib.web.paying import over


class Said(Given):
    """What you say of a promise that is found in the text: `passage` as the trial of a reply shows it, and
    when it is due; null: it is no promise."""

    passage: Annotated[str, Field(max_length=10_000)]
    due: AwareDatetime | None


class NewReply(Given):
    """Exactly what leaves. `anyway` is why, where the honesty check stops it; else it is not kept. Every
    promise in it becomes one to be kept, due as it says; `promises` are those of which you say otherwise."""

    text: Text
    promises: Annotated[tuple[Said, ...], Field(max_length=MOST, strict=False)] = ()
    anyway: Annotated[str, Field(max_length=answer.WHY)] = ""
    messages: Annotated[
        int,
        Field(ge=1, le=MOST_MESSAGES, description="In how many it leaves, as the trial of this reply shows"),
    ] = 1
    exceed: Annotated[bool, Field(description="Also where the budget that would pay for it is used")] = False


class Reply(Sent):
    """One answer on its way. `id` counts the replies of its case; of one that was sent from a case merged
    into it, that case's own id stands before it. `despite` are the rules of the honesty check that it broke,
    `anyway` why it was sent."""

    id: str
    despite: list[Rule]
    anyway: str
    answer_by: Annotated[
        Moment | None, Field(description="Of a holding reply: when they were told to have an answer")
    ]
    standing_approval: Annotated[str, Field(description="Of one that the system sent: under which")]
    messages: Annotated[list[str], Field(description="The text as it leaves; of a long one, several")]
    taken: Annotated[int, Field(description="How many of these messages the network took")]


class HoldingReply(Shape):
    """`text` is what would leave, with the name of who made the key in it."""

    text: str
    language: str
    answer_by: Moment


class Corrected(Given):
    """What it says from now on."""

    text: Text


class NewHoldingReply(Given):
    """Exactly the text that is ready."""

    text: Text


def approve(call: Call, case: str, body: NewReply) -> Reply:
    """Approve exactly this text, in the name of who made the key; it is sent once."""
    kept = read(call, case)
    if known := _known(call, kept, body.text):
        return shown(known, kept.key)
    call.expect(case_shown(call, kept))
    found = {each.passage for each in promising.promised_in(body.text, kept, call.brand, call.visit.now)}
    if not {each.passage for each in body.promises} <= found:
        raise BadInput("promises", "a passage that the trial of this reply shows")
    key = answer.approve(
        kept.key,
        kept.rev,
        body.text,
        call.by,
        by_id=call.key.by_id,
        signed=call.key.by,
        anyway=body.anyway,
        promised={each.passage: each.due for each in body.promises},
        messages=body.messages,
        over=over(call.desk, call.brand, kept.channel, call.visit.now),
        exceed=body.exceed,
        refused=permitted.refused(call.desk, kept, call.brand, call.visit.now),
        brand=call.brand,
        cases=call.desk.cases,
        tasks=call.desk.tasks,
        counts=page.counter(call.visit, call.brand, kept.channel),
        now=call.visit.now,
    )
    return shown(call.desk.deliveries.get(key), kept.key)


def holding(call: Call, case: str) -> HoldingReply:
    """The holding reply that is ready: while a department is closed, when they are answered. 404 where none
    is wanted."""
    kept = read(call, case)
    ready = ready_for(kept, call.brand, call.visit.now)
    if ready is None or permitted.refused(call.desk, kept, call.brand, call.visit.now):
        raise NotFound("no holding reply is wanted now")
    return HoldingReply(text=sign(ready.text, call.key.by), language=ready.language, answer_by=kept.due)


def hold_off(call: Call, case: str, body: NewHoldingReply) -> Reply:
    """Approve the holding reply that is ready, in the name of who made the key; the case goes on waiting."""
    kept = read(call, case)
    if known := _known(call, kept, body.text):
        return shown(known, kept.key)
    call.expect(case_shown(call, kept))
    key = stage.send(
        kept.key,
        kept.rev,
        body.text,
        call.by,
        by_id=call.key.by_id,
        signed=call.key.by,
        refused=permitted.refused(call.desk, kept, call.brand, call.visit.now),
        brand=call.brand,
        cases=call.desk.cases,
        tasks=call.desk.tasks,
        counts=page.counter(call.visit, call.brand, kept.channel),
        now=call.visit.now,
    )
    return shown(call.desk.deliveries.get(key), kept.key)


def correct(call: Call, case: str, n: str, body: Corrected) -> Reply:
    """Have an answer that stands at its network say something else; who made this key stands behind it."""
    kept, sent = _expected(call, case, n)
    desk = call.desk
    brake = desk.brakes.get(call.brand.id)
    if brake and not call.visit.may(Deed.UPKEEP):
        raise Conflict("the brake is on")
    mend.correct(
        sent.key,
        body.text,
        call.by,
        by_id=call.key.by_id,
        case=kept,
        brand=call.brand,
        cases=desk.cases,
        deliveries=desk.deliveries,
        tasks=desk.tasks,
        counts=page.counter(call.visit, call.brand, sent.key.channel),
        now=call.visit.now,
        past=brake,
    )
    return get(call, case, n)


def remove(call: Call, case: str, n: str, body: Empty) -> Reply:
    """Have an answer that was sent taken back at its network. Its case stays as it is."""
    _, sent = _expected(call, case, n)
    mend.take_back(
        sent.key,
        call.by,
        by_id=call.key.by_id,
        cases=call.desk.cases,
        deliveries=call.desk.deliveries,
        tasks=call.desk.tasks,
        counts=page.counter(call.visit, call.brand, sent.key.channel),
        now=call.visit.now,
    )
    return get(call, case, n)


def browse(call: Call, case: str) -> Listed[Reply]:
    """Every answer of this case, oldest first."""
    kept = read(call, case)
    _, sent = call.desk.cases.history(kept.key)
    return Listed[Reply](items=[shown(each, kept.key) for each in sent])


def get(call: Call, case: str, n: str) -> Reply:
    """One answer, and how it fares."""
    kept, found = _read(call, case, n)
    return shown(found, kept.key)


def _read(call: Call, case: str, n: str) -> tuple[Kept, Delivery]:
    kept = read(call, case)
    _, sent = call.desk.cases.history(kept.key)
    found = next((each for each in sent if page.reply_id(each, kept.key) == n), None)
    if found is None:
        raise NotFound("no such reply")
    return kept, found


def _expected(call: Call, case: str, n: str) -> tuple[Kept, Delivery]:
    kept, found = _read(call, case, n)
    call.expect(shown(found, kept.key))
    return kept, found


def _known(call: Call, case: Kept, text: str) -> Delivery | None:
    """What this very request was answered with before. A crash may have come between the yes and our answer,
    so it is looked up in the case: this name's yes to this text, since the request was first made."""
    if not call.asked_again:
        return None
    _, sent = call.desk.cases.history(case.key)
    ours = (each for each in sent if (each.approved_by, each.text) == (call.by, plain(text)))
    return next((each for each in ours if each.approved_at >= call.first_asked), None)


def shown(sent: Delivery, case: CaseKey) -> Reply:
    return show(
        Reply,
        sending(sent),
        id=page.reply_id(sent, case),
        despite=list(map(Rule, sent.despite)),
        anyway=sent.anyway,
        answer_by=sent.answer_by,
        standing_approval=sent.under,
        messages=list(sent.parts or (sent.text,)),
        taken=len(sent.standing) if sent.parts else int(sent.sent_at is not None),
    )
