"""Mentions from a file, CSV or JSON line by line (JSONL): what each row says, and where it cannot be read.

The names are those of the file that the page of mentions gives (`mention_cells.py`). What we made of a
message stands in that one too, and is passed over: it is judged anew. A ' that stands before a cell so that
a spreadsheet does not reckon with it is no part of the text.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from chalicelib.domain.mention import DRILL, TEXT_LIMIT, Author, Edit, Found, native_id
from chalicelib.web import sheet
from chalicelib.web.cells import unguarded
from chalicelib.web.i18n import N_
from chalicelib.web.mention_cells import FACTS, MADE, YES
from chalicelib.web.multipart import is_garbled
from chalicelib.web.request import LONGEST
from chalicelib.web.sheet import QUOTE, Wrong

NEEDED = ("posted", "network", "author", "text")
KNOWN = (*FACTS, *MADE)
MOST = 1_000
"""Mentions of one file: keeping so many takes seconds."""
FIRST_YEAR = 1995
MOMENT = N_("Write a moment such as 2026-11-23T09:12:00Z, or 2026-11-23 09:12 on the clock of %(zone)s.")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d:?\d\d))?", re.ASCII | re.IGNORECASE
)
_NETWORK = re.compile(r"[a-z][a-z0-9_]{0,29}")
Tidy = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """`found` with its network as its platform; `edit` where its author changed or removed it."""

    place: int
    found: Found
    posted_at: datetime
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """All rows that can be read, and everything that is wrong. `is_csv`: the places are rows, else lines."""

    is_csv: bool
    rows: list[Row]
    wrong: list[Wrong]


@dataclass(frozen=True, slots=True)
class Reader:
    """`zone` is the clock of moments that name none, `tidy` cleans what strangers wrote."""

    zone: tzinfo
    now: datetime
    tidy: Tidy

    def read(self, text: str) -> Read:
        text = text.removeprefix("\ufeff")
        is_csv = not text.lstrip().startswith("{")
        if too := _unreadable(text):
            return Read(is_csv, [], [too])
        rows: list[Row] = []
        wrong: list[Wrong] = []
        seen: dict[tuple[str, str], int] = {}
        for each in _from_csv(text) if is_csv else _from_lines(text):
            if isinstance(each, Wrong):
                wrong.append(each)
                continue
            place, given = each
            row, faults = self._row(place, given)
            wrong += faults
            if row is None:
                continue
            first = seen.setdefault((row.found.platform, row.found.id), place)
            if first != place:
                said = N_("This is the same message as %(number)s.")
                wrong.append(Wrong(place, "native_id", said, {"number": first}))
            rows.append(row)
        if len(rows) > MOST:
            wrong.append(
                Wrong(0, "", N_("A file has at most %(most)s mentions. Cut it in two."), {"most": MOST})
            )
        if not rows and not wrong:
            wrong.append(Wrong(0, "", N_("There is no mention in it.")))
        return Read(is_csv, rows, wrong)

    def _row(self, place: int, given: Mapping[str, str]) -> tuple[Row | None, list[Wrong]]:
        row = _Row(self, place, given)
        author = row.author()
        text, gone = row.text()
        posted, edited = row.moment("posted", needed=True), row.moment("edited")
        own, answers = row.id(), given.get("reply_to", "").strip()
        found = Found(
            id=native_id(own),
            author=author,
            text=text,
            posted_at=posted,
            url=row.url("url"),
            reply_to=native_id(answers) if answers else "",
            language=row.language(),
            direct=row.flag("direct"),
            platform=row.network(),
        )
        edit = Edit(1, edited or self.now.replace(microsecond=0), gone=gone) if edited or gone else None
        return Row(place, found, posted, edit) if posted and not row.wrong else None, row.wrong


class _Row:
    """Reads a row's values; what is wrong with them gathers in `wrong`."""

    def __init__(self, reader: Reader, place: int, given: Mapping[str, str]) -> None:
        self._reader, self._place, self._given = reader, place, given
        self.wrong: list[Wrong] = []

    def _refuse(self, name: str, said: str, **values: str | int) -> None:
        self.wrong.append(Wrong(self._place, name, said, values))

    def _line(self, name: str) -> str:
        return " ".join(self._reader.tidy(self._given.get(name, "")).split())

    def network(self) -> str:
        network = self._line("network")
        if not _NETWORK.fullmatch(network) or network == DRILL:
            self._refuse("network", N_("Write the network in small letters, such as mastodon or feed."))
        return network

    def id(self) -> str:
        own = self._given.get("native_id", "").strip() or self._given.get("url", "").strip()
        if not own:
            self._refuse("native_id", N_("Give the network's own id of the message, or else its url."))
        return own

    def author(self) -> Author:
        handle, followers = self._line("author").removeprefix("@"), self._line("followers")
        if not handle:
            self._refuse("author", N_("Say who wrote it."))
        if not re.fullmatch("([0-9]{1,12})?", followers):
            self._refuse("followers", N_("Write a whole number, without dots or commas."))
            followers = ""
        return Author(
            id=native_id(self._given.get("author_id", "").strip() or handle),
            handle=handle,
            name=self._line("author_name"),
            url=self.url("author_url"),
            followers=int(followers) if followers else None,
        )

    def text(self) -> tuple[str, bool]:
        """And whether it was removed: then nothing of it is kept."""
        given, gone = self._given.get("text", ""), self.flag("gone")
        text = "" if gone else self._reader.tidy(given)
        if not (gone or text):
            self._refuse("text", N_("There is no text."))
        if len(given) > TEXT_LIMIT:
            self._refuse("text", N_("The text has more than %(most)s characters."), most=TEXT_LIMIT)
        return text, gone

    def url(self, name: str) -> str:
        url = self._given.get(name, "").strip()
        if url and not _is_address(url):
            self._refuse(name, N_("Write an address that begins with https:// or http://."))
        return url

    def language(self) -> str:
        language = self._line("language").lower()
        if not re.fullmatch("([a-z]{2,3})?", language):
            self._refuse("language", N_("Write a language as two or three letters, such as nl."))
        return language

    def flag(self, name: str) -> bool:
        flag = self._line(name).lower()
        if flag not in ("", YES):
            self._refuse(name, N_("Write yes, or leave it empty."))
        return flag == YES

    def moment(self, name: str, *, needed: bool = False) -> datetime | None:
        said, zone = self._given.get(name, "").strip(), self._reader.zone
        if not (said or needed):
            return None
        try:
            if not _MOMENT.fullmatch(said):
                raise ValueError("another form")
            at = datetime.fromisoformat(said.replace(" ", "T", 1).replace(" ", "").upper())
            at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            self._refuse(name, MOMENT, zone=str(zone))
            return None
        if at > self._reader.now:
            self._refuse(name, N_("That moment is yet to come."))
        elif at.year < FIRST_YEAR:
            self._refuse(name, N_("That is before %(year)s."), year=str(FIRST_YEAR))
        return at.replace(microsecond=0)


def _is_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
    except ValueError:
        return False
    fit = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return bool(fit) and len(given) <= 2000 and given.isprintable() and not re.search(r"\s", given)


def _unreadable(text: str) -> Wrong | None:
    if is_garbled(text):
        return Wrong(0, "", N_("It cannot be told in which characters the file is. Save it as “CSV UTF-8”."))
    if len(text) > LONGEST:
        said = N_("The file is too large: at most %(most)s characters. Cut it in two.")
        return Wrong(0, "", said, {"most": LONGEST})
    return None


Given = tuple[int, dict[str, str]]


def _from_csv(text: str) -> Iterator[Given | Wrong]:
    records = sheet.records(text)
    start, names = sheet.header(records)
    if names is None:
        yield Wrong(start, "", QUOTE)
        return
    if not names:
        return
    yield from sheet.unknown(start, names, KNOWN)
    own = [] if {"native_id", "url"} & set(names) else ["native_id"]
    if missing := [name for name in (*NEEDED, *own) if name not in names]:
        if set(names) & set(KNOWN):
            yield from (Wrong(start, name, N_("This column is missing.")) for name in missing)
        return
    for place, cells in records:
        if cells is None:
            yield Wrong(place, "", QUOTE)
        elif any(cell.strip() for cell in cells):
            yield from sheet.beside(place, names, cells)
            yield place, {name: unguarded(cell) for name, cell in zip(names, cells, strict=False)}


def _from_lines(text: str) -> Iterator[Given | Wrong]:
    for place, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except RecursionError:
            yield Wrong(place, "", N_("This is no JSON from character %(column)s on."), {"column": 1})
            continue
        except json.JSONDecodeError as error:
            said = N_("This is no JSON from character %(column)s on.")
            yield Wrong(place, "", said, {"column": error.colno})
            continue
        if not isinstance(found, dict):
            yield Wrong(place, "", N_("Write an object on each line: {…}."))
            continue
        given: dict[str, str] = {}
        for name, value in found.items():
            if name not in KNOWN:
                yield Wrong(place, name[: sheet.LONG], N_("There is no such name."))
            elif name in MADE or value is None:
                continue
            elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
                given[name] = str(value)
            else:
                yield Wrong(place, name, N_("Write one value here."))
        yield place, given
