"""Reports: the months there are, a month's report in the reader's own language, and its files.

A report is a set of files in the bucket, all made from the frozen `facts.json`; `report.json` tells that it
is there. What the page shows is rendered anew from the same facts, so that it reads in any language.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.month import before, month_of, span
from chalicelib.domain.pulse import Failure
from chalicelib.errors import BadInput, NotFound
from chalicelib.web import export
from chalicelib.web.i18n import MONTHS, N_, Words
from chalicelib.web.noting import noted
from chalicelib.web.places import MONTH
from chalicelib.web.reasons import told
from chalicelib.web.visit import Away, Go, Outcome, Page, Visit

if TYPE_CHECKING:
    from chalicelib.domain.errata import Erratum
    from chalicelib.domain.month import Facts

LINK_SECONDS = 300
REFRESH = 3
PATIENCE = timedelta(minutes=3)
"""A report takes seconds; after this long the page says that something is wrong."""

FACTS, DONE, SHEET = "facts.json", "report.json", "report.html"
ERRATUM = re.compile(r"erratum-([0-9]{1,9})\.json")
LATER = re.compile(r"later-([0-9]{1,9})\.json")
CALLED = {
    FACTS: N_("All that the report is made of"),
    DONE: N_("All figures"),
    "mail.txt": N_("The mail"),
    "mentions.csv": N_("Mentions, as a table"),
    "held.csv": N_("Messages held as noise, as a table"),
    "beside.csv": N_("Messages about topics and others like us, as a table"),
    "cases.csv": N_("Cases, as a table"),
    "handovers.csv": N_("Hand-overs between departments, as a table"),
    "deliveries.csv": N_("Posts and answers, as a table"),
    "following.csv": N_("Followers, as a table"),
    "sources.csv": N_("Sources, as a table"),
    "deeds.csv": N_("Good deeds, as a table"),
    "earlier.csv": N_("Earlier months, as a table"),
    "rates.csv": N_("What things cost, as a table"),
}
FILE = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z0-9]+")
"""What a person may want; a mark of ours has no ending."""


class Month(NamedTuple):
    """`makes`: its report can be made now. `failed`: why the last try to make it, or what came late to it,
    did not succeed; "" else."""

    id: str
    name: str
    there: bool
    makes: bool
    failed: str


def show(visit: Visit) -> Outcome:
    """The months that can be evaluated and those that were, newest first."""
    running = month_of(visit.now, visit.brand.zone)
    there = months_there(visit)
    makes = months_to_make(visit)
    months = sorted(there.union(makes), reverse=True)
    if export.asked(visit):
        rows = ((month, "made" if month in there else "not made") for month in months)
        return export.download(visit, "reports", ("month", "report"), rows)
    failures = visit.desk.pulse.failures(visit.brand.id)
    values = {
        "running": name(running, visit.words),
        "comes": span(running, visit.brand.zone)[1],
        "months": [
            Month(each, name(each, visit.words), each in there, each in makes, _failed(each, failures, visit))
            for each in months
        ],
        "count": len(there),
    }
    return Page(template="reports.html", place="reports", values=values)


def read(visit: Visit, month: str) -> Outcome:
    """The report of one month, the rows behind one of its numbers, or that it is not there (yet)."""
    check(month)
    files = files_of(visit, month)
    there = DONE in files and FACTS in files
    values: dict[str, Any] = {"month": month, "name": name(month, visit.words), "there": there}
    if there and (figure := visit.query.get("rows", "")):
        return _rows(visit, month, figure, files, values)
    if there:
        return Page(
            template="report.html", place="reports", values={**values, **_report(visit, month, files)}
        )
    failures = visit.desk.pulse.failures(visit.brand.id)
    asked, failed = _asked(visit), failures.get(month)
    over = failed is not None and (asked is None or failed.at >= asked)
    waits = asked is not None and not over and visit.now - asked < PATIENCE
    values |= {
        "makes": month in months_to_make(visit),
        "past": month < month_of(visit.now, visit.brand.zone),
        "comes": span(month, visit.brand.zone)[1],
        "waits": waits,
        "failed": _failed(month, failures, visit) if over else "",
        "slow": asked is not None and not waits,
    }
    return Page(template="report.html", place="reports", values=values, refresh=REFRESH if waits else 0)


def ask(visit: Visit, month: str) -> Outcome:
    """Have a past month's report made, soon."""
    asked = have_made(visit, month)
    return Go(f"/reports/{month}?asked={int(visit.now.timestamp())}" if asked else f"/reports/{month}")


def have_made(visit: Visit, month: str) -> bool:
    """Ask for a past month's report; False if it is there already. Raises NotFound, BadInput."""
    check(month)
    if month not in months_to_make(visit):
        raise BadInput("month", "a month that has ended, of the last year")
    if DONE in files_of(visit, month):
        return False
    line = visit.line("report.ask", month)
    with noted(visit.desk, line):
        visit.desk.ask_report(visit.brand.id, month)
    return True


def fetch(visit: Visit, month: str, file: str) -> Outcome:
    """A short link to one file of a report, if it is there, and to nothing else."""
    return Away(link(visit, month, file))


def link(visit: Visit, month: str, file: str) -> str:
    """Raises NotFound."""
    check(month)
    if file not in files_of(visit, month):
        raise NotFound("no such file")
    save_as = "" if file == SHEET else f"{visit.brand.id}-{month}-{file}"
    return visit.desk.bucket.link(folder_of(visit, month) + file, seconds=LINK_SECONDS, save_as=save_as)


def name(month: str, words: Words) -> str:
    """October 2026."""
    year, number = month.split("-")
    return f"{words.gettext(MONTHS[int(number) - 1])} {year}"


def _rows(visit: Visit, month: str, figure: str, files: Collection[str], values: dict[str, Any]) -> Page:
    """What one number of the report is of, or one of an erratum."""
    from chalicelib.web import report

    later = visit.query.get("later", "")
    kept = f"later-{later}.json" if later else FACTS
    if kept not in files:
        raise NotFound("no such erratum")
    title, file, rows = report.rows(_facts(visit, month, kept), visit.words, visit.prefix, figure)
    file = kept if later else file
    called = _called(file, visit.words)
    values |= {"title": title, "file": file if file in files else "", "called": called, "rows": rows}
    return Page(template="report_opened.html", place="reports", values=values)


def _facts(visit: Visit, month: str, file: str = FACTS) -> "Facts":
    from chalicelib.web import report

    kept = visit.desk.bucket.get(folder_of(visit, month) + file)
    if kept is None:
        raise NotFound("no facts")
    return report.load(kept)


def _report(visit: Visit, month: str, files: Collection[str]) -> dict[str, Any]:
    from chalicelib.web import report

    facts = _facts(visit, month)
    return {
        "body": report.body(facts, visit.words, visit.prefix, _errata(visit, month, files)),
        "files": [(each, _called(each, visit.words)) for each in files if each != SHEET],
        "sheet": SHEET if SHEET in files else "",
        "at": facts.frozen_at,
        "failed": _failed(month, visit.desk.pulse.failures(visit.brand.id), visit),
    }


def _failed(month: str, failures: Mapping[str, Failure], visit: Visit) -> str:
    """Why the report, or what came late to it, could not be made, and when that was tried last; "" where it
    could."""
    found = failures.get(month) or failures.get(f"{month}/late")
    if found is None:
        return ""
    why, tried = told(found.reason, visit.words), visit.words.moment(found.at)
    return visit.words.gettext("%(why)s. Last tried %(time)s.", why=why[:1].upper() + why[1:], time=tried)


def _called(file: str, words: Words) -> str:
    """A file of a report, as people call it."""
    if found := ERRATUM.fullmatch(file):
        return words.gettext("Correction %(number)s", number=found[1])
    if found := LATER.fullmatch(file):
        return words.gettext("All that correction %(number)s is made of", number=found[1])
    return words.gettext(CALLED[file]) if file in CALLED else file


def _errata(visit: Visit, month: str, files: Collection[str]) -> "list[tuple[Erratum, int]]":
    """The last one, if any, with the number of its rows: it says all that the ones before it did."""
    from chalicelib.domain.errata import from_bytes

    numbers = [int(found[1]) for each in files if (found := ERRATUM.fullmatch(each))]
    if not numbers:
        return []
    last = max(numbers)
    body = visit.desk.bucket.get(f"{folder_of(visit, month)}erratum-{last}.json")
    return [(from_bytes(body), last if f"later-{last}.json" in files else 0)] if body else []


def check(month: str) -> None:
    """Raises NotFound for what is no month."""
    if not MONTH.fullmatch(month):
        raise NotFound("no such month")


def months_to_make(visit: Visit) -> set[str]:
    """The months whose report can be made now: ended, and what was heard then is still kept."""
    from chalicelib.stages.evaluate import LOOK_BACK

    running = month_of(visit.now, visit.brand.zone)
    return {before(running, by) for by in range(1, LOOK_BACK + 1)}


def _asked(visit: Visit) -> datetime | None:
    """When it was asked for, as the address says."""
    given = visit.query.get("asked", "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 10):
        return None
    asked = datetime.fromtimestamp(int(given), UTC)
    return asked if asked <= visit.now else None


def folder_of(visit: Visit, month: str) -> str:
    return f"{visit.brand.id}/{month}/"


def files_of(visit: Visit, month: str) -> list[str]:
    """What lies in the bucket of this month, by name."""
    folder = folder_of(visit, month)
    names = (each.removeprefix(folder) for each in visit.desk.bucket.names(folder))
    return [each for each in names if FILE.fullmatch(each)]


def months_there(visit: Visit) -> set[str]:
    """The months with a report."""
    parts = (each.split("/") for each in visit.desk.bucket.names(f"{visit.brand.id}/"))
    return {path[1] for path in parts if len(path) == 3 and path[2] == DONE and MONTH.fullmatch(path[1])}
