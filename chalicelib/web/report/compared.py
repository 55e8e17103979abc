"""A figure against the month before, in words; chance has the first say (`domain/figures_chance.py`)."""

from math import ceil

from chalicelib.domain.figures_chance import Change, Outcome
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import month_name, share


def compared(change: Change | None, was: str, month: str, words: Words) -> str:
    """A share against the month before; `was` is how it read then."""
    _ = words.gettext
    if change is None or change.outcome in (Outcome.FIRST, Outcome.SILENT):
        return ""
    name = month_name(month, words)
    if change.outcome is Outcome.FEW:
        return _("Was %(was)s in %(month)s: too few to judge.", was=was, month=name)
    if change.outcome is Outcome.SAME:
        return _("Was %(was)s in %(month)s: no difference to see.", was=was, month=name)
    return words.ngettext(
        "Was %(was)s in %(month)s; chance explains at most %(num)s point.",
        "Was %(was)s in %(month)s; chance explains at most %(num)s points.",
        ceil(100 * change.noise),
        was=was,
        month=name,
    )


def summed(change: Change | None, month: str, words: Words) -> str:
    """A sum against the month before."""
    _ = words.gettext
    if change is None or change.outcome is Outcome.FIRST:
        return ""
    name = month_name(month, words)
    if change.was is None:
        return _("Not given in %(month)s.", month=name) if change.outcome is Outcome.SILENT else ""
    was = words.number(change.was)
    if change.outcome in (Outcome.FEW, Outcome.SILENT):
        return _("Was %(was)s in %(month)s: too few to judge.", was=was, month=name)
    if change.outcome is Outcome.SAME:
        return _("Was %(was)s in %(month)s: no difference to see.", was=was, month=name)
    given = {"by": round(100 * abs(change.by)), "month": name, "noise": ceil(100 * change.noise)}
    if change.outcome is Outcome.UP:
        return _("%(by)s%% more than in %(month)s; chance explains at most %(noise)s%%.", **given)
    return _("%(by)s%% less than in %(month)s; chance explains at most %(noise)s%%.", **given)


def share_before(change: Change | None, words: Words) -> str:
    return share(change.was or 0, change.was_of or 0, words) if change else ""
