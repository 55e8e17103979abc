"""The brake: one press stops every channel; letting go is a decision about each message that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.post import PostKey
from chalicelib.errors import BadInput, NotFound
from chalicelib.stages import brake as stage
from chalicelib.web import export, outgoing
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit

SHOWN = 40
"""Messages decided on at once; the rest follows on the next page."""
COLUMNS = ("at", "text", "channel", "state", "reason", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """`name` is the form's field for it."""

    name: str
    at: datetime
    path: str
    channel: str
    text: str
    lang: str
    state: str
    reason: str


def show(visit: Visit) -> Outcome:
    """While it is on, all that waits; else what is held for another reason. A file has every one of them."""
    found = stage.waiting(visit.brand.id, deliveries=visit.desk.deliveries, now=visit.now)
    if visit.brake is None:
        found = [each for each in found if each.state is DeliveryState.HELD]
    found = outgoing.own(visit, found)
    if export.asked(visit):
        return export.download(visit, "waiting", COLUMNS, (_cells(_row(each, visit)) for each in found))
    values = {
        "rows": [_row(each, visit) for each in found[:SHOWN]],
        "waits": len(found),
        "on_channels": len({each.key.channel for each in found}),
        "done": visit.query.get("done", ""),
    }
    return Page(template="brake.html", place="brake", values=values)


def pull(visit: Visit) -> Outcome:
    stage.pull(
        visit.brand.id, visit.member.name, by_id=visit.member.id, brakes=visit.desk.brakes, now=visit.now
    )
    return Go("/brake")


def release(visit: Visit) -> Outcome:
    """What was chosen is done; the brake is lifted when nothing is left to decide on."""
    decisions = {
        key_of(visit.brand.id, name): _decision(chosen)
        for name, chosen in visit.form.items()
        if name.startswith(("P.", "C.")) and chosen
    }
    return Go("/brake?done=some" if decide(visit, decisions) else "/brake?done=all")


def decide(visit: Visit, decisions: Mapping[DeliveryKey, stage.Decision]) -> list[Delivery]:
    """What is left to decide on. Raises NotFound for a reply of a department that the member does not see."""
    desk = visit.desk
    for key in decisions:
        if isinstance(key.owner, CaseKey):
            visit.own(desk.cases.get(key.owner))
    return stage.decide(
        visit.brand.id,
        decisions,
        visit.member.name,
        by_id=visit.member.id,
        brakes=desk.brakes,
        deliveries=desk.deliveries,
        posts=desk.posts,
        cases=desk.cases,
        tasks=desk.tasks,
        now=visit.now,
    )


def _row(delivery: Delivery, visit: Visit) -> Waits:
    words = visit.words
    return Waits(
        name=name_of(delivery.key),
        at=delivery.slot.at() if delivery.slot else delivery.due,
        path=outgoing.path(delivery.key.owner),
        channel=outgoing.channel(visit.brand, delivery.key.channel, words),
        text=delivery.title or delivery.text,
        lang=outgoing.other(delivery.language, words),
        state=delivery.state.value,
        reason=told(delivery.reason, words),
    )


def _cells(row: Waits) -> FileRow:
    return row.at, row.text, row.channel, row.state, row.reason, row.path


def name_of(key: DeliveryKey) -> str:
    if isinstance(key.owner, PostKey):
        below = f".{key.comment}" if key.comment else ""
        return f"P.{key.owner.id}.{key.channel}.{key.n}{below}"
    return f"C.{key.owner.slug}.{key.channel}.{key.n}"


def key_of(brand: str, name: str) -> DeliveryKey:
    """Raises BadInput for what `name_of` did not make, NotFound for another brand's."""
    try:
        kind, owner, channel, n, *below = name.split(".")
        of = PostKey(brand, owner) if kind == "P" else CaseKey.from_slug(owner)
        key = DeliveryKey(of, channel, int(n), *map(int, below[:1]))
    except ValueError:
        raise BadInput(name[:80], "a form of ours") from None
    if key.brand != brand:
        raise NotFound("no such message")
    return key


def _decision(chosen: str) -> stage.Decision:
    if chosen not in get_args(stage.Decision):
        raise BadInput("decision", "release, keep or cancel")
    return chosen  # type: ignore[return-value]
