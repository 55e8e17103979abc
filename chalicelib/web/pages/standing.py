"""Standing approvals: signed by a named person, shown with what went under them, revoked with one press."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from chalicelib.domain import holding
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.drafting import plain
from chalicelib.domain.honesty import Finding, Rule
from chalicelib.errors import BadInput, Conflict
from chalicelib.stages import holding as stage
from chalicelib.web import outgoing
from chalicelib.web.honest import Doubt, doubts
from chalicelib.web.i18n import N_
from chalicelib.web.pages.case import counter
from chalicelib.web.reasons import told as reason_told
from chalicelib.web.standing import Told, sent, told
from chalicelib.web.visit import Go, Outcome, Page, Visit

ID = re.compile(r"[0-9a-f]{16}")
USUAL = timedelta(days=30)
FAULTS = {
    "by": N_("Your account has no name to sign with. Ask the administrator to add it."),
    "department": N_("Choose a department."),
    "channels": N_("Choose at least one channel."),
    "until": N_("Choose a last day, at most 92 days from now."),
    "text": N_("Write the text in one language at least."),
    "four_eyes": N_("You signed it first. A colleague signs second."),
    "doubts": N_("Read what we found in this text. Change it, or sign once more."),
    "honesty": N_("The honesty check stops this text. Change it."),
}
WRONG = {
    "it says before when a colleague answers, with {when}": N_(
        "It says before when a colleague answers: put {when} where that belongs."
    ),
    "too long for the network": N_("This text is too long for one of the channels."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message that was sent under it."""

    at: datetime
    path: str
    to: str
    text: str
    lang: str
    channel: str
    state: str
    reason: str


def show(visit: Visit) -> Outcome:
    return _page(visit, {}, done=visit.query.get("done", ""))


def one(visit: Visit, id: str) -> Outcome:
    return _one(visit, id, done=visit.query.get("done", ""))


def sign(visit: Visit) -> Outcome:
    """Say yes, as yourself, to exactly these texts, after reading what the honesty check finds in them."""
    form, brand = visit.form, visit.brand
    if not ID.fullmatch(form.get("id", "")):
        raise BadInput("id", "a form of ours")
    texts = {each: plain(form.get(f"text.{each}", "")) for each in brand.languages}
    found: list[Finding] = []
    try:
        channels = [each.id for each in brand.channels if f"on.{each.id}" in form]
        until = _end(form.get("until", ""), brand.zone)
        found = _findings(visit, texts)
        if not {each.rule.value for each in found} <= set(form.get("seen", "").split()):
            raise BadInput("doubts", "read what is said of this text")
        stage.sign_for(
            form["id"],
            department=form.get("department", ""),
            channels={id: counter(visit, brand, id) for id in channels},
            texts=texts,
            until=until,
            at_night="at_night" in form,
            by=visit.member.name,
            by_id=visit.member.id,
            brand=brand,
            standing=visit.desk.standing,
            line=visit.line,
            now=visit.now,
        )
    except BadInput as error:
        return _page(visit, form, fault=_fault(error, visit), field=error.field, found=found)
    return Go(f"/standing/{form['id']}?done=signed")


def second(visit: Visit, id: str) -> Outcome:
    try:
        stage.sign_second(
            id,
            _rev(visit),
            visit.member.name,
            visit.member.id,
            brand=visit.brand,
            standing=visit.desk.standing,
            line=visit.line,
            now=visit.now,
        )
    except BadInput as error:
        return _one(visit, id, fault=_fault(error, visit))
    except Conflict:
        return _changed(visit, id)
    return Go(f"/standing/{id}?done=second")


def revoke(visit: Visit, id: str) -> Outcome:
    try:
        stage.revoke(
            id,
            _rev(visit),
            visit.member.name,
            brand=visit.brand,
            standing=visit.desk.standing,
            line=visit.line,
            now=visit.now,
        )
    except Conflict:
        return _changed(visit, id)
    return Go(f"/standing/{id}?done=revoked")


def _changed(visit: Visit, id: str) -> Page:
    fault = visit.words.gettext("Somebody was first. This is how it stands now.")
    return _one(visit, id, fault=fault, status=409)


def _one(visit: Visit, id: str, *, done: str = "", fault: str = "", status: int = 422) -> Page:
    approval = visit.desk.standing.get(visit.brand.id, id)
    brand = visit.brand
    values = {
        "told": told(approval, brand, visit.now),
        "department": _department(visit, approval.department),
        "channels": [outgoing.channel(brand, each, visit.words) for each in approval.channels],
        "texts": [(each, visit.words.spoken(each), text) for each, text in approval.texts.items()],
        "rows": [_row(visit, each) for each in sent(visit, approval)],
        "own_signature": approval.signed_by_id == visit.member.id,
        "done": done,
        "fault": fault,
    }
    return Page(template="standing.html", place="brand", values=values, status=status if fault else 200)


def _row(visit: Visit, each: Delivery) -> Row:
    words = visit.words
    return Row(
        at=each.sent_at or each.approved_at,
        path=outgoing.path(each.key.owner),
        to=each.to_author,
        text=each.text,
        lang=outgoing.other(each.language, words),
        channel=outgoing.channel(visit.brand, each.key.channel, words),
        state=each.state.value,
        reason=reason_told(each.reason, words),
    )


def _page(
    visit: Visit,
    given: Mapping[str, str],
    *,
    done: str = "",
    fault: str = "",
    field: str = "",
    found: Sequence[Finding] = (),
) -> Page:
    words, brand = visit.words, visit.brand
    listed: list[Told] = [told(each, brand, visit.now) for each in visit.desk.standing.of(brand.id)]
    doubtful: list[Doubt] = doubts(found, brand.honesty, words)
    last = words.today() + holding.LONGEST - timedelta(days=1)
    values = {
        "listed": [(each, _department(visit, each.it.department)) for each in listed],
        "given": given,
        "texts": [(each, words.spoken(each), _typed(visit, each, given)) for each in brand.languages],
        "id": given.get("id") or token_hex(8),
        "today": words.today().isoformat(),
        "last": last.isoformat(),
        "until": given.get("until") or (words.today() + USUAL).isoformat(),
        "doubts": doubtful,
        "done": done,
        "fault": fault,
        "field": field,
    }
    return Page(template="standings.html", place="brand", values=values, status=422 if fault else 200)


def _typed(visit: Visit, language: str, given: Mapping[str, str]) -> str:
    """What was typed; at first the brand's own holding reply, as this member signs it."""
    if given:
        return given.get(f"text.{language}", "")
    kept = (t.text for t in visit.brand.templates if (t.when, t.language) == (holding.WHEN, language))
    department = visit.brand.departments[0].id
    return holding.to_sign(next(kept, ""), visit.brand, department, visit.member.name)


def _findings(visit: Visit, texts: Mapping[str, str]) -> list[Finding]:
    """What the honesty check finds in any of them; one a rule."""
    by_rule: dict[Rule, Finding] = {}
    for text in texts.values():
        if text and "{when}" in text:
            department = visit.form.get("department", "")
            _, found = stage.signable(text, visit.brand, department, visit.member.name)
            by_rule |= {each.rule: each for each in found}
    return list(by_rule.values())


def _department(visit: Visit, id: str) -> str:
    """Its name; of one that is gone its id."""
    return next((each.name for each in visit.brand.departments if each.id == id), id)


def _fault(error: BadInput, visit: Visit) -> str:
    words = visit.words
    if error.message in WRONG:
        return words.gettext(WRONG[error.message])
    if error.message.startswith("still to be filled in: "):
        names = error.message.partition(": ")[2]
        return words.gettext("Still to be filled in: %(names)s.", names=names)
    return words.gettext(FAULTS[error.field.partition(".")[0]])


def _end(given: str, zone: str) -> datetime:
    """The midnight after the last day, on the brand's clock."""
    try:
        day = date.fromisoformat(given)
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    except (ValueError, OverflowError):
        raise BadInput("until", "a day") from None


def _rev(visit: Visit) -> int:
    given = visit.form.get("rev", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise BadInput("rev", "a form of ours")
    return int(given)
