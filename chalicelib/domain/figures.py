"""From the rows of a month to its figures; each holds the ids of its rows, and none is without any.

month.Facts -> figures_heard, figures_handed, figures_sent -> Figures -> figures_advice (what changed, what
to do)
"""

from dataclasses import replace

from chalicelib.domain import figures_advice as advice, figures_heard as heard, figures_sent as sent
from chalicelib.domain.figures_kinds import Figure, Figures, Handover, count
from chalicelib.domain.month import Earlier, Facts, before


def reckon(facts: Facts) -> Figures:
    was = month_before(facts)
    left = sent.posts_left(facts.deliveries)
    stories, peaks, fans = heard.stories(facts), heard.peaks(facts, left), heard.fans(facts)
    followers, week, handed = sent.followers(facts), sent.week(facts), _handed(facts)
    each: list[Figure] = [
        *sent.reach(facts, was),
        *heard.answers(facts, was),
        *heard.feelings(facts, was),
        *heard.copies(facts),
        *sent.punctual(facts, was),
        *sent.replies(facts),
        *stories[0],
        *peaks[0],
        *heard.complaints(facts),
        *handed[0],
        *heard.voice(facts),
        *fans[0],
        *(
            figure
            for day in week
            for figure in (day.posts, day.reach, day.reactions, day.replies, day.mentions)
        ),
        *sent.weekend(facts),
        *sent.goals(facts),
        *heard.unheard(facts),
        *heard.held(facts),
        *followers[0],
        *sent.months(facts),
        *sent.deeds(facts),
        *sent.cost(facts),
        *sent.paid(facts),
    ]
    plain = Figures(
        all={figure.name: figure for figure in each},
        stories=tuple(stories[1]),
        peaks=tuple(peaks[1]),
        fans=tuple(fans[1]),
        week=tuple(week),
        followers=tuple(followers[1]),
        weekends=tuple(sent.empty_weekends(facts)),
        handovers=handed[1],
    )
    return replace(plain, findings=advice.findings(plain, facts), advice=advice.advice(plain, facts))


def _handed(facts: Facts) -> tuple[list[Figure], tuple[Handover, ...] | None]:
    """No figure where facts were frozen before hand-overs were kept."""
    if facts.handovers is None:
        return [], None
    whole = count("handed", "handovers", facts.handovers)
    if not facts.handovers:
        return [whole], ()
    from chalicelib.domain.figures_handed import handovers  # which a brand of one department never needs

    figures, found = handovers(facts.handovers, facts.departments)
    return [whole, *figures], found


def month_before(facts: Facts) -> Earlier | None:
    """What the report of the month before said, if there was one."""
    return next((each for each in facts.earlier if each.month == before(facts.month)), None)


def earlier(facts: Facts, figures: Figures) -> Earlier:
    """This month, as the reports of the next ones compare with it."""
    on_time, punctual = figures["on-time"], figures["punctual"]
    return Earlier(
        month=facts.month,
        mentions=figures["mentions"].value or 0,
        positive=figures["positive"].value or 0,
        negative=figures["negative"].value or 0,
        reach=figures["reach"].value,
        reached=len(figures["reach"].rows),
        reactions=figures["reactions"].value,
        reacted=len(figures["reactions"].rows),
        cases=on_time.of or 0,
        on_time=on_time.value or 0,
        wait=figures["wait"].value,
        posts=punctual.of or 0,
        punctual=punctual.value or 0,
    )
