"""The brake: one press and nothing leaves, on no channel; letting go is a decision about each message.

Pulling it is one write, and the claim of every delivery asks for it in its own (`Deliveries.claim`): from
that moment none succeeds. What waits is decided on one by one, each under the condition that it is as it
was read; the brake is lifted after all of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Brake, Brakes, Cases, Deliveries, Posts, Tasks
from chalicelib.stages import answer, single

Decision = Literal["release", "keep", "cancel"]


def pull(brand: str, by: str, *, by_id: str = "", brakes: Brakes, now: datetime) -> Brake:
    """Nothing leaves from here on. If it was on already, that pull stays, and is answered."""
    if not by:
        raise BadInput("by", "a named person pulls the brake")
    return brakes.pull(brand, by, now, by_id)


def waiting(brand: str, *, deliveries: Deliveries, now: datetime) -> list[Delivery]:
    """Posts and replies that a release must decide on, oldest first: planned, or held for any reason."""
    held = [each for each in deliveries.held(brand) if each.state is DeliveryState.HELD]
    planned = [each for each in deliveries.planned(brand, now) if each.state is DeliveryState.PLANNED]
    return sorted([*held, *planned], key=lambda each: (each.due, str(each.key)))


def decide(
    brand: str,
    decisions: Mapping[DeliveryKey, Decision],
    by: str,
    *,
    by_id: str = "",
    brakes: Brakes,
    deliveries: Deliveries,
    posts: Posts,
    cases: Cases,
    tasks: Tasks,
    now: datetime,
) -> list[Delivery]:
    """Apply what a person decided, then lift the brake; what is left to decide on, and then the brake stays.

    "release": a planned one leaves at its own moment, a held one at once; "keep": it is held until a person
    lets it go or moves it; "cancel": it stays unsent, and a reply goes back to its case as a draft. What
    left or changed meanwhile is passed over. Also for what is held while the brake is off.
    """
    brake = brakes.get(brand)
    decided = set()
    for key, decision in decisions.items():
        if key.brand != brand:
            raise BadInput("brand", "messages of this brand")
        try:
            _apply(key, decision, (by, by_id), brakes, deliveries, posts, cases, tasks, now)
            decided.add(key)
        except (Conflict, NotFound):
            continue  # if it still waits, it is among those that are left
    left = [each for each in waiting(brand, deliveries=deliveries, now=now) if each.key not in decided]
    if brake and not left:
        brakes.lift(brand, brake, by, now, by_id)
    return left


def _apply(
    key: DeliveryKey,
    decision: Decision,
    who: tuple[str, str],
    brakes: Brakes,
    deliveries: Deliveries,
    posts: Posts,
    cases: Cases,
    tasks: Tasks,
    now: datetime,
) -> None:
    by, by_id = who
    reply = isinstance(key.owner, CaseKey)
    if decision == "release":
        single.release(
            key,
            by,
            by_id=by_id,
            deliveries=deliveries,
            posts=posts,
            cases=cases,
            brakes=brakes,
            tasks=tasks,
            now=now,
        )
    elif decision == "keep":
        if reply:
            answer.hold(key, by, by_id=by_id, deliveries=deliveries, cases=cases, now=now)
        else:
            single.hold(key, by, by_id=by_id, posts=posts, now=now)
    elif reply:
        answer.drop(key, by, by_id=by_id, deliveries=deliveries, cases=cases, now=now)
    else:
        single.drop(key, by, by_id=by_id, posts=posts, now=now)
