"""People who wrote about the brand: who, how often and how; and of one all that they wrote. What they wrote
and did, never what they are."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.mention import slug
from chalicelib.domain.people import Person as Met
from chalicelib.errors import BadInput
from chalicelib.web import people
from chalicelib.web.api.call import Call
from chalicelib.web.api.mentions import EVER, MentionLine, line
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Day,
    Listed,
    Moment,
    Shape,
    cursor,
    no_cursor,
    paged,
    place,
)
from chalicelib.web.pages import met as page, person

Word = Annotated[str, Field(max_length=80)]


class PeopleAsked(Asked):
    """Of the last `days`, at most the newest 5,000 messages; by name, as `mood` says."""

    name: Word = ""
    platform: Word = ""
    mood: Literal["", "glad", "unhappy"] = ""
    days: Literal["7", "30"] = "7"
    cursor: Cursor = None


class PersonLine(Shape):
    """`id` is how they are called in an address, below their platform."""

    id: str
    platform: str
    author: str
    times: int
    glad: int
    glad_days: int
    complaints: int
    last: Moment


class PersonAsked(Asked):
    """90 days up to `until`, in UTC; without it up to today."""

    until: Annotated[Day | None, EVER] = None
    cursor: Cursor = None


class CaseOfTheirs(Shape):
    id: str
    title: str
    state: str
    replies: int


class Person(Shape):
    """`mentions` newest first, at most 100; `next` leads to the others of these days, `earlier` is the day to
    ask for what they wrote before."""

    id: str
    platform: str
    author: str
    url: Annotated[str, Field(description="Their page at the network")]
    mentions: list[MentionLine]
    cases: list[CaseOfTheirs]
    next: Annotated[str | None, Field(description="Give it as `cursor`, with the same `until`")]
    earlier: date


def browse(call: Call, query: PeopleAsked) -> Listed[PersonLine]:
    """Those who wrote lately."""
    chosen = query.model_dump(exclude={"cursor"})
    found, _, _ = page.read(call.visit, chosen)
    named = [one for one in found if one.handle[1]]
    return paged("people", named, query.cursor, lambda one: one.handle, _line)


def get(call: Call, platform: str, author: str, query: PersonAsked) -> Person:
    """One person; of whom nothing is known, nothing."""
    last, after = person.last_day(call.visit, query.until), place("person", query.cursor, 1)
    name = person.name_of(author)
    try:
        found = person.find(call.visit, platform, name, last, after="".join(after))
    except BadInput:
        raise no_cursor() from None
    return Person(
        id=slug(found.author),
        platform=platform,
        author=found.author,
        url=person.page_of(found),
        mentions=[line(each) for each in found.shown],
        cases=[
            CaseOfTheirs(id=each.key.slug, title=each.title, state=each.state.value, replies=each.replies)
            for each in found.cases.values()
        ],
        next=cursor("person", found.more) if found.more else None,
        earlier=last - person.SPAN,
    )


def _line(one: Met) -> PersonLine:
    platform, author = one.handle
    return PersonLine(
        id=people.path(platform, author).rpartition("/")[2],
        platform=platform,
        author=author,
        times=len(one.lines),
        glad=one.glad,
        glad_days=one.glad_days,
        complaints=page.angry(one),
        last=one.lines[0].posted_at,
    )
