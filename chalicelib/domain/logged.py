"""What the log of changes keeps of the histories of cases and posts: what a person did, and what was sent.

What was merely heard, or drafted by the system, is in the history alone.
"""

import json
from collections.abc import Collection, Iterable, Mapping

from chalicelib.domain import audit
from chalicelib.domain.audit import ROOM, AuditLine
from chalicelib.domain.case import CaseEvent, CaseKey, EventKind
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.post import PostEvent, PostKey
from chalicelib.domain.shape import stamp

SENDS = frozenset({"part", "sent", "confirmed", "unknown", "failed", "removed", "edited", "mended"})
"""Kinds of event that say what became of a sending, whoever caused it."""

Changes = Iterable[tuple[Delivery | None, Delivery]]
"""Deliveries as (was, now); None: it is new."""


def of_case(key: CaseKey, event: CaseEvent) -> AuditLine | None:
    """None for what is not for the log."""
    if not (event.by or event.kind in SENDS):
        return None
    of = f"{key.platform}/{key.root}"
    told = {"text": event.text, "url": event.url, "department": event.department, "anyway": event.anyway}
    moments = {"until": event.until, "signed": event.signed_at}
    after = facts({**told, **{name: stamp(at) if at else "" for name, at in moments.items()}})
    named = "department" if event.department else "by" if event.kind is EventKind.TAKEN else "text"
    before = facts({named: event.before})
    return _line(key.brand, event, f"case.{event.kind}", of, (before, after))


def of_post(key: PostKey, event: PostEvent, changes: Changes = ()) -> AuditLine | None:
    """None for what is not for the log."""
    if not (event.by or event.kind in SENDS):
        return None
    told = {"channel": event.channel, "way": event.way, "text": event.text, "url": event.url}
    was, now = _differing(changes)
    states = facts({**was, "text": event.before}), facts({**told, **now})
    return _line(key.brand, event, f"post.{event.kind}", key.id, states)


def facts(found: Mapping[str, str]) -> str:
    """What is known, as JSON that the log keeps whole: long texts are cut until all has its place."""
    known = {name: text for name, text in found.items() if text}
    if not known:
        return ""
    room = ROOM
    while len(told := json.dumps(_cut(known, room), ensure_ascii=False)) > ROOM:
        room //= 2
    return told


def _cut(known: Mapping[str, str], room: int) -> dict[str, str]:
    return {name: text if len(text) <= room else text[: room - 1] + "…" for name, text in known.items()}


def _differing(changes: Changes) -> tuple[dict[str, str], dict[str, str]]:
    """What the deliveries say and when, before and after, without what stayed as it was."""
    was: dict[str, str] = {}
    now: dict[str, str] = {}
    for before, after in changes:
        was |= _told(before) if before else {}
        now |= _told(after)
    same = {name for name in was if now.get(name) == was[name]}
    return _without(was, same), _without(now, same)


def _without(told: Mapping[str, str], same: Collection[str]) -> dict[str, str]:
    return {name: text for name, text in told.items() if name not in same}


def _told(delivery: Delivery) -> dict[str, str]:
    channel = delivery.key.channel
    when = f"{delivery.slot.wall} {delivery.slot.zone}" if delivery.slot else ""
    told = {"title": delivery.title, "when": when}
    return told | {f"text.{channel}": delivery.text, f"state.{channel}": delivery.state.value}


def _line(brand: str, event: CaseEvent | PostEvent, what: str, of: str, states: tuple[str, str]) -> AuditLine:
    """`states` are before and after."""
    return audit.line(
        brand,
        event.at,
        f"{of}.{event.id}",
        what,
        of=of,
        by=event.by,
        by_id=event.by_id,
        before=states[0],
        after=states[1],
    )
