"""What colleagues were told at once, by which ways, and who looked. Opening one is its receipt."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import MUST_BE_OPENED, Notice, heard_by
from chalicelib.domain.brand import Brand
from chalicelib.errors import NotFound
from chalicelib.web.i18n import N_, Words
from chalicelib.web.places import NOTICE, sound
from chalicelib.web.visit import Go, Outcome, Page, Visit

ROWS = 50
RINGS = {
    "urgent": N_("Urgent"),
    "press": N_("The press"),
    "negative": N_("Unhappy"),
    "positive": N_("Happy"),
    "late": N_("Nearly late"),
    "unsent": N_("Answer not sent"),
    "posts": N_("Posts that need you"),
    "spike": N_("More than usual"),
    "promised": N_("Promised"),
    "silent": N_("A source is not heard"),
    "capped": N_("A source is over its cap"),
    "spent": N_("A budget"),
    "keys": N_("A key to an account"),
}
WAYS = {"mail": N_("mail"), "webhook": N_("chat"), "chat": N_("chat")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`ways` as "mail (Noor)"; `waits`: nobody looked, and somebody should."""

    at: datetime
    path: str
    ring: str
    department: str
    subject: str
    ways: str
    opened_by: str
    opened_at: datetime | None
    escalated_at: datetime | None
    waits: bool


def show(visit: Visit) -> Outcome:
    """The newest of a brand, of the departments that the member sees."""
    before = sound(NOTICE, visit.query.get("before", ""), "before")
    found, older = visit.desk.notices.newest(visit.brand.id, limit=ROWS, before=before)
    values = {
        "rows": [_row(each, visit.brand, visit.words) for each in found if sees(visit, each)],
        "older": older,
    }
    return Page(template="alerts.html", place="cases", values=values)


def open_(visit: Visit, brand: str, id: str) -> Outcome:
    """Note who looked, the first time; then to what it is about."""
    visit.brand_of(brand)
    notice = visit.desk.notices.get(brand, id)
    if not sees(visit, notice):
        raise NotFound("no such alert")
    if notice.opened_at is None:
        visit.desk.notices.opened(notice, visit.member.name, visit.member.id, visit.now)
        notice = visit.desk.notices.get(brand, id)
    if path := _about(notice, visit.query.get("case", ""), visit.query.get("post", "")):
        return Go(path)
    of = visit.brand_of(brand)
    values = {
        "row": _row(notice, of, visit.words),
        "cases": [
            (key.slug, case.author, case.title, case.due)
            for key in notice.cases
            if (case := visit.desk.cases.find(key)) and visit.owns(case)
        ]
        if len(notice.cases) <= ROWS
        else [],
        "posts": [key.id for key in notice.posts],
        "surges": notice.surges,
        "hushes": notice.hushes,
        "spent": notice.spent,
    }
    return Page(template="alert.html", place="cases", values=values, brand=of)


def sees(visit: Visit, notice: Notice) -> bool:
    """Is it of a department of the member's?"""
    brand = next(each for each in visit.brands if each.id == notice.brand)
    return brand.department(heard_by(notice.bell)[0]) in visit.standings[brand.id].sees(brand)


def _about(notice: Notice, case: str, post: str) -> str:
    """Where a link in it leads: only to what it told of. Of one thing there is only one place."""
    cases = {key.slug for key in notice.cases}
    posts = {key.id for key in notice.posts}
    if case in cases:
        return f"/cases/{case}"
    if post in posts:
        return f"/posts/{post}"
    if notice.surges or notice.hushes or notice.spent or len(cases) + len(posts) != 1:
        return ""
    return f"/cases/{cases.pop()}" if cases else f"/posts/{posts.pop()}"


def _row(notice: Notice, brand: Brand, words: Words) -> Row:
    department, ring = heard_by(notice.bell)
    return Row(
        at=notice.at,
        path=notice.path,
        ring=words.gettext(RINGS.get(ring, ring)),
        department=brand.department(department).name,
        subject=notice.subject_in(words.language),
        ways=", ".join(_way(each, words) for each in notice.reached),
        opened_by=notice.opened_by,
        opened_at=notice.opened_at,
        escalated_at=notice.escalated_at,
        waits=notice.opened_at is None and ring in MUST_BE_OPENED,
    )


def _way(way: str, words: Words) -> str:
    kind, _, name = way.partition(":")
    said = words.gettext(WAYS.get(kind, kind))
    return f"{said} ({name})" if name else said
