"""One deed for several rows: correct their verdicts; take, snooze, label, hand over or close their cases.

Each row's outcome is told; one that cannot be done stops no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain.case import Case, CaseKey
from chalicelib.domain.correcting import CHOICES
from chalicelib.domain.mention import MentionKey
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import answer, claim, label
from chalicelib.web import reading, ringing
from chalicelib.web.pages import verdict
from chalicelib.web.pages.claims import fault, moment
from chalicelib.web.pages.deeds import taken
from chalicelib.web.render import handle
from chalicelib.web.request import own_path
from chalicelib.web.visit import Outcome, Page, Visit

MOST = 50
"""Rows of one deed: what a page shows."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row. `about` is what it is of, `path` where to look."""

    about: str
    path: str
    said: str
    done: bool


def act(visit: Visit) -> Outcome:
    """`do` is a feeling or one of `DEEDS`; the fields `m.<slug>` name mentions, `c.<slug>` cases."""
    do, back = visit.form.get("do", ""), own_path(visit.form.get("back", ""))
    named = [name for name in visit.form if name[:2] in ("m.", "c.")]
    if len(named) > MOST:
        raise BadInput("rows", f"at most {MOST} rows")
    if do in {choice.value for choice in CHOICES}:
        told = _corrected(visit, [name[2:] for name in named if name.startswith("m.")], do)
    elif do in DEEDS:
        told = _cases(visit, named, DEEDS[do])
    else:
        raise BadInput("do", "a deed of this page")
    values = {"told": told, "back": back, "failed": sum(not each.done for each in told)}
    return Page(
        template="bulk.html", place="mentions" if back.startswith("/mentions") else "cases", values=values
    )


def _corrected(visit: Visit, slugs: Sequence[str], do: str) -> list[Told]:
    keys = [verdict.key_of(visit, slug) for slug in slugs]
    known = visit.desk.mentions.get_many(keys)
    told = []
    for key in keys:
        mention, _ = known.get(key, (None, None))
        about = f"{handle(mention.author.handle)}: {mention.excerpt}" if mention else str(key)
        told.append(Told(about, "", *_correct(visit, key, do)))
    return told


def _correct(visit: Visit, key: MentionKey, do: str) -> tuple[str, bool]:
    words = visit.words
    try:
        was = verdict.apply(visit, key, do)
    except Conflict:
        return words.gettext("Somebody else changed this at the same time."), False
    except NotFound:
        return words.gettext("This is not there any more."), False
    now, before = reading.label(do, words), reading.label(was.value, words)
    if was.value == do:
        return words.gettext("It was %(feeling)s already.", feeling=now), True
    return words.gettext("Now %(feeling)s; was %(before)s.", feeling=now, before=before), True


def _cases(visit: Visit, named: Sequence[str], deed: Callable[[Visit, Case], str]) -> list[Told]:
    """Of each case once, also where several of its messages were chosen; of one that was chosen itself only
    as it stood there, for who sees a newer message may decide otherwise."""
    words = visit.words
    asked = {_case_of(visit, name): visit.form[name] if name.startswith("c.") else "" for name in named}
    known = visit.desk.cases.find_many(list(asked))
    told: dict[CaseKey, Told] = {}
    for key, seen in asked.items():
        case = known.get(key)
        if case is None or not visit.owns(case):
            told[key] = Told(str(key), "", words.gettext("There is no case of this."), False)
            continue
        if case.key in told:
            continue
        path = f"/cases/{case.key.slug}"
        try:
            if seen.isdecimal() and int(seen) != case.rev:
                raise Conflict(f"{case.key} changed since it was read")
            told[case.key] = Told(case.title, path, deed(visit, case), True)
        except Conflict:
            said = words.gettext("It does not wait any more, or somebody else changed it.")
            told[case.key] = Told(case.title, path, said, False)
        except BadInput as error:
            said = taken(visit, case) if error.field == "taken" else _fault(visit, error)
            told[case.key] = Told(case.title, path, said, False)
    return list(told.values())


def _solved(visit: Visit, case: Case) -> str:
    if not case.state.waits_for_us:
        raise Conflict(f"{case.key} is {case.state.value}")
    answer.solve(
        case.key, case.rev, visit.member.name, by_id=visit.member.id, cases=visit.desk.cases, now=visit.now
    )
    return visit.words.gettext("Closed.")


def _handed(visit: Visit, case: Case) -> str:
    brand = visit.brand_of(case.key.brand)
    department = visit.form.get("department", "")
    answer.hand_over(
        case.key,
        case.rev,
        department,
        visit.form.get("reason", ""),
        visit.member.name,
        by_id=visit.member.id,
        brand=brand,
        cases=visit.desk.cases,
        ring=ringing.late(visit, brand),
        now=visit.now,
    )
    return visit.words.gettext("Handed over to %(department)s.", department=brand.department(department).name)


def _taken(visit: Visit, case: Case) -> str:
    member = visit.member
    after = claim.take(
        case.key, case.rev, member.name, by_id=member.id, cases=visit.desk.cases, now=visit.now
    )
    until = visit.words.time(after.taken_until) if after.taken_until else ""
    return visit.words.gettext("Yours until %(time)s.", time=until)


def _snoozed(visit: Visit, case: Case) -> str:
    until = moment(visit, visit.brand_of(case.key.brand))
    claim.snooze(
        case.key,
        case.rev,
        until,
        visit.form.get("why", ""),
        visit.member.name,
        by_id=visit.member.id,
        cases=visit.desk.cases,
        now=visit.now,
    )
    return visit.words.gettext("Snoozed until %(time)s.", time=visit.words.moment(until))


def _labelled(visit: Visit, case: Case) -> str:
    drops = visit.form.get("do") == "unlabel"
    given = [visit.form.get("label", "")]
    after = label.label(
        case.key,
        [] if drops else given,
        given if drops else [],
        visit.member.name,
        by_id=visit.member.id,
        brand=visit.brand_of(case.key.brand),
        cases=visit.desk.cases,
        now=visit.now,
    )
    labels = ", ".join(after.labels)
    return visit.words.gettext("Labels: %(labels)s.", labels=labels or visit.words.gettext("none"))


DEEDS: dict[str, Callable[[Visit, Case], str]] = {
    "take": _taken,
    "snooze": _snoozed,
    "label": _labelled,
    "unlabel": _labelled,
    "solve": _solved,
    "hand": _handed,
}
"""What may be done to cases."""


def _fault(visit: Visit, error: BadInput) -> str:
    if error.field in ("until", "label"):
        return fault(error, visit)
    if error.field == "reason":
        return visit.words.gettext("Say why it is theirs.")
    return visit.words.gettext("Choose another department.")


def _case_of(visit: Visit, name: str) -> CaseKey:
    """Raises NotFound for what no page of ours made, and for another brand's."""
    if name.startswith("m."):
        key: MentionKey = verdict.key_of(visit, name[2:])
        return CaseKey(key.brand, key.platform, key.id)
    try:
        found = CaseKey.from_slug(name[2:])
    except ValueError:
        raise NotFound("no such case") from None
    if found.brand != visit.brand.id:
        raise NotFound("no such case")
    return found
