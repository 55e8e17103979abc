"""The pages after the first: tables of figures, of which every number opens its rows."""

from chalicelib.domain import spend
from chalicelib.domain.figures_chance import ENOUGH, interval
from chalicelib.domain.figures_kinds import Figure, Figures, Story
from chalicelib.domain.figures_sent import MILLION, heard, lived
from chalicelib.domain.month import Facts, before
from chalicelib.web.i18n import COSTS, Words
from chalicelib.web.reading import label
from chalicelib.web.render import handle
from chalicelib.web.report import months, served, unheard, voice
from chalicelib.web.report.pieces import Section, dollars, linked, month_name, number, percent, quoted


def sections(figures: Figures, facts: Facts, words: Words) -> list[Section]:
    return [
        _stories(figures, words),
        _complaints(figures, words),
        *_handed(figures, facts, words),
        *voice.sections(figures, words),
        _fans(figures, words),
        _honesty(figures, facts, words),
        *_standing(figures, facts, words),
        _feelings(figures, words),
        months.section(figures, facts, words),
        served.week(figures, words),
        served.goals(figures, facts, words),
        _followers(figures, words),
        unheard.section(figures, facts, words),
        _deeds(figures, words),
        _cost(figures, facts, words),
        *_paid(figures, facts, words),
    ]


def _stories(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    taken = figures.all.get("copies")
    rows = tuple(
        (
            quoted(story.text, 120) or _("Without text"),
            handle(quoted(story.author, 40)),
            linked(words.number(story.copies), figures[story.rows]),
            *((_elsewhere(figures, story, words),) if taken else ()),
            number(figures[story.reach], words),
        )
        for story in figures.stories
    )
    said: tuple[str, ...] = () if rows else (_none_told(figures, words),)
    if taken:
        told = words.ngettext(
            "%(count)s copy of a story on another site; a story counts once.",
            "%(count)s copies of stories on other sites; a story counts once.",
            taken.value or 0,
            count=linked(words.number(taken.value or 0), taken),
        )
        said = (*said, told)
    times = (_("Times"), _("On other sites")) if taken else (_("Times"),)
    head = (_("Story"), _("Written first by"), *times, _("Followers of its authors"))
    peaks = tuple(
        _(
            "Peak: %(count)s mentions on %(day)s; half of the days had at most %(usual)s.",
            count=linked(words.number(peak.mentions), figures[peak.rows]),
            day=words.day(peak.day),
            usual=linked(words.number(int(peak.usual)), figures["mentions"]),
        )
        for peak in figures.peaks
    )
    return Section(
        id="stories",
        title=_("Top stories"),
        said=(*said, *peaks),
        head=head,
        rows=rows,
        numbers=len(times) + 1,
    )


def _elsewhere(figures: Figures, story: Story, words: Words) -> str:
    return number(figures[story.elsewhere], words) if story.elsewhere else words.number(0)


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
        given = number(whole, words)
        said = [words.ngettext("%(count)s complaint.", "%(count)s complaints.", count, count=given)]
    if count := asked.value:
        still = words.ngettext(
            "%(count)s complaint asked for an answer; waiting: %(waiting)s.",
            "%(count)s complaints asked for an answer; waiting: %(waiting)s.",
            count,
            count=number(asked, words),
            waiting=number(waiting, words),
        )
        said.insert(0, still)
    if figures["asked"].value:
        wished = _(
            "Messages that asked for an answer or thanks: %(asked)s; answers that left: %(answers)s.",
            asked=number(figures["asked"], words),
            answers=number(figures["answers"], words),
        )
        said.insert(0, wished)
    if count := left.value:
        given = number(left, words)
        quiet = words.ngettext(
            "%(count)s negative message became no case.",
            "%(count)s negative messages became no case.",
            count,
            count=given,
        )
        said.append(quiet)
    if count := figures["late"].value:
        slow = words.ngettext(
            "%(count)s case was not answered in time.",
            "%(count)s cases were not answered in time.",
            count,
            count=number(figures["late"], words),
        )
        said.append(slow)
    to = [(f.label or _("No department"), number(f, words)) for f in figures.family("complaints-to-")]
    on = [(_("Watch %(name)s", name=f.label), number(f, words)) for f in figures.family("complaints-on-")]
    late = [
        (_("Not answered in time: %(name)s", name=f.label or _("no department")), number(f, words))
        for f in figures.family("late-at-")
    ]
    return Section(
        id="complaints",
        title=_("Complaints and answers"),
        said=tuple(said),
        head=(_("Where"), _("Number")),
        rows=tuple((quoted(name, 100), count) for name, count in (*to, *on, *late)),
    )


def _handed(figures: Figures, facts: Facts, words: Words) -> list[Section]:
    """None of a month of before hand-overs were kept: nobody knows whether there were any."""
    _ = words.gettext
    if figures.handovers is None:
        return []
    if figures.handovers:
        from chalicelib.web.report import handed  # which a brand of one department never needs

        return [handed.section(figures, facts, words)]
    said = _("No case was handed over to another department.")
    if len(facts.departments) < 2:
        said = _("There is one department, so nothing is handed over.")
    return [Section(id="handed", title=_("Hand-overs between departments"), said=(said,))]


def _honesty(figures: Figures, facts: Facts, words: Words) -> Section:
    """What was sent although a rule stopped it: which, by whom, and why."""
    _ = words.gettext
    despite = figures["despite"]
    if not despite.value:
        said = _("No answer went out against the honesty check.")
        return Section(id="honesty", title=_("Honesty check"), said=(said,))
    from chalicelib.web.honest import name  # with its rules, which few reports need

    said = words.ngettext(
        "%(count)s answer went out against the honesty check.",
        "%(count)s answers went out against the honesty check.",
        despite.value,
        count=number(despite, words),
    )
    rows = tuple(
        (
            quoted(row.text, 80),
            ", ".join(name(rule, words) for rule in row.despite),
            quoted(row.by, 60),
            quoted(row.anyway, 200),
        )
        for row in facts.deliveries
        if row.id in despite.rows
    )
    head = (_("Answer"), _("What it broke"), _("By"), _("Why it went out"))
    return Section(id="honesty", title=_("Honesty check"), said=(said,), head=head, rows=rows, numbers=4)


def _fans(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    rows = tuple(
        (
            handle(quoted(fan.author, 40)),
            words.network(fan.platform),
            linked(words.number(fan.days), figures[fan.rows]),
            number(figures[fan.passed_on], words),
            number(figures[fan.rows], words),
            number(figures[fan.all], words),
        )
        for fan in figures.fans
    )
    said = _(
        "By on how many days they wrote gladly, then by how often they passed something on; not by followers."
    )
    return Section(
        id="fans",
        title=_("Fans"),
        said=(said if rows else _("Nobody wrote gladly more than once."),),
        head=(_("Who"), _("Network"), _("Glad days"), _("Passed on"), _("Glad"), _("Messages")),
        rows=rows,
        numbers=2,
    )


def _standing(figures: Figures, facts: Facts, words: Words) -> list[Section]:
    """What the system sent by itself, and by whose standing approval; no section where that is nothing."""
    _ = words.gettext
    sent = figures["standing"]
    if not sent.value:
        return []
    said = words.ngettext(
        "%(count)s holding reply was sent under a standing approval.",
        "%(count)s holding replies were sent under a standing approval.",
        sent.value,
        count=number(sent, words),
    )
    rows = tuple(
        (words.moment(row.at), quoted(row.text, 120), quoted(row.by, 60))
        for row in facts.deliveries
        if row.id in sent.rows
    )
    head = (_("When"), _("Text"), _("Signed by"))
    title = _("Standing approval")
    return [Section(id="standing", title=title, said=(said,), head=head, rows=rows, numbers=3)]


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
        rows.append((label(name, words), number(figure, words), linked(part, figure), linked(margin, figure)))
    return Section(
        id="feelings",
        title=_("Feelings"),
        said=() if whole else (_("There were no mentions."),),
        head=(_("Feeling"), _("Number"), _("Share of all"), _("Margin (95%)")),
        rows=tuple(rows) if whole else (),
    )


def _followers(figures: Figures, words: Words) -> Section:
    _ = words.gettext
    rows = tuple(
        (
            quoted(each.channel, 60),
            number(figures[each.first], words),
            number(figures[each.last], words),
            number(figures[each.following], words),
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
            num=number(figures["suggested"], words),
            done=number(deeds, words),
        )
    return Section(id="deeds", title=_("Good deeds"), said=(said,))


def _cost(figures: Figures, facts: Facts, words: Words) -> Section:
    """As the console's health page has it of the running month."""
    _ = words.gettext
    cost, counted = figures["cost"], {"mentions": figures["mentions"], "sending": figures["sent"]}
    count = {"mentions": heard(facts), "sending": figures["sent"].value or 0}
    gone = lived(facts)
    parts = spend.parts(facts.rates, mentions=count["mentions"], sent=count["sending"], gone=gone)
    day = facts.began and words.day(words.local(facts.began).date())
    about = linked(dollars((cost.value or 0) / MILLION, words), cost)
    return Section(
        id="cost",
        title=_("Cost"),
        said=(
            _("About US$ %(cost)s.", cost=about),
            _("This is an estimate by Webspin's own measurements and AWS's list prices, not a bill."),
            *([_("Since %(day)s, when Webspin began here.", day=day)] if day else []),
        ),
        head=(_("What"), _("Number"), "US$"),
        rows=tuple(
            (
                words.gettext(COSTS[part.name]) if part.name in COSTS else quoted(part.name, 40),
                number(counted[part.name], words) if part.name in counted else "–",
                linked(dollars(part.usd, words), cost),
            )
            for part in parts
        ),
    )


def _paid(figures: Figures, facts: Facts, words: Words) -> list[Section]:
    """What networks that charge were paid; nothing where none did."""
    _, whole, was = words.gettext, figures.all.get("paid"), figures.all.get("paid-before")
    if not (whole or was):
        return []
    last = month_name(before(facts.month), words)
    said = [
        _("US$ %(sum)s went to networks that charge for what is read.", sum=_micro(whole, words))
        if whole
        else _("Nothing went to networks that charge for what is read."),
        _("In %(month)s it was US$ %(sum)s.", month=last, sum=_micro(was, words))
        if was
        else _("In %(month)s it was nothing.", month=last),
    ]
    rows = [(each.label or _("No watch"), _micro(each, words)) for each in figures.family("paid-by-")]
    return [
        Section(
            id="paid",
            title=_("Paid to networks"),
            said=tuple(said),
            head=(_("Watch"), "US$") if rows else (),
            rows=tuple(rows),
        )
    ]


def _micro(figure: Figure, words: Words) -> str:
    return linked(dollars((figure.value or 0) / MILLION, words), figure)
