"""Mentions: what was said, and what we think of it."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import Mention as Kept, MentionKey
from chalicelib.domain.verdict import Sentiment, Verdict as Judged
from chalicelib.errors import BadInput
from chalicelib.ports import Listing
from chalicelib.web import blocking, matched
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal, Wrong
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Day,
    Given,
    Listed,
    Moment,
    Shape,
    cursor,
    no_cursor,
    place,
    show,
)
from chalicelib.web.pages import mentions as page, verdict as verdicts

READS = 31
"""Of the day index for one page: a quiet month costs one page, not fifteen."""
Word = Annotated[str, Field(max_length=80)]
EVER = Field(ge=date(1900, 1, 1), lt=date(3000, 1, 1))


class MentionsAsked(Asked):
    """`day` and `since` are the brand's own; the list goes back from the end of `day`."""

    day: Annotated[Day | None, EVER] = None
    since: Annotated[Day | None, EVER] = None
    label: Sentiment | None = None
    platform: Word = ""
    language: Word = ""
    watch: Word = ""
    author: Word = ""
    state: Literal["answer", "thank", "ignore", "capped", "noise"] | None = None
    copies: Annotated[
        Literal["none", "only"] | None, Field(description="none: each story once, without its copies")
    ] = None
    cursor: Cursor = None


HELD = Field(
    description="Why it is held: muted, capped, author or site with the id of the block, spam or virus (of a"
    " mail, as Amazon says), or a rule with"
    " what it counted, such as links 9 11 (nine links, eleven words); else empty"
)


class MentionLine(Shape):
    """A mention as a list shows it. `state` is what was decided: answer, thank, ignore, or why it waits:
    noise, or capped, over its source's cap. What is held as noise is listed under `state=noise` alone."""

    id: str
    platform: str
    author: str
    excerpt: Annotated[str, Field(description="The first 120 characters")]
    language: str
    label: Sentiment
    watches: list[str]
    state: str
    held: Annotated[str, HELD]
    posted_at: Moment
    copy_of: Annotated[str | None, Field(description="The first of the story that this is a copy of")]


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


class Corrected(Shape):
    """The judge had said `was`."""

    was: Sentiment
    by: str
    at: Moment


class Correction(Given):
    label: Literal["negative", "neutral", "positive", "mixed"]


class Verdict(Shape):
    """`probabilities` of negative, neutral, positive. `urgency` from 0 (can wait) to 3 (now)."""

    label: Sentiment
    language: str
    probabilities: list[float]
    evidence: list[Passage]
    intents: list[str]
    urgency: int
    department: str
    corrected: Annotated[Corrected | None, Field(description="Where a person said otherwise")]
    judge: Annotated[str, Field(description="Name and version of who judged")]


class Found(Shape):
    """`text[start:end]` is this term."""

    term: str
    start: int
    end: int


class Matched(Shape):
    """A watch that asked for it, and by what, as it is now: `terms` of its words that the text holds, each
    where `hits` say, and `fields` such as `site:nos.nl`; none where the watch was changed since."""

    watch: str
    terms: list[str]
    fields: list[str]
    hits: list[Found]


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
    aside: Annotated[bool, Field(description="Only watches for topics and peers asked for it: it is no work")]
    held: Annotated[str, HELD]
    matched: list[Matched]
    edited_at: Annotated[
        Moment | None, Field(description="When we heard that its author last changed or removed it")
    ]
    gone: Annotated[bool, Field(description="It was removed where it stood; its text is not kept")]
    verdict: Annotated[Verdict | None, Field(description="null until it is judged")]
    case: str | None
    copy_of: Annotated[str | None, Field(description="The first of the story that this is a copy of")]
    sites: Annotated[list[str], Field(description="Other sites that carry this story")]
    unproven: Annotated[
        bool,
        Field(description="Nobody vouches that its author wrote it, as of a mail whose sender is not proven"),
    ]


def browse(call: Call, query: MentionsAsked) -> Listed[MentionLine]:
    """Mentions, newest first, some 40 a page."""
    from_ = place("mentions", query.cursor, 1)
    given = query.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)
    visit = replace(call.visit, query={**given, **({"from": from_[0]} if from_ else {})})
    try:
        asked = page.asked_for(visit)
    except BadInput as error:
        raise Refusal(400, "", Wrong(detail=error.message, parameter=error.field)) from None
    try:
        found, older, _ = page.read(visit, asked, most=READS, in_vain=READS, silence=page.YEAR)
    except (BadInput, ValueError):
        raise no_cursor() from None
    lines = [line(each) for each in found]
    return Listed[MentionLine](items=lines, next=cursor("mentions", older) if older else None)


def get(call: Call, mention: str) -> Mention:
    """One mention, with its verdict and the evidence for it."""
    return shown(call, *call.desk.mentions.get(verdicts.key_of(call.visit, mention)))


def correct(call: Call, mention: str, body: Correction) -> Mention:
    """Say what the verdict should have been; its case follows."""
    key = verdicts.key_of(call.visit, mention)
    kept, verdict = call.desk.mentions.get(key)
    call.expect(shown(call, kept, verdict))
    verdicts.apply(verdicts.as_seen(call.visit, verdict), key, body.label)
    return get(call, mention)


class NoNoise(Given):
    lift_block: Annotated[bool, Field(description="The block that held it is lifted too")] = False


def let_through(call: Call, mention: str, body: NoNoise) -> Mention:
    """This is no noise: it goes on as if it had just come, with a case where it asks for one."""
    key = verdicts.key_of(call.visit, mention)
    call.expect(shown(call, *call.desk.mentions.get(key)))
    blocking.let_through(call.visit, key, lifting=body.lift_block)
    return get(call, mention)


def line(found: Listing) -> MentionLine:
    return show(
        MentionLine, found, id=found.key.slug, platform=found.key.platform, copy_of=_slug(found.copy_of)
    )


def _slug(key: MentionKey | None) -> str | None:
    return key.slug if key else None


def shown(call: Call, kept: Kept, verdict: Judged | None) -> Mention:
    key = kept.key
    case = call.desk.cases.find(CaseKey(key.brand, key.platform, key.id))
    return show(
        Mention,
        kept,
        id=key.slug,
        platform=key.platform,
        native_id=key.id,
        matched=[
            show(Matched, each, hits=[show(Found, hit) for hit in each.hits])
            for each in matched.matched(kept, call.brand)
        ],
        edited_at=kept.edit.at if kept.edit else None,
        verdict=_verdict(verdict) if verdict else None,
        case=case.key.slug if case and call.visit.owns(case) else None,
        copy_of=_slug(kept.copy_of),
        sites=list(kept.sites),
    )


def _verdict(found: Judged) -> Verdict:
    reading, said = found.reading, found.corrected
    return show(
        Verdict,
        reading,
        label=reading.sentiment,
        department=found.department,
        corrected=show(Corrected, said, was=said.was.sentiment) if said else None,
    )
