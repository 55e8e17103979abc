"""The log: who changed and sent what, only ever added to."""

from typing import Annotated

from pydantic import Field

from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import (
    Asked,
    Cursor,
    Listed,
    Moment,
    Month,
    Shape,
    cursor,
    no_cursor,
    place,
    show,
)
from chalicelib.web.places import LOGGED

PAGE = 100


class LogAsked(Asked):
    """`month` in UTC; without it the one that runs."""

    month: Month | None = None
    cursor: Cursor = None


class Line(Shape):
    """One change or one send: what was done, of which thing, and how it was before and after."""

    at: Moment
    id: str
    what: Annotated[str, Field(examples=["post.cancel"])]
    of: str
    by: Annotated[str, Field(description='"" for what the system did')]
    by_id: str
    before: str
    after: str


def browse(call: Call, query: LogAsked) -> Listed[Line]:
    """The lines of a month, newest first."""
    month = query.month or f"{call.visit.now:%Y-%m}"
    found = place("log", query.cursor, 2)
    if found and (found[0] != month or not LOGGED.fullmatch(found[1])):
        raise no_cursor()
    before = found[1] if found else ""
    lines, last = call.desk.audit.month(call.brand.id, month, limit=PAGE, before=before)
    return Listed[Line](
        items=[show(Line, each) for each in lines], next=cursor("log", month, last) if last else None
    )
