"""What we could not hear: sources that fail, that failed for a time, and that brought nothing."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.figures_kinds import Figures
from chalicelib.domain.month import Facts, SourceRow, stretch
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, linked, number, quoted


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
    if not facts.sources and facts.mentions:
        return _("No source was connected yet in this month: what is here was found afterwards.")
    if not facts.sources:
        return _("No source was connected in this month, so nothing could be heard.")
    start, _end = stretch(facts)
    by_id = {row.id: row for row in facts.sources}
    failing = [by_id[id] for id in figures["failing"].rows]
    silent = [by_id[id] for id in figures["silent"].rows]
    asked = [row for row in silent if row.last_success and row.last_success >= start]
    deaf = [*failing, *(row for row in silent if row not in asked)]
    broken = [by_id[id] for id in figures["broken"].rows if by_id[id] not in deaf]
    told = []
    if deaf:
        told.append(_("Not heard: %(names)s.", names=_names(deaf)))
    if broken:
        each = (f"{quoted(row.name, 60)} ({', '.join(outages(row, words))})" for row in broken)
        told.append(_("Not heard for a time: %(names)s.", names=", ".join(each)))
    if asked:
        told.append(_("Asked, and brought nothing: %(names)s.", names=_names(asked)))
    return " ".join(told) or _("Every source was heard that was still connected when this report was made.")


def _held(figures: Figures, words: Words) -> str:
    """How much was held as noise; "" for nothing."""
    if "held" not in figures.all:
        return ""
    count = number(figures["held"], words)
    return words.gettext("Held as noise, and in no other figure: %(count)s.", count=count)


def outages(row: SourceRow, words: Words) -> list[str]:
    """The days of each."""
    found = []
    for one in row.outages:
        first, last = (words.day(words.local(at).date()) for at in (one.since, one.until))
        between = words.gettext("%(first)s to %(last)s", first=first, last=last)
        found.append(first if first == last else between)
    return list(dict.fromkeys(found))


def _names(rows: Iterable[SourceRow]) -> str:
    return ", ".join(quoted(row.name, 60) for row in rows)


def section(figures: Figures, facts: Facts, words: Words) -> Section:
    _ = words.gettext
    by_id = {row.id: row for row in facts.sources}
    return Section(
        id="unheard",
        title=_("What we could not hear"),
        said=tuple(filter(None, (foot(figures, facts, words), _held(figures, words)))),
        head=(_("Source"), _("State"), _("Since")),
        rows=tuple(_sources(figures, facts, by_id, words)),
        numbers=3,
    )


def _sources(
    figures: Figures, facts: Facts, by_id: dict[str, SourceRow], words: Words
) -> Iterator[tuple[str, ...]]:
    _ = words.gettext
    for id in figures["broken"].rows:
        name = linked(quoted(by_id[id].name, 60), figures["broken"])
        yield name, _("Failed for a time"), ", ".join(outages(by_id[id], words))
    for name, said in (("failing", _("Fails")), ("silent", _("Brought nothing"))):
        for id in figures[name].rows:
            row = by_id[id]
            since = row.failing_since if name == "failing" else row.last_heard
            told = words.day(words.local(since).date()) if since else _("Never heard")
            yield linked(quoted(row.name, 60), figures[name]), said, told
