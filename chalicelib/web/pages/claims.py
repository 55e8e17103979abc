"""Who works on a case: take it, lay it down, snooze it; and notes for colleagues."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.asking import handle
from chalicelib.domain.brand import Brand
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import ask, claim, label
from chalicelib.web import wishing
from chalicelib.web.asking import colleagues
from chalicelib.web.pages.case import key_of, page, read
from chalicelib.web.pages.deeds import led, once_more, rev_of, taken
from chalicelib.web.visit import Data, Go, Outcome, Page, Visit


def take(visit: Visit, slug: str) -> Outcome:
    """Mine for an hour; or, where it was mine already and `do` says so, nobody's again."""
    key, member = key_of(slug), visit.member
    visit.own(visit.desk.cases.get(key))
    deed = claim.lay_down if visit.form.get("do") == "lay_down" else claim.take

    def act() -> str:
        deed(key, rev_of(visit), member.name, by_id=member.id, cases=visit.desk.cases, now=visit.now)
        return "laid" if deed is claim.lay_down else "taken"

    return _done(visit, slug, act)


def snooze(visit: Visit, slug: str) -> Outcome:
    """Off the list until a moment on the brand's clock."""
    key, member = key_of(slug), visit.member
    brand = visit.own(visit.desk.cases.get(key))

    def act() -> str:
        claim.snooze(
            key,
            rev_of(visit),
            moment(visit, brand),
            visit.form.get("why", ""),
            member.name,
            by_id=member.id,
            cases=visit.desk.cases,
            now=visit.now,
        )
        return "snoozed"

    return _done(visit, slug, act)


def note(visit: Visit, slug: str) -> Outcome:
    """Colleagues alone read it; whom it names as `@name`, or `ask` chooses, hears of it by mail."""
    member, desk = visit.member, visit.desk
    case = led(visit, desk.cases.get(key_of(slug)))
    key, brand = case.key, visit.own(case)

    def act() -> str:
        noted = ask.note(
            key,
            visit.form.get("note", ""),
            member.name,
            by_id=member.id,
            chosen=[id for id in (visit.form.get("ask", ""),) if id],
            colleagues=lambda: colleagues(visit, case),
            brand=brand,
            cases=desk.cases,
            mail=desk.mail,
            mailings=desk.mailings,
            now=visit.now,
        )
        return "unmailed" if noted.unmailed else "noted"

    return _done(visit, slug, act)


def choose(visit: Visit, slug: str) -> Outcome:
    """A note to a colleague chosen from a list; with `as` the same list for who types an @."""
    case = visit.desk.cases.get(key_of(slug))
    brand = visit.own(case)
    others = [each for each in colleagues(visit, case) if each.id != visit.member.id]
    if visit.query.get("as"):
        return Data({handle(each): each.name for each in others})
    values = {"case": case, "slug": slug, "others": others, "noting": "", "field": ""}
    return Page(template="ask.html", place="cases", values=values, brand=brand)


def labels(visit: Visit, slug: str) -> Outcome:
    """Put some on, or (`drop`) take one off."""
    member = visit.member
    case = led(visit, visit.desk.cases.get(key_of(slug)))
    key, brand = case.key, visit.own(case)

    def act() -> str:
        dropped = visit.form.get("drop", "")
        added = "" if dropped else visit.form.get("label", "")
        label.label(
            key,
            [added],
            [dropped],
            member.name,
            by_id=member.id,
            brand=brand,
            cases=visit.desk.cases,
            now=visit.now,
        )
        return "labelled"

    return _done(visit, slug, act)


def _done(visit: Visit, slug: str, act: Callable[[], str]) -> Outcome:
    """What was typed stays where it was not kept."""
    key, cases, form = key_of(slug), visit.desk.cases, visit.form
    kept: dict[str, Any] = {"noting": form["note"]} if "note" in form else {}
    if "label" in form:
        kept["labelling"] = form["label"]
    if "until" in form:
        kept["snoozing"] = {name: form.get(name, "") for name in ("until", "why")}
    try:
        return Go(f"/cases/{slug}?done={act()}")
    except Conflict:
        return once_more(visit, cases.get(key), kept)
    except BadInput as error:
        found = read(visit, led(visit, cases.get(key)))
        said = taken(visit, found.case) if error.field == "taken" else fault(error, visit)
        return page(visit, found, fault=said, field=error.field, values=kept)


def moment(visit: Visit, brand: Brand) -> datetime:
    """What the form's `until` says, on the brand's clock. Raises BadInput."""
    try:
        return wishing.slot_at(visit.form.get("until", ""), brand.zone).at()
    except BadInput:
        raise BadInput("until", "a day and a time") from None


def fault(error: BadInput, visit: Visit) -> str:
    _ = visit.words.gettext
    if error.field == "note":
        return _("Write what colleagues should know, in at most 2,000 characters.")
    if error.field == "label":
        return _("At most ten labels a case, of at most thirty characters each.")
    if error.field == "ask":
        return _("Ask at most ten colleagues at a time, of those who may see this case.")
    if error.message == "a moment before it is due":
        return _("It is due before that. Choose an earlier moment, or answer first.")
    return _("Choose a day and a time within sixty days from now.")
