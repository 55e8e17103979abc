"""A verdict as the page shows it: its word and shape, the passages it rests on, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.brand import Brand
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Evidence, Sentiment, Verdict
from chalicelib.web.i18n import N_, Words

LABELS = {
    "positive": N_("Positive"),
    "negative": N_("Negative"),
    "neutral": N_("Neutral"),
    "mixed": N_("Mixed"),
    "unsure": N_("Not judged"),
}
URGENCY = (N_("can wait"), N_("soon"), N_("today"), N_("now"))
SURE, FAIRLY = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `mood` is positive or negative where the verdict rests on it, else ""."""

    text: str
    mood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`mood` names shape and colour, `label` is its word. `passages` are the evidence, in order."""

    mood: str
    label: str
    intents: tuple[str, ...] = ()
    passages: tuple[Piece, ...] = ()
    certainty: str = ""
    urgency: str = ""
    language: str = ""
    department: str = ""
    rule: str = ""
    heard: tuple[str, ...] = ()
    """The watches that asked for it, each with the words it fits by."""
    judge: str = ""
    taught: str = ""
    """Of which day the delta is that took part; "": none did."""


def pieces(text: str, evidence: Iterable[Evidence] = (), limit: int = 0) -> list[Piece]:
    """The text cut at its evidence. With `limit`, at most so many characters, ended at a word."""
    shown = text
    if limit and len(text) > limit:
        shown = text[:limit].rsplit(None, 1)[0] + "…"
    found, at = [], 0
    end = len(shown) - (shown != text)
    for each in sorted(evidence, key=lambda e: e.start):
        if each.start < at or each.end > end or each.start >= each.end or not _speaks(each):
            continue
        found += [Piece(shown[at : each.start]), Piece(shown[each.start : each.end], each.sentiment.value)]
        at = each.end
    found.append(Piece(shown[at:]))
    return [piece for piece in found if piece.text]


def said_of(
    mention: Mention | None, text: str, evidence: Iterable[Evidence], words: Words, limit: int = 0
) -> list[Piece]:
    """As `pieces`; of a message that was removed where it stood, that it was."""
    if mention and mention.gone:
        return [Piece(words.gettext("Removed where it stood; its text is not kept"))]
    return pieces(text, evidence, limit)


def view(mention: Mention, verdict: Verdict, brand: Brand, words: Words) -> View:
    from chalicelib.domain import routing  # with the matcher, which the month's report does without
    from chalicelib.web import matched

    reading = verdict.reading
    passages = (p for p in pieces(mention.text, reading.evidence) if p.mood)
    return View(
        mood=reading.sentiment.value,
        label=label(reading.sentiment.value, words),
        intents=tuple(words.intent(each) for each in reading.intents),
        passages=tuple(passages),
        certainty=_certainty(reading.certainty, words),
        urgency=words.gettext(URGENCY[max(0, min(reading.urgency, 3))]),
        language=words.spoken(reading.language),
        department=brand.department(verdict.department).name,
        rule=routing.told(verdict.rule, brand, verdict.department, words.language),
        heard=tuple(matched.told(each, words) for each in matched.matched(mention, brand)),
        judge=reading.judge,
        taught=words.day(date.fromisoformat(day)) if (day := reading.taught_on) else "",
    )


def label(mood: str, words: Words) -> str:
    return words.gettext(LABELS.get(mood, LABELS["unsure"]))


def _speaks(evidence: Evidence) -> bool:
    return evidence.sentiment in (Sentiment.POSITIVE, Sentiment.NEGATIVE)


def _certainty(value: float, words: Words) -> str:
    if value >= SURE:
        return words.gettext("High: nothing of weight spoke against it.")
    if value >= FAIRLY:
        return words.gettext("Fair: something spoke against it.")
    return words.gettext("Low: read it yourself.")


def wrote(times: int, glad: int, words: Words) -> str:
    """How often somebody wrote about us, and how often gladly; "" where that is never."""
    if times < 1:
        return ""
    if glad < 1:
        return words.ngettext("Wrote about us once.", "Wrote about us %(num)s times.", times)
    if glad >= times:
        return words.ngettext("Wrote about us once, gladly.", "Wrote about us %(num)s times, gladly.", times)
    return words.ngettext(
        "Wrote about us %(times)s times, once gladly.",
        "Wrote about us %(times)s times, %(num)s of them gladly.",
        glad,
        times=words.number(times),
    )
