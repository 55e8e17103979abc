"""Mentions whole, page by page, in the form of the file of mentions; and brought in from such a file."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.mention import MentionKey
from chalicelib.domain.verdict import Sentiment
from chalicelib.errors import BadInput
from chalicelib.web import mention_cells
from chalicelib.web.api.call import Call
from chalicelib.web.api.mentions import READS, MentionsAsked
from chalicelib.web.api.problem import Refusal, Wrong
from chalicelib.web.api.shapes import Given, Listed, Moment, Shape, cursor, no_cursor, place
from chalicelib.web.mentions_file import Row
from chalicelib.web.pages import mention_import as page, mentions
from chalicelib.web.request import LONGEST

ROWS = 50
"""Of a page: so many of the longest texts fit an answer of a Lambda."""


class MentionRow(Shape):
    """A mention as a line of a file has it: each item as JSON on a line of its own is JSONL that an import
    takes. `feeling` to `id` are what was made of it here, and are made anew there."""

    posted: Moment
    network: str
    author: str
    text: str
    url: str
    language: str
    feeling: Sentiment
    corrected_by: str | None
    intents: list[str]
    department: str | None
    watches: list[str]
    state: str
    copy_of: Annotated[str, Field(description="The id of the first of its story; empty where it is no copy")]
    id: str
    native_id: Annotated[str, Field(description="The network's own id")]
    author_name: str
    author_id: str
    author_url: str
    followers: int | None
    reply_to: str
    direct: Annotated[str, Field(description="yes: addressed to us")]
    edited: Moment | None
    gone: Annotated[str, Field(description="yes: it was removed where it stood")]


class MentionFile(Given):
    """CSV or JSONL, as the console takes it: at most 1,000 mentions. `days`: cases may come of what was
    posted in the last so many."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    days: Annotated[int, Field(ge=0, le=page.MOST_DAYS)] = 0


class Brought(Shape):
    """The mentions that the file's rows are by now."""

    id: str
    mentions: list[str]


class BroughtRow(Shape):
    """`place` is the row of a CSV, or the line of JSONL; `known`: it is there already, and stays as it is."""

    place: int
    mention: str
    posted_at: Moment
    state: Literal["new", "known"]


class BringTrial(Shape):
    rows: list[BroughtRow]


def browse(call: Call, query: MentionsAsked) -> Listed[MentionRow]:
    """Mentions whole, newest first, at most 50 a page."""
    from_ = place("mention-rows", query.cursor, 1)
    given = query.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)
    visit = replace(call.visit, query={**given, **({"from": from_[0]} if from_ else {})})
    try:
        asked = mentions.asked_for(visit)
    except BadInput as error:
        raise Refusal(400, "", Wrong(detail=error.message, parameter=error.field)) from None
    try:
        found, older, _ = mentions.read(
            visit, asked, most=READS, in_vain=READS, silence=mentions.YEAR, rows=ROWS
        )
    except (BadInput, ValueError):
        raise no_cursor() from None
    known = call.desk.mentions.get_many([each.key for each in found]) if found else {}
    rows = (mention_cells.cells(each, *known.get(each.key, (None, None))) for each in found)
    named = (dict(zip(mention_cells.COLUMNS, row, strict=True)) for row in rows)
    items = [MentionRow.model_validate(each) for each in named]
    return Listed[MentionRow](items=items, next=cursor("mention-rows", older) if older else None)


def bring_in(call: Call, body: MentionFile) -> Brought:
    """Keep the mentions of a file. The same file twice brings nothing twice."""
    looked = _sound(call, body)
    page.keep(call.visit, looked, body.days)
    return Brought(id=call.new_id, mentions=[_key(call, row).slug for row in looked.found.rows])


def trial(call: Call, body: MentionFile) -> BringTrial:
    """What a file of mentions would bring."""
    looked = _sound(call, body)
    rows = [
        BroughtRow(
            place=row.place,
            mention=_key(call, row).slug,
            posted_at=row.posted_at,
            state="known" if row.place in looked.known else "new",
        )
        for row in looked.found.rows
    ]
    return BringTrial(rows=rows)


def _key(call: Call, row: Row) -> MentionKey:
    return MentionKey(call.brand.id, row.found.platform, row.found.id)


def _sound(call: Call, body: MentionFile) -> page.Looked:
    """What is in the file. Raises Refusal with everything that is wrong, each at its row and column."""
    looked = page.look(call.visit, body.text)
    if looked.found.wrong:
        wrong = [
            Wrong(detail=each.said % each.values, pointer=_pointer(each.place, each.name))
            for each in looked.found.wrong
        ]
        raise Refusal(422, "Nothing was kept.", *wrong)
    return looked


def _pointer(place: int, name: str) -> str:
    """`#/text/12/posted`."""
    return "/".join(["#/text", *[str(place)] * bool(place), *[name] * bool(name)])
