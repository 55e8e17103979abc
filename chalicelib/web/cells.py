"""The cells of a table as CSV, which spreadsheets do not reckon with, or as JSON."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

from chalicelib.domain.shape import stamp

Value = str | int | float | datetime | date | tuple[str, ...] | None
Row = Sequence[Value]

_UNSEEN = r"\s\x00-\x1f\u200b-\u200f\u2060\ufeff'"
"""What a spreadsheet may pass over before it reckons; and ', which stands before what it is not to."""
_SIGN = "[=+\\-@＝＋－＠]"
_START = rf"(?='*[\t\r\n]|[{_UNSEEN}]*{_SIGN})"
_WITHIN = rf"(?=[{_UNSEEN}\"]*{_SIGN}(?![)\]}}}}>*/|]|[DPpo](?:[;\t\r\n]|\Z)))"
_RECKONED = re.compile(rf"(\A{_START}|[;\t\r\n]{_WITHIN})")
"""Where a spreadsheet may begin to reckon: at the start of a cell, and behind what it takes for a new cell
where it expects another separator than ours, there also behind a quote. A smiley such as ;-) is no sum."""
_GUARDED = re.compile(rf"(\A)'{_START}|([;\t\r\n])'{_WITHIN}")

_TELL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with its mark, CRLF. Text that a spreadsheet would reckon begins with '; a number is a number;
    what was not given is empty."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A list of objects. Moments in ISO 8601, UTC; what was not given is null."""
    found = (dict(zip(columns, map(_plain, row), strict=True)) for row in rows)
    return f"[{','.join(map(_TELL.encode, found))}]".encode()


def as_lines(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The objects of `as_json`, one a line (JSONL)."""
    found = (dict(zip(columns, map(_plain, row), strict=True)) for row in rows)
    return b"".join(f"{_TELL.encode(each)}\n".encode() for each in found)


def guarded(text: str) -> str:
    """With a ' wherever a spreadsheet would begin to reckon."""
    return _RECKONED.sub(r"\g<0>'", text)


def unguarded(cell: str) -> str:
    """A cell of `as_csv` as it was before it was guarded, to the byte."""
    return _GUARDED.sub(lambda found: found[1] or found[2] or "", cell)


def _cell(value: Value) -> str | int | float | None:
    if value is None or isinstance(value, int | float):
        return value
    text = ", ".join(value) if isinstance(value, tuple) else str(_plain(value))
    return guarded(text)


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else value
