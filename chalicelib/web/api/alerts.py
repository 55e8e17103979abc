"""Alerts: what colleagues were told at once, and who looked. Opening one is for a person, in the console."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.alerting import Notice, heard_by
from chalicelib.domain.budget import dollars
from chalicelib.errors import NotFound
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Asked, Cursor, Listed, Moment, Shape, cursor, no_cursor, place
from chalicelib.web.pages.alerts import sees
from chalicelib.web.places import NOTICE

PAGE = 100


class AlertsAsked(Asked):
    cursor: Cursor = None


class Spike(Shape):
    """`count` messages in the hour up to `at`, where `usual` are; `negative` of them."""

    at: Moment
    count: int
    usual: int
    negative: int
    usual_negative: int


class Unheard(Shape):
    """A source that does not answer (fails), whose calls cannot be read (unread), that is not asked in its
    turn (unasked) or has to wait without end (waits), brought nothing for longer than it usually does
    (silent), or for long where that is not known (nothing), brings far less than usual (few), or more than
    may open cases (capped). A key that its network refuses since then (refused), or that ends then, in so
    many days at most (ends-14, ends-7, ends-1); `source` is `channel:id` where it is of a channel."""

    source: str
    name: str
    state: Literal[
        "fails",
        "unread",
        "unasked",
        "waits",
        "silent",
        "nothing",
        "few",
        "capped",
        "refused",
        "ends-14",
        "ends-7",
        "ends-1",
    ]
    since: Moment


class BudgetTold(Shape):
    """A budget of a month (`scope`: brand, department/id or watch/id) that nears its end (near), or is
    used."""

    scope: str
    name: str
    state: Literal["near", "used"]
    month: str
    budget_usd: str


class ToldAlert(Shape):
    """`ring` is why: urgent, press, negative, positive, late, posts, spike, promised, silent, capped,
    spent or keys. `ways` are those by which it arrived: mail, webhook, and of colleagues mail:name or
    chat:name. `escalated_at`: nobody had opened it, and others were told."""

    id: str
    at: Moment
    ring: str
    department: str
    drill: bool
    subject: Annotated[str, Field(description="In the brand's first language")]
    subjects: Annotated[dict[str, str], Field(description="In other languages, by their code")]
    cases: list[str]
    posts: list[str]
    spikes: list[Spike]
    sources: list[Unheard]
    budgets: list[BudgetTold]
    ways: list[str]
    opened_by: str | None
    opened_at: Moment | None
    escalated_at: Moment | None


def browse(call: Call, query: AlertsAsked) -> Listed[ToldAlert]:
    """The newest first, of the departments that the key sees."""
    found = place("alerts", query.cursor, 1)
    if found and not NOTICE.fullmatch(found[0]):
        raise no_cursor()
    notices, last = call.desk.notices.newest(call.brand.id, limit=PAGE, before=found[0] if found else "")
    shown = [_shown(each) for each in notices if sees(call.visit, each)]
    return Listed[ToldAlert](items=shown, next=cursor("alerts", last) if last else None)


def get(call: Call, alert: str) -> ToldAlert:
    """One alert. That a program reads it is no receipt."""
    notice = call.desk.notices.get(call.brand.id, alert)
    if not sees(call.visit, notice):
        raise NotFound("no such alert")
    return _shown(notice)


def _shown(notice: Notice) -> ToldAlert:
    department, ring = heard_by(notice.bell)
    return ToldAlert(
        id=notice.id,
        at=notice.at,
        ring=ring,
        department=department,
        drill=notice.drill,
        subject=notice.subject,
        subjects=dict(notice.subjects),
        cases=[key.slug for key in notice.cases],
        posts=[key.id for key in notice.posts],
        spikes=[
            Spike(
                at=each.at,
                count=each.count,
                usual=each.usual,
                negative=each.negative,
                usual_negative=each.usual_negative,
            )
            for each in notice.surges
        ],
        sources=[
            Unheard.model_validate(
                {"source": each.source, "name": each.name, "state": each.kind, "since": each.since}
            )
            for each in notice.hushes
        ],
        budgets=[
            BudgetTold.model_validate(
                {
                    "scope": each.scope,
                    "name": each.name,
                    "state": each.kind,
                    "month": each.month,
                    "budget_usd": dollars(each.amount),
                }
            )
            for each in notice.spent
        ],
        ways=list(notice.reached),
        opened_by=notice.opened_by or None,
        opened_at=notice.opened_at,
        escalated_at=notice.escalated_at,
    )
