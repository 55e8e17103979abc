"""The figures of a month: each equals a recount from the same rows, and none overstates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain import figures_chance as chance
from chalicelib.domain.figures import earlier, reckon
from chalicelib.domain.figures_chance import Outcome
from chalicelib.domain.figures_heard import story_of
from chalicelib.domain.figures_kinds import Figures, Step, Story, Told
from chalicelib.domain.month import (
    FLAT,
    CaseRow,
    CopyRow,
    CostRow,
    DeedRow,
    DeliveryRow,
    Earlier,
    Facts,
    FollowingRow,
    HandoverRow,
    MentionRow,
    Named,
    Rate,
    SourceRow,
    from_bytes,
    to_bytes,
)
from chalicelib.domain.source import Outage

HERE = ZoneInfo("Europe/Amsterdam")
FROZEN = datetime(2026, 11, 1, 5, tzinfo=UTC)
START = datetime(2026, 9, 30, 22, tzinfo=UTC)
NUMBER = st.none() | st.integers(0, 5000)
MOMENTS = st.integers(0, 31 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
INTENTS = st.sampled_from([(), ("complaint",), ("question",), ("question", "complaint")])
DEPARTMENTS = st.sampled_from(["desk", "lending", ""])


def bare(**more: object) -> Facts:
    plain = Facts(
        v=1,
        brand="lindebieb",
        name="Lindebieb",
        month="2026-10",
        zone="Europe/Amsterdam",
        language="nl",
        frozen_at=FROZEN,
        goals=(Named(id="g1", name="Meer leden"), Named(id="g2", name="Meer lezers")),
        channels=(Named(id="masto", name="Mastodon"),),
        departments=(Named(id="desk", name="Balie"), Named(id="lending", name="Uitleen")),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


mention_rows = st.builds(
    MentionRow,
    id=st.just(""),
    at=MOMENTS,
    platform=st.sampled_from(["mastodon", "feed"]),
    author=st.sampled_from(["ineke", "tom", "Courant", ""]),
    language=st.just("nl"),
    label=st.sampled_from(["positive", "negative", "neutral", "mixed", "unsure"]),
    state=st.sampled_from(["answer", "ignore"]),
    watches=st.lists(st.sampled_from(["name", "books"]), unique=True).map(tuple),
    department=DEPARTMENTS,
    intents=INTENTS,
    source=st.sampled_from(["s0", "s2"]),
    passed_on=st.booleans(),
    text=st.sampled_from(["wat fijn", "Wat  FIJN https://x.example/1", "RT @tom: wat fijn", "saai", ""]),
    reach=NUMBER,
)
copy_rows = st.builds(
    CopyRow,
    id=st.just(""),
    at=MOMENTS,
    platform=st.just("feed"),
    author=st.sampled_from(["Courant", "Bode"]),
    site=st.sampled_from(["courant.example", "bode.example"]),
    copy_of=st.integers(0, 45).map(lambda n: f"m{n}"),
    source=st.sampled_from(["s1", "s3"]),
    reach=NUMBER,
)
case_rows = st.builds(
    CaseRow,
    id=st.just(""),
    slug=st.just("s"),
    action=st.just("answer"),
    department=DEPARTMENTS,
    platform=st.just("mastodon"),
    author=st.just("ineke"),
    title=st.just("wachten"),
    label=st.sampled_from(["positive", "negative"]),
    state=st.just("open"),
    received_at=MOMENTS,
    due=MOMENTS.map(lambda at: at + timedelta(hours=9)),
    answered_at=st.none() | MOMENTS.map(lambda at: at + timedelta(hours=12)),
    intents=INTENTS,
    carried=st.booleans(),
    closed=st.booleans(),
    unsure=st.booleans(),
).map(
    lambda row: replace(
        row,
        closed=row.closed and not row.answered_at,
        unsure=row.unsure and not (row.answered_at or row.closed),
    )
)
delivery_rows = st.builds(
    DeliveryRow,
    id=st.just(""),
    kind=st.sampled_from(["post", "post", "reply"]),
    holding=st.booleans(),
    under=st.sampled_from(["", "s1"]),
    slug=st.just("p"),
    channel=st.just("masto"),
    platform=st.just("mastodon"),
    at=MOMENTS,
    due=MOMENTS,
    state=st.sampled_from(
        [
            "sent",
            "confirmed",
            "removed",
            "removing",
            "editing",
            "held",
            "failed",
            "cancelled",
            "planned",
            "claimed",
            "unknown",
        ]
    ),
    goal=st.sampled_from(["", "g1", "gone"]),
    step=st.integers(0, 3),
    reach=NUMBER,
    reactions=NUMBER,
    replies=NUMBER,
)
handover_rows = st.builds(
    HandoverRow,
    id=st.just(""),
    slug=st.just("s"),
    platform=st.just("mastodon"),
    title=st.just("wachten"),
    at=MOMENTS.map(lambda at: at + timedelta(days=40)),
    origin=st.sampled_from(["desk", "lending", "gone"]),
    department=st.sampled_from(["desk", "lending"]),
    since=MOMENTS,
)
source_rows = st.builds(
    SourceRow,
    id=st.just(""),
    name=st.just("bron"),
    platform=st.just("feed"),
    last_heard=st.none() | MOMENTS.map(lambda at: at - timedelta(days=20)),
    failing_since=st.none() | MOMENTS,
    outages=st.lists(MOMENTS.map(lambda at: Outage(at, at + timedelta(days=1))), max_size=2).map(tuple),
)
cost_rows = st.builds(
    lambda month, kind, watch, micro: CostRow(
        id=f"{month}/{kind}/x/search/{watch}/desk",
        month=month,
        kind=kind,
        platform="x",
        source="search",
        watch=watch,
        department="desk",
        micro_usd=micro,
    ),
    st.sampled_from(["2026-10", "2026-09"]),
    st.sampled_from(["read", "lost"]),
    st.sampled_from(["", "naam", "taart"]),
    st.integers(1, 10**9),
)
deed_rows = st.builds(
    DeedRow,
    day=st.sampled_from(["2026-10-01", "2026-10-02"]),
    deed=st.just("follow"),
    state=st.sampled_from(["open", "done", "passed"]),
    platform=st.just("mastodon"),
    author=st.just("tom"),
    url=st.just(""),
)


usd = st.floats(0, 10, allow_subnormal=False)


def _rates(each: list[float]) -> tuple[Rate, ...]:
    names = ("queues", "alarms", "clock", "mentions", "sending")
    return tuple(Rate(name=name, usd=rate) for name, rate in zip(names, each, strict=True))


@st.composite
def months(draw: st.DrawFn) -> Facts:
    mentions = [replace(m, id=f"m{n}") for n, m in enumerate(draw(st.lists(mention_rows, max_size=40)))]
    cases = [replace(c, id=f"c{n}") for n, c in enumerate(draw(st.lists(case_rows, max_size=25)))]
    copies = draw(st.none() | st.lists(copy_rows, max_size=12))
    handed = draw(st.none() | st.lists(handover_rows, max_size=12))
    deliveries = []
    for n, row in enumerate(draw(st.lists(delivery_rows, max_size=30))):
        prompt = row.due + timedelta(seconds=draw(st.sampled_from([0, 3, 60, 61, -60, -61])))
        deliveries.append(replace(row, id=f"d{n}", at=prompt if draw(st.booleans()) else row.at))
    was = draw(
        st.none()
        | st.builds(
            Earlier,
            month=st.just("2026-09"),
            mentions=st.just(90),
            positive=st.integers(0, 40),
            negative=st.integers(0, 40),
            reach=NUMBER,
            reached=st.integers(0, 30),
            cases=st.just(40),
            on_time=st.integers(0, 40),
        )
    )
    return bare(
        mentions=tuple(mentions),
        copies=None if copies is None else tuple(replace(c, id=f"k{n}") for n, c in enumerate(copies)),
        cases=tuple(cases),
        handovers=None if handed is None else tuple(replace(h, id=f"h{n}") for n, h in enumerate(handed)),
        deliveries=tuple(deliveries),
        following=tuple(
            FollowingRow(
                channel="masto", day=f"2026-10-{n:02}", followers=draw(NUMBER), following=draw(NUMBER)
            )
            for n in range(1, draw(st.integers(1, 5)))
        ),
        sources=tuple(replace(s, id=f"s{n}") for n, s in enumerate(draw(st.lists(source_rows, max_size=6)))),
        deeds=tuple(draw(st.lists(deed_rows, max_size=8))),
        rates=draw(st.just(FLAT) | st.lists(usd, min_size=5, max_size=5).map(_rates)),
        earlier=(was,) if was else (),
        costs=tuple(draw(st.lists(cost_rows, max_size=8, unique_by=lambda row: row.id))),
        began=None if was else draw(st.none() | MOMENTS.filter(lambda at: at < FROZEN - timedelta(hours=6))),
    )


# a recount, written by itself ----------------------------------------------------------------------


def ids(figures: Figures, name: str) -> set[str]:
    return set(figures[name].rows)


@given(months())
@settings(max_examples=150)
def test_each_figure_equals_a_recount(facts: Facts) -> None:
    figures = reckon(facts)
    _recount_posts(facts, figures)
    _recount_cases(facts, figures)
    _recount_mentions(facts, figures)
    _recount_handovers(facts, figures)
    _recount_the_rest(facts, figures)
    _recount_costs(facts, figures)
    for figure in figures.all.values():
        assert len(figure.rows) == len(set(figure.rows)), figure.name
        sums = ("reach", "reactions", "replies")
        spans = figure.name == "wait" or figure.name.startswith(("handedhalf-", "handedlongest-"))
        if figure.table not in ("following", "earlier", "costs") and figure.name != "cost" and not spans:
            kind = figure.name.removeprefix("goal").removeprefix("story").split("-")[0]
            given = kind in sums and not figure.name.endswith("not-given")
            assert given or figure.value == len(figure.rows), figure.name


def _recount_posts(facts: Facts, figures: Figures) -> None:
    gone = {"sent", "confirmed", "removed", "removing", "editing"}
    left, total, given, prompt, unsure, due = 0, 0, 0, set(), set(), 0
    per_day = dict.fromkeys(range(7), 0)
    goals: dict[str, int] = {}
    for row in facts.deliveries:
        if row.kind != "post":
            continue
        if row.state in ("claimed", "unknown") and not row.due >= FROZEN:
            unsure.add(row.id)
        elif row.state != "cancelled" and not row.due >= FROZEN:
            due += 1
            if row.state in gone and -60 <= (row.at - row.due).total_seconds() <= 60:
                prompt.add(row.id)
        if row.state in gone:
            left += 1
            per_day[row.at.astimezone(HERE).weekday()] += 1
            goals[row.goal] = goals.get(row.goal, 0) + 1
            if row.reach is not None:
                given += 1
                total += row.reach
    assert figures["reach"].value == (total if given else None)
    assert (figures["reach"].of, len(figures["reach"].rows)) == (left, given)
    assert figures["reach-not-given"].value == left - given
    against = {
        row.id for row in facts.deliveries if row.kind == "reply" and row.despite and row.state in gone
    }
    assert ids(figures, "despite") == against
    replies = [row for row in facts.deliveries if row.kind == "reply" and row.state in gone]
    assert ids(figures, "answers") == {row.id for row in replies if not row.holding}
    assert ids(figures, "standing") == {row.id for row in replies if row.under}
    early = [r.id for r in facts.deliveries if r.kind == "post" and r.state in gone and r.step in (1, 2)]
    assert (ids(figures, "young"), figures["young"].of) == (set(early), left)
    assert figures["posts"].value == left
    assert (ids(figures, "punctual"), figures["punctual"].of) == (prompt, due)
    assert (len(figures["due"].rows), ids(figures, "unknown")) == (due, unsure)
    states = {r.id: r.state for r in facts.deliveries}
    assert ids(figures, "stranded") == {id for id in figures["due"].rows if states[id] not in gone}
    assert {states[id] for id in figures["stranded"].rows} <= {"held", "failed", "planned"}
    assert [figures[f"posts-{day}"].value for day in range(7)] == list(per_day.values())
    assert figures["aimless"].value == goals.get("", 0)
    posts = [row for row in facts.deliveries if row.kind == "post" and row.state in gone]
    aimless = [row.reach for row in posts if not row.goal and row.reach is not None]
    assert figures["reach-aimless"].value == (sum(aimless) if aimless else None)
    for goal in ("g1", "g2"):
        assert figures[f"goal-{goal}"].value == goals.get(goal, 0)
    for kind in ("reactions", "replies"):
        told = [(row, getattr(row, kind)) for row in posts if getattr(row, kind) is not None]
        assert figures[kind].value == (sum(n for _, n in told) if told else None)
        assert (figures[kind].of, ids(figures, kind)) == (len(told), {row.id for row, _ in told})
        for name, these in (
            (f"{kind}-aimless", [n for row, n in told if not row.goal]),
            (f"goal{kind}-g1", [n for row, n in told if row.goal == "g1"]),
            *(
                (f"{kind}-{d}", [n for r, n in told if r.at.astimezone(HERE).weekday() == d])
                for d in range(7)
            ),
        ):
            assert (figures[name].value, figures[name].of) == (sum(these) if these else None, len(these))
    free = [r.reactions for r in posts if r.reactions is not None and r.at.astimezone(HERE).weekday() > 4]
    assert figures["reactions-weekend"].value == (sum(free) if free else None)
    assert figures["reactions-not-given"].value == left - len([r for r in posts if r.reactions is not None])
    assert ("goal-gone" in figures.all) == ("gone" in goals)


def _recount_cases(facts: Facts, figures: Figures) -> None:
    hits: set[str] = set()
    misses: set[str] = set()
    later: set[str] = set()
    unknown: set[str] = set()
    closed: set[str] = set()
    waits: list[float] = []
    for case in facts.cases:
        if case.answered_at is None and case.unsure:
            unknown.add(case.id)
            continue
        if case.answered_at is None and case.closed:
            closed.add(case.id)
            continue
        if case.answered_at is None:
            (misses if case.due < FROZEN else later).add(case.id)
            continue
        (hits if case.due >= case.answered_at else misses).add(case.id)
        waits.append(case.answered_at.timestamp() - case.received_at.timestamp())
    assert ids(figures, "on-time") == hits
    assert ids(figures, "late") == misses
    assert figures["on-time"].of == len(hits | misses)
    assert (ids(figures, "judged"), ids(figures, "not-due")) == (hits | misses, later)
    before = {case.id for case in facts.cases if case.carried}
    assert ids(figures, "carried") == before - later - unknown - closed
    assert (ids(figures, "unclear"), ids(figures, "closed")) == (unknown, closed)
    if waits:
        value = figures["wait"].value
        assert value is not None
        assert median_low(waits) <= value <= -median_low([-wait for wait in waits])
    else:
        assert figures["wait"].value is None
    complaints = {c.id for c in facts.cases if c.label == "negative" and set(c.intents) >= {"complaint"}}
    complaints -= before
    assert ids(figures, "complaint-cases") == complaints
    assert ids(figures, "waiting") == complaints - unknown - closed - {
        c.id for c in facts.cases if c.answered_at
    }


def _recount_mentions(facts: Facts, figures: Figures) -> None:
    by_label: dict[str, list[str]] = {}
    for row in facts.mentions:
        by_label.setdefault(row.label, []).append(row.id)
    for label in ("positive", "negative", "neutral", "mixed", "unsure"):
        assert figures[label].rows == tuple(by_label.get(label, ()))
        assert figures[label].of == len(facts.mentions)
    negative = [row for row in facts.mentions if row.id in by_label.get("negative", ())]
    assert ids(figures, "negative-no-case") == {row.id for row in negative if row.state == "ignore"}
    bad = [row for row in negative if row.intents.count("complaint")]
    assert ids(figures, "complaints") == {row.id for row in bad}
    for department in ("desk", "lending", ""):
        count = sum(row.department == department for row in bad)
        name = f"complaints-to-{department}"
        assert (figures[name].value if name in figures.all else 0) == count
    for watch in ("name", "books"):
        name = f"complaints-on-{watch}"
        assert (figures[name].value if name in figures.all else 0) == sum(watch in row.watches for row in bad)
    glad: dict[tuple[str, str], int] = {}
    for who in {(row.platform, row.author) for row in facts.mentions if row.author}:
        wrote = [row for row in facts.mentions if (row.platform, row.author) == who]
        gladly = sum(row.label == "positive" for row in wrote)
        last = max(wrote, key=lambda row: (row.at, row.id))
        if gladly > 1 and gladly > len(wrote) - gladly and last.label != "negative":
            glad[who] = gladly
    assert {(f.platform, f.author): f.glad for f in figures.fans} == glad
    ranks = []
    for fan in figures.fans:
        theirs = [r for r in facts.mentions if (r.platform, r.author) == (fan.platform, fan.author)]
        happy = [r for r in theirs if r.label == "positive"]
        assert fan.days == len({r.at.astimezone(HERE).date() for r in happy})
        assert (fan.times, fan.shared) == (len(theirs), sum(r.passed_on for r in theirs))
        assert ids(figures, fan.rows) == {r.id for r in happy}
        assert ids(figures, fan.all) == {r.id for r in theirs}
        assert ids(figures, fan.passed_on) == {r.id for r in theirs if r.passed_on}
        ranks.append((fan.days, fan.shared, fan.glad))
    assert ranks == sorted(ranks, reverse=True)
    same = [row for row in facts.mentions if "fijn" in row.text.lower()]
    if len(same) > 1 and not facts.copies:
        assert any(story.copies == len(same) for story in figures.stories)
    for story in figures.stories:
        told = [r for r in facts.mentions if r.id in figures[story.rows].rows and r.reach is not None]
        writers = {(r.platform, r.author) for r in told}
        most = [max(r.reach or 0 for r in told if (r.platform, r.author) == who) for who in writers]
        assert figures[story.reach].value == (sum(most) if told else None)
        assert len(figures[story.reach].rows) == len(told)
        taken = {c.id for c in facts.copies or () if c.copy_of in figures[story.rows].rows}
        assert (ids(figures, story.elsewhere) if story.elsewhere else set()) == taken
    assert (ids(figures, "copies") if facts.copies else set()) == {c.id for c in facts.copies or ()}
    assert ("copies" in figures.all) is bool(facts.copies)
    since = facts.began.astimezone(HERE).day if facts.began else 1
    days: dict[date, int] = {date(2026, 10, n): 0 for n in range(since, 32)}
    for row in facts.mentions:
        if row.at.astimezone(HERE).date() in days:
            days[row.at.astimezone(HERE).date()] += 1
    counts = sorted(days.values())
    middle = (counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]) / 2
    assert {p.day for p in figures.peaks} == {d for d, n in days.items() if n >= 5 and n / 2 > middle}


def _recount_handovers(facts: Facts, figures: Figures) -> None:
    named = {name for name in figures.all if name.startswith("handed")}
    if facts.handovers is None:
        assert (named, figures.handovers) == (set(), None)
        return
    assert ids(figures, "handed") == {row.id for row in facts.handovers}
    spans: dict[str, list[int]] = {}
    for row in facts.handovers:
        way = f"{row.origin}.{row.department}"
        spans.setdefault(way, []).append(round(row.at.timestamp() - row.since.timestamp()))
    for way, waited in spans.items():
        count, half, longest = (
            figures[f"{name}-{way}"] for name in ("handed", "handedhalf", "handedlongest")
        )
        assert (count.value, count.of) == (len(waited), len(facts.handovers))
        middle = sorted(waited)[(len(waited) - 1) // 2], sorted(waited)[len(waited) // 2]
        assert half.value == sum(middle) // 2
        assert (longest.value, len(longest.rows)) == (max(waited), 1)
        assert set(longest.rows) <= set(count.rows) == set(half.rows)
    assert len(named) == 1 + 3 * len(spans)
    assert figures.handovers is not None
    assert [line.together for line in figures.handovers] == sorted(map(sum, spans.values()), reverse=True)


def _recount_costs(facts: Facts, figures: Figures) -> None:
    for name, month in (("paid", "2026-10"), ("paid-before", "2026-09")):
        rows = [row for row in facts.costs if row.month == month]
        assert (name in figures.all) == bool(rows)
        if rows:
            assert figures[name].value == sum(row.micro_usd for row in rows)
            assert ids(figures, name) == {row.id for row in rows}
    by_watch = figures.family("paid-by-")
    whole = figures["paid"].value if "paid" in figures.all else 0
    assert sum(each.value or 0 for each in by_watch) == whole
    for each in by_watch:
        watch = each.name.removeprefix("paid-by-")
        assert set(each.rows) == {r.id for r in facts.costs if (r.month, r.watch) == ("2026-10", watch)}


def _recount_the_rest(facts: Facts, figures: Figures) -> None:
    failing = {s.id for s in facts.sources if s.failing_since is not None}
    assert ids(figures, "failing") == failing
    heard = {m.source for m in facts.mentions} | {c.source for c in facts.copies or ()}
    heard |= {s.id for s in facts.sources if s.last_heard and not s.last_heard < START}
    assert ids(figures, "silent") == {s.id for s in facts.sources} - failing - heard
    assert ids(figures, "broken") == {s.id for s in facts.sources if len(s.outages)}
    assert figures["deeds"].value == [d.state for d in facts.deeds].count("done")
    assert figures["suggested"].value == len(facts.deeds)
    sent = {
        row.id
        for row in facts.deliveries
        if row.state in ("sent", "confirmed", "removed", "removing", "editing")
    }
    assert ids(figures, "sent") == sent
    times = {"mentions": len(facts.mentions) + len(facts.copies or ()), "sending": len(sent)}
    part = (FROZEN - timedelta(hours=6) - facts.began).total_seconds() / 2_682_000 if facts.began else 1
    usd = sum(rate.usd * times.get(rate.name, part) for rate in facts.rates)
    assert figures["cost"].value == pytest.approx(1_000_000 * usd, abs=1)
    assert figures["cost"].rows == tuple(rate.name for rate in facts.rates)
    given = [row.followers for row in facts.following if row.followers is not None]
    followed = [row.following for row in facts.following if row.following is not None]
    for each in figures.followers:
        assert [figures[name].value for name in (each.first, each.last, each.following)] == [
            given[0] if given else None,
            given[-1] if given else None,
            followed[-1] if followed else None,
        ]
        for name in (each.first, each.last):
            days = [row.day for row in facts.following if f"{row.day}/masto" in figures[name].rows]
            assert len(days) == bool(given)
    assert [figure.rows for figure in figures.family("month-")] == [(row.month,) for row in facts.earlier]
    row = earlier(facts, figures)
    assert (row.mentions, row.reach, row.reactions, row.on_time) == (
        len(facts.mentions),
        figures["reach"].value,
        figures["reactions"].value,
        figures["on-time"].value,
    )


@given(months())
@settings(max_examples=60)
def test_facts_come_back_from_bytes_with_the_same_figures(facts: Facts) -> None:
    assert from_bytes(to_bytes(facts)) == facts
    assert reckon(from_bytes(to_bytes(facts))) == reckon(facts)


# what chance does ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "was", "was_of", "outcome"),
    [
        (41, 100, 39, 100, Outcome.SAME),
        (80, 100, 50, 100, Outcome.UP),
        (50, 100, 80, 100, Outcome.DOWN),
        (3, 4, 80, 100, Outcome.FEW),
        (0, 100, 0, 100, Outcome.SAME),
        (100, 100, 100, 100, Outcome.SAME),
        (8, 10, 1, 10, Outcome.FEW),
    ],
)
def test_shares_differ_only_where_their_intervals_lie_apart(
    part: int, whole: int, was: int, was_of: int, outcome: Outcome
) -> None:
    assert chance.shares(part, whole, was, was_of).outcome is outcome


@pytest.mark.parametrize(
    ("values", "was", "was_of", "outcome"),
    [
        ([500] * 30, 15_100, 30, Outcome.SAME),
        ([500] * 30, 9_000, 30, Outcome.UP),
        ([500] * 30, 30_000, 30, Outcome.DOWN),
        ([10, 5000, 20, 30, 4000, 15], 6_000, 6, Outcome.SAME),
        ([9000] * 4, 10, 30, Outcome.FEW),
        ([9000] * 30, 10, 4, Outcome.FEW),
        ([0] * 30, 10, 30, Outcome.FEW),
        ([500] * 30, 0, 30, Outcome.FEW),
    ],
)
def test_a_sum_is_held_against_how_uneven_its_rows_are(
    values: list[int], was: int, was_of: int, outcome: Outcome
) -> None:
    assert chance.sums(values, was, was_of).outcome is outcome


def test_wilsons_interval_is_as_published() -> None:
    assert chance.interval(10, 50) == pytest.approx((0.1124, 0.3304), abs=0.0005)
    assert chance.interval(0, 0) == (0.0, 1.0)
    assert chance.interval(0, 20)[0] == 0.0


def test_few_days_of_one_kind_are_not_compared() -> None:
    assert chance.averages([900] * 4, [400] * 20) is Outcome.FEW
    assert chance.averages([900, 950, 870, 990, 910], [400, 420, 380, 410, 450]) is Outcome.UP
    assert chance.averages([400, 1400, 100, 900, 50], [400, 900, 380, 110, 450]) is Outcome.SAME


# what is told ---------------------------------------------------------------------------------------


def _mention(n: int, label: str = "negative", day: int = 5, text: str = "") -> MentionRow:
    return MentionRow(
        id=f"m{n}",
        at=datetime(2026, 10, day, 10, tzinfo=UTC),
        platform="mastodon",
        author=f"a{n}",
        language="nl",
        label=label,
        state="ignore",
        text=text or f"tekst {n}",
    )


def _post(n: int, day: int, **more: object) -> DeliveryRow:
    at = datetime(2026, 10, day, 10, tzinfo=UTC)
    plain = DeliveryRow(
        id=f"d{n}",
        kind="post",
        slug=f"p{n}",
        channel="masto",
        platform="mastodon",
        at=at,
        due=at,
        state="confirmed",
        title=f"Bericht {n}",
        goal="g1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_peak_names_a_cause_only_where_rows_show_it() -> None:
    alone = bare(mentions=tuple(_mention(n) for n in range(8)))
    beside = replace(alone, deliveries=(_post(1, 5),))
    story = bare(mentions=tuple(_mention(n, text="Oma leert appen") for n in range(8)))

    assert [(p.story, p.ours) for p in reckon(alone).peaks] == [("", "")]
    assert [(p.story, p.ours) for p in reckon(beside).peaks] == [("", "Bericht 1")]
    assert [p.story for p in reckon(story).peaks] == ["Oma leert appen"]
    assert not reckon(bare(mentions=tuple(_mention(n) for n in range(4)))).peaks


def test_a_peak_is_more_than_twice_the_usual_day() -> None:
    each_day = [_mention(100 * day + n, day=day) for day in range(1, 32) for n in range(3)]
    twice = bare(mentions=(*each_day, *(_mention(n, day=9) for n in range(3))))
    more = bare(mentions=(*each_day, *(_mention(n, day=9) for n in range(4))))

    assert not reckon(twice).peaks
    assert [(p.day, p.mentions, p.usual) for p in reckon(more).peaks] == [(date(2026, 10, 9), 7, 3)]


def test_what_comes_first_is_advised_first_and_owned() -> None:
    case = CaseRow(
        id="c1",
        slug="s",
        action="answer",
        department="lending",
        platform="mastodon",
        author="ineke",
        title="wachten",
        label="negative",
        state="open",
        received_at=START,
        due=START,
        intents=("complaint",),
    )
    sources = (SourceRow(id="s1", name="Forum", platform="feed", failing_since=START),)
    facts = bare(cases=(case,), sources=sources, deliveries=(_post(1, 5, state="held"),))

    advice = reckon(facts).advice

    assert [(each.step, each.owner) for each in advice] == [
        (Step.COMPLAINTS, "lending"),
        (Step.REPAIR, "desk"),
        (Step.STRANDED, "desk"),
    ]
    assert reckon(replace(facts, departments=())).advice == ()


def test_an_empty_weekend_is_one_that_lies_whole_in_the_month() -> None:
    busy = bare(deliveries=tuple(_post(day, day) for day in (3, 11, 24)))

    assert reckon(busy).weekends == (date(2026, 10, 17),)


def test_a_first_month_is_reckoned_from_the_day_the_brand_began() -> None:
    each_day = tuple(_mention(100 * day + n, day=day) for day in (28, 29, 30) for n in range(6))
    found_later = tuple(_mention(n, day=9) for n in range(6))
    facts = bare(mentions=(*found_later, *each_day), began=datetime(2026, 10, 28, 9, tzinfo=UTC))

    assert (reckon(facts).peaks, reckon(facts).weekends) == ((), ())
    thursday = replace(facts, began=datetime(2026, 10, 22, 9, tzinfo=UTC))
    assert reckon(thursday).weekends == (date(2026, 10, 24),)
    assert len(reckon(replace(facts, began=None)).weekends) == 4


def test_a_weekend_that_reaches_more_is_found() -> None:
    free = [_post(day, day, reach=900 + day) for day in (3, 4, 10, 11, 17, 18)]
    work = [_post(day, day, reach=400 + day) for day in (5, 6, 7, 8, 9, 12)]

    assert [f.told for f in reckon(bare(deliveries=(*free, *work))).findings] == [Told.WEEKEND]
    assert not reckon(bare(deliveries=(*free[:3], *work))).findings


def test_what_a_network_does_not_give_is_not_zero() -> None:
    silent, none = reckon(bare(deliveries=(_post(1, 5),))), reckon(bare(deliveries=(_post(1, 5, reach=0),)))

    assert (silent["reach"].value, silent["reach-not-given"].value) == (None, 1)
    assert (none["reach"].value, none["reach-not-given"].value) == (0, 0)


def test_where_no_network_tells_reach_reactions_take_its_place() -> None:
    free = [_post(day, day, reactions=90 + day) for day in (3, 4, 10, 11, 17, 18)]
    work = [_post(day, day, reactions=40 + day) for day in (5, 6, 7, 8, 9, 12)]
    facts = bare(deliveries=(*free, *work))

    assert reckon(facts).effect == "reactions"
    assert [(f.told, f.rows) for f in reckon(facts).findings] == [(Told.WEEKEND, "reactions-weekend")]
    told = replace(facts, deliveries=(*free, replace(work[0], reach=7)))
    assert reckon(told).effect == "reach"
    assert reckon(bare(deliveries=(_post(1, 5),))).effect == "reach"


def test_who_passes_on_comes_before_who_is_only_glad() -> None:
    def glad(n: int, who: str, **more: object) -> MentionRow:
        return replace(_mention(n, "positive", day=n % 2 + 1), author=who, **more)  # type: ignore[arg-type]

    rows = (
        *(glad(n, "loud") for n in range(6)),
        *(glad(10 + n, "sharing", passed_on=True) for n in range(2)),
        *(replace(glad(20 + n, "often"), at=_mention(0, day=5 + n).at) for n in range(3)),
    )
    assert [(f.author, f.shared) for f in reckon(bare(mentions=rows)).fans] == [
        ("often", 0),
        ("sharing", 2),
        ("loud", 0),
    ]


def test_who_complains_is_no_fan_nor_is_one_who_was_angry_last() -> None:
    """As on the morning's list."""

    def wrote(*labels: str) -> tuple[MentionRow, ...]:
        return tuple(replace(_mention(n, label, day=n + 1), author="piet") for n, label in enumerate(labels))

    def named(*labels: str) -> list[str]:
        return [fan.author for fan in reckon(bare(mentions=wrote(*labels))).fans]

    assert named(*["negative"] * 13, "positive", "positive") == []
    assert named("positive", "positive", "positive", "negative") == []
    assert named("positive", "neutral", "positive", "neutral") == []
    assert named("negative", "positive", "positive") == ["piet"]


def test_what_nobody_knows_is_neither_left_nor_not_left() -> None:
    facts = bare(deliveries=(_post(1, 5), _post(2, 6, state="unknown"), _post(3, 7, state="claimed")))
    figures = reckon(facts)

    assert (figures["punctual"].value, figures["punctual"].of) == (1, 1)
    assert (figures["stranded"].rows, figures["unknown"].rows) == ((), ("d2", "d3"))
    assert figures.advice[0].step is Step.UNKNOWN


LONG = "De bibliotheek heeft een nieuwe zaal waar kinderen elke woensdag samen lezen, knutselen en spelen "


def _told(n: int, text: str, *, whole: bool) -> MentionRow:
    return replace(_mention(n, text=text[:120]), story=story_of(text) if whole else "")


def test_a_long_message_that_is_passed_on_is_one_story_and_one_that_ends_otherwise_is_not() -> None:
    same = (f"{LONG * 2}en zo", f"RT @piet: {LONG * 2}en  zo", f"{LONG * 2}EN ZO https://x.example/1")
    others = (f"{LONG * 2}wat fijn!", f"{LONG * 2}wat een geldverspilling")

    assert [s.copies for s in _stories(*same)] == [3]
    assert _stories(*others) == ()
    assert len(_stories(*others, whole=False)) == 1, "facts of before know the beginning alone"


def _stories(*texts: str, whole: bool = True) -> tuple[Story, ...]:
    return reckon(bare(mentions=tuple(_told(n, text, whole=whole) for n, text in enumerate(texts)))).stories


def test_a_month_before_anything_was_known_advises_nothing() -> None:
    assert not bare().known
    assert reckon(bare()).advice == ()
    connected = bare(sources=(SourceRow(id="s1", name="Forum", platform="feed"),))
    assert connected.known
    assert [each.step for each in reckon(connected).advice][:1] == [Step.WEEKEND]
