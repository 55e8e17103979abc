"""Mentions: what was said, and what we think of it."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import Mention as Kept
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.domain.verdict import Verdict as Judged
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Listing
from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Day,
    Listed,
    Moment,
    Shape,
    cursor,
    no_cursor,
    place,
    show,
)
from chalicelib.web.pages import mentions as page

Word = Annotated[str, Field(max_length=60)]


class MentionsAsked(Asked):
    """`day` is the brand's own; the list goes back from its end."""

    day: Annotated[Day | None, Field(ge="1900-01-01", lt="3000-01-01")] = None
    label: Sentiment | None = None
    platform: Word = ""
    language: Word = ""
    watch: Word = ""
    cursor: Cursor = None


class MentionLine(Shape):
    """A mention as a list shows it. `state` is what was decided: answer, thank or ignore."""

    id: str
    platform: str
    author: str
    excerpt: Annotated[str, Field(description="The first 120 characters")]
    language: str
    label: Sentiment
    watches: list[str]
    state: str
    posted_at: Moment


class Writer(Shape):
    """As the network gave them."""

    handle: str
    name: str
    url: str
    followers: int | None


class Passage(Shape):
    """`text[start:end]` speaks for `sentiment`."""

    start: int
    end: int
    sentiment: Sentiment


class Verdict(Shape):
    """`probabilities` of negative, neutral, positive. `urgency` from 0 (can wait) to 3 (now)."""

    label: Sentiment
    language: str
    probabilities: list[float]
    evidence: list[Passage]
    intents: list[str]
    urgency: int
    department: str
    judge: Annotated[str, Field(description="Name and version of who judged")]


class Mention(Shape):
    """`case` is the id of the case it belongs to, if it asked for work."""

    id: str
    platform: str
    native_id: Annotated[str, Field(description="The network's own id")]
    source: str
    author: Writer
    text: str
    url: str
    reply_to: str
    watches: list[str]
    direct: Annotated[bool, Field(description="Addressed to us")]
    posted_at: Moment
    heard_at: Moment
    verdict: Annotated[Verdict | None, Field(description="null until it is judged")]
    case: str | None


def browse(call: Call, query: MentionsAsked) -> Listed[MentionLine]:
    """Mentions, newest first, some 40 a page."""
    visit = call.visit
    day = query.day or visit.words.today()
    place_ = place("mentions", query.cursor, 1)
    chosen = {name: str(getattr(query, name) or "") for name in page.FILTERS}
    try:
        found, older = page.read(call.at(*place_), day, chosen)
    except (BadInput, ValueError):
        raise no_cursor() from None
    lines = [_line(each) for each in found]
    return Listed[MentionLine](items=lines, next=cursor("mentions", older) if older else None)


def get(call: Call, mention: str) -> Mention:
    """One mention, with its verdict and the evidence for it."""
    key = key_of(call, mention)
    kept, verdict = call.desk.mentions.get(key)
    return _shown(call, kept, verdict)


def key_of(call: Call, id: str) -> MentionKey:
    """Raises NotFound for what is no id of ours, or of another brand."""
    try:
        key = CaseKey.from_slug(id)
    except ValueError:
        raise NotFound("no such mention") from None
    if key.brand != call.brand.id or key.slug != id:
        raise NotFound("no such mention")
    return MentionKey(key.brand, key.platform, key.root)


def id_of(key: MentionKey) -> str:
    """As a path has it: the network's own ids hold slashes and colons."""
    return CaseKey(key.brand, key.platform, key.id).slug


def _line(found: Listing) -> MentionLine:
    return show(MentionLine, found, id=id_of(found.key), platform=found.key.platform)


def _shown(call: Call, kept: Kept, verdict: Judged | None) -> Mention:
    key = kept.key
    case = call.desk.cases.find(CaseKey(key.brand, key.platform, key.id))
    return show(
        Mention,
        kept,
        id=id_of(key),
        platform=key.platform,
        native_id=key.id,
        verdict=_verdict(verdict) if verdict else None,
        case=case.key.slug if case and call.visit.owns(case) else None,
    )


def _verdict(found: Judged) -> Verdict:
    reading = found.reading
    return show(Verdict, reading, label=reading.sentiment, department=found.department)
