"""Month by month: what the earlier reports said, beside this one; the table of the charts on paper.

A number of this month opens its rows, none of three opens the three; one of an earlier month opens what its
report said.
"""

from chalicelib.domain.figures import earlier
from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.domain.month import Earlier, Facts
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, linked, month_name, share


def kind(known: list[Earlier]) -> str:
    """What the months are compared by: reach, or where none of them has any reactions."""
    told = any(each.reach is not None for each in known)
    return "reach" if told or all(each.reactions is None for each in known) else "reactions"


def behind(each: Earlier, name: str, figures: Figures) -> Figure:
    """The figure of a number of this month or an earlier one."""
    return figures.all.get(f"month-{each.month}", figures[name])


def section(figures: Figures, facts: Facts, words: Words) -> Section:
    """Newest first."""
    _ = words.gettext
    known = sorted((*facts.earlier, earlier(facts, figures)), key=lambda each: each.month, reverse=True)
    by = kind(known)
    title = _("Reach") if by == "reach" else _("Reactions")
    return Section(
        id="months",
        title=_("Month by month"),
        head=(_("Month"), title, _("Mentions"), _("Positive"), _("Negative"), _("Answered on time")),
        rows=tuple(_row(each, by, figures, words) for each in known),
    )


def _row(each: Earlier, by: str, figures: Figures, words: Words) -> tuple[str, ...]:
    name = month_name(each.month, words, year=True)

    def opened(text: str, of: str) -> str:
        return linked(text, behind(each, of, figures)) or "–"

    return (
        name[0].upper() + name[1:],
        _effect(each, by, figures, words),
        opened(words.number(each.mentions), "mentions"),
        opened(share(each.positive, each.mentions, words), "positive" if each.positive else "mentions"),
        opened(share(each.negative, each.mentions, words), "negative" if each.negative else "mentions"),
        opened(share(each.on_time, each.cases, words), "on-time" if each.on_time else "judged"),
    )


def _effect(each: Earlier, by: str, figures: Figures, words: Words) -> str:
    value = each.reach if by == "reach" else each.reactions
    if value is not None:
        return linked(words.number(value), behind(each, by, figures))
    return words.gettext("Not given") if each.posts else "–"
