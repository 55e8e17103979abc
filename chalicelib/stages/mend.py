"""A person has an answer that stands at its network say something else there, or taken back.

The order of effects: the delivery as it is to become and the line of its case's history in one transaction,
under the condition of the state and epoch that were read; then the worker is told (`deliver.py`). A crash in
between costs nothing: the tick finds every delivery that is due.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, changed, removable
from chalicelib.domain.honesty import blocking
from chalicelib.errors import BadInput, Conflict
from chalicelib.ports import Brake, Cases, Counts, Deliveries, Tasks
from chalicelib.stages.answer import found_in, whole
from chalicelib.stages.promising import promised_in
from chalicelib.stages.single import named
from chalicelib.tasks import Deliver


def take_back(
    key: DeliveryKey,
    by: str,
    *,
    by_id: str = "",
    cases: Cases,
    deliveries: Deliveries,
    tasks: Tasks,
    counts: Counts | None,
    now: datetime,
) -> None:
    """Of an answer in several messages all go. Its case stays as it is: whether it is answered anew a person
    decides. Raises Conflict if it is not `removable`, BadInput ("channel") for a network that cannot."""
    named(by)
    was = deliveries.get(key)
    if not removable(was):
        raise Conflict(f"{key} is {was.state.value}")
    if not hasattr(counts, "delete"):
        raise BadInput("channel", "this network cannot take a message away; do it there")
    _write(was, DeliveryState.REMOVING, EventKind.REMOVING, was, (by, by_id), "", cases, tasks, now)


def correct(
    key: DeliveryKey,
    text: str,
    by: str,
    *,
    by_id: str = "",
    case: Case,
    brand: Brand,
    cases: Cases,
    deliveries: Deliveries,
    tasks: Tasks,
    counts: Counts | None,
    now: datetime,
    past: Brake | None = None,
) -> None:
    """`case` is the one that it belongs to now. Whoever asks stands behind the new text; the history keeps
    both. `past`: the pull of the brake past which they let it; one that comes later stops it.

    Raises Conflict if it does not stand there; BadInput: "channel" for a network that lets nobody correct it,
    or an answer in several messages; "text" for what cannot stand there, what the honesty check stops, a new
    promise, and where four eyes are wanted: one person alone says nothing there.
    """
    named(by)
    was = deliveries.get(key)
    if was.state is not DeliveryState.CONFIRMED:
        raise Conflict(f"{key} is {was.state.value}")
    if not hasattr(counts, "edit"):
        raise BadInput("channel", "this network lets nobody correct a message")
    if was.parts:
        raise BadInput("channel", "an answer in several messages is not corrected: take it back, answer anew")
    if case.wants_four_eyes(brand):
        raise BadInput("text", "two people see each answer here: take it back, answer anew")
    said = whole(text)
    if said == was.text:
        raise BadInput("text", "that is what it says")
    if counts and (over := counts.length(said, was.to_author) - counts.room()) > 0:
        raise BadInput("text", f"{over} characters too long for {case.platform}")
    if despite := blocking(found_in(said, case, brand, by), brand.honesty):
        raise BadInput("text", f"the honesty check found: {', '.join(despite)}")
    had = {each.passage for each in promised_in(was.text, case, brand, now)}
    if {each.passage for each in promised_in(said, case, brand, now)} - had:
        raise BadInput("text", "a correction makes no new promise: answer anew")
    after = replace(was, correction=said, approved_by=by, approved_at=now)
    after = replace(after, released=past.pulled_at if past else None)
    _write(was, DeliveryState.EDITING, EventKind.EDITING, after, (by, by_id), said, cases, tasks, now)


def _write(
    was: Delivery,
    state: DeliveryState,
    kind: EventKind,
    after: Delivery,
    who: tuple[str, str],
    said: str,
    cases: Cases,
    tasks: Tasks,
    now: datetime,
) -> None:
    by, by_id = who
    going = changed(replace(after, state=state, due=now, lease_until=None, tries=0, looks=0, reason=""))
    event = CaseEvent(
        at=now,
        id=f"{kind.value}-{was.key.n}-{going.epoch}",
        kind=kind,
        by=by,
        by_id=by_id,
        text=said,
        was=was.text,
        before=was.text,
    )
    cases.mend(was, going, event)
    tasks.send([Deliver(was.key)])
