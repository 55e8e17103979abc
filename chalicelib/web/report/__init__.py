"""The report of a month: from frozen facts to its files, its mail and its page.

    domain/figures.py   what the rows amount to
    sentences, findings the first page in words          sections   the pages after it
    charts              what is drawn                    rows       what lies behind each number

The same facts give the same bytes: nothing here knows the time, and nothing depends on an order of chance.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errata import FIGURES, NUMBERS, Erratum
from chalicelib.domain.figures import earlier, reckon
from chalicelib.domain.month import Facts, from_bytes as load, to_bytes as dump
from chalicelib.domain.shape import dump as shaped
from chalicelib.errors import NotFound
from chalicelib.web.i18n import LANGUAGES, SOURCE, Words
from chalicelib.web.report.charts import charts
from chalicelib.web.report.findings import changed, to_do
from chalicelib.web.report.pieces import linked, month_ahead, month_name, opening, pieces, plain, quoted
from chalicelib.web.report.rows import KINDS, Rows, as_csv
from chalicelib.web.report.sections import sections
from chalicelib.web.report.sentences import heads, statement
from chalicelib.web.report.titles import groups, title
from chalicelib.web.report.unheard import foot

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["body", "dump", "files", "load", "mail", "rows"]

VERSION = 1
SHOWN, IN_CONSOLE = 200, 100
"""Rows of a figure in the report, and on a page of the console; the files have them all."""
HTML, JSON, CSV, TEXT = (
    "text/html; charset=utf-8",
    "application/json",
    "text/csv; charset=utf-8",
    "text/plain",
)


def files(facts: Facts) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes, content type of each; `report.json` last, so that it tells that the others are there."""
    words = _words(facts)
    yield "report.html", _page(facts, words), HTML
    for table in (each for each in KINDS if _has(facts, each)):
        yield f"{table}.csv", as_csv(table, facts), CSV
    yield "mail.txt", mail(facts, "")[1].encode(), f"{TEXT}; charset=utf-8"
    yield "report.json", _summary(facts, words), JSON


def _has(facts: Facts, table: str) -> bool:
    """Was it gathered; and of what topics and peers brought, was held as noise, is a copy, or networks were
    paid, was there any?"""
    found = getattr(facts, table)
    return bool(found) if table in ("beside", "held", "copies", "costs") else found is not None


def mail(facts: Facts, link: str) -> tuple[str, str]:
    """Subject and text of the mail that brings the report, in the brand's language: its first page. Without
    `link` the text says nothing of a page."""
    words = _words(facts)
    _ = words.gettext
    figures = reckon(facts)
    month = month_name(facts.month, words, year=True)
    name = quoted(facts.name, 80)
    lines = [name, _("Report of %(month)s", month=month), "", plain(statement(figures, facts, words)), ""]
    for head in heads(figures, facts, words):
        big = " ".join(plain(each) for each in (head.big, head.of) if each)
        lines.append(f"{head.title}: {big}")
        lines += [f"  {plain(note)}" for note in head.notes]
    lines += ["", _("What changed, and why")]
    lines += [f"- {plain(each)}" for each in changed(figures, facts, words)]
    if steps := to_do(figures, facts, words):
        lines += ["", _("To do in %(month)s", month=month_ahead(facts, words))]
        lines += [f"{n}. {plain(what)} {quoted(owner)}" for n, (what, owner) in enumerate(steps, 1)]
    lines += ["", foot(figures, facts, words)]
    if link:
        lines += ["", _("The whole report, with the rows behind each number:"), link]
    subject = _("%(name)s: report of %(month)s", name=name, month=month)
    return subject, "\n".join(lines).replace("\u00a0", " ") + "\n"


def body(
    facts: Facts, words: Words, prefix: str = "", errata: Sequence[tuple[Erratum, int]] = ()
) -> "Markup":
    """The report as a part of a page in the reader's language, below a heading of the page's own: no
    style, no script, sizes as attributes. It wants the style sheet `report.css`. Each erratum with
    the number of its later rows, 0 where none were kept."""
    from markupsafe import Markup

    reader = Words(words.language, facts.zone, facts.frozen_at)
    values = _values(facts, reader, prefix)
    return Markup(_render("report_body.html", reader, {**values, "errata": _errata(errata, facts, reader)}))  # noqa: S704


def rows(facts: Facts, words: Words, prefix: str, name: str) -> "tuple[str, str, Markup]":
    """What a number of the report is of: a title, the file that has all, and rows as a part of a page, as
    `body` is one. There they have a page of their own: the report's would be twenty times as heavy.

    Raises NotFound for what is no figure with rows.
    """
    from markupsafe import Markup

    reader = Words(words.language, facts.zone, facts.frozen_at)
    figure = reckon(facts).all.get(name)
    if figure is None or not figure.rows:
        raise NotFound("no such figure")
    said = title(figure, reader)
    values = {"figure": figure, "title": said, "rows": Rows(facts, reader, prefix), "shown": IN_CONSOLE}
    return said, f"{figure.table}.csv", Markup(_render("report_rows.html", reader, values))  # noqa: S704


def _page(facts: Facts, words: Words) -> bytes:
    values = _values(facts, words, None)
    month = month_name(facts.month, words, year=True)
    more = {
        "errata": [],
        "month": month[0].upper() + month[1:],
        "closed": f"{words.day(words.local(facts.frozen_at).date())} {words.time(facts.frozen_at)}",
        "sheet": _sheet(),
    }
    return _render("report_file.html", words, {**values, **more}).encode()


def _summary(facts: Facts, words: Words) -> bytes:
    """Every figure with what it is of and the ids of its rows; `earlier_row` is for the months to come."""
    figures = reckon(facts)
    said = {
        "v": VERSION,
        "brand": facts.brand,
        "name": facts.name,
        "month": facts.month,
        "zone": facts.zone,
        "language": words.language,
        "frozen_at": shaped(facts.frozen_at),
        "statement": plain(statement(figures, facts, words)),
        "changed": [plain(each) for each in changed(figures, facts, words)],
        "to_do": [{"what": plain(what), "owner": owner} for what, owner in to_do(figures, facts, words)],
        "figures": [shaped(figure) for figure in figures.all.values()],
        "earlier_row": shaped(earlier(facts, figures)) if facts.known else None,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _values(facts: Facts, words: Words, prefix: str | None) -> dict[str, Any]:
    figures = reckon(facts)
    return {
        "facts": facts,
        "statement": statement(figures, facts, words),
        "heads": heads(figures, facts, words),
        "changed": changed(figures, facts, words),
        "to_do": to_do(figures, facts, words),
        "ahead": month_ahead(facts, words),
        "charts": charts(figures, facts, earlier(facts, figures), words),
        "sections": sections(figures, facts, words),
        "unheard": foot(figures, facts, words),
        "behind": groups(figures, words),
        "rows": Rows(facts, words, prefix),
        "shown": SHOWN,
        "in_file": prefix is None,
        "opens": "#rows-" if prefix is None else f"{prefix}/reports/{facts.month}?rows=",
        "pieces": pieces,
    }


def _errata(errata: Sequence[tuple[Erratum, int]], facts: Facts, words: Words) -> list[tuple[str, list[str]]]:
    """(day, what it was and is) of each. What it was opens rows of the report, what it is those that are
    kept with the erratum."""
    _ = words.gettext
    figures = reckon(facts)
    names = {
        "mentions": _("Mentions"),
        "positive": _("Positive"),
        "negative": _("Negative"),
        "asked": _("Messages that asked for an answer or thanks"),
        "posts": _("Posts that left"),
        "replies": _("Answers that left"),
        "reach": _("Reach, with the numbers of a week"),
        "reactions": _("Reactions, with the numbers of a week"),
        "replied": _("Replies, with the numbers of a week"),
    }

    def was(number: int | None, name: str) -> str:
        return linked(words.number(number), figures[FIGURES[name]]) if number is not None else none

    def now(number: int | None, name: str, later: int) -> str:
        opens = number is not None and later and (number or name in NUMBERS)
        said = words.number(number) if number is not None else none
        return opening(said, f"{FIGURES[name]}&later={later}") if opens else said

    def moved(each: Erratum, name: str) -> str:
        """Where rows came and others went, the counts hide it."""
        came, gone = each.came.get(name, 0), each.gone.get(name, 0)
        if not (came and gone):
            return ""
        return " " + _(
            "New: %(came)s, no longer there: %(gone)s.", came=words.number(came), gone=words.number(gone)
        )

    none = _("Not given").lower()
    found = []
    for each, later in errata:
        told = [
            _(
                "%(name)s: was %(was)s, is %(now)s.",
                name=names.get(name, name),
                was=was(each.was[name], name),
                now=now(each.present[name], name, later),
            )
            + moved(each, name)
            for name in sorted(each.present)
        ]
        found.append((words.day(words.local(each.at).date()), told))
    return found


def _words(facts: Facts) -> Words:
    language = facts.language if facts.language in LANGUAGES else SOURCE
    return Words(language, facts.zone, facts.frozen_at)


def _sheet() -> str:
    from chalicelib.web.static import FOLDER

    return (FOLDER / "report.css").read_text("utf-8")


def _render(template: str, words: Words, values: dict[str, Any]) -> str:
    from chalicelib.web.render import environment

    return environment(words.language).get_template(template).render(words=words, **values)
