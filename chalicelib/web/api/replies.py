"""Replies: what answers a case. One leaves with a named person's yes to exactly its text."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.case import Case as Kept
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.drafting import plain, sign
from chalicelib.domain.holding import ready as ready_for
from chalicelib.domain.honesty import Rule
from chalicelib.errors import NotFound
from chalicelib.stages import answer, holding as stage
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Text, read, shown as case_shown
from chalicelib.web.api.deliveries import Delivery as Sent, sending
from chalicelib.web.api.shapes import Given, Listed, Moment, Shape, show
from chalicelib.web.pages import case as page


class NewReply(Given):
    """Exactly what leaves. `anyway` is why, where the honesty check stops it; else it is not kept."""

    text: Text
    anyway: Annotated[str, Field(max_length=answer.WHY)] = ""


class Reply(Sent):
    """One answer on its way. `id` counts the replies of its case. `despite` are the rules of the honesty
    check that it broke, `anyway` why it was sent."""

    id: str
    despite: list[Rule]
    anyway: str
    promises: Annotated[
        Moment | None, Field(description="Of a holding reply: when they were told to have an answer")
    ]
    standing_approval: Annotated[str, Field(description="Of one that the system sent: under which")]


class HoldingReply(Shape):
    """`text` is what would leave, with the name of who made the key in it."""

    text: str
    language: str
    promises: Moment


class NewHoldingReply(Given):
    """Exactly the text that is ready."""

    text: Text


def approve(call: Call, case: str, body: NewReply) -> Reply:
    """Approve exactly this text, in the name of who made the key; it is sent once."""
    kept = read(call, case)
    if known := _known(call, kept, body.text):
        return shown(known)
    call.expect(case_shown(call, kept))
    key = answer.approve(
        kept.key,
        kept.rev,
        body.text,
        call.by,
        by_id=call.key.by_id,
        signed=call.key.by,
        anyway=body.anyway,
        brand=call.brand,
        cases=call.desk.cases,
        tasks=call.desk.tasks,
        counts=page.counter(call.visit, call.brand, kept.channel),
        now=call.visit.now,
    )
    return shown(call.desk.deliveries.get(key))


def holding(call: Call, case: str) -> HoldingReply:
    """The holding reply that is ready: while a department is closed, when they are answered. 404 where none
    is wanted."""
    kept = read(call, case)
    ready = ready_for(kept, call.brand, call.visit.now)
    if ready is None:
        raise NotFound("no holding reply is wanted now")
    return HoldingReply(text=sign(ready.text, call.key.by), language=ready.language, promises=kept.due)


def hold_off(call: Call, case: str, body: NewHoldingReply) -> Reply:
    """Approve the holding reply that is ready, in the name of who made the key; the case goes on waiting."""
    kept = read(call, case)
    if known := _known(call, kept, body.text):
        return shown(known)
    call.expect(case_shown(call, kept))
    key = stage.send(
        kept.key,
        kept.rev,
        body.text,
        call.by,
        by_id=call.key.by_id,
        signed=call.key.by,
        brand=call.brand,
        cases=call.desk.cases,
        tasks=call.desk.tasks,
        counts=page.counter(call.visit, call.brand, kept.channel),
        now=call.visit.now,
    )
    return shown(call.desk.deliveries.get(key))


def browse(call: Call, case: str) -> Listed[Reply]:
    """Every answer of this case, oldest first."""
    _, sent = call.desk.cases.history(read(call, case).key)
    return Listed[Reply](items=[shown(each) for each in sent])


def get(call: Call, case: str, n: str) -> Reply:
    """One answer, and how it fares."""
    _, sent = call.desk.cases.history(read(call, case).key)
    found = next((each for each in sent if str(each.key.n) == n), None)
    if found is None:
        raise NotFound("no such reply")
    return shown(found)


def _known(call: Call, case: Kept, text: str) -> Delivery | None:
    """What this very request was answered with before. A crash may have come between the yes and our answer,
    so it is looked up in the case: this name's yes to this text, since the request was first made."""
    if not call.asked_again:
        return None
    _, sent = call.desk.cases.history(case.key)
    ours = (each for each in sent if (each.approved_by, each.text) == (call.by, plain(text)))
    return next((each for each in ours if each.approved_at >= call.first_asked), None)


def shown(sent: Delivery) -> Reply:
    return show(
        Reply,
        sending(sent),
        id=str(sent.key.n),
        despite=list(map(Rule, sent.despite)),
        anyway=sent.anyway,
        promises=sent.promises,
        standing_approval=sent.under,
    )
