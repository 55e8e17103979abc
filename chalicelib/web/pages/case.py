"""One case: its clock, the conversation, the draft or what became of the answer, and its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from chalicelib.domain import response
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import (
    UNASKED,
    WITHDRAWN,
    Case,
    CaseEvent,
    CaseKey,
    CaseState,
    EventKind,
    Helped,
    waiting,
)
from chalicelib.domain.delivery import Delivery, DeliveryState, removable
from chalicelib.domain.drafting import sign
from chalicelib.domain.drill import OVER
from chalicelib.domain.handing import stays
from chalicelib.domain.helped import silent
from chalicelib.domain.honesty import Finding
from chalicelib.domain.mention import DRILL, Mention
from chalicelib.domain.promise import Promise
from chalicelib.domain.promises import Found as Promised
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import BadInput, NotFound, WebspinError
from chalicelib.ports import Counts, Viewer
from chalicelib.stages import answer, promising
from chalicelib.web import knowing, on_duty, outgoing, people, permitted, phases, promised
from chalicelib.web.clockface import face, strip
from chalicelib.web.honest import doubts, name as rule_name
from chalicelib.web.i18n import Words
from chalicelib.web.permitted import How, Way
from chalicelib.web.reading import Piece, View, label, said_of, view
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit
from chalicelib.web.voice import voice

REFRESH = 3
VIEWING = timedelta(minutes=5)
"""Who opened a case so long ago is taken to have it before them still."""
VIEWED_AGAIN = timedelta(minutes=1)
"""After which a look is kept anew; a page that refreshes itself writes no oftener."""
SHOWN = 50
"""Messages of a conversation that are read; the network has the rest."""
MENDING = (DeliveryState.EDITING, DeliveryState.REMOVING)
ON_ITS_WAY = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of the conversation. `place` is their network, or the channel of ours; `state` is a
    delivery's, "" for theirs.
    """

    at: datetime
    ours: bool
    author: str
    place: str
    said: tuple[Piece, ...]
    lang: str = ""
    url: str = ""
    state: str = ""
    reason: str = ""
    standing: bool = False
    """Sent by the system under a standing approval, whose `author` signed that."""
    messages: tuple[str, ...] = ()
    taken: int = 0
    """Ours in several messages, and how many of them the network took."""
    view: View | None = None
    slug: str = ""
    """Of the mention, where other sites took it over."""
    sites: int = 0
    """So many did."""
    unproven: bool = False
    """Nobody vouches that its author wrote it."""
    mailed: str = ""
    """Of a mail the address that an answer goes to."""
    reply: str = ""
    """Names one of ours, in the addresses of what is done with it."""
    editable: bool = False
    removable: bool = False
    correcting: str = ""
    """What it is to say, while it is being corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case with everything under it."""

    case: Case
    brand: Brand
    events: Sequence[CaseEvent]
    deliveries: Sequence[Delivery]
    promises: Sequence[Promise]
    viewers: Sequence[Viewer]

    @property
    def last(self) -> Delivery | None:
        return self.deliveries[-1] if self.deliveries else None


def show(visit: Visit, slug: str) -> Outcome:
    asked = key_of(slug)
    visit.brand_of(asked.brand)
    case = visit.desk.cases.find(asked)
    if case is None:
        raise NotFound("no such case")
    visit.own(case)
    if case.key != asked:
        return Go(f"/cases/{case.key.slug}")
    found = read(visit, case)
    _looked(visit, found)
    return page(visit, found, done=visit.query.get("done", ""))


def _looked(visit: Visit, found: Found) -> None:
    """Keep that the member has it before them, for colleagues who open it now."""
    last = max((each.at for each in found.viewers if each.id == visit.member.id), default=None)
    if last is None or last + VIEWED_AGAIN <= visit.now:
        visit.desk.cases.viewed(found.case.key, Viewer(visit.member.id, visit.member.name, visit.now))


def key_of(slug: str) -> CaseKey:
    """Raises NotFound for what no page of ours made."""
    try:
        return CaseKey.from_slug(slug)
    except ValueError:
        raise NotFound("no such case") from None


def read(visit: Visit, case: Case) -> Found:
    brand = visit.own(case)
    under = visit.desk.cases.dossier(case.key)
    return Found(
        case=case,
        brand=brand,
        events=under.events,
        deliveries=under.deliveries,
        promises=under.promises,
        viewers=under.viewers,
    )


def page(
    visit: Visit,
    found: Found,
    *,
    done: str = "",
    typed: str | None = None,
    fault: str = "",
    field: str = "",
    values: dict[str, Any] | None = None,
) -> Page:
    """The case as it stands; `typed` is what a person had in the field when `fault` came up."""
    from chalicelib.web.pages import holding  # which builds on this page

    case, brand = found.case, found.brand
    words = Words(visit.words.language, brand.zone, visit.now)
    text = draft_text(case, visit) if typed is None else typed
    way = _way(visit, case, brand)
    channel = brand.channel(case.channel) if way is None or way.how is How.API else None
    counts = counter(visit, brand, case.channel)
    leaves = messages(case, text, counts) if case.state.waits_for_us and channel else ()
    on_its_way = found.last is not None and found.last.state in ON_ITS_WAY
    rests = found.last is not None and found.last.state.rests
    sending = case.state is CaseState.SENDING and not rests
    held_off = on_its_way and found.last is not None and found.last.answer_by is not None
    mended = any(each.state in MENDING for each in found.deliveries)
    settling = sending or held_off or mended or (case.state is CaseState.ANSWERED and on_its_way)
    shown = {
        "case": case,
        "drill": case.key.drill,
        "blockable": case.mention.slug,
        "slug": case.key.slug,
        "face": face(case, words),
        "strip": strip(case, visit.brand, words),
        "why": response.told(case.rule, words.language),
        "phase": phases.told(waiting(case), visit.now, words),
        "standing": _standing(found, words),
        "department": brand.department(case.department),
        "stays": [
            (brand.department(each.department).name if each.department else "", words.span(each.length))
            for each in stays(found.events, case.department, case.answered_at or visit.now)
        ],
        "about": ", ".join(each.name for each in brand.topics if each.id in case.topics),
        "on_duty": on_duty.lines(visit, brand, [brand.department(case.department)])
        if case.state.waits_for_us
        else [],
        "channel": channel,
        "out": outgoing.channel(brand, case.channel, words),
        "network": words.network(case.platform),
        "way": permitted.in_words(way, leaves or (text,), words) if way else None,
        "turns": _turns(visit, found, words),
        "history": [(event, _said(event, brand, words)) for event in found.events],
        "person": people.path(case.platform, case.author),
        "handing": {"department": "", "reason": ""},
        "holding": holding.ready(visit, case, brand) if case.state.waits_for_us and channel else None,
        "holder": case.taken_by if case.taken(visit.now) else "",
        "mine": case.is_with(visit.member.name, visit.member.id),
        "viewers": [
            (each.name, words.time(each.at))
            for each in sorted(found.viewers, key=lambda viewer: viewer.at)
            if each.id != visit.member.id and visit.now < each.at + VIEWING
        ],
        "again": case.helped is Helped.AGAIN,
        "asleep": case.snoozed_until if case.snoozed_until and visit.now < case.snoozed_until else None,
        "notes": [event for event in found.events if event.kind is EventKind.NOTED],
        "parts": [(key.slug, title, words.network(key.platform)) for key, title in _parts(found)],
        "asked_me": [each for each in case.asked if each.id == visit.member.id],
        "snoozing": {"until": _tomorrow(case, words), "why": ""},
        "noting": "",
        "labelling": "",
        "closing": "",
        "delivery": found.last,
        "reason": told(case.reason, words),
        "template": words.template(_when(case, brand)),
        "text": text,
        "length": counts.length(text, case.author) if counts else len(text),
        "room": counts.room() if counts and channel else 0,
        "messages": leaves,
        "done": done,
        "fault": fault,
        "field": field,
        "own_words": case.wants_four_eyes(brand)
        and case.draft is not None
        and case.draft.is_of(visit.member.name, visit.member.id),
        "four_eyes": case.wants_four_eyes(brand),
        "snippets": knowing.snippets(brand, case),
        "author_language": words.spoken(case.language),
        "voice": voice(brand, words),
        "doubts": doubts(_found(visit, found, text), brand.honesty, words) if case.state.waits_for_us else [],
        "anyway": "",
        "promising": promised.before(_promised(visit, found, text), visit.form, words)
        if case.state.waits_for_us and channel
        else [],
        "promises": promised.rows(found.promises, brand, words),
        **(values or {}),
    }
    refresh = REFRESH if settling and not fault else 0
    status = 422 if fault else 200
    return Page(
        template="case.html", place="cases", values=shown, status=status, refresh=refresh, brand=brand
    )


def _way(visit: Visit, case: Case, brand: Brand) -> Way | None:
    """How it may be answered; None where nothing is to be, and in a drill."""
    asked = case.state.waits_for_us and not case.key.drill
    return permitted.way(visit, case, brand) if asked else None


def _parts(found: Found) -> list[tuple[CaseKey, str]]:
    """What was merged into it, by title."""
    titles = {each.case: each.title for each in found.events if each.kind is EventKind.MERGED}
    return [(key, titles.get(key, "")) for key in found.case.joined]


def _tomorrow(case: Case, words: Words) -> str:
    """Nine o'clock tomorrow, as a form has it; "" where the case is due before."""
    at = f"{words.today() + timedelta(days=1)}T09:00"
    return at if case.due < words.now or words.at_wall(at) < case.due else ""


def _when(case: Case, brand: Brand) -> str:
    """What the draft's template is for; "" where it has none, or the brand has it no more."""
    source = case.draft.source if case.draft else ""
    return next((template.when for template in brand.templates if template.id == source), "")


def counter(visit: Visit, brand: Brand, channel: str) -> Counts | None:
    """How the channel's network counts; None where it sets no limit, or is not set up well: that is for
    its own page to say, and for the delivery to find out."""
    try:
        return visit.desk.counts(brand, channel) if channel else None
    except WebspinError:
        return None


def messages(case: Case, text: str, counts: Counts | None) -> tuple[str, ...]:
    """The text as it would leave, where that is in several messages; else ()."""
    try:
        found = answer.messages_of(text, case, counts)
    except BadInput:
        return ()
    return found if len(found) > 1 else ()


def _found(visit: Visit, found: Found, text: str) -> Sequence[Finding]:
    """What the honesty check finds in this text, were the member to send it; nothing where there is none."""
    if not text.strip():
        return ()
    return answer.found_in(text, found.case, found.brand, visit.member.name)


def _promised(visit: Visit, found: Found, text: str) -> Sequence[Promised]:
    """What this text promises, were the member to send it now."""
    return promising.promised_in(text, found.case, found.brand, visit.now)


def unseen(visit: Visit, found: Found, text: str, seen: Collection[str]) -> bool:
    """Does the honesty check find something in this text that was not on the page beside it, or does it
    promise something that was not?"""
    doubtful = not {each.rule.value for each in _found(visit, found, text)} <= set(seen)
    return doubtful or promised.unseen(_promised(visit, found, text), visit.form)


def draft_text(case: Case, visit: Visit) -> str:
    """The draft with the member's name in its place."""
    return sign(case.draft.text, visit.member.name) if case.draft else ""


def _standing(found: Found, words: Words) -> str:
    """One line: how it stands, and of whom it is."""
    _ = words.gettext
    case = found.case
    department = found.brand.department(case.department).name
    draft = case.draft
    if case.state is CaseState.SENDING and found.last and found.last.state is DeliveryState.HELD:
        return _("Held back: somebody has to decide. %(department)s.", department=department)
    if case.state is CaseState.SENDING and (until := _waits_until(found.last, words)):
        return _(
            "The answer waits until %(time)s: %(reason)s. %(department)s.",
            time=words.moment(until),
            reason=told(found.last.reason, words) if found.last else "",
            department=department,
        )
    if case.state is CaseState.SENDING:
        return _("On its way to the network. %(department)s.", department=department)
    if case.state is CaseState.STUCK:
        return _("Not sent: somebody has to look. %(department)s.", department=department)
    if case.state is CaseState.ANSWERED and silent(case, words.now):
        return _("Answered, and no word from them since. %(department)s.", department=department)
    if case.state is CaseState.ANSWERED:
        return _("Answered. %(department)s.", department=department)
    if case.solved_by_them:
        return _("Solved, by the customer's own word. %(department)s.", department=department)
    if case.state is CaseState.SOLVED:
        return _("Closed by us. %(department)s.", department=department)
    if draft and draft.by:
        return _(
            "Waits for approval. Draft by %(name)s, %(department)s.", name=draft.by, department=department
        )
    return _("Waits for an answer. %(department)s.", department=department)


def _waits_until(last: Delivery | None, words: Words) -> datetime | None:
    """Up to when an answer is put off, where something keeps it."""
    put_off = last and last.state is DeliveryState.PLANNED and last.reason and last.due > words.now
    return last.due if last and put_off else None


def _turns(visit: Visit, found: Found, words: Words) -> list[Turn]:
    """What was said, theirs and ours, oldest first."""
    keys = [event.mention for event in found.events if event.kind is EventKind.HEARD and event.mention]
    keys = list(dict.fromkeys([*keys[-SHOWN:], found.case.mention]))
    known = visit.desk.mentions.get_many(keys)
    turns = [_theirs(*known[key], found, words) for key in keys if key in known]
    if found.case.key.drill:
        turns += [_practised(each, words) for each in found.events if each.kind is EventKind.APPROVED]
    turns += [_ours(visit, delivery, found, words) for delivery in found.deliveries]
    return sorted(turns, key=lambda turn: (turn.at, turn.ours))


def _theirs(mention: Mention, verdict: Verdict | None, found: Found, words: Words) -> Turn:
    language = verdict.reading.language if verdict else ""
    return Turn(
        at=mention.posted_at,
        ours=False,
        author=mention.author.handle,
        place=words.network(mention.key.platform),
        said=tuple(said_of(mention, mention.text, verdict.reading.evidence if verdict else (), words)),
        lang=language if language not in ("", "und", words.language) else "",
        url=mention.url,
        view=view(mention, verdict, found.brand, words) if verdict and not mention.key.drill else None,
        slug=mention.key.slug if mention.sites else "",
        sites=len(mention.sites),
        unproven=mention.unproven,
        mailed=_mailed(mention.author.url),
    )


def _mailed(url: str) -> str:
    """The address of a `mailto:`, "" of anything else."""
    return unquote(url.removeprefix("mailto:").partition("?")[0]) if url.startswith("mailto:") else ""


def _practised(event: CaseEvent, words: Words) -> Turn:
    """An answer of a drill, which went nowhere."""
    return Turn(
        at=event.at, ours=True, author=event.by, place=words.network(DRILL), said=(Piece(event.text),)
    )


def reply_id(sent: Delivery, case: CaseKey) -> str:
    """Counts the replies of its case; of one that left from a case merged into it, with that before it."""
    owner = sent.key.owner
    of = f"{owner.slug}." if isinstance(owner, CaseKey) and owner != case else ""
    return f"{of}{sent.key.n}"


def _ours(visit: Visit, delivery: Delivery, found: Found, words: Words) -> Turn:
    brand, channel = found.brand, delivery.key.channel
    there = delivery.state is DeliveryState.CONFIRMED
    alone = not delivery.parts and not found.case.wants_four_eyes(brand)
    return Turn(
        at=delivery.sent_at or delivery.approved_at,
        ours=True,
        author=delivery.approved_by,
        standing=bool(delivery.under),
        place=outgoing.channel(brand, delivery.key.channel, words),
        said=(Piece(delivery.text),),
        lang=delivery.language if delivery.language not in ("", "und", words.language) else "",
        url=delivery.remote_url,
        state=delivery.state.value,
        reason=outgoing.why(delivery, words),
        messages=delivery.parts,
        taken=len(delivery.standing),
        reply=reply_id(delivery, found.case.key),
        editable=there and alone and visit.desk.can(brand, channel, "edit"),
        removable=removable(delivery) and visit.desk.can(brand, channel, "delete"),
        correcting=delivery.correction,
    )


def _said(event: CaseEvent, brand: Brand, words: Words) -> str:
    """A line of the history, in words."""
    _ = words.gettext
    if event.kind is EventKind.APPROVED and event.despite:
        return _(
            "%(name)s approved the answer against the honesty check (%(rules)s): %(reason)s",
            name=event.by,
            rules=", ".join(rule_name(rule, words) for rule in event.despite),
            reason=event.anyway,
        )
    if event.kind is EventKind.SOLVED and not event.by and event.text == Helped.THANKS:
        return _("Solved, by the customer's own word")
    if event.kind is EventKind.APPROVED and event.made:
        return _("%(name)s approved the answer, changed from the draft", name=event.by)
    if event.kind is EventKind.HOLDING and event.signed_at:
        day = words.day(words.local(event.signed_at).date())
        return _("Holding reply under the standing approval of %(name)s of %(day)s", name=event.by, day=day)
    if event.kind is EventKind.CANCELLED and not event.by:
        return _("The holding reply was not sent: %(reason)s", reason=told(event.text, words))
    if event.kind is EventKind.SOLVED and event.text == OVER:
        return _("The drill is over")
    if event.kind is EventKind.SOLVED and event.text == UNASKED:
        return _("Closed: nothing is asked of us any more")
    if event.kind is EventKind.LAID_DOWN and not event.by:
        return _("Laid down as the shift of %(name)s ended", name=event.text)
    if event.kind is EventKind.SOLVED and event.text == WITHDRAWN:
        return _("Closed: the message was removed where it stood")
    if event.kind is EventKind.REOPENED and not event.by:
        return (
            _("Opened again: the message is back where it stood")
            if event.text == EventKind.BACK
            else _("Opened again: its author edited the message, and it asks for an answer now")
        )
    if event.kind is EventKind.CONFIRMED and event.text:
        return _("Stands at the network as it did: %(reason)s", reason=told(event.text, words))
    if event.kind is EventKind.EDITED and not event.was:
        return _("Edited by its author; the text was removed since")
    return {
        EventKind.HEARD: _("Message heard"),
        EventKind.EDITED: _(
            "Edited by its author. Before: “%(before)s” After: “%(after)s”",
            before=event.was,
            after=event.text,
        ),
        EventKind.GONE: _("Removed where it stood; its text is not kept"),
        EventKind.BACK: _("Put back where it stood"),
        EventKind.CORRECTED: _(
            "%(name)s corrected the verdict to %(feeling)s", name=event.by, feeling=label(event.text, words)
        ),
        EventKind.HANDED: _(
            "%(name)s handed it over to %(department)s: %(reason)s",
            name=event.by,
            department=brand.department(event.department).name if event.department else "",
            reason=event.text,
        ),
        EventKind.DRAFTED: _("%(name)s changed the draft", name=event.by),
        EventKind.ASKED: _("%(name)s asked %(other)s by mail to approve it", name=event.by, other=event.text),
        EventKind.APPROVED: _("%(name)s approved the answer", name=event.by),
        EventKind.HOLDING: _("%(name)s sent a holding reply", name=event.by),
        EventKind.HELD: _("Held back: %(reason)s", reason=told(event.text, words)),
        EventKind.RELEASED: _("%(name)s let it go", name=event.by),
        EventKind.CANCELLED: _("%(name)s stopped the answer", name=event.by),
        EventKind.PART: _("One of its messages sent to the network"),
        EventKind.SENT: _("Sent to the network"),
        EventKind.CONFIRMED: _("Seen at the network"),
        EventKind.FAILED: _("Not sent: %(reason)s", reason=told(event.text, words)),
        EventKind.REMOVING: _(
            "%(name)s had the answer taken back. It said: “%(before)s”", name=event.by, before=event.was
        ),
        EventKind.REMOVED: _("The answer was taken away at the network"),
        EventKind.EDITING: _(
            "%(name)s had the answer corrected. It said: “%(before)s” It shall say: “%(after)s”",
            name=event.by,
            before=event.was,
            after=event.text,
        ),
        EventKind.MENDED: _("The answer was corrected at the network"),
        EventKind.UNKNOWN: _("No answer from the network: %(reason)s", reason=told(event.text, words)),
        EventKind.SOLVED: _("%(name)s closed the case", name=event.by),
        EventKind.REOPENED: _("%(name)s opened the case again", name=event.by),
        EventKind.TAKEN: _("%(name)s took it over from %(other)s", name=event.by, other=event.before)
        if event.before
        else _("%(name)s took it", name=event.by),
        EventKind.LAID_DOWN: _("%(name)s laid it down", name=event.by),
        EventKind.SNOOZED: _(
            "%(name)s snoozed it until %(time)s",
            name=event.by,
            time=words.moment(event.until) if event.until else "",
        ),
        EventKind.KEPT: _("%(name)s kept a promise", name=event.by),
        EventKind.MOVED: _(
            "%(name)s moved a promise to %(time)s: %(reason)s",
            name=event.by,
            time=words.moment(event.until) if event.until else "",
            reason=event.anyway,
        ),
        EventKind.DROPPED: _("%(name)s dropped a promise: %(reason)s", name=event.by, reason=event.anyway),
        EventKind.MERGED: _("%(name)s merged %(title)s into this case", name=event.by, title=event.title),
        EventKind.JOINED: _("%(name)s merged this case into %(title)s", name=event.by, title=event.title),
        EventKind.SPLIT: _("%(name)s split %(title)s off", name=event.by, title=event.title),
        EventKind.PARTED: _("%(name)s split this case off %(title)s", name=event.by, title=event.title),
        EventKind.LABELLED: _("%(name)s put on it: %(labels)s", name=event.by, labels=event.text),
        EventKind.UNLABELLED: _("%(name)s took off: %(labels)s", name=event.by, labels=event.text),
        EventKind.NOTED: _(
            "%(name)s asked %(others)s", name=event.by, others=", ".join(each.name for each in event.asked)
        )
        if event.asked
        else _("%(name)s wrote a note", name=event.by),
    }[event.kind]
