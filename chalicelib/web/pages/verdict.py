"""A person says what a verdict should have been: in one press, undone in another."""

from dataclasses import replace
from typing import cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import Mention, MentionKey
from chalicelib.domain.verdict import Sentiment, Verdict
from chalicelib.errors import BadInput, Conflict, NotFound
from chalicelib.ports import Mentions
from chalicelib.stages import correct as stage
from chalicelib.web import mention_rows
from chalicelib.web.request import own_path
from chalicelib.web.visit import Go, Outcome, Page, Visit


def correct(visit: Visit) -> Outcome:
    """`to` is the mention's slug and what it is to be, `back` the page that it was pressed on.

    With `part` the answer is the row alone, for the page to put in its place.
    """
    slug, _, label = visit.form.get("to", "").partition(".")
    key = key_of(visit, slug)
    was = apply(visit, key, label)
    if visit.form.get("part"):
        return _part(visit, key, was)
    back = urlsplit(own_path(visit.form.get("back", "")))
    _, verdict = visit.desk.mentions.get(key)
    now = verdict.reading.sentiment.value if verdict else was.value
    query = [pair for pair in parse_qsl(back.query) if pair[0] != "corrected"]
    query.append(("corrected", f"{slug}.{was.value}.{now}"))
    return Go(f"{back.path}?{urlencode(query)}#m-{slug}")


def apply(visit: Visit, key: MentionKey, label: str) -> Sentiment:
    """What the verdict was. Raises NotFound, BadInput, Conflict."""
    try:
        wished = Sentiment(label)
    except ValueError:
        raise BadInput("label", "negative, neutral, positive or mixed") from None
    refuse_others(visit, key)
    was, _ = stage.correct(
        key,
        wished,
        visit.member.name or visit.member.email,
        visit.member.id,
        line=visit.line("verdict.correct", f"{key.platform}/{key.id}"),
        brand=visit.brand_of(key.brand),
        mentions=visit.desk.mentions,
        corrections=visit.desk.corrections,
        cases=visit.desk.cases,
        now=visit.now,
    )
    return was


def as_seen(visit: Visit, verdict: Verdict | None) -> Visit:
    """The same visit, to which a mention has this verdict: where it has another by now, `apply` refuses."""
    mentions = cast(Mentions, _AsSeen(visit.desk.mentions, verdict))
    return replace(visit, desk=replace(visit.desk, mentions=mentions))


class _AsSeen:
    """A mention of the table, for as long as it has the verdict that was seen."""

    def __init__(self, mentions: Mentions, verdict: Verdict | None) -> None:
        self._mentions = mentions
        self._verdict = verdict

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        """Raises NotFound, Conflict."""
        mention, verdict = self._mentions.get(key)
        if verdict != self._verdict:
            raise Conflict(f"{key} has another verdict by now")
        return mention, verdict


def key_of(visit: Visit, slug: str) -> MentionKey:
    """Raises NotFound for what no page of ours made, and for another brand's."""
    try:
        key = MentionKey.from_slug(slug)
    except ValueError:
        raise NotFound("no such mention") from None
    if key.brand != visit.brand.id:
        raise NotFound("no such mention")
    return key


def refuse_others(visit: Visit, key: MentionKey) -> None:
    """Raises NotFound where its case is the work of a department that the member does not see."""
    if not visit.restricted:
        return
    _, verdict = visit.desk.mentions.get(key)
    case = visit.desk.cases.find(CaseKey(key.brand, key.platform, key.id))
    others = verdict and visit.brand.department(verdict.department) not in visit.departments
    if others or (case and not visit.owns(case)):
        raise NotFound("no such mention")


def _part(visit: Visit, key: MentionKey, was: Sentiment) -> Page:
    mention, verdict = visit.desk.mentions.get(key)
    if verdict is None:
        raise NotFound(f"{key} has no verdict")
    asks = visit.desk.cases.find(CaseKey(key.brand, key.platform, key.id)) is not None
    row = mention_rows.of_mention(visit, mention, verdict, asks=asks)
    values = {
        "row": row,
        "choose": not own_path(visit.form.get("back", "")).startswith("/people"),
        "toast": mention_rows.told(visit, key.slug, was.value, row.mood),
    }
    return Page(template="mention_part.html", place="mentions", values=values)
