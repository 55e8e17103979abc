"""A note that asks colleagues: it names them as `@name`, or they were chosen beside it.

The order of effects: the note, who is asked and a mail to each of them, in one transaction; then, for each
mail: claim it, for nine minutes; send it; note that it has gone. A repeat finds the note, and what has gone:
nobody has a mail twice for being asked again. After a crash in between the tick sends what has not gone
(`post`): a mail may come twice, and never not at all. One that cannot be sent now is told to who asks, and
tried again; one that is refused is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2s

from chalicelib.domain.asking import asked
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, Colleague
from chalicelib.domain.mailing import Mailing
from chalicelib.errors import BadInput, PlatformError, Rejected
from chalicelib.ports import Cases, Mail, Mailings
from chalicelib.stages.claim import write_note

MOST = 10
"""Colleagues whom one note asks."""
LEASE = timedelta(minutes=9)

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "subject": "{by} vraagt je iets: {title}",
        "asks": "{by} vraagt je iets bij een zaak van {brand}: {title}",
        "drill": "OEFENING: {title}",
        "foot": "Antwoord met een notitie bij de zaak.",
    },
    "en": {
        "subject": "{by} asks you something: {title}",
        "asks": "{by} asks you something at a case of {brand}: {title}",
        "drill": "DRILL: {title}",
        "foot": "Answer with a note at the case.",
    },
}


@dataclass(frozen=True, slots=True)
class Noted:
    """The note as it is kept, and the names of those whom it asks and no mail could reach."""

    event: CaseEvent
    unmailed: tuple[str, ...] = ()


def note(
    key: CaseKey,
    text: str,
    by: str,
    *,
    by_id: str = "",
    id: str = "",
    chosen: Sequence[str] = (),
    colleagues: Callable[[], Sequence[Colleague]],
    brand: Brand,
    cases: Cases,
    mail: Mail,
    mailings: Mailings,
    now: datetime,
) -> Noted:
    """Write a note (`claim.write_note`), and tell by mail whom it asks. `chosen` are ids of `colleagues`:
    those who may see this case, looked up where anybody is named. Who asks themselves asks nobody.

    Raises NotFound, Conflict, BadInput: for the note, or (`ask`) for a chosen one who may not see it.
    """
    known = colleagues() if chosen or "@" in text else ()
    named, strangers = asked(text, known)
    picked = [each for each in known if each.id in chosen]
    if len(picked) < len(set(chosen)):
        raise BadInput("ask", "a colleague who may see this case")
    meant = {each.id: each for each in (*picked, *named) if each.id != by_id}
    if len(meant) > MOST:
        raise BadInput("ask", f"at most {MOST} colleagues")
    event = write_note(
        key,
        text,
        by,
        by_id=by_id,
        id=id,
        asked=tuple(replace(each, email="") for each in meant.values()),
        strangers=strangers,
        mailings=lambda case, event: _mailings(case, event, meant, brand),
        cases=cases,
        now=now,
    )
    unmailed = []
    for each in event.asked:
        to = meant[each.id].email if each.id in meant else ""
        if not (to and brand.mail_from):
            unmailed.append(each.name)
            continue
        try:
            _send(brand, _id(event, each), mailings, mail, now)
        except PlatformError:
            unmailed.append(each.name)
    return Noted(event, tuple(unmailed))


def post(
    brand: Brand,
    id: str,
    *,
    mailings: Mailings,
    mail: Mail,
    failed: Callable[[str, str], None],
    now: datetime,
) -> int:
    """Send a mail that has not gone, unless somebody is at it; 1 if it went. `failed` hears why not."""
    try:
        return int(_send(brand, id, mailings, mail, now))
    except PlatformError as error:
        failed("mail", str(error))
        return 0


def _send(brand: Brand, id: str, mailings: Mailings, mail: Mail, now: datetime) -> bool:
    """Did it go, by this caller? Raises PlatformError."""
    mailing = mailings.claim(brand.id, id, now, again=now + LEASE)
    if mailing is None:
        return False
    try:
        mail.send(sender=brand.mail_from, to=[mailing.to], subject=mailing.subject, text=mailing.text)
    except Rejected:
        mailings.settle(mailing)
        raise
    mailings.settle(mailing)
    return True


def _mailings(
    case: Case, event: CaseEvent, meant: Mapping[str, Colleague], brand: Brand
) -> Sequence[Mailing]:
    """One to each who has an address, where the brand sends mail."""
    subject, text = message(case, event, brand)
    known = [meant[each.id] for each in event.asked if meant[each.id].email and brand.mail_from]
    return [
        Mailing(brand=brand.id, id=_id(event, each), to=each.email, subject=subject, text=text)
        for each in known
    ]


def message(case: Case, event: CaseEvent, brand: Brand) -> tuple[str, str]:
    """Subject and plain text, in the brand's first language. Of what the customer wrote there is no more in
    it than the case's title."""
    words = WORDS.get(brand.languages[0], WORDS["en"])
    title = words["drill"].format(title=case.title) if case.key.drill else case.title
    about = {"by": event.by, "title": title, "brand": brand.name}
    link = f"{brand.console_url}/cases/{case.key.slug}"
    lines = [words["asks"].format(**about), "", event.text, "", link, "", words["foot"]]
    return " ".join(words["subject"].format(**about).split())[:150], "\n".join(lines)


def _id(event: CaseEvent, colleague: Colleague) -> str:
    return blake2s(f"{event.id}\0{colleague.id}".encode(), digest_size=16).hexdigest()
