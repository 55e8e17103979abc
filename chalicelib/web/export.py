"""A table as a file: CSV for spreadsheets, which they do not reckon with, or JSON; of one set of rows.

Every page with a table answers `?as=csv` and `?as=json`, beside its filters, with the rows it lists: all of
them, up to `MOST`. What is too large for an answer of a Lambda goes through the bucket, by a short link.
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import islice
from secrets import token_urlsafe

from chalicelib.domain.shape import stamp
from chalicelib.errors import BadInput
from chalicelib.web.visit import Away, File, Visit

Value = str | int | float | datetime | date | tuple[str, ...] | None
Row = Sequence[Value]

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
MOST = 10_000
"""Rows of one file; a narrower filter finds the others."""
LARGE = 3_000_000
"""Bytes that an answer carries: a Lambda's own limit is 6 MB, of base64."""
LINK_SECONDS = 300
FOLDER = "_exports"
"""Of the bucket, which empties it after a day. No brand's id begins with a line."""

_UNSEEN = r"\s\x00-\x1f\u200b-\u200f\u2060\ufeff"
_SIGN = "[=+\\-@＝＋－＠]"
_RECKONED = re.compile(
    rf"(\A(?=[\t\r\n])|\A(?=[{_UNSEEN}]*{_SIGN})"
    rf"|[;\t\r\n](?=[{_UNSEEN}\"]*{_SIGN}(?![)\]}}>*/|]|[DPpo](?:[;\t\r\n]|\Z))))"
)
"""Where a spreadsheet may begin to reckon: at the start of a cell, and behind what it takes for a new cell
where it expects another separator than ours, there also behind a quote. A smiley such as ;-) is no sum."""


def asked(visit: Visit) -> bool:
    """Is the page asked for as a file? Raises BadInput for a form that we do not make."""
    given = visit.query.get("as", "")
    if given and given not in KINDS:
        raise BadInput("as", "csv or json")
    return bool(given)


def download(visit: Visit, name: str, columns: Sequence[str], rows: Iterable[Row]) -> File | Away:
    """The first `MOST` rows in the form that the address asks for; where there are more, the file's name says
    how many it has. Rows are read as they come, so an endless list costs no more than that."""
    form = visit.query["as"]
    found = list(islice(rows, MOST + 1))
    cut = f"-first-{MOST}" if len(found) > MOST else ""
    body = {"csv": as_csv, "json": as_json}[form](columns, found[:MOST])
    file = f"{visit.brand.id}-{name}-{visit.words.today().isoformat()}{cut}.{form}"
    if len(body) <= LARGE:
        return File(file, KINDS[form], body)
    kept = f"{FOLDER}/{visit.brand.id}/{token_urlsafe(16)}/{file}"
    visit.desk.bucket.put_once(kept, body, KINDS[form])
    return Away(visit.desk.bucket.link(kept, seconds=LINK_SECONDS, save_as=file))


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
    found = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _cell(value: Value) -> str | int | float | None:
    if value is None or isinstance(value, int | float):
        return value
    text = ", ".join(value) if isinstance(value, tuple) else str(_plain(value))
    return _RECKONED.sub(r"\1'", text)


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else value
