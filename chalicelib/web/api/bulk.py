"""One deed for several things at once: correct verdicts; take, snooze, label, hand over or close cases.

Each is named with the ETag that it was read with, and has an answer of its own: one that cannot be done stops
no other. Where a request broke off, asking again does the rest, and tells as done what it did.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.case import CaseState, EventKind
from chalicelib.domain.labels import labels
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.web.api import cases, claims, mentions
from chalicelib.web.api.call import Call
from chalicelib.web.api.cases import Case, Closing, HandOver
from chalicelib.web.api.claims import Labels, Snooze
from chalicelib.web.api.mentions import Correction, Mention
from chalicelib.web.api.problem import TITLES, Refusal
from chalicelib.web.api.shapes import Empty, Given, Shape, tag
from chalicelib.web.pages.bulk import MOST

Named = Annotated[str, Field(min_length=1, max_length=400)]


class Thing(Given):
    """A mention or a case, by the `id` and with the `etag` that it was read with."""

    id: Named
    etag: Annotated[str, Field(max_length=100, examples=['"5d41402abc4b2a76b9719d911017c592"'])]


class Several(Given):
    """`correct` is of mentions, and says to what; the others are of cases. One of them."""

    things: Annotated[list[Thing], Field(min_length=1, max_length=MOST)]
    correct: Correction | None = None
    solve: Closing | None = None
    hand_over: HandOver | None = None
    take: Empty | None = None
    snooze: Snooze | None = None
    label: Labels | None = None


class Told(Shape):
    """`status` as it would be of a request for this one alone; `etag` is the new one where it was done, and
    nobody did more to it since."""

    id: str
    status: Literal[200, 404, 409, 412, 422]
    detail: str
    etag: str | None


class Outcomes(Shape):
    outcomes: list[Told]


def act(call: Call, body: Several) -> Outcomes:
    """Do it to each."""
    named = [name for name in DEEDS if getattr(body, name) is not None]
    if len(named) != 1:
        raise BadInput("things", "one of correct, solve, hand_over, take, snooze and label beside them")
    return Outcomes(outcomes=[_one(call, each, named[0], getattr(body, named[0])) for each in body.things])


DEEDS: dict[str, tuple[Callable[..., Mention | Case], Callable[..., Mention | Case]]] = {
    "correct": (mentions.get, mentions.correct),
    "solve": (cases.get, cases.solve),
    "hand_over": (cases.get, cases.hand_over),
    "take": (cases.get, claims.take),
    "snooze": (cases.get, claims.snooze),
    "label": (cases.get, claims.change_labels),
}
"""How each is read, and done: the very operations that do it to one."""
LINES = {
    "solve": (EventKind.SOLVED,),
    "hand_over": (EventKind.HANDED,),
    "take": (EventKind.TAKEN,),
    "snooze": (EventKind.SNOOZED,),
    "label": (EventKind.LABELLED, EventKind.UNLABELLED),
}
"""By which lines of its history a case tells that it was done."""


def _one(call: Call, thing: Thing, deed: str, given: Given) -> Told:
    read, do = DEEDS[deed]
    try:
        return _told(do(replace(call, if_match=(thing.etag,)), thing.id, given))
    except NotFound:
        return Told(id=thing.id, status=404, detail=TITLES[404], etag=None)
    except Conflict:
        return Told(id=thing.id, status=409, detail=TITLES[409], etag=None)
    except BadInput as error:
        taken = error.field == "taken"
        return Told(id=thing.id, status=409 if taken else 422, detail=error.message, etag=None)
    except Refusal:
        now = read(call, thing.id)
        if call.asked_again and _did(call, now, deed, given):
            etag = tag(now) if _stands(now, given) else None
            return Told(id=now.id, status=200, detail="", etag=etag)
        return Told(id=thing.id, status=412, detail=TITLES[412], etag=None)


def _told(shown: Mention | Case) -> Told:
    return Told(id=shown.id, status=200, detail="", etag=tag(shown))


def _did(call: Call, now: Mention | Case, deed: str, given: Given) -> bool:
    """Did this very request do it, before it broke off?"""
    if isinstance(now, Mention):
        said = now.verdict.corrected if now.verdict else None
        return said is not None and said.by == call.by and said.at >= call.first_asked
    events, _ = call.desk.cases.history(cases.read(call, now.id).key)
    over = given.department if isinstance(given, HandOver) else ""
    ours = (
        each for each in events if each.kind in LINES[deed] and (each.by, each.department) == (call.by, over)
    )
    return any(each.at >= call.first_asked for each in ours)


def _stands(now: Mention | Case, given: Given) -> bool:
    """Is it as it was wished for already?"""
    if isinstance(now, Mention):
        return isinstance(given, Correction) and now.verdict is not None and now.verdict.label == given.label
    if isinstance(given, HandOver):
        return now.department == given.department
    if isinstance(given, Labels):
        return set(labels(given.add)) <= set(now.labels) and not set(labels(given.drop)) & set(now.labels)
    if isinstance(given, Snooze):
        return now.snoozed_until == given.until
    return now.state is CaseState.SOLVED if isinstance(given, Closing) else now.taken_until is not None
