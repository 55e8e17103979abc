"""The log of changes: who did what, what it was before and after; by month, as a page or as a file.

A line is kept for good and told in the reader's words. Its filters are an address; what is filtered away is
read all the same, so one page reads at most `READS` times and leads on from where it stopped.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.case import CaseKey
from chalicelib.domain.mention import DRILL
from chalicelib.domain.month import before as month_before
from chalicelib.errors import BadInput
from chalicelib.web import export, outgoing
from chalicelib.web.audit_words import AS, DEEDS, FIELDS, GROUPS, VALUES
from chalicelib.web.cells import Row as FileRow
from chalicelib.web.i18n import Words
from chalicelib.web.pages.reports import name as month_name
from chalicelib.web.places import LOGGED, MONTH, sound
from chalicelib.web.visit import Away, File, Page, Visit

ROWS = 50
READ = 100
"""Lines read at a time where some are filtered away."""
READS = 5
MONTHS = 24
"""Months the page offers; an address leads to any."""
WHOLE = 50_000
"""Lines of a month's file, which no filter shortens by days: as many as a Lambda has time for."""
LONGEST = 60
COLUMNS = ("moment", "who", "who_id", "what", "of", "before", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`before` and `after` as (name, value), worded; `path` leads to what it is of, "" where nothing does."""

    at: datetime
    who: str
    did: str
    of: str
    path: str
    failed: bool
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


def show(visit: Visit) -> Page | File | Away:
    """`month` (yyyy-mm, in UTC), `by` (part of a name), `what` (a group of deeds) come from the address."""
    month = visit.query.get("month", "") or f"{visit.now:%Y-%m}"
    if not MONTH.fullmatch(month):
        raise BadInput("month", "a month such as 2026-11")
    chosen = {name: visit.query.get(name, "").strip()[:LONGEST] for name in ("by", "what")}
    if export.asked(visit):
        return export.download(visit, f"log-{month}", COLUMNS, _file(visit, month, chosen), most=WHOLE)
    lines, older = _read(visit, month, chosen)
    kept = {"month": month, **{name: value for name, value in chosen.items() if value}}
    values = {
        "rows": [_row(visit, line) for line in lines],
        "month": month,
        "month_name": month_name(month, visit.words),
        "months": [(each, month_name(each, visit.words)) for each in _months(visit, month)],
        "kinds": [(kind, visit.words.gettext(said)) for kind, said in GROUPS.items()],
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "continued": bool(visit.query.get("before")),
        "older": urlencode({**kept, "before": older}) if older else "",
        "file": "/audit?" + urlencode({**kept, "as": ""}),
    }
    return Page(template="audit.html", place="audit", values=values)


def _read(visit: Visit, month: str, chosen: dict[str, str]) -> tuple[list[AuditLine], str]:
    """A page of lines, and where the next one begins ("" at the end)."""
    found: list[AuditLine] = []
    at = sound(LOGGED, visit.query.get("before", ""), "before")
    for _ in range(READS):
        limit = READ if any(chosen.values()) else ROWS
        lines, at = visit.desk.audit.month(visit.brand.id, month, limit=limit, before=at)
        found += [line for line in lines if _fits(line, chosen)]
        if len(found) >= ROWS or not at:
            break
    return found, at


def _file(visit: Visit, month: str, chosen: dict[str, str]) -> Iterator[FileRow]:
    at = ""
    while True:
        lines, at = visit.desk.audit.month(visit.brand.id, month, limit=1000, before=at)
        for line in lines:
            if _fits(line, chosen):
                yield line.at, line.by, line.by_id, line.what, line.of, line.before, line.after
        if not at:
            return


def _fits(line: AuditLine, chosen: dict[str, str]) -> bool:
    who, what = chosen["by"].casefold(), chosen["what"]
    return who in line.by.casefold() and (not what or line.what.partition(".")[0] == what)


def _months(visit: Visit, asked: str) -> list[str]:
    """From this one back; and the one that is asked for."""
    running = f"{visit.now:%Y-%m}"
    return sorted({asked, running, *(month_before(running, by) for by in range(1, MONTHS))}, reverse=True)


# in words ----------------------------------------------------------------------------------------


def _row(visit: Visit, line: AuditLine) -> Row:
    words = visit.words
    failed = line.what.endswith(".failed") and line.what.removesuffix(".failed") in DEEDS
    slug = line.what.removesuffix(".failed") if failed else line.what
    return Row(
        at=line.at,
        who=line.by or words.gettext("The system"),
        did=_did(slug, line, words),
        of=_of(visit, line),
        path=_path(visit, line),
        failed=failed,
        before=_told(visit, line.before),
        after=_told(visit, line.after),
    )


def _did(slug: str, line: AuditLine, words: Words) -> str:
    did = words.gettext(DEEDS[slug]) if slug in DEEDS else slug
    way = _facts(line.after).get("way") if slug.startswith("post.") else None
    return words.gettext(AS[way], did=did) if way in AS else did


def _of(visit: Visit, line: AuditLine) -> str:
    """What it was done to; of a drill's case that it is one."""
    platform, _, root = line.of.partition("/")
    drilled = line.what.startswith("case.") and platform == DRILL
    return f"{visit.words.network(DRILL)} {root}" if drilled else line.of


def _path(visit: Visit, line: AuditLine) -> str:
    kind = line.what.partition(".")[0]
    if kind == "drill":
        return f"/drills/{line.of}"
    if kind == "post":
        return f"/posts/{line.of}"
    if kind == "delta":
        return "/accuracy"
    if kind == "report":
        return f"/reports/{line.of}"
    if kind == "case":
        platform, _, root = line.of.partition("/")
        try:
            return outgoing.path(CaseKey(visit.brand.id, platform, root))
        except ValueError:
            return ""
    return ""


def _told(visit: Visit, text: str) -> tuple[tuple[str, str], ...]:
    """The fields of what was kept, named and worded; what is no object is one value without a name."""
    if not text:
        return ()
    if not (found := _facts(text)):
        return (("", text),)
    return tuple((_name(visit, name), _value(visit, name, value)) for name, value in found.items())


def _facts(text: str) -> dict[str, Any]:
    """{} for what is no object."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _name(visit: Visit, field: str) -> str:
    """`text.mastodon` is the text on that channel."""
    kind, _, channel = field.partition(".")
    said = visit.words.gettext(FIELDS[kind]) if kind in FIELDS else kind
    return f"{said}, {outgoing.channel(visit.brand, channel, visit.words)}" if channel else said


def _value(visit: Visit, field: str, value: object) -> str:
    words, text = visit.words, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    kind = field.partition(".")[0]
    if kind == "channel":
        return outgoing.channel(visit.brand, text, words)
    if kind == "when":
        return _moment(visit, text)
    said = VALUES.get(kind, {}).get(text)
    return words.gettext(said) if said else text


def _moment(visit: Visit, text: str) -> str:
    """A moment, or a time on a wall with its zone, in words."""
    wall, _, zone = text.partition(" ")
    try:
        moment = datetime.fromisoformat(wall)
    except ValueError:
        return text
    if moment.tzinfo:
        return visit.words.long_moment(moment)
    there = "" if zone in ("", visit.brand.zone) else f" ({zone})"
    return f"{visit.words.day_title(moment.date())} {moment:%H:%M}{there}"
