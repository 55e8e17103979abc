"""A figure against the month before, in words; chance has the first say (`domain/figures_chance.py`).

What was opens what the report of that month said; the difference, and how much of it chance explains, the
rows of the figure.
"""

from math import ceil

from chalicelib.domain.figures_chance import Outcome
from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import linked, month_name, reported, share


def compared(figure: Figure, figures: Figures, month: str, words: Words) -> str:
    """A share against that of the month before."""
    _ = words.gettext
    change = figure.change
    if change is None or change.outcome in (Outcome.FIRST, Outcome.SILENT):
        return ""
    given = {"was": share_before(figure, figures, month, words), "month": month_name(month, words)}
    if change.outcome is Outcome.FEW:
        return _("Was %(was)s in %(month)s: too few to judge.", **given)
    if change.outcome is Outcome.SAME:
        return _("Was %(was)s in %(month)s: no difference to see.", **given)
    points = ceil(100 * change.noise)
    return words.ngettext(
        "Was %(was)s in %(month)s; chance explains at most %(num)s point.",
        "Was %(was)s in %(month)s; chance explains at most %(num)s points.",
        points,
        num=linked(words.number(points), figure),
        **given,
    )


def summed(figure: Figure, figures: Figures, month: str, words: Words) -> str:
    """A sum against the month before."""
    _ = words.gettext
    change, name = figure.change, month_name(month, words)
    if change is None or change.outcome is Outcome.FIRST:
        return ""
    if change.was is None:
        return _("Not given in %(month)s.", month=name) if change.outcome is Outcome.SILENT else ""
    was = reported(words.number(change.was), month, figures)
    if change.outcome in (Outcome.FEW, Outcome.SILENT):
        return _("Was %(was)s in %(month)s: too few to judge.", was=was, month=name)
    if change.outcome is Outcome.SAME:
        return _("Was %(was)s in %(month)s: no difference to see.", was=was, month=name)
    given = {
        "by": linked(f"{round(100 * abs(change.by))}%", figure),
        "month": name,
        "noise": linked(f"{ceil(100 * change.noise)}%", figure),
    }
    if change.outcome is Outcome.UP:
        return _("%(by)s more than in %(month)s; chance explains at most %(noise)s.", **given)
    return _("%(by)s less than in %(month)s; chance explains at most %(noise)s.", **given)


def share_before(figure: Figure, figures: Figures, month: str, words: Words) -> str:
    change = figure.change
    said = share(change.was or 0, change.was_of or 0, words) if change else ""
    return reported(said, month, figures)
