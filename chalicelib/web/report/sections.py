"""The pages after the first: tables of figures, of which every number opens its rows."""

from chalicelib.domain.figures_chance import ENOUGH, interval
from chalicelib.domain.figures_kinds import Figure, Figures, Weekday
from chalicelib.domain.month import Facts
from chalicelib.web.i18n import LONG_DAYS, Words
from chalicelib.web.reading import label
from chalicelib.web.render import handle
from chalicelib.web.report import months, unheard
from chalicelib.web.report.pieces import Section, average, cost_sum, dollars, linked, percent, quoted


def sections(figures: Figures, facts: Facts, words: Words) -> list[Section]:
    return [
        _stories(figures, words),
        _complaints(figures, words),
        _fans(figures, words),
        _feelings(figures, words),
        months.section(figures, facts, words),
        _week(figures, words),
        _goals(figures, facts, words),
        _followers(figures, words),
        unheard.section(figures, facts, words),
        _deeds(figures, words),
        _cost(figures, words),
    ]


def _number(figure: Figure, words: Words) -> str:
    """A count that opens its rows; what was not given is called so."""
    if figure.value is None:
        return words.gettext("Not given")
    return linked(words.number(figure.value), figure)


def _stories(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    rows = tuple(
        (
            quoted(story.text, 120) or _("Without text"),
            handle(quoted(story.author, 40)),
            linked(words.number(story.copies), figures[story.rows]),
            words.number(story.reach) if story.reach is not None else _("Not given"),
        )
        for story in figures.stories
    )
    said = () if rows else (_none_told(figures, words),)
    head = (_("Story"), _("Written first by"), _("Times"), _("Followers of its authors"))
    peaks = tuple(
        _(
            "Peak: %(count)s mentions on %(day)s; half of the days had at most %(usual)s.",
            count=linked(words.number(peak.mentions), figures[peak.rows]),
            day=words.day(peak.day),
            usual=words.number(int(peak.usual)),
        )
        for peak in figures.peaks
    )
    return Section(
        id="stories", title=_("Top stories"), said=(*said, *peaks), head=head, rows=rows, numbers=2
    )


def _none_told(figures: Figures, words: Words) -> str:
    _ = words.gettext
    if not figures["mentions"].value:
        return _("There were no mentions, so there is no story.")
    return _("No message came more than once, and no network said how many follow its author.")


def _complaints(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    whole, asked, waiting = figures["complaints"], figures["complaint-cases"], figures["waiting"]
    left = figures["negative-no-case"]
    said = [_("Nobody complained.") if figures["mentions"].value else _("There were no mentions.")]
    if count := whole.value:
        given = _number(whole, words)
        said = [words.ngettext("%(count)s complaint.", "%(count)s complaints.", count, count=given)]
    if count := asked.value:
        still = words.ngettext(
            "%(count)s complaint asked for an answer; waiting: %(waiting)s.",
            "%(count)s complaints asked for an answer; waiting: %(waiting)s.",
            count,
            count=_number(asked, words),
            waiting=_number(waiting, words),
        )
        said.insert(0, still)
    if count := left.value:
        given = _number(left, words)
        quiet = words.ngettext(
            "%(count)s negative message became no case.",
            "%(count)s negative messages became no case.",
            count,
            count=given,
        )
        said.append(quiet)
    to = [(f.label or _("No department"), _number(f, words)) for f in figures.family("complaints-to-")]
    on = [(_("Watch %(name)s", name=f.label), _number(f, words)) for f in figures.family("complaints-on-")]
    late = [
        (_("Not answered in time: %(name)s", name=f.label or _("no department")), _number(f, words))
        for f in figures.family("late-at-")
    ]
    return Section(
        id="complaints",
        title=_("Complaints and answers"),
        said=tuple(said),
        head=(_("Where"), _("Number")),
        rows=tuple((quoted(name, 100), number) for name, number in (*to, *on, *late)),
    )


def _fans(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    rows = tuple(
        (
            handle(quoted(fan.author, 40)),
            words.network(fan.platform),
            linked(words.number(fan.glad), figures[fan.rows]),
            words.number(fan.days),
            words.number(fan.times),
        )
        for fan in figures.fans
    )
    said = _("By how often and on how many days they wrote gladly, not by followers.")
    return Section(
        id="fans",
        title=_("Fans"),
        said=(said if rows else _("Nobody wrote gladly more than once."),),
        head=(_("Who"), _("Network"), _("Glad"), _("Days"), _("Messages")),
        rows=rows,
        numbers=2,
    )


def _feelings(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    whole = figures["mentions"].value or 0
    rows = []
    for name in ("positive", "negative", "neutral", "mixed", "unsure"):
        figure, margin = figures[name], _("Too few")
        low, high = interval(figure.value or 0, whole)
        if whole >= ENOUGH:
            margin = _("%(low)s to %(high)s%%", low=round(100 * low), high=round(100 * high))
        part = percent(figure.value or 0, whole) if whole >= ENOUGH else "–"
        rows.append((label(name, words), _number(figure, words), part, margin))
    return Section(
        id="feelings",
        title=_("Feelings"),
        said=() if whole else (_("There were no mentions."),),
        head=(_("Feeling"), _("Number"), _("Share of all"), _("Margin (95%)")),
        rows=tuple(rows) if whole else (),
    )


def _week(figures: Figures, words: Words) -> Section:
    _ = words.gettext

    def none(day: Weekday) -> str:
        return _("Not given") if day.posts.value else "–"

    rows = [
        (
            words.gettext(LONG_DAYS[day.day]).capitalize(),
            _number(day.posts, words),
            linked(average(day.reach, words), day.reach) or none(day),
            linked(average(day.reactions, words), day.reactions) or none(day),
            _number(day.mentions, words),
        )
        for day in figures.week
    ]
    free, busy = figures["reach-weekend"], figures["reach-working"]
    said = []
    if free.of and busy.of:
        given = {
            "free": linked(average(free, words), free),
            "busy": linked(average(busy, words), busy),
        }
        said.append(_("Reach of a post in the weekend: %(free)s; on a working day: %(busy)s.", **given))
        outcome = free.change.outcome.value if free.change else "few"
        verdicts = {
            "few": _("Too few to judge."),
            "same": _("No difference to see."),
            "up": _("In the weekend it was more than chance explains."),
            "down": _("In the weekend it was less than chance explains."),
        }
        said.append(verdicts[outcome])
    return Section(
        id="week",
        title=_("Working days and weekend"),
        said=tuple(said),
        head=(_("Day"), _("Posts"), _("Reach per post"), _("Reactions per post"), _("Mentions")),
        rows=tuple(rows),
    )


def _goals(figures: Figures, facts: Facts, words: Words) -> Section:
    _ = words.gettext
    rows = [
        (
            quoted(figure.label, 120),
            _number(figure, words),
            _number(figures[f"goalreach-{figure.name.removeprefix('goal-')}"], words)
            if figure.value
            else "–",
        )
        for figure in figures.family("goal-")
    ]
    aimless = figures["aimless"]
    if aimless.of:
        reached = _number(figures["reach-aimless"], words) if aimless.value else "–"
        rows.append((_("No goal"), _number(aimless, words), reached))
    said = () if facts.goals else (_("No goals are set. Say what the organisation wants to reach."),)
    return Section(
        id="goals",
        title=_("What served which goal"),
        said=said,
        head=(_("Goal"), _("Posts"), _("Reach")),
        rows=tuple(rows),
    )


def _followers(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    none = _("Not given")
    rows = tuple(
        (
            quoted(each.channel, 60),
            words.number(each.first) if each.first is not None else none,
            linked(words.number(each.last), figures[each.rows]) if each.last is not None else none,
            words.number(each.following) if each.following is not None else none,
        )
        for each in figures.followers
    )
    head = (_("Channel"), _("Followers at first"), _("Followers at last"), _("We follow"))
    said = () if rows else (_("No network gave how many follow us."),)
    return Section(id="followers", title=_("Followers"), said=said, head=head, rows=rows)


def _deeds(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    deeds = figures["deeds"]
    if not deeds.of:
        said = _("None was suggested.")
    else:
        said = words.ngettext(
            "%(done)s of %(num)s suggestion was done.",
            "%(done)s of %(num)s suggestions were done.",
            deeds.of,
            done=_number(deeds, words),
        )
    return Section(id="deeds", title=_("Good deeds"), said=(said,))


def _cost(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    cost = figures["cost"]
    said = _(
        "%(sum)s = about US$ %(cost)s.",
        sum=cost_sum(cost.of or 0, words),
        cost=linked(dollars(cost.value or 0, words), cost),
    )
    note = _("This is an estimate by Webspin's own measured prices of November 2026, not a bill.")
    return Section(id="cost", title=_("Cost"), said=(said, note))
