"""A note that asks colleagues: it names them as `@name`, or they were chosen beside it.

The order of effects: the note, together with who is asked, at the case; then, for each of them, a mark that
their mail is on its way; then the mail. A repeat finds the note, and the marks: nobody has a mail twice for
one note. A crash before a mark is mended by the repeat; one between a mark and its mail costs that mail, and
the case still stands under *Asked of me*. A mail that cannot be sent is told to who asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2s

from chalicelib.domain.asking import asked
from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Case, CaseEvent, CaseKey, Colleague
from chalicelib.errors import BadInput, PlatformError
from chalicelib.ports import Cases, Mail, Once
from chalicelib.stages.claim import write_note

MOST = 10
"""Colleagues whom one note asks."""
MARKED = timedelta(days=32)
"""Longer than a program may ask for the same again."""

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
    once: Once,
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
        cases=cases,
        now=now,
    )
    unmailed = _tell(cases.get(key), event, meant, brand, mail, once, now) if event.asked else ()
    return Noted(event, unmailed)


def _tell(
    case: Case,
    event: CaseEvent,
    meant: Mapping[str, Colleague],
    brand: Brand,
    mail: Mail,
    once: Once,
    now: datetime,
) -> tuple[str, ...]:
    """The names of those whom no mail could be sent."""
    subject, text = message(case, event, brand)
    unmailed = []
    for each in event.asked:
        to = meant[each.id].email if each.id in meant else ""
        if not once.first(_mark(case.key, event, each), now, now + MARKED):
            continue
        try:
            if not (to and brand.mail_from):
                raise BadInput("mail", "no address")
            mail.send(sender=brand.mail_from, to=[to], subject=subject, text=text)
        except (PlatformError, BadInput):
            unmailed.append(each.name)
    return tuple(unmailed)


def message(case: Case, event: CaseEvent, brand: Brand) -> tuple[str, str]:
    """Subject and plain text, in the brand's first language. Of what the customer wrote there is no more in
    it than the case's title."""
    words = WORDS.get(brand.languages[0], WORDS["en"])
    title = words["drill"].format(title=case.title) if case.key.drill else case.title
    about = {"by": event.by, "title": title, "brand": brand.name}
    link = f"{brand.console_url}/cases/{case.key.slug}"
    lines = [words["asks"].format(**about), "", event.text, "", link, "", words["foot"]]
    return " ".join(words["subject"].format(**about).split())[:150], "\n".join(lines)


def _mark(key: CaseKey, event: CaseEvent, colleague: Colleague) -> str:
    told = "\0".join(("asked", str(key), event.id, colleague.id))
    return blake2s(told.encode(), digest_size=16).hexdigest()
