"""A table as CSV, whoever made it: commas, semicolons or tabs, its rows counted as a spreadsheet does."""

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import count

from chalicelib.web.i18n import N_

LONG = 300
"""Characters of somebody's names that are repeated."""
MOST = 100
"""Columns of other names that are told one by one."""
QUOTE = N_("A quotation mark is not closed, or stands within a cell.")
Record = tuple[int, list[str] | None]
"""A row's number, from 1, and its cells; None for one that cannot be read."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """`place` is the row of a CSV or the line of another file, from 1; 0: the file as a whole. `said`
    takes `values` when it is translated."""

    place: int
    name: str
    said: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def head(text: str) -> str:
    """The first line that says something, but for the one in which Excel names the separator."""
    return _without_separator(text).lstrip().partition("\n")[0]


def delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def records(text: str) -> Iterator[Record]:
    """Empty rows are counted too, a row of several lines once. After one that cannot be read the next line
    goes on."""
    body = StringIO(_without_separator(text), newline="")
    rows = csv.reader(body, delimiter=delimiter(head(text)), strict=True)
    for place in count(1):
        try:
            yield place, next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield place, None


def header(records: Iterator[Record]) -> Record:
    """The first row that says something: its names in small letters."""
    start, found = next((one for one in records if one[1] is None or any(one[1])), (1, []))
    return start, None if found is None else [name.strip().lower() for name in found]


def unknown(place: int, names: list[str], known: Collection[str], free: str = "") -> Iterator[Wrong]:
    """Columns of other names than these, or that begin otherwise than with `free`; those that are there
    twice. One without a name is left alone: a spreadsheet adds such ones."""
    others = [name for name in names if name and name not in known and not (free and name.startswith(free))]
    if len(others) > MOST or (others and not set(names) & set(known)):
        said = N_("None of these columns is known: %(names)s. They are called %(known)s.")
        called = (*known, f"{free}…") if free else known
        yield Wrong(place, "", said, {"names": ", ".join(others)[:LONG], "known": ", ".join(called)})
        return
    for name in others:
        yield Wrong(place, name[:LONG], N_("There is no column of this name."))
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        yield Wrong(place, name, N_("This column is there twice."))


def beside(place: int, names: list[str], cells: list[str]) -> Iterator[Wrong]:
    """What stands in a row beside the columns that have a name."""
    if any(cell.strip() for cell in cells[len(names) :]):
        yield Wrong(place, "", N_("The row has more cells than there are columns."))
    if any(cell.strip() for name, cell in zip(names, cells, strict=False) if not name):
        yield Wrong(place, "", N_("There is something in a column without a name."))


def _without_separator(text: str) -> str:
    return re.sub(r"\A\s*\"?sep=.\"?[ ,;\t]*\r?\n", "", text, flags=re.IGNORECASE)
