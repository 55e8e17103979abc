"""What changed and why, and what to do, in words. A cause is named only where rows show it."""

from chalicelib.domain.figures import month_before
from chalicelib.domain.figures_chance import Outcome
from chalicelib.domain.figures_kinds import Advice, Figures, Finding, Step, Told
from chalicelib.domain.month import Facts, before
from chalicelib.web.i18n import Words
from chalicelib.web.render import handle
from chalicelib.web.report.compared import share_before
from chalicelib.web.report.pieces import average, linked, month_name, quoted, reported, share


def changed(figures: Figures, facts: Facts, words: Words) -> list[str]:
    """A sentence or two for each finding; one that says so where there is none."""
    found = [_finding(finding, figures, facts, words) for finding in figures.findings]
    return found or [_nothing(figures, facts, words)]


def to_do(figures: Figures, facts: Facts, words: Words) -> list[tuple[str, str]]:
    """(what, the department that does it)."""
    owners = {each.id: each.name for each in facts.departments}
    return [
        (_step(advice, figures, facts, words), owners.get(advice.owner, advice.owner))
        for advice in figures.advice
    ]


def _nothing(figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    month = month_name(before(facts.month), words)
    if not facts.earlier:
        return _("This is the first report: there is nothing to compare with yet.")
    if month_before(facts) is None:
        return _("There is no report of %(month)s to compare with.", month=month)
    names = (figures.effect, "on-time", "positive", "negative")
    compared = (figures[name].change for name in names)
    if any(change and change.outcome is Outcome.SAME for change in compared):
        return _("No difference with %(month)s is to be seen.", month=month)
    return _("There is too little to judge a difference with %(month)s.", month=month)


def _finding(finding: Finding, figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    figure = figures[finding.rows]
    if finding.told is Told.REACH:
        return _reach(figures, facts, words)
    if finding.told is Told.PEAK:
        return _peak(finding, figures, words)
    if finding.told is Told.WEEKEND:
        beside = figures[finding.beside]
        given = {
            "free": linked(average(figure, words), figure),
            "busy": linked(average(beside, words), beside),
        }
        if figures.effect == "reach":
            return _(
                "A post in the weekend reached %(free)s people on average, one on a working day %(busy)s.",
                **given,
            )
        return _(
            "Reactions to a post in the weekend: %(free)s on average, on a working day %(busy)s.", **given
        )
    if finding.told is Told.CROWDED:
        return _(
            "%(count)s complaints came to %(department)s.",
            count=linked(
                _(
                    "%(part)s of %(whole)s",
                    part=words.number(figure.value or 0),
                    whole=words.number(figure.of or 0),
                ),
                figure,
            ),
            department=quoted(figure.label),
        )
    return _moved(finding, figures, facts, words)


def _moved(finding: Finding, figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    figure = figures[finding.rows]
    up = figure.change is not None and figure.change.outcome is Outcome.UP
    month = before(facts.month)
    given = {
        "now": linked(share(figure.value or 0, figure.of or 0, words), figure),
        "was": share_before(figure, figures, month, words),
        "month": month_name(month, words),
    }
    if finding.told is Told.ANSWERS:
        if up:
            return _("More answers came in time: %(now)s, in %(month)s %(was)s.", **given)
        return _("Fewer answers came in time: %(now)s, in %(month)s %(was)s.", **given)
    if finding.told is Told.POSITIVE:
        if up:
            return _("A larger share was positive: %(now)s, in %(month)s %(was)s.", **given)
        return _("A smaller share was positive: %(now)s, in %(month)s %(was)s.", **given)
    if up:
        return _("A larger share was negative: %(now)s, in %(month)s %(was)s.", **given)
    return _("A smaller share was negative: %(now)s, in %(month)s %(was)s.", **given)


def _reach(figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    reach, was = figures["reach"], month_before(facts)
    assert reach.change is not None  # what moved was compared
    assert was is not None
    up = reach.change.outcome is Outcome.UP
    posts = len(reach.rows)
    given = {
        "reach": linked(words.number(reach.value or 0), reach),
        "was": reported(words.number(was.reach or 0), was.month, figures),
    }
    went = _("Reach went from %(was)s to %(reach)s.", **given)
    given = {
        "posts": linked(words.number(posts), reach),
        "before": reported(words.number(was.reached), was.month, figures),
    }
    if up and posts > was.reached:
        why = _("That fell together with more posts: %(posts)s, before %(before)s.", **given)
    elif not up and posts < was.reached:
        why = _("That fell together with fewer posts: %(posts)s, before %(before)s.", **given)
    else:
        why = _("The rows show no cause.")
    return f"{went} {why}"


def _peak(finding: Finding, figures: Figures, words: Words) -> str:
    _ = words.gettext
    peak = finding.peak
    assert peak is not None
    given = {"day": words.day(peak.day), "count": linked(words.number(peak.mentions), figures[peak.rows])}
    if peak.story:
        said = quoted(peak.story)
        return _(
            "%(count)s mentions on %(day)s, at least half of them of one story: “%(text)s”.",
            text=said,
            **given,
        )
    if peak.ours:
        said = quoted(peak.ours)
        return _("%(count)s mentions on %(day)s. That fell together with our “%(text)s”.", text=said, **given)
    return _("%(count)s mentions on %(day)s. The rows show no cause.", **given)


def _step(advice: Advice, figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    figure = figures[advice.rows]
    count, name = figure.value or 0, quoted(advice.about, 60)
    number = linked(words.number(count), figure)
    if advice.step is Step.COMPLAINTS:
        oldest = next(case for case in facts.cases if case.id == figure.rows[0])
        return words.ngettext(
            "Answer the complaint of %(day)s.",
            "Answer the %(count)s complaints that wait, that of %(day)s first.",
            count,
            count=number,
            day=linked(words.day(words.local(oldest.received_at).date()), figure),
        )
    if advice.step is Step.REPAIR:
        return _("Mend %(name)s: this source fails.", name=linked(name, figure))
    if advice.step is Step.UNKNOWN:
        return words.ngettext(
            "Look up whether %(count)s post left: its outcome is unknown.",
            "Look up whether %(count)s posts left: their outcome is unknown.",
            count,
            count=number,
        )
    if advice.step is Step.STRANDED:
        return words.ngettext(
            "Decide on %(count)s post that did not leave.",
            "Decide on %(count)s posts that did not leave.",
            count,
            count=number,
        )
    if advice.step is Step.WEEKEND:
        return _weekend(figures, words)
    if advice.step is Step.LATE:
        return words.ngettext(
            "Find out why %(count)s case was not answered in time.",
            "Find out why %(count)s cases were not answered in time.",
            count,
            count=number,
        )
    if advice.step is Step.UNSERVED:
        return _("Plan a post for “%(name)s”: nothing served this goal.", name=name)
    if advice.step is Step.AIMLESS:
        return words.ngettext(
            "Say what goal %(count)s post serves, or leave it out.",
            "Say what goal %(count)s posts serve, or leave them out.",
            count,
            count=number,
        )
    if advice.step is Step.THANK:
        return _(
            "Thank %(name)s, who wrote gladly %(count)s times.",
            name=quoted(handle(advice.about), 60),
            count=number,
        )
    if advice.step is Step.SILENT:
        return _("Look at %(name)s: nothing came from this source.", name=linked(name, figure))
    return _("Do one good deed a day: none was done this month.")


def _weekend(figures: Figures, words: Words) -> str:
    """How many stayed empty is told by what left on the other days, if anything did."""
    empty, posts = figures.weekends, figures["posts"]
    if len(empty) > 1 and not posts.rows:
        return words.gettext("Plan posts for the weekend: every weekend stayed empty.")
    return words.ngettext(
        "Plan a post for the weekend: that of %(day)s stayed empty.",
        "Plan posts for the weekend: %(num)s weekends stayed empty.",
        len(empty),
        day=words.day(empty[0]),
        num=linked(words.number(len(empty)), posts),
    )
