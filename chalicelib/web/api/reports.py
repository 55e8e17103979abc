"""Reports: the months there are, and short links to their files."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.web.api.call import Call
from chalicelib.web.api.shapes import Empty, Listed, Moment, Shape
from chalicelib.web.pages import reports as page


class ReportLine(Shape):
    """`id` is the month. `there`: it was made; `can_be_made`: it has ended, and what was heard is kept."""

    id: str
    there: bool
    can_be_made: bool


class Report(ReportLine):
    files: list[str]


class Link(Shape):
    """Opens this one file without a key, until `until`."""

    url: str
    until: Annotated[Moment, Field(description="Five minutes from now")]


def browse(call: Call) -> Listed[ReportLine]:
    """The months that were evaluated or can be, newest first."""
    there, makes = page.months_there(call.visit), page.months_to_make(call.visit)
    months = sorted(there.union(makes), reverse=True)
    return Listed[ReportLine](
        items=[ReportLine(id=each, there=each in there, can_be_made=each in makes) for each in months]
    )


def get(call: Call, month: str) -> Report:
    """One month, and its files. Figures and their rows are in them; facts.json has all."""
    page.check(month)
    files = page.files_of(call.visit, month)
    makes = month in page.months_to_make(call.visit)
    return Report(id=month, there=page.DONE in files, can_be_made=makes, files=files)


def ask(call: Call, month: str, body: Empty) -> Report:
    """Have a past month evaluated now; it takes seconds. Look again until it is there."""
    page.have_made(call.visit, month)
    return get(call, month)


def link(call: Call, month: str, file: str) -> Link:
    """A short link to one file."""
    until = call.visit.now.replace(microsecond=0) + timedelta(seconds=page.LINK_SECONDS)
    return Link(url=page.link(call.visit, month, file), until=until)
