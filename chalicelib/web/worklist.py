"""Cases that wait for us, as rows: clock, who and what, why, and the one thing to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.brand import Brand
from chalicelib.domain.case import Action, CaseState, Helped, Waiting
from chalicelib.web import outgoing, people, permitted, phases
from chalicelib.web.clockface import Face, face
from chalicelib.web.i18n import Words
from chalicelib.web.reading import Piece, label, pieces
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit

SHOWN = 400
"""Characters of a message in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`network` is where the message stands, `channel` where our answer goes out; "" for by hand.
    `person` is the address of the page of who wrote it."""

    slug: str
    rev: int
    face: Face
    author: str
    person: str
    network: str
    lang: str
    said: tuple[Piece, ...]
    mood: str
    label: str
    intents: tuple[str, ...]
    note: str
    channel: str
    stuck: bool
    deed: str
    holder: str
    """Who works on it, and until when, in words."""
    again: bool
    """They complain once more, after an answer."""
    phase: str
    """How it stands, as far as the rest does not say it."""
    labels: tuple[str, ...]
    asked: str
    """Whose word is waited for, in words."""


@dataclass(frozen=True, slots=True)
class Departments:
    """Departments whose work is asked for. What was of one that is gone is the first one's."""

    brand: Brand
    ids: frozenset[str]

    def __contains__(self, id: object) -> bool:
        return self.brand.department(str(id)).id in self.ids


def departments(visit: Visit, chosen: str = "") -> Departments | None:
    """Whose work is asked for: of the one `chosen`, else of those that the member sees; None: everybody's."""
    if chosen:
        return Departments(visit.brand, frozenset({chosen}))
    seen = frozenset(each.id for each in visit.departments)
    return Departments(visit.brand, seen) if visit.restricted else None


def rows(cases: Iterable[Waiting], visit: Visit) -> list[Row]:
    return [_row(case, visit) for case in cases]


def _row(case: Waiting, visit: Visit) -> Row:
    brand, words = visit.brand, visit.words
    by_hand = permitted.by_hand(visit.desk, case, brand, visit.now)
    return Row(
        slug=case.key.slug,
        rev=case.rev,
        face=face(case, words),
        author=case.author,
        person=people.path(case.platform, case.author),
        network=words.network(case.platform),
        lang=outgoing.other(case.language, words),
        said=tuple(pieces(case.said, case.evidence, SHOWN)),
        mood=case.sentiment.value,
        label=label(case.sentiment.value, words),
        intents=tuple(words.intent(each) for each in case.intents),
        note=_note(case, brand, words),
        channel="" if by_hand else outgoing.channel(brand, case.channel, words),
        stuck=case.state is CaseState.STUCK,
        deed=_deed(case, words, by_hand),
        holder=_holder(case, words),
        again=case.helped is Helped.AGAIN,
        phase=phases.told(case, words.now, words, phases.SAID),
        labels=case.labels,
        asked=words.gettext("Asked: %(names)s", names=", ".join(each.name for each in case.asked))
        if case.asked
        else "",
    )


def _note(case: Waiting, brand: Brand, words: Words) -> str:
    _ = words.gettext
    department = brand.department(case.department).name
    if case.state is CaseState.STUCK:
        return _("Not sent: %(reason)s", reason=told(case.reason, words))
    if case.drafted is None:
        return _("For %(department)s, no draft yet", department=department)
    if case.drafted:
        return _("For %(department)s, draft by %(name)s", department=department, name=case.drafted)
    return _("For %(department)s, a draft is ready", department=department)


def _holder(case: Waiting, words: Words) -> str:
    _ = words.gettext
    if case.snoozed_until and case.asleep(words.now):
        return _("Snoozed until %(time)s", time=words.moment(case.snoozed_until))
    if case.taken_until and (name := case.holder(words.now)):
        return _("%(name)s works on it until %(time)s", name=name, time=words.time(case.taken_until))
    return ""


def _deed(case: Waiting, words: Words, by_hand: bool) -> str:
    _ = words.gettext
    if case.state is CaseState.STUCK:
        return _("Look at it")
    if by_hand:
        return _("Answer there")
    if case.action is Action.THANK:
        return _("Thank")
    return _("Answer") if case.drafted is None else _("Read the draft")
