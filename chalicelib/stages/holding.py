"""Stage 3 and 5. Holding replies: a person's, one press; the system's, under a standing approval alone.

Both write the case, the delivery, the history line and the mark that this person heard in one transaction,
and queue the delivery after it; a crash in between costs nothing, as the tick finds every delivery that is
due. For the system's that transaction holds only while the approval is not revoked, the brake is off and the
person did not hear by itself that day; what the domain asks of it (`holding.why_not`) is asked again when it
leaves. A case that was promised something gets none again, so a repeat changes nothing.

Signing, a second signature and revoking are each one conditional write with its line of the log.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import holding
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Brand, StandingApproval
from chalicelib.domain.case import Case, CaseEvent, CaseKey, EventKind
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState, token
from chalicelib.domain.drafting import open_placeholders, plain, sign
from chalicelib.domain.honesty import Answer, Finding, blocking, check
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Cases, Counts, Mentions, StandingApprovals, Tasks
from chalicelib.stages import answer
from chalicelib.stages.claim import to_approve
from chalicelib.tasks import Deliver

LONG = 1_000
"""Characters of a text that is signed."""
URGENT = 2
"""Urgency of a reading from which they are in a hurry."""


def send(
    key: CaseKey,
    rev: int,
    text: str,
    by: str,
    *,
    by_id: str = "",
    signed: str = "",
    refused: str = "",
    brand: Brand,
    cases: Cases,
    tasks: Tasks,
    counts: Counts | None,
    now: datetime,
) -> DeliveryKey:
    """A named person sends the holding reply that is ready, exactly this text; `signed` and `refused` as in
    `answer.approve`. The case goes on waiting.

    Raises Conflict where the case changed since `rev`, or none is ready any more or with another text (the
    brand changed it); BadInput where a colleague works on it, or for a text that cannot be sent or that the
    honesty check stops: the brand's text is to be mended then.
    """
    case = to_approve(cases, key, rev, by, by_id, now)
    draft = holding.ready(case, brand, now)
    if draft is None or plain(text) != plain(sign(draft.text, signed or by)):
        raise Conflict(f"{key} has another holding reply now, or none")
    _, text = answer.sendable(case, text, brand, refused)
    if len(answer.messages_of(text, case, counts)) > 1:
        raise BadInput("text", "too long for one message")
    if stopped := blocking(answer.found_in(text, case, brand, signed, by), brand.honesty):
        raise BadInput("honesty", f"the honesty check found: {', '.join(stopped)}")
    delivery = _delivery(case, text, draft.language, by, now, holding.ends(case, brand, now))
    return _plan(case, delivery, by_id, None, cases, tasks)


def send_standing(
    case: Case,
    brand: Brand,
    *,
    takes: Callable[[Case, Brand], bool],
    cases: Cases,
    mentions: Mentions,
    tasks: Tasks,
    now: datetime,
) -> bool:
    """Let the system answer a case that came in just now, where a standing approval of the brand covers it,
    and its network `takes` an answer of ours to this message: was one planned? Not where the message is not
    in the table: that a queue has it proves nothing."""
    found = holding.approval_for(case, brand, now) if holding.wanted(case, brand, now) else None
    if found is None or not takes(case, brand):
        return False
    try:
        mention, verdict = mentions.get(case.mention)
    except NotFound:
        return False
    if verdict is None or mention.channel != case.channel:
        return False
    approval, language = found
    grave = verdict.reading.strong or verdict.reading.urgency >= URGENT
    lapses = holding.ends(case, brand, now, approval, grave=grave)
    if lapses <= now:
        return False
    text = holding.whole(approval.texts[language], language, case, brand, now)
    delivery = _delivery(case, text, language, approval.signed_by, now, lapses)
    try:
        _plan(case, replace(delivery, under=approval.id), approval.signed_by_id, approval, cases, tasks)
    except Conflict:
        return False
    return True


def _delivery(case: Case, text: str, language: str, by: str, now: datetime, lapses: datetime) -> Delivery:
    key = DeliveryKey(case.key, case.channel, case.replies + 1)
    return Delivery(
        key=key,
        state=DeliveryState.PLANNED,
        to=case.mention,
        to_author=case.author,
        text=text,
        language=language,
        due=now,
        approved_by=by,
        approved_at=now,
        token=token(key),
        answer_by=case.due,
        lapses=lapses,
    )


def _plan(
    case: Case,
    delivery: Delivery,
    by_id: str,
    approval: StandingApproval | None,
    cases: Cases,
    tasks: Tasks,
) -> DeliveryKey:
    now = delivery.approved_at
    promised = replace(case, rev=case.rev + 1, replies=delivery.key.n, promised=delivery.answer_by)
    line = CaseEvent(
        at=now,
        id=f"holding-{delivery.key.n}",
        kind=EventKind.HOLDING,
        by=delivery.approved_by,
        by_id=by_id,
        text=delivery.text,
        until=delivery.answer_by,
        signed_at=approval.signed_at if approval else None,
    )
    cases.hold_off(promised, delivery, line, now + holding.AGAIN)
    tasks.send([Deliver(delivery.key)])
    return delivery.key


# signing ---------------------------------------------------------------------------------------------

Line = Callable[[str, str], AuditLine]
"""Makes the log's line of what was done, and what it says of it."""


def signable(
    text: str, brand: Brand, department: str, by: str, counts: Counts | None = None
) -> tuple[str, tuple[Finding, ...]]:
    """The text as `by` signs it, and what the honesty check finds in it. Raises BadInput ("text") for one
    that cannot be sent: empty, too long, something left to fill in, or without its moment."""
    text = plain(holding.to_sign(text, brand, department, by))
    if not text:
        raise BadInput("text", "there is nothing to send")
    if "{when}" not in text:
        raise BadInput("text", "it says before when a colleague answers, with {when}")
    sample = text.replace("{author}", "@somebody.with.a.long.name@network.example")
    sample = sample.replace("{when}", "donderdag 24 september voor 10:00")
    if left := open_placeholders(sample):
        raise BadInput("text", f"still to be filled in: {', '.join(left)}")
    if len(text) > LONG or (counts and counts.length(sample) > counts.room()):
        raise BadInput("text", "too long for the network")
    sample_of = Answer(text=sample, names=(by,), organisation=brand.name, complaint=True)
    return text, check(sample_of)


def sign_for(
    id: str,
    *,
    department: str,
    channels: Mapping[str, Counts | None],
    texts: Mapping[str, str],
    until: datetime,
    at_night: bool,
    by: str,
    by_id: str,
    brand: Brand,
    standing: StandingApprovals,
    line: Line,
    now: datetime,
) -> StandingApproval:
    """A named person, signed in as themselves, says yes to exactly these texts (by language; one left empty
    is none), for these channels (with how each counts), from now on until then. `id` is of the form that was
    filled in: sent twice, it signs once.

    Raises BadInput: "by", "department", "channels", "until", or `text.` and a language; "honesty" where the
    check stops one."""
    if not (by and by_id):
        raise BadInput("by", "a named person signs")
    if department not in {each.id for each in brand.departments}:
        raise BadInput("department", "one of the brand's")
    if not channels or not set(channels) <= {each.id for each in brand.channels}:
        raise BadInput("channels", "one at least")
    if not now < until <= now + holding.LONGEST:
        raise BadInput("until", f"a day within {holding.LONGEST.days} days")
    signed: dict[str, str] = {}
    for language, text in texts.items():
        if not text.strip():
            continue
        try:
            for counts in channels.values():
                signed[language], found = signable(text, brand, department, by, counts)
        except BadInput as error:
            raise BadInput(f"text.{language}", error.message) from None
        if stopped := blocking(found, brand.honesty):
            raise BadInput("honesty", ", ".join(stopped))
    if not signed:
        raise BadInput("text", "one language at least")
    approval = StandingApproval(
        brand=brand.id,
        id=id,
        department=department,
        channels=tuple(channels),
        texts=signed,
        at_night=at_night,
        until=until,
        signed_by=by,
        signed_by_id=by_id,
        signed_at=now,
    )
    if not standing.add(approval, line("standing.sign", id)):
        return standing.get(brand.id, id)
    return approval


def sign_second(
    id: str,
    rev: int,
    by: str,
    by_id: str,
    *,
    brand: Brand,
    standing: StandingApprovals,
    line: Line,
    now: datetime,
) -> StandingApproval:
    """The other person's yes. Raises NotFound, Conflict where it changed since `rev`, is signed twice already
    or over; BadInput ("four_eyes") where it is the same person."""
    was = _as_read(standing, brand, id, rev)
    if not (by and by_id):
        raise BadInput("by", "a named person signs")
    if by_id == was.signed_by_id:
        raise BadInput("four_eyes", "somebody else signs second")
    if was.second_at or now >= was.until:
        raise Conflict(f"{id} is signed already, or over")
    after = replace(was, rev=was.rev + 1, second_by=by, second_by_id=by_id, second_at=now)
    standing.change(after, line("standing.second", id))
    return after


def revoke(
    id: str, rev: int, by: str, *, brand: Brand, standing: StandingApprovals, line: Line, now: datetime
) -> StandingApproval:
    """Nothing is sent under it from here on, also not what was planned. Raises NotFound, Conflict."""
    return take_back(_as_read(standing, brand, id, rev), by, standing=standing, line=line, now=now)


def take_back(
    was: StandingApproval, by: str, *, standing: StandingApprovals, line: Line, now: datetime
) -> StandingApproval:
    """Revoke it as it was read. Raises Conflict where it changed since."""
    after = replace(was, rev=was.rev + 1, revoked_by=by, revoked_at=now)
    standing.change(after, line("standing.revoke", was.id))
    return after


def _as_read(standing: StandingApprovals, brand: Brand, id: str, rev: int) -> StandingApproval:
    was = standing.get(brand.id, id)
    if was.rev != rev or was.revoked_at:
        raise Conflict(f"{id} changed since it was read")
    return was
