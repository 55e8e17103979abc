"""Hand-overs between departments: the lines of communication, and how long cases waited on them."""

from datetime import timedelta

from chalicelib.domain.figures_kinds import Figures, Handover
from chalicelib.domain.month import Facts
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, linked, number, quoted


def section(figures: Figures, facts: Facts, words: Words) -> Section:
    """Of a month with hand-overs."""
    _ = words.gettext
    head = (
        _("From department"),
        _("To department"),
        _("Hand-overs"),
        _("Half waited there at most"),
        _("Longest wait"),
    )
    return Section(
        id="handed",
        title=_("Hand-overs between departments"),
        said=_said(figures, facts, words),
        head=head,
        rows=tuple(_row(each, figures, words) for each in figures.handovers or ()),
        numbers=2,
    )


def _said(figures: Figures, facts: Facts, words: Words) -> tuple[str, ...]:
    _ = words.gettext
    handed = figures["handed"]
    counted = words.ngettext(
        "%(count)s hand-over to another department.",
        "%(count)s hand-overs to another department.",
        handed.value or 0,
        count=number(handed, words),
    )
    how = _(
        "How long a case waited: by the clock, nights and weekends too, from the first message without an "
        "answer, or from when it came there or was opened again, if that was later."
    )
    return (counted, *_advice(figures, facts, words), how)


def _advice(figures: Figures, facts: Facts, words: Words) -> tuple[str, ...]:
    """None where nothing waited before it was handed over, or it went to a department that is gone."""
    first = (figures.handovers or ())[0]
    if not first.together or first.department not in {each.name for each in facts.departments}:
        return ()
    advice = words.gettext(
        "What %(origin)s handed over to %(department)s waited longest before that, %(span)s in all. Look at "
        "what these messages have in common: a word that sends them to %(department)s at once saves time.",
        span=linked(_span(first.together, words), figures[first.rows]),
        origin=quoted(first.origin, 60),
        department=quoted(first.department, 60),
    )
    return (advice,)


def _row(each: Handover, figures: Figures, words: Words) -> tuple[str, ...]:
    shown = (figures[name] for name in (each.half, each.longest))
    spans = (linked(_span(figure.value or 0, words), figure) for figure in shown)
    return (
        quoted(each.origin, 60),
        quoted(each.department, 60),
        number(figures[each.rows], words),
        *spans,
    )


def _span(seconds: int, words: Words) -> str:
    return words.span(timedelta(seconds=seconds))
