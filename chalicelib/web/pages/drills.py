"""Drills: started and ended by a manager; how each went is for the whole team."""

import re
from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex

from chalicelib.domain.drill import LONGEST, USUAL, lines_of
from chalicelib.domain.drill_words import LANGUAGES, story
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import drill as stage
from chalicelib.web.drilling import how
from chalicelib.web.i18n import Words
from chalicelib.web.visit import Go, Outcome, Page, Visit

ID = re.compile(r"[0-9a-f]{16}")
HOUR = timedelta(hours=1)


def show(visit: Visit) -> Outcome:
    return _page(visit, {})


def one(visit: Visit, id: str) -> Outcome:
    return _one(visit, id, done=visit.query.get("done", ""))


def start(visit: Visit) -> Outcome:
    """What the form says begins now; the same form sent twice is one drill."""
    form, brand = visit.form, visit.brand
    if not ID.fullmatch(form.get("id", "")):
        raise BadInput("id", "a form of ours")
    try:
        made = stage.made(
            brand.id,
            form["id"],
            lines_of(form.get("lines", "")),
            _lasts(form.get("hours", "")),
            visit.member.name,
            visit.now,
        )
        desk = visit.desk
        stage.start(made, visit.line, drills=desk.drills, mentions=desk.mentions, tasks=desk.tasks)
    except BadInput as error:
        return _page(visit, form, field=error.field, fault=_fault(error, visit.words))
    except Conflict:
        fault = visit.words.gettext("Another drill is running. End that one first.")
        return _page(visit, form, fault=fault, status=409)
    return Go(f"/drills/{form['id']}?done=started")


def end(visit: Visit, id: str) -> Outcome:
    desk = visit.desk
    kept = desk.drills.get(visit.brand.id, id)
    try:
        stage.end(kept, visit.member.name, visit.line, drills=desk.drills, cases=desk.cases, now=visit.now)
    except Conflict:
        return _one(visit, id, status=409)
    return Go(f"/drills/{id}?done=ended")


def _lasts(given: str) -> timedelta:
    if not (given.isascii() and given.isdecimal() and len(given) < 3):
        raise BadInput("until", "hours")
    return int(given) * HOUR


def _fault(error: BadInput, words: Words) -> str:
    _ = words.gettext
    if error.field == "by":
        return _("Your account has no name to sign with. Ask the administrator to add it.")
    if error.field == "until":
        return _("A drill lasts 1 to 24 hours.")
    if error.message == "many":
        return _("Write 1 to 20 messages, each on a line of its own.")
    return _(
        "Line %(number)s is no message: write a name, a colon and what they say, at most 1,000 characters.",
        number=error.message,
    )


def _page(
    visit: Visit, given: Mapping[str, str], *, field: str = "", fault: str = "", status: int = 422
) -> Page:
    brand, words = visit.brand, visit.words
    language = visit.query.get("story", "")
    language = language if language in LANGUAGES else brand.languages[0]
    values = {
        "listed": [(each, each.runs(visit.now)) for each in visit.desk.drills.of(brand.id)],
        "id": given.get("id") or token_hex(8),
        "lines": given.get("lines", story(language, brand.name)),
        "stories": [(each, words.spoken(each)) for each in LANGUAGES],
        "hours": given.get("hours", str(USUAL // HOUR)),
        "most": LONGEST // HOUR,
        "field": field,
        "fault": fault,
    }
    return Page(template="drills.html", place="team", values=values, status=status if fault else 200)


def _one(visit: Visit, id: str, *, done: str = "", status: int = 200) -> Page:
    kept = visit.desk.drills.get(visit.brand.id, id)
    found = how(visit, kept)
    values = {
        "drill": kept,
        "runs": kept.runs(visit.now),
        "found": found,
        "departments": {each.id: each.name for each in visit.brand.departments},
        "seen": {each.id for each in visit.departments},
        "done": done,
        "changed": status == 409,
    }
    return Page(template="drill.html", place="team", values=values, status=status)
