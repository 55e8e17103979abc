"""What our posts brought, by weekday and by goal: in reach, or where no network tells that in reactions and
replies."""

from collections.abc import Iterator

from chalicelib.domain.figures_kinds import Figure, Figures, Weekday
from chalicelib.domain.month import Facts
from chalicelib.web.i18n import LONG_DAYS, Words
from chalicelib.web.report.pieces import Section, average, linked, number, quoted


def week(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    titles = {
        "reach": _("Reach per post"),
        "reactions": _("Reactions per post"),
        "replies": _("Replies per post"),
    }
    columns = _shown(figures)

    def mean(day: Weekday, kind: str) -> str:
        figure: Figure = getattr(day, kind)
        none = _("Not given") if day.posts.value else "–"
        return linked(average(figure, words), figure) or none

    rows = [
        (
            words.gettext(LONG_DAYS[day.day]).capitalize(),
            number(day.posts, words),
            *(mean(day, kind) for kind in columns),
            number(day.mentions, words),
        )
        for day in figures.week
    ]
    return Section(
        id="week",
        title=_("Working days and weekend"),
        said=(*_left(figures, words), *_weekend(figures, words)),
        head=(_("Day"), _("Posts"), *(titles[kind] for kind in columns), _("Mentions")),
        rows=tuple(rows),
    )


def _shown(figures: Figures) -> tuple[str, ...]:
    """What tells how posts did, and what else a network gave of any."""
    kinds = ("reach", "reactions", "replies")
    return tuple(kind for kind in kinds if kind == figures.effect or figures[kind].value is not None)


def _left(figures: Figures, words: Words) -> Iterator[str]:
    posts, silent = figures["posts"], figures["reactions-not-given"]
    if posts.value:
        count = number(posts, words)
        yield words.ngettext("%(count)s post left.", "%(count)s posts left.", posts.value, count=count)
    if "reactions" in _shown(figures) and silent.value:
        yield words.gettext("Reactions were not given for %(count)s.", count=number(silent, words))


def _weekend(figures: Figures, words: Words) -> Iterator[str]:
    """A post of the weekend against one of a working day."""
    _ = words.gettext
    for kind in ("reach", "reactions"):
        free, busy = figures[f"{kind}-weekend"], figures[f"{kind}-working"]
        if free.of and busy.of:
            given = {"free": linked(average(free, words), free), "busy": linked(average(busy, words), busy)}
            if kind == "reach":
                yield _("Reach of a post in the weekend: %(free)s; on a working day: %(busy)s.", **given)
            else:
                yield _("Reactions to a post in the weekend: %(free)s; on a working day: %(busy)s.", **given)
            yield _verdict(free, words)


def _verdict(free: Figure, words: Words) -> str:
    _ = words.gettext
    verdicts = {
        "few": _("Too few to judge."),
        "same": _("No difference to see."),
        "up": _("In the weekend it was more than chance explains."),
        "down": _("In the weekend it was less than chance explains."),
    }
    return verdicts[free.change.outcome.value if free.change else "few"]


def goals(figures: Figures, facts: Facts, words: Words) -> Section:
    _ = words.gettext
    titles = {"reach": _("Reach"), "reactions": _("Reactions"), "replies": _("Replies")}
    kinds = {kind: titles[kind] for kind in _shown(figures)}

    def brought(posts: Figure, names: list[str]) -> tuple[str, ...]:
        return tuple(number(figures[name], words) if posts.value else "–" for name in names)

    rows = []
    for figure in figures.family("goal-"):
        goal = figure.name.removeprefix("goal-")
        names = [f"goal{kind}-{goal}" for kind in kinds]
        rows.append((quoted(figure.label, 120), number(figure, words), *brought(figure, names)))
    aimless = figures["aimless"]
    if aimless.of:
        names = [f"{kind}-aimless" for kind in kinds]
        rows.append((_("No goal"), number(aimless, words), *brought(aimless, names)))
    said = () if facts.goals else (_("No goals are set. Say what the organisation wants to reach."),)
    return Section(
        id="goals",
        title=_("What served which goal"),
        said=said,
        head=(_("Goal"), _("Posts"), *kinds.values()),
        rows=tuple(rows),
    )
