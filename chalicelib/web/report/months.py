"""Month by month: what the earlier reports said, beside this one; the table of the charts on paper."""

from chalicelib.domain.figures import earlier
from chalicelib.domain.figures_kinds import Figures
from chalicelib.domain.month import Earlier, Facts
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, month_name, share


def section(figures: Figures, facts: Facts, words: Words) -> Section:
    """Newest first."""
    _ = words.gettext
    known = sorted((*facts.earlier, earlier(facts, figures)), key=lambda each: each.month, reverse=True)
    return Section(
        id="months",
        title=_("Month by month"),
        head=(_("Month"), _("Reach"), _("Mentions"), _("Positive"), _("Negative"), _("Answered on time")),
        rows=tuple(_row(each, words) for each in known),
    )


def _row(each: Earlier, words: Words) -> tuple[str, ...]:
    name = month_name(each.month, words, year=True)
    return (
        name[0].upper() + name[1:],
        _reach(each, words),
        words.number(each.mentions),
        share(each.positive, each.mentions, words) or "–",
        share(each.negative, each.mentions, words) or "–",
        share(each.on_time, each.cases, words) or "–",
    )


def _reach(each: Earlier, words: Words) -> str:
    if each.reach is not None:
        return words.number(each.reach)
    return words.gettext("Not given") if each.posts else "–"
