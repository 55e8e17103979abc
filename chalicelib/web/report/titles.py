"""What stands over the rows of a figure: whom or what they are of."""

from datetime import date

from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.web.i18n import LONG_DAYS, N_, Words
from chalicelib.web.reading import label
from chalicelib.web.render import handle
from chalicelib.web.report.pieces import cost_sum, quoted

FAMILIES = {
    "complaints-to-": N_("Complaints: %(name)s"),
    "complaints-on-": N_("Complaints: %(name)s"),
    "late-at-": N_("Not answered in time: %(name)s"),
    "goal-": N_("Goal: %(name)s"),
    "goalreach-": N_("Goal: %(name)s, reach"),
    "followers-": N_("Followers: %(name)s"),
    "fan-": N_("Glad messages: %(name)s"),
    "story-": N_("Story %(name)s"),
    "peak-": N_("Peak of %(name)s"),
}
"""What figures of one kind are called, by how their names begin."""


def groups(figures: Figures, words: Words) -> list[tuple[str, list[tuple[Figure, str]]]]:
    """(title of the group, [(figure, title)]) of all figures with rows; first those without a group."""
    _ = words.gettext
    found: dict[str, list[tuple[Figure, str]]] = {"": []}
    for figure in figures.all.values():
        if figure.rows:
            found.setdefault(_group(figure.name, words), []).append((figure, title(figure, words)))
    return [(group, each) for group, each in found.items() if each]


def _group(name: str, words: Words) -> str:
    _ = words.gettext
    family = name.rstrip("0123456789")
    if family != name and family in ("posts-", "reach-", "reactions-", "mentions-"):
        return _("By weekday")
    for prefix, said in (
        ("story-", _("Top stories")),
        ("peak-", _("Peaks")),
        ("fan-", _("Fans")),
        ("complaints-", _("Complaints and answers")),
        ("late-at-", _("Complaints and answers")),
        ("goal", _("What served which goal")),
        ("followers-", _("Followers")),
    ):
        if name.startswith(prefix):
            return said
    return ""


def title(figure: Figure, words: Words) -> str:
    """Over the rows of a figure: whom or what they are of."""
    _ = words.gettext
    about = quoted(figure.label, 60)
    plain = {
        "reach": _("Posts whose reach was given"),
        "reach-not-given": _("Posts whose reach was not given"),
        "young": _("Posts whose numbers are younger than a week"),
        "posts": _("Posts that left"),
        "on-time": _("Cases answered on time"),
        "wait": _("Cases that were answered"),
        "late": _("Cases not answered in time"),
        "complaint-cases": _("Complaints that asked for an answer"),
        "waiting": _("Complaints that wait for an answer"),
        "negative-no-case": _("Negative messages that became no case"),
        "mentions": _("Mentions"),
        "complaints": _("Complaints"),
        "punctual": _("Posts that left on their moment"),
        "stranded": _("Posts that did not leave"),
        "aimless": _("Posts without a goal"),
        "reach-aimless": _("Posts without a goal, with their reach"),
        "cost": _("Cost: %(sum)s", sum=cost_sum(figure.of or 0, words)),
        "reach-weekend": _("Posts in the weekend, with their reach"),
        "reach-working": _("Posts on working days, with their reach"),
        "failing": _("Sources that fail"),
        "broken": _("Sources that failed for a time"),
        "silent": _("Sources that brought nothing"),
        "deeds": _("Good deeds that were done"),
    }
    if figure.name in plain:
        return plain[figure.name]
    family, _dash, last = figure.name.rpartition("-")
    if family in ("posts", "reach", "reactions", "mentions"):
        kinds = {"posts": _("Posts"), "reach": _("Reach"), "reactions": _("Reactions")}
        day = words.gettext(LONG_DAYS[int(last)])
        return _("%(kind)s, %(day)s", kind=kinds.get(family, _("Mentions")), day=day)
    return _family(figure, about, words)


def _family(figure: Figure, about: str, words: Words) -> str:
    for prefix, said in FAMILIES.items():
        if figure.name.startswith(prefix):
            last = figure.name.removeprefix(prefix)
            name = about or words.gettext("no department")
            if prefix == "fan-":
                name = handle(about)
            elif prefix == "story-":
                name = last
            elif prefix == "peak-":
                name = words.day(date.fromisoformat(last))
            return words.gettext(said, name=name)
    return label(figure.name, words)
