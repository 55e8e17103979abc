"""What we could not hear: sources that fail, and sources that brought nothing."""

from collections.abc import Iterator

from chalicelib.domain.figures_kinds import Figures
from chalicelib.domain.month import Facts, SourceRow, span
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, linked, quoted


def foot(figures: Figures, facts: Facts, words: Words) -> str:
    """The foot of the first page: what we could not hear."""
    _ = words.gettext
    said = _heard(figures, facts, words)
    if not facts.began:
        return said
    since = _("Webspin began here on %(day)s.", day=words.day(words.local(facts.began).date()))
    return f"{since} {said}"


def _heard(figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    names = {row.id: row.name for row in facts.sources}
    ids = (*figures["failing"].rows, *figures["silent"].rows)
    if not facts.sources and facts.mentions:
        return _("No source was connected yet in this month: what is here was found afterwards.")
    if not facts.sources:
        return _("No source was connected in this month, so nothing could be heard.")
    if not ids:
        return _("Every source that was connected in this month was heard.")
    return _("Not heard: %(names)s.", names=", ".join(quoted(names[id], 60) for id in ids))


def section(figures: Figures, facts: Facts, words: Words) -> Section:
    _ = words.gettext
    by_id = {row.id: row for row in facts.sources}
    return Section(
        id="unheard",
        title=_("What we could not hear"),
        said=(foot(figures, facts, words),),
        head=(_("Source"), _("State"), _("Since")),
        rows=tuple(_sources(figures, facts, by_id, words)),
        numbers=3,
    )


def _sources(
    figures: Figures, facts: Facts, by_id: dict[str, SourceRow], words: Words
) -> Iterator[tuple[str, ...]]:
    _ = words.gettext
    start, _end = span(facts.month, facts.zone)
    for name, said in (("failing", _("Fails")), ("silent", _("Brought nothing"))):
        for id in figures[name].rows:
            row = by_id[id]
            since = row.failing_since if name == "failing" else row.last_heard
            told = words.day(words.local(since).date()) if since else _("Never heard")
            if name == "silent" and since and since >= start:
                told = "–"  # it was heard again afterwards, or brought nothing that was kept
            yield linked(quoted(row.name, 60), figures[name]), said, told
