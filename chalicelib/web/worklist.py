"""Cases that wait for us, as rows: clock, who and what, why, and the one thing to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.brand import Brand, Department
from chalicelib.domain.case import Action, Case, CaseState
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.verdict import Verdict
from chalicelib.web import outgoing
from chalicelib.web.clockface import Face, face
from chalicelib.web.i18n import Words
from chalicelib.web.reading import Piece, label, pieces
from chalicelib.web.reasons import told
from chalicelib.web.visit import Visit

SHOWN = 400
"""Characters of a message in a list."""
LIMIT = 50
"""Cases read of one department; who has more works on the first."""

Known = Mapping[MentionKey, tuple[Mention, Verdict | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`network` is where the message stands, `channel` where our answer goes out; "" for by hand."""

    slug: str
    face: Face
    author: str
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


def read(visit: Visit, departments: Sequence[Department]) -> list[Case]:
    """The cases that wait for us, of these departments, by due time."""
    return visit.desk.cases.work(visit.brand.id, [each.id for each in departments], limit=LIMIT)


def rows(cases: Iterable[Case], known: Known, brand: Brand, words: Words) -> list[Row]:
    return [_row(case, known.get(case.mention), brand, words) for case in cases]


def _row(case: Case, found: tuple[Mention, Verdict | None] | None, brand: Brand, words: Words) -> Row:
    mention, verdict = found or (None, None)
    evidence = verdict.reading.evidence if verdict else ()
    return Row(
        slug=case.key.slug,
        face=face(case, words),
        author=case.author,
        network=words.network(case.key.platform),
        lang=case.language if case.language not in ("", "und", words.language) else "",
        said=tuple(pieces(mention.text if mention else case.title, evidence, SHOWN)),
        mood=case.sentiment.value,
        label=label(case.sentiment.value, words),
        intents=tuple(words.intent(each) for each in verdict.reading.intents) if verdict else (),
        note=_note(case, brand, words),
        channel=outgoing.channel(brand, case.channel, words),
        stuck=case.state is CaseState.STUCK,
        deed=_deed(case, words),
    )


def _note(case: Case, brand: Brand, words: Words) -> str:
    _ = words.gettext
    department = brand.department(case.department).name
    if case.state is CaseState.STUCK:
        return _("Not sent: %(reason)s", reason=told(case.reason, words))
    if case.draft is None:
        return _("For %(department)s, no draft yet", department=department)
    if case.draft.by:
        return _("For %(department)s, draft by %(name)s", department=department, name=case.draft.by)
    return _("For %(department)s, a draft is ready", department=department)


def _deed(case: Case, words: Words) -> str:
    _ = words.gettext
    if case.state is CaseState.STUCK:
        return _("Look at it")
    if not case.channel:
        return _("Answer there")
    if case.action is Action.THANK:
        return _("Thank")
    return _("Read the draft") if case.draft else _("Answer")
