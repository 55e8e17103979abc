"""Figures of what was heard: feelings, stories, peaks, complaints, fans, sources, and the answers.

A story that other sites took over counts once, in all of them; its copies are told with the story.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2s
from statistics import median
from zoneinfo import ZoneInfo

from chalicelib.domain import figures_chance as chance
from chalicelib.domain.figures_chance import Change, Outcome
from chalicelib.domain.figures_kinds import Fan, Figure, Peak, Story, count
from chalicelib.domain.month import (
    UNASKED,
    CaseRow,
    CopyRow,
    DeliveryRow,
    Earlier,
    Facts,
    MentionRow,
    complains,
    judged,
    span,
    stretch,
    unjudged,
)
from chalicelib.domain.people import is_fan

LABELS = ("positive", "negative", "neutral", "mixed", "unsure")
TOP = 5
PEAK = 5
"""Mentions a day has at least to be a peak."""
FANS = 10

_ADDRESS = re.compile(r"https?://\S+")
_PASSED_ON = re.compile(r"^rt @\S+:?")


def feelings(facts: Facts, was: Earlier | None) -> list[Figure]:
    rows = facts.mentions
    before = {"positive": was.positive, "negative": was.negative} if was else {}
    found = [count("mentions", "mentions", rows, change=_count(len(rows), was.mentions if was else None))]
    for label in LABELS:
        these = [row for row in rows if (row.label if row.label in LABELS else "unsure") == label]
        change = None
        if label in ("positive", "negative"):
            change = _share(len(these), len(rows), before.get(label), was.mentions if was else 0)
        found.append(count(label, "mentions", these, of=len(rows), change=change))
    return found


def answers(facts: Facts, was: Earlier | None) -> list[Figure]:
    """Of the cases that were answered or whose time has come; the others are judged by the next month, and
    what an earlier one left is judged here. Complaints are counted in the month in which they came."""
    known = [case for case in facts.cases if judged(case, facts)]
    later = unjudged(facts)
    early = [case for case in facts.cases if case.id in later and not case.unsure]
    unsure = [case for case in facts.cases if case.unsure]
    closed = [case for case in facts.cases if case.closed and not case.by_them]
    helped = [case for case in facts.cases if case.by_them]
    answered = [case for case in known if case.answered_at]
    in_time = [case for case in known if case.answered_at and case.answered_at <= case.due]
    late = [case for case in known if not case.answered_at or case.answered_at > case.due]
    waits = [(case.answered_at - case.received_at).total_seconds() for case in known if case.answered_at]
    wait = int(median(waits)) if waits else None
    asked = [case for case in facts.cases if complains(case) and not case.carried]
    waiting = [case for case in asked if not (case.answered_at or case.unsure or case.closed)]
    waiting.sort(key=lambda case: (case.received_at, case.id))
    change = _share(len(in_time), len(known), was.on_time if was else None, was.cases if was else 0)
    wished = [row for row in facts.mentions if row.state not in UNASKED]
    return [
        count("asked", "mentions", wished, of=len(facts.mentions)),
        count("on-time", "cases", in_time, of=len(known), change=change),
        count("judged", "cases", known),
        count("not-due", "cases", early),
        count("unclear", "cases", unsure),
        count("closed", "cases", closed),
        count("solved-by-them", "cases", helped),
        count("carried", "cases", [case for case in known if case.carried], of=len(known)),
        replace(count("wait", "cases", answered, of=len(answered)), value=wait),
        count("late", "cases", late, of=len(known)),
        *_late(facts, late),
        count("complaint-cases", "cases", asked),
        count("waiting", "cases", waiting, of=len(asked)),
    ]


def complaints(facts: Facts) -> list[Figure]:
    """All, of each department and of each watch that had any; and what was negative and became no case."""
    bad = [row for row in facts.mentions if complains(row)]
    left = [row for row in facts.mentions if row.label == "negative" and row.state in UNASKED]
    names = {each.id: each.name for each in facts.departments}
    watched = {each.id: each.name for each in facts.watches}
    departments = sorted({row.department for row in bad})
    watches = sorted({watch for row in bad for watch in row.watches})
    found = [count("complaints", "mentions", bad), count("negative-no-case", "mentions", left)]
    for id in departments:
        these = [row for row in bad if row.department == id]
        found.append(count(f"complaints-to-{id}", "mentions", these, of=len(bad), label=names.get(id, id)))
    for id in watches:
        these = [row for row in bad if id in row.watches]
        found.append(count(f"complaints-on-{id}", "mentions", these, of=len(bad), label=watched.get(id, id)))
    return found


def voice(facts: Facts) -> list[Figure]:
    """How much of what was said of us or a peer is of whom, and how much was said of each topic; no figure of
    what nothing listens for."""
    peers = [each for each in facts.watches if each.kind == "peer"]
    topics = [each for each in facts.watches if each.kind == "topic"]
    said = {each.id: [row for row in facts.beside if each.id in row.watches] for each in (*peers, *topics)}
    found = [count(f"topic-{each.id}", "beside", said[each.id], label=each.name) for each in topics]
    if peers:
        of_peers = (row for each in peers for row in said[each.id])
        whole = len({row.id for row in (*facts.mentions, *of_peers)})
        found.append(count("voice", "mentions", facts.mentions, of=whole))
        found += [
            count(f"voice-of-{each.id}", "beside", said[each.id], of=whole, label=each.name) for each in peers
        ]
    return found


def copies(facts: Facts) -> list[Figure]:
    """No figure where there were none."""
    return [count("copies", "copies", facts.copies)] if facts.copies else []


def stories(facts: Facts) -> tuple[list[Figure], list[Story]]:
    """The messages that were repeated most, or taken over by most sites; then those whose authors reach
    most."""
    first: dict[str, list[CopyRow]] = defaultdict(list)
    for copy in facts.copies or ():
        first[copy.copy_of].append(copy)
    found = [
        (rows, [copy for row in rows for copy in first.get(row.id, ())]) for rows in _told(facts.mentions)
    ]
    ranked = sorted(
        ((rows, taken) for rows, taken in found if len(rows) > 1 or taken or _reach(rows) is not None),
        key=lambda one: (-len(one[0]) - len(one[1]), -(_reach(one[0]) or 0), one[0][0].at, one[0][0].id),
    )[:TOP]
    figures, told = [], []
    for n, (rows, taken) in enumerate(ranked, 1):
        given = [row for row in rows if row.reach is not None]
        followed = replace(count(f"storyreach-{n}", "mentions", given, of=len(rows)), value=_reach(rows))
        figures += [count(f"story-{n}", "mentions", rows), followed]
        elsewhere = [count(f"storycopies-{n}", "copies", taken)] if taken else []
        figures += elsewhere
        told.append(
            Story(
                rows=f"story-{n}",
                text=rows[0].text,
                url=rows[0].url,
                author=rows[0].author,
                copies=len(rows),
                reach=followed.name,
                elsewhere=elsewhere[0].name if elsewhere else "",
            )
        )
    return figures, told


def peaks(facts: Facts, left: Sequence[DeliveryRow]) -> tuple[list[Figure], list[Peak]]:
    """Days with more than twice the median day's mentions, and at least `PEAK`; none from before the brand
    began, of which only a part was found."""
    here = ZoneInfo(facts.zone)
    by_day: dict[date, list[MentionRow]] = {day: [] for day in days(facts)}
    for row in facts.mentions:
        if (day := row.at.astimezone(here).date()) in by_day:
            by_day[day].append(row)
    usual = median(len(rows) for rows in by_day.values())
    found = [(d, rows) for d, rows in sorted(by_day.items()) if len(rows) > 2 * usual and len(rows) >= PEAK]
    figures, told = [], []
    for day, rows in found:
        most = max(_told(rows), key=len, default=())
        ours = [post for post in left if post.at.astimezone(here).date() == day]
        figures.append(count(f"peak-{day}", "mentions", rows))
        told.append(
            Peak(
                rows=f"peak-{day}",
                day=day,
                mentions=len(rows),
                usual=usual,
                story=most[0].text if len(most) > 1 and 2 * len(most) >= len(rows) else "",
                ours=(ours[0].title or ours[0].text) if ours else "",
            )
        )
    return figures, told


def fans(facts: Facts) -> tuple[list[Figure], list[Fan]]:
    """Whom the morning's list counts as fans (`people.is_fan`). By days on which they wrote gladly, then by
    what they passed on, then by glad messages; never by followers."""
    here = ZoneInfo(facts.zone)
    wrote: dict[tuple[str, str], list[MentionRow]] = defaultdict(list)
    for row in facts.mentions:
        if row.author:
            wrote[row.platform, row.author].append(row)
    known = []
    for who, rows in wrote.items():
        glad = [row for row in rows if row.label == "positive"]
        if is_fan([row.label for row in sorted(rows, key=lambda row: (row.at, row.id), reverse=True)]):
            on = len({row.at.astimezone(here).date() for row in glad})
            known.append((on, [row for row in rows if row.passed_on], glad, rows, who))
    known.sort(key=lambda one: (-one[0], -len(one[1]), -len(one[2]), one[4]))
    figures, found = [], []
    for n, (on, shared, glad, rows, who) in enumerate(known[:FANS], 1):
        fan = Fan(
            rows=f"fan-{n}",
            all=f"fanall-{n}",
            passed_on=f"fanshared-{n}",
            platform=who[0],
            author=who[1],
            glad=len(glad),
            days=on,
            shared=len(shared),
            times=len(rows),
        )
        for name, these in ((fan.rows, glad), (fan.passed_on, shared), (fan.all, rows)):
            figures.append(count(name, "mentions", these, of=len(rows), label=who[1]))
        found.append(fan)
    return figures, found


def held(facts: Facts) -> list[Figure]:
    """What was held as noise; no figure where nothing was."""
    return [count("held", "held", facts.held)] if facts.held else []


def unheard(facts: Facts) -> list[Figure]:
    """Sources that fail since before the month was over; those that failed for a part of it; and others that
    brought nothing in it, as far as is known.

    A message that two sources bring is told of the first alone. So a source is silent only if it was not
    heard since the month began, either; what it was heard of after the month speaks for it too.
    """
    brought = {row.source for row in facts.mentions} | {row.source for row in facts.copies or ()}
    start, _ = stretch(facts)
    failing = [row for row in facts.sources if row.failing_since]
    broken = [row for row in facts.sources if row.outages]
    silent = [
        row
        for row in facts.sources
        if not row.failing_since
        and row.id not in brought
        and (row.last_heard is None or row.last_heard < start)
    ]
    whole = len(facts.sources)
    found = (("failing", failing), ("broken", broken), ("silent", silent))
    return [count(name, "sources", rows, of=whole) for name, rows in found]


def days(facts: Facts) -> list[date]:
    """Those of the month, on the brand's calendar; of its first month from the day on which it began."""
    here = ZoneInfo(facts.zone)
    start, end = span(facts.month, facts.zone)
    first, last = (facts.began or start).astimezone(here).date(), end.astimezone(here).date()
    return [first + timedelta(days=n) for n in range((last - first).days)]


def story_of(text: str) -> str:
    """The same for texts that say the same, whatever their case, spacing, links, or who passed them on; ""
    for one that says nothing."""
    said = _PASSED_ON.sub("", _ADDRESS.sub("", text.casefold()).strip()).split()
    return blake2s(" ".join(said).encode(), digest_size=8).hexdigest() if said else ""


def _told(rows: Iterable[MentionRow]) -> list[list[MentionRow]]:
    """Rows that say the same. Where the whole text is not known, its beginning has to do."""
    found: dict[str, list[MentionRow]] = {}
    for row in rows:
        found.setdefault(row.story or story_of(row.text) or f"\0{row.id}", []).append(row)
    return list(found.values())


def _reach(rows: Iterable[MentionRow]) -> int | None:
    """Of the authors, each counted once, with the most that was given."""
    most: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.reach is not None:
            who = (row.platform, row.author)
            most[who] = max(row.reach, most.get(who, 0))
    return sum(most.values()) if most else None


def _late(facts: Facts, late: Sequence[CaseRow]) -> list[Figure]:
    names = {each.id: each.name for each in facts.departments}
    found = []
    for id in sorted({case.department for case in late}):
        these = [case for case in late if case.department == id]
        found.append(count(f"late-at-{id}", "cases", these, of=len(late), label=names.get(id, id)))
    return found


def _share(part: int, whole: int, was: int | None, was_of: int) -> Change:
    if was is None:
        return Change(outcome=Outcome.FIRST)
    if not whole or not was_of:
        return Change(outcome=Outcome.SILENT)
    return chance.shares(part, whole, was, was_of)


def _count(now: int, was: int | None) -> Change:
    return Change(outcome=Outcome.FIRST) if was is None else chance.counts(now, was)
