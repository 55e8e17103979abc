"""A table as a file: CSV for spreadsheets, which they do not reckon with, JSON, or JSON line by line; of one
set of rows.

Every page with a table answers `?as=csv`, `?as=json` and `?as=jsonl`, beside its filters, with the rows it
lists: all of them, up to `MOST`. What is too large for an answer of a Lambda goes through the bucket, by a
short link.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from secrets import token_urlsafe

from chalicelib.errors import BadInput
from chalicelib.web.cells import Row, as_csv, as_json, as_lines
from chalicelib.web.visit import Away, File, Visit

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/jsonl"}
MOST = 10_000
"""Rows of one file; a narrower filter finds the others."""
LARGE = 3_000_000
"""Bytes that an answer carries: a Lambda's own limit is 6 MB, of base64."""
LINK_SECONDS = 300
FOLDER = "_exports"
"""Of the bucket, which empties it after a day. No brand's id begins with a line."""


def asked(visit: Visit) -> bool:
    """Is the page asked for as a file? Raises BadInput for a form that we do not make."""
    given = visit.query.get("as", "")
    if given and given not in KINDS:
        raise BadInput("as", "csv, json or jsonl")
    return bool(given)


def download(
    visit: Visit, name: str, columns: Sequence[str], rows: Iterable[Row], *, most: int = 0
) -> File | Away:
    """The first `most` rows (0: `MOST`) in the form that the address asks for; where there are more, the
    file's name says how many it has. Rows are read as they come, so an endless list costs no more."""
    form, most, left = visit.query["as"], most or MOST, iter(rows)
    body = {"csv": as_csv, "json": as_json, "jsonl": as_lines}[form](columns, islice(left, most))
    cut = f"-first-{most}" if next(left, None) is not None else ""
    file = f"{visit.brand.id}-{name}-{visit.words.today().isoformat()}{cut}.{form}"
    if len(body) <= LARGE:
        return File(file, KINDS[form], body)
    kept = f"{FOLDER}/{visit.brand.id}/{token_urlsafe(16)}/{file}"
    visit.desk.bucket.put_once(kept, body, KINDS[form])
    return Away(visit.desk.bucket.link(kept, seconds=LINK_SECONDS, save_as=file))
