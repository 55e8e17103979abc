"""What a person does on a case: keep a draft, approve and send it, or close the case by hand.

Whoever was second gets both texts beside each other, and loses no word of their own.
"""

from dataclasses import replace
from typing import Any

from chalicelib.domain.case import Case, EventKind
from chalicelib.domain.drafting import open_placeholders
from chalicelib.domain.thread import MOST
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.stages import answer
from chalicelib.web import outgoing, permitted, promised, ringing
from chalicelib.web.i18n import Words
from chalicelib.web.pages.case import Found, counter, key_of, page, read, unseen
from chalicelib.web.paying import over
from chalicelib.web.visit import Go, Outcome, Page, Visit


def reply(visit: Visit, slug: str) -> Outcome:
    """Keep the text as the draft, or approve exactly this text; `do` says which."""
    key = key_of(slug)
    desk = visit.desk
    case = desk.cases.get(key)
    brand = visit.own(case)
    text, by, rev = visit.form.get("text", ""), visit.member.name, rev_of(visit)
    anyway = visit.form.get("anyway", "")
    try:
        if visit.form.get("do") == "send":
            _must_be_seen(visit, case, text)
            if key.drill:
                answer.practise(
                    key,
                    rev,
                    text,
                    by,
                    by_id=visit.member.id,
                    anyway=anyway,
                    brand=brand,
                    cases=desk.cases,
                    now=visit.now,
                )
                return Go(f"/cases/{slug}?done=practised")
            answer.approve(
                key,
                rev,
                text,
                by,
                by_id=visit.member.id,
                anyway=anyway,
                promised=promised.read(visit.form, brand.zone),
                messages=shown_messages(visit),
                over=over(desk, brand, case.channel, visit.now),
                exceed=visit.form.get("exceed") == "yes",
                refused=permitted.refused(desk, case, brand, visit.now),
                brand=brand,
                cases=desk.cases,
                tasks=desk.tasks,
                counts=counter(visit, brand, case.channel),
                now=visit.now,
            )
            return Go(f"/cases/{slug}?done=sent")
        answer.save_draft(key, rev, text, by, by_id=visit.member.id, cases=desk.cases, now=visit.now)
        return Go(f"/cases/{slug}?done=saved")
    except Conflict:
        return both(visit, desk.cases.get(key), text)
    except BadInput as error:
        found = read(visit, desk.cases.get(key))
        fault = fault_of(error, found, visit)
        return page(
            visit, found, typed=text, fault=fault, field=error.field, values={"anyway": anyway.strip()}
        )


def shown_messages(visit: Visit) -> int:
    """In how many messages the page showed that the text leaves."""
    shown = visit.form.get("messages", "1")
    return int(shown) if shown in {str(n) for n in range(1, MOST + 1)} else 1


def _must_be_seen(visit: Visit, case: Case, text: str) -> None:
    """Who changed the text on a page of ours reads what the honesty check says of it first; who comes too
    late is told that. Raises BadInput for "doubts"."""
    seen = visit.form.get("seen")
    if (
        case.rev == rev_of(visit)
        and seen is not None
        and unseen(visit, read(visit, case), text, seen.split())
    ):
        raise BadInput("doubts", "read what is said of this text")


def solve(visit: Visit, slug: str) -> Outcome:
    """Answered at the network (then with the address of the answer), or nothing to do."""
    key = key_of(slug)
    visit.own(visit.desk.cases.get(key))
    url = visit.form.get("url", "").strip()
    note = visit.form.get("note", "").strip()
    cases, _ = visit.desk.cases, visit.words.gettext
    try:
        if visit.form.get("do") == "answered" and not url:
            raise BadInput("url", "missing")
        answer.solve(
            key,
            rev_of(visit),
            visit.member.name,
            by_id=visit.member.id,
            cases=cases,
            now=visit.now,
            url=url,
            note=note,
        )
    except Conflict:
        return once_more(visit, cases.get(key), {"pasted": url, "closing": note})
    except BadInput as error:
        case = cases.get(key)
        fault = _("Paste the address of your answer; it begins with https://.")
        fault = taken(visit, case) if error.field == "taken" else fault
        return page(
            visit, read(visit, case), fault=fault, field=error.field, values={"pasted": url, "closing": note}
        )
    return Go(f"/cases/{slug}?done=closed")


def hand_over(visit: Visit, slug: str) -> Outcome:
    """Make it another department's work, with the reason."""
    key = key_of(slug)
    brand = visit.own(visit.desk.cases.get(key))
    cases, _ = visit.desk.cases, visit.words.gettext
    department, reason = visit.form.get("department", ""), visit.form.get("reason", "")
    try:
        answer.hand_over(
            key,
            rev_of(visit),
            department,
            reason,
            visit.member.name,
            by_id=visit.member.id,
            brand=brand,
            cases=cases,
            ring=ringing.late(visit, brand),
            now=visit.now,
        )
    except Conflict:
        return once_more(visit, cases.get(key), {"handing": {"department": department, "reason": reason}})
    except BadInput as error:
        fault = _("Say why it is theirs.") if error.field == "reason" else _("Choose another department.")
        fault = taken(visit, cases.get(key)) if error.field == "taken" else fault
        kept = {"handing": {"department": department, "reason": reason}}
        return page(visit, read(visit, cases.get(key)), fault=fault, field=error.field, values=kept)
    return Go(f"/cases/{slug}?done=handed")


def reopen(visit: Visit, slug: str) -> Outcome:
    """Work again on what was answered or closed."""
    key = key_of(slug)
    brand = visit.own(visit.desk.cases.get(key))
    cases = visit.desk.cases
    try:
        answer.reopen(
            key,
            rev_of(visit),
            visit.member.name,
            by_id=visit.member.id,
            brand=brand,
            cases=cases,
            ring=ringing.late(visit, brand),
            now=visit.now,
        )
    except Conflict:
        return once_more(visit, cases.get(key), {})
    return Go(f"/cases/{slug}?done=reopened")


def rev_of(visit: Visit) -> int:
    given = visit.form.get("rev", "")
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise BadInput("rev", "a form of ours")
    return int(given)


def taken(visit: Visit, case: Case) -> str:
    """Why nothing was done where a colleague works on it."""
    until = visit.words.time(case.taken_until) if case.taken_until else ""
    return visit.words.gettext(
        "%(name)s works on this case until %(time)s. Take it over first.", name=case.taken_by, time=until
    )


def fault_of(error: BadInput, found: Found, visit: Visit) -> str:
    """Why this text cannot be sent, and what mends it."""
    words = visit.words
    _, text = words.gettext, visit.form.get("text", "")
    if error.field == "taken":
        return taken(visit, found.case)
    if error.field == "by":
        return _("Your account has no name to sign with. Ask the administrator to add it.")
    if error.field == "doubts":
        return _("Read what we found in this text. Change it, or send it once more.")
    if error.field == "messages":
        return _("It is too long for one message. Read how it leaves in several, then send it once more.")
    if error.field == "promises":
        return _("A promise is due at a day and a time still to come, within 300 days from now.")
    if error.field == "exceed":
        return _("The budget that pays for this is used. Say yes to exceed it, or answer at the network.")
    if error.field == "anyway":
        return _("Change the text, or say why it goes out as it is.")
    if error.field == "four_eyes":
        return _("You wrote this. A colleague approves it: keep it as the draft.")
    if error.field == "budget":
        return _("No model drafted anything: the budget that pays for it is used. Write it yourself.")
    if error.field == "model":
        return _(
            "No model drafted anything: none may, or not more today, or it gave no answer. Write it yourself."
        )
    if error.field == "channel":
        return _("No channel of ours reaches this message. Answer it at the network.")
    if not text.strip():
        return _("There is nothing to send yet. Write an answer.")
    if left := open_placeholders(text):
        return _("Still to be filled in: %(names)s.", names=", ".join(left))
    counts = counter(visit, found.brand, found.case.channel)
    over = counts.length(text, found.case.author) - counts.room() if counts else 0
    if counts and counts.threads and over > 0:
        return _("This text is too long, also for several messages, or has a word that is.")
    if over > 0:
        channel = outgoing.channel(found.brand, found.case.channel, words)
        return words.ngettext(
            "%(num)s character too many for %(channel)s.",
            "%(num)s characters too many for %(channel)s.",
            over,
            channel=channel,
        )
    return _("This text is too long.")


def once_more(visit: Visit, case: Case, kept: dict[str, Any]) -> Page:
    """409: the case as it stands now, with who was first, and what was typed where it was."""
    case = led(visit, case)
    found = read(visit, case)
    words = Words(visit.words.language, found.brand.zone, visit.now)
    shown = page(visit, found, fault=f"{_happened(found, words)}.", field="taken", values=kept)
    return replace(shown, status=409)


def led(visit: Visit, case: Case) -> Case:
    """Of a merged case the one that it is in. Raises NotFound."""
    if case.into is None:
        return case
    found = visit.desk.cases.find(case.into)
    if found is None or not visit.owns(found):
        raise NotFound("no such case")
    return found


def both(visit: Visit, case: Case, typed: str) -> Page:
    """409: what happened meanwhile, their text, and yours to go on with."""
    case = led(visit, case)
    found = read(visit, case)
    words = Words(visit.words.language, found.brand.zone, visit.now)
    last = found.last
    theirs = case.draft.text if case.draft else last.text if last else ""
    values = {
        "case": case,
        "slug": case.key.slug,
        "heading": _happened(found, words),
        "theirs": theirs,
        "typed": typed,
        "open": case.state.waits_for_us,
    }
    return Page(template="conflict.html", place="cases", values=values, status=409, brand=found.brand)


def _happened(found: Found, words: Words) -> str:
    """Who was first, and what they did."""
    _ = words.gettext
    if not found.events:
        return _("Somebody changed this case")
    event = found.events[-1]
    at = words.at(event.at)
    if event.kind is EventKind.DRAFTED:
        return _("%(name)s changed this %(time)s", name=event.by, time=at)
    if event.kind is EventKind.SOLVED:
        return _("%(name)s closed this %(time)s", name=event.by, time=at)
    if event.kind is EventKind.HANDED:
        return _("%(name)s handed this over %(time)s", name=event.by, time=at)
    if event.kind is EventKind.TAKEN:
        return _("%(name)s took this %(time)s", name=event.by, time=at)
    if event.kind is EventKind.LAID_DOWN:
        return _("%(name)s laid this down %(time)s", name=event.by, time=at)
    if event.kind is EventKind.SNOOZED:
        return _("%(name)s snoozed this %(time)s", name=event.by, time=at)
    if event.kind is EventKind.MERGED:
        return _("%(name)s merged another case into this %(time)s", name=event.by, time=at)
    if event.kind in (EventKind.SPLIT, EventKind.PARTED):
        return _("%(name)s split this case %(time)s", name=event.by, time=at)
    if event.kind is EventKind.REOPENED and event.by:
        return _("%(name)s opened this again %(time)s", name=event.by, time=at)
    if event.kind is EventKind.ASKED:
        return _("%(name)s asked a colleague by mail %(time)s", name=event.by, time=at)
    if event.kind is EventKind.HOLDING:
        return _("A holding reply went out %(time)s", time=at)
    if event.kind is EventKind.HEARD:
        return _("A new message came %(time)s", time=at)
    approved = [each for each in found.events if each.kind is EventKind.APPROVED]
    if approved:
        at = words.at(approved[-1].at)
        return _("%(name)s sent an answer %(time)s", name=approved[-1].by, time=at)
    return _("This case changed %(time)s", time=at)
