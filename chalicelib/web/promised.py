"""Promises as pages show them: those in a text that is still to be sent, and those that were made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.brand import Brand
from chalicelib.domain.promise import Promise, PromiseState
from chalicelib.domain.promises import MOST, Found
from chalicelib.errors import BadInput
from chalicelib.web import people, wishing
from chalicelib.web.i18n import N_, Words

STATES = {
    PromiseState.OPEN: N_("Still to be kept"),
    PromiseState.KEPT: N_("Kept"),
    PromiseState.DROPPED: N_("Dropped"),
    PromiseState.WITHDRAWN: N_("Not made: the answer was not sent"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A promise in a text. `wall` is when it is due on the brand's clock, as a form has it, `found` what was
    found there; `none`: a person struck it."""

    passage: str
    due: datetime
    dated: bool
    wall: str
    found: str
    none: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A promise that was made. `wall` and `reason` are what a form to move or drop it begins with; `why` is
    why that was done before."""

    slug: str
    rev: int
    case: str
    open: bool
    late: bool
    state: str
    passage: str
    due: datetime
    dated: bool
    by: str
    author: str
    person: str
    department: str
    why: str
    wall: str
    reason: str


def before(found: Iterable[Found], form: Mapping[str, str], words: Words) -> list[Before]:
    """With what a person made of them in a form."""
    said = {form[f"said.{n}"]: n for n in range(MOST) if f"said.{n}" in form}
    return [_before(each, form, said.get(each.passage, -1), words) for each in found]


def _before(each: Found, form: Mapping[str, str], n: int, words: Words) -> Before:
    wall = wall_of(each.due, words)
    changed = n >= 0 and form.get(f"by.{n}") != form.get(f"found.{n}")
    return Before(
        passage=each.passage,
        due=each.due,
        dated=each.dated,
        wall=form.get(f"by.{n}", wall) if changed else wall,
        found=wall,
        none=n >= 0 and f"none.{n}" in form,
    )


def read(form: Mapping[str, str], zone: str) -> dict[str, datetime | None]:
    """What a person said of the promises on the page, by passage; nothing of those left as they were found.
    Raises BadInput (`promises`)."""
    said: dict[str, datetime | None] = {}
    for n in range(MOST):
        passage, wall = form.get(f"said.{n}", ""), form.get(f"by.{n}", "")
        if passage and f"none.{n}" in form:
            said[passage] = None
        elif passage and wall != form.get(f"found.{n}", ""):
            said[passage] = moment(wall, zone, "promises")
    return said


def moment(wall: str, zone: str, field: str) -> datetime:
    """Raises BadInput for `field`."""
    try:
        return wishing.slot_at(wall, zone).at()
    except BadInput:
        raise BadInput(field, "a day and a time") from None


def unseen(found: Iterable[Found], form: Mapping[str, str]) -> bool:
    """Is a promise among them that was not on the page?"""
    seen = {form.get(f"said.{n}") for n in range(MOST)}
    return any(each.passage not in seen for each in found)


def rows(
    promises: Iterable[Promise], brand: Brand, words: Words, typed: Mapping[str, Mapping[str, str]] = {}
) -> list[Row]:
    """`typed` is what a person had in the form of one, by its slug."""
    return [_row(each, brand, words, typed.get(each.key.slug, {})) for each in promises]


def _row(each: Promise, brand: Brand, words: Words, typed: Mapping[str, str]) -> Row:
    return Row(
        slug=each.key.slug,
        rev=each.rev,
        case=each.key.case.slug,
        open=each.state is PromiseState.OPEN,
        late=each.late(words.now),
        state=words.gettext(STATES[each.state]),
        passage=each.passage,
        due=each.due,
        dated=each.dated,
        by=each.by,
        author=each.author,
        person=people.path(each.key.case.platform, each.author),
        department=brand.department(each.department).name,
        why=each.reason,
        wall=typed.get("due", wall_of(each.due, words)),
        reason=typed.get("reason", ""),
    )


def wall_of(at: datetime, words: Words) -> str:
    return f"{words.local(at):%Y-%m-%dT%H:%M}"
