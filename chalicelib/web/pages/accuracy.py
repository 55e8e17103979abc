"""Accuracy: how often the judge was right at this brand, by language and class, alone and with what its
corrections taught; and a manager takes what was taught back, or lets it judge again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.delta import FEWEST, Delta, Measured, Score, Why, added, why_not
from chalicelib.errors import BadInput
from chalicelib.stages.teach import FAILED
from chalicelib.web import export, learned
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.i18n import N_, Words
from chalicelib.web.learned import Standing
from chalicelib.web.reading import label
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit

COLUMNS = ("language", "feeling", "cases", "right_alone", "right_taught", "why_not")
WHY = {
    Why.FOREIGN: N_("Webspin does not know this language."),
    Why.FEW: N_("Nothing was learned yet: there are %(lessons)s of the %(fewest)s messages that it takes."),
    Why.CHANCE: N_("What was learned does not count: it is not right more often, beyond chance."),
    Why.CLASS: N_("What was learned does not count: it gets too much wrong that is right without it."),
    Why.ELSEWHERE: N_(
        "What was learned does not count: of %(others)s messages that nobody corrected it would"
        " read %(moved)s otherwise."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A class; of all together `mood` is "". What is right is number and share; `taught` "": not learned."""

    mood: str
    name: str
    cases: int
    few: bool
    alone: str
    taught: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A language. `state` is one of part.mark's."""

    language: str
    name: str
    rows: tuple[Row, ...]
    state: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A morning's delta; `may`: a manager may let it judge along."""

    id: str
    day: str
    live: bool
    may: bool
    said: str


def show(visit: Visit) -> Outcome:
    found = learned.read(visit)
    if export.asked(visit):
        return export.download(visit, "accuracy", COLUMNS, _file(found))
    words, newest = visit.words, found.newest
    failure = visit.desk.pulse.failures(visit.brand.id).get(FAILED)
    until = found.lessons.until
    fresh = failure is not None and (until is None or failure.at > until)
    values = {
        "blocks": [_block(visit, found, *each) for each in (newest.measured if newest else {}).items()],
        "measured_on": _day(visit, newest) if newest else "",
        "live": _day(visit, found.live) if found.live else "",
        "versions": [_version(visit, found, each) for each in found.deltas],
        "held": found.lessons.held,
        "rev": found.lessons.rev,
        "waits": found.waits,
        "fewest": FEWEST,
        "failed": told(failure.reason, words) if failure and fresh else "",
        "done": visit.query.get("done", ""),
    }
    return Page(template="accuracy.html", place="mentions", values=values)


def act(visit: Visit) -> Outcome:
    """`do` is `back` or `live`, of `version`; `rev` is that of the page it was pressed on."""
    given = visit.form.get("rev", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise BadInput("rev", "a form of ours")
    match visit.form.get("do", ""):
        case "back":
            learned.take_back(visit, int(given))
            return Go("/accuracy?done=back")
        case "live":
            learned.let_judge(visit, int(given), visit.form.get("version", "")[:80])
            return Go("/accuracy?done=live")
    raise BadInput("do", "a form of ours")


def _file(found: Standing) -> Iterator[FileRow]:
    for each in learned.lines(found.newest):
        why = why_not(found.newest.measured[each.language]) if found.newest else None
        score = each.score
        yield (
            each.language,
            each.label,
            score.cases,
            score.before,
            each.right_taught,
            why.value if why else None,
        )


def _block(visit: Visit, found: Standing, language: str, measured: Measured) -> Block:
    words, why = visit.words, why_not(measured)
    listed = [
        _row(each.score, each.right_taught is not None, each.label, label(each.label, words), words)
        for each in learned.of_language(language, measured)
    ]
    if len(listed) > 1:
        listed.append(_row(measured.whole, why in learned.LEARNED, "", words.gettext("Together"), words))
    live = why is None and found.live is not None and found.live is found.newest
    if why:
        said = words.gettext(
            WHY[why],
            fewest=FEWEST,
            lessons=words.number(measured.lessons),
            others=words.number(measured.others),
            moved=words.number(measured.moved),
        )
    elif live:
        said = words.gettext("What was learned counts: it is right more often.")
    else:
        said = words.gettext("What was learned is right more often, and does not count now.")
    return Block(
        language=language,
        name=words.spoken(language),
        rows=tuple(listed),
        state="confirmed" if live else "held",
        said=said,
    )


def _row(score: Score, learns: bool, mood: str, name: str, words: Words) -> Row:
    return Row(
        mood=mood,
        name=name,
        cases=score.cases,
        few=score.cases < FEWEST,
        alone=_share(score.before, score.cases, words),
        taught=_share(score.after, score.cases, words) if learns else "",
    )


def _share(right: int, cases: int, words: Words) -> str:
    """A share of few cases is not told: it would say more than they do."""
    told = words.number(right)
    return told if cases < FEWEST else f"{told} ({right / cases:.0%})"


def _version(visit: Visit, found: Standing, delta: Delta) -> Version:
    words, whole = visit.words, added(each.whole for each in delta.measured.values())
    if delta.helps:
        spoken = ", ".join(words.spoken(each) for each in delta.taught)
        whole = added(delta.measured[each].whole for each in delta.taught)
        said = words.gettext(
            "%(languages)s: of %(cases)s messages %(before)s right without it, %(after)s with it.",
            languages=spoken,
            cases=words.number(whole.cases),
            before=words.number(whole.before),
            after=words.number(whole.after),
        )
    else:
        said = words.ngettext(
            "It did not help: %(count)s message.",
            "It did not help: %(count)s messages.",
            whole.cases,
            count=words.number(whole.cases),
        )
    return Version(
        id=delta.version,
        day=_day(visit, delta),
        live=delta is found.live,
        may=found.may_judge(delta),
        said=said,
    )


def _day(visit: Visit, delta: Delta) -> str:
    return visit.words.day(date.fromisoformat(delta.day))
