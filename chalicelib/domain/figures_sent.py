"""Figures of what we said: reach, punctuality, weekdays, goals, followers, good deeds, and the cost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import figures_chance as chance, spend
from chalicelib.domain.figures_chance import Change, Outcome
from chalicelib.domain.figures_heard import days
from chalicelib.domain.figures_kinds import Figure, Followers, Weekday, count, deed_ids, following_ids
from chalicelib.domain.measuring import AGES
from chalicelib.domain.month import CostRow, DeliveryRow, Earlier, Facts, FollowingRow, before, span
from chalicelib.domain.post import BOOST, QUOTE

LEFT = ("sent", "confirmed", "removing", "removed", "editing")
"""States of what went out."""
UNSURE = ("claimed", "unknown")
"""And of what may have gone out: nobody knows yet."""
ON_ITS_MOMENT = timedelta(seconds=60)
SATURDAY, SUNDAY = 5, 6
MILLION = 1_000_000


def posts_left(deliveries: Iterable[DeliveryRow]) -> list[DeliveryRow]:
    """Each channel's sending of a post is a post here. A boost is none: it says nothing of ours, and its
    numbers are its writer's."""
    return [row for row in deliveries if row.kind == "post" and row.state in LEFT and row.way != BOOST]


def passed_on(deliveries: Sequence[DeliveryRow]) -> list[Figure]:
    """Quotes, which are among the posts, and boosts, which are not."""
    left = posts_left(deliveries)
    boosts = [row for row in deliveries if row.kind == "post" and row.way == BOOST and row.state in LEFT]
    return [
        count("quotes", "deliveries", [row for row in left if row.way == QUOTE], of=len(left)),
        count("boosts", "deliveries", boosts),
    ]


def reach(facts: Facts, was: Earlier | None) -> list[Figure]:
    """And the reactions and replies, which networks give that do not tell of any reach."""
    left = posts_left(facts.deliveries)
    given = [row for row in left if row.reach is not None]
    values = [row.reach for row in given if row.reach is not None]
    answered = [row.reactions for row in left if row.reactions is not None]
    change = _change(answered, was, was.reactions if was else None, was.reacted if was else 0)
    silent = [row for row in left if row.reactions is None]
    return [
        replace(
            count(
                "reach",
                "deliveries",
                given,
                of=len(left),
                change=_change(values, was, was.reach if was else None, was.reached if was else 0),
            ),
            value=sum(values) if given else None,
        ),
        count("reach-not-given", "deliveries", [row for row in left if row.reach is None], of=len(left)),
        _given("reactions", left, lambda row: row.reactions, change=change),
        count("reactions-not-given", "deliveries", silent, of=len(left)),
        _given("replies", left, lambda row: row.replies),
        count("young", "deliveries", [row for row in left if 0 < row.step < len(AGES)], of=len(left)),
        count("posts", "deliveries", left),
        *passed_on(facts.deliveries),
    ]


def punctual(facts: Facts, was: Earlier | None) -> list[Figure]:
    """Of the posts whose moment came, that nobody cancelled, and of which we know whether they left."""
    came = [
        row
        for row in facts.deliveries
        if row.kind == "post" and row.state != "cancelled" and row.due < facts.frozen_at
    ]
    due = [row for row in came if row.state not in UNSURE]
    prompt = [row for row in due if row.state in LEFT and abs(row.at - row.due) <= ON_ITS_MOMENT]
    change = Change(outcome=Outcome.FIRST)
    if was and due and was.posts:
        change = chance.shares(len(prompt), len(due), was.punctual, was.posts)
    elif was:
        change = Change(outcome=Outcome.SILENT)
    return [
        count("punctual", "deliveries", prompt, of=len(due), change=change),
        count("due", "deliveries", due),
        count("stranded", "deliveries", [row for row in due if row.state not in LEFT], of=len(due)),
        count("unknown", "deliveries", [row for row in came if row.state in UNSURE], of=len(came)),
    ]


def replies(facts: Facts) -> list[Figure]:
    """Answers that left, and those that a person sent although the honesty check would have stopped them;
    apart from them the holding replies that the system sent under a standing approval."""
    replied = [row for row in facts.deliveries if row.kind == "reply" and row.state in LEFT]
    left = [row for row in replied if not row.holding]
    return [
        count("answers", "deliveries", left),
        count("standing", "deliveries", [row for row in replied if row.under], of=len(replied)),
        count("despite", "deliveries", [row for row in left if row.despite], of=len(left)),
    ]


def week(facts: Facts) -> list[Weekday]:
    """The seven days, Monday first, each with what left and what was heard on it."""
    here = ZoneInfo(facts.zone)
    left = posts_left(facts.deliveries)
    found = []
    for day in range(7):
        posts = [row for row in left if row.at.astimezone(here).weekday() == day]
        heard = tuple(row.id for row in facts.mentions if row.at.astimezone(here).weekday() == day)
        found.append(
            Weekday(
                day=day,
                posts=count(f"posts-{day}", "deliveries", posts),
                reach=_given(f"reach-{day}", posts, lambda row: row.reach),
                reactions=_given(f"reactions-{day}", posts, lambda row: row.reactions),
                replies=_given(f"replies-{day}", posts, lambda row: row.replies),
                mentions=Figure(name=f"mentions-{day}", value=len(heard), table="mentions", rows=heard),
            )
        )
    return found


def weekend(facts: Facts) -> list[Figure]:
    """Reach of a post in the weekend against one on a working day, and reactions; `change` is the outcome."""
    here = ZoneInfo(facts.zone)
    numbers: dict[str, Callable[[DeliveryRow], int | None]] = {
        "reach": lambda row: row.reach,
        "reactions": lambda row: row.reactions,
    }
    found = []
    for name, number in numbers.items():
        given = [row for row in posts_left(facts.deliveries) if number(row) is not None]
        free = [row for row in given if row.at.astimezone(here).weekday() >= SATURDAY]
        busy = [row for row in given if row.at.astimezone(here).weekday() < SATURDAY]
        outcome = chance.averages([number(row) or 0 for row in free], [number(row) or 0 for row in busy])
        found.append(_given(f"{name}-weekend", free, number, change=Change(outcome=outcome)))
        found.append(_given(f"{name}-working", busy, number))
    return found


def empty_weekends(facts: Facts) -> list[date]:
    """Saturdays of the month's whole weekends on which nothing left, nor may have left."""
    here = ZoneInfo(facts.zone)
    maybe = [row for row in facts.deliveries if row.kind == "post" and row.state in UNSURE]
    busy = {row.at.astimezone(here).date() for row in (*posts_left(facts.deliveries), *maybe)}
    known = set(days(facts))
    saturdays = [day for day in days(facts) if day.weekday() == SATURDAY]
    return [
        day
        for day in saturdays
        if day + timedelta(days=1) in known and not {day, day + timedelta(days=1)} & busy
    ]


def goals(facts: Facts) -> list[Figure]:
    """What left for each goal, goals that were removed since included; and what left for none."""
    left = posts_left(facts.deliveries)
    names = {each.id: each.name for each in facts.goals}
    names |= {id: id for id in sorted({row.goal for row in left} - {""} - names.keys())}
    found = []
    for id, name in names.items():
        these = [row for row in left if row.goal == id]
        found.append(count(f"goal-{id}", "deliveries", these, of=len(left), label=name))
        found.append(_given(f"goalreach-{id}", these, lambda row: row.reach, label=name))
        found.append(_given(f"goalreactions-{id}", these, lambda row: row.reactions, label=name))
        found.append(_given(f"goalreplies-{id}", these, lambda row: row.replies, label=name))
    none = [row for row in left if not row.goal]
    found.append(count("aimless", "deliveries", none, of=len(left)))
    return [
        *found,
        _given("reach-aimless", none, lambda row: row.reach),
        _given("reactions-aimless", none, lambda row: row.reactions),
        _given("replies-aimless", none, lambda row: row.replies),
    ]


def followers(facts: Facts) -> tuple[list[Figure], list[Followers]]:
    """Of each channel, as first and last given in the month, each with the day that gave it."""
    names = {each.id: each.name for each in facts.channels}
    by_channel: dict[str, list[tuple[str, FollowingRow]]] = {}
    for id, row in zip(following_ids(facts), facts.following, strict=True):
        by_channel.setdefault(row.channel, []).append((id, row))
    figures, found = [], []
    for channel, rows in sorted(by_channel.items()):
        rows.sort(key=lambda one: one[0])
        follow = [(id, row.followers) for id, row in rows if row.followers is not None]
        followed = [(id, row.following) for id, row in rows if row.following is not None]
        each = Followers(
            channel=names.get(channel, channel),
            first=f"firstfollowers-{channel}",
            last=f"followers-{channel}",
            following=f"wefollow-{channel}",
        )
        for name, given in (
            (each.first, follow[:1]),
            (each.last, follow[-1:]),
            (each.following, followed[-1:]),
        ):
            value = given[0][1] if given else None
            ids = tuple(id for id, _ in given)
            figures.append(Figure(name=name, value=value, table="following", rows=ids, label=each.channel))
        found.append(each)
    return figures, found


def months(facts: Facts) -> list[Figure]:
    """What each earlier report said: its row."""
    return [
        Figure(name=f"month-{row.month}", value=row.mentions, table="earlier", rows=(row.month,))
        for row in facts.earlier
    ]


def deeds(facts: Facts) -> list[Figure]:
    ids = tuple(deed_ids(facts.deeds))
    done = tuple(id for id, row in zip(ids, facts.deeds, strict=True) if row.state == "done")
    return [
        Figure(name="deeds", value=len(done), of=len(ids), table="deeds", rows=done),
        Figure(name="suggested", value=len(ids), table="deeds", rows=ids),
    ]


def cost(facts: Facts) -> list[Figure]:
    """Rests on the rates, on every mention and on everything that was sent."""
    sent = [row for row in facts.deliveries if row.state in LEFT]
    parts = spend.parts(facts.rates, mentions=heard(facts), sent=len(sent), gone=lived(facts))
    names = tuple(rate.name for rate in facts.rates)
    value = round(MILLION * sum(part.usd for part in parts))
    return [
        count("sent", "deliveries", sent),
        Figure(name="cost", value=value, table="rates", rows=names),
    ]


def paid(facts: Facts) -> list[Figure]:
    """What networks were paid, in micro-dollars: in all, by watch, and in the month before. No figure where
    nothing was."""
    found = []
    for name, month in (("paid", facts.month), ("paid-before", before(facts.month))):
        rows = [row for row in facts.costs if row.month == month]
        found += [_paid(name, rows)] if rows else []
    ours = [row for row in facts.costs if row.month == facts.month]
    names = {watch.id: watch.name for watch in facts.watches}
    for watch in sorted({row.watch for row in ours}):
        rows = [row for row in ours if row.watch == watch]
        found.append(_paid(f"paid-by-{watch}", rows, label=names.get(watch, watch)))
    return found


def _paid(name: str, rows: Sequence[CostRow], label: str = "") -> Figure:
    value, ids = sum(row.micro_usd for row in rows), tuple(row.id for row in rows)
    return Figure(name=name, value=value, table="costs", rows=ids, label=label)


def heard(facts: Facts) -> int:
    """All messages, of whomever they are: each is kept and judged."""
    return len({row.id for row in (*facts.mentions, *facts.beside)}) + len(facts.copies or ())


def lived(facts: Facts) -> float:
    """The part of the month since the brand began; what runs whatever happens costs as much of a month."""
    start, end = span(facts.month, facts.zone)
    return (end - facts.began) / (end - start) if facts.began else 1.0


def _change(values: Sequence[int], was: Earlier | None, last: int | None, of: int) -> Change:
    """Of a sum, against that of `of` posts in the report of the month before."""
    if was is None:
        return Change(outcome=Outcome.FIRST)
    if last is None or not values:
        return Change(outcome=Outcome.SILENT, was=last)
    return chance.sums(values, last, of)


def _given(
    name: str,
    rows: Iterable[DeliveryRow],
    number: Callable[[DeliveryRow], int | None],
    *,
    label: str = "",
    change: Change | None = None,
) -> Figure:
    """The sum of what was given, of those that gave it."""
    known = [(row, value) for row in rows if (value := number(row)) is not None]
    total = sum(value for _, value in known) if known else None
    given = [row for row, _ in known]
    figure = count(name, "deliveries", given, of=len(known), label=label, change=change)
    return replace(figure, value=total)
